//! The *skeleton* of a line: what is left of it when looks do not count. Labels are compared by their skeletons, so
//! that `ＡＮＺＥＩＧＥ`, `– Anzeige –`, `A N Z E I G E` and `Anzеige` with a Cyrillic `е` are all `anzeige`.

use unicode_normalization::UnicodeNormalization as _;

use super::bits::{Are, Sixteen, any, position};
use super::normalize::is_invisible;
use super::words::is_alphanumeric;

/// First character that the quick way does not lower-case by itself: combining marks begin here.
const FIRST_COMBINING: char = '\u{300}';

/// A buffer for skeletons, used again line after line.
#[derive(Debug, Default, Clone)]
pub struct Skeleton {
    text: String,
}

/// Which ends of a phrase lose their punctuation when its skeleton is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkeletonEdge {
    /// Both, as of a line.
    Both,
    /// Only the start: the colon of `Anzeige:` tells it from the word.
    Start,
    /// Only the end: the bracket of `(Anzeige)` does.
    End,
}

impl Skeleton {
    /// Length of the last skeleton, bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether the last skeleton is empty: the line was nothing but punctuation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The skeleton of a normal line: compatibility forms and case folded, white space made blanks, edge punctuation and
    /// invisible characters left out, letter-spacing closed up, look-alike letters of another alphabet replaced.
    pub fn of(&mut self, line: &str) -> &str {
        self.text.clear();
        fold_into(&mut self.text, trim_edges(line));
        close_letter_spacing(&mut self.text);
        &self.text
    }
}

/// The skeleton of a phrase of the marker files.
#[must_use]
pub fn skeleton_of_phrase(phrase: &str, edge: SkeletonEdge) -> String {
    let bare = match edge {
        SkeletonEdge::Both => trim_edges(phrase),
        SkeletonEdge::Start => phrase.trim_start_matches(is_edge).trim_end(),
        SkeletonEdge::End => phrase.trim_end_matches(is_edge).trim_start(),
    };
    let mut folded = String::new();
    fold_into(&mut folded, bare);
    close_letter_spacing(&mut folded);
    folded
}

fn is_edge(character: char) -> bool {
    !is_alphanumeric(character)
}

fn trim_edges(line: &str) -> &str {
    line.trim_matches(is_edge)
}

fn fold_into(folded: &mut String, line: &str) {
    if line.is_ascii() {
        folded.push_str(line);
        folded.make_ascii_lowercase();
        return;
    }
    let start = folded.len();
    if fold_latin_into(folded, line).is_some() {
        return;
    }
    folded.truncate(start);
    let folds =
        |character: char| if is_invisible(character) { None } else { Some(fold_latin(character)) };
    folded.extend(line.nfkc().flat_map(char::to_lowercase).filter_map(folds));
    let has_latin =
        folded.get(start..).is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_lowercase()));
    if has_latin && folded.chars().any(|character| latin_look_alike(character).is_some()) {
        *folded = folded
            .chars()
            .map(|character| latin_look_alike(character).unwrap_or(character))
            .collect();
    }
}

/// Folds a line of Latin letters, a run of ASCII at a time; `None` where it has a character that needs more.
fn fold_latin_into(folded: &mut String, line: &str) -> Option<()> {
    let [has_controls] = any(line.as_bytes(), |some| [some.are_from(0, 0x1F)]);
    let mut rest = line;
    while !rest.is_empty() {
        let (ascii, behind) = split_where(rest, Sixteen::are_wide)?;
        if has_controls {
            folded.extend(ascii.chars().map(fold_latin));
        } else {
            let from = folded.len();
            folded.push_str(ascii);
            folded.get_mut(from..)?.make_ascii_lowercase();
        }
        let (others, behind) = split_where(behind, |some| !some.are_wide())?;
        for character in others.chars() {
            if character >= FIRST_COMBINING && !is_mark(character) {
                return None;
            }
            folded.push(fold_latin(character));
        }
        rest = behind;
    }
    Some(())
}

/// What stands before the first such byte, and the rest.
fn split_where(text: &str, is_end: impl Fn(Sixteen) -> Are) -> Option<(&str, &str)> {
    let end = position(text.as_bytes(), is_end).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// Marks of typography: no letters, nothing to fold but their variants.
const fn is_mark(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2027}' | '\u{202F}'..='\u{205E}' | '\u{20A0}'..='\u{20BF}')
}

/// Lower case, one kind of dash, apostrophe and blank.
fn fold_latin(character: char) -> char {
    match character {
        'A'..='Z' => character.to_ascii_lowercase(),
        'a'..='z' | 'ß'..='ÿ' | ' ' | '0'..='9' | '„' | '“' | '”' | '…' => character,
        '\u{2010}'..='\u{2015}' => '-',
        '‘' | '’' | '´' | 'ʼ' => '\'',
        'À'..='Þ' if character != '×' => {
            char::from_u32(u32::from(character) + 0x20).unwrap_or(character)
        }
        _ if character.is_whitespace() => ' ',
        _ => {
            let mut lower = character.to_lowercase();
            lower.next().filter(|_| lower.next().is_none()).unwrap_or(character)
        }
    }
}

/// The Latin letter that a lower-case Cyrillic or Greek letter looks like (Unicode TR 39, confusables).
const fn latin_look_alike(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'н' | 'η' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'у' => 'u',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'γ' => 'y',
        'ζ' => 'z',
        _ => return None,
    })
}

/// `a n z e i g e` → `anzeige`: when every other character is a blank, three letters at least.
fn close_letter_spacing(text: &mut String) {
    if text.chars().nth(1) != Some(' ') {
        return;
    }
    let is_spaced = text.chars().count() >= 5
        && text
            .chars()
            .enumerate()
            .all(|(index, character)| (index % 2 == 1) == (character == ' '))
        && text.chars().step_by(2).all(char::is_alphabetic);
    if is_spaced {
        text.retain(|character| character != ' ');
    }
}

#[cfg(test)]
mod tests {
    use super::{Skeleton, SkeletonEdge, skeleton_of_phrase};

    #[test]
    fn looks_do_not_count() {
        let mut skeleton = Skeleton::default();
        for line in [
            "Anzeige",
            "ANZEIGE",
            "– Anzeige –",
            "(Anzeige)",
            "| Anzeige |",
            "▼ Anzeige ▼",
            "Anzeige:",
            "Ａｎｚｅｉｇｅ",
            "A N Z E I G E",
            "Anzеigе",
            "Аnzeige",
            "*Anzeige*",
            "𝐀𝐧𝐳𝐞𝐢𝐠𝐞",
        ] {
            assert_eq!(skeleton.of(line), "anzeige", "{line}");
        }
        assert_eq!(skeleton.of("Реклама"), "реклама");
        assert_eq!(skeleton.of("À lire aussi\u{202F}:"), "à lire aussi");
        assert_eq!(skeleton.of("– – –"), "");
    }

    #[test]
    fn a_phrase_keeps_the_mark_that_makes_it_one() {
        assert_eq!(skeleton_of_phrase("Anzeige:", SkeletonEdge::Start), "anzeige:");
        assert_eq!(skeleton_of_phrase("(Anzeige)", SkeletonEdge::End), "(anzeige");
        assert_eq!(skeleton_of_phrase("- Anzeige -", SkeletonEdge::Both), "anzeige");
    }
}
