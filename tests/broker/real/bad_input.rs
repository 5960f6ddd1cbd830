//! Hostile and broken input: each record ends where it belongs, the reason names the cause, and the stream goes on.

use std::time::Duration;

use super::kafka::{Isolation, Read};
use super::pages::{Expected, Page};
use super::program::{Klartext, Setup};
use super::{kafka_for, pages, tally};

const LIMIT: Duration = Duration::from_mins(1);

/// A bad record and what must be said of it: `error-type`, and a part of `error-message`.
struct Bad {
    value: Vec<u8>,
    content_type: Option<&'static str>,
    end: End,
}

enum End {
    Published,
    Rejected(&'static str),
    Dead(&'static str, &'static str),
}

fn bad_records() -> Vec<Bad> {
    let nested = format!("<html><body>{}tief{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let mut latin_1_in_utf_8 =
        format!("<html><body><article><h1>Umlaute</h1><p>{}</p>", sentences()).into_bytes();
    latin_1_in_utf_8.extend(
        b"<p>Gr\xfc\xdfe \xff\xfe aus dem falschen Zeichensatz, mitten im Text.</p></article>",
    );
    let mut binary = b"\x7fELF\x02\x01\x01".to_vec();
    binary.extend((0..4096_u32).map(|n| (n % 251) as u8));
    vec![
        Bad {
            value: latin_1_in_utf_8,
            content_type: Some("text/html; charset=utf-8"),
            end: End::Published,
        },
        Bad { value: Vec::new(), content_type: None, end: End::Rejected("empty") },
        Bad {
            value: vec![b'a'; 20_000_000],
            content_type: Some("text/html"),
            end: End::Dead("document_too_large", "20000000"),
        },
        Bad {
            value: br#"{"url":"https://www.beispielzeitung.example/x","status":200}"#.to_vec(),
            content_type: None,
            end: End::Dead("no_body", "html"),
        },
        Bad { value: binary, content_type: None, end: End::Dead("binary_body", "binary") },
        Bad {
            value: nested.into_bytes(),
            content_type: Some("text/html"),
            end: End::Dead("too_deep", "limits.dom_depth"),
        },
    ]
}

fn sentences() -> &'static str {
    "Der Beschluss fiel am Dienstagabend mit deutlicher Mehrheit, nachdem zwei Stunden lang beraten worden war. \
     Viele Menschen waren gekommen, um die Entscheidung mitzuerleben und ihre Fragen zu stellen. Im Frühjahr will die \
     Stadt über die ersten Ergebnisse berichten und weitere Schritte vorstellen."
}

#[test]
fn bad_records_end_where_they_belong_and_the_stream_goes_on() {
    let Some(kafka) = kafka_for("bad_input") else { return };
    let topics = kafka.topics("bad-input", 1);
    let bad = bad_records();
    let pages = among_good_pages(&bad);
    let klartext = Klartext::start(&kafka, &topics, "a", Setup::default());
    kafka.produce(&topics.input, &pages);
    kafka.wait_for_lag_0(&topics, LIMIT);
    let summary = klartext.terminate();
    summary.must_balance();
    let outputs = kafka.outputs(&topics, Isolation::Committed);
    tally::exactly_once(&pages, &outputs);
    for (idx, bad) in bad.iter().enumerate() {
        let number = n_th_bad(idx);
        match bad.end {
            End::Published => {}
            End::Rejected(reason) => assert_eq!(reason_of(&outputs.rejected, number), reason),
            End::Dead(error_type, part) => says_why(find(&outputs.dead, number), error_type, part),
        }
    }
}

/// The bad records are the odd ones; a good one before, between and after.
const fn n_th_bad(idx: usize) -> usize {
    2 * idx + 1
}

fn among_good_pages(bad: &[Bad]) -> Vec<Page> {
    let good = pages::mixed(0..1).remove(0);
    (0..=2 * bad.len())
        .map(|number| match number % 2 {
            0 => Page { number, ..good.clone() },
            _ => bad_page(number, &bad[number / 2]),
        })
        .collect()
}

fn bad_page(number: usize, bad: &Bad) -> Page {
    let expected = match bad.end {
        End::Published => Expected::Published,
        End::Rejected(_) => Expected::Rejected,
        End::Dead(..) => Expected::DeadLettered,
    };
    let headers =
        bad.content_type.map(|value| ("content-type", value.to_owned())).into_iter().collect();
    Page {
        number,
        key: "https://www.beispielzeitung.example/bad".to_owned(),
        value: Some(bad.value.clone()),
        headers,
        expected,
    }
}

fn find(records: &[Read], number: usize) -> &Read {
    let found = records.iter().find(|record| record.page_number() == number);
    found.unwrap_or_else(|| panic!("page {number} is missing"))
}

fn reason_of(rejected: &[Read], number: usize) -> String {
    let value = find(rejected, number).value.as_deref().expect("a rejection has a value");
    let rejection: serde_json::Value = serde_json::from_slice(value).expect("a rejection is JSON");
    rejection["reason"].as_str().expect("a rejection has a reason").to_owned()
}

fn says_why(dead: &Read, error_type: &str, part: &str) {
    assert_eq!(dead.header("klartext-dlq-error-type").as_deref(), Some(error_type));
    let message = dead.header("klartext-dlq-error-message").expect("a dead letter has a message");
    assert!(message.contains(part), "`{message}` does not name `{part}`");
}
