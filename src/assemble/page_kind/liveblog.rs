//! Live blogs: most of the text is entries, each with the time it was written. What a page is called counts too, for other
//! texts are told by the clock as well: a chronicle, a programme. They go forward; a live blog has its newest entry first.

use crate::model::{Boilerplate, Label, LabelledBlock, LabelledDocument};
use crate::rules::Words;
use crate::text::clock::{self, is_ornament};

/// Fewest entries of a page that is called live, and of any other.
const MIN_CALLED_ENTRIES: usize = 3;
const MIN_ENTRIES: usize = 5;
/// Share of the text that stands in entries, percent: of a page that is called live, and of any other.
const MIN_CALLED_PERCENT: u32 = 50;
const MIN_PERCENT: u32 = 70;
/// Fewest words of an entry.
const MIN_ENTRY_WORDS: u32 = 12;
/// Most words of a line that is a time: "Donnerstag, 2. März 2024, 22:17 Uhr", with its author.
const MAX_LINE_WORDS: u32 = 9;
/// Letters and digits behind a time that may still belong to it: "(IST), Oct 02".
const MAX_LETTERS_BEHIND: usize = 12;
/// Of so many steps from one entry to the next, one may go back: a day ends.
const STEPS_PER_DAY: usize = 4;

/// When an entry was written.
struct Mark {
    /// The block that says it.
    block_idx: usize,
    minute: u16,
}

/// Whether the page is a live blog. `is_called` says that its title or address calls it one.
pub(super) fn is_one(
    document: &LabelledDocument,
    is_called: impl FnOnce() -> bool,
    words: &Words,
) -> bool {
    let blocks = &document.blocks;
    let is_text = |labelled: &LabelledBlock| labelled.verdict.label.is_text();
    let Some(last) = blocks.iter().rposition(is_text) else { return false };
    let upto = blocks.get(..=last).unwrap_or_default();
    let times = time_elements(document);
    let marks: Vec<Mark> = upto.iter().enumerate().filter_map(|at| mark(at, &times)).collect();
    let Some(first) = marks.first() else { return false };
    let n_entries = n_entries(blocks, &marks, last);
    let within = super::text_words(upto.get(first.block_idx..).unwrap_or_default());
    let percent = within.saturating_mul(100) / super::text_words(blocks).max(1);
    if n_entries < MIN_CALLED_ENTRIES || percent < MIN_CALLED_PERCENT {
        return false;
    }
    let is_certain = n_entries >= MIN_ENTRIES
        && percent >= MIN_PERCENT
        && runs_backwards(&marks)
        && !are_teasers(blocks, &marks);
    is_certain || is_called() || stands_in_a_named_box(document, first, words)
}

/// Whether each block holds a `<time>` or the text of one (HTML).
fn time_elements(document: &LabelledDocument) -> Vec<bool> {
    let mut times = vec![false; document.blocks.len()];
    for region in document.regions.iter().filter(|region| region.tag == "time") {
        let slot = usize::try_from(region.blocks.start).ok().and_then(|at| times.get_mut(at));
        if let Some(slot) = slot {
            *slot = true;
        }
    }
    times
}

/// The time of an entry: a line that is nothing else, the head of one, or the first words of its text.
fn mark((block_idx, labelled): (usize, &LabelledBlock), times: &[bool]) -> Option<Mark> {
    let label = labelled.verdict.label;
    if label == Label::Caption || matches!(label, Label::Boilerplate(class) if is_apart(class)) {
        return None;
    }
    let block = &labelled.block;
    let is_line = block.n_words <= MAX_LINE_WORDS;
    let may_begin =
        block.text.trim_start_matches(is_ornament).starts_with(|c: char| c.is_ascii_digit());
    if !is_line && !may_begin {
        return None;
    }
    let clock = clock::find(&block.text)?;
    let (before, behind) =
        (block.text.get(..clock.range.start)?, block.text.get(clock.range.end..)?);
    let begins = before.chars().all(is_ornament);
    let ends = behind.chars().filter(|c| c.is_alphanumeric()).count() <= MAX_LETTERS_BEHIND;
    // "14.20 Uhr war es so weit" is a sentence; the head of an entry sets the time off.
    let is_set_off = behind.trim_start().starts_with([':', '|', '•', '+', '–', '-', '—', '/', '·']);
    let is_time = times.get(block_idx).copied().unwrap_or_default();
    let is_mark = (is_line && (begins || ends)) || (begins && (is_set_off || is_time));
    is_mark.then_some(Mark { block_idx, minute: clock.minute })
}

/// Classes of blocks whose times are none of an entry's.
const fn is_apart(class: Boilerplate) -> bool {
    matches!(
        class,
        Boilerplate::Comments
            | Boilerplate::Nav
            | Boilerplate::Hidden
            | Boilerplate::TeaserLabel
            | Boilerplate::Legal
            | Boilerplate::AdLabel
    )
}

/// Stretches from one time to the next, or to the end, that hold text.
fn n_entries(blocks: &[LabelledBlock], marks: &[Mark], last: usize) -> usize {
    let ends = marks.iter().skip(1).map(|mark| mark.block_idx).chain([last + 1]);
    let stretches =
        marks.iter().zip(ends).filter_map(|(mark, end)| blocks.get(mark.block_idx..end));
    stretches.filter(|stretch| super::text_words(stretch) >= MIN_ENTRY_WORDS).count()
}

/// Whether the newest entry stands first.
fn runs_backwards(marks: &[Mark]) -> bool {
    let steps =
        || marks.windows(2).filter_map(|pair| Some((pair.first()?.minute, pair.last()?.minute)));
    let n_forward = steps().filter(|(one, next)| one < next).count();
    let n_back = steps().filter(|(one, next)| one > next).count();
    n_back > 0 && n_forward * STEPS_PER_DAY <= n_back
}

/// Fewest words of a headline.
const MIN_HEADLINE_WORDS: u32 = 4;

/// Whether most times stand above a linked headline: a list of other pages' news.
fn are_teasers(blocks: &[LabelledBlock], marks: &[Mark]) -> bool {
    let is_linked = |mark: &&Mark| {
        let next = blocks.get(mark.block_idx + 1).map(|labelled| &labelled.block);
        next.is_some_and(|next| {
            next.n_words >= MIN_HEADLINE_WORDS && next.n_linked_words >= next.n_words
        })
    };
    marks.iter().filter(is_linked).count() * 2 > marks.len()
}

/// Whether class or id of an element around an entry calls it one of a live blog.
fn stands_in_a_named_box(document: &LabelledDocument, first: &Mark, words: &Words) -> bool {
    let Some(labelled) = document.blocks.get(first.block_idx) else { return false };
    document.regions.around(&labelled.block).any(|region| {
        let is_name = |c: &char| c.is_alphanumeric() || *c == ' ';
        let names: String = document
            .regions
            .names(region)
            .chars()
            .filter(is_name)
            .collect::<String>()
            .to_lowercase();
        words.liveblog_stems.iter().any(|stem| names.contains(stem.as_str()))
    })
}
