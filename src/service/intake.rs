//! The intake: the consumer's callbacks, and the copy out of librdkafka's memory.

use std::collections::BTreeMap;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rdkafka::TopicPartitionList;
use rdkafka::client::{ClientContext, DefaultClientContext, OAuthToken};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::TopicPartitionListElem;

use super::ledger::TopicPartition;
use super::stream::Stream;
use super::trouble::Trouble;
use super::{acknowledge, events, oauth};
use crate::model::{Header, Origin, Record};

/// The consumer's context. The callbacks run inside `poll` on the thread of the service, so a rebalance can never overlap a
/// transaction; for the same reason nobody may hold the stream's lock while polling or dropping the consumer.
pub(super) struct Intake {
    stream: Mutex<Stream>,
    trouble: Arc<Trouble>,
    /// `kafka.security.sasl.token_file`.
    token_file: Option<PathBuf>,
    /// Topic names are shared by all records of a partition.
    sources: Mutex<BTreeMap<(String, i32), TopicPartition>>,
}

impl Intake {
    pub(super) fn new(stream: Stream, trouble: Arc<Trouble>) -> Self {
        let token_file = stream.config.kafka.security.sasl.token_file.clone();
        Self { stream: Mutex::new(stream), trouble, token_file, sources: Mutex::default() }
    }

    /// The stream. Let go of it before polling.
    pub(super) fn stream(&self) -> MutexGuard<'_, Stream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn source(&self, topic: &str, partition: i32) -> TopicPartition {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let source = sources.entry((topic.to_owned(), partition));
        source.or_insert_with(|| TopicPartition { topic: topic.into(), partition }).clone()
    }

    fn partitions(&self, list: &TopicPartitionList) -> Vec<TopicPartition> {
        list.elements().iter().map(|e| self.source(e.topic(), e.partition())).collect()
    }

    /// Copies a message: a borrowed one would keep its whole fetch response in memory.
    pub(super) fn copy(&self, message: &BorrowedMessage<'_>) -> (TopicPartition, Record) {
        let source = self.source(message.topic(), message.partition());
        let origin = Origin {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
        };
        let record = Record {
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers_of(message),
            timestamp_ms: message.timestamp().to_millis(),
            origin: Some(origin),
        };
        (source, record)
    }
}

/// rust-rdkafka panics on a header name that is not UTF-8, which is its sender's fault and must not end the service: such a
/// header is kept with its name as U+FFFD and without its value.
pub(super) fn headers_of(message: &BorrowedMessage<'_>) -> Vec<Header> {
    let Some(headers) = message.headers() else { return Vec::new() };
    let header_at = |idx| match catch_unwind(AssertUnwindSafe(|| headers.try_get(idx))) {
        Ok(header) => header.map(|header| Header {
            name: header.key.to_owned(),
            value: header.value.map(<[u8]>::to_vec),
        }),
        Err(_panic) => Some(Header { name: char::REPLACEMENT_CHARACTER.to_string(), value: None }),
    };
    (0..headers.count()).filter_map(header_at).collect()
}

/// `topic[0], topic[1]`, for the logs.
pub(super) fn names_of(partitions: &[TopicPartition]) -> String {
    let names: Vec<String> =
        partitions.iter().map(|p| format!("{}[{}]", p.topic, p.partition)).collect();
    names.join(", ")
}

impl ClientContext for Intake {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _options: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        oauth::token_of(self.token_file.as_deref())
    }

    fn stats(&self, statistics: Statistics) {
        self.stream().meters.take_statistics(&statistics);
    }

    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        DefaultClientContext.log(level, facility, message);
        // That is how librdkafka tells that it goes on elsewhere than it was told to.
        if facility == "OFFSET" && matches!(level, RDKafkaLogLevel::Warning) {
            self.trouble.jumped();
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.trouble.report(&error, reason);
    }
}

impl ConsumerContext for Intake {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let partitions = self.partitions(list);
                self.stream().assign(&partitions);
                tracing::info!(
                    event.name = events::ASSIGNED,
                    klartext.partitions = names_of(&partitions),
                    "partitions assigned"
                );
            }
            Rebalance::Revoke(list) => {
                let partitions = self.partitions(list);
                self.stream().revoke(consumer, &partitions, consumer.assignment_lost());
            }
            Rebalance::Error(error) => tracing::warn!(
                event.name = events::REBALANCE_FAILED,
                exception.message = %error,
                "rebalance failed"
            ),
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        // A commit may succeed as a whole and fail for a partition.
        let each = || offsets.elements().iter().try_for_each(TopicPartitionListElem::error);
        acknowledge::commit_ended(result.and_then(|()| each()));
    }
}
