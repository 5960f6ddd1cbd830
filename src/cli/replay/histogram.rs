//! Counts of dead letters by reason, topic, host and time.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Found;

/// Different values counted at most: hosts are input, and input is hostile.
const MAX_VALUES: usize = 10_000;

/// Hosts and topics shown.
const N_SHOWN: usize = 15;

/// Up to so many hours are shown as hours, more as days.
const MAX_HOURS: usize = 48;

/// Widest bar, characters.
const BAR: u64 = 32;

/// What is counted.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    n_letters: u64,
    n_bytes: u64,
    reasons: BTreeMap<String, u64>,
    topics: BTreeMap<String, u64>,
    hosts: BTreeMap<String, u64>,
    /// By hour, as `2026-05-12 06:00`.
    hours: BTreeMap<String, u64>,
}

impl Histogram {
    pub(super) fn add(&mut self, found: &Found) {
        let Found { record, letter, host, .. } = found;
        self.n_letters += 1;
        self.n_bytes += record.size() as u64;
        let topic = letter.origin.as_ref().map(|origin| origin.topic.as_str());
        let hour = letter.failed_at.map(hour);
        count(&mut self.reasons, letter.reason.as_deref());
        count(&mut self.topics, topic);
        count(&mut self.hosts, host.as_deref());
        count(&mut self.hours, hour.as_deref());
    }

    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let (n_letters, n_bytes) = (self.n_letters, bytesize::ByteSize(self.n_bytes));
        let noun = if n_letters == 1 { "dead letter" } else { "dead letters" };
        writeln!(to, "{n_letters} {noun}, {n_bytes}")?;
        write_section(to, "reason", &most(&self.reasons, usize::MAX))?;
        write_section(to, "topic", &most(&self.topics, N_SHOWN))?;
        write_section(to, "host", &most(&self.hosts, N_SHOWN))?;
        if self.hours.len() <= MAX_HOURS {
            return write_section(to, "died at (UTC)", &in_order(&self.hours));
        }
        let mut days: BTreeMap<String, u64> = BTreeMap::new();
        for (hour, n) in &self.hours {
            *days.entry(hour.split(' ').next().unwrap_or(hour).to_owned()).or_default() += n;
        }
        write_section(to, "died on (UTC)", &in_order(&days))
    }
}

fn hour(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:00").to_string()
}

fn count(counts: &mut BTreeMap<String, u64>, value: Option<&str>) {
    // What stands in a header is anyone's; the terminal gets no control characters.
    let value: String = value.unwrap_or("(not known)").chars().flat_map(shown).take(120).collect();
    let is_counted = counts.len() < MAX_VALUES || counts.contains_key(&value);
    let value = if is_counted { value } else { "(others)".to_owned() };
    *counts.entry(value).or_default() += 1;
}

/// A character as it may stand on a terminal.
pub(super) fn shown(c: char) -> impl Iterator<Item = char> {
    let is_plain = !c.is_control() && !crate::text::is_invisible(c);
    let escaped = (!is_plain).then(|| c.escape_unicode());
    is_plain.then_some(c).into_iter().chain(escaped.into_iter().flatten())
}

type Rows = Vec<(String, u64)>;

fn in_order(counts: &BTreeMap<String, u64>) -> Rows {
    counts.iter().map(|(value, n)| (value.clone(), *n)).collect()
}

/// The largest first; what is not shown is added up.
fn most(counts: &BTreeMap<String, u64>, n_shown: usize) -> Rows {
    let mut rows = in_order(counts);
    rows.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    if rows.len() > n_shown {
        let rest = rows.split_off(n_shown);
        let n_rest = rest.iter().map(|(_, n)| n).sum();
        rows.push((format!("({} others)", rest.len()), n_rest));
    }
    rows
}

fn write_section(to: &mut impl Write, name: &str, rows: &[(String, u64)]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let widest = rows.iter().map(|(value, _)| value.chars().count()).max().unwrap_or(0);
    let largest = rows.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    writeln!(to, "\n{name}")?;
    for (value, n) in rows {
        let bar = usize::try_from((n * BAR).div_ceil(largest)).unwrap_or(0);
        writeln!(to, "  {value:widest$} {n:>9} {}", "▪".repeat(bar))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first_and_the_rest_is_added_up() {
        let counts = [("a", 1), ("b", 5), ("c", 2), ("d", 2)];
        let counts = counts.map(|(name, n)| (name.to_owned(), n)).into();
        let rows = most(&counts, 2);
        let rows: Vec<(&str, u64)> = rows.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(rows, [("b", 5), ("c", 2), ("(2 others)", 3)]);
    }

    #[test]
    fn a_header_cannot_write_on_the_terminal() {
        let text: String = "a\u{1b}[2J\u{202e}ß".chars().flat_map(shown).collect();
        assert_eq!(text, "a\\u{1b}[2J\\u{202e}ß");
    }
}
