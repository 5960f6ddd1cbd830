//! Where the group stands in a partition. librdkafka begins there by itself, but it may go back later: after a broker was
//! killed it may find no leader epoch for its position, and then it begins where `input.start` says, at records that were
//! published long ago. So each partition's committed offset is asked for once, and nothing before it is worked on.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::TopicPartitionListElem;
use rdkafka::{Offset, TopicPartitionList};

use super::intake::Intake;
use super::ledger::TopicPartition;
use super::stream::Stream;
use super::txn_fault::{RETRY_PAUSE, pause};
use super::{ServiceError, events};

/// Longest wait for one answer, and for an answer at all. A broker gave us the record a moment ago: one that does not answer
/// for so long is no broker to work with, and the next process may have more luck.
const ANSWER: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_mins(1);

impl Stream {
    /// Learns where the group stands in a partition, before its first record is worked on. All partitions that became ours
    /// together are asked for together.
    ///
    /// # Errors
    /// No broker tells.
    pub(super) fn place(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        source: &TopicPartition,
    ) -> Result<(), ServiceError> {
        if self.ledger.is_placed(source) {
            return Ok(());
        }
        let partitions: Vec<TopicPartition> = self.ledger.unplaced().cloned().collect();
        let mut asked = TopicPartitionList::new();
        for partition in &partitions {
            asked.add_partition(&partition.topic, partition.partition);
        }
        let committed = self.insist(|| {
            let answer = consumer.committed_offsets(asked.clone(), ANSWER)?;
            answer.elements().iter().try_for_each(TopicPartitionListElem::error)?;
            Ok(answer)
        })?;
        for partition in &partitions {
            let found = committed.find_partition(&partition.topic, partition.partition);
            let offset = found.and_then(|element| match element.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            });
            self.ledger.place(partition, offset);
        }
        Ok(())
    }

    /// A record came that lies before where the group stands. True when the partition reaches beyond that place: then this
    /// record was settled already, and reading goes on where it was. False when it does not reach so far: the topic was made
    /// anew, or its log was cut back.
    ///
    /// # Errors
    /// No broker tells.
    pub(super) fn stands_beyond(
        &self,
        consumer: &BaseConsumer<Intake>,
        source: &TopicPartition,
        offset: i64,
    ) -> Result<bool, ServiceError> {
        let Some(position) = self.ledger.next(source) else { return Ok(false) };
        let (_, end) =
            self.insist(|| consumer.fetch_watermarks(&source.topic, source.partition, ANSWER))?;
        if end < position {
            return Ok(false);
        }
        // If it fails, the records up to there still come, and are passed over one by one.
        let to = Offset::Offset(position);
        let has_jumped = consumer.seek(&source.topic, source.partition, to, ANSWER).is_ok();
        tracing::warn!(
            event.name = events::READ_AGAIN,
            messaging.destination.name = %source.topic,
            messaging.destination.partition.id = %source.partition,
            messaging.kafka.offset = offset,
            klartext.expected_offset = position,
            klartext.sought = has_jumped,
            "records that are settled already came again and are passed over"
        );
        Ok(true)
    }

    /// Asks a broker until it answers. While it does not, nothing can be committed either.
    fn insist<T>(&self, mut ask: impl FnMut() -> KafkaResult<T>) -> Result<T, ServiceError> {
        let deadline = self.until(PATIENCE);
        loop {
            match ask() {
                Ok(answer) => return Ok(answer),
                Err(error) if deadline.is_over() => {
                    return Err(ServiceError::Unanswered { reason: error.to_string() });
                }
                Err(error) => self.trouble.report(&error, ""),
            }
            pause(RETRY_PAUSE);
        }
    }
}
