//! The invented cases of `tests/pages/cases.jsonl`, one JSON object a line: `input` (or `input_b64`) as a record carries it,
//! and what must come out. A failing `must` is a bug; of the `should`, nine in ten must hold.
//!
//! Texts are compared after NFC, without invisible characters, white space folded; quotes, dashes and letters must be
//! identical.

use std::collections::BTreeSet;

use base64::Engine as _;
use klartext::config::Config;
use klartext::model::{Article, Header, Record, Rejection};
use klartext::pipeline::read;
use klartext::rules::Rules;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// `must` cases that are known to fail. The list only shrinks: a case of it that passes fails the test too.
const KNOWN_TO_FAIL: [&str; 0] = [];

/// Share of the `should` cases that must hold, percent.
const MIN_SHOULD_PERCENT: usize = 90;

fn rules() -> &'static Rules {
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    RULES.get_or_init(|| Rules::compile(&Config::default()).unwrap())
}

pub(crate) fn cases() -> Vec<Value> {
    let lines = include_str!("../pages/cases.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The record of a case, as a crawler sends it.
pub(crate) fn record(case: &Value) -> Record {
    let value = match (case["input_b64"].as_str(), case["input"].as_str()) {
        (Some(encoded), _) => base64::engine::general_purpose::STANDARD.decode(encoded).unwrap(),
        (None, input) => input.unwrap_or_default().as_bytes().to_vec(),
    };
    let mut content_type = case["media_type"].as_str().unwrap().to_owned();
    if let Some(charset) = case["content_type_charset"].as_str() {
        content_type.push_str("; charset=");
        content_type.push_str(charset);
    }
    let mut headers = vec![("content-type", content_type.as_str())];
    headers.extend(case["url"].as_str().map(|url| ("url", url)));
    let headers = headers
        .into_iter()
        .map(|(name, value)| Header {
            name: name.to_owned(),
            value: Some(value.as_bytes().to_vec()),
        })
        .collect();
    Record { value: Some(value), headers, ..Record::default() }
}

fn outcome(record: &Record) -> Result<Article, Rejection> {
    read(record, rules()).unwrap().unwrap().result
}

fn folded(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let visible: String = text.nfc().filter(|&c| !invisible(c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(folded).collect()
}

/// What is wrong with the outcome of a case; empty when it passes.
fn problems(case: &Value) -> Vec<String> {
    let expect = &case["expect"];
    let article = match outcome(&record(case)) {
        Ok(article) => article,
        Err(rejection) => return problems_of_rejection(expect, rejection),
    };
    let mut problems = Vec::new();
    if expect["status"] != "ok" {
        problems.push("published, not rejected".to_owned());
    }
    let paragraphs: Vec<String> = article.blocks.iter().map(|block| folded(&block.text)).collect();
    if !expect["paragraphs"].is_null() && strings(&expect["paragraphs"]) != paragraphs {
        problems.push(format!("paragraphs {paragraphs:#?}"));
    }
    let kinds: Vec<&str> = article.blocks.iter().map(|block| block.kind.as_str()).collect();
    if !expect["kinds"].is_null() && strings(&expect["kinds"]) != kinds {
        problems.push(format!("kinds {kinds:?}"));
    }
    let body = paragraphs.join(" ");
    let missing =
        strings(&expect["contains"]).into_iter().filter(|part| !body.contains(part.as_str()));
    problems.extend(missing.map(|part| format!("`{part}` is missing")));
    let left =
        strings(&expect["not_contains"]).into_iter().filter(|part| body.contains(part.as_str()));
    problems.extend(left.map(|part| format!("`{part}` is left")));
    problems.extend(problems_of_metadata(expect, &article));
    problems
}

fn problems_of_rejection(expect: &Value, rejection: Rejection) -> Vec<String> {
    let is_expected = expect["status"] == "rejected"
        && expect["reason"].as_str().is_none_or(|reason| reason == rejection.as_str());
    if is_expected { Vec::new() } else { vec![format!("rejected: {}", rejection.as_str())] }
}

fn problems_of_metadata(expect: &Value, article: &Article) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(title) = expect.get("title") {
        let actual = article.title.as_deref().map(folded);
        if title.as_str().map(folded) != actual {
            problems.push(format!("title {actual:?}"));
        }
    }
    if let Some(date) = expect.get("date") {
        let actual = article.published.as_ref();
        let value = actual.map(|date| date.value.as_str());
        let precision = actual.map(|date| date.precision.as_str());
        let differs = |key: &str, actual: Option<&str>| {
            date.get(key).is_some_and(|wanted| wanted.as_str() != actual)
        };
        if (date.is_null() && actual.is_some())
            || differs("value", value)
            || differs("precision", precision)
        {
            problems.push(format!("date {actual:?}"));
        }
    }
    let images = article.images.iter().filter_map(|image| image.caption.as_deref()).map(folded);
    let fields: [(&str, BTreeSet<String>); 5] = [
        ("authors", article.authors.iter().map(|author| folded(&author.name)).collect()),
        ("agencies", article.agencies.iter().map(|name| folded(name)).collect()),
        ("tags", article.keywords.iter().map(|name| folded(name)).collect()),
        ("captions", images.collect()),
        ("flags", article.quality.flags.iter().map(|&flag| flag.to_owned()).collect()),
    ];
    for (field, actual) in fields {
        let missing = strings(&expect[field]).into_iter().filter(|wanted| !actual.contains(wanted));
        problems.extend(missing.map(|wanted| format!("{field}: no `{wanted}` in {actual:?}")));
    }
    problems
}

#[test]
fn every_must_case_passes_and_nearly_every_should_case() {
    let (mut failed, mut n_should, mut n_should_failed) = (Vec::new(), 0, 0);
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        let problems = problems(&case);
        let is_known = KNOWN_TO_FAIL.contains(&id);
        match (case["level"].as_str(), problems.is_empty()) {
            (Some("must"), false) if !is_known => {
                failed.push(format!("{id} ({}): {}", case["why"], problems.join("; ")));
            }
            (Some("must"), true) if is_known => {
                failed.push(format!("{id} passes: take it off the list"));
            }
            (Some("should"), passes) => {
                n_should += 1;
                n_should_failed += usize::from(!passes);
                if !passes {
                    println!("should: {id} ({}): {}", case["why"], problems.join("; "));
                }
            }
            _ => {}
        }
    }
    assert!(failed.is_empty(), "{} cases fail:\n{}", failed.len(), failed.join("\n"));
    let n_held = n_should - n_should_failed;
    assert!(
        n_held * 100 >= n_should * MIN_SHOULD_PERCENT,
        "only {n_held} of {n_should} `should` cases hold"
    );
}

#[test]
fn cleaning_the_clean_text_of_a_case_changes_nothing() {
    for case in cases().iter().filter(|case| case["media_type"] == "text/plain") {
        let Ok(article) = outcome(&record(case)) else { continue };
        let text =
            article.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n");
        let again = serde_json::json!({"input": text, "media_type": "text/plain"});
        let again = outcome(&record(&again)).unwrap();
        let blocks = |article: &Article| {
            article.blocks.iter().map(|block| block.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(blocks(&article), blocks(&again), "{}", case["id"]);
    }
}
