//! What is in flight stays bounded, and the end is orderly and in time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytesize::ByteSize;
use klartext::model::Record;
use klartext::pipeline::Outcome;
use klartext::rules::Rules;
use klartext::service::ServiceError;

use super::bench::{Bench, page, reject, wait};

static N_AT_WORK: AtomicUsize = AtomicUsize::new(0);
static MOST_AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// In place of the core: counts how many are at work at once.
fn count_at_work(record: &Record, rules: &Rules) -> Outcome {
    let n = N_AT_WORK.fetch_add(1, Ordering::SeqCst) + 1;
    MOST_AT_WORK.fetch_max(n, Ordering::SeqCst);
    wait(Duration::from_millis(5));
    N_AT_WORK.fetch_sub(1, Ordering::SeqCst);
    reject(record, rules)
}

#[test]
fn a_budget_smaller_than_a_page_means_one_page_at_a_time() {
    let mut bench = Bench::new(2);
    bench.config.workers.in_flight_bytes = ByteSize::b(1);
    bench.config.workers.threads = 4;
    bench.put_pages(2, 0..40);
    let running = bench.start_with(count_at_work);
    running.wait_for(40);
    assert_eq!(running.stop().received, 40);
    assert_eq!(MOST_AT_WORK.load(Ordering::SeqCst), 1);
}

fn slowly(record: &Record, rules: &Rules) -> Outcome {
    wait(Duration::from_millis(50));
    reject(record, rules)
}

#[test]
fn shutdown_finishes_what_is_in_flight_and_reads_nothing_more() {
    let mut bench = Bench::new(1);
    bench.config.workers.threads = 1;
    bench.config.workers.pages_per_thread = 10;
    bench.put_pages(1, 0..200);
    let running = bench.start_with(slowly);
    running.wait_for(3);
    let account = running.stop();
    assert!(account.received < 100, "{account:?}");
    assert_eq!(account.received, account.n_rejected(), "nothing was thrown away");
    assert_eq!(bench.committed(0), i64::try_from(account.received).ok());
}

fn very_slowly(record: &Record, rules: &Rules) -> Outcome {
    if record.key.as_deref() == Some(b"langsam") {
        wait(Duration::from_secs(8));
    }
    reject(record, rules)
}

#[test]
fn a_drain_that_takes_too_long_ends_with_what_is_done() {
    let mut bench = Bench::new(1);
    bench.config.shutdown.drain_timeout = Duration::from_millis(300);
    bench.put_pages(1, 0..5);
    bench.put(0, &page("langsam"));
    bench.flush();
    let running = bench.start_with(very_slowly);
    running.wait_for(5);
    let began = Instant::now();
    let error = running.ended().unwrap_err();
    assert!(matches!(error, ServiceError::DrainTimeout { n_open: 1, .. }), "{error}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(bench.committed(0), Some(5), "the page that was not finished is read again");
}
