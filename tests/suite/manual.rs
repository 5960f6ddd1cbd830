//! The manual under `deploy/`: its reference of the configuration is written by the schema, and its links lead somewhere.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use expect_test::expect_file;
use klartext::config::json_schema;
use regex::Regex;
use serde_json::Value;

const HEAD: &str = "# Configuration reference

Written by the JSON Schema of the configuration (`cargo bless`); [`config/klartext.yaml`](../config/klartext.yaml) has the
same keys with more words. A file needs only the keys that differ from the defaults. `klartext check --config FILE` says
what is wrong with a file, `--origins` where each value comes from.

Durations have a unit (`200ms`, `5s`, `1m 30s`), sizes too (`512KiB`, `8MiB`, `8MB`). Text may take environment variables:
`${NAME}`, `${NAME:-default}`. Secrets are text, `{from_env: NAME}` or `{from_file: PATH}`. Every key can be set by the
environment (`KLARTEXT__INPUT__GROUP_ID`) and by `--set input.group_id=…`.
";

/// The reference as Markdown.
fn reference() -> String {
    let schema = json_schema::of_the_configuration();
    let mut text = HEAD.to_owned();
    let properties = schema["properties"].as_object().expect("keys");
    let (sections, top): (Vec<_>, Vec<_>) =
        properties.iter().partition(|(_, key)| is_section(&schema, key));
    text.push_str("\n## Top level\n\n| key | takes | default | |\n| --- | --- | --- | --- |\n");
    for (name, key) in top {
        text.push_str(&row(&schema, name, key));
    }
    for (name, key) in sections {
        let _infallible = writeln!(text, "\n## `{name}`\n\n{}", description(&schema, key));
        text.push_str("\n| key | takes | default | |\n| --- | --- | --- | --- |\n");
        rows(&schema, name, key, &mut text);
    }
    text
}

/// The rows of a section, and of those inside it.
fn rows(schema: &Value, prefix: &str, section: &Value, text: &mut String) {
    let section = resolved(schema, section);
    for (name, key) in section["properties"].as_object().expect("a section has keys") {
        let path = format!("{prefix}.{name}");
        if is_section(schema, key) {
            rows(schema, &path, key, text);
        } else {
            text.push_str(&row(schema, &path, key));
        }
    }
}

fn row(schema: &Value, path: &str, key: &Value) -> String {
    let default = match &key["default"] {
        Value::Null => "none".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    };
    let description = description(schema, key).replace('|', "\\|");
    format!(
        "| `{path}` | {} | {default} | {description} |\n",
        kind(schema, key).replace('|', "\\|")
    )
}

/// What a key takes, in words.
fn kind(schema: &Value, key: &Value) -> String {
    let key = resolved(schema, key);
    let options = ["oneOf", "anyOf"].iter().find_map(|name| key[*name].as_array());
    if let Some(options) = options {
        let options: Vec<&Value> = options.iter().map(|option| resolved(schema, option)).collect();
        let words: Vec<String> = options
            .iter()
            .filter_map(|option| option["const"].as_str())
            .map(|word| format!("`{word}`"))
            .collect();
        if !words.is_empty() {
            return words.join(", ");
        }
        let real = options.iter().find(|option| option["type"] != "null").expect("a type");
        return if real["anyOf"].is_array() { "secret".to_owned() } else { kind(schema, real) };
    }
    if key["examples"][0] == "200ms" {
        return "duration".to_owned();
    }
    if key["examples"][0] == "512KiB" {
        return "size".to_owned();
    }
    let types = match &key["type"] {
        Value::Array(types) => types.iter().find(|name| *name != "null").expect("a type"),
        name => name,
    };
    match types.as_str() {
        Some("integer") => "whole number".to_owned(),
        Some("boolean") => "`true`, `false`".to_owned(),
        Some("array") => "list".to_owned(),
        Some("object") => "keys of your own".to_owned(),
        Some("string") => "text".to_owned(),
        other => panic!("a type without a word: {other:?} in {key}"),
    }
}

fn description(schema: &Value, key: &Value) -> String {
    let own = key["description"].as_str();
    let text = own.or_else(|| resolved(schema, key)["description"].as_str());
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_section(schema: &Value, key: &Value) -> bool {
    resolved(schema, key)["properties"].is_object()
}

/// What a `$ref` leads to.
fn resolved<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(value, |pointer| schema.pointer(pointer).expect("a reference leads somewhere"))
}

#[test]
fn the_reference_is_what_the_schema_says() {
    expect_file!["../../deploy/CONFIGURATION.md"].assert_eq(&reference());
}

#[test]
fn every_link_in_the_documents_leads_to_a_file() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let link = Regex::new(r"\]\(([^)#]+)(?:#[^)]*)?\)").expect("a pattern");
    let mut documents = vec![package.join("README.md"), package.join("tests/README.md")];
    let deploy = fs::read_dir(package.join("deploy")).expect("a folder").flatten();
    documents.extend(
        deploy.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "md")),
    );
    assert!(documents.len() > 4, "{documents:?}");
    for document in documents {
        let text = fs::read_to_string(&document).expect("it is readable");
        for target in link.captures_iter(&text).map(|found| found[1].to_owned()) {
            if target.contains("://") {
                continue;
            }
            let path = document.parent().expect("a folder").join(&target);
            assert!(path.exists(), "{}: {target} is not there", document.display());
        }
    }
}
