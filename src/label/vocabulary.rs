//! The words of the article: a lead far above the text, behind a share bar and a gallery, is known by them.

use std::ops::Range;

use super::sheet::Sheet;
use crate::model::TextBlock;
use crate::text::{hash, is_alphanumeric};

/// Shortest word that says what a text is about, characters.
const MIN_LETTERS: usize = 5;

/// Fewest such words of a block that can be compared.
const MIN_WORDS: usize = 4;

/// The long words of some blocks, folded, as hashes in order.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<u64>,
}

impl Vocabulary {
    /// The long words of the running text from one position to another.
    pub(super) fn of(sheet: &Sheet, first: usize, last: usize) -> Self {
        let prose = (first..=last).filter(|&index| sheet.is_alive(index) && sheet.is_prose(index));
        Self { words: each_once(prose.flat_map(|index| sheet.long_words(index))) }
    }

    /// Share of the long words of a block that the article has too; `None` when the block has too few.
    pub(super) fn share(&self, words: &[u64]) -> Option<f32> {
        let words = each_once(words);
        if words.len() < MIN_WORDS {
            return None;
        }
        let shared = words.iter().filter(|word| self.words.binary_search(word).is_ok());
        // Word counts of one block are far below 2^24, where f32 stops being exact.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let share = shared.count() as f32 / words.len() as f32;
        Some(share)
    }
}

/// The [long words](long_words) of all blocks of a document, in their order.
#[derive(Debug)]
pub(super) struct LongWords {
    hashes: Vec<u64>,
    /// Where the words of each block begin, and the last ones end.
    borders: Vec<usize>,
}

impl LongWords {
    pub(super) fn of(blocks: &[TextBlock]) -> Self {
        let mut words = Self { hashes: Vec::new(), borders: Vec::with_capacity(blocks.len() + 1) };
        words.borders.push(0);
        for block in blocks {
            words.hashes.extend(long_words(&block.text));
            words.borders.push(words.hashes.len());
        }
        words
    }

    /// Those of one block.
    pub(super) fn at(&self, index: usize) -> &[u64] {
        let words = match self.borders.get(index..index + 2) {
            Some(&[start, end]) => self.hashes.get(start..end),
            _ => None,
        };
        words.unwrap_or_default()
    }
}

/// Hashes in order, each once.
fn each_once<'w>(words: impl IntoIterator<Item = &'w u64>) -> Vec<u64> {
    let mut words: Vec<u64> = words.into_iter().copied().collect();
    words.sort_unstable();
    words.dedup();
    words
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
    /// Of the blocks that are asked for. All words are brought in order once: so every block knows its own without a table.
    /// `long_words` are those of a block.
    pub(super) fn of<W: Iterator<Item = u64>>(
        sheet: &Sheet,
        is_asked_for: impl Fn(usize) -> bool,
        long_words: impl Fn(usize) -> W,
        compared: Compared,
    ) -> Self {
        let is_prose: Vec<bool> =
            (0..sheet.len()).map(|index| sheet.is_alive(index) && sheet.is_prose(index)).collect();
        let places = Places::of(sheet.len());
        let mut words: Vec<u64> = Vec::new();
        for (index, is_prose) in (0..).zip(&is_prose) {
            let n_compared = if is_asked_for(index) { compared.n_first } else { 0 };
            let n_words = if *is_prose { usize::MAX } else { n_compared };
            let own = long_words(index).take(n_words).enumerate();
            words.extend(own.map(|(n, word)| places.placed(word, index, n < n_compared)));
        }
        let mut words = places.order(&words);
        if compared.each_once {
            words.dedup();
        }
        let mut shared = vec![(0, 0); sheet.len()];
        let is_prose = |place: &u64| is_prose.get(places.index(*place)) == Some(&true);
        for same in words.chunk_by(|one, other| places.is_same_word(*one, *other)) {
            let n_in_prose = same.iter().filter(|place| is_prose(place)).count();
            for place in same.iter().filter(|place| Places::is_compared(**place)) {
                let is_shared = n_in_prose > usize::from(is_prose(place));
                if let Some((n_shared, n_all)) = shared.get_mut(places.index(*place)) {
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

/// A word at its place as one number, which sorts faster than three: the upper bits of its hash, its block, and in the
/// lowest bit whether it is one of those compared.
#[derive(Debug, Clone, Copy)]
struct Places {
    /// Bits of a place.
    n_bits: u32,
}

impl Places {
    /// Among so many blocks.
    const fn of(n_blocks: usize) -> Self {
        Self { n_bits: usize::BITS - n_blocks.leading_zeros() + 1 }
    }

    const fn placed(self, word: u64, index: usize, is_compared: bool) -> u64 {
        word >> self.n_bits << self.n_bits | (index as u64) << 1 | is_compared as u64
    }

    const fn is_same_word(self, one: u64, other: u64) -> bool {
        one >> self.n_bits == other >> self.n_bits
    }

    /// The block.
    #[expect(clippy::cast_possible_truncation, reason = "it was a `usize`")]
    const fn index(self, place: u64) -> usize {
        (place & ((1 << self.n_bits) - 1)) as usize >> 1
    }

    const fn is_compared(place: u64) -> bool {
        place & 1 == 1
    }

    /// Brings words in order: what matters is that the same ones stand side by side. Each is put into a box by its hash, as many
    /// boxes as words, and then every box is sorted: a third of the time that sorting all of them takes.
    fn order(self, words: &[u64]) -> Vec<u64> {
        let n_boxes = words.len().next_power_of_two();
        let box_of = |word: u64| {
            let hash = hash::with(0, word >> self.n_bits).rotate_left(u64::BITS / 2);
            usize::try_from(hash).unwrap_or_default() & (n_boxes - 1)
        };
        let mut borders = vec![0_usize; n_boxes + 1];
        for word in words {
            if let Some(n_words) = borders.get_mut(box_of(*word)) {
                *n_words += 1;
            }
        }
        let mut sum = 0;
        for border in &mut borders {
            sum += *border;
            *border = sum;
        }
        // From where a box ends, its border moves to where it begins.
        let mut ordered = vec![0; words.len()];
        for word in words {
            let Some(border) = borders.get_mut(box_of(*word)) else { continue };
            *border -= 1;
            if let Some(place) = ordered.get_mut(*border) {
                *place = *word;
            }
        }
        for (start, end) in borders.iter().zip(borders.iter().skip(1)) {
            if end - start > 1
                && let Some(boxed) = ordered.get_mut(*start..*end)
            {
                boxed.sort_unstable();
            }
        }
        ordered
    }
}

/// Hashes of the long words, folded to lower case.
pub(super) fn long_words(text: &str) -> impl Iterator<Item = u64> + '_ {
    words(text, MIN_LETTERS)
}

/// Hashes of the words with so many letters or more, folded to lower case.
pub(super) fn words(text: &str, min_letters: usize) -> impl Iterator<Item = u64> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = start_of_word(text, at)?;
            if let Some((end, hash)) = hash::ascii_word(text.as_bytes(), start, true) {
                at = end;
                if end - start >= min_letters {
                    return Some(hash);
                }
                continue;
            }
            let word = Word::at(text, start);
            at = word.range.end;
            if word.n_letters() >= min_letters {
                return word.hash(text);
            }
        }
    })
}

