//! Characters, letters and digits among them, and the words that they make.

use super::bits::{Are, CHUNK, Sixteen, all_bits, any, low_bits, places};

/// What stands at the start of a text: so many characters, or all.
#[must_use]
pub fn first_chars(text: &str, max_chars: usize) -> &str {
    if text.len() <= max_chars {
        return text;
    }
    let end = text.char_indices().nth(max_chars).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// Whether a character is written without blanks between words (Han, kana): each counts as half a word.
#[must_use]
pub const fn is_cjk(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// Whether a character is a letter or a digit of any script: [`char::is_alphanumeric`], but for the letters and marks that
/// most texts have without its search through tables.
#[must_use]
#[inline]
pub fn is_alphanumeric(character: char) -> bool {
    match character {
        '\0'..='\u{7F}' => character.is_ascii_alphanumeric(),
        // The marks of Latin-1.
        '\u{80}'..='\u{BF}' => {
            matches!(character, 'ª' | '²' | '³' | 'µ' | '¹' | 'º' | '¼' | '½' | '¾')
        }
        // The letters of Latin-1 and extended Latin.
        '\u{C0}'..='\u{24F}' => !matches!(character, '×' | '÷'),
        // Those of Cyrillic scripts; kana but for their marks; Han; Hangul.
        '\u{400}'..='\u{481}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' => true,
        // Dashes, quotes, dots; signs of money; arrows, mathematics; boxes and shapes.
        '\u{2000}'..='\u{206F}'
        | '\u{20A0}'..='\u{20CF}'
        | '\u{2190}'..='\u{245F}'
        | '\u{2500}'..='\u{2775}' => false,
        _ => character.is_alphanumeric(),
    }
}

/// First byte of the characters from U+3000 on; those of Han and kana begin with it or a greater one.
const FIRST_CJK_BYTE: u8 = 0xE3;

/// First bytes of characters that are all letters: U+0100 to U+023F.
const FIRST_LETTER_BYTE: u8 = 0xC4;
const LAST_LETTER_BYTE: u8 = 0xC8;

/// Number of words: what stands between blanks and has a letter or a digit;
/// two characters of Han or kana count as one word, since Chinese and Japanese words are about two characters long.
#[must_use]
pub fn count_words(text: &str) -> u32 {
    count_between_blanks(text).unwrap_or_else(|| count_with_cjk(text))
}

/// Whether a text may have characters of Han or kana, told by their first bytes.
#[must_use]
pub fn may_have_cjk(text: &str) -> bool {
    any(text.as_bytes(), |some| [may_begin_cjk(some)]) == [true]
}

fn may_begin_cjk(some: Sixteen) -> Are {
    some.are_from(FIRST_CJK_BYTE, u8::MAX)
}

/// Number of words of a text, 64 bytes at a time; `None` where it may have characters of Han or kana.
///
/// A word ends at a blank. Its bytes are a row of ones: where a letter's bit is added, a carry runs to the end of the row, and
/// stands in the blank's place. So one addition finds all words that have a letter, however many it is of.
fn count_between_blanks(text: &str) -> Option<u32> {
    let (chunks, rest) = text.as_bytes().as_chunks::<CHUNK>();
    let chunks = chunks.iter().map(<[u8; CHUNK]>::as_slice);
    let (mut n_words, mut carry) = (0, 0);
    // Behind the last ones stand blanks.
    for (nth, chunk) in chunks.chain([rest]).enumerate() {
        let [blanks, certain, wide, cjk] = all_bits(chunk, |some| {
            let certain = some.are_letters() | some.are_from(b'0', b'9');
            [
                some.are_blank(),
                certain | some.are_from(FIRST_LETTER_BYTE, LAST_LETTER_BYTE),
                some.begin_wide(),
                may_begin_cjk(some),
            ]
        });
        if cjk != 0 {
            return None;
        }
        let is_letter = |place: &usize| {
            let character = text.get(nth * CHUNK + place..).and_then(|text| text.chars().next());
            character.is_some_and(is_alphanumeric)
        };
        let others = places(wide & !certain).filter(is_letter);
        let letters = others.fold(certain, |letters, place| letters | 1 << place);
        let in_words = !blanks & low_bits(chunk.len());
        let sum = u128::from(in_words) + u128::from(letters) + carry;
        // The lower half: what does not go on in the next chunk.
        let [ends, goes_on] = [sum & u128::from(!in_words), sum >> u64::BITS];
        n_words += ends.count_ones();
        carry = goes_on;
    }
    Some(n_words)
}

/// Number of words of a text that has Han, kana or other characters from U+3000 on.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch where a word ends, which no processor can guess, takes twice the time"
)]
fn count_with_cjk(text: &str) -> u32 {
    let (mut n_words, mut n_cjk) = (0_u32, 0_u32);
    let mut has_letters = false;
    let mut bytes = text.as_bytes();
    while let Some((&byte, rest)) = bytes.split_first() {
        if byte.is_ascii() {
            let is_blank = byte == b' ' || matches!(byte, b'\t'..=b'\r');
            let is_letter = byte.is_ascii_alphanumeric();
            n_words += u32::from(has_letters & is_blank);
            has_letters = (has_letters | is_letter) & !is_blank;
            bytes = rest;
            continue;
        }
        // A part of a word that is known to be one.
        if has_letters && byte < FIRST_CJK_BYTE {
            bytes = rest;
            continue;
        }
        let character = text.get(text.len() - bytes.len()..).and_then(|rest| rest.chars().next());
        // Every byte that is looked at begins a character.
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        if is_cjk(character) {
            n_cjk += 1;
        } else {
            has_letters = has_letters || is_alphanumeric(character);
        }
        bytes = bytes.get(character.len_utf8()..).unwrap_or_default();
    }
    n_words += u32::from(has_letters);
    n_words.saturating_add(n_cjk.div_ceil(2))
}

#[cfg(test)]
mod tests {
    use super::{count_between_blanks, count_with_cjk, count_words, first_chars, is_alphanumeric};

    #[test]
    fn the_first_characters_are_whole_ones() {
        let firsts = |text| [0, 1, 2, 3, 4].map(|n| first_chars(text, n));
        assert_eq!(firsts("Öl“"), ["", "Ö", "Öl", "Öl“", "Öl“"]);
        assert_eq!(firsts(""), [""; 5]);
    }

    #[test]
    fn a_word_is_what_stands_between_blanks_and_has_a_letter_or_digit() {
        assert_eq!(count_words("Die UN-Diplomat:innen – 8.000 an der Zahl – sagten: „Ja.“"), 8);
        assert_eq!(count_words(""), 0);
        assert_eq!(count_words("— … !"), 0);
    }

    #[test]
    fn both_ways_of_counting_say_the_same() {
        let text = "„Für 3 × 4 Übungen – 8.000 Schüler:innen“ … Ça va? Привет, мир! ½ — ÷ x\u{a0}y\tÄ é\nwas";
        let starts = text.char_indices().map(|(at, _)| at);
        for start in starts {
            for text in [text.split_at(start).0, text.split_at(start).1] {
                let text = text.repeat(3);
                assert_eq!(count_between_blanks(&text), Some(count_with_cjk(&text)), "{text}");
            }
        }
    }

    #[test]
    fn letters_and_digits_are_those_of_unicode() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(character), character.is_alphanumeric(), "{character}");
        }
    }

    #[test]
    fn two_han_characters_are_a_word() {
        assert_eq!(count_words("新桥将于周一通车"), 4);
    }
}
