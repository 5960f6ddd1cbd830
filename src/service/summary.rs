//! What is measured on the way: how much, how fast, how far behind. [`Snapshot`] is what is shown of it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rdkafka::statistics::Statistics;

use super::ledger::{Ledger, TopicPartition};
use super::live::{Live, LiveRules};
use super::snapshot::{Snapshot, Stage};
use super::supervisor;
use super::worker::Page;
use super::{Account, Settlement};
use crate::model::Record;

/// Sites and reasons named in a summary.
const N_TOP: usize = 3;

/// Sites named with all their pages in a summary: what a report shows.
const N_SITES: usize = 20;

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
    /// Removed blocks by class, since the start.
    removed: BTreeMap<&'static str, u64>,
    last_stable: BTreeMap<(String, i32), Watermark>,
    pub(super) n_rebalances: u64,
    pub(super) n_aborts: u64,
    brokers_up: Option<usize>,
    /// Time of the last settled record, by topic and partition; milliseconds since the epoch.
    settled_ms: BTreeMap<String, BTreeMap<i32, i64>>,
    /// What the outside sees.
    pub(super) live: Live,
    /// The rules in force, for their name.
    pub(super) rules: Option<LiveRules>,
    shown_at: Instant,
}

/// How often the outside is shown how things stand.
const SHOW_EVERY: Duration = Duration::from_secs(1);

/// What is measured over a time.
#[derive(Debug)]
struct Period {
    since: Instant,
    n_settled: u64,
    n_bytes: u64,
    /// Time from reading a record to the commit of its output.
    latency: Histogram<u64>,
    /// Time until a worker was free.
    waiting: Histogram<u64>,
    /// Time in the core.
    cleaning: Histogram<u64>,
    /// Time from the end of the core's work to the commit: waiting for the turn in its partition, and for the brokers.
    sending: Histogram<u64>,
    commits: Histogram<u64>,
    failing_sites: BTreeMap<String, u64>,
    sites: BTreeMap<String, u64>,
}

impl Period {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            n_settled: 0,
            n_bytes: 0,
            latency: histogram(),
            waiting: histogram(),
            cleaning: histogram(),
            sending: histogram(),
            commits: histogram(),
            failing_sites: BTreeMap::new(),
            sites: BTreeMap::new(),
        }
    }

    fn settle(&mut self, page: &Page) {
        self.n_settled += 1;
        let latency = page.received_at.elapsed();
        note(&mut self.latency, latency);
        note(&mut self.waiting, page.waited);
        note(&mut self.sending, latency.saturating_sub(page.waited + page.took));
        let has_failed = !matches!(page.settlement, Settlement::Published | Settlement::Tombstone);
        let Some(host) = &page.host else { return };
        count(&mut self.sites, host);
        if has_failed {
            count(&mut self.failing_sites, host);
        }
    }

    /// Begins anew, in the memory it has.
    fn restart(&mut self) {
        self.since = Instant::now();
        self.n_settled = 0;
        self.n_bytes = 0;
        self.failing_sites.clear();
        self.sites.clear();
        let Self { latency, waiting, cleaning, sending, commits, .. } = self;
        for histogram in [latency, waiting, cleaning, sending, commits] {
            histogram.reset();
        }
    }
}

/// One more page of a host, if there is room for the host.
fn count(sites: &mut BTreeMap<String, u64>, host: &str) {
    if let Some(n) = sites.get_mut(host) {
        *n += 1;
    } else if sites.len() < MAX_SITES {
        sites.insert(host.to_owned(), 1);
    }
}

/// What librdkafka knows of a partition.
#[derive(Debug, Clone, Copy)]
struct Watermark {
    last_stable: i64,
    /// Where reading goes on; used until a record of the partition was settled.
    next: i64,
    /// Where fetching goes on, if nothing that was fetched waits to be read: beyond the ends of transactions, which have
    /// offsets and are no records.
    fetched: Option<i64>,
}

