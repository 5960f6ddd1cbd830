//! Step 1: record bytes → [`RawPage`]. The only place that knows the input's wire form.

use crate::model::{Charset, CharsetSource, PageBody, RawPage, Record};
use crate::rules::Rules;

/// What a record holds.
#[derive(Debug)]
pub enum Decoded<'r> {
    /// A page.
    Page(RawPage<'r>),
    /// A null value.
    Tombstone,
}

/// Why a record cannot be read: its own fault, so it goes to the dead letters.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The value is over the limit.
    #[error("the value has {bytes} bytes, over `limits.document_bytes` ({limit})")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl DecodeError {
    /// Stable, low-cardinality name.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document_too_large",
        }
    }
}

/// Reads a record.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode<'r>(record: &'r Record, rules: &Rules) -> Result<Decoded<'r>, DecodeError> {
    let Some(value) = record.value.as_deref() else { return Ok(Decoded::Tombstone) };
    let limit = rules.limits.document_bytes;
    if value.len() > limit {
        return Err(DecodeError::TooLarge { bytes: value.len(), limit });
    }
    Ok(Decoded::Page(RawPage {
        url: None,
        fetched_at: None,
        body: PageBody::Text(String::from_utf8_lossy(value)),
        charset: Charset { name: "UTF-8", source: CharsetSource::ValidUtf8, had_errors: false },
        content_language: None,
        source_fields: serde_json::Map::new(),
    }))
}
