//! The article's container: the smallest element around (nearly all of) the densest stretch of running text, widened while
//! what it gains is text too.

use std::ops::Range;

use super::Known;
use super::prose::Prose;
use crate::model::{Document, Landmark};

/// Share of the stretch's running text that the container must hold, percent. The rest may be a lead above it.
const CONTAINER_PERCENT: usize = 90;
/// What a block that is no running text costs the stretch it stands in, in characters.
const BREAK_COST: i64 = 12;
/// What a linked word costs on top, in characters.
const LINKED_WORD_COST: i64 = 4;
/// Most that one block costs: an article goes on behind a long list of links.
const MAX_BLOCK_COST: i64 = 60;
/// Divisor of running text in suspect elements: it counts against the stretch.
const SUSPECT_COST_DIVISOR: i64 = 4;
/// Times that the worth of a paragraph counts whose text the page's own metadata repeats.
const WITNESSED_FACTOR: i64 = 4;
/// Running text before the headline is rarely the article's.
const BEFORE_HEADLINE_DIVISOR: i64 = 3;
/// Running text right behind the headline counts so many times,
const FIRST_FACTOR: i64 = 3;
/// up to so many characters: a short article must outweigh a long cookie notice.
const FIRST_CHARS: i64 = 1_200;
/// A parent is taken when it adds so many times more plain words than linked and suspect ones.
const MIN_PLAIN_PER_FURNITURE: u32 = 3;

/// Elements that hold one block or a run of text: never a container.
const LEAVES: [&str; 20] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "span",
    "figure",
    "figcaption",
    "tr",
    "td",
];

/// The article's container.
#[derive(Debug, Clone)]
pub(super) struct Container {
    /// Its blocks.
    pub(super) blocks: Range<usize>,
    /// Characters of running text of the stretch inside.
    pub(super) prose_chars: usize,
}

impl Container {
    /// The whole page, where nothing tells its parts apart.
    pub(super) fn whole(document: &Document) -> Self {
        Self { blocks: 0..document.blocks.len(), prose_chars: 0 }
    }

    /// What a site rule selects.
    pub(super) fn selected(blocks: Range<usize>, prose: &Prose) -> Self {
        let prose_chars = prose.within(&blocks);
        Self { blocks, prose_chars }
    }

    /// Whether a block is inside.
    pub(super) fn holds(&self, block_idx: usize) -> bool {
        self.blocks.contains(&block_idx)
    }
}

/// Finds it; `None` for a page without running text.
pub(super) fn find(
    document: &Document,
    prose: &Prose,
    suspects: &[bool],
    known: &Known<'_>,
) -> Option<Container> {
    let stretch = densest_stretch(document, prose, suspects, known)?;
    let wanted = prose.within(&stretch);
    let in_stretch = |blocks: &Range<usize>| {
        let overlap = blocks.start.max(stretch.start)..blocks.end.min(stretch.end);
        if overlap.is_empty() { 0 } else { prose.within(&overlap) }
    };
    // Parents stand before their children: the last region that holds enough is the deepest.
    let n_regions = u32::try_from(document.regions.len()).unwrap_or(u32::MAX);
    let deepest = (0..n_regions).rev().find(|region_idx| {
        in_stretch(&document.regions.range(*region_idx)) * 100 >= wanted * CONTAINER_PERCENT
    })?;
    let region_idx = widened(document, suspects, deepest);
    let blocks = document.regions.range(region_idx);
    let prose_chars = in_stretch(&blocks);
    Some(Container { blocks, prose_chars })
}

/// The region itself, or an ancestor that adds text and hardly any furniture.
fn widened(document: &Document, suspects: &[bool], region_idx: u32) -> u32 {
    let sums = WordSums::of(document, suspects);
    let mut widest = region_idx;
    while let Some(region) = document.regions.get(widest) {
        let Some(parent_idx) = region.parent else { break };
        if LEAVES.contains(&region.tag) || region.tag.is_empty() && region.blocks.len() <= 1 {
            widest = parent_idx;
            continue;
        }
        if matches!(region.landmark, Landmark::Article | Landmark::Main) {
            break;
        }
        let inner = sums.within(&document.regions.range(widest));
        let outer = sums.within(&document.regions.range(parent_idx));
        let plain = outer.0.saturating_sub(inner.0);
        let furniture = outer.1.saturating_sub(inner.1);
        if plain < furniture.saturating_mul(MIN_PLAIN_PER_FURNITURE) {
            break;
        }
        widest = parent_idx;
    }
    widest
}

/// Plain words, and words that are linked or suspect, before each block.
struct WordSums(Vec<(u32, u32)>);

impl WordSums {
    fn of(document: &Document, suspects: &[bool]) -> Self {
        let mut sums = Vec::with_capacity(document.blocks.len() + 1);
        let (mut plain, mut furniture) = (0_u32, 0_u32);
        sums.push((0, 0));
        for block in &document.blocks {
            if is_suspect(block.region_idx, suspects) {
                furniture = furniture.saturating_add(block.n_words);
            } else {
                furniture = furniture.saturating_add(block.n_linked_words);
                plain = plain.saturating_add(block.n_words.saturating_sub(block.n_linked_words));
            }
            sums.push((plain, furniture));
        }
        Self(sums)
    }

    fn within(&self, blocks: &Range<usize>) -> (u32, u32) {
        let last = self.0.len().saturating_sub(1);
        let at = |index: usize| self.0.get(index.min(last)).copied().unwrap_or_default();
        let (begin, end) = (at(blocks.start), at(blocks.end));
        (end.0.saturating_sub(begin.0), end.1.saturating_sub(begin.1))
    }
}

fn is_suspect(region_idx: u32, suspects: &[bool]) -> bool {
    let region_idx = usize::try_from(region_idx).ok();
    region_idx.and_then(|region_idx| suspects.get(region_idx).copied()).unwrap_or_default()
}

/// The run of blocks with the largest sum of worth (Kadane).
fn densest_stretch(
    document: &Document,
    prose: &Prose,
    suspects: &[bool],
    known: &Known<'_>,
) -> Option<Range<usize>> {
    let mut best: Option<(i64, Range<usize>)> = None;
    let (mut sum, mut start) = (0_i64, 0_usize);
    let mut after_headline = 0_i64;
    for (block_idx, block) in document.blocks.iter().enumerate() {
        let chars = i64::try_from(prose.at(block_idx)).unwrap_or(i64::MAX);
        let worth = if chars > 0 && known.witness.knows(block_idx) {
            chars.saturating_mul(WITNESSED_FACTOR)
        } else if chars > 0 && !is_suspect(block.region_idx, suspects) {
            match known.headline {
                Some(headline) if block_idx < headline => chars / BEFORE_HEADLINE_DIVISOR,
                Some(_) if after_headline < FIRST_CHARS => {
                    after_headline += chars;
                    chars.saturating_mul(FIRST_FACTOR)
                }
                _ => chars,
            }
        } else {
            let linked = i64::from(block.n_linked_words) * LINKED_WORD_COST;
            -(BREAK_COST + linked + chars / SUSPECT_COST_DIVISOR).min(MAX_BLOCK_COST)
        };
        if sum <= 0 {
            (sum, start) = (0, block_idx);
        }
        sum = sum.saturating_add(worth);
        if sum > 0 && best.as_ref().is_none_or(|(best, _)| sum > *best) {
            best = Some((sum, start..block_idx + 1));
        }
    }
    best.map(|(_, stretch)| stretch)
}
