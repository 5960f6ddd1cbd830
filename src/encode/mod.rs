//! Step 5: [`Article`] → record bytes. The only place that knows the output's wire form.

mod message;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use url::Url;

use crate::model::{Article, ArticleBlock, Boilerplate, RawPage, Record, Rejection};
use crate::rules::{OutputKey, Rules};
use crate::text::hex_digest;

use message::{ArticleMessage, RejectionMessage, SourceMessage};

/// Name and version of the output message's form.
pub const SCHEMA: &str = "klartext/1";

/// Version of klartext that wrote a message.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Hexadecimal digits kept of a SHA-256 for ids and content hashes: 128 bits, so that among 10^12 articles a collision
/// has a chance of 10^-15.
const HASH_DIGITS: usize = 32;

/// About the bytes of a message beside its text: metadata, and the names of the fields.
const FRAME_BYTES: usize = 8 << 10;

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
    /// Removed blocks by class, for the counters.
    pub removed: BTreeMap<Boilerplate, u32>,
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
    /// The message cannot be written as JSON. A bug of klartext: every part of it has a JSON form.
    #[error("the clean article cannot be written as JSON (a bug of klartext)")]
    Json(#[source] serde_json::Error),
}

impl EncodeError {
    /// Stable, low-cardinality name.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "output_too_large",
            Self::Json(_) => "output_not_json",
        }
    }
}

/// Writes an article down.
///
/// # Errors
/// The message is over `output.max_bytes`.
pub fn encode_article(
    record: &Record,
    page: &RawPage<'_>,
    article: &Article,
    rules: &Rules,
) -> Result<Published, EncodeError> {
    let text = joined(&article.blocks);
    let content_hash = hex_digest(&[text.as_bytes()], HASH_DIGITS);
    let address = article.canonical_url.as_ref().or(article.url.as_ref());
    let document_id = address.map_or_else(
        || content_hash.clone(),
        |url| hex_digest(&[url.as_str().as_bytes()], HASH_DIGITS),
    );
    let message = ArticleMessage::new(article, &text, &document_id, &content_hash)
        .with_record(record, page)
        .with_rules(&rules.hash, &rules.config_hash);
    // The text stands in it twice, whole and block by block.
    let mut value = Vec::with_capacity(2 * text.len() + FRAME_BYTES);
    serde_json::to_writer(&mut value, &message).map_err(EncodeError::Json)?;
    if value.len() > rules.output_max_bytes {
        return Err(EncodeError::TooLarge { bytes: value.len(), limit: rules.output_max_bytes });
    }
    let key = match rules.output_key {
        OutputKey::Keep => record.key.clone(),
        OutputKey::Url => {
            address.map(|url| url.as_str().as_bytes().to_vec()).or_else(|| record.key.clone())
        }
        OutputKey::Id => Some(document_id.clone().into_bytes()),
    };
    let removed = article.quality.removed.clone();
    Ok(Published { key, value, document_id, host: article.site.host.clone(), removed })
}

/// Writes down that a page was rejected.
#[must_use]
pub fn encode_rejection(record: &Record, page: &RawPage<'_>, reason: Rejection) -> RejectedPage {
    let message = RejectionMessage {
        schema: SCHEMA,
        outcome: "rejected",
        reason: reason.as_str(),
        url: page.url.as_ref(),
        fetched_at: page.fetched_at,
        source: record.origin.as_ref().map(SourceMessage::from),
    };
    // Strings, numbers and null always have a JSON form; an empty value would still be counted as rejected.
    let value = serde_json::to_vec(&message).unwrap_or_default();
    let host = page.url.as_ref().and_then(Url::host_str).map(str::to_owned);
    RejectedPage { reason, value, url: page.url.as_ref().map(ToString::to_string), host }
}

/// The JSON Schema of a published article.
#[must_use]
pub fn article_schema() -> Value {
    schema_of::<ArticleMessage<'_>>()
}

/// The JSON Schema of the short record of a page that is not published.
#[must_use]
pub fn rejection_schema() -> Value {
    schema_of::<RejectionMessage<'_>>()
}

/// `for_serialize`: a field that is always written is always there, null or not.
fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .into()
}

/// The text of an article: its blocks joined by one blank line.
#[must_use]
pub fn joined(blocks: &[ArticleBlock]) -> String {
    let length = blocks.iter().map(|block| block.text.len() + 2).sum();
    let mut text = String::with_capacity(length);
    for block in blocks {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&block.text);
    }
    text
}
