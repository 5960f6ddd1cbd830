//! Step 2: [`RawPage`] → [`Document`]. Total: broken HTML is normal input. Facts only; no text is dropped.

mod attribute;
mod claims;
pub mod html;
pub mod plain;

use crate::model::{Document, PageBody, RawPage};
use crate::rules::Rules;

/// Reads a page into blocks and claims.
#[must_use]
pub fn parse(page: &RawPage<'_>, rules: &Rules) -> Document {
    match &page.body {
        PageBody::Html(html) => html::parse_html(html, page, rules),
        PageBody::Text(text) => plain::parse_text(text, rules),
    }
}
