//! Times of day as live blogs write them: "14.20 Uhr", "9:43PM", "14h20".

use std::ops::Range;

/// A time of day in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Where it stands, with the word or letters that belong to it.
    pub range: Range<usize>,
    /// Minutes since midnight.
    pub minute: u16,
}

/// Between hours and minutes.
const SEPARATORS: [char; 5] = [':', '.', 'h', 'H', '時'];

/// What may follow a time and belongs to it, folded to lower case.
const SUFFIXES: [&str; 12] =
    ["a.m.", "p.m.", "am", "pm", "uhr", "uur", "hrs", "h", "cest", "cet", "gmt", "bst"];

/// The first time of day in a text that is written to the minute. A point may also stand in a date or a number: a time with
/// a point says that it is one, or begins the text.
#[must_use]
pub fn find(text: &str) -> Option<Clock> {
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = c.is_ascii_digit() && !before.is_some_and(is_part_of_a_number);
        if let Some(clock) = begins.then(|| read_at(text, at)).flatten() {
            return Some(clock);
        }
        before = Some(c);
    }
    None
}

const fn is_part_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ':' | ',' | '/' | '-')
}

fn read_at(text: &str, at: usize) -> Option<Clock> {
    let rest = text.get(at..)?;
    let (hour, rest) = digits(rest, 1)?;
    let separator = rest.chars().next().filter(|c| SEPARATORS.contains(c))?;
    let (minute, rest) = digits(rest.get(separator.len_utf8()..)?, 2)?;
    let goes_on = rest.starts_with(|c: char| c.is_ascii_digit())
        || (rest.starts_with(['.', ':', ',', '/', '-'])
            && rest.get(1..).is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit())));
    if goes_on || hour > 23 || minute > 59 {
        return None;
    }
    let suffix = suffix(rest);
    if separator == '.' && suffix.is_none() && !text.get(..at)?.chars().all(is_ornament) {
        return None;
    }
    let (name, n_bytes) = suffix.unwrap_or_default();
    let hour = match (name.starts_with('p'), name.starts_with('a')) {
        (true, _) if hour < 12 => hour + 12,
        (_, true) if hour == 12 => 0,
        _ => hour,
    };
    let end = text.len() - rest.len() + n_bytes;
    Some(Clock { range: at..end, minute: hour * 60 + minute })
}

/// What stands around a time in the head of an entry: "+++ 14.20 +++".
#[must_use]
pub fn is_ornament(c: char) -> bool {
    !c.is_alphanumeric()
}

/// A number of two digits, or of at least so many, and what follows.
fn digits(text: &str, at_least: usize) -> Option<(u16, &str)> {
    let n_digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(n_digits)?;
    (n_digits >= at_least).then(|| Some((number.parse().ok()?, rest)))?
}

/// The word behind a time that belongs to it, and the bytes up to its end.
fn suffix(rest: &str) -> Option<(&'static str, usize)> {
    let trimmed = rest.trim_start();
    let n_blanks = rest.len() - trimmed.len();
    SUFFIXES.into_iter().find_map(|suffix| {
        let word = trimmed.get(..suffix.len())?;
        let ends = !trimmed.get(suffix.len()..)?.starts_with(char::is_alphanumeric);
        (word.eq_ignore_ascii_case(suffix) && ends).then_some((suffix, n_blanks + suffix.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_time_of_day_is_read_as_it_is_written() {
        for (text, minute) in [
            ("14.20 Uhr: Brücke wieder frei", 860),
            ("+++ 14.20 +++ Brücke wieder frei", 860),
            ("9:43PM", 21 * 60 + 43),
            ("12:05 a.m.", 5),
            ("2 March 2024 22:17", 22 * 60 + 17),
            ("14h20 – Le pont est libre", 860),
            ("Aktualisiert um 7:05 Uhr", 425),
        ] {
            assert_eq!(find(text).map(|clock| clock.minute), Some(minute), "{text}");
        }
    }

    #[test]
    fn dates_scores_and_prices_are_no_times() {
        for text in ["02.03.2024", "Kosten von 8.40 Euro", "25:30", "2:1", "1:23:45", "2024-11-05"]
        {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
