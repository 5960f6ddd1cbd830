//! Bytes as bits: which of 64 bytes are such and such, in one number. Sixteen are asked at once by the processor's wide
//! instructions, and what they say together is found out with a few steps for all 64.

use std::ops::{BitAnd, BitOr, Not};

use wide::u8x16;

use super::hash::number_of;

/// Bytes that a number has bits for.
pub(crate) const CHUNK: usize = 64;

/// Bytes that are asked at once.
const LOOK: usize = 16;
const HALF: usize = LOOK / 2;

/// Sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sixteen(u8x16);

/// What is true of each of sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Are(u8x16);

impl Sixteen {
    #[inline]
    const fn of(bytes: [u8; LOOK]) -> Self {
        Self(u8x16::new(bytes))
    }

    /// Which are this one.
    #[inline]
    pub(crate) fn are(self, byte: u8) -> Are {
        Are(self.0.simd_eq(u8x16::splat(byte)))
    }

    /// Which are from one to another, both included.
    #[inline]
    pub(crate) fn are_from(self, first: u8, last: u8) -> Are {
        let from_first = self.0 - u8x16::splat(first);
        Are(from_first.min(u8x16::splat(last - first)).simd_eq(from_first))
    }

    /// Which are letters of ASCII.
    #[inline]
    pub(crate) fn are_letters(self) -> Are {
        Self(self.0 | u8x16::splat(b' ')).are_from(b'a', b'z')
    }

    /// Which are this one, letters of ASCII in either case.
    #[inline]
    pub(crate) fn are_in_either_case(self, byte: u8) -> Are {
        if byte.is_ascii_lowercase() {
            Self(self.0 | u8x16::splat(b' ')).are(byte)
        } else {
            self.are(byte)
        }
    }

    /// Which are white space of ASCII.
    #[inline]
    pub(crate) fn are_blank(self) -> Are {
        self.are(b' ') | self.are_from(b'\t', b'\r')
    }

    /// Which are no ASCII.
    #[inline]
    pub(crate) fn are_wide(self) -> Are {
        self.are_from(0x80, u8::MAX)
    }

    /// Which begin a character beyond ASCII.
    #[inline]
    pub(crate) fn begin_wide(self) -> Are {
        self.are_from(0xC2, u8::MAX)
    }
}

impl Are {
    #[inline]
    fn bits(self) -> u64 {
        u64::from(self.0.to_bitmask())
    }
}

impl BitOr for Are {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Are {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Are {
    type Output = Self;

