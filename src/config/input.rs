//! `input`: where pages come from and what they look like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where pages come from and what they look like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Topics to read, at least one; a name that starts with `^` is a pattern.
    pub topics: Vec<String>,
    /// Consumer group.
    pub group_id: String,
    /// Static membership: unique and stable per process.
    pub instance_id: Option<String>,
    /// Rebalance protocol.
    pub group_protocol: GroupProtocol,
    /// Where to begin when the group has no offset yet.
    pub start: Start,
    /// What to do with null values.
    pub tombstones: Tombstones,
    /// What the values are.
    pub format: Format,
    /// Field names of the JSON envelope.
    pub json: JsonFields,
}

/// Rebalance protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupProtocol {
    /// The classic protocol, cooperative-sticky.
    Classic,
    /// KIP-848; needs Kafka 4.
    Consumer,
}

/// Where to begin when the group has no offset yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// At the oldest record.
    Earliest,
    /// At new records only.
    Latest,
}

/// What to do with null values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tombstones {
    /// Pass them on under the same key.
    Pass,
    /// Count and drop them.
    Drop,
    /// Send them to the dead letters.
    DeadLetter,
}

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Told apart per record: content-type header, then the bytes.
    Auto,
    /// HTML as served.
    Html,
    /// Text dumps.
    Text,
    /// JSON envelopes.
    Json,
}

/// Field names of the JSON envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JsonFields {
    /// Address of the page.
    pub url: String,
    /// The page as HTML.
    pub html: String,
    /// The page as text.
    pub text: String,
    /// The page as HTML or text; `content_type` or the characters tell which.
    pub body: String,
    /// As `body`, base64 of the bytes as served.
    pub body_base64: String,
    /// Media type, possibly with a charset.
    pub content_type: String,
    /// Character encoding of `body_base64`.
    pub charset: String,
    /// RFC 3339 time or seconds since the epoch.
    pub fetched_at: String,
    /// HTTP response headers, an object.
    pub headers: String,
    /// Whether unknown fields go into the output as `source_fields`.
    pub pass_through: bool,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            topics: vec!["pages.raw".to_owned()],
            group_id: "klartext".to_owned(),
            instance_id: None,
            group_protocol: GroupProtocol::Classic,
            start: Start::Earliest,
            tombstones: Tombstones::Pass,
            format: Format::Auto,
            json: JsonFields::default(),
        }
    }
}

impl Default for JsonFields {
    fn default() -> Self {
        Self {
            url: "url".to_owned(),
            html: "html".to_owned(),
            text: "text".to_owned(),
            body: "body".to_owned(),
            body_base64: "body_base64".to_owned(),
            content_type: "content_type".to_owned(),
            charset: "charset".to_owned(),
            fetched_at: "fetched_at".to_owned(),
            headers: "headers".to_owned(),
            pass_through: false,
        }
    }
}
