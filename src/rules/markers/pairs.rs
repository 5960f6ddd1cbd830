//! Pairs of bytes: what words and lines begin with, told in one look.

/// Words of the set: a bit for each pair there is.
const N_WORDS: usize = 1 << 10;

/// Pairs of bytes.
#[derive(Debug)]
pub(super) struct PairSet {
    bits: Box<[u64; N_WORDS]>,
}

impl PairSet {
    #[inline]
    pub(super) fn has(&self, pair: [u8; 2]) -> bool {
        let pair = u16::from_le_bytes(pair);
        let bits = self.bits.get(usize::from(pair / 64)).copied().unwrap_or_default();
        bits >> (pair % 64) & 1 == 1
    }
}

impl FromIterator<[u8; 2]> for PairSet {
    fn from_iter<I: IntoIterator<Item = [u8; 2]>>(pairs: I) -> Self {
        let mut bits = Box::new([0; N_WORDS]);
        for pair in pairs {
            let pair = u16::from_le_bytes(pair);
            bits.get_mut(usize::from(pair / 64))
                .into_iter()
                .for_each(|bits| *bits |= 1 << (pair % 64));
        }
        Self { bits }
    }
}
