//! Where the article begins and ends on a whole-page dump, told from the sequence alone: running text gathers, menus and
//! teasers are short lines without stops. Every block has a score; the article is the stretch with the greatest sum
//! (maximum subsequence segmentation, after Pasternack and Roth, "Extracting Article Text from the Web", WWW 2009, with
//! fixed scores in the place of learned ones). It needs no phrase of any language; phrases only sharpen it.

use super::headline::may_be_headline;
use super::sheet::Sheet;
use super::structure::is_heading_like;
use super::vocabulary::Vocabulary;
use crate::model::{BlockKind, Boilerplate, DocumentSource, Label};
use crate::rules::Rules;
use crate::text::Ending;

/// Words of running text that count at most: one long block must not outweigh a menu before it.
const MAX_COUNTED_WORDS: u32 = 60;

/// Words from which a block is strong even if it is one sentence: decks of teasers are shorter.
const MIN_STRONG_WORDS: u32 = 32;

/// Score of running text of one sentence that has running text next to it.
const WEAK_IN_COMPANY: i32 = 10;

/// Score of running text of one sentence between short lines: the deck of a teaser.
const WEAK_ALONE: i32 = -2;

/// Score of a short line.
const SHORT_LINE: i32 = -4;

/// Score of a short line with running text behind it.
const SUBHEADING: i32 = -1;

/// Score of a line of navigation, teasers, legal notices, sharing or subscription.
const FURNITURE: i32 = -5;

/// Blocks between a lead and the text below it at most.
const MAX_LEAD_GAP: usize = 40;

/// Fewest words of a lead.
const MIN_LEAD_WORDS: u32 = 8;

/// Share of a lead's long words that the text has too, if it ends like a sentence.
const MIN_SHARED_BY_PROSE: f32 = 0.3;

/// The same, if it does not: a headline or a deck.
const MIN_SHARED_BY_LINE: f32 = 0.45;

/// Words of running text from which on a page is one of running text.
const DENSE_PAGE_WORDS: u32 = 500;

/// What a short line costs at least, percent of its cost on a dense page.
const MIN_COST_PERCENT: u32 = 25;

/// Lines above the article that may be its headline: kicker, authors and times stand below it.
const MAX_HEAD_LINES: usize = 5;

/// Short lines at an edge of the dump that show that it is a whole page.
const MIN_EDGE_LINES: usize = 4;

/// Lines of furniture that show that a dump is a whole page.
const MIN_FURNITURE: usize = 3;

/// The same, where metadata lines stand too.
const MIN_FURNITURE_WITH_METADATA: usize = 1;

/// Metadata lines beside it.
const MIN_METADATA: usize = 2;

/// What stands before and after the article goes, if the dump is a whole page.
pub(super) fn nothing_outside_the_article_is_text(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text {
        return;
    }
    let Some((first, last)) = article(sheet) else { return };
    let is_page = sheet.is_page;
    let may_have_menus = !is_clean(sheet);
    let above: Vec<usize> = sheet.alive().filter(|&index| index < first).collect();
    let goes = |sheet: &Sheet, edge: &[usize]| is_page || (may_have_menus && is_menu(sheet, edge));
    // A lead only shortens what stands above: where its beginning is no menu, the rest of it is none either.
    let beginning = above.get(..MIN_EDGE_LINES).unwrap_or(&above);
    let first = if goes(sheet, beginning) { with_lead(sheet, first, last) } else { first };
    let before: Vec<usize> = above.into_iter().filter(|&index| index < first).collect();
    let after: Vec<usize> = sheet.alive().filter(|&index| index > last).collect();
    let headline = before
        .iter()
        .rev()
        .take(MAX_HEAD_LINES)
        .copied()
        .find(|&index| may_be_headline(sheet, index));
    for (edge, rule) in
        [(before, "sequence.before_the_article"), (after, "sequence.after_the_article")]
    {
        if goes(sheet, &edge) {
            for index in edge {
                sheet.decide(index, Label::Boilerplate(Boilerplate::OutsideArticle), rule);
            }
        }
    }
    // What was cut above the article ends with its headline.
    if let Some(index) = headline.filter(|&index| !sheet.is_alive(index) && !has_headline(sheet)) {
        sheet.decide(index, Label::Headline, "sequence.last_line_above_the_article");
    }
}

