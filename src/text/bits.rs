//! Bytes as bits: which of 64 bytes are such and such, in one number. All are asked at once by the processor's wide
//! instructions, and what they say together is found out with a few steps for all 64.

/// Bytes looked at together.
pub(super) const CHUNK: usize = 64;

/// A bit for each byte of which `is` says yes, the first byte lowest; of at most [`CHUNK`] bytes, eight or a multiple. `is` is to
/// have no branches.
#[inline]
pub(super) fn bits<const N: usize>(chunk: &[u8; N], is: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0_u8; N];
    for (flag, byte) in flags.iter_mut().zip(chunk) {
        *flag = u8::from(is(*byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | gathered(u64::from_le_bytes(*eight)))
}

/// The lowest bits of eight bytes side by side: each is moved to the uppermost byte by one of the factor's bits, and no two
/// products meet.
const fn gathered(flags: u64) -> u64 {
    flags.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Bytes that are looked at together for one.
const LOOK: usize = 16;

/// Where the first byte stands of which `is` says yes; most say no. `is` is to have no branches.
#[inline]
pub(super) fn position(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let may_hold = |chunk: &[u8]| chunk.iter().fold(0, |has, byte| has | u8::from(is(*byte))) != 0;
    let (nth, chunk) = bytes.chunks(LOOK).enumerate().find(|(_, chunk)| may_hold(chunk))?;
    Some(nth * LOOK + chunk.iter().position(|byte| is(*byte))?)
}

/// The places of the bits that are set, lowest first.
pub(super) fn places(bits: u64) -> impl Iterator<Item = u32> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let next = (left != 0).then_some(left.trailing_zeros())?;
        left &= left - 1;
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, bits, places, position};

    #[test]
    fn each_byte_has_its_bit() {
        for at in 0..CHUNK {
            let mut chunk = [b'a'; CHUNK];
            chunk[at] = b'.';
            assert_eq!(bits(&chunk, |byte| byte == b'.'), 1 << at);
            assert_eq!(bits(&chunk, |byte| byte == b'a'), !(1 << at));
            assert_eq!(position(&chunk, |byte| byte == b'.'), Some(at));
            assert_eq!(position(&chunk[..at], |byte| byte == b'.'), None);
        }
        assert_eq!(places(1 << 63 | 0b101).collect::<Vec<_>>(), [0, 2, 63]);
    }
}
