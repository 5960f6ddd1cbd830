//! Teasers: headlines, perhaps with a deck of a sentence or two, below "Das könnte Sie auch interessieren", or with
//! nothing else on the page.

use super::sheet::Sheet;
use crate::model::{Boilerplate, DocumentSource, Label};
use crate::rules::Rules;

/// Longest deck of a teaser, words.
const MAX_DECK_WORDS: u32 = 50;

/// Paragraphs of an article above its related links.
const MIN_PROSE_BEFORE: usize = 2;

/// Headlines with decks that make a front page, when there is nothing else.
const MIN_TEASERS: usize = 6;

/// Mean words of the headlines of a front page; sub-headings of lists in articles are shorter.
const MIN_HEADLINE_WORDS: u32 = 6;

/// From the label on to the end, nothing but headlines and their decks: all of it goes.
pub(super) fn headlines_below_a_teaser_label_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text {
        return;
    }
    let label = Label::Boilerplate(Boilerplate::TeaserLabel);
    let mut tail = Tail::default();
    let mut start = None;
    for index in (0..sheet.len()).rev() {
        if sheet.is_alive(index) {
            tail.add(sheet, index);
        } else if sheet.label(index) == Some(label) && tail.is_teasers() {
            start = Some((index, tail.n_decks));
        }
        if !tail.may_be_teasers {
            break;
        }
    }
    let Some((start, n_decks)) = start else { return };
    let n_before = sheet
        .alive()
        .take_while(|&index| index < start)
        .filter(|&index| sheet.is_prose(index))
        .count();
    if n_before < MIN_PROSE_BEFORE && (n_decks > 0 || n_before == 0) {
        return;
    }
    let teasers: Vec<usize> = sheet.alive().filter(|&index| index > start).collect();
    for index in teasers {
        sheet.decide(index, label, "related.headlines_to_the_end");
    }
}

/// The blocks from a position to the end, read backwards.
#[derive(Debug)]
struct Tail {
    may_be_teasers: bool,
    /// Whether the block read last is a deck: a headline must stand above it.
    awaits_headline: bool,
    n_lines: usize,
    n_decks: usize,
}

impl Default for Tail {
    fn default() -> Self {
        Self { may_be_teasers: true, awaits_headline: false, n_lines: 0, n_decks: 0 }
    }
}

impl Tail {
    fn add(&mut self, sheet: &Sheet, index: usize) {
        self.n_lines += 1;
        if !sheet.is_prose(index) {
            self.may_be_teasers &= !sheet.is_sentence(index) || self.awaits_headline;
            self.awaits_headline = false;
            return;
        }
        let is_short = sheet.block(index).is_some_and(|block| block.n_words <= MAX_DECK_WORDS);
        self.may_be_teasers &= is_short && !self.awaits_headline;
        self.awaits_headline = true;
        self.n_decks += 1;
    }

    const fn is_teasers(&self) -> bool {
        self.may_be_teasers && !self.awaits_headline && self.n_lines > 0
    }
}

/// A page of nothing but headlines with their decks is no article.
pub(super) fn front_pages_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text || !sheet.is_page {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let mut tail = Tail::default();
    let mut n_headline_words = 0;
    for &index in alive.iter().rev() {
        if tail.awaits_headline && !sheet.is_prose(index) {
            n_headline_words += sheet.block(index).map_or(0, |block| block.n_words);
        }
        tail.add(sheet, index);
    }
    let n_teasers = u32::try_from(tail.n_decks).unwrap_or(u32::MAX);
    let is_front_page = tail.is_teasers()
        && tail.n_decks >= MIN_TEASERS
        && n_headline_words >= n_teasers.saturating_mul(MIN_HEADLINE_WORDS);
    if is_front_page {
        for index in alive {
            sheet.decide(index, Label::Boilerplate(Boilerplate::LinkList), "related.front_page");
        }
    }
}
