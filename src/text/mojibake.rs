//! UTF-8 that was read as windows-1252 or Latin-1 on its way (`FÃ¼r`), put right where it is certain.

use std::borrow::Cow;

/// The text with certain mojibake repaired; borrowed when there is none.
///
/// A run of two to four characters is repaired when their windows-1252 bytes are one UTF-8 character, and
/// - they are three or four (no language writes `â€“`), or
/// - they are two, the result is a letter or a mark of Latin-1, and a neighbour is a lower-case letter: that excludes the
///   upper-case `Ã` and `Â` of Portuguese, French or Vietnamese words before a quotation mark.
#[must_use]
pub fn repair_mojibake(text: &str) -> Cow<'_, str> {
    if !has_suspects(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_changed = false;
    while let Some(character) = rest.chars().next() {
        if let Some((original, after)) = original(rest, repaired.chars().next_back()) {
            repaired.push(original);
            rest = after;
            is_changed = true;
        } else {
            repaired.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    if is_changed { Cow::Owned(repaired) } else { Cow::Borrowed(text) }
}

/// Whether one of the characters that begin mojibake of Latin letters or typography is there:
/// `Â Ã Ä Å â ð` (the lead bytes C2–C5, E2, F0 as windows-1252), followed by something beyond ASCII.
fn has_suspects(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0xC3, bytes).any(|at| {
        let three = bytes.get(at..).and_then(<[u8]>::first_chunk);
        matches!(three, Some([_, 0x82..=0x85 | 0xA2 | 0xB0, third]) if *third >= 0x80)
    })
}

/// The character whose UTF-8 bytes stand at the start of `text` as windows-1252 characters, and what follows.
fn original(text: &str, before: Option<char>) -> Option<(char, &str)> {
    let mut characters = text.char_indices();
    let lead = windows_1252_byte(characters.next()?.1)?;
    let length = match lead {
        0xC2..=0xC5 => 2,
        0xE2 => 3,
        0xF0 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for slot in bytes.get_mut(1..length)? {
        *slot =
            windows_1252_byte(characters.next()?.1).filter(|byte| (0x80..=0xBF).contains(byte))?;
    }
    let after = characters.next().map_or("", |(at, _)| text.get(at..).unwrap_or_default());
    let decoded = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    let is_certain = length > 2 || is_certain_pair(decoded, before, after);
    is_certain.then_some((decoded, after))
}

fn is_certain_pair(decoded: char, before: Option<char>, after: &str) -> bool {
    let is_lower = |neighbour: Option<char>| neighbour.is_some_and(char::is_lowercase);
    if decoded.is_alphabetic() {
        return is_lower(before) || is_lower(after.chars().next());
    }
    // `Â ` (a no-break space), `Â°`, `Â§`, `Â»`: the `Â` stands after no letter.
    !before.is_some_and(char::is_alphabetic) || decoded == '\u{A0}' || is_lower(before)
}

/// The byte that windows-1252 (or Latin-1, for C1 controls) writes a character as.
fn windows_1252_byte(character: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(character)) {
        return Some(byte);
    }
    let place = IN_PLACE_OF_CONTROLS.iter().position(|known| *known == character)?;
    u8::try_from(place).ok().map(|place| 0x80 + place)
}

/// What windows-1252 has for the bytes 80 to 9F, in the place of the C1 controls; five it leaves to them
/// (<https://encoding.spec.whatwg.org/index-windows-1252.txt>).
const IN_PLACE_OF_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::{IN_PLACE_OF_CONTROLS, repair_mojibake};

    #[test]
    fn the_table_is_that_of_the_encoding() {
        let bytes: Vec<u8> = (0x80..=0x9F).collect();
        let (decoded, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        assert_eq!(decoded, IN_PLACE_OF_CONTROLS.iter().collect::<String>());
    }

    #[test]
    fn utf_8_read_as_windows_1252_is_read_again() {
        assert_eq!(
            repair_mojibake("FÃ¼r FuÃŸgÃ¤nger â€“ spÃ¤testens im MÃ¤rz, â€žÃ„rgerâ€œ: 5Â°"),
            "Für Fußgänger – spätestens im März, „Ärger“: 5°"
        );
        assert_eq!(repair_mojibake("StraÃ\u{9f}e"), "Straße");
    }

    #[test]
    fn letters_of_real_languages_stay() {
        for text in [
            "NÃO É VERDADE",
            "SÃO «PAULO»",
            "Â mon âge",
            "Ångström",
            "pâte à pâté",
            "«Ã»",
            "Gül’ün Ärger“",
        ] {
            assert_eq!(repair_mojibake(text), text);
        }
    }
}
