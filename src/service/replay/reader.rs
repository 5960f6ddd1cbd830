//! Reads a topic from where it is told to the end that it had at the start.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerGroupMetadata};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};

use super::super::intake::headers_of;
use super::super::{ServiceError, startup};
use super::{reader_config, stopped};
use crate::config::Config;
use crate::model::{Origin, Record};

/// Longest wait for one answer of the brokers.
const ANSWER: Duration = Duration::from_secs(10);

/// A reader of all partitions of the dead letters.
pub struct Reader {
    consumer: BaseConsumer,
    topic: String,
    /// First and end offset of each partition when the reader was made.
    bounds: BTreeMap<i32, (i64, i64)>,
    /// Partitions whose end was not reached yet, and the offset where it is.
    open: BTreeMap<i32, i64>,
}

/// What a reader gives.
#[derive(Debug)]
pub enum Next {
    /// A dead letter; its origin is its place in the topic of the dead letters.
    Letter(Record),
    /// Nothing for the moment.
    Nothing,
    /// Every partition was read to the end that it had at the start.
    End,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("bounds", &self.bounds)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Looks up the partitions of the dead letters and where they end now. `group_id` is the group whose offsets are
    /// committed with what is sent back.
    ///
    /// # Errors
    /// The brokers do not answer, or there is no such topic.
    pub fn open(config: &Config, group_id: &str) -> Result<Self, ServiceError> {
        let topic = config.dead_letter.topic.clone();
        let consumer: BaseConsumer = reader_config(config, group_id)
            .create()
            .map_err(|source| ServiceError::Options { source })?;
        let partitions = startup::partitions(&consumer, config, &topic, "dead_letter.topic")?;
        let mut bounds = BTreeMap::new();
        for partition in partitions {
            let watermarks = consumer.fetch_watermarks(&topic, partition, ANSWER);
            bounds.insert(partition, watermarks.map_err(|e| stopped("looking up the offsets", e))?);
        }
        Ok(Self { consumer, topic, bounds, open: BTreeMap::new() })
    }

    /// The partitions, and the first and the end offset of each when the reader was made.
    #[must_use]
    pub const fn bounds(&self) -> &BTreeMap<i32, (i64, i64)> {
        &self.bounds
    }

    /// Begins to read each partition at the offset that `from` gives, or at its first.
    ///
    /// # Errors
    /// librdkafka does not take the offsets.
    pub fn start(&mut self, from: impl Fn(i32) -> Option<i64>) -> Result<(), ServiceError> {
        let mut list = TopicPartitionList::new();
        for (&partition, &(low, end)) in &self.bounds {
            let at = from(partition).unwrap_or(low).max(low);
            if at < end {
                self.open.insert(partition, end);
                list.add_partition_offset(&self.topic, partition, Offset::Offset(at))
                    .map_err(|error| stopped("choosing where to begin", error))?;
            }
        }
        self.consumer.assign(&list).map_err(|error| stopped("choosing where to begin", error))
    }

    /// The next letter, waiting at most `timeout` for it.
    ///
    /// # Errors
    /// The consumer failed for good, or we may not read the topic.
    pub fn next(&mut self, timeout: Duration) -> Result<Next, ServiceError> {
        if self.open.is_empty() {
            return Ok(Next::End);
        }
        let message = match self.consumer.poll(timeout) {
            None => return Ok(Next::Nothing),
            Some(Ok(message)) => message,
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                self.open.remove(&partition);
                return Ok(Next::Nothing);
            }
            Some(Err(error)) if is_passing(&error) => return Ok(Next::Nothing),
            Some(Err(error)) => return Err(stopped("reading the dead letters", error)),
        };
        let (partition, offset) = (message.partition(), message.offset());
        let Some(&end) = self.open.get(&partition) else { return Ok(Next::Nothing) };
        if offset + 1 >= end {
            self.open.remove(&partition);
        }
        if offset >= end {
            return Ok(Next::Nothing);
        }
        Ok(Next::Letter(Record {
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers_of(&message),
            timestamp_ms: message.timestamp().to_millis(),
            origin: Some(Origin { topic: self.topic.clone(), partition, offset }),
        }))
    }

    pub(super) fn topic(&self) -> &str {
        &self.topic
    }

    pub(super) fn group_metadata(&self) -> Option<ConsumerGroupMetadata> {
        self.consumer.group_metadata()
    }

    pub(super) const fn consumer(&self) -> &BaseConsumer {
        &self.consumer
    }
}

/// Whether librdkafka gets over an error by itself: a broker is away, a leader moves.
fn is_passing(error: &KafkaError) -> bool {
    !matches!(error, KafkaError::MessageConsumptionFatal(_))
        && !matches!(
            error.rdkafka_error_code(),
            Some(
                RDKafkaErrorCode::TopicAuthorizationFailed
                    | RDKafkaErrorCode::GroupAuthorizationFailed
                    | RDKafkaErrorCode::UnknownTopicOrPartition
                    | RDKafkaErrorCode::UnknownTopic
                    | RDKafkaErrorCode::Authentication
            )
        )
}
