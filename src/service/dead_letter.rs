//! Dead letters: the record as it came in, byte for byte, with headers that say where it came from and what was wrong.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::letter::{PREFIX, header, is_ours};
use super::publish::{OutputKind, OutputRecord, OutputValue};
use crate::config::Config;
use crate::model::{Header, Record};

/// Largest key, and largest headers together, that a stub keeps. Far below any broker's limit.
const STUB_KEEPS_BYTES: usize = 16 * 1024;

/// What was wrong with a record.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) stage: &'static str,
    pub(super) error_type: &'static str,
    pub(super) message: String,
}

/// Writes dead letters.
#[derive(Debug, Clone)]
pub(super) struct DeadLetters {
    topic: Arc<str>,
    group_id: String,
    max_reason_bytes: usize,
}

impl DeadLetters {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            topic: config.dead_letter.topic.as_str().into(),
            group_id: config.input.group_id.clone(),
            max_reason_bytes: usize::try_from(config.dead_letter.max_reason_bytes.as_u64())
                .unwrap_or(usize::MAX),
        }
    }

    /// The whole record: key, value, headers and timestamp are the original ones.
    pub(super) fn whole(&self, record: &Record, fault: &Fault) -> OutputRecord {
        let mut headers = original_headers(record);
        headers.extend(self.headers(record, fault));
        OutputRecord {
            topic: Arc::clone(&self.topic),
            key: record.key.clone(),
            value: OutputValue::OfInput,
            headers,
            timestamp_ms: record.timestamp_ms,
            kind: OutputKind::DeadLetter,
        }
    }

    /// A record that the topic does not take whole, for `reason`: its coordinates, size and hash, and all that its dead
    /// letter said. The record itself stays in the input topic as long as that keeps it.
    pub(super) fn stub(&self, record: &Record, letter: &[Header], reason: &str) -> OutputRecord {
        let (ours, mut headers): (Vec<Header>, Vec<Header>) =
            letter.iter().cloned().partition(|header| is_ours(&header.name));
        let bytes: usize =
            headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len)).sum();
        if bytes > STUB_KEEPS_BYTES {
            headers.clear();
        }
        headers.extend(ours);
        let value = record.value.as_deref().unwrap_or_default();
        headers.push(header("stub", &format!("the record could not be kept whole: {reason}")));
        headers.push(header("value-bytes", &value.len().to_string()));
        headers.push(header("value-sha256", &hexadecimal(&Sha256::digest(value))));
        OutputRecord {
            topic: Arc::clone(&self.topic),
            key: record.key.clone().filter(|key| key.len() <= STUB_KEEPS_BYTES),
            value: OutputValue::Own(Vec::new()),
            headers,
            timestamp_ms: record.timestamp_ms,
            kind: OutputKind::Stub,
        }
    }

    fn headers(&self, record: &Record, fault: &Fault) -> Vec<Header> {
        let before = |name: &str| -> u64 {
            let value = record.header(&format!("{PREFIX}{name}"));
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        let mut headers = Vec::with_capacity(12);
        if let Some(origin) = &record.origin {
            headers.push(header("topic", &origin.topic));
            headers.push(header("partition", &origin.partition.to_string()));
            headers.push(header("offset", &origin.offset.to_string()));
        }
        if let Some(timestamp_ms) = record.timestamp_ms {
            headers.push(header("timestamp", &timestamp_ms.to_string()));
        }
        headers.extend([
            header("group", &self.group_id),
            header("stage", fault.stage),
            header("error-type", fault.error_type),
            header("error-message", cut(&fault.message, self.max_reason_bytes)),
            header("attempts", &before("attempts").saturating_add(1).to_string()),
            header("replay-count", &before("replay-count").to_string()),
            header("failed-at", &Timestamp::now().to_string()),
            header("version", env!("CARGO_PKG_VERSION")),
        ]);
        headers
    }
}

/// The headers as they came in, without those of an earlier death.
fn original_headers(record: &Record) -> Vec<Header> {
    record.headers.iter().filter(|header| !is_ours(&header.name)).cloned().collect()
}

/// The longest beginning of at most `max_bytes` bytes that ends at a character.
fn cut(text: &str, max_bytes: usize) -> &str {
    let end = text.floor_char_boundary(max_bytes.min(text.len()));
    text.get(..end).unwrap_or_default()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}
