//! A list of words in which one can be looked up at once.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::ops::Deref;

use super::table::{ByHash, OwnText};
use crate::text::hash::hash_of;

/// Words in the order of the file, and what finds one among them without reading them all.
#[derive(Debug, Default)]
pub struct WordList {
    words: Vec<String>,
    known: HashSet<Box<str>, BuildHasherDefault<OwnText>>,
    /// A bit for each byte of ASCII that a word begins with.
    first_bytes: u128,
    /// The words by their [beginnings](beginning).
    by_beginning: ByHash<Vec<String>>,
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
        let text = if may_be { folded.as_bytes() } else { &[] };
        let beginnings = [beginning(text), beginning(text.get(..1).unwrap_or_default())];
        let n_different = text.len().min(beginnings.len());
        let words = beginnings.into_iter().take(n_different);
        let words = words.filter_map(|beginning| self.by_beginning.get(&beginning)).flatten();
        words.map(String::as_str).filter(|word| folded.starts_with(word))
    }

    /// Whether a word may begin with that byte; one beyond ASCII always may.
    #[must_use]
    pub const fn may_begin_with(&self, byte: u8) -> bool {
        !byte.is_ascii() || self.first_bytes >> byte & 1 == 1
    }
}

/// The hash of the first two bytes of a text, or of its only one.
fn beginning(text: &[u8]) -> u64 {
    hash_of(text.get(..2).unwrap_or(text))
}

impl FromIterator<String> for WordList {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        let mut list = Self { words: words.into_iter().collect(), ..Self::default() };
        for word in &list.words {
            list.known.insert(Box::from(word.as_str()));
            let first = word.bytes().next().filter(u8::is_ascii);
            list.first_bytes |= first.map_or(0, |first| 1 << first);
            list.by_beginning.entry(beginning(word.as_bytes())).or_default().push(word.clone());
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
