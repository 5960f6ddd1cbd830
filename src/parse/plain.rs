//! Text dump → blocks and claims.

use crate::model::{Document, DocumentSource, TextBlock};
use crate::rules::Rules;

/// Reads a text dump into blocks and claims, line by line.
#[must_use]
pub fn parse_text(text: &str, _rules: &Rules) -> Document {
    let blocks = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| TextBlock { text: line.to_owned(), ..TextBlock::default() })
        .collect();
    Document { source: DocumentSource::Text, blocks, ..Document::default() }
}