fn has_headline(sheet: &Sheet) -> bool {
    (0..sheet.len()).any(|index| sheet.label(index) == Some(Label::Headline))
}

/// Whether the dump is written as a clean text is, an empty line between any two blocks, and no rule found anything in it:
/// lists have lost their bullets there, so what looks like a menu may be one of them.
fn is_clean(sheet: &Sheet) -> bool {
    let is_apart = |index: usize| {
        sheet.block(index).is_some_and(|block| block.blank_lines_before == 1 || block.was_glued)
    };
    (1..sheet.len()).all(is_apart)
        && (0..sheet.len()).all(|index| sheet.label(index).is_none_or(Label::is_text))
}

/// Whether what stands at an edge is nothing but short lines, and too many for a headline or a signature. A list that a
/// sentence opens, a table or a stanza is none.
fn is_menu(sheet: &Sheet, edge: &[usize]) -> bool {
    let is_loose = |&index: &usize| {
        let is_running = sheet.block(index).is_some_and(|block| block.kind == BlockKind::Paragraph);
        let ends_with_colon =
            sheet.signals(index).is_some_and(|signals| signals.ending == Ending::Colon);
        is_running && !ends_with_colon && !sheet.is_prose(index) && !sheet.is_sentence(index)
    };
    edge.len() >= MIN_EDGE_LINES && edge.iter().all(is_loose)
}

/// Whether the dump shows more than an article: enough furniture, or some, with metadata lines around the text.
pub(super) fn is_whole_page(sheet: &Sheet) -> bool {
    let labels = || (0..sheet.len()).map(|index| sheet.label(index));
    let n_furniture = labels().filter(|&label| is_furniture(label)).count();
    let n_metadata = labels().filter(|&label| is_metadata(label)).count();
    n_furniture >= MIN_FURNITURE
        || (n_furniture >= MIN_FURNITURE_WITH_METADATA && n_metadata >= MIN_METADATA)
}

/// Lines that the head of an article's page has.
const fn is_metadata(label: Option<Label>) -> bool {
    matches!(
        label,
        Some(
            Label::Byline
                | Label::Caption
                | Label::Boilerplate(
                    Boilerplate::Timestamp
                        | Boilerplate::AuthorBox
                        | Boilerplate::Tts
                        | Boilerplate::Agency
                )
        )
    )
}

/// The stretch of blocks with the greatest sum of scores (Kadane's algorithm): first and last position.
fn article(sheet: &Sheet) -> Option<(usize, usize)> {
    let mut scores = scores(sheet);
    soften_on_sparse_pages(sheet, &mut scores);
    let (mut best, mut best_sum) = (None, 0);
    let (mut start, mut sum) = (0, 0);
    for (index, score) in scores.into_iter().enumerate() {
        if sum <= 0 {
            (start, sum) = (index, 0);
        }
        sum += score;
        if sum > best_sum {
            (best, best_sum) = (Some((start, index)), sum);
        }
    }
    best
}

/// Where a page has little running text, its article has much else: dates, prices, addresses, lists. Short lines cost less
/// there, down to [`MIN_COST_PERCENT`]; all scores are in hundredths afterwards.
fn soften_on_sparse_pages(sheet: &Sheet, scores: &mut [i32]) {
    let prose = sheet.alive().filter(|&index| sheet.is_prose(index));
    let n_words: u32 =
        prose.filter_map(|index| sheet.block(index)).map(|block| block.n_words).sum();
    let percent = (n_words.saturating_mul(100) / DENSE_PAGE_WORDS).clamp(MIN_COST_PERCENT, 100);
    let percent = i32::try_from(percent).unwrap_or(100);
    for score in scores {
        *score *= if *score < 0 { percent } else { 100 };
    }
}

