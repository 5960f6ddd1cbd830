//! The summary line: what came in, what became of it, how fast, how far behind. Printed every `log.summary_interval` and at
//! the end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rdkafka::statistics::Statistics;

use super::ledger::{Ledger, TopicPartition};
use super::worker::Page;
use super::{Account, Settlement, events};

/// Sites and reasons named in a summary.
const N_TOP: usize = 3;

/// Sites counted at most between two summaries: host names are input, and input is hostile.
const MAX_SITES: usize = 1000;

/// Longest latency told apart, microseconds: ten minutes.
const MAX_LATENCY_US: u64 = 600_000_000;

/// What is measured besides the account.
#[derive(Debug)]
pub(super) struct Meters {
    interval: Duration,
    /// Since the last summary.
    lately: Period,
    /// Since the start; what the last summary of all tells.
    in_all: Period,
    last_stable: BTreeMap<(String, i32), Watermark>,
    pub(super) n_rebalances: u64,
    pub(super) n_aborts: u64,
}

/// What is measured over a time.
#[derive(Debug)]
struct Period {
    since: Instant,
    n_settled: u64,
    n_bytes: u64,
    /// Time from reading a record to the commit of its output.
    latency: Histogram<u64>,
    /// Time in the core.
    cleaning: Histogram<u64>,
    commits: Histogram<u64>,
    failing_sites: BTreeMap<String, u64>,
}

impl Period {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            n_settled: 0,
            n_bytes: 0,
            latency: histogram(),
            cleaning: histogram(),
            commits: histogram(),
            failing_sites: BTreeMap::new(),
        }
    }

    fn settle(&mut self, page: &Page) {
        self.n_settled += 1;
        note(&mut self.latency, page.received_at.elapsed());
        let has_failed = !matches!(page.settlement, Settlement::Published | Settlement::Tombstone);
        if let (true, Some(host)) = (has_failed, &page.host)
            && (self.failing_sites.len() < MAX_SITES || self.failing_sites.contains_key(host))
        {
            *self.failing_sites.entry(host.clone()).or_default() += 1;
        }
    }

    /// Begins anew, in the memory it has.
    fn restart(&mut self) {
        self.since = Instant::now();
        self.n_settled = 0;
        self.n_bytes = 0;
        self.failing_sites.clear();
        for histogram in [&mut self.latency, &mut self.cleaning, &mut self.commits] {
            histogram.reset();
        }
    }
}

/// What librdkafka knows of a partition.
#[derive(Debug, Clone, Copy)]
struct Watermark {
    last_stable: i64,
    /// Where reading goes on; used until a record of the partition was settled.
    next: i64,
}

