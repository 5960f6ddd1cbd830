//! The words of the article: a lead far above the text, behind a share bar and a gallery, is known by them.

use std::collections::HashSet;

use super::sheet::Sheet;
use crate::text::hash;

/// Shortest word that says what a text is about, characters.
const MIN_LETTERS: usize = 5;

/// Fewest such words of a block that can be compared.
const MIN_WORDS: usize = 4;

/// The long words of some blocks, folded, as hashes.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: HashSet<u64>,
}

impl Vocabulary {
    /// The long words of the running text from one position to another.
    pub(super) fn of(sheet: &Sheet, first: usize, last: usize) -> Self {
        let prose = (first..=last).filter(|&index| sheet.is_alive(index) && sheet.is_prose(index));
        let words = prose
            .filter_map(|index| sheet.block(index))
            .flat_map(|block| long_words(&block.text))
            .collect();
        Self { words }
    }

    /// Share of the long words of a text that the article has too; `None` when the text has too few.
    pub(super) fn share(&self, text: &str) -> Option<f32> {
        let words: HashSet<u64> = long_words(text).collect();
        if words.len() < MIN_WORDS {
            return None;
        }
        // Word counts of one block are far below 2^24, where f32 stops being exact.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let share = words.intersection(&self.words).count() as f32 / words.len() as f32;
        Some(share)
    }
}

/// Which words of a block are compared with those of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared {
    /// Whether a word counts once, however often the block has it.
    pub(super) each_once: bool,
    /// So many of the first ones.
    pub(super) n_first: usize,
}

/// For each block, how many of its long words other running text has too, and how many it has.
#[derive(Debug)]
pub(super) struct SharedWords(Vec<(usize, usize)>);

impl SharedWords {
    /// Of the blocks that are asked for. All words are sorted once: so every block knows its own without a table.
    pub(super) fn of(
        sheet: &Sheet,
        is_asked_for: impl Fn(usize) -> bool,
        compared: Compared,
    ) -> Self {
        let is_prose: Vec<bool> =
            (0..sheet.len()).map(|index| sheet.is_alive(index) && sheet.is_prose(index)).collect();
        // The word, its block, and whether it is one of those compared.
        let mut words: Vec<(u64, u32, bool)> = Vec::new();
        for ((index, block), is_prose) in (0_u32..).zip(&sheet.blocks).zip(&is_prose) {
            let n_compared = if is_asked_for(index as usize) { compared.n_first } else { 0 };
            let n_words = if *is_prose { usize::MAX } else { n_compared };
            let own = long_words(&block.text).take(n_words).enumerate();
            words.extend(own.map(|(n, word)| (word, index, n < n_compared)));
        }
        words.sort_unstable();
        if compared.each_once {
            words.dedup();
        }
        let mut shared = vec![(0, 0); sheet.len()];
        let is_prose = |index: u32| is_prose.get(index as usize) == Some(&true);
        for same in words.chunk_by(|one, other| one.0 == other.0) {
            let n_in_prose = same.iter().filter(|(_, index, _)| is_prose(*index)).count();
            for (_, index, _) in same.iter().filter(|(_, _, is_compared)| *is_compared) {
                let is_shared = n_in_prose > usize::from(is_prose(*index));
                if let Some((n_shared, n_all)) = shared.get_mut(*index as usize) {
                    (*n_shared, *n_all) = (*n_shared + usize::from(is_shared), *n_all + 1);
                }
            }
        }
        Self(shared)
    }

    /// Long words of a block that other running text has too, and all of them.
    pub(super) fn at(&self, index: usize) -> (usize, usize) {
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// Hashes of the long words, folded to lower case.
pub(super) fn long_words(text: &str) -> impl Iterator<Item = u64> + '_ {
    words(text, MIN_LETTERS)
}

/// Hashes of the words with so many letters or more, folded to lower case.
pub(super) fn words(text: &str, min_letters: usize) -> impl Iterator<Item = u64> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (word, behind) = next_word(rest)?;
            rest = behind;
            let is_long = word.len() >= min_letters
                && (word.is_ascii() || word.chars().count() >= min_letters);
            if is_long {
                return Some(hash_of_word(word));
            }
        }
    })
}

/// The first word of a text, and what stands behind it.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let start = length_of_run(text, false);
    let text = text.get(start..).filter(|text| !text.is_empty())?;
    text.split_at_checked(length_of_run(text, true))
}

/// Bytes up to the first character that is a letter or digit, or that is none.
fn length_of_run(text: &str, is_of_word: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (is_alphanumeric, length) = if byte.is_ascii() {
            (byte.is_ascii_alphanumeric(), 1)
        } else {
            let character = text.get(at..).and_then(|text| text.chars().next());
            let Some(character) = character else { break };
            (character.is_alphanumeric(), character.len_utf8())
        };
        if is_alphanumeric != is_of_word {
            break;
        }
        at += length;
    }
    at
}

/// The hash of a word in lower case. In a normal text no letter beyond ASCII has one of ASCII as its lower case, so a word
/// is hashed in one of the two ways whatever its case.
fn hash_of_word(word: &str) -> u64 {
    if word.is_ascii() {
        return hash::hash_of_folded(word.as_bytes());
    }
    let letters = word.chars().flat_map(char::to_lowercase);
    letters.fold(0, |hash, letter| hash::with(hash, u64::from(u32::from(letter))))
}
