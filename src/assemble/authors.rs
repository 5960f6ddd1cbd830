//! Persons. Order of trust: JSON-LD, microdata, meta, OpenGraph, visible byline, text prefix.

use crate::model::{Author, Claims, Provenance, Site, Source};

/// Sources in order of trust.
const TRUST: [Source; 6] = [
    Source::JsonLd,
    Source::Meta,
    Source::Microdata,
    Source::Visible,
    Source::OpenGraph,
    Source::TextPrefix,
];

/// Persons.
pub(super) fn of(claims: &Claims, _site: &Site, provenance: &mut Provenance) -> Vec<Author> {
    for source in TRUST {
        let mut authors: Vec<Author> = Vec::new();
        for claim in claims.authors.iter().filter(|claim| claim.source == source) {
            let name = claim.value.name.trim().to_owned();
            if !name.is_empty() && !authors.iter().any(|known| known.name == name) {
                authors.push(Author { name, url: None });
            }
        }
        if !authors.is_empty() {
            provenance.fields.insert("authors", source);
            return authors;
        }
    }
    Vec::new()
}
