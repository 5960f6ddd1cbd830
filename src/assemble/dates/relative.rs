//! "vor 3 Stunden", "2 days ago", "gestern, 14:12 Uhr": a date, when it is known when the page was fetched.

use jiff::{SignedDuration, Timestamp};

use crate::rules::Words;
use crate::text::dates::{self, WrittenDate};

/// Longest text that is a relative time, bytes.
const MAX_BYTES: usize = 60;
/// Seconds of a unit from which on only the day is known.
const HOUR: i64 = 3600;

/// The date that a text means. Minutes are kept to the minute; hours and days only to the day, since nobody rounds alike.
pub(super) fn read(text: &str, fetched_at: Timestamp, words: &Words) -> Option<WrittenDate> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let folded = text.to_lowercase();
    if let Some(day) = day_named(&folded, fetched_at, words) {
        return Some(day);
    }
    let is_past = words.ago.iter().any(|ago| {
        folded.match_indices(ago.as_str()).any(|(at, _)| is_word(&folded, at, at + ago.len()))
    });
    if !is_past {
        return None;
    }
    let mut tokens = folded.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty());
    let n: i64 = tokens.find_map(|token| token.parse().ok()).filter(|n| (0..1000).contains(n))?;
    let unit = *words.seconds_of.get(tokens.next()?)?;
    let then = fetched_at.checked_sub(SignedDuration::from_secs(n.checked_mul(unit)?)).ok()?;
    let iso = then.to_string();
    if unit < HOUR {
        dates::read(&format!("{}Z", iso.get(..16)?))
    } else {
        dates::read(iso.get(..10)?)
    }
}

/// "heute, 9:12 Uhr": the day by name at the beginning, and the time if it is written.
fn day_named(folded: &str, fetched_at: Timestamp, words: &Words) -> Option<WrittenDate> {
    let days = [(&words.today, 0), (&words.yesterday, 1)];
    let (rest, n_days) = days.into_iter().find_map(|(names, n_days)| {
        let rest = names.iter().find_map(|name| {
            folded
                .strip_prefix(name.as_str())
                .filter(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        Some((rest?, n_days))
    })?;
    if !rest.trim().is_empty() && !rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let then = fetched_at.checked_sub(SignedDuration::from_hours(24 * n_days)).ok()?;
    let day = then.to_string().get(..10)?.to_owned();
    let time = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    dates::read(&format!("{day} {time}")).or_else(|| dates::read(&day))
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}
