//! Labels and paragraphs that a dump glued together are parted: `AnzeigeDas Gericht …`, `… sagte sie. Anzeige`,
//! `Das Wichtigste in Kürze Der Neubau …`, `… im Herbst.Das Land …`.

use memchr::memmem::Finder;

use crate::model::{BlockKind, Boilerplate};
use crate::rules::Rules;
use crate::text::{Ending, ending, is_opening_quote, is_sentence_stop};

use super::PlainLine;

/// Shortest part of a paragraph that is cut off where a blank is missing, bytes.
const MIN_GLUED_PART: usize = 40;

/// Most labels taken off each end of a line.
const MAX_LABELS: usize = 8;

/// Two letters before a full stop that are no word.
const ABBREVIATIONS: [&str; 14] =
    ["al", "bd", "ca", "cf", "ed", "ff", "lt", "nr", "no", "pp", "sr", "st", "vs", "vt"];

/// Farthest look back for an address before a full stop, characters.
const MAX_TOKEN_CHARS: usize = 60;

/// A label that stands alone somewhere in the dump: the second signal for the same label inside a line.
pub(super) struct Seen<'l> {
    label: &'l str,
    finder: Finder<'l>,
}

/// Each of these labels once.
pub(super) fn labels_standing_alone<'l>(
    lines: &'l [PlainLine<'_>],
    rules: &Rules,
) -> Vec<Seen<'l>> {
    let mut seen: Vec<Seen<'l>> = Vec::new();
    for line in lines {
        let text = line.text.as_ref();
        let is_label = rules
            .markers
            .glue
            .at_start(text)
            .is_some_and(|(class, end)| class == Boilerplate::AdLabel && end == text.len());
        if is_label && seen.iter().all(|seen| seen.label != text) {
            seen.push(Seen { label: text, finder: Finder::new(text) });
        }
    }
    seen
}

