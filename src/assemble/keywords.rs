//! Keywords. Order of trust: the site's own rules, JSON-LD, `article:tag`, `<meta name="news_keywords">`/`keywords`, visible tag lists. The first
//! source that has any wins: mixing them doubles every keyword in another spelling.

use crate::model::{Claims, Provenance, Source};

/// Sources in order of trust.
const TRUST: [Source; 7] = [
    Source::SiteRule,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Meta,
    Source::Microdata,
    Source::TextPrefix,
    Source::Visible,
];

/// Longest keyword, characters: beyond it a list was not split or a sentence was misread.
const MAX_KEYWORD_CHARS: usize = 80;

/// The keywords, each once, in the page's order.
pub(super) fn of(claims: &Claims, provenance: &mut Provenance) -> Vec<String> {
    for source in TRUST {
        let mut keywords: Vec<String> = Vec::new();
        for claim in claims.keywords.iter().filter(|claim| claim.source == source) {
            for keyword in split(&claim.value) {
                if !keywords.iter().any(|known| known.eq_ignore_ascii_case(keyword)) {
                    keywords.push(keyword.to_owned());
                }
            }
        }
        if !keywords.is_empty() {
            provenance.fields.insert("keywords", source);
            return keywords;
        }
    }
    Vec::new()
}

/// Splits "a, b; c": at semicolons and commas.
fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ';', '、', '،'])
        .map(|keyword| keyword.trim().trim_matches(['#', '"']).trim())
        .filter(|keyword| !keyword.is_empty() && keyword.chars().count() <= MAX_KEYWORD_CHARS)
}
