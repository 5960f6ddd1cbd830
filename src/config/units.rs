//! Values with a unit: durations (`5s`, `1m 30s`) and sizes (`8MiB`).

use std::fmt;
use std::time::Duration;

use bytesize::ByteSize;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Names of the types in the eyes of serde; [`super::schema`] shows them.
pub(super) const DURATION: &str = "Duration";
pub(super) const SIZE: &str = "Size";

/// Units of a duration, each with its milliseconds.
const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads a duration such as `200ms`, `5s` or `1m 30s`.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = deserializer.deserialize_newtype_struct(DURATION, TextVisitor)?;
    parse_duration(&text).ok_or_else(|| {
        D::Error::custom(format_args!(
            "`{text}` is not a duration; {}",
            duration_suggestion(&text).unwrap_or_else(|| {
                "write a number with its unit: `200ms`, `5s`, `2m`, `1h`".to_owned()
            })
        ))
    })
}

/// Reads a size such as `512KiB`, `8MiB` or `1GB`.
pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByteSize, D::Error> {
    let text = deserializer.deserialize_newtype_struct(SIZE, TextVisitor)?;
    text.parse().map_err(|_reason: String| {
        D::Error::custom(format_args!(
            "`{text}` is not a size; write a number with its unit: `512KiB`, `8MiB`, `1GiB` (1024s) or `8MB` (1000s)"
        ))
    })
}

/// One or more numbers with units, in any order, with or without blanks between them.
fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total_ms: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let (unit, after) =
            after.split_at(after.bytes().take_while(u8::is_ascii_lowercase).count());
        let (_, unit_ms) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total_ms = total_ms.checked_add(number.parse::<u64>().ok()?.checked_mul(*unit_ms)?)?;
        rest = after.trim_start();
    }
    Some(Duration::from_millis(total_ms))
}

/// Help for a text in another notation (`5 sec`, `PT5S`, `5 Minutes`, a bare `5`).
fn duration_suggestion(text: &str) -> Option<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("write its unit: `{text}ms`, `{text}s`, `{text}m`"));
    }
    let meant: jiff::SignedDuration = text.to_ascii_lowercase().parse().ok()?;
    Some(format!("did you mean `{}`?", write_duration(Duration::try_from(meant).ok()?)))
}

/// Writes a duration the way the configuration does.
pub(super) fn write_duration(duration: Duration) -> String {
    let mut rest = duration.as_millis();
    let mut parts = Vec::new();
    for (name, unit_ms) in UNITS.iter().rev() {
        let count = rest / u128::from(*unit_ms);
        rest %= u128::from(*unit_ms);
        if count > 0 {
            parts.push(format!("{count}{name}"));
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// Takes the text of a scalar.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number with its unit")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<String, D::Error> {
        String::deserialize(inner)
    }
}
