//! The article's container: the smallest element around (nearly all of) the densest stretch of running text.

use std::ops::Range;

use super::prose::Prose;
use crate::model::Document;

/// Share of the stretch's running text that the container must hold. The rest may be a lead above it.
const CONTAINER_SHARE: f32 = 0.9;
/// What a block that is no running text costs the stretch it stands in, in characters.
const BREAK_COST: i64 = 12;
/// What a linked word costs on top, in characters.
const LINKED_WORD_COST: i64 = 4;
/// Most that one block costs: an article goes on behind a long list of links.
const MAX_BLOCK_COST: i64 = 60;
/// Divisor of running text in suspect elements: it counts against the stretch.
const SUSPECT_COST_DIVISOR: i64 = 4;

/// The article's container.
#[derive(Debug, Clone)]
pub(super) struct Container {
    /// Its blocks.
    pub(super) blocks: Range<usize>,
    /// Characters of running text of the stretch inside.
    pub(super) prose_chars: usize,
}

impl Container {
    /// Whether a block is inside.
    pub(super) fn holds(&self, block_idx: usize) -> bool {
        self.blocks.contains(&block_idx)
    }
}

/// Finds it; `None` for a page without running text.
pub(super) fn find(document: &Document, prose: &Prose, suspects: &[bool]) -> Option<Container> {
    let stretch = densest_stretch(document, prose, suspects)?;
    let in_stretch = |blocks: &Range<usize>| {
        let overlap = blocks.start.max(stretch.start)..blocks.end.min(stretch.end);
        if overlap.is_empty() { 0 } else { prose.within(&overlap) }
    };
    let wanted = prose.within(&stretch);
    // Parents stand before their children: the last region that holds enough is the deepest.
    let enough = f64::from(CONTAINER_SHARE) * as_f64(wanted);
    let blocks = (0_u32..)
        .zip(&document.regions.0)
        .map(|(region_idx, _)| document.regions.range(region_idx))
        .filter(|blocks| as_f64(in_stretch(blocks)) >= enough)
        .last()?;
    let prose_chars = in_stretch(&blocks);
    Some(Container { blocks, prose_chars })
}

#[expect(clippy::cast_precision_loss, reason = "pages are far below 2^52 characters")]
const fn as_f64(chars: usize) -> f64 {
    chars as f64
}

/// The run of blocks with the largest sum of worth (Kadane). Without running text outside suspects, the suspects count.
fn densest_stretch(document: &Document, prose: &Prose, suspects: &[bool]) -> Option<Range<usize>> {
    let mut best: Option<(i64, Range<usize>)> = None;
    let (mut sum, mut start) = (0_i64, 0_usize);
    for (block_idx, block) in document.blocks.iter().enumerate() {
        let is_suspect = block.is_hidden
            || usize::try_from(block.region_idx)
                .ok()
                .and_then(|region_idx| suspects.get(region_idx).copied())
                .unwrap_or_default();
        let chars = i64::try_from(prose.at(block_idx)).unwrap_or(i64::MAX);
        let worth = if chars > 0 && !is_suspect {
            chars
        } else {
            let linked = i64::from(block.n_linked_words) * LINKED_WORD_COST;
            -(BREAK_COST + linked + chars / SUSPECT_COST_DIVISOR).min(MAX_BLOCK_COST)
        };
        if sum <= 0 {
            (sum, start) = (0, block_idx);
        }
        sum += worth;
        if sum > 0 && best.as_ref().is_none_or(|(best, _)| sum > *best) {
            best = Some((sum, start..block_idx + 1));
        }
    }
    best.map(|(_, stretch)| stretch)
}
