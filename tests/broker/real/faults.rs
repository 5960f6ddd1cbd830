//! What an operator meets: each fault has its outcome, and none of them loses a page.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::cluster::{Cluster, Wish};
use super::kafka::{Isolation, Topics, pause, wait_for_article};
use super::pages::{self, Expected, Page};
use super::program::{self, Klartext, Setup};
use super::{kafka_for, tally};

const LIMIT: Duration = Duration::from_secs(90);

#[test]
fn without_any_broker_it_waits_quietly_and_goes_on_where_it_was() {
    let Some(cluster) = Cluster::start("all-away", &Wish::default()) else { return };
    let kafka = &cluster.kafka;
    let at_least_once = Setup { delivery: "at_least_once", ..Setup::default() };
    // A transaction must not time out while the only broker is away: Kafka may then forget to mark its end.
    let exactly_once = Setup { transaction_timeout: "60s", ..Setup::with_long_transactions() };
    let runs: Vec<(Topics, Vec<Page>, Klartext)> = [exactly_once, at_least_once]
        .into_iter()
        .map(|setup| {
            let topics = kafka.topics("all-away", 3);
            let pages = pages::mixed(0..1_500);
            kafka.produce(&topics.input, &pages);
            let klartext = Klartext::start(kafka, &topics, "a", setup);
            (topics, pages, klartext)
        })
        .collect();
    for (topics, ..) in &runs {
        let watch = kafka.watch(&topics.output, Isolation::Uncommitted);
        wait_for_article(&watch, LIMIT, |_| true);
    }
    cluster.broker("kill-broker", 1);
    wait(Duration::from_secs(15));
    cluster.broker("start-broker", 1);
    for (topics, pages, mut klartext) in runs {
        klartext.must_run();
        kafka.wait_for_lag_0(&topics, LIMIT);
        let n_complaints = klartext.text().matches("klartext.broker.trouble").count();
        assert!((1..60).contains(&n_complaints), "{n_complaints} lines about the broker");
        klartext.terminate().must_balance();
        let outputs = kafka.outputs(&topics, Isolation::Committed);
        tally::at_least_once(&pages, &outputs);
        if topics.group.ends_with("-0") {
            tally::exactly_once(&pages, &outputs);
        }
    }
}

#[test]
fn a_broker_whose_disk_is_full_loses_nothing() {
    // The limit is above Kafka's own index files, and below what the dead letters take.
    let wish = Wish { max_file_kib: Some(14_000), ..Wish::default() };
    let Some(mut cluster) = Cluster::start("full-disk", &wish) else { return };
    let topics = cluster.kafka.topics("full-disk", 4);
    // The dead letters of four partitions go into one file.
    cluster.kafka.delete_topic(&topics.dead);
    cluster.kafka.make_topic(&topics.dead, 1);
    let pages: Vec<Page> = (0..400).map(|number| large_broken_page(number, 50_000)).collect();
    cluster.kafka.produce(&topics.input, &pages);
    let mut klartext = Klartext::start(&cluster.kafka, &topics, "a", Setup::default());
    let began = Instant::now();
    while fs::read_to_string(cluster.folder().join("broker-1.log"))
        .is_ok_and(|log| !log.contains("File too large"))
    {
        assert!(began.elapsed() < LIMIT, "the disk did not fill");
        klartext.must_run();
        pause();
    }
    wait(Duration::from_secs(5));
    klartext.must_run();
    cluster.lift_max_file();
    // It ends by itself when its only disk fails; where it is still at it, this is its end.
    cluster.broker("kill-broker", 1);
    cluster.broker("start-broker", 1);
    cluster.kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    // Not exactly once: a broker whose writes fail in the middle can lose the mark of an abort though its coordinator
    // believes it written, and then shows the aborted records with the next commit (seen with Kafka 4.3.1).
    tally::at_least_once(&pages, &cluster.kafka.outputs(&topics, Isolation::Committed));
}

/// Something that is no gzip though it says so, of this size.
fn large_broken_page(number: usize, n_bytes: usize) -> Page {
    let mut seed = u32::try_from(number).expect("a small number") + 1;
    let value = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed.to_be_bytes()[0]
    });
    Page {
        number,
        key: format!("key-{}", number % 97),
        value: Some(b"no gzip ".iter().copied().chain(value).take(n_bytes).collect()),
        headers: vec![("content-encoding", "gzip".to_owned())],
        expected: Expected::DeadLettered,
    }
}

