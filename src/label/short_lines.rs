//! Short lines inside the article of a whole page: rows of them are teasers, tags or offers; a single one before
//! running text is a sub-heading. Lists that a sentence opens, tables and figures stay.

use super::marker::is_in_list_or_table;
use super::sheet::{Neighbourhood, Sheet};
use crate::model::{BlockKind, Boilerplate, DocumentSource, Label};
use crate::rules::Rules;

/// Lines in a row that are no sub-headings: two may be a sub-heading and a line under it.
const MIN_ROW: usize = 2;

/// Rows go on a whole page; a last line before running text stays as the sub-heading.
pub(super) fn rows_of_short_lines_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text || !sheet.is_page {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let mut row: Vec<usize> = Vec::new();
    let mut rows = Vec::new();
    for (at, &index) in alive.iter().enumerate() {
        let near = Neighbourhood { sheet, alive: &alive, at };
        if is_loose(sheet, index) && !is_in_list_or_table(&near) {
            row.push(index);
            continue;
        }
        // What stands before running text may be its sub-heading.
        if sheet.is_prose(index) || sheet.is_sentence(index) {
            row.pop();
        }
        rows.push(std::mem::take(&mut row));
    }
    rows.push(row);
    for row in rows.into_iter().filter(|row| row.len() >= MIN_ROW) {
        for index in row {
            sheet.decide(index, Label::Boilerplate(Boilerplate::LinkList), "short_lines.in_a_row");
        }
    }
}

/// A line that is no sentence, no list item, no row of figures, and not decided.
fn is_loose(sheet: &Sheet, index: usize) -> bool {
    let Some(block) = sheet.block(index) else { return false };
    block.kind == BlockKind::Paragraph
        && sheet.verdict(index).is_none()
        && !sheet.is_prose(index)
        && !sheet.is_sentence(index)
        && !begins_lower(&block.text)
}

/// Whether a line begins in lower case: the item of a list whose bullets are lost. Headlines and menus begin with a capital.
fn begins_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}
