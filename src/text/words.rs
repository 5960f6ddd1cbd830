//! Counting words.

/// Whether a character is written without blanks between words (Han, kana): each counts as half a word.
#[must_use]
pub const fn is_cjk(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// Number of words: what stands between blanks and has a letter or a digit;
/// two characters of Han or kana count as one word, since Chinese and Japanese words are about two characters long.
#[must_use]
pub fn count_words(text: &str) -> u32 {
    let mut n_words = 0_u32;
    let mut n_cjk = 0_u32;
    for token in text.split_ascii_whitespace() {
        let (words, cjk) = words_of_token(token);
        n_words = n_words.saturating_add(words);
        n_cjk = n_cjk.saturating_add(cjk);
    }
    n_words.saturating_add(n_cjk.div_ceil(2))
}

/// Words and Han/kana characters of a token without blanks.
fn words_of_token(token: &str) -> (u32, u32) {
    if token.is_ascii() {
        return (u32::from(token.bytes().any(|byte| byte.is_ascii_alphanumeric())), 0);
    }
    let mut n_cjk = 0_u32;
    let mut has_letters = false;
    for character in token.chars() {
        if is_cjk(character) {
            n_cjk = n_cjk.saturating_add(1);
        } else {
            has_letters |= character.is_alphanumeric();
        }
    }
    (u32::from(has_letters), n_cjk)
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
