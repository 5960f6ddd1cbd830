//! One event as one line: a JSON object for machines, or text for people. Nothing that an event carries can end the
//! line or drive a terminal.

use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level};

use super::field;

/// Form of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object.
    Json,
    /// Text.
    Plain,
    /// Text with colours.
    Coloured,
}

/// What an event says.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) level: Level,
    pub(super) target: String,
    pub(super) message: String,
    pub(super) event_name: Option<String>,
    /// All other fields, in order.
    pub(super) fields: Vec<(String, Value)>,
}

impl Line {
    /// Reads an event.
    pub(super) fn of(event: &Event<'_>) -> Self {
        let metadata = event.metadata();
        let mut line = Self {
            level: *metadata.level(),
            target: metadata.target().to_owned(),
            message: String::new(),
            event_name: None,
            fields: Vec::new(),
        };
        event.record(&mut line);
        line
    }

    /// The value of a field, if it is text.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).and_then(|(_, value)| value.as_str())
    }

    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            (field::MESSAGE, value) => self.message = text(value),
            (field::EVENT_NAME, value) => self.event_name = Some(text(value)),
            (name, value) => self.fields.push((name.to_owned(), value)),
        }
    }

    /// Writes the line as JSON. `common` holds the fields of every line.
    pub(super) fn json(&self, now: Timestamp, common: &[(String, String)]) -> String {
        let mut object = Map::new();
        let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
        set(field::TIMESTAMP, Value::String(format!("{now:.6}")));
        set(field::LEVEL, self.level.as_str().into());
        set(field::MESSAGE, self.message.as_str().into());
        set(field::TARGET, self.target.as_str().into());
        if let Some(name) = &self.event_name {
            set(field::EVENT_NAME, name.as_str().into());
        }
        for (name, value) in common {
            set(name, value.as_str().into());
        }
        for (name, value) in &self.fields {
            // A field of the event never hides one that every line has.
            let name =
                if object.contains_key(name) { format!("field.{name}") } else { name.clone() };
            object.insert(name, value.clone());
        }
        let mut line = String::new();
        // serde_json escapes what lies below the blank; beyond ASCII there are more characters that end lines.
        for c in Value::Object(object).to_string().chars() {
            if is_dangerous(c) {
                let _infallible = write!(line, "\\u{:04x}", u32::from(c));
            } else {
                line.push(c);
            }
        }
        line.push('\n');
        line
    }

    /// Writes the line for people: `12:00:00  WARN message key=value`.
    pub(super) fn text(&self, now: Timestamp, is_coloured: bool) -> String {
        let (level_style, dim) = if is_coloured {
            (style_of(self.level), Style::new().dimmed())
        } else {
            (Style::new(), Style::new())
        };
        let mut line = format!(
            "{dim}{}{dim:#} {level_style}{:>5}{level_style:#} {}",
            now.strftime("%H:%M:%S"),
            self.level.as_str(),
            Printable(&self.message)
        );
        if !self.target.starts_with("klartext") {
            let _infallible = write!(line, " {dim}target={dim:#}{}", Printable(&self.target));
        }
        for (name, value) in &self.fields {
            let value = match value {
                Value::String(text) if text.is_empty() || text.contains([' ', '"', '=']) => {
                    format!("{text:?}")
                }
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let name = name.strip_prefix("klartext.").unwrap_or(name);
            let _infallible = write!(line, " {dim}{name}={dim:#}{}", Printable(&value));
        }
        line.push('\n');
        line
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut message = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            let _infallible = write!(message, ": {error}");
            cause = error.source();
        }
        self.add(field, message.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }
}

/// The text of a value.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn style_of(level: Level) -> Style {
    let colour = match level {
        Level::ERROR => AnsiColor::Red,
        Level::WARN => AnsiColor::Yellow,
        Level::INFO => AnsiColor::Green,
        Level::DEBUG => AnsiColor::Blue,
        Level::TRACE => AnsiColor::Magenta,
    };
    let style = colour.on_default();
    if level == Level::ERROR { style.bold() } else { style }
}

/// Characters beyond ASCII that end a line, drive a terminal or turn the direction of the text around it.
fn is_dangerous(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text without anything that ends a line or drives a terminal.
struct Printable<'a>(&'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() || is_dangerous(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}
