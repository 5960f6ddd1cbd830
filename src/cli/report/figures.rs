//! What the page shows: totals, shares by name, and courses over time in bins of equal width.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::log::{Event, Log};
use super::runs::{Counts, OUTCOMES, Runs, Span};
use crate::service::events;

/// Most bins: more than a screen has room for.
const MAX_BINS: f64 = 120.0;
/// A value of a process counts so many bins long, if no newer one comes.
const VALID_BINS: f64 = 2.5;
/// A process is taken for dead that says nothing for so many bins, of which each has its summary.
const SILENT_BINS: f64 = 4.0;
/// Most marks in the list below the plots.
const MAX_MARKS: usize = 400;

/// All figures of the page.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) bin_seconds: f64,
    pub(super) bins: Vec<Bin>,
    pub(super) n_processes: usize,
    pub(super) n_passed_over: usize,
    pub(super) runs: Runs,
    pub(super) marks: Vec<Mark>,
    pub(super) n_marks_left_out: usize,
}

/// What happened in a stretch of time, in all processes together.
#[derive(Debug, Clone, Default)]
pub(super) struct Bin {
    /// Pages by outcome; parts of pages where a summary covers several bins.
    pub(super) outcomes: [f64; 5],
    /// Sum over the processes.
    pub(super) lag: Option<f64>,
    /// Of the process that is worst.
    pub(super) lag_seconds: Option<f64>,
    pub(super) latency_p50: Option<f64>,
    pub(super) latency_p99: Option<f64>,
    pub(super) clean_p99: Option<f64>,
    /// Of the process that has most, MiB.
    pub(super) rss_mib: Option<f64>,
}

/// Something that happened to a process, to be marked on the time line.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) at: Timestamp,
    pub(super) kind: MarkKind,
    pub(super) instance: String,
    pub(super) what: String,
}

/// Kinds of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A process began or ended.
    Restart,
    /// Partitions moved.
    Rebalance,
    /// Something failed.
    Fault,
}

impl MarkKind {
    pub(super) const ALL: [Self; 3] = [Self::Restart, Self::Rebalance, Self::Fault];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Rebalance => "rebalance",
            Self::Fault => "fault",
        }
    }

    /// `None` for events that are no mark: single pages, summaries.
    fn of(event: &Event) -> Option<Self> {
        match event.name.as_str() {
            events::STARTED | events::STOPPED | events::SIGNAL | events::RELOADED => {
                Some(Self::Restart)
            }
            events::ASSIGNED | events::REVOKED | events::LOST => Some(Self::Rebalance),
            events::DEAD_LETTERED | events::SUMMARY => None,
            _ => event.is_warning.then_some(Self::Fault),
        }
    }
}

impl Figures {
    /// `None` without any summary.
    pub(super) fn of(log: &Log) -> Option<Self> {
        let runs = Runs::of(&log.events);
        let from = runs.spans.iter().map(|span| span.from).min()?;
        let last = runs.spans.iter().map(|span| span.to).max()?;
        let mut marks: Vec<Mark> = log.events.iter().filter_map(mark).collect();
        let from = marks.iter().map(|mark| mark.at).min().map_or(from, |first| first.min(from));
        let to = marks.iter().map(|mark| mark.at).max().map_or(last, |end| end.max(last));
        let bin_seconds = bin_seconds(&runs.spans, seconds_between(from, to));
        marks.extend(silent_ends(&log.events, to, SILENT_BINS * bin_seconds));
        marks.sort_by_key(|mark| mark.at);
        let bins = bins(&runs.spans, from, to, bin_seconds);
        let mut processes: Vec<usize> = runs.spans.iter().map(|span| span.process).collect();
        processes.sort_unstable();
        processes.dedup();
        Some(Self {
            from,
            to,
            bin_seconds,
            bins,
            n_processes: processes.len(),
            n_passed_over: log.n_passed_over,
            n_marks_left_out: marks.len().saturating_sub(MAX_MARKS),
            marks: marks.into_iter().take(MAX_MARKS).collect(),
            runs,
        })
    }

    /// Seconds from the beginning to a time.
    pub(super) fn seconds_at(&self, at: Timestamp) -> f64 {
        seconds_between(self.from, at)
    }

    /// Length of all, seconds.
    pub(super) fn seconds(&self) -> f64 {
        seconds_between(self.from, self.to)
    }

    /// Totals by outcome, with their names.
    pub(super) fn totals(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        OUTCOMES.iter().map(|(_, name)| *name).zip(self.runs.outcomes)
    }
}

/// The largest first, those of equal size by name.
pub(super) fn largest(counts: &Counts) -> Vec<(&str, u64)> {
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    counts.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    counts
}

fn mark(event: &Event) -> Option<Mark> {
    let kind = MarkKind::of(event)?;
    let reason = event.text("error.type");
    let reason = if reason.is_empty() { event.text("exception.message") } else { reason };
    let colon = if reason.is_empty() { "" } else { ": " };
    let what = format!("{}{colon}{reason}", event.message);
    Some(Mark { at: event.at, kind, instance: event.instance.clone(), what })
}