/// The parts of a line, in order; one, if nothing is glued.
pub(super) fn parts<'l>(
    text: &'l str,
    kind: BlockKind,
    seen: &[Seen<'_>],
    rules: &Rules,
) -> Vec<&'l str> {
    if kind != BlockKind::Paragraph {
        return if text.is_empty() { Vec::new() } else { vec![text] };
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = label_at_start(rest, seen, rules).filter(|_| parts.len() < MAX_LABELS) {
        let (label, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        parts.push(label.trim_end());
        rest = behind.trim_start_matches([' ', ':']);
    }
    let mut tail = Vec::new();
    while let Some(start) = label_at_end(rest, rules).filter(|_| tail.len() < MAX_LABELS) {
        let (before, label) = rest.split_at_checked(start).unwrap_or((rest, ""));
        tail.push(label);
        rest = before.trim_end();
    }
    push_with_labels_inside(rest, seen, &mut parts);
    parts.extend(tail.into_iter().rev());
    parts
}

/// End of the label that the text begins with, if something else follows that cannot be its sentence.
fn label_at_start(text: &str, seen: &[Seen<'_>], rules: &Rules) -> Option<usize> {
    let (class, end) = rules.markers.glue.at_start(text)?;
    let (label, behind) = text.split_at_checked(end)?;
    if behind.is_empty() {
        return None;
    }
    let rest = behind.trim_start_matches([' ', ':']);
    if behind.starts_with(char::is_uppercase) && rules.markers.glue.at_start(behind).is_some() {
        return Some(end);
    }
    let is_glued = match class {
        Boilerplate::KeyPointsLabel => begins_sentence(rest) && label.contains(' '),
        _ if behind.starts_with([' ', ':']) => {
            seen.iter().any(|seen| seen.label == label)
                && begins_word(rest)
                && !behind.starts_with(':')
        }
        _ => begins_word(rest),
    };
    (is_glued && is_sentence(rest)).then_some(end)
}

/// Start of the label that the text ends with, if a sentence ends before it.
fn label_at_end(text: &str, rules: &Rules) -> Option<usize> {
    let (class, start) = rules.markers.glue.at_end(text)?;
    let before = text.get(..start)?.trim_end();
    let is_glued =
        class == Boilerplate::AdLabel && matches!(ending(before), Ending::Stop | Ending::Query);
    (is_glued && before.contains(' ')).then_some(start)
}

/// Cuts out labels that stand between two sentences, when the dump has them alone too.
fn push_with_labels_inside<'l>(text: &'l str, seen: &[Seen<'_>], parts: &mut Vec<&'l str>) {
    let places = |seen: &Seen<'_>| {
        let length = seen.label.len();
        seen.finder.find_iter(text.as_bytes()).map(move |start| (start, length)).collect::<Vec<_>>()
    };
    let mut places: Vec<(usize, usize)> = seen.iter().flat_map(places).collect();
    places.sort_unstable();
    let mut from = 0;
    for (start, length) in places {
        let before = text.get(from..start).unwrap_or_default().trim_end();
        let after = text.get(start + length..).unwrap_or_default().trim_start();
        let stands_free = matches!(ending(before), Ending::Stop | Ending::Query);
        if stands_free && before.contains(' ') && begins_word(after) {
            push_sentences(before, parts);
            parts.push(text.get(start..start + length).unwrap_or_default());
            from = text.len() - after.len();
        }
    }
    push_sentences(text.get(from..).unwrap_or_default(), parts);
}

/// Cuts a paragraph where a full stop has no blank behind it and a new sentence begins.
fn push_sentences<'l>(text: &'l str, parts: &mut Vec<&'l str>) {
    let mut from = 0;
    for at in memchr::memchr3_iter(b'.', b'!', b'?', text.as_bytes()) {
        // Nearly every stop has its blank.
        if text.as_bytes().get(at + 1) == Some(&b' ') {
            continue;
        }
        let end = sentence_end(text, at);
        let (before, after) =
            (text.get(from..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let is_long = before.len() >= MIN_GLUED_PART && after.len() >= MIN_GLUED_PART;
        if is_long && is_glued_stop(text.get(..at).unwrap_or_default(), after) {
            parts.push(before);
            from = end;
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    if !rest.is_empty() {
        parts.push(rest);
    }
}

/// Position behind the stop at `at` and a closing quote.
fn sentence_end(text: &str, at: usize) -> usize {
    let behind = text.get(at + 1..).unwrap_or_default();
    let quote = behind.chars().next().filter(|&next| matches!(next, '“' | '”' | '«' | '»'));
    at + 1 + quote.map_or(0, char::len_utf8)
}

/// Whether a word that is no abbreviation stands before the stop, and a word with a capital and a blank behind it.
fn is_glued_stop(before: &str, after: &str) -> bool {
    let n_lower = before.chars().rev().take_while(|letter| letter.is_lowercase()).take(3).count();
    let is_word = n_lower == 3 || ends_with_short_word(before);
    let mut token = before.chars().rev().take(MAX_TOKEN_CHARS).take_while(|&letter| letter != ' ');
    is_word
        && !token.any(|letter| matches!(letter, '/' | '@' | '.'))
        && begins_word(after)
        && begins_with_word_and_blank(after)
}

/// Whether three letters or more stand in front, and then a blank or the end. Looks no further than the letters go: a line
/// may be a million stops long.
fn begins_with_word_and_blank(text: &str) -> bool {
    let behind = text.trim_start_matches(char::is_alphabetic);
    let word = text.get(..text.len() - behind.len()).unwrap_or_default();
    word.chars().nth(2).is_some() && (behind.is_empty() || behind.starts_with(' '))
}

/// Whether a text ends with a blank and a word of two letters that is no abbreviation.
fn ends_with_short_word(text: &str) -> bool {
    let mut letters = text.char_indices().rev();
    let (last, first, blank) = (letters.next(), letters.next(), letters.next());
    let (Some((_, last)), Some((at, first)), Some((_, ' '))) = (last, first, blank) else {
        return false;
    };
    let word = text.get(at..).unwrap_or_default();
    first.is_lowercase() && last.is_lowercase() && !ABBREVIATIONS.contains(&word)
}

/// Whether a text begins with a capitalised word, perhaps in quotes: not `APP`, not `erstattet`.
fn begins_word(text: &str) -> bool {
    let mut letters = text.trim_start_matches(is_opening_quote).chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(|c| c.is_lowercase() || c == ' ')
}

/// Whether a text begins with a capital, a digit or an opening quote.
fn begins_sentence(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|first| first.is_uppercase() || first.is_numeric() || is_opening_quote(first))
}

/// Whether a text has at least two words and ends like a sentence.
fn is_sentence(text: &str) -> bool {
    text.contains(' ')
        && (matches!(ending(text), Ending::Stop | Ending::Query | Ending::Ellipsis)
            || text.contains(is_sentence_stop))
}