/// Moves the start up to a block above that speaks of the same things: the lead behind a share bar, a gallery, a menu.
fn with_lead(sheet: &Sheet, first: usize, last: usize) -> usize {
    let may_be_lead = |index: usize| {
        sheet.is_alive(index)
            && sheet.block(index).is_some_and(|block| block.n_words >= MIN_LEAD_WORDS)
    };
    if !(first.saturating_sub(MAX_LEAD_GAP)..first).any(may_be_lead) {
        return first;
    }
    let vocabulary = Vocabulary::of(sheet, first, last);
    let mut start = first;
    let mut looked_at = first;
    while let Some(index) = looked_at.checked_sub(1).filter(|index| start - index <= MAX_LEAD_GAP) {
        looked_at = index;
        if !may_be_lead(index) {
            continue;
        }
        let wanted = if sheet.is_prose(index) { MIN_SHARED_BY_PROSE } else { MIN_SHARED_BY_LINE };
        if vocabulary.share(sheet.long_words(index)).is_some_and(|share| share >= wanted) {
            start = index;
        }
    }
    start
}

fn scores(sheet: &Sheet) -> Vec<i32> {
    let alive: Vec<usize> = sheet.alive().collect();
    let mut scores: Vec<i32> = (0..sheet.len())
        .map(|index| if is_furniture(sheet.label(index)) { FURNITURE } else { 0 })
        .collect();
    for (at, &index) in alive.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| alive.get(at)).copied();
        let after = alive.get(at + 1).copied();
        if let Some(score) = scores.get_mut(index) {
            *score = score_of(sheet, index, before, after);
        }
    }
    scores
}

fn score_of(sheet: &Sheet, index: usize, before: Option<usize>, after: Option<usize>) -> i32 {
    let Some(block) = sheet.block(index) else { return 0 };
    let is_prose =
        |neighbour: Option<usize>| neighbour.is_some_and(|neighbour| sheet.is_prose(neighbour));
    let n_words = i32::try_from(block.n_words.min(MAX_COUNTED_WORDS)).unwrap_or_default();
    if is_strong(sheet, index) {
        return n_words;
    }
    if sheet.is_prose(index) {
        return if is_prose(before) || is_prose(after) { WEAK_IN_COMPANY } else { WEAK_ALONE };
    }
    if matches!(sheet.label(index), Some(Label::Subheading | Label::KeyPoint | Label::EditorNote)) {
        return 0;
    }
    if matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow | BlockKind::Preformatted) {
        return 0;
    }
    if sheet.is_sentence(index) && (is_prose(before) || is_prose(after)) {
        return n_words;
    }
    if is_heading_like(sheet, index) && is_prose(after) { SUBHEADING } else { SHORT_LINE }
}

/// Running text that no teaser has: two sentences, or one long one.
pub(super) fn is_strong(sheet: &Sheet, index: usize) -> bool {
    let (Some(block), Some(signals)) = (sheet.block(index), sheet.signals(index)) else {
        return false;
    };
    sheet.is_prose(index) && (signals.n_sentences >= 2 || block.n_words >= MIN_STRONG_WORDS)
}

/// Classes that stand around articles, not in them. Ad labels, embeds, captions and time stamps stand in both.
pub(super) fn is_furniture(label: Option<Label>) -> bool {
    let Some(Label::Boilerplate(class)) = label else { return false };
    matches!(
        class,
        Boilerplate::Nav
            | Boilerplate::ServiceLinks
            | Boilerplate::Legal
            | Boilerplate::TeaserLabel
            | Boilerplate::ShareBar
            | Boilerplate::Comments
            | Boilerplate::Newsletter
            | Boilerplate::AppChannel
            | Boilerplate::Paywall
            | Boilerplate::Consent
            | Boilerplate::Tags
            | Boilerplate::JumpLine
            | Boilerplate::LinkList
            | Boilerplate::OutsideArticle
            | Boilerplate::Player
    )
}
