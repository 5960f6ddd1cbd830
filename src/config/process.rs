//! `commit`, `workers`, `limits`, `rules`, `shutdown`: how the process works and what it may cost.

use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::units;

/// How often offsets (and transactions) are committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Commit {
    /// Longest wait between two commits.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub interval: Duration,
    /// How long the broker waits before it aborts an open transaction of a dead process.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub transaction_timeout: Duration,
    /// `transactional.id`; unique per process and stable over restarts. Default: group id + instance id (or host name).
    pub transactional_id: Option<String>,
}

/// How many pages are worked on at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Workers {
    /// Threads; 0 = one per core.
    pub threads: usize,
    /// Pages in flight per thread.
    pub pages_per_thread: usize,
    /// Bytes in flight: read ahead, in work, and on the way out.
    #[serde(with = "units::size")]
    #[schemars(with = "units::SizeText")]
    pub in_flight_bytes: ByteSize,
}

/// What a page may cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a record's value.
    #[serde(with = "units::size")]
    #[schemars(with = "units::SizeText")]
    pub document_bytes: ByteSize,
    /// Bytes of a body after decompression.
    #[serde(with = "units::size")]
    #[schemars(with = "units::SizeText")]
    pub decompressed_bytes: ByteSize,
    /// Nesting of elements.
    pub dom_depth: usize,
    /// Elements and texts of a page; a line of a dump is a text.
    pub dom_nodes: usize,
}

/// Marker phrases and rules.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RuleFiles {
    /// Folder of marker files; a file replaces the embedded one of the same name, a new name adds a language.
    pub markers: Option<PathBuf>,
    /// Folder of site rules, `<domain>.yaml`; a file replaces the embedded one of the same name.
    pub sites: Option<PathBuf>,
}

/// How to stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shutdown {
    /// Longest time to finish and commit what is in flight.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub drain_timeout: Duration,
    /// So long the service may give no sign of life before it ends itself with exit code 71.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub stuck_timeout: Duration,
}

impl Default for Commit {
    fn default() -> Self {
        Self {
            interval: Duration::from_millis(200),
            transaction_timeout: Duration::from_secs(30),
            transactional_id: None,
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self { threads: 0, pages_per_thread: 32, in_flight_bytes: ByteSize::mib(128) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: ByteSize::mib(10),
            decompressed_bytes: ByteSize::mib(20),
            dom_depth: 512,
            dom_nodes: 500_000,
        }
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self { drain_timeout: Duration::from_secs(25), stuck_timeout: Duration::from_mins(2) }
    }
}
