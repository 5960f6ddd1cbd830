//! Sections, outermost first. Order of trust: the site's own rules, breadcrumb (the whole path), JSON-LD `articleSection`, `article:section`, meta.

use crate::model::{Claims, Provenance, Site, Source};
use crate::rules::Words;

/// Longest name of a section, characters; a longer entry is a headline.
const MAX_SECTION_CHARS: usize = 60;

/// Sources in order of trust.
const TRUST: [Source; 7] = [
    Source::SiteRule,
    Source::Breadcrumb,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Meta,
    Source::Microdata,
    Source::TextPrefix,
];

/// The sections.
pub(super) fn of(
    claims: &Claims,
    site: &Site,
    title: Option<&str>,
    words: &Words,
    provenance: &mut Provenance,
) -> Vec<String> {
    let folded_title = title.map(str::to_lowercase).unwrap_or_default();
    for source in TRUST {
        let mut sections: Vec<String> = Vec::new();
        for claim in claims.sections.iter().filter(|claim| claim.source == source) {
            let section = claim.value.trim();
            let folded = section.to_lowercase();
            let is_site = site.name.as_deref().is_some_and(|name| name == section)
                || site
                    .host
                    .as_deref()
                    .is_some_and(|host| host.ends_with(&folded) && folded.contains('.'));
            let is_title = (folded.contains(' ') && folded_title.contains(&folded))
                || claims.titles.iter().any(|title| title.value == section);
            let is_none = section.is_empty() || words.not_sections.contains(&folded);
            let is_long = section.chars().count() > MAX_SECTION_CHARS;
            if !is_none
                && !is_site
                && !is_title
                && !is_long
                && !sections.iter().any(|known| known == section)
            {
                sections.push(section.to_owned());
            }
        }
        if !sections.is_empty() {
            provenance.fields.insert("section", source);
            return sections;
        }
    }
    Vec::new()
}
