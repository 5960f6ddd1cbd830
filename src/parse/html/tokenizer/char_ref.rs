//! Character references: `&amp;`, `&#228;`, `&#xe4;` (HTML standard, "character reference state").
//!
//! The names are html5ever's table, which holds every name and, with code 0, every beginning of one.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

use super::References;

/// Bytes of the longest name, `CounterClockwiseContourIntegral;`.
const LONGEST_NAME: usize = 32;

/// What a reference stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    first: char,
    second: Option<char>,
    /// Bytes of the reference behind its `&`.
    pub(super) n_bytes: usize,
}

impl Reference {
    pub(super) fn push_to(self, text: &mut String) {
        text.push(self.first);
        if let Some(second) = self.second {
            text.push(second);
        }
    }
}

/// Reads the reference whose `&` stands before `rest`; `None` where that is only a `&`.
pub(super) fn read(rest: &[u8], references: References) -> Option<Reference> {
    match rest.first()? {
        b'#' => numeric(rest),
        byte if byte.is_ascii_alphanumeric() => named(rest, references),
        _ => None,
    }
}

fn named(rest: &[u8], references: References) -> Option<Reference> {
    if let Some((name, character)) = COMMON.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some(Reference { first: *character, second: None, n_bytes: name.len() });
    }
    let n_letters =
        rest.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let ends = rest.get(n_letters) == Some(&b';');
    if ends && let Some(reference) = lookup(rest, n_letters + 1) {
        return Some(reference);
    }
    // The longest name that the text begins with: `&notit;` is `¬it;`.
    let reference = (1..=n_letters).rev().find_map(|n_bytes| lookup(rest, n_bytes))?;
    let next = rest.get(reference.n_bytes);
    let is_parameter = references == References::InAttribute
        && next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric());
    (!is_parameter).then_some(reference)
}

/// The names of nearly all references, which need no look into the table.
const COMMON: [(&[u8], char); 7] = [
    (b"amp;", '&'),
    (b"nbsp;", '\u{a0}'),
    (b"quot;", '"'),
    (b"lt;", '<'),
    (b"gt;", '>'),
    (b"apos;", '\''),
    (b"shy;", '\u{ad}'),
];

/// A name as a whole.
fn lookup(rest: &[u8], n_bytes: usize) -> Option<Reference> {
    let name = std::str::from_utf8(rest.get(..n_bytes)?).ok()?;
    let &(first, second) = NAMED_ENTITIES.get(name)?;
    if first == 0 {
        return None;
    }
    let second = if second == 0 { None } else { char::from_u32(second) };
    Some(Reference { first: char::from_u32(first)?, second, n_bytes })
}

fn numeric(rest: &[u8]) -> Option<Reference> {
    let (radix, digits_at) = match rest.get(1) {
        Some(b'x' | b'X') => (16, 2),
        _ => (10, 1),
    };
    let digits = rest.get(digits_at..).unwrap_or_default();
    let (mut code, mut n_digits) = (0_u32, 0);
    while let Some(digit) = digits.get(n_digits).and_then(|byte| char::from(*byte).to_digit(radix))
    {
        code = code.saturating_mul(radix).saturating_add(digit);
        n_digits += 1;
    }
    if n_digits == 0 {
        return None;
    }
    let ends = digits.get(n_digits) == Some(&b';');
    let n_bytes = digits_at + n_digits + usize::from(ends);
    Some(Reference { first: character(code), second: None, n_bytes })
}

/// The character of a number; numbers of windows-1252 are read as such, impossible ones are replaced.
fn character(code: u32) -> char {
    /// First code of the C1 controls, in whose place windows-1252 has quotes and dashes.
    const C1: u32 = 0x80;
    let replaced = code
        .checked_sub(C1)
        .and_then(|n| C1_REPLACEMENTS.get(usize::try_from(n).ok()?).copied().flatten());
    match (code, replaced) {
        (0, _) => char::REPLACEMENT_CHARACTER,
        (_, Some(replaced)) => replaced,
        (code, None) => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}
