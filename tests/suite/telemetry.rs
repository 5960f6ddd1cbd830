//! The logs, as a captured writer sees them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use klartext::config::{Log, LogLevel};
use klartext::telemetry::{Form, Telemetry, field};
use serde_json::Value;
use tracing::{debug, error, info, warn};

/// A writer that keeps what was written.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that some events make.
fn lines(log: &Log, form: Form, events: impl FnOnce()) -> Vec<String> {
    let captured = Captured::default();
    let telemetry = Telemetry::new(log, "pod-1", form, Box::new(captured.clone()));
    tracing::subscriber::with_default(telemetry.subscriber(log), events);
    telemetry.flush();
    let bytes = captured.0.lock().expect("not poisoned").clone();
    String::from_utf8(bytes).expect("UTF-8").lines().map(str::to_owned).collect()
}

fn objects(log: &Log, events: impl FnOnce()) -> Vec<Value> {
    let parse = |line: &String| serde_json::from_str(line).expect("a JSON object");
    lines(log, Form::Json, events).iter().map(parse).collect()
}

#[test]
fn a_json_line_is_flat_and_complete() {
    let mut log = Log::default();
    log.static_fields.insert("deployment.environment".to_owned(), "test".to_owned());
    let lines = objects(&log, || {
        info!(
            { field::EVENT_NAME } = "klartext.started",
            { field::TOPIC } = "pages.raw",
            { field::OFFSET } = 7_i64,
            "started"
        );
    });
    let line = lines[0].as_object().expect("an object");
    let keys: Vec<&str> = line.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "timestamp",
            "level",
            "message",
            "target",
            "event.name",
            "service.name",
            "service.version",
            "service.instance.id",
            "deployment.environment",
            "messaging.destination.name",
            "messaging.kafka.offset"
        ]
    );
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["message"], "started");
    assert_eq!(line["event.name"], "klartext.started");
    assert_eq!(line["service.instance.id"], "pod-1");
    assert_eq!(line["messaging.kafka.offset"], 7);
    let timestamp = line["timestamp"].as_str().expect("text");
    assert_eq!(timestamp.len(), "2024-11-01T17:05:09.123456Z".len(), "{timestamp}");
    assert!(timestamp.ends_with('Z'));
}

#[test]
fn nothing_in_an_event_can_end_a_line_or_drive_a_terminal() {
    let hostile = "a\n\u{1b}[31mred\u{202e}\u{2028}\u{9b}b";
    for form in [Form::Json, Form::Plain, Form::Coloured] {
        let lines = lines(&Log::default(), form, || {
            info!({ field::SOURCE } = hostile, "{hostile}");
        });
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(!lines[0].contains("\u{1b}[31mred"), "{lines:?}");
        assert!(!lines[0].contains(['\u{202e}', '\u{2028}', '\u{9b}']), "{lines:?}");
    }
    let object = objects(&Log::default(), || info!({ field::SOURCE } = hostile, "x"));
    assert_eq!(object[0]["klartext.source"], hostile, "JSON keeps the value");
}

#[test]
fn a_field_never_hides_one_that_every_line_has() {
    let lines = objects(&Log::default(), || info!(level = "fatal", "x"));
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(lines[0]["field.level"], "fatal");
}

#[test]
fn a_repeated_error_is_printed_once_and_counted() {
    let lines = objects(&Log::default(), || {
        for attempt in 0..5 {
            warn!(
                { field::EVENT_NAME } = "klartext.lost",
                { field::ERROR_TYPE } = "timeout",
                attempt,
                "lost"
            );
        }
        warn!({ field::EVENT_NAME } = "klartext.lost", { field::ERROR_TYPE } = "refused", "lost");
        info!("not an error");
        info!("not an error");
    });
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(
        messages,
        ["lost", "lost", "not an error", "not an error", "lost (repeated 4 times more)"]
    );
    let summary = &lines[4];
    assert_eq!(summary["klartext.repeat.count"], 4);
    assert_eq!(summary["event.name"], "klartext.lost");
    assert_eq!(summary["error.type"], "timeout");
    assert_eq!(summary["attempt"], 4, "the fields of the last one");
}

#[test]
fn an_event_without_a_name_is_known_by_its_message_but_for_the_details() {
    let lines = objects(&Log::default(), || {
        for attempt in 0..3 {
            error!(target: "rdkafka", "a:9092: connection refused (after {attempt} ms)");
        }
        error!(target: "rdkafka", "b:9092: connection refused (after 3 ms)");
    });
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(
        messages,
        [
            "a:9092: connection refused (after 0 ms)",
            "b:9092: connection refused (after 3 ms)",
            "a:9092: connection refused (after 2 ms) (repeated 2 times more)"
        ]
    );
}

#[test]
fn an_ended_window_is_reported_by_the_next_event() {
    let log = Log { repeat_window: std::time::Duration::from_millis(20), ..Log::default() };
    let lines = objects(&log, || {
        let started = std::time::Instant::now();
        error!("broken");
        error!("broken");
        while started.elapsed() < 2 * log.repeat_window {
            std::thread::yield_now();
        }
        error!("broken");
    });
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(messages, ["broken", "broken (repeated once more)", "broken"]);
}

#[test]
fn each_partition_with_a_gap_is_told() {
    let gap = |partition: &str| {
        error!(
            { field::EVENT_NAME } = "klartext.partition.gap",
            { field::TOPIC } = "pages.raw",
            { field::PARTITION } = partition,
            "records were deleted before they were read"
        );
    };
    let lines = objects(&Log::default(), || ["0", "1", "1"].into_iter().for_each(gap));
    let partitions: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["messaging.destination.partition.id"].as_str())
        .collect();
    assert_eq!(partitions, ["0", "1", "1"]);
    assert_eq!(lines[2]["klartext.repeat.count"], 1);
}

#[test]
fn a_window_of_zero_prints_everything() {
    let log = Log { repeat_window: std::time::Duration::ZERO, ..Log::default() };
    assert_eq!(lines(&log, Form::Json, || (0..3).for_each(|_| error!("broken"))).len(), 3);
}

#[test]
fn levels_are_per_module_and_libraries_stay_quiet() {
    let mut log = Log { level: LogLevel::Debug, ..Log::default() };
    log.modules.insert("librdkafka".to_owned(), LogLevel::Error);
    let lines = objects(&log, || {
        debug!(target: "klartext::service", "ours");
        debug!(target: "hyper", "a library's");
        info!(target: "hyper", "a library's info");
        warn!(target: "librdkafka", "muted");
        error!(target: "librdkafka", "heard");
    });
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(messages, ["ours", "a library's info", "heard"]);
}

#[test]
fn a_line_for_people_is_short() {
    let lines = lines(&Log::default(), Form::Plain, || {
        warn!(
            { field::EVENT_NAME } = "klartext.document.dead_lettered",
            { field::ERROR_TYPE } = "empty",
            { field::REASON } = "two words",
            "dead letter"
        );
    });
    let (time, rest) = lines[0].split_at("12:00:00".len());
    assert_eq!(time.matches(':').count(), 2);
    assert_eq!(
        rest,
        "  WARN dead letter target=suite::telemetry error.type=empty reason=\"two words\""
    );
}
