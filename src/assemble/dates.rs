//! Publication and modification time. Order of trust: the site's own rules, JSON-LD, meta and OpenGraph, microdata, `<time>`, text prefix, visible
//! date line, the page's address. Precision and offset stay as given; nothing is guessed.

use crate::model::{Claimed, Claims, FuzzyDate, Provenance, RawPage, Source};
use crate::text::dates;

/// Sources in order of trust.
const TRUST: [Source; 9] = [
    Source::SiteRule,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Meta,
    Source::Microdata,
    Source::TimeElement,
    Source::TextPrefix,
    Source::Visible,
    Source::Url,
];

/// When the article was published.
pub(super) fn published(
    page: &RawPage<'_>,
    claims: &Claims,
    provenance: &mut Provenance,
) -> Option<FuzzyDate> {
    first_sound("published", page, &claims.published, provenance)
}

/// When the article was last changed: never before it was published.
pub(super) fn modified(
    page: &RawPage<'_>,
    claims: &Claims,
    published: Option<&FuzzyDate>,
    provenance: &mut Provenance,
) -> Option<FuzzyDate> {
    let modified = first_sound("modified", page, &claims.modified, provenance)?;
    let is_before = published.is_some_and(|published| {
        modified.value.get(..10).zip(published.value.get(..10)).is_some_and(|(m, p)| m < p)
    });
    if is_before {
        provenance.fields.remove("modified");
        return None;
    }
    Some(modified)
}

/// The first claim, in order of trust, that is a possible date.
fn first_sound(
    field: &'static str,
    page: &RawPage<'_>,
    claims: &[Claimed<String>],
    provenance: &mut Provenance,
) -> Option<FuzzyDate> {
    for source in TRUST {
        for claim in claims.iter().filter(|claim| claim.source == source) {
            let Some(written) = dates::read(&claim.value) else { continue };
            if written.is_possible(page.fetched_at) {
                provenance.fields.insert(field, source);
                let (value, precision) = (written.to_iso(), written.precision());
                return Some(FuzzyDate { value, precision, source });
            }
        }
    }
    None
}
