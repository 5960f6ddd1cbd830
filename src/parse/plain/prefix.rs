//! Metadata that a dump writes before the text: `date 2024-11 Der …` in front of the first sentence, or lines
//! `Title: …`, `Date: …` on top. The prefix becomes a block of its own and a claim.

use super::PlainLine;
use crate::model::{AuthorClaim, Claimed, Claims, Source};
use crate::rules::Rules;
use crate::rules::markers::PrefixField;

/// Most lines of the top that may be metadata.
const MAX_PREFIX_LINES: u32 = 24;

/// Longest line that may stand above metadata lines, bytes: a label, a ruler. A longer one is the text.
const MAX_LINE_ABOVE: usize = 60;

/// Longest value of a metadata line, bytes.
const MAX_VALUE_BYTES: usize = 1000;

/// Reads the metadata on top of a dump, line after line, until the text begins.
#[derive(Debug, Default)]
pub(super) struct PrefixReader {
    n_lines: u32,
    has_ended: bool,
}

impl PrefixReader {
    /// The metadata prefix of a line, and what follows it. Both are text of the line; a claim is noted.
    pub(super) fn take_off<'l>(
        &mut self,
        line: &'l PlainLine<'_>,
        rules: &Rules,
        claims: &mut Claims,
    ) -> (Option<&'l str>, &'l str) {
        let text = line.text.as_ref();
        // Wherever a line begins so: labels may stand above it, and no sentence begins in lower case with a key and a date.
        if let Some((prefix, date, rest)) = date_prefix(text, rules) {
            claim(PrefixField::Published, date, claims);
            return (Some(prefix), rest);
        }
        self.n_lines = self.n_lines.saturating_add(1);
        self.has_ended |= self.n_lines > MAX_PREFIX_LINES || text.len() > MAX_LINE_ABOVE;
        if self.has_ended {
            return (None, text);
        }
        let Some((field, value)) = key_value(text, rules) else { return (None, text) };
        claim(field, value, claims);
        (Some(text), "")
    }
}

/// `date 2024-11 Der …` → `date 2024-11`, `2024-11`, `Der …`. The key is in lower case, as programs write it.
fn date_prefix<'l>(text: &'l str, rules: &Rules) -> Option<(&'l str, &'l str, &'l str)> {
    text.bytes().next().filter(|first| first.is_ascii_lowercase() || *first == b'_')?;
    let (key, behind) = text.split_once(' ')?;
    let key = key.strip_suffix(':').unwrap_or(key);
    let is_key = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !is_key || rules.markers.prefix_keys.get(key) != Some(&PrefixField::Published) {
        return None;
    }
    let date = behind.split(' ').next().filter(|date| is_date(date))?;
    let prefix = text.get(..text.len() - behind.len() + date.len())?;
    Some((prefix, date, behind.get(date.len()..)?.trim_start()))
}

/// `2024`, `2024-11`, `2024-11-05`, `2024-11-05T14:12:00Z`: the shape only; whether it is a day decides `assemble`.
fn is_date(text: &str) -> bool {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = day.split('-');
    parts.next().is_some_and(|year| digits(year, 4))
        && parts.by_ref().take(2).all(|part| digits(part, 2))
        && parts.next().is_none()
        && time.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.' | b'Z' | b'+' | b'-'))
}

/// `Title: …` as a whole line, by the keys of the marker files. A line of the article may look so too ("Author: …"), so
/// only keys that programs write in lower case, or any key next to another metadata line, would be certain; the top of
/// the dump is the only place looked at.
fn key_value<'l>(text: &'l str, rules: &Rules) -> Option<(PrefixField, &'l str)> {
    let (key, value) = text.split_once(':')?;
    let value = value.trim().trim_matches('"');
    let is_short = key.len() <= 20 && !value.is_empty() && value.len() <= MAX_VALUE_BYTES;
    let is_lower = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !is_short || !is_lower {
        return None;
    }
    rules.markers.prefix_keys.get(key).map(|&field| (field, value))
}

fn claim(field: PrefixField, value: &str, claims: &mut Claims) {
    let claimed = Claimed { value: value.to_owned(), source: Source::TextPrefix };
    match field {
        PrefixField::Published => claims.published.push(claimed),
        PrefixField::Title => claims.titles.push(claimed),
        PrefixField::Url => claims.canonical_urls.push(claimed),
        PrefixField::Description => claims.descriptions.push(claimed),
        PrefixField::Site => claims.site_names.push(claimed),
        PrefixField::Language => claims.languages.push(claimed),
        PrefixField::Keywords => claims.keywords.push(claimed),
        PrefixField::Author => claims.authors.push(Claimed {
            value: AuthorClaim { name: claimed.value, url: None },
            source: Source::TextPrefix,
        }),
        PrefixField::Ignored => {}
    }
}
