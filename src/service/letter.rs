//! A dead letter as its reader sees it: what its headers say, and the record that it becomes when it is sent back. Pure.

use jiff::Timestamp;

use crate::model::{Header, Origin, Record};

/// Our headers on a dead letter begin with this. They are replaced, never appended to, when a letter dies again.
pub(super) const PREFIX: &str = "klartext-dlq-";

/// What the headers of a dead letter say. They may come from an older version or from another program, so nothing of it
/// has to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where the record was read.
    pub origin: Option<Origin>,
    /// The record's own timestamp, milliseconds since the epoch.
    pub timestamp_ms: Option<i64>,
    /// Why it died: `klartext-dlq-error-type`.
    pub reason: Option<String>,
    /// The same, for people.
    pub message: Option<String>,
    /// The step that failed.
    pub stage: Option<String>,
    /// When it died.
    pub failed_at: Option<Timestamp>,
    /// How often it died.
    pub attempts: u64,
    /// How often it was sent back.
    pub replay_count: u64,
    /// Whether it is only a stub: the record itself was too large to be kept.
    pub is_stub: bool,
}

impl Letter {
    /// Reads the headers.
    #[must_use]
    pub fn read(record: &Record) -> Self {
        let text = |name: &str| record.header(&format!("{PREFIX}{name}"));
        let number = |name: &str| text(name).and_then(|value| value.parse().ok()).unwrap_or(0);
        let origin = || {
            Some(Origin {
                topic: text("topic")?.to_owned(),
                partition: text("partition")?.parse().ok()?,
                offset: text("offset")?.parse().ok()?,
            })
        };
        Self {
            origin: origin(),
            timestamp_ms: text("timestamp").and_then(|value| value.parse().ok()),
            reason: text("error-type").map(str::to_owned),
            message: text("error-message").map(str::to_owned),
            stage: text("stage").map(str::to_owned),
            failed_at: text("failed-at").and_then(|value| value.parse().ok()),
            attempts: number("attempts"),
            replay_count: number("replay-count"),
            is_stub: text("stub").is_some(),
        }
    }

    /// The record to send back: key, value, timestamp and headers as they first came in. Of our headers only the counters
    /// stay, so that the next death goes on counting.
    #[must_use]
    pub fn sent_back(&self, record: &Record) -> Record {
        let mut headers: Vec<Header> =
            record.headers.iter().filter(|header| !is_ours(&header.name)).cloned().collect();
        headers.push(header("attempts", &self.attempts.to_string()));
        headers.push(header("replay-count", &self.replay_count.saturating_add(1).to_string()));
        Record {
            key: record.key.clone(),
            value: record.value.clone(),
            headers,
            // The topic of the dead letters may stamp records with its own time.
            timestamp_ms: self.timestamp_ms.or(record.timestamp_ms),
            origin: None,
        }
    }
}

/// A header of a dead letter.
pub(super) fn header(name: &str, value: &str) -> Header {
    Header { name: format!("{PREFIX}{name}"), value: Some(value.as_bytes().to_vec()) }
}

/// Whether a header is one of ours.
pub(super) fn is_ours(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}
