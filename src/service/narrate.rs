//! The log lines of the stream that take many fields. Never page text, never a key as it is, never the query of a URL.

use super::ledger::TopicPartition;
use super::worker::Page;
use super::{ServiceError, Settlement, events, intake};
use crate::model::{Origin, Record};
use crate::text::hex_digest;

/// Hexadecimal digits of a key's hash: enough to find the records of one key, too few to try keys against.
const KEY_DIGITS: usize = 12;

/// What tells a record from all others, and may be logged.
struct Marks<'a> {
    key_hash: Option<String>,
    trace_id: Option<String>,
    address: Option<&'a str>,
    n_bytes: usize,
}

impl<'a> Marks<'a> {
    fn of(page: &'a Page) -> Self {
        let record = &page.record;
        Self {
            key_hash: record.key.as_deref().map(|key| hex_digest(&[key], KEY_DIGITS)),
            trace_id: trace_id(record),
            address: page.address.as_deref(),
            n_bytes: record.value.as_ref().map_or(0, Vec::len),
        }
    }
}

/// The trace a record belongs to: the second part of `traceparent`, <https://www.w3.org/TR/trace-context/>.
fn trace_id(record: &Record) -> Option<String> {
    let parent = record.header("traceparent")?;
    let id = parent.split('-').nth(1)?;
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

/// The broker does not take the output of a record.
pub(super) fn refused(page: &Page, topic: &str, reason: &str) {
    let Some(origin) = &page.record.origin else { return };
    let Marks { key_hash, trace_id, address, n_bytes } = Marks::of(page);
    tracing::warn!(
        event.name = events::OUTPUT_REFUSED,
        messaging.destination.name = origin.topic,
        messaging.destination.partition.id = %origin.partition,
        messaging.kafka.offset = origin.offset,
        messaging.message.body.size = n_bytes,
        klartext.key_hash = key_hash,
        url.full = address,
        klartext.source = page.host,
        klartext.output_topic = topic,
        trace_id,
        "error.type" = reason,
        "the broker does not take what this record became"
    );
}

/// How a record ended: nothing above DEBUG unless it needs someone.
pub(super) fn settled(origin: &Origin, page: &Page) {
    match page.settlement {
        Settlement::DeadLettered(error_type) => dead_lettered(origin, page, error_type),
        Settlement::Published | Settlement::Rejected(_) | Settlement::Tombstone => tracing::debug!(
            event.name = events::DOCUMENT_SETTLED,
            messaging.destination.name = origin.topic,
            messaging.destination.partition.id = %origin.partition,
            messaging.kafka.offset = origin.offset,
            klartext.outcome = page.settlement.outcome(),
            klartext.reason = page.settlement.reason(),
            "record settled"
        ),
    }
}

fn dead_lettered(origin: &Origin, page: &Page, error_type: &str) {
    let Marks { key_hash, trace_id, address, n_bytes } = Marks::of(page);
    if error_type == "panic" {
        tracing::error!(
            event.name = events::PANIC,
            messaging.destination.name = origin.topic,
            messaging.destination.partition.id = %origin.partition,
            messaging.kafka.offset = origin.offset,
            messaging.message.body.size = n_bytes,
            klartext.key_hash = key_hash,
            url.full = address,
            trace_id,
            "error.type" = error_type,
            "klartext panicked on this record (a bug of klartext); it went to the dead letters"
        );
    } else {
        tracing::warn!(
            event.name = events::DEAD_LETTERED,
            messaging.destination.name = origin.topic,
            messaging.destination.partition.id = %origin.partition,
            messaging.kafka.offset = origin.offset,
            messaging.message.body.size = n_bytes,
            klartext.key_hash = key_hash,
            url.full = address,
            trace_id,
            "error.type" = error_type,
            "record went to the dead letters"
        );
    }
}

/// Too many records failed for no reason of their own.
pub(super) fn breaker_tripped(error: &ServiceError) {
    let ServiceError::Breaker { n_failed, n_records, error_type } = error else { return };
    tracing::error!(
        event.name = events::BREAKER,
        "error.type" = error_type,
        klartext.failed = n_failed,
        klartext.records = n_records,
        "{error}"
    );
}

/// Partitions left us.
pub(super) fn revoked(partitions: &[TopicPartition], n_discarded: usize, is_lost: bool) {
    let names = intake::names_of(partitions);
    if is_lost {
        tracing::warn!(
            event.name = events::LOST,
            klartext.partitions = names,
            klartext.discarded = n_discarded,
            "partitions lost; their unfinished records are read again by their new owner"
        );
    } else {
        tracing::info!(
            event.name = events::REVOKED,
            klartext.partitions = names,
            klartext.discarded = n_discarded,
            "partitions handed over"
        );
    }
}
