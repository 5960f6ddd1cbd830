//! Starting where it cannot work: the program says what is wrong and ends, in bounded time.

use std::time::{Duration, Instant};

use super::kafka_for;
use super::program::run_to_end;

/// Exit code for "unavailable", of sysexits.h.
const UNAVAILABLE: i32 = 69;
const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn a_wrong_broker_address_is_said_plainly_and_soon() {
    // Port 9 (discard) of this machine; nothing listens there. Needs no Kafka.
    let began = Instant::now();
    let (status, text) = run_to_end("wrong-broker", "kafka: {brokers: [\"127.0.0.1:9\"]}\n", LIMIT);
    assert_eq!(status.code(), Some(UNAVAILABLE), "{text}");
    assert!(text.contains("127.0.0.1:9") && text.contains("kafka.brokers"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(30), "it took {} s", began.elapsed().as_secs());
}

#[test]
fn a_missing_topic_is_named() {
    let Some(kafka) = kafka_for("missing_topic") else { return };
    let configuration = format!(
        "kafka: {{brokers: [\"{}\"]}}\ninput: {{topics: [no.such.topic], group_id: missing-topic}}\n",
        kafka.brokers.replace(',', "\", \"")
    );
    let (status, text) = run_to_end("missing-topic", &configuration, LIMIT);
    assert_eq!(status.code(), Some(UNAVAILABLE), "{text}");
    assert!(text.contains("no.such.topic"), "{text}");
}
