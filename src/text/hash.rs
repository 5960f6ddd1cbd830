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
    let bits = if folded { b' ' } else { 0 };
    let (end, hash) = hash_while(text, start, bits, eight::n_alphanumeric);
    let behind = text.get(end).copied();
    if !behind.unwrap_or_default().is_ascii() {
        return None;
    }
    Some(if end == start { (end + 1, hash_of(behind.as_slice())) } else { (end, hash) })
}

/// Where a part of a name ends that begins at a place, and its [`hash_of_folded`]: capitals and then small letters and digits of
/// ASCII, of either maybe none.
#[inline]
#[must_use]
pub fn part_of_name(name: &[u8], start: usize) -> (usize, u64) {
    let mut is_behind_small = false;
    hash_while(name, start, b' ', |eight| {
        let n_bytes;
        (n_bytes, is_behind_small) = eight::n_of_part(eight, is_behind_small);
        n_bytes
    })
}

/// The hash of bytes from a place on with some more bits in each, and where they end: `n_bytes_of` says of the next eight, the
/// first lowest and zeros behind the text, how many belong to them.
#[inline]
fn hash_while(
    text: &[u8],
    start: usize,
    bits: u8,
    mut n_bytes_of: impl FnMut(u64) -> usize,
) -> (usize, u64) {
    let in_all = u64::from_le_bytes([bits; 8]);
    let (mut end, mut hash) = (start, 0);
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let eight = match rest.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => number_of(rest),
        };
        let n_bytes = n_bytes_of(eight);
        end += n_bytes;
        if n_bytes < size_of::<u64>() {
            let all = (1 << (8 * n_bytes)) - 1;
            return (end, with(hash, (eight | in_all) & all).rotate_left(WELL_MIXED));
        }
        hash = with(hash, eight | in_all);
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
    use super::{ascii_word, hash_of, hash_of_folded, number_of, part_of_name};

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
            assert_eq!(hash_of_folded(word.as_bytes()), hash_of_folded(lower.as_bytes()));
        }
        assert_ne!(hash_of_folded(b"aue"), hash_of_folded(b"au"));
    }

    #[test]
    fn a_word_ends_where_a_letter_does_and_has_the_hash_of_its_bytes() {
        for word in ["A", "Aue3", "Auenland", "Auenlandschaften", "Auenlandschaft"] {
            for behind in ["", " ", ", und mehr", "-"] {
                let text = format!("! {word}{behind}");
                let end = 2 + word.len();
                let found = |folded| ascii_word(text.as_bytes(), 2, folded);
                assert_eq!(found(false), Some((end, hash_of(word.as_bytes()))), "{text}");
                assert_eq!(found(true), Some((end, hash_of_folded(word.as_bytes()))), "{text}");
            }
            assert_eq!(ascii_word(format!("{word}ä").as_bytes(), 0, true), None);
        }
        assert_eq!(ascii_word(b"(Aue", 0, false), Some((1, hash_of(b"("))));
        assert_eq!(ascii_word("„Aue“".as_bytes(), 0, false), None);
    }

    #[test]
    fn a_part_of_a_name_ends_before_the_capital_behind_a_small_letter() {
        let parts = |name: &str| -> Vec<(usize, u64)> {
            let mut ends = vec![part_of_name(name.as_bytes(), 0)];
            while ends.last().is_some_and(|(end, _)| *end < name.len()) {
                ends.extend(ends.last().map(|(end, _)| part_of_name(name.as_bytes(), *end)));
            }
            ends
        };
        let hash = |part: &str| hash_of_folded(part.as_bytes());
        assert_eq!(parts("adBanner"), [(2, hash("ad")), (8, hash("banner"))]);
        assert_eq!(parts("NEWSLETTERbox"), [(13, hash("newsletterbox"))]);
        assert_eq!(parts("newslettBox"), [(8, hash("newslett")), (11, hash("box"))]);
        assert_eq!(parts("newsletterBox"), [(10, hash("newsletter")), (13, hash("box"))]);
        assert_eq!(part_of_name(b"site-ad", 0), (4, hash("site")));
    }
}
