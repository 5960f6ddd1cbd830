//! Keywords. Order of trust: the site's own rules, `<meta name="news_keywords">`/`keywords`, JSON-LD, `article:tag`,
//! microdata, text prefix, visible tag lists. The first
//! source that has any wins: mixing them doubles every keyword in another spelling.

use crate::model::{Claims, Provenance, Site, Source};

/// Sources in order of trust.
const TRUST: [Source; 7] = [
    Source::SiteRule,
    Source::Meta,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Microdata,
    Source::TextPrefix,
    Source::Visible,
];

/// Longest keyword, characters: beyond it a list was not split or a sentence was misread.
const MAX_KEYWORD_CHARS: usize = 80;

/// Most keywords: a longer list is the publisher's vocabulary.
const MAX_KEYWORDS: usize = 100;
/// Fewest hexadecimal digits of a code that no reader would look for.
const MIN_CODE_DIGITS: usize = 12;

/// The keywords, each once, in the page's order.
pub(super) fn of(claims: &Claims, site: &Site, provenance: &mut Provenance) -> Vec<String> {
    let site_name = site.name.as_deref().map(str::to_lowercase);
    for source in TRUST {
        let mut keywords: Vec<String> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for claim in claims.keywords.iter().filter(|claim| claim.source == source) {
            for keyword in split(&claim.value).map(without_path) {
                let folded = keyword.to_lowercase();
                let is_new = !known.contains(&folded) && site_name.as_ref() != Some(&folded);
                if is_new && !is_code(keyword) && keywords.len() < MAX_KEYWORDS {
                    keywords.push(keyword.to_owned());
                    known.push(folded);
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
    list.split([',', ';', '、', '،', '\n'])
        .map(|keyword| keyword.trim().trim_matches(['#', '"', ' ']))
        .filter(|keyword| !keyword.is_empty() && keyword.chars().count() <= MAX_KEYWORD_CHARS)
}

/// `location/usa` → `usa`: the path in a publisher's tree of topics.
fn without_path(keyword: &str) -> &str {
    match keyword.rsplit_once('/') {
        Some((path, name))
            if !name.is_empty()
                && !path.contains(' ')
                && path.chars().all(|c| c.is_ascii_lowercase() || c == '/' || c == '-') =>
        {
            name
        }
        _ => keyword,
    }
}

/// Whether a keyword is a number of the publisher's system.
fn is_code(keyword: &str) -> bool {
    let n_digits = keyword.bytes().filter(u8::is_ascii_hexdigit).count();
    let is_plain = keyword.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let is_number = keyword.bytes().all(|byte| byte.is_ascii_digit()) && keyword.len() > 4;
    is_number
        || (is_plain && n_digits >= MIN_CODE_DIGITS && keyword.bytes().any(|b| b.is_ascii_digit()))
}
