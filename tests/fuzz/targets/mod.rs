//! What is fuzzed: each target takes any bytes and must hold what it says. `cargo fuzz` runs them on bytes it invents, the
//! suite on those of `corpus/`.

use std::sync::LazyLock;

use klartext::config::{Config, Layers, YamlLayer};
use klartext::decode::{Decoded, decode as decode_record};
use klartext::model::{Header, PageBody, Record};
use klartext::pipeline::{self, Outcome};
use klartext::rules::Rules;
use klartext::service::letter::Letter;
use klartext::text;

use crate::tokenizer::equality::{assert_same_tokens, assert_same_tree};

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut config = Config::default();
    // Small, so that the fuzzer reaches them.
    config.limits.document_bytes = bytesize::ByteSize::kib(64);
    config.limits.decompressed_bytes = bytesize::ByteSize::kib(256);
    Rules::compile(&config).expect("the rules that are built in compile")
});

/// Any record: what comes out of decoding is within the limits, and the line behind it holds.
pub fn decode(data: &[u8]) {
    let (head, value) = data.split_at(data.len().min(2));
    let pick = |of: usize, among: &[&str]| {
        let n = usize::from(head.get(of).copied().unwrap_or(0));
        among.get(n % (among.len() + 1)).map(|value| (*value).to_owned())
    };
    let content_type = pick(
        0,
        &[
            "text/html",
            "text/plain",
            "application/json",
            "text/html; charset=utf-16",
            "text/html; charset=windows-1252",
            "text/plain; charset=shift_jis",
            "text/html; charset=iso-2022-jp",
            "text/html; charset=gb18030",
            "text/html; charset=nonsense",
        ],
    );
    let encoding = pick(1, &["gzip", "deflate", "zstd", "br", "gzip, br", "identity"]);
    let named = [("content-type", content_type), ("content-encoding", encoding)];
    let headers = named.into_iter().filter_map(|(name, value)| Some(header(name, &value?)));
    let record = record(value, headers.collect());
    if let Ok(Decoded::Page(page)) = decode_record(&record, &RULES) {
        let (PageBody::Html(body) | PageBody::Text(body)) = &page.body;
        // A byte can become at most three (U+FFFD).
        assert!(body.len() <= 3 * 256 * 1024, "{} characters came through the limits", body.len());
    }
    clean(&record);
}

/// Any page: our tokens and our tree are html5ever's, and the line behind it holds.
pub fn html(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    // html5ever alone is quadratic in what is open.
    if html.len() <= 4096 {
        let html = html.replace('\u{feff}', "");
        assert_same_tokens(&html, "fuzz");
        assert_same_tree(&html, "fuzz");
    }
    clean(&record(data, vec![header("content-type", "text/html; charset=utf-8")]));
}

/// Any text dump, and every function on strings.
pub fn text(data: &[u8]) {
    let read = String::from_utf8_lossy(data);
    let normal = text::normalize(&read);
    assert_eq!(text::normalize(&normal), normal, "normalizing normal text changes nothing");
    drop(text::decode_entities(&read));
    drop(text::repair_mojibake(&read));
    let _count = text::count_sentences(&read) + text::count_words(&read);
    clean(&record(data, vec![header("content-type", "text/plain; charset=utf-8")]));
}

/// Any metadata: the bytes are JSON-LD, a meta tag, a time and a byline of a page that is otherwise an ordinary one.
pub fn metadata(data: &[u8]) {
    let read = String::from_utf8_lossy(data);
    let (json, rest) = read.split_once('\u{1f}').unwrap_or((&read, &read));
    let json = json.replace("</", "<\\/");
    let rest = rest.replace(['"', '<'], "");
    let page = format!(
        "<html lang=de><head><title>{rest}</title><script type=application/ld+json>{json}</script>\
         <meta property=article:published_time content=\"{rest}\"><meta name=author content=\"{rest}\">\
         <meta property=og:title content=\"{rest}\"><link rel=canonical href=\"{rest}\"></head><body><article>\
         <h1>{rest}</h1><p class=byline>{rest}</p><time datetime=\"{rest}\">{rest}</time>\
         <p>Der Rat hat am Montag über den Bau der Brücke beraten und ihm zugestimmt.</p></article></body></html>"
    );
    clean(&record(page.as_bytes(), vec![header("content-type", "text/html; charset=utf-8")]));
}

/// Any configuration: read, or refused with a message that can be shown.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (text, set) = text.split_once('\u{1f}').unwrap_or((text, ""));
    let layers = Layers {
        yaml: vec![YamlLayer::Text { name: "fuzz.yaml".to_owned(), text: text.to_owned() }],
        environment: [("KLARTEXT__LOG__LEVEL".to_owned(), set.to_owned())].into(),
        set: set.lines().map(str::to_owned).collect(),
    };
    match Config::load(&layers) {
        Ok(config) => drop(config.fingerprint()),
        Err(error) => drop(format!("{:?}", miette::Report::from(error))),
    }
}

/// Any headers on a dead letter: what is sent back has the letter's own headers, in order, and counts one replay more.
pub fn letter(data: &[u8]) {
    let headers: Vec<Header> = data
        .split(|byte| *byte == b'\n')
        .map(|line| {
            let mut parts = line.splitn(2, |byte| *byte == b'=');
            let name = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
            // Half of the fuzzer's names are ours without its having to find the prefix.
            let name =
                name.strip_prefix('~').map_or(name.clone(), |rest| format!("klartext-dlq-{rest}"));
            Header { name, value: parts.next().map(<[u8]>::to_vec) }
        })
        .collect();
    let record = record(data, headers);
    let letter = Letter::read(&record);
    let back = letter.sent_back(&record);
    let own = |record: &Record| -> Vec<Header> {
        record
            .headers
            .iter()
            .filter(|h| !h.name.to_ascii_lowercase().starts_with("klartext-dlq-"))
            .cloned()
            .collect()
    };
    assert_eq!(own(&back), own(&record));
    assert_eq!((&back.key, &back.value), (&record.key, &record.value));
    let again = Letter::read(&back);
    assert_eq!(again.replay_count, letter.replay_count.saturating_add(1));
}

/// The whole line on a record: no panic, the same bytes each time.
fn clean(record: &Record) {
    let outcome = |outcome| match outcome {
        Outcome::Published(published) => Ok(published.value),
        Outcome::Rejected(page) => Err(page.reason.as_str()),
        Outcome::Tombstone => Err("tombstone"),
        Outcome::DeadLettered(failure) => Err(failure.error_type()),
    };
    let once = outcome(pipeline::clean(record, &RULES));
    let twice = outcome(pipeline::clean(record, &RULES));
    assert!(once == twice, "the same record came out differently the second time");
}

fn record(value: &[u8], headers: Vec<Header>) -> Record {
    Record {
        key: Some(b"https://zeitung.example/a".to_vec()),
        value: Some(value.to_vec()),
        headers,
        ..Record::default()
    }
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: Some(value.as_bytes().to_vec()) }
}