    #[inline]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// Of each question, a bit for each of at most [`CHUNK`] bytes that answers it with yes, the first byte lowest.
#[inline]
pub(crate) fn all_bits<const N: usize>(
    bytes: &[u8],
    which: impl Fn(Sixteen) -> [Are; N],
) -> [u64; N] {
    let Some(last) = bytes.last_chunk() else {
        return bits_of_few(bytes, which);
    };
    let mut all = [0; N];
    let mut add = |sixteen: &[u8; LOOK], at: usize| {
        let answers = which(Sixteen::of(*sixteen));
        for (bits, are) in all.iter_mut().zip(&answers) {
            *bits |= are.bits() << at;
        }
    };
    let (sixteens, _) = bytes.as_chunks();
    for (nth, sixteen) in sixteens.iter().enumerate() {
        add(sixteen, nth * LOOK);
    }
    // Some of them are asked twice, and say the same.
    add(last, bytes.len() - LOOK);
    all
}

/// The same of fewer bytes than are asked at once: the first eight and the last eight, which overlap.
#[inline]
fn bits_of_few<const N: usize>(bytes: &[u8], which: impl Fn(Sixteen) -> [Are; N]) -> [u64; N] {
    let eight = |chunk: &[u8; HALF]| u64::from_le_bytes(*chunk);
    let first = bytes.first_chunk().map_or_else(|| number_of(bytes), eight);
    let last = bytes.last_chunk().map_or(first, eight);
    let both = u128::from(first) | u128::from(last) << u64::BITS;
    let answers = which(Sixteen::of(both.to_le_bytes()));
    let (at_last, own) = (bytes.len().saturating_sub(HALF), low_bits(bytes.len()));
    let mut all = [0; N];
    for (bits, are) in all.iter_mut().zip(&answers) {
        *bits = (are.bits() & low_bits(HALF) | are.bits() >> HALF << at_last) & own;
    }
    all
}

/// Of each question, whether one of the bytes answers it with yes.
#[inline]
pub(crate) fn any<const N: usize>(bytes: &[u8], which: impl Fn(Sixteen) -> [Are; N]) -> [bool; N] {
    let mut has = [false; N];
    let Some(last) = bytes.last_chunk() else {
        let few = bits_of_few(bytes, which);
        has.iter_mut().zip(&few).for_each(|(has, bits)| *has = *bits != 0);
        return has;
    };
    let mut all = which(Sixteen::of(*last));
    let (sixteens, _) = bytes.as_chunks();
    for sixteen in sixteens {
        let answers = which(Sixteen::of(*sixteen));
        all.iter_mut().zip(&answers).for_each(|(all, are)| *all = *all | *are);
    }
    has.iter_mut().zip(&all).for_each(|(has, are)| *has = are.0.any());
    has
}

/// Where the first byte stands of which `which` says yes; most say no.
#[inline]
pub(crate) fn position(bytes: &[u8], which: impl Fn(Sixteen) -> Are) -> Option<usize> {
    let first = |bits: u64| (bits != 0).then_some(bits.trailing_zeros() as usize);
    let Some(last) = bytes.last_chunk() else {
        let [bits] = bits_of_few(bytes, |sixteen| [which(sixteen)]);
        return first(bits);
    };
    let (sixteens, _) = bytes.as_chunks();
    for (nth, sixteen) in sixteens.iter().enumerate() {
        if let Some(at) = first(which(Sixteen::of(*sixteen)).bits()) {
            return Some(nth * LOOK + at);
        }
    }
    first(which(Sixteen::of(*last)).bits()).map(|at| bytes.len() - LOOK + at)
}

/// So many bits, the lowest ones.
#[inline]
pub(crate) const fn low_bits(n: usize) -> u64 {
    if n < CHUNK { (1 << n) - 1 } else { u64::MAX }
}

/// The places of the bits that are set, lowest first.
#[inline]
pub(crate) fn places(bits: u64) -> impl Iterator<Item = usize> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let next = (left != 0).then_some(left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, all_bits, any, places, position};

    #[test]
    fn each_byte_has_its_bit() {
        for length in 0..=CHUNK {
            for at in 0..length {
                let mut chunk = [b'a'; CHUNK];
                chunk[at] = b'.';
                let bytes = &chunk[..length];
                let all = u64::MAX >> (CHUNK - length);
                let both = all_bits(bytes, |sixteen| [sixteen.are(b'.'), sixteen.are(b'a')]);
                assert_eq!(both, [1 << at, all & !(1 << at)]);
                assert_eq!(position(bytes, |sixteen| sixteen.are(b'.')), Some(at));
                assert_eq!(position(&bytes[..at], |sixteen| sixteen.are(b'.')), None);
                let stops = |sixteen: super::Sixteen| [sixteen.are(b'.'), sixteen.are(0)];
                assert_eq!(any(bytes, stops), [true, false]);
                assert_eq!(any(&bytes[..at], stops), [false, false]);
            }
        }
        assert_eq!(all_bits(b"", |sixteen| [sixteen.are(0)]), [0]);
        assert_eq!(places(1 << 63 | 0b101).collect::<Vec<_>>(), [0, 2, 63]);
    }

    #[test]
    fn a_byte_is_what_it_is_asked_for() {
        for byte in 0..=u8::MAX {
            let [blank, letter, digit, wide, begins, n, colon] = all_bits(&[byte], |sixteen| {
                [
                    sixteen.are_blank(),
                    sixteen.are_letters(),
                    sixteen.are_from(b'0', b'9'),
                    sixteen.are_wide(),
                    sixteen.begin_wide(),
                    sixteen.are_in_either_case(b'n'),
                    sixteen.are_in_either_case(b':'),
                ]
            })
            .map(|bits| bits != 0);
            assert_eq!(blank, byte == b' ' || (b'\t'..=b'\r').contains(&byte));
            assert_eq!(letter, byte.is_ascii_alphabetic());
            assert_eq!(digit, byte.is_ascii_digit());
            assert_eq!(wide, !byte.is_ascii());
            assert_eq!(begins, byte >= 0xC2);
            assert_eq!(n, byte.eq_ignore_ascii_case(&b'n'));
            assert_eq!(colon, byte == b':');
        }
    }
}
