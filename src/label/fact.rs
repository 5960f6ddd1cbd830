//! What the facts of both learned judges are made of: numbers, shares, and the letters of a text.

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
        let (mut all, mut digits, mut capitals) = (0_usize, 0_usize, 0_usize);
        let mut separators = 0_usize;
        for c in text.chars().take(max_chars) {
            match c {
                'a'..='z' | ',' | '.' => all += 1,
                ' ' => {}
                'A'..='Z' => (all, capitals) = (all + 1, capitals + 1),
                '0'..='9' => (all, digits) = (all + 1, digits + 1),
                '|' | '•' | '·' | '»' | '@' | '©' | '/' | '…' | '›' => {
                    (all, separators) = (all + 1, separators + 1);
                }
                _ => {
                    all += usize::from(!c.is_whitespace());
                    digits += usize::from(c.is_numeric());
                    capitals += usize::from(c.is_uppercase());
                }
            }
        }
        let start = match text.chars().next() {
            Some(c) if c.is_uppercase() => 1.0,
            Some(c) if c.is_lowercase() => 2.0,
            Some(c) if c.is_numeric() => 3.0,
            Some(c) if c.is_alphabetic() => 0.0,
            _ => 4.0,
        };
        Self {
            start,
            digits: share(digits, all),
            capitals: share(capitals, all),
            separators: number(separators),
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

/// Facts as a list of names and values.
macro_rules! facts {
    ($(($name:literal, $value:expr)),+ $(,)?) => {
        $crate::label::fact::Facts { names: &[$($name),+], values: [$($value),+] }
    };
}
pub(super) use facts;
