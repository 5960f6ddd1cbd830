//! Eight bytes as one number, the first lowest: all are asked at once.

/// The same bit of each byte.
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * EACH;

/// The bytes with letters of ASCII in lower case.
pub(crate) const fn in_lower_case(bytes: u64) -> u64 {
    bytes | (!bytes & between(b'A', b'Z', bytes)) >> 2
}

/// How many of the bytes, from the first on, are letters or digits of ASCII.
pub(crate) const fn n_alphanumeric(bytes: u64) -> usize {
    let is_letter = between(b'a', b'z', bytes | (b' ' as u64 * EACH));
    let others = HIGH & !(is_letter | between(b'0', b'9', bytes)) | bytes & HIGH;
    others.trailing_zeros() as usize / 8
}

/// How many of the bytes, from the first on, are of one part of a name (capitals, then small letters and digits of ASCII), and
/// whether the last byte is a small letter or digit: the eight behind them want to know.
pub(crate) const fn n_of_part(bytes: u64, is_behind_small: bool) -> (usize, bool) {
    let is_ascii = !bytes & HIGH;
    let capitals = is_ascii & between(b'A', b'Z', bytes);
    let small = is_ascii & (between(b'a', b'z', bytes) | between(b'0', b'9', bytes));
    let behind_small = small << 8 | (is_behind_small as u64) << 7;
    let ends = HIGH & !(capitals | small) | capitals & behind_small;
    (ends.trailing_zeros() as usize / 8, small >> 63 == 1)
}

/// The high bit of each byte whose low bits are from one character of ASCII to another.
const fn between(first: u8, last: u8, bytes: u64) -> u64 {
    let low = bytes & !HIGH;
    let reaches_first = low + (0x80 - first as u64) * EACH;
    let is_beyond = low + (0x7f - last as u64) * EACH;
    HIGH & reaches_first & !is_beyond
}

/// Where the first byte of that value stands.
pub(crate) const fn position(wanted: u8, bytes: u64) -> Option<usize> {
    // Zero where it stands. A borrow marks only bytes above a zero, and the lowest one counts.
    let others = bytes ^ (wanted as u64 * EACH);
    let zeros = others.wrapping_sub(EACH) & !others & HIGH;
    if zeros == 0 { None } else { Some(zeros.trailing_zeros() as usize / 8) }
}

#[cfg(test)]
mod tests {
    use super::{in_lower_case, n_alphanumeric, position};

    #[test]
    fn every_byte_is_asked_for_itself() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = [b'@'; 8];
                bytes[at] = byte;
                let lower = bytes.map(|byte| byte.to_ascii_lowercase());
                assert_eq!(in_lower_case(u64::from_le_bytes(bytes)).to_le_bytes(), lower);
                let place = bytes.iter().position(|other| *other == byte);
                assert_eq!(position(byte, u64::from_le_bytes(bytes)), place, "{byte} at {at}");
                let word = bytes.map(|other| if other == b'@' { b'w' } else { other });
                let n_letters = if byte == b'@' || byte.is_ascii_alphanumeric() { 8 } else { at };
                assert_eq!(n_alphanumeric(u64::from_le_bytes(word)), n_letters, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn the_first_of_two_is_found_and_neighbours_do_not_count() {
        let eight = u64::from_le_bytes(*b"a\"!\"# !!");
        assert_eq!(position(b'"', eight), Some(1));
        assert_eq!(position(b'!', eight), Some(2));
        assert_eq!(position(b'$', eight), None);
    }
}
