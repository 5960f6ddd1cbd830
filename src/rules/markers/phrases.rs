//! All phrases of all languages, found in a line in one pass. A phrase begins where a word does, and with whole words: a look
//! into a table by one word, and into another by two, tells of nearly every place that no phrase begins there. The phrases
//! stand in one sorted list, and each knows the longest phrase that it begins with itself: one short search finds all.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::text::is_cjk;

/// First bytes by which the filter knows a phrase.
const KEY_BYTES: usize = 4;

/// Bits of the filter; it has a few thousand entries.
const FILTER_BITS: usize = 1 << 16;

/// Strings, each with something behind it.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    /// Sorted by their bytes.
    entries: Vec<Entry<T>>,
    /// Those of one word.
    by_word: HashMap<u64, usize, BuildHasherDefault<AsItIs>>,
    /// Those of more, by the first two: from the first to the last of them.
    by_two_words: HashMap<u64, Range<usize>, BuildHasherDefault<AsItIs>>,
    filter: Filter,
}

#[derive(Debug)]
struct Entry<T> {
    text: Box<str>,
    /// The longest other string that this one begins with.
    shorter: Option<usize>,
    meaning: T,
}

impl<T> Phrases<T> {
    /// Of strings that differ from each other; empty ones are left out.
    pub(super) fn of(strings: impl IntoIterator<Item = (String, T)>) -> Self {
        let entry =
            |(text, meaning): (String, T)| Entry { text: text.into(), shorter: None, meaning };
        let mut entries: Vec<Entry<T>> =
            strings.into_iter().filter(|(text, _)| !text.is_empty()).map(entry).collect();
        entries.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        let mut filter = Filter::default();
        let mut by_word = HashMap::default();
        let mut by_two_words = HashMap::<u64, Range<usize>, _>::default();
        // The strings that the last one begins with, shortest first.
        let mut open: Vec<usize> = Vec::new();
        for idx in 0..entries.len() {
            let Some(text) = entries.get(idx).map(|entry| &*entry.text) else { break };
            filter.add(text.as_bytes());
            let [first, second] = {
                let mut words = words(text);
                [words.next(), words.next()]
            };
            match (first, second) {
                (Some(first), Some(second)) => {
                    by_two_words.entry(first.with(&second)).or_insert(idx..idx).end = idx + 1;
                }
                (Some(only), None) => {
                    by_word.insert(only.hash, idx);
                }
                (None, _) => {}
            }
            let begins = |open: usize| {
                entries.get(open).is_some_and(|shorter| text.starts_with(&*shorter.text))
            };
            while open.pop_if(|last| !begins(*last)).is_some() {}
            let shorter = open.last().copied();
            open.push(idx);
            if let Some(entry) = entries.get_mut(idx) {
                entry.shorter = shorter;
            }
        }
        Self { entries, by_word, by_two_words, filter }
    }

    /// Calls with every string that begins where a word does, with whole words: where it begins, its length in bytes, what
    /// is behind it. Of those that end at one place, the longest comes first. An end may lie inside a word.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize, &T)) {
        let mut last: Option<Word> = None;
        for word in words(text) {
            let pair = last.and_then(|last| {
                Some((last.start, self.by_two_words.get(&last.with(&word))?.clone()))
            });
            if let Some((start, range)) = pair {
                let rest = text.get(start..).unwrap_or_default();
                for (length, meaning) in self.among(range, rest) {
                    found(start, length, meaning);
                }
            }
            let only = self.by_word.get(&word.hash).and_then(|idx| self.entries.get(*idx));
            if let Some(entry) = only {
                found(word.start, entry.text.len(), &entry.meaning);
            }
            last = Some(word);
        }
    }

    /// The strings that a text begins with, longest first: length in bytes, and what is behind it.
    pub(super) fn at<'p>(&'p self, text: &str) -> impl Iterator<Item = (usize, &'p T)> {
        let is_possible = self.filter.may_begin(text.as_bytes());
        self.among(if is_possible { 0..self.entries.len() } else { 0..0 }, text)
    }

    /// The same, of the entries of a range.
    fn among<'p>(
        &'p self,
        range: Range<usize>,
        text: &str,
    ) -> impl Iterator<Item = (usize, &'p T)> {
        let entries = self.entries.get(range.clone()).unwrap_or_default();
        let n_before = entries.partition_point(|entry| *entry.text <= *text);
        let mut next = n_before.checked_sub(1).map(|last| range.start + last);
        let in_range = move |idx: &usize| *idx >= range.start;
        while let Some(entry) = next.and_then(|idx| self.entries.get(idx)) {
            if text.starts_with(&*entry.text) {
                break;
            }
            next = entry.shorter.filter(in_range);
        }
        std::iter::from_fn(move || {
            let entry = self.entries.get(next?)?;
            next = entry.shorter.filter(in_range);
            Some((entry.text.len(), &entry.meaning))
        })
    }
}