/// Processes that ended without having said that they stop: killed, crashed, or cut off with their machine. They were started
/// again, or their log is silent for so many seconds before the end of all logs.
fn silent_ends(events: &[Event], to: Timestamp, seconds: f64) -> Vec<Mark> {
    let mut last_words: BTreeMap<usize, &Event> = BTreeMap::new();
    let mut last_lines: BTreeMap<usize, &Event> = BTreeMap::new();
    let mut ends = Vec::new();
    for event in events {
        last_lines.insert(event.process, event);
        match event.name.as_str() {
            events::STARTED => {
                let end = last_words.insert(event.process, event);
                ends.extend(end.filter(|end| end.name != events::STOPPED).map(silent_end));
            }
            // What a process says before it has started tells nothing of the one before it; nor does what comes after the end.
            events::LISTENING | events::BROKER => {}
            _ => {
                let last = last_words.entry(event.process).or_insert(event);
                if last.name != events::STOPPED {
                    *last = event;
                }
            }
        }
    }
    let is_over = |last: &&Event| seconds_between(last.at, to) > seconds;
    let open = last_words.into_iter().filter(|(_, last)| last.name != events::STOPPED);
    let silent = open.filter_map(|(process, _)| last_lines.get(&process).copied());
    ends.extend(silent.filter(is_over).map(silent_end));
    ends
}

fn silent_end(last: &Event) -> Mark {
    Mark {
        at: last.at,
        kind: MarkKind::Fault,
        instance: last.instance.clone(),
        what:
            "ended without a word: killed, or crashed (or its log was cut); this was its last line"
                .to_owned(),
    }
}

fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// As wide as the usual time between two summaries, or wider.
fn bin_seconds(spans: &[Span], seconds: f64) -> f64 {
    let mut gaps: Vec<f64> = spans
        .iter()
        .map(|span| seconds_between(span.from, span.to))
        .filter(|gap| *gap > 0.0)
        .collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(1.0);
    usual.max(seconds / MAX_BINS).max(0.1)
}

fn bins(spans: &[Span], from: Timestamp, to: Timestamp, width: f64) -> Vec<Bin> {
    let n_bins = index((seconds_between(from, to) / width).ceil()).max(1);
    let mut bins = vec![Bin::default(); n_bins];
    for span in spans {
        let (begin, end) = (seconds_between(from, span.from), seconds_between(from, span.to));
        spread(&mut bins, span, begin, end, width);
    }
    for (idx, bin) in (0_u32..).zip(&mut bins) {
        read_gauges(bin, spans, from, f64::from(idx + 1) * width, width);
    }
    bins
}

/// Spreads the pages of a summary evenly over its time.
fn spread(bins: &mut [Bin], span: &Span, begin: f64, end: f64, width: f64) {
    let length = (end - begin).max(1e-6);
    let first = index((begin / width).floor()).min(bins.len().saturating_sub(1));
    let last = index((end / width).floor()).min(bins.len().saturating_sub(1));
    for (idx, bin) in bins.iter_mut().enumerate().take(last + 1).skip(first) {
        let bin_begin = float(idx) * width;
        let share = if first == last {
            1.0
        } else {
            ((bin_begin + width).min(end) - bin_begin.max(begin)).max(0.0) / length
        };
        for (sum, n) in bin.outcomes.iter_mut().zip(span.outcomes) {
            *sum += share * float(usize::try_from(n).unwrap_or(usize::MAX));
        }
    }
}

/// The newest values of each process that are not too old, put together.
fn read_gauges(bin: &mut Bin, spans: &[Span], from: Timestamp, end: f64, width: f64) {
    let is_valid = |span: &&Span| {
        let at = seconds_between(from, span.to);
        at <= end && at > end - VALID_BINS * width
    };
    let mut newest: BTreeMap<usize, &Span> = BTreeMap::new();
    for span in spans.iter().filter(is_valid) {
        newest.insert(span.process, span);
    }
    let worst = |of: fn(&Span) -> Option<f64>| {
        newest.values().filter_map(|span| of(span)).max_by(f64::total_cmp)
    };
    bin.lag = newest.values().filter_map(|span| span.lag).reduce(|a, b| a + b);
    bin.lag_seconds = worst(|span| span.lag_seconds);
    bin.latency_p50 = worst(|span| span.latency_p50);
    bin.latency_p99 = worst(|span| span.latency_p99);
    bin.clean_p99 = worst(|span| span.clean_p99);
    bin.rss_mib = worst(|span| span.rss_bytes).map(|bytes| bytes / f64::from(1 << 20));
}

/// A count of bins: small and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
const fn index(number: f64) -> usize {
    number.max(0.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a plot is no account")]
const fn float(number: usize) -> f64 {
    number as f64
}
