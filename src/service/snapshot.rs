//! How things stand: the summary line, the state on request, and what the health port tells.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::{Account, events};

/// How things stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Snapshot {
    /// Time over which the rates and percentiles were measured.
    pub(super) seconds: f64,
    pub(super) account: Account,
    pub(super) n_open: usize,
    pub(super) n_bytes: usize,
    pub(super) docs_per_second: f64,
    pub(super) mb_per_second: f64,
    /// From reading a record to the commit of its output.
    pub(super) latency: Stage,
    /// Until a worker was free.
    pub(super) waiting: Stage,
    /// In the core.
    pub(super) cleaning: Stage,
    /// From the core to the commit.
    pub(super) sending: Stage,
    pub(super) commits: Stage,
    /// Records not settled yet; unknown until the broker told how far they reach.
    pub(super) lag: Option<i64>,
    pub(super) lag_seconds: Option<f64>,
    pub(super) drain_seconds: Option<f64>,
    pub(super) n_partitions: usize,
    pub(super) n_rebalances: u64,
    pub(super) n_aborts: u64,
    /// Unknown until librdkafka's first statistics.
    pub(super) brokers_up: Option<usize>,
    pub(super) top_reasons: String,
    pub(super) top_failing_sites: String,
    pub(super) rejected_by_reason: String,
    pub(super) dead_lettered_by_reason: String,
    /// Bytes of all records since the start.
    pub(super) n_bytes_received: u64,
    /// Removed blocks by class, the most first.
    pub(super) removed: String,
    pub(super) removed_by_class: BTreeMap<&'static str, u64>,
    /// The sites with the most pages.
    pub(super) sites: String,
    /// The sites with the most pages that were not published.
    pub(super) failing_sites: String,
    pub(super) rss_bytes: Option<u64>,
    /// Hash of the rules in force.
    pub(super) rules: String,
}

/// Upper bounds of the buckets that [`Stage`] counts, milliseconds.
const BOUNDS_MS: [u64; 12] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000];

/// Times of one stage.
#[derive(Debug, Clone, Default)]
pub(super) struct Stage {
    /// Percentiles of late, milliseconds.
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
    /// Since the start: how many took at most so many seconds.
    pub(super) buckets: Vec<(f64, u64)>,
    pub(super) n: u64,
    pub(super) sum_seconds: f64,
}

impl Stage {
    /// Both histograms count microseconds.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub(super) fn of(lately: &Histogram<u64>, in_all: &Histogram<u64>) -> Self {
        let quantile = |quantile| lately.value_at_quantile(quantile) as f64 / 1000.0;
        let bucket = |ms: u64| (ms as f64 / 1000.0, in_all.count_between(0, ms * 1000));
        Self {
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            buckets: BOUNDS_MS.map(bucket).to_vec(),
            n: in_all.len(),
            sum_seconds: in_all.mean() * in_all.len() as f64 / 1e6,
        }
    }
}

impl Snapshot {
    /// Prints the summary and checks the account.
    pub(super) fn log(&self, is_final: bool) {
        let Self { account, latency, waiting, cleaning, sending, commits, .. } = self;
        if !account.is_balanced(self.n_open) {
            tracing::error!(
                event.name = events::UNBALANCED,
                klartext.received = account.received,
                klartext.settled = account.settled(),
                klartext.discarded = account.discarded,
                klartext.in_flight = self.n_open,
                "the outcome account does not add up: a bug of klartext"
            );
        }
        tracing::info!(
            event.name = events::SUMMARY,
            klartext.is_final = is_final,
            klartext.seconds = self.seconds,
            klartext.received = account.received,
            klartext.published = account.published,
            klartext.rejected = account.n_rejected(),
            klartext.tombstones = account.tombstones,
            klartext.dead_lettered = account.n_dead_lettered(),
            klartext.discarded = account.discarded,
            klartext.in_flight = self.n_open,
            klartext.in_flight_bytes = self.n_bytes,
            klartext.docs_per_second = self.docs_per_second,
            klartext.mb_per_second = self.mb_per_second,
            klartext.latency_ms.p50 = latency.p50,
            klartext.latency_ms.p95 = latency.p95,
            klartext.latency_ms.p99 = latency.p99,
            klartext.wait_ms.p50 = waiting.p50,
            klartext.wait_ms.p95 = waiting.p95,
            klartext.wait_ms.p99 = waiting.p99,
            klartext.clean_ms.p50 = cleaning.p50,
            klartext.clean_ms.p95 = cleaning.p95,
            klartext.clean_ms.p99 = cleaning.p99,
            klartext.send_ms.p50 = sending.p50,
            klartext.send_ms.p95 = sending.p95,
            klartext.send_ms.p99 = sending.p99,
            klartext.commit_ms.p50 = commits.p50,
            klartext.commit_ms.p95 = commits.p95,
            klartext.commit_ms.p99 = commits.p99,
            klartext.lag = self.lag,
            klartext.lag_seconds = self.lag_seconds,
            klartext.drain_seconds = self.drain_seconds,
            klartext.partitions = self.n_partitions,
            klartext.rebalances = self.n_rebalances,
            klartext.aborted_transactions = self.n_aborts,
            klartext.top_reasons = self.top_reasons,
            klartext.top_failing_sites = self.top_failing_sites,
            klartext.rejected_by_reason = self.rejected_by_reason,
            klartext.dead_lettered_by_reason = self.dead_lettered_by_reason,
            klartext.removed = self.removed,
            klartext.sites = self.sites,
            klartext.failing_sites = self.failing_sites,
            klartext.rss_bytes = self.rss_bytes,
            klartext.rules = self.rules,
            "summary"
        );
    }

    /// The state on request: a summary of late, and how far each partition is.
    pub(super) fn log_state(&self, positions: &str) {
        self.log(false);
        tracing::info!(
            event.name = events::STATE,
            klartext.positions = positions,
            klartext.in_flight = self.n_open,
            klartext.in_flight_bytes = self.n_bytes,
            klartext.lag = self.lag,
            klartext.brokers_up = self.brokers_up,
            klartext.rules = self.rules,
            "state"
        );
    }
}
