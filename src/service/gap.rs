//! Records that were deleted before they were read: retention, or someone's hand, passed the position of the group.
//! librdkafka then jumps to where `input.start` says. That cannot be undone, but it must not go unseen.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};

use super::events;
use super::intake::Intake;
use super::ledger::TopicPartition;
use super::stream::Stream;

/// Longest wait for what the broker knows. It is asked only after a jump.
const ANSWER: Duration = Duration::from_secs(3);

/// Which jumps were looked into.
#[derive(Debug, Default)]
pub(super) struct Jumps {
    /// How many there had been, in all partitions, when this one was looked at.
    looked_at: BTreeMap<TopicPartition, u64>,
}

impl Jumps {
    /// Whether one of these jumps may have been in this partition, and is not looked into yet.
    fn is_new_for(&mut self, source: &TopicPartition, n_jumps: u64) -> bool {
        // Nearly always nothing ever jumped.
        n_jumps > 0 && self.looked_at.insert(source.clone(), n_jumps) != Some(n_jumps)
    }
}

impl Stream {
    /// Says so if records before `offset` were deleted before anyone read them. Only after a jump, for offsets may be missing
    /// for good reasons: compaction, and the marks of transactions.
    pub(super) fn look_for_gap(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        source: &TopicPartition,
        offset: i64,
    ) {
        if !self.jumps.is_new_for(source, self.trouble.n_jumps()) {
            return;
        }
        let Some(expected) = self.ledger.next(source) else { return };
        let oldest = consumer
            .fetch_watermarks(&source.topic, source.partition, ANSWER)
            .map_or(offset, |(oldest, _)| oldest);
        self.pulse.beat();
        if offset <= expected || oldest <= expected {
            return;
        }
        tracing::error!(
            event.name = events::GAP,
            messaging.destination.name = %source.topic,
            messaging.destination.partition.id = %source.partition,
            messaging.kafka.offset = offset,
            klartext.expected_offset = expected,
            klartext.missing = offset - expected,
            "records were deleted before they were read: the topic keeps them for too short a time, or klartext was away \
             or behind for too long"
        );
    }
}
