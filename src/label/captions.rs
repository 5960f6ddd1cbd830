//! Captions without a credit of their own: the short line above a line that is only a credit. On a page where pictures
//! stand, 21 of 26 such lines were captions (counted on dumps of German news pages).

use super::sheet::Sheet;
use crate::model::{BlockKind, DocumentSource, Label};
use crate::rules::Rules;

/// Longest caption, words.
const MAX_CAPTION_WORDS: u32 = 30;

/// Longest line that is only a credit, words.
const MAX_CREDIT_WORDS: u32 = 10;

/// On a whole page, a short line above a credit is its caption.
pub(super) fn lines_above_a_credit_are_captions(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text || !sheet.is_page {
        return;
    }
    let captions: Vec<usize> = (1..sheet.len())
        .filter(|&credit| {
            sheet.label(credit) == Some(Label::Caption) && is_short(sheet, credit, MAX_CREDIT_WORDS)
        })
        .map(|credit| credit - 1)
        .filter(|&above| sheet.is_alive(above) && is_caption_like(sheet, above))
        .collect();
    for index in captions {
        sheet.decide(index, Label::Caption, "captions.above_a_credit");
    }
}

fn is_caption_like(sheet: &Sheet, index: usize) -> bool {
    let is_running = sheet.block(index).is_some_and(|block| block.kind == BlockKind::Paragraph);
    let is_one = sheet.signals(index).is_some_and(|signals| signals.n_sentences <= 2);
    is_running && is_one && is_short(sheet, index, MAX_CAPTION_WORDS)
}

fn is_short(sheet: &Sheet, index: usize, max_words: u32) -> bool {
    sheet.block(index).is_some_and(|block| block.n_words <= max_words)
}
