//! Outcome → what is sent where. Runs on the worker threads; pure but for the clock in a dead letter's header.

use std::sync::Arc;

use super::Settlement;
use super::address::Addresses;
use super::dead_letter::{DeadLetters, Fault};
use crate::config::{Config, Tombstones};
use crate::model::{Header, Record};
use crate::pipeline::{Failure, Outcome};

/// A record to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutputRecord {
    pub(super) topic: Arc<str>,
    pub(super) key: Option<Vec<u8>>,
    pub(super) value: OutputValue,
    pub(super) headers: Vec<Header>,
    /// Milliseconds since the epoch; `None`: the time of sending.
    pub(super) timestamp_ms: Option<i64>,
    pub(super) kind: OutputKind,
}

/// The value of an output record. A dead letter has the value of its input, which is not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OutputValue {
    /// These bytes.
    Own(Vec<u8>),
    /// The value of the input record, null or not.
    OfInput,
}

/// What an output record is, for the question what to do when the broker does not take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputKind {
    /// An article, a short record of a rejected page, a tombstone: if refused, the input becomes a dead letter.
    Ordinary,
    /// A whole dead letter: if refused, a stub.
    DeadLetter,
    /// A stub: if refused, nothing is left to try.
    Stub,
}

impl OutputRecord {
    /// Bytes it takes in memory besides its input.
    pub(super) fn size(&self) -> usize {
        let headers: usize =
            self.headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len)).sum();
        let value = match &self.value {
            OutputValue::Own(value) => value.len(),
            OutputValue::OfInput => 0,
        };
        self.key.as_ref().map_or(0, Vec::len) + value + headers
    }
}

/// Knows the topics and the headers.
#[derive(Debug, Clone)]
pub(super) struct Publisher {
    output_topic: Arc<str>,
    rejected_topic: Option<Arc<str>>,
    tombstones: Tombstones,
    pub(super) addresses: Addresses,
    pub(super) dead_letters: DeadLetters,
}

/// Headers of the input that describe its value, and so would lie about ours.
const REPLACED: [&str; 2] = ["content-type", "content-encoding"];

impl Publisher {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            output_topic: config.output.topic.as_str().into(),
            rejected_topic: config.rejected.topic.as_deref().map(Into::into),
            tombstones: config.input.tombstones,
            addresses: Addresses::new(config),
            dead_letters: DeadLetters::new(config),
        }
    }

    /// How the record ended, what is sent for it, and the host of its page. `rules_hash` names the rules it was cleaned by.
    pub(super) fn prepare(
        &self,
        record: &Record,
        outcome: Outcome,
        rules_hash: &str,
    ) -> (Settlement, Option<OutputRecord>, Option<String>) {
        match outcome {
            Outcome::Published(article) => {
                let output = OutputRecord {
                    topic: Arc::clone(&self.output_topic),
                    headers: headers(record, Some(article.document_id), rules_hash),
                    key: article.key,
                    value: OutputValue::Own(article.value),
                    timestamp_ms: None,
                    kind: OutputKind::Ordinary,
                };
                (Settlement::Published, Some(output), article.host)
            }
            Outcome::Rejected(page) => {
                let topic = self.rejected_topic.clone();
                let output = topic.map(|topic| OutputRecord {
                    topic,
                    key: record.key.clone(),
                    value: OutputValue::Own(page.value),
                    headers: headers(record, None, rules_hash),
                    timestamp_ms: None,
                    kind: OutputKind::Ordinary,
                });
                (Settlement::Rejected(page.reason), output, page.host)
            }
            Outcome::Tombstone => self.tombstone(record, rules_hash),
            Outcome::DeadLettered(failure) => self.dead_letter(record, &failure),
        }
    }

    fn tombstone(
        &self,
        record: &Record,
        rules_hash: &str,
    ) -> (Settlement, Option<OutputRecord>, Option<String>) {
        let output = match self.tombstones {
            Tombstones::Drop => None,
            Tombstones::DeadLetter => return self.dead_letter(record, &Failure::Tombstone),
            // The key is the input's whatever `output.key` says: there is no page to take another from.
            Tombstones::Pass => Some(OutputRecord {
                topic: Arc::clone(&self.output_topic),
                key: record.key.clone(),
                value: OutputValue::OfInput,
                headers: headers(record, None, rules_hash),
                timestamp_ms: None,
                kind: OutputKind::Ordinary,
            }),
        };
        (Settlement::Tombstone, output, None)
    }

    fn dead_letter(
        &self,
        record: &Record,
        failure: &Failure,
    ) -> (Settlement, Option<OutputRecord>, Option<String>) {
        let fault = Fault {
            stage: failure.stage(),
            error_type: failure.error_type(),
            message: failure.to_string(),
        };
        let letter = self.dead_letters.whole(record, &fault);
        (Settlement::DeadLettered(fault.error_type), Some(letter), None)
    }
}

/// The input's headers in order, nulls and repeated names too, without those that speak of its value and without
/// older ones of ours; then ours.
fn headers(record: &Record, document_id: Option<String>, rules_hash: &str) -> Vec<Header> {
    let mut headers: Vec<Header> =
        record.headers.iter().filter(|header| is_kept(&header.name)).cloned().collect();
    let mut add = |name: &str, value: String| {
        headers.push(Header { name: name.to_owned(), value: Some(value.into_bytes()) });
    };
    if let Some(id) = document_id {
        add("klartext-document-id", id);
    }
    if record.value.is_some() {
        add("content-type", "application/json".to_owned());
    }
    add("klartext-version", env!("CARGO_PKG_VERSION").to_owned());
    add("klartext-rules", rules_hash.to_owned());
    if let Some(origin) = &record.origin {
        add("klartext-source-topic", origin.topic.clone());
        add("klartext-source-partition", origin.partition.to_string());
        add("klartext-source-offset", origin.offset.to_string());
    }
    headers
}

fn is_kept(name: &str) -> bool {
    let is_ours = name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("klartext-"));
    !is_ours && !REPLACED.iter().any(|replaced| name.eq_ignore_ascii_case(replaced))
}
