//! One line of text in its normal form: NFC, single blanks, nothing invisible, no control characters, no ligatures.
//!
//! What the author typed stays: quotes, dashes, gender colons, brackets, decimals, the narrow no-break space of French
//! typography, and the joiners U+200C and U+200D where a script or an emoji needs them.

use std::borrow::Cow;

use super::bits::{CHUNK, all_bits, places};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// French typography puts it before `:` and inside `«»`.
const NARROW_NO_BREAK_SPACE: char = '\u{202F}';

/// First character after the scripts (Latin, Greek, Cyrillic, Armenian) that never need a joiner.
const FIRST_JOINING_SCRIPT: char = '\u{0590}';

/// The normal form of a line without entities and line ends. Borrowed when it already is.
#[must_use]
pub fn normalize(line: &str) -> Cow<'_, str> {
    let line = line.trim_ascii();
    if is_surely_normal(line.as_bytes()) {
        return Cow::Borrowed(line);
    }
    if let Some(folded) = fold_plain(line) {
        return Cow::Owned(folded);
    }
    let folded = fold(line);
    if is_nfc_quick(folded.chars()) == IsNormalized::Yes {
        return if folded == line { Cow::Borrowed(line) } else { Cow::Owned(folded) };
    }
    Cow::Owned(folded.nfc().collect())
}

/// Whether the bytes of a line without blanks at its ends hold nothing that could need work: plain characters with single
/// blanks. Asks 64 bytes at once; what these cannot tell is looked at one by one.
fn is_surely_normal(bytes: &[u8]) -> bool {
    let mut is_behind_blank = 0;
    for (start, chunk) in (0..).step_by(CHUNK).zip(bytes.chunks(CHUNK)) {
        let [plain, blanks, unsure] = all_bits(chunk, |some| {
            // ASCII, first bytes of characters that may be plain, and all further bytes.
            let may_be_plain = some.are_from(b' ', b'~') | some.are_from(0x80, 0xCA);
            let unsure = some.are(0xC2) | some.are(0xE2);
            [may_be_plain | unsure, some.are(b' '), unsure]
        });
        let is_plain = |at: usize| bytes.get(start + at..).is_some_and(|rest| n_plain(rest) > 0);
        let all_may_be = plain.count_ones() as usize == chunk.len();
        if !all_may_be
            || blanks & (blanks << 1 | is_behind_blank) != 0
            || !places(unsure).all(is_plain)
        {
            return false;
        }
        is_behind_blank = blanks >> (CHUNK - 1);
    }
    true
}

/// Bytes of the first character if it is plain, else 0: printable ASCII, Latin-1 and Latin Extended letters, and the
/// common marks of U+2010–U+2027 and U+2030–U+205E.
fn n_plain(bytes: &[u8]) -> usize {
    match bytes {
        [b' '..=b'~', ..] => 1,
        [0xC3..=0xCA, ..] => 2,
        [0xC2, second, ..] if !matches!(second, 0x80..=0xA0 | 0xAD) => 2,
        [0xE2, rest @ ..] if is_plain_mark(rest.first(), rest.get(1)) => 3,
        _ => 0,
    }
}

/// The normal form of a line that is plain but for its white space, as most text between tags is: indented, over
/// several lines, with no-break spaces.
fn fold_plain(line: &str) -> Option<String> {
    let mut folded = String::with_capacity(line.len());
    let (mut from, mut at) = (0, 0);
    while let Some(rest) = line.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        let n_blank = match rest {
            [b' ' | b'\t'..=b'\r', ..] => 1,
            [0xC2, 0xA0, ..] => 2,
            _ => 0,
        };
        if n_blank == 0 {
            let n_bytes = n_plain(rest);
            if n_bytes == 0 {
                return None;
            }
            at += n_bytes;
            continue;
        }
        push_word(&mut folded, line.get(from..at)?);
        at += n_blank;
        from = at;
    }
    push_word(&mut folded, line.get(from..)?);
    Some(folded)
}

/// Appends a word, with a blank before it where it is not the first.
fn push_word(folded: &mut String, word: &str) {
    if word.is_empty() {
        return;
    }
    if !folded.is_empty() {
        folded.push(' ');
    }
    folded.push_str(word);
}

/// Whether `E2 second third` is a dash, a quote, a dot or the like: no space, no invisible character.
const fn is_plain_mark(second: Option<&u8>, third: Option<&u8>) -> bool {
    match (second, third) {
        (Some(0x80), Some(third)) => matches!(third, 0x90..=0xA7 | 0xB0..=0xBF),
        (Some(0x81), Some(third)) => *third <= 0x9E,
        (Some(second), _) => matches!(second, 0x82 | 0x84 | 0x86..=0x9F),
        (None, _) => false,
    }
}

/// Everything but NFC.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    let mut before = None;
    let mut owes_blank = false;
    while let Some(character) = characters.next() {
        if character.is_whitespace() && character != NARROW_NO_BREAK_SPACE {
            owes_blank = true;
            continue;
        }
        if is_invisible(character) && !is_needed_joiner(character, before, characters.peek()) {
            continue;
        }
        if owes_blank && !folded.is_empty() {
            folded.push(' ');
        }
        owes_blank = false;
        push_unligated(&mut folded, character);
        before = Some(character);
    }
    folded
}

/// Whether a character has no ink and no width: soft hyphen, zero-width characters, direction marks, controls.
#[must_use]
pub const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFC}')
}

/// Whether a joiner stands inside a word of a script that needs it, or inside an emoji.
fn is_needed_joiner(character: char, before: Option<char>, after: Option<&char>) -> bool {
    let needs = |neighbour: char| {
        neighbour >= FIRST_JOINING_SCRIPT && !neighbour.is_whitespace() && !is_invisible(neighbour)
    };
    matches!(character, '\u{200C}' | '\u{200D}')
        && before.is_some_and(needs)
        && after.copied().is_some_and(needs)
}

fn push_unligated(text: &mut String, character: char) {
    match character {
        '\u{FB00}' => text.push_str("ff"),
        '\u{FB01}' => text.push_str("fi"),
        '\u{FB02}' => text.push_str("fl"),
        '\u{FB03}' => text.push_str("ffi"),
        '\u{FB04}' => text.push_str("ffl"),
        '\u{FB05}' | '\u{FB06}' => text.push_str("st"),
        _ => text.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn blanks_invisible_characters_and_decomposed_letters_become_normal() {
        assert_eq!(
            normalize("  Die\u{a0}Bru\u{308}cke\u{200b}  ist\t84\u{ad} Meter lang. "),
            "Die Brücke ist 84 Meter lang."
        );
        assert_eq!(normalize("\u{feff}Anzeige\u{200b}"), "Anzeige");
        assert_eq!(normalize("ﬁnden"), "finden");
    }

    #[test]
    fn what_the_author_typed_stays() {
        for line in [
            "„Kund*innen“ – 8.000 Diplomat:innen … 1,2 °C",
            "L’été s’annonce sec\u{202F}: «\u{202F}Nous",
            "می\u{200c}خواهم",
            "👩\u{200d}🚒",
            "",
        ] {
            assert_eq!(normalize(line), line);
        }
    }

    #[test]
    fn a_joiner_between_latin_letters_is_a_disguise() {
        assert_eq!(normalize("An\u{200c}zei\u{200d}ge"), "Anzeige");
    }
}
