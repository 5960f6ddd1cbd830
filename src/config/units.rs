//! Values with a unit: durations (`5s`, `1m 30s`) and sizes (`8MiB`).

use std::fmt;
use std::time::Duration;

use bytesize::ByteSize;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Visitor};

/// Names of the types in the eyes of serde; [`super::schema`] shows them.
pub(super) const DURATION: &str = "Duration";
pub(super) const SIZE: &str = "Size";

/// Units of a duration, each with its milliseconds.
const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// A duration such as `200ms`, `5s` or `1m 30s`, for `#[serde(with)]`.
pub(super) mod duration {
    use std::time::Duration;

    use serde::{Deserializer, Serializer, de::Error};

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        let text = deserializer.deserialize_newtype_struct(super::DURATION, super::TextVisitor)?;
        super::parse_duration(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{text}` is not a duration; {}",
                super::duration_suggestion(&text).unwrap_or_else(|| {
                    "write a number with its unit: `200ms`, `5s`, `2m`, `1h`".to_owned()
                })
            ))
        })
    }

    pub(in crate::config) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::write_duration(*duration))
    }
}

/// A size such as `512KiB`, `8MiB` or `1GB`, for `#[serde(with)]`.
pub(super) mod size {
    use bytesize::ByteSize;
    use serde::{Deserializer, Serializer, de::Error};

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByteSize, D::Error> {
        let text = deserializer.deserialize_newtype_struct(super::SIZE, super::TextVisitor)?;
        text.parse().map_err(|_reason: String| {
            D::Error::custom(format_args!(
                "`{text}` is not a size; write a number with its unit: `512KiB`, `8MiB`, `1GiB` (1024s) or `8MB` (1000s)"
            ))
        })
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(in crate::config) fn serialize<S: Serializer>(
        size: &ByteSize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::write_size(*size))
    }
}

/// The form of a duration in the JSON Schema.
#[derive(JsonSchema)]
#[schemars(
    inline,
    rename = "Duration",
    extend("pattern" = r"^\s*([0-9]+(ms|s|m|h|d)\s*)+$|\$\{", "examples" = ["200ms", "5s", "1m 30s"])
)]
pub(super) struct DurationText(#[expect(dead_code, reason = "only its schema is wanted")] String);

/// The form of a size in the JSON Schema.
#[derive(JsonSchema)]
#[schemars(
    inline,
    rename = "Size",
    extend("pattern" = r"^\s*[0-9]+(\.[0-9]+)?\s*([kKMGT]i?)?B?\s*$|\$\{", "examples" = ["512KiB", "8MiB", "1GB"])
)]
pub(super) struct SizeText(#[expect(dead_code, reason = "only its schema is wanted")] String);

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

/// Units of a size that [`write_size`] uses, the largest first, each with its bytes.
const SIZE_UNITS: [(&str, u64); 6] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
];

/// Writes a size the way the configuration does, exactly: in the largest unit of which it is a whole number.
pub(super) fn write_size(size: ByteSize) -> String {
    let bytes = size.as_u64();
    let unit = SIZE_UNITS.iter().find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes}B"), |(name, unit)| format!("{}{name}", bytes / unit))
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
