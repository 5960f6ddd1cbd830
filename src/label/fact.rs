//! What the facts of both learned judges are made of: numbers, shares, and the letters of a text.

use crate::model::Evidence;

pub(super) const fn flag(is: bool) -> f32 {
    if is { 1.0 } else { 0.0 }
}

/// Counts beyond 65,535 make no difference.
pub(super) fn count(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// The same, of a length.
pub(super) fn number(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

/// A part of a whole; a whole of nothing counts as one.
pub(super) fn ratio(part: u32, whole: u32) -> f32 {
    count(part) / count(whole.max(1))
}

/// The same, of lengths.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    number(part) / number(whole.max(1))
}

/// How a text looks.
pub(super) struct Letters {
    /// What it begins with: 0 a letter without case, 1 upper case, 2 lower case, 3 a digit, 4 anything else.
    pub(super) start: f32,
    /// Shares of its characters without white space.
    pub(super) digits: f32,
    pub(super) capitals: f32,
    /// How many characters that stand between the parts of a line.
    pub(super) separators: f32,
}

impl Letters {
    /// Of the first characters of a text.
    pub(super) fn of(text: &str, max_chars: usize) -> Self {
        let start = match text.chars().next() {
            Some(c) if c.is_uppercase() => 1.0,
            Some(c) if c.is_lowercase() => 2.0,
            Some(c) if c.is_numeric() => 3.0,
            Some(c) if c.is_alphabetic() => 0.0,
            _ => 4.0,
        };
        let tally = tally(text, max_chars);
        let [all, digits, capitals, separators] = [ALL, DIGIT, CAPITAL, SEPARATOR]
            .map(|one| usize::try_from(tally >> one.trailing_zeros() & LANE).unwrap_or_default());
        Self {
            start,
            digits: share(digits, all),
            capitals: share(capitals, all),
            separators: number(separators),
        }
    }
}

/// Four numbers in one, which are added at once: characters that are no white space, and among them digits, capitals and
/// separators.
type Tally = u64;

/// One of each.
const ALL: Tally = 1;
const DIGIT: Tally = 1 << 16;
const CAPITAL: Tally = 1 << 32;
const SEPARATOR: Tally = 1 << 48;

/// Largest of the four numbers.
const LANE: Tally = 0xFFFF;

/// What each character of ASCII counts as.
const ASCII: [Tally; 128] = {
    let mut tallies = [0; 128];
    let mut byte = 0;
    while byte < tallies.len() {
        #[expect(clippy::cast_possible_truncation, reason = "below 128")]
        let tally = match byte as u8 {
            b' ' | b'\t'..=b'\r' => 0,
            b'A'..=b'Z' => ALL + CAPITAL,
            b'0'..=b'9' => ALL + DIGIT,
            b'|' | b'@' | b'/' => ALL + SEPARATOR,
            _ => ALL,
        };
        #[expect(clippy::indexing_slicing, reason = "the loop's bound")]
        {
            tallies[byte] = tally;
        }
        byte += 1;
    }
    tallies
};

/// Of the first characters of a text, fewer than [`LANE`].
fn tally(text: &str, max_chars: usize) -> Tally {
    let mut sum = 0;
    for_each_char(text, max_chars, &ASCII, tally_of_wide, |tally| sum += tally);
    sum
}

/// Calls with what each of the first characters of a text is: those of ASCII are in a table, the others are asked for.
#[inline]
pub(super) fn for_each_char<T: Copy>(
    text: &str,
    max_chars: usize,
    ascii: &[T; 128],
    of_wide: impl Fn(char) -> T,
    mut call: impl FnMut(T),
) {
    let bytes = text.as_bytes();
    let mut at = 0;
    for _ in 0..max_chars {
        let Some(byte) = bytes.get(at) else { break };
        if let Some(known) = ascii.get(usize::from(*byte)) {
            at += 1;
            call(*known);
        } else {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            let Some(character) = character else { break };
            at += character.len_utf8();
            call(of_wide(character));
        }
    }
}

fn tally_of_wide(character: char) -> Tally {
    match character {
        'ß'..='ö' | 'ø'..='ÿ' | '\u{2010}'..='\u{201F}' => ALL,
        '•' | '·' | '»' | '©' | '…' | '›' => ALL + SEPARATOR,
        c => {
            let one = |is: bool, of: Tally| if is { of } else { 0 };
            one(!c.is_whitespace(), ALL)
                + one(c.is_numeric(), DIGIT)
                + one(c.is_uppercase(), CAPITAL)
        }
    }
}

/// The facts of a block: a name and a value each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<const N: usize> {
    pub(super) names: &'static [&'static str; N],
    pub(super) values: [f32; N],
}

impl<const N: usize> Facts<N> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, f32)> {
        self.names.iter().copied().zip(self.values)
    }
}

impl<const N: usize> From<&Facts<N>> for Evidence {
    fn from(facts: &Facts<N>) -> Self {
        Self { names: facts.names, values: facts.values.into() }
    }
}

/// Facts as a list of names and values.
macro_rules! facts {
    ($(($name:literal, $value:expr)),+ $(,)?) => {
        $crate::label::fact::Facts { names: &[$($name),+], values: [$($value),+] }
    };
}
pub(super) use facts;
