//! A fast hash for what is counted or compared within one page. Whoever writes a page may make two texts of one hash: so
//! nothing that grows with a page is kept in a table by it, and equal hashes are looked at again where it matters.

use super::eight;

/// The hash of a text, eight bytes at a time.
#[inline]
#[must_use]
pub fn hash_of(text: &[u8]) -> u64 {
    hash_of_bytes(text, 0)
}

/// The same of a word of ASCII letters and digits, the letters in lower case.
#[inline]
#[must_use]
pub fn hash_of_folded(word: &[u8]) -> u64 {
    // The bit that makes a letter a lower-case one; digits have it.
    hash_of_bytes(word, b' ')
}

/// Where a word ends that stands in a text from a place on, and its hash: [`hash_of`], or [`hash_of_folded`] where letters are
/// `folded`. What is no letter or digit of ASCII is a word of one byte. `None` where a character beyond ASCII belongs to the word,
/// or may: it begins there or stands behind it.
#[inline]
#[must_use]
pub fn ascii_word(text: &[u8], start: usize, folded: bool) -> Option<(usize, u64)> {
    let in_all = if folded { u64::from_le_bytes([b' '; 8]) } else { 0 };
    let (mut at, mut hash) = (start, 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let eight = match rest.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => number_of(rest),
        };
        let mut n_bytes = eight::n_alphanumeric(eight);
        if n_bytes == size_of::<u64>() {
            hash = with(hash, eight | in_all);
            at += n_bytes;
            continue;
        }
        if !(eight >> (8 * n_bytes)).to_le_bytes().first()?.is_ascii() {
            return None;
        }
        n_bytes += usize::from(at + n_bytes == start);
        let all = (1 << (8 * n_bytes)) - 1;
        return Some((at + n_bytes, with(hash, (eight | in_all) & all).rotate_left(WELL_MIXED)));
    }
}

/// [`hash_of_folded`] of a word whose end is not known yet, byte by byte.
#[derive(Debug, Clone, Copy, Default)]
pub struct FoldedHash {
    hash: u64,
    /// The bytes of the last eight that are not full.
    part: u64,
    n_bits: u32,
}

impl FoldedHash {
    /// Adds the next byte.
    #[inline]
    pub const fn add(&mut self, byte: u8) {
        self.part |= ((byte | b' ') as u64) << self.n_bits;
        self.n_bits += u8::BITS;
        if self.n_bits == u64::BITS {
            *self = Self { hash: with(self.hash, self.part), part: 0, n_bits: 0 };
        }
    }

    /// The hash of all.
    #[inline]
    #[must_use]
    pub const fn finish(self) -> u64 {
        with(self.hash, self.part).rotate_left(WELL_MIXED)
    }
}

/// The hash of bytes with some more bits in each.
#[inline]
fn hash_of_bytes(bytes: &[u8], bits: u8) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let in_all = u64::from_le_bytes([bits; 8]);
    let hash = eights.iter().fold(0, |hash, eight| with(hash, u64::from_le_bytes(*eight) | in_all));
    let in_rest = in_all & ((1 << (8 * rest.len())) - 1);
    with(hash, number_of(rest) | in_rest).rotate_left(WELL_MIXED)
}

/// The upper bits are the well mixed ones, and tables look at the lower ones.
const WELL_MIXED: u32 = 26;

/// Fewer than eight bytes as a number, the first one lowest: its first half and its last one, which may overlap.
#[inline]
#[must_use]
pub const fn number_of(bytes: &[u8]) -> u64 {
    let n_bits = 8 * bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return first as u64 | (last as u64) << (n_bits - 32);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u16::from_le_bytes(*first), u16::from_le_bytes(*last));
        return first as u64 | (last as u64) << (n_bits - 16);
    }
    match bytes {
        [only, ..] => *only as u64,
        [] => 0,
    }
}

/// The hash of something with another part behind it (`FxHash`, the hash of rustc).
#[inline]
#[must_use]
pub const fn with(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[cfg(test)]
mod tests {
    use super::{FoldedHash, hash_of_folded, number_of};

    #[test]
    fn bytes_are_a_number_the_first_one_lowest() {
        let bytes = *b"\x01\x82\x03\xC4\x05\x06\xFF";
        for n_bytes in 0..=bytes.len() {
            let (bytes, _) = bytes.split_at(n_bytes);
            let slowly = bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
            assert_eq!(number_of(bytes), slowly);
        }
    }

    #[test]
    fn upper_and_lower_case_have_one_hash_in_words() {
        for word in ["A", "Au", "Aue", "Auen", "Auenland", "Auenland3", "AUENLANDSCHAFTEN"] {
            let lower = word.to_ascii_lowercase();
            let mut by_byte = FoldedHash::default();
            word.bytes().for_each(|byte| by_byte.add(byte));
            assert_eq!(by_byte.finish(), hash_of_folded(word.as_bytes()));
            assert_eq!(hash_of_folded(word.as_bytes()), hash_of_folded(lower.as_bytes()));
        }
        assert_ne!(hash_of_folded(b"aue"), hash_of_folded(b"au"));
    }
}
