//! The article where the page itself shows none: pages that a script fills say it in their metadata alone (`articleBody`).
//! Wherever the page has any text, the metadata stays a witness (see [`super::witness`]).

use crate::model::{BlockKind, LabelledDocument, TextBlock};
use crate::text::count_words;

/// Shortest claimed body that is an article, words.
const MIN_WORDS: u32 = 30;

/// The rule of a block that stands in the metadata alone.
pub(in crate::label) const RULE: &str = "metadata.article_body";

/// Elements whose ends are line ends.
const LINES: [&str; 13] =
    ["p", "br", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote", "section"];

/// The claimed body as blocks; none where it says too little.
pub(in crate::label) fn blocks(document: &LabelledDocument) -> Vec<TextBlock> {
    let bodies = document.claims.article_bodies.iter();
    let Some(body) = bodies.map(|claim| claim.value.as_str()).max_by_key(|body| body.len()) else {
        return Vec::new();
    };
    if count_words(body) < MIN_WORDS {
        return Vec::new();
    }
    let text = without_tags(body);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| TextBlock {
            text: line.to_owned(),
            kind: BlockKind::Paragraph,
            n_words: count_words(line),
            ..TextBlock::default()
        })
        .collect()
}

/// The text without the tags that some pages leave in it; paragraphs end lines.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        plain.push_str(before);
        let name = behind.trim_start_matches('/');
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let Some((tag, after)) = behind.split_once('>').filter(|_| is_tag) else {
            plain.push('<');
            rest = behind;
            continue;
        };
        let tag = tag.trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if LINES.iter().any(|line| line.eq_ignore_ascii_case(name)) {
            plain.push('\n');
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}
