//! The summaries of one process, from its start to its end: counts since the start become what happened between two lines.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::log::Event;
use crate::service::events;

/// What became of pages, in the order of the plots.
pub(super) const OUTCOMES: [(&str, &str); 5] = [
    ("klartext.published", "published"),
    ("klartext.rejected", "rejected"),
    ("klartext.tombstones", "tombstones"),
    ("klartext.dead_lettered", "dead letters"),
    ("klartext.discarded", "given back"),
];

/// Pages by outcome.
pub(super) type Outcomes = [u64; 5];

/// What happened between two summaries of a process.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) process: usize,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) outcomes: Outcomes,
    pub(super) lag: Option<f64>,
    pub(super) lag_seconds: Option<f64>,
    /// Percentiles of this time; `None` where no page was settled, and in the last line of a process, which tells of all its
    /// time.
    pub(super) latency_p50: Option<f64>,
    pub(super) latency_p99: Option<f64>,
    pub(super) clean_p99: Option<f64>,
    pub(super) rss_bytes: Option<f64>,
}

/// Counts by name.
pub(super) type Counts = BTreeMap<String, u64>;

/// All runs of all processes, added up.
#[derive(Debug, Default)]
pub(super) struct Runs {
    pub(super) spans: Vec<Span>,
    pub(super) processes_begun: usize,
    pub(super) received: u64,
    pub(super) outcomes: Outcomes,
    pub(super) rejected: Counts,
    pub(super) dead_lettered: Counts,
    pub(super) removed: Counts,
    pub(super) sites: Counts,
    pub(super) failing_sites: Counts,
}

/// A process that runs.
#[derive(Debug, Default)]
struct Run<'l> {
    last: Option<&'l Event>,
    started_at: Option<Timestamp>,
    sites: Counts,
    failing_sites: Counts,
    /// The line that is not added yet: the next may tell of the same time again.
    pending: Option<&'l Event>,
}

impl Runs {
    /// Reads all events, in order of time.
    pub(super) fn of(events: &[Event]) -> Self {
        let mut runs = Self::default();
        let mut open: BTreeMap<usize, Run<'_>> = BTreeMap::new();
        for event in events {
            let run = open.entry(event.process).or_default();
            if event.name == events::STARTED {
                runs.end(std::mem::take(run));
                run.started_at = Some(event.at);
            } else if event.name == events::SUMMARY {
                let is_anew = run.last.is_some_and(|last| {
                    event.count("klartext.received") < last.count("klartext.received")
                        || last.is("klartext.is_final")
                });
                if is_anew {
                    runs.end(std::mem::take(run));
                }
                runs.spans.push(run.take(event));
            }
        }
        for run in open.into_values() {
            runs.end(run);
        }
        runs
    }

    /// Adds what a process counted from its start to its last line.
    fn end(&mut self, mut run: Run<'_>) {
        run.settle_pending();
        let Some(last) = run.last else { return };
        self.processes_begun += 1;
        self.received += last.count("klartext.received");
        for (sum, (field, _)) in self.outcomes.iter_mut().zip(OUTCOMES) {
            *sum += last.count(field);
        }
        add(&mut self.rejected, &last.counts("klartext.rejected_by_reason"));
        add(&mut self.dead_lettered, &last.counts("klartext.dead_lettered_by_reason"));
        add(&mut self.removed, &last.counts("klartext.removed"));
        add(&mut self.sites, &Vec::from_iter(run.sites));
        add(&mut self.failing_sites, &Vec::from_iter(run.failing_sites));
    }
}

impl<'l> Run<'l> {
    fn take(&mut self, event: &'l Event) -> Span {
        let seconds = event.number("klartext.seconds").unwrap_or(0.0);
        let is_final = event.is("klartext.is_final");
        let earliest = event.at - jiff::SignedDuration::from_secs_f64(seconds.clamp(0.0, 1e9));
        let from = self.last.map_or(self.started_at.unwrap_or(earliest), |last| last.at);
        let before = |field| self.last.map_or(0, |last| last.count(field));
        let outcomes = OUTCOMES.map(|(field, _)| event.count(field).saturating_sub(before(field)));
        // Where no page was settled there is no latency, and none of zero.
        let is_idle = event.number("klartext.docs_per_second") == Some(0.0);
        let tells = !is_idle && (!is_final || self.last.is_none());
        let lately = |field| event.number(field).filter(|_| tells);
        let span = Span {
            process: event.process,
            from,
            to: event.at,
            outcomes,
            lag: event.number("klartext.lag"),
            lag_seconds: event.number("klartext.lag_seconds"),
            latency_p50: lately("klartext.latency_ms.p50"),
            latency_p99: lately("klartext.latency_ms.p99"),
            clean_p99: lately("klartext.clean_ms.p99"),
            rss_bytes: event.number("klartext.rss_bytes"),
        };
        self.take_sites(event, seconds, is_final);
        self.last = Some(event);
        span
    }

    /// Sites are counted since the last regular summary. One that was asked for between tells of a time that the next tells
    /// of again; the last of all tells of the whole run.
    fn take_sites(&mut self, event: &'l Event, seconds: f64, is_final: bool) {
        if is_final {
            self.pending = None;
            self.sites = event.counts("klartext.sites").into_iter().collect();
            self.failing_sites = event.counts("klartext.failing_sites").into_iter().collect();
            return;
        }
        let since_last = self.pending.map(|last| event.at.duration_since(last.at).as_secs_f64());
        if since_last.is_some_and(|gap| seconds <= gap + 0.5) {
            self.settle_pending();
        }
        self.pending = Some(event);
    }

    fn settle_pending(&mut self) {
        let Some(event) = self.pending.take() else { return };
        add(&mut self.sites, &event.counts("klartext.sites"));
        add(&mut self.failing_sites, &event.counts("klartext.failing_sites"));
    }
}

fn add(sums: &mut Counts, counts: &[(String, u64)]) {
    for (name, n) in counts {
        *sums.entry(name.clone()).or_default() += n;
    }
}
