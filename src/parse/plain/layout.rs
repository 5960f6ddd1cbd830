//! What the layout of a dump says: list bullets and tables.

use std::borrow::Cow;

use super::PlainLine;
use crate::model::BlockKind;
use crate::text::{Ending, count_words, ending, normalize};

/// Bullets that are nothing else at the start of a line.
const BULLETS: [char; 8] = ['•', '·', '▪', '■', '‣', '●', '◦', '∙'];

/// Marks that are bullets only in company: a lone dash opens a dialogue, a lone asterisk a footnote.
const BULLETS_IN_COMPANY: [char; 4] = ['-', '*', '–', '—'];

/// Most words of a label between two items.
const MAX_LABEL_WORDS: u32 = 3;

/// A line with tabs inside, its cells normal; `None` when there is none inside.
pub(super) fn normal_cells(line: &str) -> Option<Cow<'_, str>> {
    let line = line.trim_matches([' ', '\t']);
    memchr::memchr(b'\t', line.as_bytes())?;
    let cells: Vec<Cow<'_, str>> =
        line.split('\t').map(normalize).filter(|cell| !cell.is_empty()).collect();
    (cells.len() > 1).then(|| Cow::Owned(cells.join("\t")))
}

/// Sets the kinds of table rows and list items, takes off the bullets, and turns lone tabs into blanks.
pub(super) fn recognise(mut lines: Vec<PlainLine<'_>>) -> Vec<PlainLine<'_>> {
    let has_tab: Vec<bool> = lines.iter().map(|line| line.text.contains('\t')).collect();
    let in_company: Vec<bool> = lines.iter().map(|line| may_be_item(&line.text)).collect();
    let is_label: Vec<bool> = lines.iter().map(|line| is_label(&line.text)).collect();
    for (index, line) in lines.iter_mut().enumerate() {
        if has_tab.get(index) == Some(&true) {
            if has_neighbour(&has_tab, index) {
                line.kind = BlockKind::TableRow;
            } else {
                line.text = Cow::Owned(line.text.replace('\t', " "));
            }
        } else if let Some(item) = item(&line.text, is_among_items(&in_company, &is_label, index)) {
            line.text = Cow::Owned(item.to_owned());
            line.kind = BlockKind::ListItem;
        }
    }
    lines
}

/// Whether the line before or after is one too.
fn has_neighbour(flags: &[bool], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| flags.get(before));
    before == Some(&true) || flags.get(index + 1) == Some(&true)
}

/// Whether the line before or after is an item too, whatever label stands between: it will go.
fn is_among_items(items: &[bool], labels: &[bool], index: usize) -> bool {
    let is_item = |at: Option<usize>| at.and_then(|at| items.get(at)) == Some(&true);
    let is_label = |at: Option<usize>| at.and_then(|at| labels.get(at)) == Some(&true);
    let (before, after) = (index.checked_sub(1), index.checked_add(1));
    let beyond = [
        index.checked_sub(2).filter(|_| is_label(before)),
        index.checked_add(2).filter(|_| is_label(after)),
    ];
    is_item(before) || is_item(after) || beyond.into_iter().any(is_item)
}

/// Whether a line is as short as a label, and no sentence.
fn is_label(line: &str) -> bool {
    count_words(line) <= MAX_LABEL_WORDS && ending(line) == Ending::None
}

fn may_be_item(line: &str) -> bool {
    BULLETS_IN_COMPANY.iter().any(|&bullet| behind_bullet(line, bullet).is_some())
}

fn item(line: &str, is_in_company: bool) -> Option<&str> {
    let bare = BULLETS.iter().find_map(|&bullet| behind_bullet(line, bullet));
    let in_company = || BULLETS_IN_COMPANY.iter().find_map(|&bullet| behind_bullet(line, bullet));
    bare.or_else(|| if is_in_company { in_company() } else { None })
}

/// What stands behind a bullet and a blank, if it is text and does not end with the bullet too (`- Anzeige -`).
fn behind_bullet(line: &str, bullet: char) -> Option<&str> {
    let behind = line.strip_prefix(bullet)?.strip_prefix([' ', '\u{202F}'])?.trim_start();
    let is_text = behind
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() || crate::text::is_opening_quote(first));
    (is_text && !behind.ends_with(bullet)).then_some(behind)
}
