//! Tables by hashes of what the rules' files say, and a filter before them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::text::hash::hash_of;

/// What stands under a hash.
pub(in crate::rules) type ByHash<T> = HashMap<u64, T, BuildHasherDefault<AsItIs>>;

/// Bits of a filter; it has a few thousand entries.
const FILTER_BITS: u64 = 1 << 16;

/// Words of a filter.
const N_FILTER_WORDS: usize = 1 << 10;

/// The key is a hash already.
#[derive(Debug, Default)]
pub(in crate::rules) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Hashes texts of our own, eight bytes at a time: no page can make them collide.
#[derive(Debug, Default)]
pub(in crate::rules) struct OwnText(u64);

impl Hasher for OwnText {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, text: &[u8]) {
        self.0 = hash_of(text);
    }

    /// What ends a text says nothing.
    fn write_u8(&mut self, _end: u8) {}
}

/// Says of nearly every hash that is in no table that it is not, in one look.
#[derive(Debug)]
pub(in crate::rules) struct Filter {
    bits: Box<[u64; N_FILTER_WORDS]>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { bits: Box::new([0; N_FILTER_WORDS]) }
    }
}

impl Filter {
    pub(in crate::rules) fn add(&mut self, hash: u64) {
        let (word, bit) = place(hash);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    #[inline]
    pub(in crate::rules) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = place(hash);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

/// Where the filter has the bit of a hash: its lower bits tell.
#[inline]
const fn place(hash: u64) -> (usize, u64) {
    let bit = (hash % FILTER_BITS) as usize;
    (bit / 64, 1 << (bit % 64))
}
