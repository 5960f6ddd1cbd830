//! Free to read or not: what the page's structured data says (JSON-LD of the article and its parts, the tier in `<meta>`);
//! nothing else is evidence.

use crate::model::{Claims, Provenance};

/// Whether the article is free to read. A `false` anywhere outweighs a `true`: pages mark the paid part, not the free.
pub(super) fn of(claims: &Claims, provenance: &mut Provenance) -> Option<bool> {
    let paid = claims.free_access.iter().find(|claim| !claim.value);
    provenance.take("free_access", paid.or(claims.free_access.first()).cloned())
}
