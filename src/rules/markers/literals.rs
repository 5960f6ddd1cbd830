//! A few hundred short strings, found in a text wherever they stand, letters of ASCII in either case. A filter of their
//! first bytes tells of nearly every place of the text that none stands there; an automaton would have to wait for
//! one place before it looks at the next, and took three times as long.

use super::gated::Set;
use crate::rules::table::{ByHash, Filter};
use crate::text::bits::{CHUNK, all_bits, any};
use crate::text::hash;

/// Bytes read for a key, which is of three: four are read with one instruction.
const KEY_BYTES: usize = 4;

/// The bit that tells a lower-case letter of ASCII from the upper-case one, in each byte.
const CASE_BITS: u32 = 0x2020_2020;

/// Strings, each with a set of those who ask for it.
#[derive(Debug)]
pub(super) struct Literals {
    /// Those of a byte.
    of_one: Vec<(u8, Set)>,
    /// Those of two.
    of_two: Vec<([u8; 2], Set)>,
    longer: ByKey,
}

/// Strings by the first bytes of each.
#[derive(Debug)]
struct ByKey {
    filter: Filter,
    strings: ByHash<Vec<(Box<[u8]>, Set)>>,
    /// All who ask for one of them.
    askers: Set,
}

impl Literals {
    /// Of strings that differ from each other, letters of ASCII in lower case; empty ones are left out.
    pub(super) fn of<'l>(strings: impl IntoIterator<Item = (&'l str, Set)>) -> Self {
        let (mut of_one, mut of_two) = (Vec::new(), Vec::new());
        let mut longer = Vec::new();
        for (text, askers) in strings {
            match *text.as_bytes() {
                [] => {}
                [only] => of_one.push((only, askers)),
                [first, second] => of_two.push(([first, second], askers)),
                _ => longer.push((text, askers)),
            }
        }
        Self { of_one, of_two, longer: ByKey::of(&longer) }
    }

    /// Who of some asks for a string that stands in a text.
    pub(super) fn asked_for_by(&self, text: &str, some: Set) -> Set {
        let bytes = text.as_bytes();
        let of_one = self.of_one.iter().filter(|(_, askers)| askers & some != 0);
        let of_one = of_one.filter(|(only, _)| any(bytes, |some| [some.are(*only)]) == [true]);
        let of_two = self.of_two.iter().filter(|(_, askers)| askers & some != 0);
        let of_two = of_two.filter(|(two, _)| has_two(bytes, *two));
        let short = of_one.map(|(_, askers)| askers).chain(of_two.map(|(_, askers)| askers));
        some & short.fold(self.longer.asked_for_by(bytes, some), |all, askers| all | askers)
    }
}

impl ByKey {
    fn of(all: &[(&str, Set)]) -> Self {
        let mut filter = Filter::default();
        let mut strings: ByHash<Vec<_>> = ByHash::default();
        for (text, askers) in all {
            let text = text.as_bytes();
            let hash = hash_of_key(text);
            filter.add(hash);
            strings.entry(hash).or_default().push((text.into(), *askers));
        }
        let askers = all.iter().fold(0, |all, (_, askers)| all | askers);
        Self { filter, strings, askers }
    }

    fn asked_for_by(&self, text: &[u8], some: Set) -> Set {
        if self.askers & some == 0 {
            return 0;
        }
        let mut found = 0;
        for (at, four) in text.windows(KEY_BYTES).enumerate() {
            let hash = hash_of_key(four);
            if self.filter.may_have(hash) {
                found |= self.at(text.get(at..).unwrap_or_default(), hash, some);
            }
        }
        // No window is left for a string of three bytes at the end.
        let end = text.last_chunk::<3>().map_or(&[][..], <[u8; 3]>::as_slice);
        let hash = hash_of_key(end);
        if self.filter.may_have(hash) { found | self.at(end, hash, some) } else { found }
    }

    /// Who asks for the strings of a key that a text begins with.
    fn at(&self, text: &[u8], hash: u64, some: Set) -> Set {
        let begins = |literal: &[u8]| {
            text.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal))
        };
        let strings = self.strings.get(&hash).into_iter().flatten();
        let asked_for = strings.filter(|(_, askers)| askers & some != 0);
        let standing = asked_for.filter(|(literal, _)| begins(literal));
        standing.fold(0, |all, (_, askers)| all | askers)
    }
}

/// Whether a string of two bytes stands in a text, letters of ASCII in either case.
fn has_two(text: &[u8], [first, second]: [u8; 2]) -> bool {
    let mut is_behind_first = 0;
    text.chunks(CHUNK).any(|chunk| {
        let [firsts, seconds] = all_bits(chunk, |some| {
            [some.are_in_either_case(first), some.are_in_either_case(second)]
        });
        let has_two = seconds & (firsts << 1 | is_behind_first) != 0;
        is_behind_first = firsts >> (CHUNK - 1);
        has_two
    })
}

/// The first three bytes of a text in one number, letters of ASCII in lower case; that other bytes become equal too costs a
/// look. Behind the end are zeros.
#[inline]
fn key(text: &[u8]) -> u32 {
    let four = text.first_chunk::<KEY_BYTES>().copied();
    let four = four.unwrap_or_else(|| {
        let mut padded = [0; KEY_BYTES];
        padded.iter_mut().zip(text).for_each(|(zero, byte)| *zero = *byte);
        padded
    });
    u32::from_le_bytes(four) << u8::BITS | CASE_BITS
}

/// The hash of a text's [`key`]. The upper bits are the well mixed ones, and tables look at the lower ones.
#[inline]
fn hash_of_key(text: &[u8]) -> u64 {
    hash::with(0, u64::from(key(text))).rotate_left(26)
}

#[cfg(test)]
mod tests {
    use super::Literals;

    fn found(text: &str) -> Vec<&'static str> {
        let strings = ["/", "@", "afp", "ap", "foto", "fotograf", "straße", "©"];
        let literals = Literals::of((0..).zip(strings).map(|(idx, text)| (text, 1 << idx)));
        let asked_for = |some| literals.asked_for_by(text, some);
        let each = (0..).zip(strings);
        let found: Vec<_> = each.filter(|(idx, _)| asked_for(1 << idx) != 0).collect();
        assert_eq!(asked_for(u128::MAX), found.iter().fold(0, |all, (idx, _)| all | 1 << idx));
        found.into_iter().map(|(_, string)| string).collect()
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