impl Meters {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            lately: Period::new(),
            in_all: Period::new(),
            last_stable: BTreeMap::new(),
            n_rebalances: 0,
            n_aborts: 0,
        }
    }

    pub(super) const fn receive(&mut self, n_bytes: usize) {
        self.lately.n_bytes += n_bytes as u64;
        self.in_all.n_bytes += n_bytes as u64;
    }

    pub(super) fn clean(&mut self, page: &Page) {
        note(&mut self.lately.cleaning, page.took);
        note(&mut self.in_all.cleaning, page.took);
    }

    pub(super) fn commit(&mut self, took: Duration) {
        note(&mut self.lately.commits, took);
        note(&mut self.in_all.commits, took);
    }

    pub(super) fn settle(&mut self, page: &Page) {
        self.lately.settle(page);
        self.in_all.settle(page);
    }

    /// librdkafka's own lag is of no use: under exactly once the consumer commits nothing itself. So the lag is the last
    /// stable offset minus our own position.
    pub(super) fn take_statistics(&mut self, statistics: &Statistics) {
        self.last_stable.clear();
        for topic in statistics.topics.values() {
            for partition in topic.partitions.values() {
                if partition.partition >= 0 && partition.desired && partition.ls_offset >= 0 {
                    let next = partition.committed_offset.max(partition.app_offset);
                    let watermark = Watermark { last_stable: partition.ls_offset, next };
                    self.last_stable.insert((topic.topic.clone(), partition.partition), watermark);
                }
            }
        }
    }

    pub(super) fn report_if_due(&mut self, account: &Account, ledger: &Ledger<Page>) {
        if self.lately.since.elapsed() >= self.interval {
            self.report(&self.lately, false, account, ledger);
            self.lately.restart();
        }
    }

    /// The last summary: rates and latencies over the whole run.
    pub(super) fn report_all(&self, account: &Account, ledger: &Ledger<Page>) {
        self.report(&self.in_all, true, account, ledger);
    }

    /// Prints the summary and checks the account.
    fn report(&self, period: &Period, is_final: bool, account: &Account, ledger: &Ledger<Page>) {
        if !account.is_balanced(ledger.n_open()) {
            tracing::error!(
                event.name = events::UNBALANCED,
                klartext.received = account.received,
                klartext.settled = account.settled(),
                klartext.discarded = account.discarded,
                klartext.in_flight = ledger.n_open(),
                "the outcome account does not add up: a bug of klartext"
            );
        }
        let seconds = period.since.elapsed().as_secs_f64().max(0.001);
        tracing::info!(
            event.name = events::SUMMARY,
            klartext.is_final = is_final,
            klartext.seconds = (seconds * 10.0).round() / 10.0,
            klartext.received = account.received,
            klartext.published = account.published,
            klartext.rejected = account.n_rejected(),
            klartext.tombstones = account.tombstones,
            klartext.dead_lettered = account.n_dead_lettered(),
            klartext.discarded = account.discarded,
            klartext.in_flight = ledger.n_open(),
            klartext.in_flight_bytes = ledger.n_bytes(),
            klartext.docs_per_second = rate(period.n_settled, seconds),
            klartext.mb_per_second = rate(period.n_bytes, seconds * 1e6),
            klartext.latency_ms.p50 = quantile(&period.latency, 0.5),
            klartext.latency_ms.p95 = quantile(&period.latency, 0.95),
            klartext.latency_ms.p99 = quantile(&period.latency, 0.99),
            klartext.clean_ms.p50 = quantile(&period.cleaning, 0.5),
            klartext.clean_ms.p99 = quantile(&period.cleaning, 0.99),
            klartext.commit_ms.p99 = quantile(&period.commits, 0.99),
            klartext.lag = self.lag(ledger),
            klartext.partitions = ledger.partitions().count(),
            klartext.rebalances = self.n_rebalances,
            klartext.aborted_transactions = self.n_aborts,
            klartext.top_reasons = top(&reasons(account)),
            klartext.top_failing_sites = top(&period.failing_sites),
            klartext.rss_bytes = resident_bytes(),
            "summary"
        );
    }

    /// Records of our partitions that are not settled yet; `None` until the broker told how far they reach.
    fn lag(&self, ledger: &Ledger<Page>) -> Option<i64> {
        if self.last_stable.is_empty() {
            return None;
        }
        let positions: BTreeMap<&TopicPartition, i64> = ledger.positions().collect();
        let lag_of = |source: &TopicPartition| {
            let watermark = self.last_stable.get(&(source.topic.to_string(), source.partition))?;
            let position = positions.get(source).copied().unwrap_or(watermark.next);
            Some((watermark.last_stable - position.max(0)).max(0))
        };
        Some(ledger.partitions().filter_map(lag_of).sum())
    }
}

fn histogram() -> Histogram<u64> {
    // Bounds that the crate accepts: 1 ≤ low, 2·low ≤ high, 0 to 5 digits.
    #[expect(clippy::expect_used, reason = "see above")]
    Histogram::new_with_bounds(1, MAX_LATENCY_US, 2).expect("constant bounds")
}

fn note(histogram: &mut Histogram<u64>, time: Duration) {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    histogram.saturating_record(micros.clamp(1, MAX_LATENCY_US));
}

/// In milliseconds, with three digits after the point.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn quantile(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    histogram.value_at_quantile(quantile) as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a rate is no account")]
fn rate(n: u64, seconds: f64) -> f64 {
    (n as f64 / seconds * 100.0).round() / 100.0
}

fn reasons(account: &Account) -> BTreeMap<String, u64> {
    let rejected = account.rejected.iter().map(|(reason, n)| (reason.as_str().to_owned(), *n));
    let dead = account.dead_lettered.iter().map(|(error, n)| ((*error).to_owned(), *n));
    rejected.chain(dead).collect()
}

/// `name=3, name=2`: the largest first.
fn top(counts: &BTreeMap<String, u64>) -> String {
    let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let named: Vec<String> =
        counts.into_iter().take(N_TOP).map(|(name, n)| format!("{name}={n}")).collect();
    named.join(", ")
}

/// Memory of this process; `None` where there is no `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
