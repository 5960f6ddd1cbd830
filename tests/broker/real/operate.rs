//! Operating it: reload, state on request, the health port.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::cluster::{Cluster, Wish};
use super::kafka::{Isolation, pause};
use super::kafka_for;
use super::pages::{Expected, Page, mixed};
use super::program::Klartext;

const LIMIT: Duration = Duration::from_mins(1);

/// A port that is free now.
fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

/// Status and body of an answer.
fn get(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// Waits until something is there.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < LIMIT, "waited too long for {what}");
        pause();
    }
}

fn event(klartext: &Klartext, name: &str, nth: usize) -> Option<Value> {
    klartext.log().into_iter().filter(|line| line["event.name"] == name).nth(nth)
}

#[test]
fn rules_are_reloaded_and_wrong_ones_refused_while_the_stream_goes_on() {
    let Some(kafka) = kafka_for("reload") else { return };
    let topics = kafka.topics("reload", 1);
    let markers = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("markers-{}", topics.group));
    fs::create_dir_all(&markers).expect("a folder");
    let more = format!("rules: {{markers: {}}}\n", markers.display());
    let mut klartext = Klartext::start_with_more(&kafka, &topics, &more, &[]);
    klartext.wait_for_partitions(LIMIT);

    let rules_of = |number: usize| {
        kafka.produce(&topics.input, &mixed(number..number + 1));
        let article = until("the article", || {
            let read = kafka.read(&topics.output, Isolation::Committed);
            read.into_iter().find(|read| read.page_number() == number)
        });
        let value: Value =
            serde_json::from_slice(article.value.as_deref().expect("a value")).expect("JSON");
        let in_provenance = value["provenance"]["rules"].as_str().expect("a hash").to_owned();
        assert_eq!(article.header("klartext-rules").as_deref(), Some(in_provenance.as_str()));
        in_provenance
    };
    let before = rules_of(0);

    let file = markers.join("xx.yaml");
    let good = include_str!("../../../config/markers/nl.yaml");
    fs::write(&file, good).expect("a file");
    klartext.signal("HUP");
    until("the reload", || event(&klartext, "klartext.reloaded", 0));
    let after = rules_of(1);
    assert_ne!(before, after, "articles name the rules that made them");

    fs::write(&file, "ad_label: [unclosed").expect("a file");
    klartext.signal("HUP");
    let refused = until("the refusal", || event(&klartext, "klartext.reload.refused", 0));
    assert_eq!(refused["level"], "ERROR");
    assert!(refused["exception.message"].as_str().expect("text").contains("xx.yaml"), "{refused}");
    assert_eq!(rules_of(2), after, "the old rules stay in force");

    klartext.signal("USR1");
    let state = until("the state", || event(&klartext, "klartext.state", 0));
    let positions = state["klartext.positions"].as_str().expect("text");
    assert!(positions.contains(&format!("{}[0]=3", topics.input)), "{state}");
    assert_eq!(state["klartext.rules"], after.as_str());
    klartext.terminate().must_balance();
}

#[test]
fn a_changed_file_is_seen_with_watch_and_the_level_changes() {
    let Some(kafka) = kafka_for("watch") else { return };
    let topics = kafka.topics("watch", 1);
    let mut klartext = Klartext::start_with_more(&kafka, &topics, "", &["--watch"]);
    klartext.wait_for_partitions(LIMIT);
    klartext.change_configuration("level: info", "level: debug");
    until("the reload", || event(&klartext, "klartext.reloaded", 0));
    kafka.produce(&topics.input, &mixed(0..1));
    until("a line about the page", || event(&klartext, "klartext.document.settled", 0));
    klartext.change_configuration("threads: 2", "threads: 1");
    let restart = until("the warning", || event(&klartext, "klartext.reload.restart_needed", 0));
    assert_eq!(restart["klartext.keys"], "workers.threads");
    klartext.terminate().must_balance();
}

