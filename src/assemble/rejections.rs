//! Whether a page is an article at all. When undecidable, it is.

use super::body::Body;
use crate::model::{LabelledDocument, RawPage, Rejection};
use crate::rules::Rules;

/// Says why a page is no article, if it is none.
pub(super) fn check(
    _page: &RawPage<'_>,
    _document: &LabelledDocument,
    body: &Body,
    _rules: &Rules,
) -> Result<(), Rejection> {
    if body.blocks.is_empty() {
        return Err(Rejection::Empty);
    }
    Ok(())
}
