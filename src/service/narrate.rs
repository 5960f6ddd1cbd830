//! The log lines of the stream that take many fields. Never page text, never a key, never a URL.

use super::ledger::TopicPartition;
use super::worker::Page;
use super::{Settlement, events, intake};
use crate::model::Origin;

/// How a record ended: nothing above DEBUG unless it needs someone.
pub(super) fn settled(origin: &Origin, page: &Page) {
    match page.settlement {
        Settlement::DeadLettered("panic") => tracing::error!(
            event.name = events::PANIC,
            messaging.destination.name = origin.topic,
            messaging.destination.partition.id = %origin.partition,
            messaging.kafka.offset = origin.offset,
            "error.type" = "panic",
            "klartext panicked on this record (a bug of klartext); it went to the dead letters"
        ),
        Settlement::DeadLettered(error_type) => tracing::warn!(
            event.name = events::DEAD_LETTERED,
            messaging.destination.name = origin.topic,
            messaging.destination.partition.id = %origin.partition,
            messaging.kafka.offset = origin.offset,
            messaging.message.body.size = page.record.value.as_ref().map_or(0, Vec::len),
            "error.type" = error_type,
            "record went to the dead letters"
        ),
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
