//! Galleries: most of what the page says stands under its pictures, in a run of boxes of one kind, or between counters
//! ("3 / 12").

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Boilerplate, Label, LabelledBlock, LabelledDocument};

/// Fewest pictures with a text of their own, of a page that is called a gallery and of any other.
const MIN_CALLED_SLIDES: usize = 3;
const MIN_SLIDES: usize = 5;
/// Fewest pictures of a page that may be one.
const MIN_CALLED_IMAGES: u32 = 3;
/// Most blocks, and words on the average, of a picture's text: longer ones are an article's sections.
const MAX_SLIDE_BLOCKS: u32 = 6;
const MAX_SLIDE_WORDS: u32 = 60;
/// Fewest words of a picture's text.
const MIN_SLIDE_WORDS: u32 = 2;
/// Most pictures of one box: with a small one beside it.
const MAX_SLIDE_IMAGES: u32 = 2;
/// Share of linked words from which a text under a picture is a teaser.
const MAX_LINK_DENSITY: f32 = 0.5;
/// Fewest different counters.
const MIN_COUNTERS: usize = 3;

/// Whether the page is a gallery. `is_called` says that its title or address calls it one: then what stands beside the
/// pictures may be text; elsewhere only captions count, for products, steps and teasers have pictures too.
pub(super) fn is_one(document: &LabelledDocument, is_called: impl FnOnce() -> bool) -> bool {
    let n_images = document.regions.get(0).map_or(0, |root| root.n_images);
    if n_images < MIN_CALLED_IMAGES {
        return false;
    }
    let is_counted = n_counters(document) >= MIN_COUNTERS;
    let n_wanted = if is_counted { MIN_CALLED_SLIDES } else { MIN_SLIDES };
    let [of_captions, of_texts] = largest_runs(document);
    is_made_of_slides(document, of_captions, n_wanted)
        || (is_made_of_slides(document, of_texts, MIN_CALLED_SLIDES) && is_called())
}

/// Whether most of the page's words stand in boxes with a picture each, those of a run.
fn is_made_of_slides(document: &LabelledDocument, run: Option<Run>, n_wanted: usize) -> bool {
    let Some(run) = run else { return false };
    let outside = super::text_words(&document.blocks).saturating_sub(run.n_text_words);
    let n_slides = u32::try_from(run.n_slides).unwrap_or(u32::MAX);
    run.n_slides >= n_wanted
        && run.n_words >= outside
        && run.n_words <= n_slides.saturating_mul(MAX_SLIDE_WORDS)
}

/// Labels of what stands under a picture; what an element named for a gallery holds was cut whole.
const fn is_caption(label: Label) -> bool {
    matches!(label, Label::Caption | Label::Boilerplate(Boilerplate::MediaTeaser))
}

/// The same, where text may be a caption too.
const fn is_caption_or_text(label: Label) -> bool {
    is_caption(label) || label.is_text()
}

/// Boxes of one kind, each with a picture and its text.
#[derive(Debug, Default)]
struct Run {
    n_slides: usize,
    /// Words under the pictures; and those of them that went into the text.
    n_words: u32,
    n_text_words: u32,
    /// Where the last box ends: boxes inside boxes of the same kind count once.
    end: u32,
}

/// The run with the most words: of captions, and of captions and text.
fn largest_runs(document: &LabelledDocument) -> [Option<Run>; 2] {
    let counted: [fn(Label) -> bool; 2] = [is_caption, is_caption_or_text];
    let mut runs = counted.map(|counts| (counts, BTreeMap::new()));
    for region in &document.regions {
        let n_blocks = region.blocks.end - region.blocks.start;
        let is_slide = (1..=MAX_SLIDE_IMAGES).contains(&region.n_images)
            && n_blocks <= MAX_SLIDE_BLOCKS
            && (region.tag == "figure" || !region.names.is_empty());
        let blocks = super::blocks_of(document, region);
        if !is_slide || is_teaser(blocks) {
            continue;
        }
        for (counts, runs) in &mut runs {
            let n_words = own_words(blocks, *counts);
            if n_words < MIN_SLIDE_WORDS {
                continue;
            }
            let run: &mut Run =
                runs.entry((region.tag, document.regions.names(region))).or_default();
            if region.blocks.start >= run.end {
                run.n_slides += 1;
                run.n_words += n_words;
                run.n_text_words += own_words(blocks, |label| counts(label) && label.is_text());
                run.end = region.blocks.end;
            }
        }
    }
    runs.map(|(_, runs)| runs.into_values().max_by_key(|run| (run.n_words, run.n_slides)))
}

/// Fewest words of a linked line that makes a box a teaser.
const MIN_HEADLINE_WORDS: u32 = 3;

/// Whether a box leads to another page: sliders are full of such.
fn is_teaser(blocks: &[LabelledBlock]) -> bool {
    blocks
        .iter()
        .map(|labelled| &labelled.block)
        .any(|block| block.n_words >= MIN_HEADLINE_WORDS && block.n_linked_words >= block.n_words)
}

/// Words under a picture that may be the page's own.
fn own_words(blocks: &[LabelledBlock], counts: impl Fn(Label) -> bool) -> u32 {
    let own = blocks.iter().filter(|labelled| {
        counts(labelled.verdict.label) && labelled.block.link_density() < MAX_LINK_DENSITY
    });
    own.map(|labelled| labelled.block.n_words).sum()
}

/// Different first numbers of "3 / 12", "Bild 3 von 12", where the second is the same.
fn n_counters(document: &LabelledDocument) -> usize {
    let mut seen: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for labelled in &document.blocks {
        if let Some((at, of)) = counter(&labelled.block.text) {
            seen.entry(of).or_default().insert(at);
        }
    }
    seen.into_values().map(|numbers| numbers.len()).max().unwrap_or_default()
}

/// Longest counter, bytes.
const MAX_COUNTER_BYTES: usize = 24;

fn counter(text: &str) -> Option<(u32, u32)> {
    if text.len() > MAX_COUNTER_BYTES || !text.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (at, of) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let is_counter = numbers.next().is_none() && (1..=of).contains(&at) && of >= 3;
    // "Bild 3 von 12", "3/12": at most a word before, one between.
    is_counter.then_some((at, of)).filter(|_| text.split_whitespace().count() <= 4)
}
