//! All phrases of all languages, found in a line in one pass. A phrase begins where a word does, and with whole words: a look
//! into a table by one word, and into another by two, tells of nearly every place that no phrase begins there. The phrases
//! stand in one sorted list, and each knows the longest phrase that it begins with itself: one short search finds all.

use std::ops::Range;

use crate::rules::table::{ByHash, Filter};
use crate::text::hash::{self, hash_of};
use crate::text::{is_alphanumeric, is_cjk};

/// First bytes by which a filter knows a phrase.
const KEY_BYTES: usize = 4;

/// Strings, each with something behind it.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    /// Sorted by their bytes.
    entries: Vec<Entry<T>>,
    /// Those of one word.
    by_word: ByHash<usize>,
    /// Those of more, by the first two: from the first to the last of them.
    by_two_words: ByHash<Range<usize>>,
    /// The keys of both.
    words: Filter,
    starts: Starts,
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
        let mut words_of_all = Filter::default();
        let mut starts = Starts::default();
        let mut by_word = ByHash::default();
        let mut by_two_words = ByHash::<Range<usize>>::default();
        // The strings that the last one begins with, shortest first.
        let mut open: Vec<usize> = Vec::new();
        for idx in 0..entries.len() {
            let Some(text) = entries.get(idx).map(|entry| &*entry.text) else { break };
            starts.add(text.as_bytes(), idx);
            let [first, second] = {
                let mut words = words(text);
                [words.next(), words.next()]
            };
            match (first, second) {
                (Some(first), Some(second)) => {
                    let key = first.with(&second);
                    words_of_all.add(key);
                    by_two_words.entry(key).or_insert(idx..idx).end = idx + 1;
                }
                (Some(only), None) => {
                    words_of_all.add(only.hash);
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
        Self { entries, by_word, by_two_words, words: words_of_all, starts }
    }

    /// Calls with every string that begins where a word does, with whole words: where it begins, its length in bytes, what
    /// is behind it. Of those that end at one place, the longest comes first. An end may lie inside a word.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize, &T)) {
        let mut last: Option<Word> = None;
        for word in words(text) {
            if let Some((start, range)) = last.and_then(|last| self.of_two_words(&last, &word)) {
                let rest = text.get(start..).unwrap_or_default();
                for (length, meaning) in self.among(range, rest) {
                    found(start, length, meaning);
                }
            }
            if let Some(entry) = self.of_one_word(&word) {
                found(word.start, entry.text.len(), &entry.meaning);
            }
            last = Some(word);
        }
    }

    /// The strings that begin with two words: where the first one stands, and which they are.
    #[inline]
    fn of_two_words(&self, first: &Word, second: &Word) -> Option<(usize, Range<usize>)> {
        let key = first.with(second);
        let range = self.words.may_have(key).then(|| self.by_two_words.get(&key))??;
        Some((first.start, range.clone()))
    }

    #[inline]
    fn of_one_word(&self, word: &Word) -> Option<&Entry<T>> {
        let idx = self.words.may_have(word.hash).then(|| self.by_word.get(&word.hash))??;
        self.entries.get(*idx)
    }

    /// Whether one of the strings may begin a text whose letters of ASCII are put in lower case.
    pub(super) fn may_begin_in_lower_case(&self, text: &[u8]) -> bool {
        let mut start = [0; KEY_BYTES];
        let length = text.len().min(KEY_BYTES);
        start.iter_mut().zip(text).for_each(|(zero, byte)| *zero = byte.to_ascii_lowercase());
        let start = start.get(..length).unwrap_or_default();
        !self.starts.of(start, self.entries.len()).is_empty()
    }

    /// The strings that a text begins with, longest first: length in bytes, and what is behind it.
    pub(super) fn at<'p>(&'p self, text: &str) -> impl Iterator<Item = (usize, &'p T)> {
        let searched = self.starts.of(text.as_bytes(), self.entries.len());
        self.above(self.last_before(searched, text), 0, text)
    }

    /// The same, of the entries of a range.
    fn among<'p>(
        &'p self,
        range: Range<usize>,
        text: &str,
    ) -> impl Iterator<Item = (usize, &'p T)> {
        let first = range.start;
        self.above(self.last_before(range, text), first, text)
    }

    /// The last entry that is not behind a text, where it would stand in that range.
    fn last_before(&self, range: Range<usize>, text: &str) -> Option<usize> {
        let first = range.start;
        let entries = self.entries.get(range).unwrap_or_default();
        (first + entries.partition_point(|entry| *entry.text <= *text)).checked_sub(1)
    }

    /// An entry and those that it begins with, from a first one on, as far as the text begins with them.
    fn above<'p>(
        &'p self,
        last: Option<usize>,
        first: usize,
        text: &str,
    ) -> impl Iterator<Item = (usize, &'p T)> {
        let in_range = move |idx: &usize| *idx >= first;
        let mut next = last.filter(in_range);
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
        hash::with(self.hash, next.hash)
    }
}

fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let start = at;
        if start == bytes.len() {
            return None;
        }
        let hash;
        (at, hash) = hash::ascii_word(bytes, start, false).or_else(|| {
            let end = word_end(text, start)?;
            Some((end, hash_of(bytes.get(start..end)?)))
        })?;
        Some(Word { start, hash })
    })
}

/// Letters and digits of ASCII: a look into a table takes half of the time that comparing takes.
#[expect(clippy::indexing_slicing, reason = "done by the compiler")]
const IS_ALPHANUMERIC: [bool; 256] = {
    let mut is = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        is[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    is
};

/// The end of the word that begins at a position; `None` at the end of the text.
#[inline]
fn word_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        if IS_ALPHANUMERIC.get(usize::from(byte)) == Some(&true) {
            at += 1;
            continue;
        }
        let character =
            if byte.is_ascii() { char::from(byte) } else { text.get(at..)?.chars().next()? };
        let is_of_word = !byte.is_ascii() && is_alphanumeric(character) && !is_cjk(character);
        if is_of_word {
            at += character.len_utf8();
            continue;
        }
        // What is no part of a word is one by itself.
        return Some(if at == start { at + character.len_utf8() } else { at });
    }
    (at > start).then_some(at)
}

/// Where the strings stand that a text may begin with.
#[derive(Debug, Default)]
struct Starts {
    /// Keys of all strings: says of nearly every place where no string begins that none does.
    filter: Filter,
    /// From the first to the last string with the same first bytes.
    by_key: ByHash<Range<usize>>,
    /// Lengths of the strings that are shorter than a key: 1, 2, 3 bytes.
    has_short: [bool; KEY_BYTES - 1],
}

impl Starts {
    /// Adds the next string.
    fn add(&mut self, text: &[u8], idx: usize) {
        let hash = hash_of_start(text, KEY_BYTES);
        match text.len().checked_sub(1).and_then(|length| self.has_short.get_mut(length)) {
            Some(has_short) => *has_short = true,
            None => self.by_key.entry(hash).or_insert(idx..idx).end = idx + 1,
        }
        self.filter.add(hash);
    }

    /// Where among so many strings a text would stand: strings before the range may only be shorter than a key. Nothing
    /// where no string begins the text.
    #[inline]
    fn of(&self, text: &[u8], n_strings: usize) -> Range<usize> {
        let hash = hash_of_start(text, KEY_BYTES);
        let may_have = text.len() >= KEY_BYTES && self.filter.may_have(hash);
        if let Some(range) = may_have.then(|| self.by_key.get(&hash)).flatten() {
            return range.clone();
        }
        let is_short = |length: usize| {
            self.has_short.get(length - 1) == Some(&true)
                && text.len() >= length
                && self.filter.may_have(hash_of_start(text, length))
        };
        if (1..KEY_BYTES).any(is_short) { 0..n_strings } else { 0..0 }
    }
}

/// Hash of the first bytes of a text, at most four.
#[inline]
fn hash_of_start(text: &[u8], n_bytes: usize) -> u64 {
    let number = match text.first_chunk::<KEY_BYTES>() {
        Some(four) if n_bytes == KEY_BYTES => u32::from_le_bytes(*four),
        _ => text.iter().take(n_bytes).rev().fold(0, |number, byte| number << 8 | u32::from(*byte)),
    };
    hash::with(0, u64::from(number)).rotate_left(26)
}

/// Bytes that the end of a string is told by.
const END_BYTES: usize = 3;

/// How strings end: says of most texts that none of them stands at their end.
#[derive(Debug, Default)]
pub(super) struct Ends {
    filter: Filter,
    /// Those that are shorter than an end.
    short: Vec<Box<str>>,
}

impl Ends {
    pub(super) fn of<'s>(strings: impl Iterator<Item = &'s str>) -> Self {
        let mut ends = Self::default();
        for text in strings {
            match text.as_bytes().last_chunk::<END_BYTES>() {
                Some(end) => ends.filter.add(hash_of_start(end, END_BYTES)),
                None => ends.short.push(text.into()),
            }
        }
        ends
    }

    pub(super) fn may_end(&self, text: &str) -> bool {
        let end = text.as_bytes().last_chunk::<END_BYTES>();
        end.is_some_and(|end| self.filter.may_have(hash_of_start(end, END_BYTES)))
            || self.short.iter().any(|short| text.ends_with(&**short))
    }
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
