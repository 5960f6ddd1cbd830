//! A document under judgement: its blocks, what can be seen of each, and the verdicts so far.

use std::cell::OnceCell;

use super::vocabulary::LongWords;
use crate::model::{Boilerplate, Document, DocumentSource, Label, RuleName, TextBlock, Verdict};
use crate::rules::Rules;
use crate::rules::markers::{Hit, Mode};
use crate::text::hash::hash_of;
use crate::text::{Ending, Skeleton, count_sentences, ending, first_chars};

/// Longest block that phrases are looked for in from end to end, characters: the longest that two phrases make a prompt.
/// Longer ones are running text, or say at their start what they are.
const MAX_MARKED_CHARS: usize = 420;

/// Characters looked at of longer blocks: enough for the phrases that lines begin with.
const HEAD_CHARS: usize = 240;

/// Longest byline, characters.
const MAX_BYLINE_CHARS: usize = 160;

/// Fewest words of running text that ends like a sentence. Below it, a line may be a caption, a button or a heading.
const MIN_PROSE_WORDS: u32 = 8;

/// Fewest words that are running text whatever ends them: headlines are shorter (95 % of German ones have under 15).
const MIN_UNSTOPPED_PROSE_WORDS: u32 = 22;

/// What can be seen of a block, computed once.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// What phrases and patterns say, strictest mode first.
    pub hits: Vec<Hit>,
    /// Words that speak to the reader.
    pub n_address_words: u32,
    /// Words of consent banners.
    pub n_consent_words: u32,
    /// Length of the skeleton, bytes.
    pub skeleton_bytes: usize,
    /// How it ends.
    pub ending: Ending,
    /// Characters.
    pub n_chars: usize,
    /// About how many sentences.
    pub n_sentences: u32,
    /// How often the document has the same text.
    pub n_copies: u32,
    /// Whether it reads like a byline and is as short as one.
    pub is_byline: bool,
}

impl Signals {
    /// The first hit of that class and mode.
    #[must_use]
    pub fn hit(&self, class: Boilerplate, mode: Mode) -> Option<&Hit> {
        self.hits.iter().find(|hit| hit.class == class && hit.mode == mode)
    }
}

/// The document with its verdicts so far. A block without one is undecided.
#[derive(Debug)]
pub struct Sheet {
    /// What the document was parsed from.
    pub source: DocumentSource,
    /// Its blocks.
    pub blocks: Vec<TextBlock>,
    /// What can be seen of each block; as many as blocks.
    pub signals: Vec<Signals>,
    /// Whether the dump is known to be a whole page, furniture and all, not only an article.
    pub is_page: bool,
    verdicts: Vec<Option<Verdict>>,
    long_words: OnceCell<LongWords>,
}

impl Sheet {
    /// A sheet with the verdicts that markup alone gave; blocks that are out need no look at their wording.
    #[must_use]
    pub fn of(document: &mut Document, verdicts: Vec<Option<Verdict>>, rules: &Rules) -> Self {
        let blocks = std::mem::take(&mut document.blocks);
        let mut verdicts = verdicts;
        verdicts.resize(blocks.len(), None);
        let mut skeleton = Skeleton::default();
        let mut signals: Vec<Signals> = blocks
            .iter()
            .zip(&verdicts)
            .map(|(block, verdict)| match verdict {
                Some(verdict) if !verdict.label.is_text() => Signals::default(),
                _ => signals_of(block, rules, &mut skeleton),
            })
            .collect();
        count_copies(&blocks, &mut signals);
        Self {
            source: document.source,
            blocks,
            signals,
            is_page: false,
            verdicts,
            long_words: OnceCell::new(),
        }
    }

    /// Number of blocks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there is no block.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The block at a position.
    #[must_use]
    pub fn block(&self, index: usize) -> Option<&TextBlock> {
        self.blocks.get(index)
    }

    /// What can be seen of the block at a position.
    #[must_use]
    pub fn signals(&self, index: usize) -> Option<&Signals> {
        self.signals.get(index)
    }

    /// The long words of the block at a position. Whoever asks first has those of all blocks looked for.
    pub(super) fn long_words(&self, index: usize) -> &[u64] {
        self.long_words.get_or_init(|| LongWords::of(&self.blocks)).at(index)
    }

    /// The verdict on the block at a position, so far.
    #[must_use]
    pub fn verdict(&self, index: usize) -> Option<Verdict> {
        self.verdicts.get(index).copied().flatten()
    }

