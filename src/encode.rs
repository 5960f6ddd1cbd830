//! Step 5: [`Article`] → record bytes. The only place that knows the output's wire form.

use crate::model::{Article, RawPage, Record, Rejection};
use crate::rules::Rules;

/// An article ready to be sent.
#[derive(Debug, Clone)]
pub struct Published {
    /// Key of the output record.
    pub key: Option<Vec<u8>>,
    /// The output message, JSON.
    pub value: Vec<u8>,
    /// `id` of the message, for the `klartext-document-id` header.
    pub document_id: String,
    /// Host of the page, for the counters by site.
    pub host: Option<String>,
}

/// A page that is not published.
#[derive(Debug, Clone)]
pub struct RejectedPage {
    /// Why.
    pub reason: Rejection,
    /// Short record for the rejected topic, JSON: reason, URL, position.
    pub value: Vec<u8>,
    /// The page's address, if known.
    pub url: Option<String>,
    /// Host of the page, for the counters by site.
    pub host: Option<String>,
}

/// Why an article cannot be written down.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The message is larger than the output topic takes.
    #[error("the clean article has {bytes} bytes, over `output.max_bytes` ({limit})")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl EncodeError {
    /// Stable, low-cardinality name.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "output_too_large",
        }
    }
}

/// Writes an article down.
///
/// # Errors
/// The message is over `output.max_bytes`.
pub fn encode_article(
    _record: &Record,
    _page: &RawPage<'_>,
    _article: &Article,
    _rules: &Rules,
) -> Result<Published, EncodeError> {
    Err(EncodeError::TooLarge { bytes: 0, limit: 0 })
}

/// Writes down that a page was rejected.
#[must_use]
pub fn encode_rejection(_record: &Record, page: &RawPage<'_>, reason: Rejection) -> RejectedPage {
    RejectedPage {
        reason,
        value: Vec::new(),
        url: page.url.as_ref().map(ToString::to_string),
        host: None,
    }
}
