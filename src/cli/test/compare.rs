//! What a test expected, and what came out: the differences, for people.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::LabelledDocument;
use crate::rules::sites::{Expected, TestField};

/// Blocks that are missing or too many, each with the rule that decided; or another order.
pub(super) fn blocks(
    expected: &[String],
    found: &[&str],
    document: &LabelledDocument,
) -> Vec<String> {
    let expected: Vec<&str> = expected.iter().map(|text| text.trim()).collect();
    if expected == found {
        return Vec::new();
    }
    let rule_of = |text: &str| {
        let mut blocks = document.blocks.iter();
        let labelled = blocks.find(|labelled| labelled.block.text == text);
        labelled.map_or("no block of the page is this text", |labelled| labelled.verdict.rule)
    };
    let missing = expected.iter().filter(|text| !found.contains(text));
    let missing = missing.map(|text| format!("missing: {text}\n   cut by: {}", rule_of(text)));
    let surplus = found.iter().filter(|text| !expected.contains(text));
    let surplus = surplus.map(|text| format!("too much: {text}\n kept by: {}", rule_of(text)));
    let differences: Vec<String> = missing.chain(surplus).collect();
    if differences.is_empty() {
        return vec![format!("the blocks come in another order or number: {found:#?}")];
    }
    differences
}

/// Fields of the output message that have another value.
pub(super) fn fields(expected: &BTreeMap<TestField, Expected>, message: &[u8]) -> Vec<String> {
    let message: Value = serde_json::from_slice(message).unwrap_or_default();
    expected
        .iter()
        .filter_map(|(field, expected)| {
            let found = texts(message.get(field.as_str()).unwrap_or(&Value::Null));
            list(field.as_str(), &expected.0, &found)
        })
        .collect()
}

/// The difference of two lists, if there is one.
pub(super) fn list(name: &str, expected: &[String], found: &[String]) -> Option<String> {
    let shown = |list: &[String]| match list {
        [] => "nothing".to_owned(),
        list => list.join(" | "),
    };
    (expected != found)
        .then(|| format!("{name}: expected {}\n{name}: found    {}", shown(expected), shown(found)))
}

/// A field as a list of texts: of objects, their name or value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => {
            let named = fields.get("name").or_else(|| fields.get("value"));
            named.map(texts).unwrap_or_default()
        }
        other => vec![other.to_string()],
    }
}
