//! The headline and what stands around it on a page: kicker, authors, dates. In a dump that is nothing but an article, a
//! first short line may be a headline or a sub-heading; it stays, since nothing in the text tells. Metadata lines
//! beside it (a byline, a time stamp, a share bar) show that it is the head of a page.

use super::sheet::Sheet;
use super::structure::is_heading_like;
use crate::model::{BlockKind, Boilerplate, DocumentSource, Label};
use crate::rules::Rules;

/// Fewest words of a headline: below it, a kicker, a section or a name.
const MIN_HEADLINE_WORDS: u32 = 4;

/// Fewest words of a deck that ends without a stop.
const MIN_DECK_WORDS: u32 = 10;

/// Short lines of the head looked at, nearest to the text first.
const MAX_HEAD_LINES: usize = 12;

/// Longest headline, characters.
const MAX_HEADLINE_CHARS: usize = 180;

/// Short lines before the first running text, and between it and the second, are the head of the page, when metadata
/// stands among them: the last of some length before the text is the headline.
pub(super) fn the_head_of_a_page_is_no_body(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text {
        return;
    }
    let mut prose = sheet.alive().filter(|&index| sheet.is_prose(index));
    let (first, second) = (prose.next(), prose.next());
    drop(prose);
    let Some(first) = first else { return };
    let until = second.unwrap_or(first);
    if (0..until).any(|index| is_metadata(sheet.label(index))) {
        let lines: Vec<usize> = sheet.alive().take_while(|&index| index < first).collect();
        if lines.iter().all(|&index| is_short_line(sheet, index)) {
            name_the_headline(sheet, &lines);
        }
    }
    if second.is_some() && (first..until).any(|index| is_metadata(sheet.label(index))) {
        let between: Vec<usize> = sheet
            .alive()
            .filter(|&index| index > first && index < until && is_short_line(sheet, index))
            .collect();
        for index in between {
            sheet.decide(
                index,
                Label::Boilerplate(Boilerplate::OutsideArticle),
                "headline.between_lead_and_text",
            );
        }
    }
}

fn name_the_headline(sheet: &mut Sheet, lines: &[usize]) {
    let is_headline = |index: &&usize| {
        let long = sheet.block(**index).is_some_and(|block| block.n_words >= MIN_HEADLINE_WORDS);
        long && sheet.signals(**index).is_some_and(|signals| signals.n_chars <= MAX_HEADLINE_CHARS)
    };
    let near_text: Vec<usize> = lines.iter().rev().take(MAX_HEAD_LINES).copied().collect();
    let Some(at) = near_text.iter().position(|index| is_headline(&index)) else {
        return;
    };
    let (mut headline, mut deck) = (near_text.get(at).copied(), None);
    let above = near_text.get(at + 1).copied().filter(|above| is_headline(&above));
    if let (Some(above), Some(below)) = (above, headline)
        && is_deck_of(sheet, below, above)
    {
        (headline, deck) = (Some(above), Some(below));
    }
    for &index in lines {
        if Some(index) == headline {
            sheet.decide(index, Label::Headline, "headline.last_line_before_the_text");
        } else if Some(index) == deck {
            sheet.decide(index, Label::Lead, "headline.deck");
        } else {
            sheet.decide(
                index,
                Label::Boilerplate(Boilerplate::OutsideArticle),
                "headline.beside_it",
            );
        }
    }
}

/// Whether a line is the deck of the headline above it: a long line, longer than the headline.
fn is_deck_of(sheet: &Sheet, line: usize, headline: usize) -> bool {
    let (Some(line), Some(headline)) = (sheet.block(line), sheet.block(headline)) else {
        return false;
    };
    line.n_words >= MIN_DECK_WORDS && line.n_words > headline.n_words
}

/// Whether a line has the length of a headline and is no sentence.
pub(super) fn may_be_headline(sheet: &Sheet, index: usize) -> bool {
    let is_long = sheet.block(index).is_some_and(|block| block.n_words >= MIN_HEADLINE_WORDS);
    let fits = sheet.signals(index).is_some_and(|signals| signals.n_chars <= MAX_HEADLINE_CHARS);
    is_long && fits && is_short_line(sheet, index)
}

fn is_short_line(sheet: &Sheet, index: usize) -> bool {
    let is_running = sheet.block(index).is_some_and(|block| block.kind == BlockKind::Paragraph);
    let is_open = sheet.label(index).is_none() || sheet.label(index) == Some(Label::Subheading);
    is_running
        && is_open
        && !sheet.is_prose(index)
        && (!sheet.is_sentence(index) || is_heading_like(sheet, index))
}

/// Lines that stand in the head of an article's page.
fn is_metadata(label: Option<Label>) -> bool {
    match label {
        Some(Label::Byline | Label::Caption | Label::Dateline) => true,
        Some(Label::Boilerplate(class)) => matches!(
            class,
            Boilerplate::Timestamp
                | Boilerplate::ShareBar
                | Boilerplate::AuthorBox
                | Boilerplate::Agency
                | Boilerplate::Tts
                | Boilerplate::Comments
                | Boilerplate::Nav
                | Boilerplate::Tags
                | Boilerplate::OutsideArticle
        ),
        _ => false,
    }
}