#[test]
fn an_output_topic_that_was_deleted_and_made_anew_gets_what_comes_from_then_on() {
    let Some(kafka) = kafka_for("output_deleted") else { return };
    let topics = kafka.topics("output-deleted", 2);
    let pages = pages::mixed(0..400);
    let (first, second) = pages.split_at(200);
    let mut klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.produce(&topics.input, first);
    kafka.wait_for_lag_0(&topics, LIMIT);
    kafka.delete_topic(&topics.output);
    kafka.produce(&topics.input, second);
    wait(Duration::from_secs(5));
    klartext.must_run();
    kafka.make_topic(&topics.output, 2);
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    let articles = kafka.read(&topics.output, Isolation::Committed);
    let n_expected = second
        .iter()
        .filter(|page| matches!(page.expected, Expected::Published | Expected::Tombstone))
        .count();
    assert_eq!(articles.len(), n_expected, "the pages of the second portion, each once");
    assert!(articles.iter().all(|article| article.page_number() >= 200));
}

#[test]
fn an_input_topic_that_was_made_anew_is_read_from_its_start() {
    let Some(kafka) = kafka_for("input_deleted") else { return };
    let topics = kafka.topics("input-deleted", 1);
    let pages = pages::mixed(0..400);
    let (first, second) = pages.split_at(250);
    let mut klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.produce(&topics.input, first);
    kafka.wait_for_lag_0(&topics, LIMIT);
    kafka.delete_topic(&topics.input);
    kafka.make_topic(&topics.input, 1);
    kafka.produce(&topics.input, second);
    let watch = kafka.watch(&topics.output, Isolation::Committed);
    let last = second.iter().rfind(|page| page.expected == Expected::Published).expect("one");
    wait_for_article(&watch, LIMIT, |article| article.page_number() == last.number);
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.must_run();
    klartext.terminate().must_balance();
    tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
}

#[test]
fn records_that_retention_took_before_they_were_read_are_told() {
    let Some(kafka) = kafka_for("gap") else { return };
    let topics = kafka.topics("gap", 1);
    let pages = pages::mixed(0..300);
    kafka.produce(&topics.input, &pages[..100]);
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate();
    kafka.produce(&topics.input, &pages[100..]);
    kafka.delete_records(&topics.input, 150);
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.wait_for_lag_0(&topics, LIMIT);
    let log = klartext.log();
    let gaps: Vec<_> =
        log.iter().filter(|line| line["event.name"] == "klartext.partition.gap").collect();
    assert_eq!(gaps.len(), 1, "{}", klartext.text());
    assert_eq!(gaps[0]["klartext.expected_offset"], 100);
    assert_eq!(gaps[0]["messaging.kafka.offset"], 150);
    assert_eq!(gaps[0]["klartext.missing"], 50);
    klartext.terminate().must_balance();
    let outputs = kafka.outputs(&topics, Isolation::Committed);
    let there: Vec<Page> =
        pages.iter().filter(|p| !(100..150).contains(&p.number)).cloned().collect();
    tally::exactly_once(&there, &outputs);
}

#[test]
fn an_article_that_the_topic_does_not_take_becomes_a_dead_letter() {
    let Some(kafka) = kafka_for("too_large") else { return };
    let topics = kafka.topics("too-large", 1);
    // Compressed, the articles are far below this, the large one is far above.
    kafka.configure(&topics.output, &[("max.message.bytes", "30000")]);
    let mut pages = pages::mixed(0..60);
    pages[30] = noisy_page(30);
    kafka.produce(&topics.input, &pages);
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.wait_for_lag_0(&topics, LIMIT);
    let summary = klartext.terminate();
    summary.must_balance();
    let outputs = kafka.outputs(&topics, Isolation::Committed);
    tally::exactly_once(&pages, &outputs);
    let letter = outputs.dead.iter().find(|record| record.page_number() == 30).expect("it is dead");
    assert_eq!(letter.header("klartext-dlq-error-type").as_deref(), Some("output_refused"));
    assert_eq!(letter.value, pages[30].value, "it is whole");
}

/// A long article of words that do not compress.
fn noisy_page(number: usize) -> Page {
    let noise = large_broken_page(number, 120_000).value.unwrap_or_default();
    let words: Vec<String> = noise
        .chunks(6)
        .map(|word| word.iter().map(|byte| char::from(b'a' + byte % 26)).collect())
        .collect();
    let paragraphs: Vec<String> =
        words.chunks(60).map(|words| format!("<p>Das {} war so.</p>", words.join(" "))).collect();
    let paragraphs = paragraphs.join("\n");
    let html = format!(
        "<!doctype html><html lang=\"de\"><title>Lang</title><body><article><h1>Ein langer Bericht</h1>{paragraphs}</article>"
    );
    Page {
        number,
        key: "key".to_owned(),
        value: Some(html.into_bytes()),
        headers: vec![("content-type", "text/html; charset=utf-8".to_owned())],
        expected: Expected::DeadLettered,
    }
}

