//! A few hundred short strings, found in a text wherever they stand, letters of ASCII in either case. A filter of their
//! first three bytes tells of nearly every place of the text that none stands there; an automaton would have to wait for
//! one place before it looks at the next, and took three times as long.

use crate::rules::table::{ByHash, Filter};
use crate::text::hash;

/// Bytes of a key.
const KEY_BYTES: usize = 3;

/// Values of a byte.
const N_BYTES: usize = 1 << u8::BITS;

/// The bits of a key.
const KEY_MASK: u32 = 0xFF_FF_FF;

/// Strings, each with something behind it.
#[derive(Debug)]
pub(super) struct Literals<T> {
    /// Which bytes are one, and what is behind them.
    is_one: [bool; N_BYTES],
    of_one: Vec<(u8, T)>,
    /// Those of two.
    of_two: Vec<([u8; 2], T)>,
    /// The others, by their first three bytes, folded.
    longer: ByHash<Vec<(Box<[u8]>, T)>>,
    /// The keys of all that are longer than a byte.
    filter: Filter,
}

impl<T> Literals<T> {
    /// Of strings that differ from each other, letters of ASCII in lower case; empty ones are left out.
    pub(super) fn of<'l>(strings: impl IntoIterator<Item = (&'l str, T)>) -> Self {
        let mut literals = Self {
            is_one: [false; N_BYTES],
            of_one: Vec::new(),
            of_two: Vec::new(),
            longer: ByHash::default(),
            filter: Filter::default(),
        };
        for (text, meaning) in strings {
            literals.add(text.as_bytes(), meaning);
        }
        literals
    }

    fn add(&mut self, text: &[u8], meaning: T) {
        match *text {
            [] => {}
            [only] => {
                self.is_one.get_mut(usize::from(only)).into_iter().for_each(|is| *is = true);
                self.of_one.push((only, meaning));
            }
            [first, second] => {
                // Whatever stands behind it.
                for third in 0..=u8::MAX {
                    self.filter.add(hashed(key([first, second, third])));
                }
                self.of_two.push(([first, second], meaning));
            }
            [first, second, third, ..] => {
                let hash = hashed(key([first, second, third]));
                self.filter.add(hash);
                self.longer.entry(hash).or_default().push((text.into(), meaning));
            }
        }
    }

    /// Calls for every place where one of the strings stands, from the end to the start.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(&T)) {
        let bytes = text.as_bytes();
        // The three bytes from here on, this one lowest; behind the end are zeros.
        let mut key = key([0; KEY_BYTES]);
        for (at, byte) in bytes.iter().enumerate().rev() {
            if self.is_one.get(usize::from(*byte)) == Some(&true) {
                let only = self.of_one.iter().filter(|(only, _)| only == byte);
                only.for_each(|(_, meaning)| found(meaning));
            }
            key = (key << 8 | folded(*byte)) & KEY_MASK;
            let hash = hashed(key);
            if self.filter.may_have(hash) {
                self.find_at(bytes.get(at..).unwrap_or_default(), hash, &mut found);
            }
        }
    }

    /// Calls for the strings of two bytes and more that a text begins with.
    fn find_at(&self, text: &[u8], hash: u64, found: &mut impl FnMut(&T)) {
        let begins = |literal: &[u8]| {
            text.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal))
        };
        for (_, meaning) in self.of_two.iter().filter(|(literal, _)| begins(literal)) {
            found(meaning);
        }
        let longer = self.longer.get(&hash).into_iter().flatten();
        for (_, meaning) in longer.filter(|(literal, _)| begins(literal)) {
            found(meaning);
        }
    }
}

/// The key of three bytes.
fn key(bytes: [u8; KEY_BYTES]) -> u32 {
    bytes.iter().rev().fold(0, |key, byte| key << 8 | folded(*byte))
}

/// Letters of ASCII in lower case; that other bytes become equal too costs a look.
#[inline]
fn folded(byte: u8) -> u32 {
    u32::from(byte | 0x20)
}

/// The hash of a key.
#[inline]
fn hashed(key: u32) -> u64 {
    // The upper bits are the well mixed ones, and the filter looks at the lower ones.
    hash::with(0, u64::from(key)).rotate_left(26)
}

#[cfg(test)]
mod tests {
    use super::Literals;

    fn found(text: &str) -> Vec<&'static str> {
        let strings = ["@", "ap", "afp", "foto", "fotograf", "straße", "©", "/"];
        let literals = Literals::of(strings.map(|text| (text, text)));
        let mut all = Vec::new();
        literals.find(text, |meaning| all.push(*meaning));
        all.sort_unstable();
        all
    }

    #[test]
    fn all_are_found_in_either_case_wherever_they_stand() {
        assert_eq!(found("Fotografie: AFP/dpa"), ["/", "afp", "foto", "fotograf"]);
        assert_eq!(found("Hauptstraße"), ["straße"]);
        assert_eq!(found("HAUPTSTRAßE AP"), ["ap", "straße"]);
        assert_eq!(found("(© a@b)"), ["@", "©"]);
        assert_eq!(found("AP"), ["ap"]);
        assert_eq!(found("fot"), [""; 0]);
        assert_eq!(found("a"), [""; 0]);
        assert_eq!(found(""), [""; 0]);
    }
}
