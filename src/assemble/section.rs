//! Sections, outermost first. Order of trust: the site's own rules, breadcrumb (the whole path), JSON-LD `articleSection`, `article:section`, meta.

use crate::model::{Claims, Provenance, Site, Source};

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
pub(super) fn of(claims: &Claims, site: &Site, provenance: &mut Provenance) -> Vec<String> {
    for source in TRUST {
        let mut sections: Vec<String> = Vec::new();
        for claim in claims.sections.iter().filter(|claim| claim.source == source) {
            let section = claim.value.trim();
            let is_site = site.name.as_deref().is_some_and(|name| name == section);
            if !section.is_empty() && !is_site && !sections.iter().any(|known| known == section) {
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
