//! The Prometheus text format, version 0.0.4: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::fmt::{Display, Write as _};

use crate::service::Live;
use crate::service::snapshot::{Snapshot, Stage};

/// Media type of the format.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is measured.
pub(super) fn text(live: &Live) -> String {
    let mut page = Page(String::with_capacity(8 * 1024));
    page.one(
        "klartext_silence_seconds",
        "gauge",
        "Time since the last sign of life of the service's thread.",
        live.pulse().silence().as_secs_f64(),
    );
    page.one("klartext_draining", "gauge", "1 on the way out.", u8::from(live.is_draining()));
    if let Some(snapshot) = live.snapshot() {
        outcomes(&mut page, &snapshot);
        gauges(&mut page, &snapshot);
        page.stage(
            "klartext_latency_seconds",
            "From reading a record to the commit of its output.",
            &snapshot.latency,
        );
        page.stage("klartext_wait_seconds", "Waiting for a worker.", &snapshot.waiting);
        page.stage("klartext_clean_seconds", "Cleaning a page.", &snapshot.cleaning);
        page.stage(
            "klartext_send_seconds",
            "From the end of cleaning to the commit of the output.",
            &snapshot.sending,
        );
        page.stage(
            "klartext_commit_seconds",
            "Committing offsets or a transaction.",
            &snapshot.commits,
        );
    }
    page.0
}

fn outcomes(page: &mut Page, snapshot: &Snapshot) {
    let account = &snapshot.account;
    page.one("klartext_records_received_total", "counter", "Records read.", account.received);
    let help = "Bytes of the records read.";
    page.one("klartext_bytes_received_total", "counter", help, snapshot.n_bytes_received);
    let name = "klartext_records_settled_total";
    page.head(name, "counter", "Records settled, by outcome and reason.");
    page.line(name, &[("outcome", "published")], account.published);
    page.line(name, &[("outcome", "tombstone")], account.tombstones);
    for (reason, n) in &account.rejected {
        page.line(name, &[("outcome", "rejected"), ("reason", reason.as_str())], n);
    }
    for (error_type, n) in &account.dead_lettered {
        page.line(name, &[("outcome", "dead_lettered"), ("reason", error_type)], n);
    }
    let name = "klartext_blocks_removed_total";
    page.head(name, "counter", "Blocks left out of articles, by class.");
    for (class, n) in &snapshot.removed_by_class {
        page.line(name, &[("class", class)], n);
    }
    let help = "Records given back unfinished; their partition's new owner reads them again.";
    page.one("klartext_records_discarded_total", "counter", help, account.discarded);
    let is_balanced = u8::from(account.is_balanced(snapshot.n_open));
    page.one(
        "klartext_account_balanced",
        "gauge",
        "1 if every record is in one place.",
        is_balanced,
    );
}

fn gauges(page: &mut Page, snapshot: &Snapshot) {
    page.one(
        "klartext_in_flight_records",
        "gauge",
        "Records read and not settled.",
        snapshot.n_open,
    );
    page.one("klartext_in_flight_bytes", "gauge", "Bytes they hold.", snapshot.n_bytes);
    page.one("klartext_partitions", "gauge", "Partitions of this process.", snapshot.n_partitions);
    page.one(
        "klartext_rebalances_total",
        "counter",
        "Assignments and revocations.",
        snapshot.n_rebalances,
    );
    let help = "Transactions that were aborted and sent again.";
    page.one("klartext_transactions_aborted_total", "counter", help, snapshot.n_aborts);
    let optional = [
        (
            "klartext_lag_seconds",
            "Age of the last record settled, where more are waiting.",
            snapshot.lag_seconds,
        ),
        (
            "klartext_drain_seconds",
            "Time until the lag is gone at the rate of late.",
            snapshot.drain_seconds,
        ),
    ];
    for (name, help, value) in optional {
        if let Some(value) = value {
            page.one(name, "gauge", help, value);
        }
    }
    if let Some(lag) = snapshot.lag {
        page.one(
            "klartext_lag_records",
            "gauge",
            "Records of its partitions that are not settled.",
            lag,
        );
    }
    if let Some(n_up) = snapshot.brokers_up {
        page.one("klartext_brokers_up", "gauge", "Brokers with an open connection.", n_up);
    }
    if let Some(bytes) = snapshot.rss_bytes {
        page.one("process_resident_memory_bytes", "gauge", "Resident memory.", bytes);
    }
    let name = "klartext_info";
    page.head(name, "gauge", "1; version and rules in force.");
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("rules", snapshot.rules.as_str())];
    page.line(name, &labels, 1);
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _infallible = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Labels are ours: words and hashes, with nothing that would need escaping.
    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _infallible = writeln!(self.0, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }

    fn stage(&mut self, name: &str, help: &str, stage: &Stage) {
        self.head(name, "histogram", help);
        let bucket = format!("{name}_bucket");
        for (bound, n) in &stage.buckets {
            self.line(&bucket, &[("le", &bound.to_string())], n);
        }
        self.line(&bucket, &[("le", "+Inf")], stage.n);
        self.line(&format!("{name}_sum"), &[], stage.sum_seconds);
        self.line(&format!("{name}_count"), &[], stage.n);
    }
}
