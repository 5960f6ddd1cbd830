//! Where the running text of a page is: a count per block, and sums over any range in constant time.

use std::ops::Range;

use crate::model::{BlockKind, Document, TextBlock};
use crate::text::is_cjk;

/// Fewest characters of a block that counts as running text (`boilerplate.md`, principle 2).
const MIN_PROSE_CHARS: usize = 80;
/// The same for a page that has none.
const MIN_LINE_CHARS: usize = 20;
/// Where words have no blanks between them, a character says about twice as much.
const CJK_DIVISOR: usize = 2;
/// Share of linked words from which a block is no running text.
const MAX_LINK_DENSITY: f32 = 0.5;

/// Running text by block.
#[derive(Debug)]
pub(super) struct Prose {
    /// Characters of running text in each block; 0 for blocks that are none.
    chars: Vec<usize>,
    /// Sums of `chars` before each block.
    sums: Vec<usize>,
    /// Words, and linked words, before each block.
    words: Vec<(u32, u32)>,
    /// Characters of each block, whatever it is.
    lengths: Vec<usize>,
}

impl Prose {
    /// Counts. A page without a single paragraph is counted by its short lines.
    pub(super) fn of(document: &Document) -> Self {
        let by_paragraph = Self::with(document, MIN_PROSE_CHARS);
        if by_paragraph.total() > 0 { by_paragraph } else { Self::with(document, MIN_LINE_CHARS) }
    }

    fn with(document: &Document, min_chars: usize) -> Self {
        let n_blocks = document.blocks.len();
        let mut prose = Self {
            chars: Vec::with_capacity(n_blocks),
            sums: Vec::with_capacity(n_blocks + 1),
            words: Vec::with_capacity(n_blocks + 1),
            lengths: Vec::with_capacity(n_blocks),
        };
        let (mut sum, mut words, mut linked) = (0, 0_u32, 0_u32);
        prose.sums.push(0);
        prose.words.push((0, 0));
        for block in &document.blocks {
            let length = block.text.chars().count();
            let chars = if is_prose(block, length, min_chars) { length } else { 0 };
            sum += chars;
            words = words.saturating_add(block.n_words);
            linked = linked.saturating_add(block.n_linked_words);
            prose.chars.push(chars);
            prose.sums.push(sum);
            prose.words.push((words, linked));
            prose.lengths.push(length);
        }
        prose
    }

    /// Characters of running text in a block.
    pub(super) fn at(&self, block_idx: usize) -> usize {
        self.chars.get(block_idx).copied().unwrap_or_default()
    }

    /// Characters of a block.
    pub(super) fn length(&self, block_idx: usize) -> usize {
        self.lengths.get(block_idx).copied().unwrap_or_default()
    }

    /// Characters of running text in a range of blocks.
    pub(super) fn within(&self, range: &Range<usize>) -> usize {
        let sum = |at: usize| self.sums.get(at.min(self.chars.len())).copied().unwrap_or_default();
        sum(range.end).saturating_sub(sum(range.start))
    }

    /// Characters of running text of the page.
    pub(super) fn total(&self) -> usize {
        self.sums.last().copied().unwrap_or_default()
    }

    /// Words and linked words in a range of blocks.
    pub(super) fn words_within(&self, range: &Range<usize>) -> (u32, u32) {
        let sum = |at: usize| self.words.get(at.min(self.chars.len())).copied().unwrap_or_default();
        let ((begin, linked_begin), (end, linked_end)) = (sum(range.start), sum(range.end));
        (end.saturating_sub(begin), linked_end.saturating_sub(linked_begin))
    }
}

fn is_prose(block: &TextBlock, length: usize, min_chars: usize) -> bool {
    let is_running = !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Caption);
    let is_dense = || block.text.chars().take(8).any(is_cjk);
    let is_long = length >= min_chars || (length >= min_chars / CJK_DIVISOR && is_dense());
    is_running && !block.in_figure && is_long && block.link_density() < MAX_LINK_DENSITY
}
