//! Values that are never shown.

use serde::Deserialize;

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
