//! Which dead letters are meant. A choice is a function of the letter alone, and can be written down: so the progress of a
//! run says of each letter whether that run sent it.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Found;

/// Which dead letters; all conditions must hold, of a repeated one any.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Filters")]
pub(super) struct FilterArgs {
    /// Only this reason (`klartext-dlq-error-type`), for example `too_deep`. Repeatable.
    #[arg(long, value_name = "REASON")]
    reason: Vec<String>,
    /// Only pages of this host and its subdomains. Repeatable.
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// Only records of this input topic. Repeatable. Default for `send`: the topics of `input.topics`.
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Only what died at this time or later: RFC 3339, or a date (UTC).
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,
    /// Only what died before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Only these offsets of the dead letters: PARTITION:OFFSET, or PARTITION:FIRST-LAST. Repeatable.
    #[arg(long, value_name = "RANGE")]
    offsets: Vec<Offsets>,
}

/// Offsets of one partition, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Offsets {
    partition: i32,
    first: i64,
    last: i64,
}

/// A choice of letters, as it is noted with the progress of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Filter {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) topics: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offsets: Vec<Offsets>,
    /// Letters that were sent back so often are left where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_replays: Option<u64>,
}

impl FilterArgs {
    /// Only these offsets.
    pub(super) fn of_offsets(offsets: Offsets) -> Self {
        Self { offsets: vec![offsets], ..Self::default() }
    }

    /// The choice, in an order that does not depend on how it was typed.
    pub(super) fn filter(&self) -> Filter {
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list.dedup();
            list
        };
        Filter {
            reasons: sorted(&self.reason),
            hosts: sorted(&self.host),
            topics: sorted(&self.topic),
            from: self.from,
            until: self.until,
            offsets: self.offsets.clone(),
            max_replays: None,
        }
    }
}

impl Filter {
    /// Whether a letter is meant.
    pub(super) fn is_wanted(&self, found: &Found) -> bool {
        let Found { at, letter, host, .. } = found;
        let topic = letter.origin.as_ref().map(|origin| origin.topic.as_str());
        is_among(&self.reasons, letter.reason.as_deref(), |wanted, reason| wanted == reason)
            && is_among(&self.hosts, host.as_deref(), is_host)
            && is_among(&self.topics, topic, |wanted, topic| wanted == topic)
            && self.from.is_none_or(|from| letter.failed_at.is_some_and(|at| at >= from))
            && self.until.is_none_or(|until| letter.failed_at.is_some_and(|at| at < until))
            && (self.offsets.is_empty() || self.offsets.iter().any(|range| range.has(at)))
            && !self.is_too_often(found)
    }

    /// Whether a letter was sent back as often as it may be.
    pub(super) fn is_too_often(&self, found: &Found) -> bool {
        self.max_replays.is_some_and(|most| found.letter.replay_count >= most)
    }

    /// Where reading a partition has to begin; `None`: at its first offset.
    pub(super) fn first_offset(&self, partition: i32) -> Option<i64> {
        let of_partition = self.offsets.iter().filter(|range| range.partition == partition);
        of_partition.map(|range| range.first).min()
    }
}

/// Whether one of the wanted values is there; where none is wanted, any.
fn is_among(wanted: &[String], value: Option<&str>, is: impl Fn(&str, &str) -> bool) -> bool {
    wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|wanted| is(wanted, value)))
}

/// Whether `host` is `wanted` or a subdomain of it.
fn is_host(wanted: &str, host: &str) -> bool {
    let Some(start) = host.len().checked_sub(wanted.len()) else { return false };
    let (before, end) = host.split_at_checked(start).unwrap_or((host, ""));
    end.eq_ignore_ascii_case(wanted) && (before.is_empty() || before.ends_with('.'))
}

impl Offsets {
    fn has(self, at: &crate::model::Origin) -> bool {
        at.partition == self.partition && (self.first..=self.last).contains(&at.offset)
    }
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, first, last } = self;
        if first == last {
            write!(f, "{partition}:{first}")
        } else {
            write!(f, "{partition}:{first}-{last}")
        }
    }
}

