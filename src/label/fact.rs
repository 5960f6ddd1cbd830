//! What the facts of both learned judges are made of: numbers, shares, and the letters of a text.

use crate::model::Evidence;
use crate::text::bits::{CHUNK, all_bits, low_bits, places};
use crate::text::{first_chars, is_alphanumeric};

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
    /// Share of its words with a capital letter at their start.
    pub(super) capital_words: f32,
    /// Number of quotation marks.
    pub(super) quotes: f32,
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
        let counts = Counts::of(first_chars(text, max_chars));
        Self {
            start,
            digits: ratio(counts.digits, counts.all),
            capitals: ratio(counts.capitals, counts.all),
            separators: count(counts.separators),
            capital_words: ratio(counts.capital_words, counts.words),
            quotes: count(counts.quotes),
        }
    }
}

/// How many characters and words of a text are such and such.
#[derive(Debug, Default)]
struct Counts {
    /// Characters that are no white space.
    all: u32,
    digits: u32,
    capitals: u32,
    separators: u32,
    quotes: u32,
    /// Letters and digits in a row.
    words: u32,
    capital_words: u32,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut is_behind_word = false;
        let mut rest = text;
        while !rest.is_empty() {
            let (chunk, behind) =
                rest.split_at_checked(rest.floor_char_boundary(CHUNK)).unwrap_or((rest, ""));
            let looks = Looks::of(chunk);
            is_behind_word = counts.add(&looks, is_behind_word);
            rest = behind;
        }
        counts
    }

    /// Adds some characters; whether the last one is of a word.
    fn add(&mut self, looks: &Looks, is_behind_word: bool) -> bool {
        let starts = looks.of_words & !(looks.of_words << 1 | u64::from(is_behind_word));
        self.all += looks.all.count_ones();
        self.digits += looks.digits.count_ones();
        self.capitals += looks.capitals.count_ones();
        self.separators += looks.separators.count_ones();
        self.quotes += looks.quotes.count_ones();
        self.words += starts.count_ones();
        self.capital_words += (starts & looks.capitals).count_ones();
        looks.ends_in_word
    }
}

/// Which of at most 64 bytes begin a character that is such and such.
#[derive(Debug)]
struct Looks {
    all: u64,
    digits: u64,
    capitals: u64,
    separators: u64,
    quotes: u64,
    /// All bytes of letters and digits.
    of_words: u64,
    ends_in_word: bool,
}

impl Looks {
    /// Of a text of at most so many bytes.
    fn of(text: &str) -> Self {
        let [blanks, digits, capitals, letters, separators, quotes, wide] =
            all_bits(text.as_bytes(), |some| {
                [
                    some.are_blank() | some.are_wide(),
                    some.are_from(b'0', b'9'),
                    some.are_from(b'A', b'Z'),
                    some.are_letters(),
                    some.are(b'|') | some.are(b'@') | some.are(b'/'),
                    some.are(b'"'),
                    some.begin_wide(),
                ]
            });
        let own = low_bits(text.len());
        let of_words = letters | digits;
        let all = own & !blanks;
        let mut looks =
            Self { all, digits, capitals, separators, quotes, of_words, ends_in_word: false };
        for place in places(wide) {
            if let Some(character) = text.get(place..).and_then(|rest| rest.chars().next()) {
                looks.add_wide(place, character);
            }
        }
        looks.ends_in_word = looks.of_words & (own ^ own >> 1) != 0;
        looks
    }

    /// Adds a character beyond ASCII.
    fn add_wide(&mut self, place: usize, character: char) {
        let one = |is: bool| u64::from(is) << place;
        match character {
            'ß'..='ö' | 'ø'..='ÿ' | '\u{2010}'..='\u{201B}' | '\u{201F}' => {}
            '„' | '“' | '”' => self.quotes |= one(true),
            '•' | '·' | '»' | '©' | '…' | '›' => self.separators |= one(true),
            _ => {
                self.quotes |= one(character == '«');
                self.digits |= one(character.is_numeric());
                self.capitals |= one(character.is_uppercase());
                self.all ^= one(character.is_whitespace());
            }
        }
        self.all ^= one(true);
        if is_alphanumeric(character) {
            self.of_words |= low_bits(character.len_utf8()) << place;
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