#[test]
fn probes_and_metrics_say_how_it_is() {
    let Some(kafka) = kafka_for("health") else { return };
    let topics = kafka.topics("health", 2);
    let address = free_port();
    let more = format!("health: {{address: \"{address}\"}}\n");
    let mut klartext = Klartext::start_with_more(&kafka, &topics, &more, &[]);
    klartext.wait_for_partitions(LIMIT);
    kafka.produce(&topics.input, &mixed(0..2));
    until("both articles", || {
        (kafka.read(&topics.output, Isolation::Committed).len() == 2).then_some(())
    });
    let ready =
        until("readiness", || get(address, "/health/readyz").filter(|(status, _)| *status == 200));
    let detail: Value = serde_json::from_str(&ready.1).expect("JSON");
    assert_eq!(detail["partitions"], 2, "{detail}");
    assert_eq!(get(address, "/health/livez").expect("an answer").0, 200);
    let published = "klartext_records_settled_total{outcome=\"published\"} 2";
    let metrics = until("the metrics", || {
        get(address, "/metrics").map(|(_, text)| text).filter(|text| text.contains(published))
    });
    assert!(metrics.contains("klartext_latency_seconds_count 2"), "{metrics}");
    assert!(metrics.contains("klartext_account_balanced 1"), "{metrics}");
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').expect("name and value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    assert_eq!(get(address, "/").expect("an answer").0, 404);
    // What an image without a shell is checked with.
    let health = Command::new(env!("CARGO_BIN_EXE_klartext"))
        .args(["health", "--set", &format!("health.address={address}")])
        .output()
        .expect("the program starts");
    assert_eq!(health.status.code(), Some(0), "{health:?}");
    assert!(String::from_utf8_lossy(&health.stdout).contains("\"ready\": true"), "{health:?}");
    klartext.terminate().must_balance();
}

#[test]
fn without_a_broker_it_is_not_ready_within_seconds_and_with_one_it_is_again() {
    let Some(cluster) = Cluster::start("readiness", &Wish::default()) else { return };
    let topics = cluster.kafka.topics("readiness", 2);
    let address = free_port();
    let more = format!("health: {{address: \"{address}\"}}\n");
    let mut klartext = Klartext::start_with_more(&cluster.kafka, &topics, &more, &[]);
    klartext.wait_for_partitions(LIMIT);
    let ready = || get(address, "/health/readyz");
    until("readiness", || ready().filter(|(status, _)| *status == 200));
    // In the middle of its work, so that it waits for an answer.
    cluster.kafka.produce(&topics.input, &mixed(0..500));
    until("an article", || {
        (!cluster.kafka.read(&topics.output, Isolation::Uncommitted).is_empty()).then_some(())
    });
    cluster.broker("kill-broker", 1);
    let killed = Instant::now();
    let (_, body) = until("no readiness", || ready().filter(|(status, _)| *status == 503));
    assert!(killed.elapsed() < Duration::from_secs(15), "after {:?}: {body}", killed.elapsed());
    assert!(body.contains("no broker is up"), "{body}");
    cluster.broker("start-broker", 1);
    until("readiness again", || ready().filter(|(status, _)| *status == 200));
    klartext.must_run();
    // Whether the lag goes to 0 is Kafka's affair here: of a transaction that was ending when the only broker was killed it
    // may forget the end. `faults` and `chaos` look at what comes out.
}