#[test]
fn a_dead_letter_from_a_clock_that_was_wrong_is_kept_whole() {
    let Some(kafka) = kafka_for("clock") else { return };
    let topics = kafka.topics("clock", 1);
    // The input takes any time; the dead letters' topic, like most, none that is days ahead.
    kafka.configure(&topics.input, &[("message.timestamp.after.max.ms", "9000000000000")]);
    let mut pages = pages::mixed(0..60);
    // The broker hears of it a moment later.
    wait(Duration::from_secs(2));
    let ahead = now_ms() + 1000 * 3600 * 24 * 3;
    kafka.produce(&topics.input, &pages[..30]);
    pages[30] = large_broken_page(30, 2_000);
    kafka.feeder().put_at(&topics.input, &pages[30..31], ahead);
    kafka.produce(&topics.input, &pages[31..]);
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    let outputs = kafka.outputs(&topics, Isolation::Committed);
    tally::exactly_once(&pages, &outputs);
    let letter = outputs.dead.iter().find(|record| record.page_number() == 30).expect("it is dead");
    assert_eq!(letter.value, pages[30].value, "it is whole");
    assert_eq!(letter.header("klartext-dlq-timestamp"), Some(ahead.to_string()));
}

#[test]
fn a_clock_that_jumps_only_delays() {
    let Some(kafka) = kafka_for("clock_step") else { return };
    let Some(library) = clock_library() else {
        super::note("clock_step: left out, there is no C compiler");
        return;
    };
    let topics = kafka.topics("clock-step", 2);
    let pages = pages::mixed(0..900);
    let step = library.with_extension("step");
    fs::write(&step, "0").expect("a file in the test folder");
    let paths = (library.to_string_lossy(), step.to_string_lossy());
    let environment = [("LD_PRELOAD", paths.0.as_ref()), ("KLARTEXT_CLOCK_STEP", paths.1.as_ref())];
    let mut klartext = Klartext::start_over(&kafka, &topics, "a", "{}", &environment);
    for (portion, seconds) in pages.chunks(225).zip([0, -7_200, 7_200, 0]) {
        // Two hours ahead is more than the brokers take: then it has to wait until the clock is right.
        fs::write(&step, seconds.to_string()).expect("a file in the test folder");
        kafka.produce(&topics.input, portion);
        wait(Duration::from_secs(3));
        klartext.must_run();
    }
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
}

/// The library that lets a process see another time, built once.
fn clock_library() -> Option<std::path::PathBuf> {
    let library = program::folder("clock").join(format!("clock-{}.so", std::process::id()));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broker/clock_step.c");
    let mut compiler = std::process::Command::new("gcc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source);
    compiler.status().is_ok_and(|status| status.success()).then_some(library)
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let Some(kafka) = kafka_for("dev_full") else { return };
    let topics = kafka.topics("dev-full", 1);
    let pages = pages::mixed(0..200);
    let config = program::folder(&topics.group).join("a.yaml");
    let text = program::configuration(&kafka, &topics, "a", Setup::default());
    fs::write(&config, text).expect("a file in the test folder");
    // Every write to this device fails as on a full disk.
    let full = fs::File::options().write(true).open("/dev/full").expect("the device");
    let mut child = program::run_command(&config).stderr(full).spawn().expect("the program starts");
    kafka.produce(&topics.input, &pages);
    kafka.wait_for_lag_0(&topics, LIMIT);
    assert!(child.try_wait().expect("it can be waited for").is_none(), "it ended");
    child.kill().expect("it still runs");
    child.wait().expect("it can be waited for");
    tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
}

#[test]
fn a_process_that_hangs_ends_itself() {
    let Some(kafka) = kafka_for("watchdog") else { return };
    let topics = kafka.topics("watchdog", 1);
    kafka.produce(&topics.input, &pages::mixed(0..2_000));
    let config = program::folder(&topics.group).join("a.yaml");
    let text = program::configuration(&kafka, &topics, "a", Setup::default())
        .replace("level: info", "level: debug")
        + "shutdown: {stuck_timeout: 8s}\n";
    fs::write(&config, text).expect("a file in the test folder");
    // A pipe that nobody reads: the log hangs, and who logs hangs with it.
    let mut child =
        program::run_command(&config).stderr(Stdio::piped()).spawn().expect("the program starts");
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if began.elapsed() > LIMIT {
            drop(child.kill());
            panic!("it hangs");
        }
        pause();
    };
    assert_eq!(status.code(), Some(71), "{status}");
    // What it held is read again by the next.
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    let outputs = kafka.outputs(&topics, Isolation::Committed);
    tally::exactly_once(&pages::mixed(0..2_000), &outputs);
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn wait(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        pause();
    }
}