    /// The label of the block at a position, so far.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<Label> {
        self.verdict(index).map(|verdict| verdict.label)
    }

    /// Gives a verdict; a later one replaces it.
    pub fn decide(&mut self, index: usize, label: Label, rule: RuleName) {
        if let Some(verdict) = self.verdicts.get_mut(index) {
            *verdict = Some(Verdict { label, rule });
        }
    }

    /// Whether the block may still be text of the article: undecided, or labelled as text.
    #[must_use]
    pub fn is_alive(&self, index: usize) -> bool {
        index < self.len() && self.label(index).is_none_or(Label::is_text)
    }

    /// Positions of the blocks that may be text, in order.
    #[must_use]
    pub fn alive(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.len()).filter(|&index| self.is_alive(index))
    }

    /// Whether the block is running text: it ends like a sentence and has some length, or is long.
    #[must_use]
    pub fn is_prose(&self, index: usize) -> bool {
        let (Some(block), Some(signals)) = (self.block(index), self.signals(index)) else {
            return false;
        };
        let ends = matches!(
            signals.ending,
            Ending::Stop | Ending::Query | Ending::Ellipsis | Ending::Colon
        );
        (ends && block.n_words >= MIN_PROSE_WORDS) || block.n_words >= MIN_UNSTOPPED_PROSE_WORDS
    }

    /// Whether the block ends like a sentence, however short.
    #[must_use]
    pub fn is_sentence(&self, index: usize) -> bool {
        let ends = |signals: &Signals| {
            matches!(signals.ending, Ending::Stop | Ending::Query | Ending::Ellipsis)
        };
        self.signals(index).is_some_and(ends)
            && self.block(index).is_some_and(|block| block.n_words >= 2)
    }

    /// Every block with its verdict; what is undecided gets `default`.
    #[must_use]
    pub fn into_verdicts(self, default: Verdict) -> (Vec<TextBlock>, Vec<Verdict>) {
        let verdicts =
            self.verdicts.into_iter().map(|verdict| verdict.unwrap_or(default)).collect();
        (self.blocks, verdicts)
    }
}

/// A block among its neighbours: those that may be text, whatever boilerplate stood between.
#[derive(Debug, Clone, Copy)]
pub struct Neighbourhood<'s> {
    /// The sheet.
    pub sheet: &'s Sheet,
    /// Positions of the blocks that may be text.
    pub alive: &'s [usize],
    /// Place of the block in `alive`.
    pub at: usize,
}

impl<'s> Neighbourhood<'s> {
    /// Position of the block on the sheet.
    #[must_use]
    pub fn index(&self) -> usize {
        self.alive.get(self.at).copied().unwrap_or_default()
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> Option<&'s TextBlock> {
        self.sheet.block(self.index())
    }

    /// What can be seen of it.
    #[must_use]
    pub fn signals(&self) -> Option<&'s Signals> {
        self.sheet.signals(self.index())
    }

    /// Position of the `n`-th neighbour before, counted from 1.
    #[must_use]
    pub fn before(&self, n: usize) -> Option<usize> {
        self.alive.get(self.at.checked_sub(n)?).copied()
    }

    /// Position of the `n`-th neighbour after, counted from 1.
    #[must_use]
    pub fn after(&self, n: usize) -> Option<usize> {
        self.alive.get(self.at + n).copied()
    }
}

fn signals_of(block: &TextBlock, rules: &Rules, skeleton: &mut Skeleton) -> Signals {
    let n_chars = block.text.chars().count();
    let is_whole = n_chars <= MAX_MARKED_CHARS || is_letter_spaced(&block.text);
    let head = if is_whole { &block.text } else { first_chars(&block.text, HEAD_CHARS) };
    let wording = rules.markers.matcher.read(head, skeleton);
    let ending = ending(&block.text);
    let may_be_byline = n_chars <= MAX_BYLINE_CHARS && ending == Ending::None;
    Signals {
        hits: wording.hits,
        n_address_words: wording.n_address_words,
        n_consent_words: wording.n_consent_words,
        skeleton_bytes: skeleton.len(),
        ending,
        n_chars,
        n_sentences: count_sentences(&block.text),
        n_copies: 1,
        is_byline: may_be_byline && rules.markers.readers.byline.is_match(&block.text),
    }
}

/// Whether a text begins like `A N Z E I G E`: it may be nothing but labels, however long.
fn is_letter_spaced(text: &str) -> bool {
    let mut characters = text.chars();
    let mut is_blank = || characters.nth(1) == Some(' ');
    is_blank() && is_blank() && is_blank()
}

/// Equal texts stand side by side where all are sorted by a hash; its lower bits make room for the position, which sorts faster
/// than two numbers. Two texts of one hash may part others that are equal: those are not counted then, nothing worse.
fn count_copies(blocks: &[TextBlock], signals: &mut [Signals]) {
    let positions = blocks.len().next_power_of_two() - 1;
    let mut hashes: Vec<u64> = (0..)
        .zip(blocks)
        .map(|(index, block)| hash_of(block.text.as_bytes()) & !(positions as u64) | index)
        .collect();
    hashes.sort_unstable();
    let index = |hash: u64| usize::try_from(hash).unwrap_or_default() & positions;
    let text = |hash: u64| blocks.get(index(hash)).map(|block| block.text.as_str());
    let is_same =
        |one: &u64, other: &u64| (one ^ other) <= positions as u64 && text(*one) == text(*other);
    for same in hashes.chunk_by(is_same) {
        let n_copies = u32::try_from(same.len()).unwrap_or(u32::MAX);
        for hash in same {
            if let Some(signals) = signals.get_mut(index(*hash)) {
                signals.n_copies = n_copies;
            }
        }
    }
}
