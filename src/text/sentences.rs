//! Where sentences end.

use super::bits::{Are, Sixteen, position};
use super::words::is_alphanumeric;

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ending {
    /// With a full stop (or the stop of another script), also before closing quotes and brackets.
    Stop,
    /// With a question or exclamation mark.
    Query,
    /// With a colon.
    Colon,
    /// With a comma, semicolon, dash or the like: something follows.
    Open,
    /// With an ellipsis.
    Ellipsis,
    /// With a letter, a digit or anything else.
    #[default]
    None,
}

/// Whether a character ends a sentence, in any script.
#[must_use]
pub const fn is_sentence_stop(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '．'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
            | '၊'
            | '။'
            | '។'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
    )
}

/// Whether a character closes what a sentence may stand in.
const fn is_closing(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | '“'
            | '”'
            | '’'
            | '‘'
            | '«'
            | '»'
            | '‹'
            | '›'
            | ')'
            | ']'
            | '}'
            | '」'
            | '』'
            | '）'
            | '］'
            | '】'
            | '＂'
            | '*'
    )
}

/// Whether a character opens a quotation.
#[must_use]
pub const fn is_opening_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '„' | '‚' | '“' | '‘' | '«' | '»' | '‹' | '›' | '「' | '『' | '”'
    )
}

/// How a line ends; closing quotes and brackets are looked through.
#[must_use]
pub fn ending(line: &str) -> Ending {
    let inner =
        line.trim_end_matches(|character: char| is_closing(character) || character.is_whitespace());
    let Some(last) = inner.chars().next_back() else { return Ending::None };
    match last {
        '…' => Ending::Ellipsis,
        '.' if inner.ends_with("...") => Ending::Ellipsis,
        '!' | '?' | '！' | '？' | '؟' | '‼' | '⁇' | '⁈' | '⁉' => Ending::Query,
        ':' | '：' => Ending::Colon,
        ',' | ';' | '–' | '—' | '-' | '、' | '，' | '；' | '،' | '؛' | '/' => Ending::Open,
        _ if is_sentence_stop(last) => Ending::Stop,
        _ => Ending::None,
    }
}

/// Sentences counted at most: whoever asks wants to know whether it is one, two or some.
const MAX_COUNTED_SENTENCES: u32 = 8;

/// Smallest first byte of a stop beyond ASCII: that of '։'. Letters of Latin, Greek and Cyrillic scripts are below.
const FIRST_WIDE_STOP: u8 = 0xD6;

/// Which bytes may begin a character that ends a sentence.
fn may_begin_stop(some: Sixteen) -> Are {
    some.are(b'.') | some.are(b'!') | some.are(b'?') | some.are_from(FIRST_WIDE_STOP, u8::MAX)
}

/// The next character that ends a sentence, at a byte or behind it, and where it stands.
fn next_stop(text: &str, mut from: usize) -> Option<(usize, char)> {
    loop {
        from += position(text.as_bytes().get(from..)?, may_begin_stop)?;
        let character = text.get(from..)?.chars().next()?;
        if is_sentence_stop(character) {
            return Some((from, character));
        }
        from += character.len_utf8();
    }
}

/// About how many sentences a text has, up to eight: stops that are followed by a blank and an upper-case letter, a digit-free quote
/// or the end; stops of scripts without blanks always count.
#[must_use]
pub fn count_sentences(text: &str) -> u32 {
    let mut n_sentences = 0_u32;
    let mut from = 0;
    while let Some((at, character)) = next_stop(text, from) {
        from = at + character.len_utf8();
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(from..).unwrap_or_default());
        if (!character.is_ascii() && character != '…') || begins_sentence(before, after) {
            n_sentences += 1;
            if n_sentences == MAX_COUNTED_SENTENCES {
                break;
            }
        }
    }
    n_sentences
}

/// Whether a stop between `before` and `after` ends a sentence.
fn begins_sentence(before: &str, after: &str) -> bool {
    let next = after.trim_start_matches(is_closing);
    let Some(first) = next.chars().next() else { return true };
    if !first.is_whitespace() {
        return false;
    }
    // A single letter or a number before the stop is an initial, an abbreviation ("z. B.") or an ordinal ("1. November").
    let word =
        before.rsplit(|character: char| !is_alphanumeric(character)).next().unwrap_or_default();
    let is_number = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    if !word.is_empty() && (word.len() == 1 || is_number) {
        return false;
    }
    let start = next
        .trim_start()
        .trim_start_matches(|character: char| is_opening_quote(character) || character == '(');
    start.chars().next().is_none_or(|letter| !letter.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Ending, count_sentences, ending};

    #[test]
    fn the_ending_is_looked_up_behind_quotes_and_brackets() {
        assert_eq!(ending("„Ja.“"), Ending::Stop);
        assert_eq!(ending("(Was nun?)"), Ending::Query);
        assert_eq!(ending("Zutaten:"), Ending::Colon);
        assert_eq!(ending("und trägt es fort,"), Ending::Open);
        assert_eq!(ending("Mehr ..."), Ending::Ellipsis);
        assert_eq!(ending("工事は三か月かかった。"), Ending::Stop);
        assert_eq!(ending("Aufgaben noch unklar"), Ending::None);
    }

    #[test]
    fn ordinals_initials_and_decimals_end_no_sentence() {
        assert_eq!(
            count_sentences("Am 1. November kamen z. B. J. R. Müller und 8.000 Soldaten."),
            1
        );
        assert_eq!(count_sentences("„Das ist gut.“ Er lachte. Und ging!"), 3);
        assert_eq!(count_sentences("新桥将于周一通车。工程历时三个月。"), 2);
    }
}
