//! The tokenizer tests of html5lib (<https://github.com/html5lib/html5lib-tests>, folder `tokenizer`), read from
//! `KLARTEXT_HTML5LIB_TESTS` or from a clone beside the repository; without either the test says that it is skipped.
//! Parse errors are not compared: the tokenizer reports none.

use std::path::{Path, PathBuf};

use klartext::parse::html::tokenizer::{Keep, State, tokenize_from};
use serde_json::{Value, json};

use super::OurCollector;

#[test]
fn the_html5lib_tests_pass() {
    let Some(folder) = folder() else {
        eprintln!("skipped: no html5lib tests (set KLARTEXT_HTML5LIB_TESTS to a clone of them)");
        return;
    };
    let mut n_run = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "test") {
            n_run += run_file(&path);
        }
    }
    assert!(n_run > 6_000, "{n_run} tests in {}", folder.display());
}

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("KLARTEXT_HTML5LIB_TESTS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/html5lib-tests");
    let root = named.unwrap_or(beside);
    [root.join("tokenizer"), root].into_iter().find(|folder| folder.join("test1.test").exists())
}

fn run_file(path: &Path) -> usize {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (kind, tests) = file.as_object().unwrap().iter().next().unwrap();
    let is_xml = kind == "xmlViolationTests";
    tests.as_array().unwrap().iter().map(|test| run(test, is_xml)).sum()
}

/// Runs a test in each of its states; one with half a surrogate pair, which no Rust string can hold, in none.
fn run(test: &Value, is_xml: bool) -> usize {
    let is_escaped = test["doubleEscaped"] == true;
    let read = |value: &Value| if is_escaped { unescape_all(value) } else { Some(value.clone()) };
    let (Some(input), Some(expected)) = (read(&test["input"]), read(&test["output"])) else {
        return 0;
    };
    let states = test["initialStates"].as_array().cloned();
    let states = states.unwrap_or_else(|| vec![json!("Data state")]);
    for name in &states {
        let mut collector = OurCollector::default();
        let last = test["lastStartTag"].as_str();
        let html = input.as_str().unwrap();
        tokenize_from(html, state(name.as_str().unwrap()), last, Keep::All, &mut collector);
        let tokens = collector.collector.tokens.into_inner().into_iter();
        let tokens: Vec<Value> =
            if is_xml { tokens.map(|t| coerced(&t)).collect() } else { tokens.collect() };
        assert_eq!(Value::Array(tokens), expected, "{} in {name}: {html:?}", test["description"]);
    }
    states.len()
}

fn state(name: &str) -> State {
    match name {
        "Data state" => State::Data,
        "PLAINTEXT state" => State::Plaintext,
        "RCDATA state" => State::Rcdata,
        "RAWTEXT state" => State::Rawtext,
        "Script data state" => State::ScriptData,
        "CDATA section state" => State::Cdata,
        other => panic!("unknown state {other:?}"),
    }
}

/// A token as XML could hold it, which these tests expect.
fn coerced(token: &Value) -> Value {
    let is_comment = token[0] == "Comment";
    let text = |text: &str| {
        let text = text.replace('\u{ffff}', "\u{fffd}").replace('\x0c', " ");
        if is_comment { text.replace("--", "- -") } else { text }
    };
    match token {
        Value::Array(parts) => parts
            .iter()
            .map(|part| part.as_str().map_or(part.clone(), |s| json!(text(s))))
            .collect(),
        other => other.clone(),
    }
}

/// Reads the `\uXXXX` that the tests escape twice, in every string of a value.
fn unescape_all(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => unescape(text).map(Value::String),
        Value::Array(values) => {
            values.iter().map(unescape_all).collect::<Option<_>>().map(Value::Array)
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(k, v)| Some((unescape(k)?, unescape_all(v)?)));
            fields.collect::<Option<_>>().map(Value::Object)
        }
        other => Some(other.clone()),
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split("\\u");
    let mut units: Vec<u16> = parts.next()?.encode_utf16().collect();
    for part in parts {
        let (code, rest) = part.split_at_checked(4)?;
        units.push(u16::from_str_radix(code, 16).ok()?);
        units.extend(rest.encode_utf16());
    }
    String::from_utf16(&units).ok()
}
