//! A list of words in which one can be looked up at once.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::ops::Deref;

use super::table::OwnText;

/// Words in the order of the file, and what finds one among them without reading them all.
#[derive(Debug, Default)]
pub struct WordList {
    words: Vec<String>,
    known: HashSet<Box<str>, BuildHasherDefault<OwnText>>,
    /// A bit for each byte of ASCII that a word begins with.
    first_bytes: u128,
}

impl WordList {
    /// Whether a word, in lower case, is one of the list's.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.known.contains(word)
    }

    /// The words with which a text in lower case begins.
    pub fn beginnings_of<'w>(&'w self, folded: &'w str) -> impl Iterator<Item = &'w str> {
        let first = folded.bytes().next();
        let may_be = first.is_some_and(|first| self.may_begin_with(first));
        let words = if may_be { self.words.as_slice() } else { &[] };
        words.iter().map(String::as_str).filter(|word| folded.starts_with(word))
    }

    /// Whether a word may begin with that byte; one beyond ASCII always may.
    #[must_use]
    pub const fn may_begin_with(&self, byte: u8) -> bool {
        !byte.is_ascii() || self.first_bytes >> byte & 1 == 1
    }
}

impl FromIterator<String> for WordList {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        let mut list = Self { words: words.into_iter().collect(), ..Self::default() };
        for word in &list.words {
            list.known.insert(Box::from(word.as_str()));
            let first = word.bytes().next().filter(u8::is_ascii);
            list.first_bytes |= first.map_or(0, |first| 1 << first);
        }
        list
    }
}

impl Deref for WordList {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.words
    }
}
