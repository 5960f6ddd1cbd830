//! A fast hash for what is counted or compared within one page. Whoever writes a page may make two texts of one hash: so
//! nothing that grows with a page is kept in a table by it, and equal hashes are looked at again where it matters.

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

/// The hash of bytes with some more bits in each.
#[inline]
fn hash_of_bytes(bytes: &[u8], bits: u8) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let in_all = u64::from_le_bytes([bits; 8]);
    let hash = eights.iter().fold(0, |hash, eight| with(hash, u64::from_le_bytes(*eight) | in_all));
    let rest = rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(byte | bits));
    // The upper bits are the well mixed ones, and tables look at the lower ones.
    with(hash, rest).rotate_left(26)
}

/// The hash of something with another part behind it (`FxHash`, the hash of rustc).
#[inline]
#[must_use]
pub const fn with(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95)
}
