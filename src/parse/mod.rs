//! Step 2: [`RawPage`] → [`Document`]. Broken HTML is normal input; only what would cost too much is refused. Facts only; no
//! text is dropped.

mod attribute;
mod claims;
mod error;
pub mod html;
pub mod plain;
pub mod tree;

pub use error::ParseError;

use crate::model::{Document, PageBody, RawPage};
use crate::rules::Rules;

/// Reads a page into blocks and claims.
///
/// # Errors
/// The page would cost more than `limits` allow.
pub fn parse(page: &RawPage<'_>, rules: &Rules) -> Result<Document, ParseError> {
    match &page.body {
        PageBody::Html(html) => html::parse_html(html, page, rules),
        PageBody::Text(text) => plain::parse_text(text, rules),
    }
}