impl Meters {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            lately: Period::new(),
            in_all: Period::new(),
            removed: BTreeMap::new(),
            last_stable: BTreeMap::new(),
            n_rebalances: 0,
            n_aborts: 0,
            brokers_up: None,
            settled_ms: BTreeMap::new(),
            live: Live::default(),
            rules: None,
            shown_at: Instant::now(),
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
        self.live.cut_off(false);
        note(&mut self.lately.commits, took);
        note(&mut self.in_all.commits, took);
    }

    pub(super) fn settle(&mut self, page: &Page) {
        self.lately.settle(page);
        self.in_all.settle(page);
        for (class, n) in &page.removed {
            *self.removed.entry(class.as_str()).or_default() += u64::from(*n);
        }
        let Record { origin, timestamp_ms, .. } = &page.record;
        let (Some(origin), Some(timestamp_ms)) = (origin, timestamp_ms) else { return };
        if let Some(partitions) = self.settled_ms.get_mut(&origin.topic) {
            partitions.insert(origin.partition, *timestamp_ms);
        } else {
            let first = BTreeMap::from([(origin.partition, *timestamp_ms)]);
            self.settled_ms.insert(origin.topic.clone(), first);
        }
    }

    /// Partitions left us: how old their records are is no longer our business.
    fn forget_times(&mut self) {
        let last_stable = &self.last_stable;
        self.settled_ms.retain(|topic, partitions| {
            partitions
                .retain(|partition, _| last_stable.contains_key(&(topic.clone(), *partition)));
            !partitions.is_empty()
        });
    }

    /// librdkafka's own lag is of no use: under exactly once the consumer commits nothing itself. So the lag is the last
    /// stable offset minus our own position.
    pub(super) fn take_statistics(&mut self, statistics: &Statistics) {
        self.last_stable.clear();
        for topic in statistics.topics.values() {
            for partition in topic.partitions.values() {
                if partition.partition >= 0 && partition.desired && partition.ls_offset >= 0 {
                    let next = partition.committed_offset.max(partition.app_offset);
                    let fetched = (partition.fetchq_cnt == 0).then_some(partition.next_offset);
                    let watermark = Watermark { last_stable: partition.ls_offset, next, fetched };
                    self.last_stable.insert((topic.topic.clone(), partition.partition), watermark);
                }
            }
        }
        let brokers = statistics.brokers.values();
        let n_up = brokers.filter(|broker| broker.nodeid >= 0 && broker.state == "UP").count();
        self.brokers_up = Some(n_up);
        if n_up > 0 {
            self.live.cut_off(false);
        }
        self.forget_times();
    }

    /// Called at every turn of the loop: shows the outside how things stand, and prints the summary when it is due.
    pub(super) fn turn(&mut self, account: &Account, ledger: &Ledger<Page>) {
        let is_due = self.lately.since.elapsed() >= self.interval;
        let is_asked = self.live.take_request();
        if is_due || is_asked || self.shown_at.elapsed() >= SHOW_EVERY {
            self.shown_at = Instant::now();
            let snapshot = self.snapshot(&self.lately, account, ledger);
            if is_due {
                snapshot.log(false);
            }
            if is_asked {
                snapshot.log_state(&self.positions(ledger));
            }
            self.live.show(snapshot);
        }
        if is_due {
            self.lately.restart();
        }
    }

    /// The service reads nothing more.
    pub(super) fn draining(&self) {
        self.live.drain();
        supervisor::stopping();
    }

    /// The last summary: rates and latencies over the whole run.
    pub(super) fn report_all(&self, account: &Account, ledger: &Ledger<Page>) {
        self.snapshot(&self.in_all, account, ledger).log(true);
    }

    fn snapshot(&self, period: &Period, account: &Account, ledger: &Ledger<Page>) -> Snapshot {
        let seconds = period.since.elapsed().as_secs_f64().max(0.001);
        let docs_per_second = rate(period.n_settled, seconds);
        let lag = self.lag(ledger);
        Snapshot {
            seconds: (seconds * 10.0).round() / 10.0,
            n_open: ledger.n_open(),
            n_bytes: ledger.n_bytes(),
            docs_per_second,
            mb_per_second: rate(period.n_bytes, seconds * 1e6),
            latency: Stage::of(&period.latency, &self.in_all.latency),
            waiting: Stage::of(&period.waiting, &self.in_all.waiting),
            cleaning: Stage::of(&period.cleaning, &self.in_all.cleaning),
            sending: Stage::of(&period.sending, &self.in_all.sending),
            commits: Stage::of(&period.commits, &self.in_all.commits),
            lag,
            lag_seconds: lag.map(|lag| if lag == 0 { 0.0 } else { self.age_seconds() }),
            drain_seconds: drain_seconds(lag, docs_per_second),
            n_partitions: ledger.partitions().count(),
            n_rebalances: self.n_rebalances,
            n_aborts: self.n_aborts,
            brokers_up: if self.live.is_cut_off() { Some(0) } else { self.brokers_up },
            top_reasons: top(&reasons(account), N_TOP),
            top_failing_sites: top(&period.failing_sites, N_TOP),
            rejected_by_reason: top(&rejections(account), usize::MAX),
            dead_lettered_by_reason: top(&account.dead_lettered, usize::MAX),
            n_bytes_received: self.in_all.n_bytes,
            removed: top(&self.removed, usize::MAX),
            removed_by_class: self.removed.clone(),
            sites: top(&period.sites, N_SITES),
            failing_sites: top(&period.failing_sites, N_SITES),
            rss_bytes: resident_bytes(),
            rules: self.rules.as_ref().map(|rules| rules.now().hash.clone()).unwrap_or_default(),
            account: account.clone(),
        }
    }

    /// Age of the oldest record that was the last to be settled of its partition: so far behind is the slowest partition.
    fn age_seconds(&self) -> f64 {
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let oldest = self.settled_ms.values().flat_map(BTreeMap::values).min();
        oldest.map_or(0.0, |oldest| seconds_of(now_ms.saturating_sub(*oldest)))
    }

    /// `topic[partition]=next/end`, for the state on request.
    fn positions(&self, ledger: &Ledger<Page>) -> String {
        let positions: BTreeMap<&TopicPartition, i64> = ledger.positions().collect();
        let one = |source: &TopicPartition| {
            let key = (source.topic.to_string(), source.partition);
            let position = positions.get(source).map_or("?".to_owned(), ToString::to_string);
            let end =
                self.last_stable.get(&key).map_or("?".to_owned(), |w| w.last_stable.to_string());
            format!("{}[{}]={position}/{end}", source.topic, source.partition)
        };
        ledger.partitions().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Records of our partitions that are not settled yet; `None` until the broker told how far they reach.
    fn lag(&self, ledger: &Ledger<Page>) -> Option<i64> {
        if self.last_stable.is_empty() {
            return None;
        }
        let positions: BTreeMap<&TopicPartition, i64> = ledger.positions().collect();
        let lag_of = |source: &TopicPartition| {
            let watermark = self.last_stable.get(&(source.topic.to_string(), source.partition))?;
            let settled = positions.get(source).copied().unwrap_or(watermark.next);
            let fetched = watermark.fetched.filter(|_| ledger.is_idle(source));
            let position = fetched.map_or(settled, |fetched| fetched.max(settled));
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

/// Time until the lag is gone at this rate; unknown where nothing moves.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn drain_seconds(lag: Option<i64>, docs_per_second: f64) -> Option<f64> {
    match lag? {
        0 => Some(0.0),
        lag if docs_per_second > 0.0 => Some((lag as f64 / docs_per_second).round()),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn seconds_of(milliseconds: i64) -> f64 {
    milliseconds.max(0) as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a rate is no account")]
fn rate(n: u64, seconds: f64) -> f64 {
    (n as f64 / seconds * 100.0).round() / 100.0
}

fn reasons(account: &Account) -> BTreeMap<&'static str, u64> {
    let mut reasons = rejections(account);
    reasons.extend(&account.dead_lettered);
    reasons
}

fn rejections(account: &Account) -> BTreeMap<&'static str, u64> {
    account.rejected.iter().map(|(reason, n)| (reason.as_str(), *n)).collect()
}

/// `name=3, name=2`: the `n_named` largest, the largest first.
fn top<N: std::fmt::Display>(counts: &BTreeMap<N, u64>, n_named: usize) -> String {
    let mut counts: Vec<(&N, &u64)> = counts.iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let named: Vec<String> =
        counts.into_iter().take(n_named).map(|(name, n)| format!("{name}={n}")).collect();
    named.join(", ")
}

/// Memory of this process; `None` where there is no `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
