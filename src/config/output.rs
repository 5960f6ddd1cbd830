//! `output`, `rejected`, `dead_letter`: where records go.

use bytesize::ByteSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::units;

/// Where articles go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Output {
    /// Topic of the clean articles.
    pub topic: String,
    /// Key of the output record.
    pub key: OutputKey,
    /// Largest message; a larger article is dead-lettered.
    #[serde(with = "units::size")]
    #[schemars(with = "units::SizeText")]
    pub max_bytes: ByteSize,
    /// Codec of the output.
    pub compression: Compression,
}

/// Key of the output record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputKey {
    /// The input's key.
    Keep,
    /// The canonical URL, else the URL, else the input's key.
    Url,
    /// The `id` of the message.
    Id,
}

/// Codec of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// None.
    None,
    /// gzip.
    Gzip,
    /// snappy.
    Snappy,
    /// lz4.
    Lz4,
    /// Zstandard, level 3.
    Zstd,
}

/// Where a short record of each rejected page goes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rejected {
    /// Topic; none by default: rejected pages are counted only.
    pub topic: Option<String>,
}

/// Where records go that cannot be processed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeadLetter {
    /// Topic.
    pub topic: String,
    /// Longest error message in the headers.
    #[serde(with = "units::size")]
    #[schemars(with = "units::SizeText")]
    pub max_reason_bytes: ByteSize,
    /// When to stop rather than go on writing dead letters.
    pub breaker: Breaker,
}

/// When so many of the last records fail for no reason of their own that the cause lies elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Breaker {
    /// Records looked at; 0 turns the breaker off.
    pub window: usize,
    /// Fewest records to judge by.
    pub min_records: usize,
    /// It stops when more than this share of them failed, percent.
    pub percent: u8,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            topic: "articles.clean".to_owned(),
            key: OutputKey::Keep,
            max_bytes: ByteSize::mib(1),
            compression: Compression::Zstd,
        }
    }
}

impl Default for DeadLetter {
    fn default() -> Self {
        Self {
            topic: "articles.dead".to_owned(),
            max_reason_bytes: ByteSize::kib(1),
            breaker: Breaker::default(),
        }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self { window: 100, min_records: 20, percent: 50 }
    }
}