#[test]
fn systemd_hears_when_it_is_ready_reloads_turns_and_stops() {
    let Some(kafka) = kafka_for("notify") else { return };
    let topics = kafka.topics("notify", 1);
    // The path of a socket is short.
    let path = std::env::temp_dir().join(format!("klartext-notify-{}", std::process::id()));
    let _stale = fs::remove_file(&path);
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(LIMIT)).expect("a time-out");
    let hears = |wanted: &str| loop {
        let mut bytes = [0; 512];
        let n = socket.recv(&mut bytes).unwrap_or_else(|error| panic!("no {wanted}: {error}"));
        let text = String::from_utf8_lossy(&bytes[..n]).into_owned();
        if text.lines().any(|line| line == wanted) {
            return text;
        }
    };
    let watchdog = Duration::from_secs(2);
    let mut klartext = Klartext::start_notifying(&kafka, &topics, &path, watchdog);
    hears("READY=1");
    let began = Instant::now();
    for _ in 0..3 {
        hears("WATCHDOG=1");
    }
    assert!(began.elapsed() < 3 * watchdog, "three signs of life took {:?}", began.elapsed());
    klartext.signal("HUP");
    assert!(hears("RELOADING=1").contains("MONOTONIC_USEC="));
    hears("READY=1");
    klartext.must_run();
    let summary = klartext.terminate();
    hears("STOPPING=1");
    summary.must_balance();
    fs::remove_file(&path).expect("the socket is ours");
}

/// A W3C trace context, <https://www.w3.org/TR/trace-context/>.
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_record_can_be_followed_and_its_secrets_stay_out_of_the_log() {
    let Some(kafka) = kafka_for("trace") else { return };
    let topics = kafka.topics("trace", 1);
    let mut article = mixed(2..3).remove(0);
    article.headers.push(("traceparent", TRACE.to_owned()));
    let url = "https://me:pw@www.beispielzeitung.example/a?token=s3cret#part";
    let broken = Page {
        number: 3,
        key: "the-key".to_owned(),
        value: Some(format!("{{\"status\": 200, \"url\": \"{url}\"}}").into_bytes()),
        headers: vec![("traceparent", TRACE.to_owned())],
        expected: Expected::DeadLettered,
    };
    let mut klartext = Klartext::start_with_more(&kafka, &topics, "", &[]);
    klartext.wait_for_partitions(LIMIT);
    kafka.produce(&topics.input, &[article, broken]);
    let line = until("the warning", || event(&klartext, "klartext.document.dead_lettered", 0));
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["messaging.destination.name"], topics.input.as_str());
    assert_eq!(line["messaging.destination.partition.id"], "0");
    assert_eq!(line["messaging.kafka.offset"], 1);
    assert_eq!(line["url.full"], "https://www.beispielzeitung.example/a");
    assert_eq!(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(line["error.type"], "no_body");
    assert_eq!(line["klartext.key_hash"].as_str().map(str::len), Some(12), "{line}");
    let outputs = until("the article", || {
        let outputs = kafka.outputs(&topics, Isolation::Committed);
        (outputs.len() == 2).then_some(outputs)
    });
    assert_eq!(outputs.articles[0].header("traceparent").as_deref(), Some(TRACE));
    assert_eq!(outputs.dead[0].header("traceparent").as_deref(), Some(TRACE));
    let log = klartext.text();
    for secret in ["the-key", "s3cret", "me:pw"] {
        assert!(!log.contains(secret), "`{secret}` is in the log");
    }
    klartext.terminate().must_balance();
}

#[test]
fn the_ends_of_transactions_are_no_lag() {
    let Some(kafka) = kafka_for("markers") else { return };
    let topics = kafka.topics("markers", 1);
    let mut klartext = Klartext::start_with_more(&kafka, &topics, "", &[]);
    klartext.wait_for_partitions(LIMIT);
    kafka.produce_in_transaction(&topics.input, &mixed(0..1)[0]);
    // One record and the end of its transaction: the partition ends at 2, and that is known only after a while.
    let line = until("the end to be known", || {
        klartext.signal("USR1");
        let ends_at_2 = |line: &Value| {
            line["event.name"] == "klartext.state"
                && line["klartext.positions"].as_str().is_some_and(|all| all.ends_with("=1/2"))
        };
        klartext.log().into_iter().find(ends_at_2)
    });
    assert_eq!(line["klartext.lag"], 0, "{line}");
    klartext.terminate().must_balance();
}