impl FromStr for Offsets {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (partition, range) = text.split_once(':')?;
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let first: i64 = first.parse().ok()?;
            let last: i64 = last.parse().ok()?;
            (0 <= first && first <= last).then_some(())?;
            Some(Self { partition: partition.parse().ok()?, first, last })
        };
        read()
            .ok_or_else(|| "wanted is PARTITION:OFFSET or PARTITION:FIRST-LAST, as 0:42-99".into())
    }
}

/// RFC 3339, or a date: its beginning in UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let date = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| Some(date()?.timestamp()))
        .ok_or_else(|| "wanted is a time as 2026-05-12T06:30:00Z, or a date as 2026-05-12".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Header, Origin, Record};
    use crate::service::letter::Letter;

    fn found(offset: i64, headers: &[(&str, &str)]) -> Found {
        let header = |(name, value): &(&str, &str)| Header {
            name: format!("klartext-dlq-{name}"),
            value: Some(value.as_bytes().to_vec()),
        };
        let record = Record { headers: headers.iter().map(header).collect(), ..Record::default() };
        let letter = Letter::read(&record);
        let at = Origin { topic: "dead".to_owned(), partition: 0, offset };
        Found { record, at, letter, host: Some("www.zeitung.example".to_owned()) }
    }

    fn filter(change: impl FnOnce(&mut FilterArgs)) -> Filter {
        let mut args = FilterArgs::default();
        change(&mut args);
        args.filter()
    }

    #[test]
    fn without_conditions_all_are_meant() {
        assert!(filter(|_| ()).is_wanted(&found(0, &[])));
    }

    #[test]
    fn a_host_means_its_subdomains_and_no_namesake() {
        let is_wanted =
            |host: &str| filter(|f| f.host = vec![host.to_owned()]).is_wanted(&found(0, &[]));
        assert!(is_wanted("zeitung.example"));
        assert!(is_wanted("WWW.zeitung.example"));
        assert!(!is_wanted("itung.example"));
        assert!(!is_wanted("m.www.zeitung.example"));
    }

    #[test]
    fn a_letter_without_the_asked_for_header_is_not_meant() {
        assert!(!filter(|f| f.reason = vec!["panic".to_owned()]).is_wanted(&found(0, &[])));
        assert!(!filter(|f| f.from = time("2026-01-01").ok()).is_wanted(&found(0, &[])));
    }

    #[test]
    fn the_window_of_time_includes_its_beginning_and_not_its_end() {
        let window = filter(|f| {
            f.from = time("2026-05-12").ok();
            f.until = time("2026-05-13T00:00:00Z").ok();
        });
        let at = |time| found(0, &[("failed-at", time)]);
        assert!(window.is_wanted(&at("2026-05-12T00:00:00Z")));
        assert!(window.is_wanted(&at("2026-05-12T23:59:59.999Z")));
        assert!(!window.is_wanted(&at("2026-05-13T00:00:00Z")));
    }

    #[test]
    fn offsets_include_both_ends() {
        let range = filter(|f| f.offsets = vec!["0:2-3".parse().unwrap()]);
        let wanted: Vec<i64> = (0..6).filter(|n| range.is_wanted(&found(*n, &[]))).collect();
        assert_eq!(
            (wanted, range.first_offset(0), range.first_offset(1)),
            (vec![2, 3], Some(2), None)
        );
        for wrong in ["", "1", "0:", "0:3-2", "0:-1", "x:1", "0:1-2-3"] {
            assert!(wrong.parse::<Offsets>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_noted_choice_is_the_same_choice() {
        let mut choice = filter(|f| {
            f.reason = vec!["b".to_owned(), "a".to_owned(), "b".to_owned()];
            f.from = time("2026-05-12").ok();
            f.offsets = vec!["0:2-3".parse().unwrap()];
        });
        choice.max_replays = Some(3);
        let note = serde_json::to_string(&choice).unwrap();
        assert_eq!(serde_json::from_str::<Filter>(&note).unwrap(), choice);
    }
}
