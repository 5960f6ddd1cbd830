//! The built program against a real Apache Kafka: child processes, signals, and readers that see what a user's would.
//!
//! They run when `KLARTEXT_TEST_BROKERS` names a Kafka (`tests/run` sees to it), and are left out otherwise; with
//! `KLARTEXT_REQUIRE_BROKER=1` they fail instead. Each test makes topics and a group of its own.

mod cluster;
mod kafka;
mod pages;
mod program;
mod tally;

mod bad_input;
mod chaos;
mod check;
mod delivery;
mod faults;
mod flood;
mod operate;
mod replay;
mod security;
mod start;
mod two_processes;

use std::io::Write as _;

use kafka::Kafka;

/// The Kafka to test against, if there is one; says so on stderr if not.
fn kafka_for(test: &str) -> Option<Kafka> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let brokers = variable("KLARTEXT_TEST_BROKERS");
    if brokers.is_none() {
        assert!(
            variable("KLARTEXT_REQUIRE_BROKER").as_deref() != Some("1"),
            "KLARTEXT_REQUIRE_BROKER=1, but KLARTEXT_TEST_BROKERS names no Kafka; run the tests with tests/run"
        );
        note(&format!(
            "{test}: left out, KLARTEXT_TEST_BROKERS names no Kafka; tests/run starts one"
        ));
    }
    brokers.map(Kafka::at)
}

/// Says something on stderr. Not `eprintln!`, which the harness swallows where a test passes.
fn note(text: &str) {
    // Nothing depends on whether it is seen.
    let _seen = writeln!(std::io::stderr(), "{text}");
}