/// A word of a text: letters and digits in a row, or one character that is neither, or one of Han and kana, which are
/// written without blanks. Blanks are none.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    /// Of its bytes.
    hash: u64,
}

impl Word {
    /// The hash of this word with another behind it.
    const fn with(self, next: &Self) -> u64 {
        mixed(self.hash, next.hash)
    }
}

/// `FxHash`, the hash of rustc: fast, and the words are our own.
const fn mixed(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95)
}

fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let start = at;
        let mut hash = 0_u64;
        while let Some(&byte) = bytes.get(at) {
            let (length, is_of_word) = if byte.is_ascii() {
                (1, byte.is_ascii_alphanumeric())
            } else {
                let character = text.get(at..)?.chars().next()?;
                (character.len_utf8(), character.is_alphanumeric() && !is_cjk(character))
            };
            if !is_of_word && at > start {
                break;
            }
            for byte in bytes.get(at..at + length)? {
                hash = mixed(hash, u64::from(*byte));
            }
            at += length;
            if !is_of_word {
                break;
            }
        }
        (at > start).then_some(Word { start, hash })
    })
}

/// The key is a hash already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Says of nearly every place where no string begins that none does.
#[derive(Debug)]
struct Filter {
    bits: Box<[u64]>,
    /// Lengths of the strings that are shorter than a key: 1, 2, 3 bytes.
    has_short: [bool; KEY_BYTES - 1],
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            bits: vec![0; FILTER_BITS / 64].into_boxed_slice(),
            has_short: [false; KEY_BYTES - 1],
        }
    }
}

impl Filter {
    fn add(&mut self, text: &[u8]) {
        let key = text.get(..KEY_BYTES).unwrap_or(text);
        if let Some(has_short) = self.has_short.get_mut(key.len() - 1) {
            *has_short = true;
        }
        let (word, bit) = place(key);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    #[inline]
    fn may_begin(&self, text: &[u8]) -> bool {
        let has = |key: Option<&[u8]>| {
            key.is_some_and(|key| {
                let (word, bit) = place(key);
                self.bits.get(word).is_some_and(|bits| bits & bit != 0)
            })
        };
        let is_short = |length: usize| {
            self.has_short.get(length - 1) == Some(&true) && has(text.get(..length))
        };
        has(text.get(..KEY_BYTES)) || (1..KEY_BYTES).any(is_short)
    }
}

/// Where the filter has the bit of a key of at most four bytes.
#[inline]
fn place(key: &[u8]) -> (usize, u64) {
    let number = key.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    // Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4): the upper bits are the well mixed ones.
    let hash = usize::from((number.wrapping_mul(2_654_435_769) >> 16) as u16) % FILTER_BITS;
    (hash / 64, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    fn found(text: &str) -> Vec<(usize, &'static str)> {
        let strings =
            ["an", "anzeige", "anzeigen", "anzeige schließen", "(anzeige", "関連記事", "é"];
        let phrases = Phrases::of(strings.map(|text| (text.to_owned(), text)));
        let mut all = Vec::new();
        phrases.find(text, |start, length, meaning| {
            assert_eq!(meaning.len(), length);
            all.push((start, *meaning));
        });
        all
    }

    #[test]
    fn a_text_may_begin_with_a_part_of_a_word() {
        let phrases = Phrases::of(["ad", "anzeige"].map(|text| (text.to_owned(), text)));
        let begins = |text| phrases.at(text).map(|(_, meaning)| *meaning).collect::<Vec<_>>();
        assert_eq!(begins("anzeigeanzeige"), ["anzeige"]);
        assert_eq!(begins("adverb"), ["ad"]);
        assert_eq!(begins("der"), [""; 0]);
    }

    #[test]
    fn all_that_begin_where_a_word_does_are_found() {
        assert_eq!(found("anzeige"), [(0, "anzeige")]);
        assert_eq!(found("die anzeige schließen"), [(4, "anzeige"), (4, "anzeige schließen")]);
        assert_eq!(found("“anzeige”"), [(3, "anzeige")]);
        assert_eq!(found("(anzeige)"), [(0, "(anzeige"), (1, "anzeige")]);
        assert_eq!(found("(anzeigen)"), [(1, "anzeigen")]);
        assert_eq!(found("strafanzeige, ant an"), [(18, "an")]);
        assert_eq!(found("の関連記事"), [(3, "関連記事")]);
        assert_eq!(found("à é été"), [(3, "é")]);
        assert_eq!(found(""), []);
    }
}
