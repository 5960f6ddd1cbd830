//! Step 4: [`LabelledDocument`] → [`Article`] or [`Rejection`]: selects, joins, decides whom to believe. Knows no HTML.

use crate::model::{Article, LabelledDocument, RawPage, Rejection};
use crate::rules::Rules;

/// Puts the article together, or says why there is none.
///
/// # Errors
/// See [`Rejection`].
pub fn assemble(
    _page: &RawPage<'_>,
    _document: &LabelledDocument,
    _rules: &Rules,
) -> Result<Article, Rejection> {
    Err(Rejection::Empty)
}
