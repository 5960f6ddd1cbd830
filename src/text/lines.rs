//! Lines of a text dump, whatever ends them.

use super::bits::position;

/// One line of a text: its content without the line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'t> {
    /// The content.
    pub text: &'t str,
    /// Its number, counted from 1.
    pub number: u32,
}

/// Cuts a text at LF, CR, CRLF, VT, FF, NEL, U+2028 and U+2029 (Unicode Standard 5.8, "newline function").
pub fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = Some(text);
    let mut number = 0_u32;
    std::iter::from_fn(move || {
        let current = rest?;
        number = number.saturating_add(1);
        let (line, after) = split_line(current);
        rest = after;
        Some(Line { text: line, number })
    })
}

/// The first line and what follows its line end.
fn split_line(text: &str) -> (&str, Option<&str>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(next_candidate) {
        let at = from + found;
        if let Some(length) = line_end_length(bytes, at) {
            return (text.get(..at).unwrap_or_default(), text.get(at + length..));
        }
        from = at + 1;
    }
    (text, None)
}

/// Position of the next byte that may begin a line end: a control character, or the lead byte of NEL or U+2028/9.
fn next_candidate(bytes: &[u8]) -> Option<usize> {
    position(bytes, |some| some.are_from(0x0A, 0x0D) | some.are(0xC2) | some.are(0xE2))
}

/// Length in bytes of the line end at `at`, if there is one.
fn line_end_length(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => Some(2),
        [0x0A..=0x0D, ..] => Some(1),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn every_line_end_of_unicode_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{b}e\u{c}f\u{85}g\u{2028}h\u{2029}i";
        let found: Vec<_> = lines(text).map(|line| line.text).collect();
        assert_eq!(found, ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
        assert_eq!(lines(text).last().map(|line| line.number), Some(9));
    }

    #[test]
    fn letters_that_share_a_lead_byte_end_no_line() {
        let found: Vec<_> = lines("„a“ – 5 °C").map(|line| line.text).collect();
        assert_eq!(found, ["„a“ – 5 °C"]);
    }
}
