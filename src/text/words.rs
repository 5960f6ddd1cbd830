//! Counting words.

/// Whether a character is written without blanks between words (Han, kana): each counts as half a word.
#[must_use]
pub const fn is_cjk(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// First byte of the characters from U+3000 on; those of Han and kana begin with it or a greater one.
const FIRST_CJK_BYTE: u8 = 0xE3;

/// Number of words: what stands between blanks and has a letter or a digit;
/// two characters of Han or kana count as one word, since Chinese and Japanese words are about two characters long.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch where a word ends, which no processor can guess, takes twice the time"
)]
#[must_use]
pub fn count_words(text: &str) -> u32 {
    let (mut n_words, mut n_cjk) = (0_u32, 0_u32);
    let mut has_letters = false;
    let mut bytes = text.as_bytes();
    while let Some((&byte, rest)) = bytes.split_first() {
        if byte.is_ascii() {
            let (is_blank, is_letter) = (byte.is_ascii_whitespace(), byte.is_ascii_alphanumeric());
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
            has_letters = has_letters || character.is_alphanumeric();
        }
        bytes = bytes.get(character.len_utf8()..).unwrap_or_default();
    }
    n_words += u32::from(has_letters);
    n_words.saturating_add(n_cjk.div_ceil(2))
}

#[cfg(test)]
mod tests {
    use super::count_words;

    #[test]
    fn a_word_is_what_stands_between_blanks_and_has_a_letter_or_digit() {
        assert_eq!(count_words("Die UN-Diplomat:innen – 8.000 an der Zahl – sagten: „Ja.“"), 8);
        assert_eq!(count_words(""), 0);
        assert_eq!(count_words("— … !"), 0);
    }

    #[test]
    fn two_han_characters_are_a_word() {
        assert_eq!(count_words("新桥将于周一通车"), 4);
    }
}
