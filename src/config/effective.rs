//! The configuration as it is in force, written down as a file again: every key, secrets masked, and beside each value
//! where it comes from.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::error::is_secret_name;
use super::{Config, Origins};

/// Column at which the origins stand, where the value leaves room.
const ORIGIN_COLUMN: usize = 48;

/// What stands in place of a secret.
const MASK: &str = "***";

impl Config {
    /// The configuration as YAML: every key with the value in force; with `origins`, also where it was written. Secrets are
    /// shown as `***`.
    #[must_use]
    pub fn to_yaml(&self, origins: Option<&Origins>) -> String {
        // Strings, numbers, lists and maps with text keys always have a JSON form.
        let Ok(Value::Object(mut sections)) = serde_json::to_value(self) else {
            return String::new();
        };
        if let Some(Value::Object(kafka)) = sections.get_mut("kafka") {
            for name in ["options", "consumer_options", "producer_options"] {
                if let Some(Value::Object(options)) = kafka.get_mut(name) {
                    mask(options);
                }
            }
        }
        let mut writer = Writer { origins, text: String::new() };
        writer.write_map(&sections, &mut Vec::new());
        writer.text
    }
}

fn mask(options: &mut Map<String, Value>) {
    for (option, value) in options.iter_mut() {
        if is_secret_name(option) {
            *value = MASK.into();
        }
    }
}

struct Writer<'a> {
    origins: Option<&'a Origins>,
    text: String,
}

impl Writer<'_> {
    /// The depth is that of the configuration's own types: four.
    fn write_map(&mut self, map: &Map<String, Value>, path: &mut Vec<String>) {
        for (key, value) in map {
            let indent = "  ".repeat(path.len());
            path.push(key.clone());
            let key = plain_or_quoted(key);
            match value {
                Value::Object(below) if !below.is_empty() => {
                    let _infallible = writeln!(self.text, "{indent}{key}:");
                    self.write_map(below, path);
                }
                value => self.write_line(&format!("{indent}{key}: {}", flow(value)), path),
            }
            path.pop();
        }
    }

    fn write_line(&mut self, line: &str, path: &[String]) {
        self.text.push_str(line);
        if let Some(origins) = self.origins {
            let origin = origins.of_key(path).unwrap_or("default");
            let room = ORIGIN_COLUMN.saturating_sub(line.chars().count()).max(2);
            let _infallible = write!(self.text, "{}# {origin}", " ".repeat(room));
        }
        self.text.push('\n');
    }
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => plain_or_quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// Text without quotes where no YAML reader can take it for anything else; JSON's quotes are YAML's too.
fn plain_or_quoted(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let is_other = text.parse::<f64>().is_ok()
        || ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    if is_word && !is_other { text.to_owned() } else { Value::from(text).to_string() }
}
