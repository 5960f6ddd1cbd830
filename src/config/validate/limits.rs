//! Sizes, counts and times that must be possible, alone and together.

use std::time::Duration;

use bytesize::ByteSize;

use super::Finding;
use crate::config::tree::{Path, Step};
use crate::config::units::write_duration;
use crate::config::{Breaker, Config};

/// Most threads: more than any machine has cores, few enough that a slip of the finger does not start a million.
const MAX_THREADS: usize = 1024;

/// Least `transaction.timeout.ms` of librdkafka.
const MIN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(1);

/// Least time between two summaries: they are for people.
const MIN_SUMMARY_INTERVAL: Duration = Duration::from_secs(1);

/// Largest record of librdkafka (`message.max.bytes`), with room for its headers.
const MAX_RECORD: ByteSize = ByteSize::mb(990);

/// One call to the brokers may take five seconds, and is no sign of being stuck.
const MIN_STUCK_TIMEOUT: Duration = Duration::from_secs(6);

/// Checks `commit`, `workers`, `limits`, `shutdown`, `log`, `health` and the sizes elsewhere.
pub(super) fn check(config: &Config, findings: &mut Vec<Finding>) {
    check_sizes(config, findings);
    check_counts(config, findings);
    check_times(config, findings);
    check_breaker(config, findings);
    check_static_fields(config, findings);
    let address = config.health.address.as_deref();
    if let Some(address) = address.filter(|text| text.parse::<std::net::SocketAddr>().is_err()) {
        findings.push(Finding::new(
            &["health.address"],
            format!("`{address}` is not an address with a port"),
            "write for example `0.0.0.0:8080`, `127.0.0.1:8080` or `[::]:8080`",
        ));
    }
}

/// Fields that every line has, or that mean something of each event.
fn check_static_fields(config: &Config, findings: &mut Vec<Finding>) {
    for name in config.log.static_fields.keys() {
        let is_ours = ["timestamp", "level", "message", "target", "event.name"]
            .contains(&name.as_str())
            || name.starts_with("klartext.");
        if is_ours {
            let key = Path::of("log.static_fields").then(Step::Key(name.clone()));
            findings.push(Finding {
                keys: vec![key],
                message: "klartext writes a field of this name itself".to_owned(),
                help: "take another name, for example `deployment.environment`".to_owned(),
            });
        }
    }
}

fn check_breaker(config: &Config, findings: &mut Vec<Finding>) {
    let Breaker { window, min_records, percent } = config.dead_letter.breaker;
    if percent > 99 {
        findings.push(Finding::new(
            &["dead_letter.breaker.percent"],
            format!("more than {percent} % can never fail"),
            "the default is `50`; `window: 0` turns the breaker off",
        ));
    }
    if window > 0 && min_records > window {
        findings.push(Finding::new(
            &["dead_letter.breaker.min_records", "dead_letter.breaker.window"],
            format!("{min_records} records never fit into a window of {window}"),
            "make `window` larger; 0 turns the breaker off",
        ));
    }
}

fn check_sizes(config: &Config, findings: &mut Vec<Finding>) {
    for (key, size, example) in [
        ("output.max_bytes", config.output.max_bytes, "1MiB"),
        ("dead_letter.max_reason_bytes", config.dead_letter.max_reason_bytes, "1KiB"),
        ("workers.in_flight_bytes", config.workers.in_flight_bytes, "128MiB"),
        ("limits.document_bytes", config.limits.document_bytes, "10MiB"),
        ("limits.decompressed_bytes", config.limits.decompressed_bytes, "20MiB"),
    ] {
        if size == ByteSize(0) {
            findings.push(Finding::new(
                &[key],
                "must be larger than 0",
                format!("the default is `{example}`"),
            ));
        }
    }
    if config.limits.document_bytes > MAX_RECORD {
        findings.push(Finding::new(
            &["limits.document_bytes"],
            format!(
                "Kafka's clients carry no record of more than 1 GB, this is {}",
                config.limits.document_bytes
            ),
            "the default is `10MiB`",
        ));
    }
    let (in_flight, document) = (config.workers.in_flight_bytes, config.limits.document_bytes);
    if in_flight < document && in_flight > ByteSize(0) {
        findings.push(Finding::new(
            &["workers.in_flight_bytes", "limits.document_bytes"],
            format!("only {in_flight} may be in flight, but one page may have {document} (`limits.document_bytes`)"),
            "let at least one page fit: raise `workers.in_flight_bytes` or lower `limits.document_bytes`",
        ));
    }
}

fn check_counts(config: &Config, findings: &mut Vec<Finding>) {
    if config.workers.threads > MAX_THREADS {
        findings.push(Finding::new(
            &["workers.threads"],
            format!("{} threads are more than {MAX_THREADS}", config.workers.threads),
            "0 means one per core",
        ));
    }
    for (key, count, example) in [
        ("workers.pages_per_thread", config.workers.pages_per_thread, "32"),
        ("limits.dom_depth", config.limits.dom_depth, "512"),
        ("limits.dom_nodes", config.limits.dom_nodes, "500000"),
    ] {
        if count == 0 {
            findings.push(Finding::new(
                &[key],
                "must be larger than 0",
                format!("the default is `{example}`"),
            ));
        }
    }
}

fn check_times(config: &Config, findings: &mut Vec<Finding>) {
    for (key, time, example) in [
        ("commit.interval", config.commit.interval, "200ms"),
        ("shutdown.drain_timeout", config.shutdown.drain_timeout, "25s"),
    ] {
        if time.is_zero() {
            findings.push(Finding::new(
                &[key],
                "must be longer than 0",
                format!("the default is `{example}`"),
            ));
        }
    }
    let stuck = config.shutdown.stuck_timeout;
    if stuck < MIN_STUCK_TIMEOUT {
        findings.push(Finding::new(
            &["shutdown.stuck_timeout"],
            format!(
                "{} is too short: one call to the brokers may take 5s and is no fault",
                write_duration(stuck)
            ),
            "the default is `2m`, the least is 6s",
        ));
    }
    let (interval, timeout) = (config.commit.interval, config.commit.transaction_timeout);
    if timeout < MIN_TRANSACTION_TIMEOUT {
        findings.push(Finding::new(
            &["commit.transaction_timeout"],
            format!("{} is too short; Kafka wants at least 1s", write_duration(timeout)),
            "the default is `30s`",
        ));
    } else if timeout <= interval {
        findings.push(Finding::new(
            &["commit.transaction_timeout", "commit.interval"],
            format!(
                "a transaction of {} (`commit.interval`) does not fit into a timeout of {}",
                write_duration(interval),
                write_duration(timeout)
            ),
            "make `commit.transaction_timeout` several times as long as `commit.interval`",
        ));
    }
    if config.log.summary_interval < MIN_SUMMARY_INTERVAL {
        findings.push(Finding::new(
            &["log.summary_interval"],
            format!(
                "{} is too short; the least is 1s",
                write_duration(config.log.summary_interval)
            ),
            "the default is `1m`",
        ));
    }
}
