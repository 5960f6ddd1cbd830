//! Text dump → blocks and claims, line by line. Facts only: what a label will remove is still a block here.
//!
//! In this order: broken encodings and entities are repaired, lines cut and brought to their normal form, hard-wrapped
//! lines joined, the metadata prefix taken off, glued labels and glued paragraphs parted, lists and tables recognised.

mod glue;
mod layout;
mod prefix;
mod wrap;

use std::borrow::Cow;

use crate::model::{BlockKind, Document, DocumentSource, TextBlock};
use crate::parse::ParseError;
use crate::rules::Rules;
use crate::text::{count_words, decode_entities, lines, normalize, repair_mojibake};

/// A line of the dump in its normal form, never empty.
#[derive(Debug, Clone, PartialEq)]
struct PlainLine<'t> {
    text: Cow<'t, str>,
    kind: BlockKind,
    number: u32,
    blank_lines_before: u32,
}

/// Reads a text dump into blocks and claims, line by line.
///
/// # Errors
/// The dump has more lines than a page may have texts.
pub fn parse_text(text: &str, rules: &Rules) -> Result<Document, ParseError> {
    let text = repair_mojibake(text);
    let text = decode_entities(&text);
    let lines =
        wrap::rejoin(layout::recognise(normal_lines(&text, rules.limits.dom_nodes)?, rules));
    let seen = glue::labels_standing_alone(&lines, rules);
    let mut document = Document { source: DocumentSource::Text, ..Document::default() };
    document.blocks.reserve(lines.len());
    let mut reader = prefix::PrefixReader::default();
    for line in &lines {
        let (prefix, body) = reader.take_off(line, rules, &mut document.claims);
        let mut was_glued = false;
        for piece in prefix.into_iter().chain(glue::parts(body, line.kind, &seen, rules)) {
            document.blocks.push(block(piece, line, was_glued));
            was_glued = true;
        }
    }
    Ok(document)
}

/// The lines that hold something, normal. Each is a text, and costs as much as one of HTML.
fn normal_lines(text: &str, limit: usize) -> Result<Vec<PlainLine<'_>>, ParseError> {
    let mut found = Vec::new();
    let mut blank_lines_before = 0_u32;
    for line in lines(text) {
        let normal = layout::normal_cells(line.text).unwrap_or_else(|| normalize(line.text));
        if normal.is_empty() {
            blank_lines_before = blank_lines_before.saturating_add(1);
            continue;
        }
        let kind = BlockKind::Paragraph;
        found.push(PlainLine { text: normal, kind, number: line.number, blank_lines_before });
        blank_lines_before = 0;
        if found.len() > limit {
            return Err(ParseError::TooManyNodes { limit });
        }
    }
    Ok(found)
}

fn block(text: &str, line: &PlainLine<'_>, was_glued: bool) -> TextBlock {
    TextBlock {
        text: text.to_owned(),
        kind: line.kind,
        n_words: count_words(text),
        source_line: Some(line.number),
        was_glued,
        blank_lines_before: if was_glued { 0 } else { line.blank_lines_before },
        ..TextBlock::default()
    }
}
