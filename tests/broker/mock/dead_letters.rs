//! What cannot be processed goes to the dead letters as it came in; tombstones do what the configuration says.

use klartext::config::Tombstones;
use klartext::encode::EncodeError;
use klartext::model::{Header, Record};
use klartext::pipeline::{Failure, Outcome};
use klartext::rules::Rules;
use klartext::service::{ServiceError, Settlement};

use super::bench::{Bench, header, page, reject};

/// In place of the core: panics on the page `giftig`, calls the page `unlesbar` a failure.
fn fail_on_some(record: &Record, rules: &Rules) -> Outcome {
    match record.key.as_deref() {
        Some(b"giftig") => panic!("a page that breaks the core"),
        Some(b"unlesbar") => {
            Outcome::DeadLettered(Failure::Encode(EncodeError::TooLarge { bytes: 9, limit: 8 }))
        }
        _ => reject(record, rules),
    }
}

#[test]
fn a_dead_letter_is_the_record_byte_for_byte() {
    let bench = Bench::new(1);
    let record = Record {
        key: Some(b"unlesbar".to_vec()),
        value: Some(vec![0xff, 0x00, 0xfe, b'x']),
        headers: vec![
            header("url", b"https://zeitung.example/1"),
            Header { name: "null".to_owned(), value: None },
            header("url", b"zweimal"),
            header("leer", b""),
            header("binaer", &[0xff, 0x00]),
            header("klartext-dlq-attempts", b"2"),
            header("klartext-dlq-error-type", b"old"),
        ],
        timestamp_ms: Some(1_700_000_000_123),
        origin: None,
    };
    bench.put(0, &record);
    bench.flush();
    let running = bench.start_with(fail_on_some);
    running.wait_for(1);
    assert_eq!(running.stop().dead_lettered.get("output_too_large"), Some(&1));
    let letters = bench.read("articles.dead", 1);
    let [letter] = letters.as_slice() else { panic!("{} dead letters", letters.len()) };
    assert_eq!(letter.key, record.key);
    assert_eq!(letter.value, record.value);
    assert_eq!(letter.timestamp_ms, record.timestamp_ms);
    assert_eq!(letter.headers[..5], record.headers[..5]);
    let ours: Vec<&str> = letter.headers[5..].iter().map(|header| header.name.as_str()).collect();
    assert_eq!(
        ours,
        [
            "klartext-dlq-topic",
            "klartext-dlq-partition",
            "klartext-dlq-offset",
            "klartext-dlq-timestamp",
            "klartext-dlq-group",
            "klartext-dlq-stage",
            "klartext-dlq-error-type",
            "klartext-dlq-error-message",
            "klartext-dlq-attempts",
            "klartext-dlq-replay-count",
            "klartext-dlq-failed-at",
            "klartext-dlq-version",
        ]
    );
    assert_eq!(letter.header("klartext-dlq-topic"), Some("pages.raw"));
    assert_eq!(letter.header("klartext-dlq-offset"), Some("0"));
    assert_eq!(letter.header("klartext-dlq-timestamp"), Some("1700000000123"));
    assert_eq!(letter.header("klartext-dlq-error-type"), Some("output_too_large"));
    assert_eq!(letter.header("klartext-dlq-attempts"), Some("3"));
}

#[test]
fn a_page_that_breaks_a_worker_does_not_stop_the_stream() {
    let bench = Bench::new(1);
    bench.put(0, &page("1"));
    bench.put(0, &page("giftig"));
    bench.put(0, &page("3"));
    bench.flush();
    let running = bench.start_with(fail_on_some);
    running.wait_for(3);
    let settled = running.settled();
    let account = running.stop();
    assert_eq!(settled[1], (0, 1, Settlement::DeadLettered("panic")));
    assert_eq!((account.n_rejected(), account.n_dead_lettered()), (2, 1));
    let letters = bench.read("articles.dead", 1);
    assert_eq!(letters[0].value, page("giftig").value);
    assert_eq!(letters[0].header("klartext-dlq-stage"), Some("clean"));
    assert!(letters[0].header("klartext-dlq-error-message").unwrap().contains("breaks the core"));
}

#[test]
fn a_bug_that_hits_every_page_stops_the_service_instead_of_emptying_the_topic_into_the_dead_letters()
 {
    let bench = Bench::new(1);
    for _ in 0..300 {
        bench.put(0, &page("giftig"));
    }
    bench.flush();
    let ended = bench.start_with(fail_on_some).ends();
    let Err(ServiceError::Breaker { n_failed, n_records, error_type }) = ended else {
        panic!("it ended with {ended:?}")
    };
    assert_eq!((n_failed, n_records, error_type), (20, 20, "panic"));
    let n_dead = bench.read("articles.dead", 0).len();
    assert!(n_dead < 20, "{n_dead} dead letters");
    // What was not dead-lettered is still to be read.
    assert!(usize::try_from(bench.committed(0).unwrap_or(0)).unwrap() <= n_dead);
}

#[test]
fn pages_that_break_a_limit_never_stop_the_service() {
    let bench = Bench::new(1);
    for _ in 0..100 {
        bench.put(0, &page("unlesbar"));
    }
    bench.flush();
    let running = bench.start_with(fail_on_some);
    running.wait_for(100);
    assert_eq!(running.stop().n_dead_lettered(), 100);
}

fn tombstone_under(policy: Tombstones) -> (Vec<Record>, Vec<Record>, Settlement) {
    let mut bench = Bench::new(1);
    bench.config.input.tombstones = policy;
    let record = Record { value: None, ..page("weg") };
    bench.put(0, &record);
    bench.flush();
    let running = bench.start();
    running.wait_for(1);
    let settlement = running.settled()[0].2;
    running.stop();
    let n_out = usize::from(policy == Tombstones::Pass);
    let n_dead = usize::from(policy == Tombstones::DeadLetter);
    (bench.read("articles.clean", n_out), bench.read("articles.dead", n_dead), settlement)
}

#[test]
fn a_tombstone_is_passed_on_under_its_key() {
    let (out, dead, settlement) = tombstone_under(Tombstones::Pass);
    assert_eq!((out.len(), dead.len(), settlement), (1, 0, Settlement::Tombstone));
    assert_eq!((out[0].key.as_deref(), out[0].value.as_ref()), (Some(b"weg".as_slice()), None));
    assert_eq!(out[0].header("url"), Some("https://zeitung.example/meldung"));
}

#[test]
fn a_tombstone_is_dropped() {
    let (out, dead, settlement) = tombstone_under(Tombstones::Drop);
    assert_eq!((out.len(), dead.len(), settlement), (0, 0, Settlement::Tombstone));
}

#[test]
fn a_tombstone_is_dead_lettered_as_null() {
    let (out, dead, settlement) = tombstone_under(Tombstones::DeadLetter);
    assert_eq!((out.len(), dead.len(), settlement), (0, 1, Settlement::DeadLettered("tombstone")));
    assert_eq!((dead[0].key.as_deref(), dead[0].value.as_ref()), (Some(b"weg".as_slice()), None));
}
