//! Large pages without end while nothing can be written: memory stays within what the configuration says.

use std::time::{Duration, Instant};

use super::kafka::{Isolation, pause};
use super::pages::{Expected, Page};
use super::program::Klartext;
use super::{kafka_for, note, tally};

const LIMIT: Duration = Duration::from_mins(10);
/// What the process may take besides its budget (measured: 60 to 90 MB, and without any budget 150).
const BESIDES_BYTES: u64 = 125_000_000;

/// Whatever is used of a huge page, all its 2 MiB are resident: some 60 MB, more or less by chance, that say nothing of what
/// the process holds.
const WITHOUT_HUGE_PAGES: (&str, &str) = ("MIMALLOC_ALLOW_THP", "0");

/// `KLARTEXT_FLOOD="seconds=600 pages=3000 mib=128"`, or the short form.
fn wanted(name: &str, otherwise: u64) -> u64 {
    let wanted = std::env::var("KLARTEXT_FLOOD").unwrap_or_default();
    let value =
        wanted.split_whitespace().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.map_or(otherwise, |value| value.parse().expect("a number"))
}

#[test]
fn memory_stays_bounded_while_the_output_is_stopped() {
    let Some(kafka) = kafka_for("flood") else { return };
    let (seconds, n_pages, mib) = (wanted("seconds", 15), wanted("pages", 160), wanted("mib", 64));
    let n_pages = u32::try_from(n_pages).expect("a small number");
    let topics = kafka.topics("flood", 2);
    // So many pages a thread that nothing but the bytes bounds them.
    let over =
        format!("workers: {{threads: 2, pages_per_thread: 1000, in_flight_bytes: {mib}MiB}}\n");
    let mut klartext = Klartext::start_over(&kafka, &topics, "a", &over, &[WITHOUT_HUGE_PAGES]);
    klartext.wait_for_partitions(Duration::from_mins(1));
    let outputs = [&topics.output, &topics.rejected, &topics.dead];
    for topic in outputs {
        kafka.delete_topic(topic);
    }
    let began = Instant::now();
    let time = Duration::from_secs(seconds);
    // The whole flood in half of the time: it has to stand in the topic, not in the process.
    let feeder = kafka.compressing_feeder();
    let mut pages = Vec::new();
    for number in 0..n_pages {
        let page = large_page(number);
        feeder.put(&topics.input, std::slice::from_ref(&page));
        // The tally needs no text.
        pages.push(Page { value: None, ..page });
        let due = time / 2 * number / n_pages;
        while began.elapsed() < due {
            pause();
        }
    }
    feeder.finish();
    while began.elapsed() < time {
        klartext.must_run();
        pause();
    }
    let peak_bytes = klartext.peak_bytes();
    let allowed_bytes = (mib << 20) + BESIDES_BYTES;
    note(&format!(
        "flood: {n_pages} pages of 1 MB, {seconds} s without an output: at most {} MB resident, allowed are {} MB",
        peak_bytes / 1_000_000,
        allowed_bytes / 1_000_000
    ));
    assert!(peak_bytes <= allowed_bytes, "{peak_bytes} bytes, allowed are {allowed_bytes}");
    for topic in outputs {
        kafka.make_topic(topic, 2);
    }
    kafka.wait_for_lag_0(&topics, LIMIT);
    klartext.terminate().must_balance();
    tally::exactly_once(&pages, &kafka.outputs(&topics, Isolation::Committed));
}

/// An article of a million bytes, of words that repeat as words do: it compresses about fivefold.
fn large_page(number: u32) -> Page {
    let mut seed = number.wrapping_mul(2_654_435_761) | 1;
    let mut html = String::from(
        "<!doctype html><html lang=\"de\"><title>Lang</title><body><article><h1>Ein sehr langer Bericht</h1>",
    );
    while html.len() < 1_000_000 {
        html.push_str("<p>Der Rat hat ");
        for _ in 0..80 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            html.push_str(WORDS[(seed >> 20) as usize % WORDS.len()]);
            html.push(' ');
        }
        html.push_str("beschlossen.</p>\n");
    }
    Page {
        number: number as usize,
        key: format!("key-{number}"),
        value: Some(html.into_bytes()),
        headers: vec![("content-type", "text/html; charset=utf-8".to_owned())],
        // Text and blocks together, its article is over `output.max_bytes`.
        expected: Expected::DeadLettered,
    }
}

const WORDS: [&str; 32] = [
    "Haushalt",
    "Brücke",
    "Verkehr",
    "am",
    "Dienstag",
    "mit",
    "großer",
    "Mehrheit",
    "für",
    "den",
    "Umbau",
    "der",
    "Schule",
    "und",
    "die",
    "Kosten",
    "von",
    "rund",
    "drei",
    "Millionen",
    "Euro",
    "im",
    "kommenden",
    "Frühjahr",
    "nach",
    "langer",
    "Beratung",
    "über",
    "das",
    "Gelände",
    "am",
    "Fluss",
];
