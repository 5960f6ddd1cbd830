//! What the layout of a dump says: list bullets and tables.

use std::borrow::Cow;

use super::PlainLine;
use crate::model::BlockKind;
use crate::rules::Rules;
use crate::rules::markers::Mode;
use crate::text::{Skeleton, count_words, normalize};

/// Bullets that are nothing else at the start of a line.
const BULLETS: [char; 8] = ['•', '·', '▪', '■', '‣', '●', '◦', '∙'];

/// Marks that are bullets only in company: a lone dash opens a dialogue, a lone asterisk a footnote.
const BULLETS_IN_COMPANY: [char; 4] = ['-', '*', '–', '—'];

/// Most words of a label or a teaser between two items: "Lesen Sie auch: So teuer wird der Sommer" has eight.
const MAX_LABEL_WORDS: u32 = 12;

/// A line with tabs inside, its cells normal; `None` when there is none inside.
pub(super) fn normal_cells(line: &str) -> Option<Cow<'_, str>> {
    let line = line.trim_matches([' ', '\t']);
    memchr::memchr(b'\t', line.as_bytes())?;
    let cells: Vec<Cow<'_, str>> =
        line.split('\t').map(normalize).filter(|cell| !cell.is_empty()).collect();
    (cells.len() > 1).then(|| Cow::Owned(cells.join("\t")))
}

/// Sets the kinds of table rows and list items, takes off the bullets, and turns lone tabs into blanks.
pub(super) fn recognise<'t>(mut lines: Vec<PlainLine<'t>>, rules: &Rules) -> Vec<PlainLine<'t>> {
    let has_tab: Vec<bool> = lines.iter().map(|line| line.text.contains('\t')).collect();
    let in_company = in_company(&lines, rules);
    for (index, line) in lines.iter_mut().enumerate() {
        if has_tab.get(index) == Some(&true) {
            if has_neighbour(&has_tab, index) {
                line.kind = BlockKind::TableRow;
            } else {
                line.text = Cow::Owned(line.text.replace('\t', " "));
            }
        } else if let Some(item) = item(&line.text, in_company.get(index) == Some(&true)) {
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

/// Which lines have a bullet that needs company, and another such line next to them, whatever labels stand between: those
/// will go.
fn in_company(lines: &[PlainLine<'_>], rules: &Rules) -> Vec<bool> {
    let mut in_company = vec![false; lines.len()];
    let mut skeleton = Skeleton::default();
    let mut before = None;
    for (index, line) in lines.iter().enumerate() {
        if may_be_item(&line.text) {
            for item in before.into_iter().flat_map(|before| [before, index]) {
                in_company.get_mut(item).into_iter().for_each(|item| *item = true);
            }
            before = Some(index);
        } else if before.is_some() && !is_label(&line.text, &mut skeleton, rules) {
            before = None;
        }
    }
    in_company
}

/// Whether a line is a label or a teaser: short, and phrases know it.
fn is_label(line: &str, skeleton: &mut Skeleton, rules: &Rules) -> bool {
    count_words(line) <= MAX_LABEL_WORDS
        && rules
            .markers
            .matcher
            .read(line, skeleton)
            .hits
            .iter()
            .any(|hit| matches!(hit.mode, Mode::Line | Mode::Prefix))
}

fn may_be_item(line: &str) -> bool {
    begins_like_item(line)
        && BULLETS_IN_COMPANY.iter().any(|&bullet| behind_bullet(line, bullet).is_some())
}

fn item(line: &str, is_in_company: bool) -> Option<&str> {
    if !begins_like_item(line) {
        return None;
    }
    let bare = BULLETS.iter().find_map(|&bullet| behind_bullet(line, bullet));
    let in_company = || BULLETS_IN_COMPANY.iter().find_map(|&bullet| behind_bullet(line, bullet));
    bare.or_else(|| if is_in_company { in_company() } else { None })
}

/// Whether a line begins like an item; nearly all are told by their first character.
fn begins_like_item(line: &str) -> bool {
    !line.starts_with(|first: char| first.is_ascii_alphanumeric())
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