/// What a byte is to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A blank, a stop.
    Gap,
    /// A letter or a digit.
    Letter,
    /// A part of a character beyond ASCII.
    Wide,
}

/// The role of each byte.
const ROLES: [Role; 256] = {
    let mut roles = [Role::Gap; 256];
    let mut byte = 0;
    while byte < roles.len() {
        #[expect(clippy::cast_possible_truncation, reason = "all bytes, one after the other")]
        let role = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Role::Letter,
            0x80.. => Role::Wide,
            _ => Role::Gap,
        };
        #[expect(clippy::indexing_slicing, reason = "within the loop's bound")]
        {
            roles[byte] = role;
        }
        byte += 1;
    }
    roles
};

fn role(byte: u8) -> Role {
    ROLES.get(usize::from(byte)).copied().unwrap_or(Role::Gap)
}

/// A word of a text.
#[derive(Debug, Clone)]
struct Word {
    range: Range<usize>,
    /// Bytes of its letters but for the first of each.
    n_inner_bytes: usize,
    /// Whether all its letters are of ASCII or [plain](Wide).
    is_plain: bool,
}

impl Word {
    /// The one that begins at a place.
    fn at(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let mut word = Self { range: start..start, n_inner_bytes: 0, is_plain: true };
        while let Some(byte) = bytes.get(word.range.end) {
            match role(*byte) {
                Role::Gap => break,
                Role::Letter => word.range.end += 1,
                Role::Wide => {
                    let Some(wide) = Wide::at(text, word.range.end) else { break };
                    if !wide.is_letter {
                        break;
                    }
                    word.range.end += wide.length;
                    word.n_inner_bytes += wide.length - 1;
                    word.is_plain &= wide.is_plain;
                }
            }
        }
        word
    }

    fn n_letters(&self) -> usize {
        self.range.len() - self.n_inner_bytes
    }

    /// Of the word in lower case. One bit makes all letters of plain words lower-case ones, and those of ASCII and Latin-1 stay
    /// apart under it.
    fn hash(&self, text: &str) -> Option<u64> {
        let word = text.get(self.range.clone())?;
        if self.is_plain {
            return Some(hash::hash_of_folded(word.as_bytes()));
        }
        let word = word.to_lowercase();
        let all = Self::at(&word, 0);
        let is_plain = all.is_plain && all.range.end == word.len();
        let bytes = word.as_bytes();
        Some(if is_plain { hash::hash_of_folded(bytes) } else { hash::hash_of(bytes) })
    }
}

/// Where a word begins, from a place on.
fn start_of_word(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match role(*bytes.get(at)?) {
            Role::Gap => at += 1,
            Role::Letter => return Some(at),
            Role::Wide => {
                let wide = Wide::at(text, at)?;
                if wide.is_letter {
                    return Some(at);
                }
                at += wide.length;
            }
        }
    }
}

/// A character beyond ASCII.
#[derive(Debug, Clone, Copy)]
struct Wide {
    length: usize,
    /// Whether it is a letter or a digit.
    is_letter: bool,
    /// Whether it is a letter of Latin-1 that one bit makes a lower-case one. ÿ is none: its upper case stands elsewhere.
    is_plain: bool,
}

impl Wide {
    fn at(text: &str, at: usize) -> Option<Self> {
        let character = text.get(at..)?.chars().next()?;
        let is_plain = matches!(character, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='þ');
        let is_letter = is_plain || is_alphanumeric(character);
        Some(Self { length: character.len_utf8(), is_letter, is_plain })
    }
}
