//! Values that are never shown.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

/// A value that is never shown. In the file: a string, `{from_env: NAME}` or `{from_file: PATH}`; the loader has
/// resolved it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename = "Secret")] // the name by which the loader knows that it may resolve the value
pub struct Secret(String);

impl Secret {
    /// Name of the type in the eyes of serde.
    pub(super) const TYPE_NAME: &str = "Secret";

    /// Wraps a value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value. Hand it to librdkafka and to nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The stars, never the value: what is written down is for people to read.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        Self::TYPE_NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let reference = |key: &str, what: &str| {
            json_schema!({
                "type": "object",
                "description": what,
                "properties": {key: {"type": "string"}},
                "required": [key],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "description": "Text, or where it is to be read; never shown.",
            "anyOf": [
                {"type": "string"},
                reference("from_env", "The value of an environment variable."),
                reference("from_file", "The content of a file, without its line end."),
            ],
        })
    }
}
