//! What must be there before the first record is read: a broker that answers, and the topics. A wrong address or password
//! is told at once and plainly, not by a service that does nothing.

use std::time::{Duration, Instant};

use rdkafka::client::{Client, ClientContext};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::metadata::{MetadataPartition, MetadataTopic};
use rdkafka::producer::Producer as _;

use super::ServiceError;
use super::intake::Intake;
use super::trouble::{Report, Trouble, is_refusal};
use crate::config::Config;

/// Longest wait for the first broker, and for topics that are being created.
const WAIT: Duration = Duration::from_secs(10);

/// Checks brokers and topics.
///
/// # Errors
/// Nobody answers, a topic is missing, or we are refused.
pub(super) fn check(consumer: &BaseConsumer<Intake>, config: &Config) -> Result<(), ServiceError> {
    let deadline = Instant::now() + WAIT;
    let trouble = std::sync::Arc::clone(&consumer.context().stream().trouble);
    for topic in config.input.topics.iter().filter(|topic| !topic.starts_with('^')) {
        let serve = || drop(consumer.poll(Duration::ZERO));
        let check = Check { config, trouble: &trouble, deadline, key: "input.topics" };
        check.topic(consumer.client(), topic, serve)?;
    }
    for (topic, key) in output_topics(config) {
        let stream = consumer.context().stream();
        let check = Check { config, trouble: &trouble, deadline, key };
        check.topic(stream.outlet.producer.client(), topic, || ())?;
    }
    Ok(())
}

/// The topics that are written, each with the key that names it.
pub(super) fn output_topics(config: &Config) -> impl Iterator<Item = (&str, &'static str)> {
    let fixed = [
        (config.output.topic.as_str(), "output.topic"),
        (config.dead_letter.topic.as_str(), "dead_letter.topic"),
    ];
    fixed.into_iter().chain(config.rejected.topic.as_deref().map(|topic| (topic, "rejected.topic")))
}

/// Whether a topic is there and may be seen.
pub(super) struct Check<'a> {
    pub(super) config: &'a Config,
    pub(super) trouble: &'a Trouble,
    /// So long a topic that is missing, or a broker that does not answer, is waited for.
    pub(super) deadline: Instant,
    /// The configuration key that names the topic.
    pub(super) key: &'static str,
}

impl Check<'_> {
    pub(super) fn topic<C: ClientContext>(
        &self,
        client: &Client<C>,
        topic: &str,
        serve: impl Fn(),
    ) -> Result<(), ServiceError> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            let step = left.clamp(Duration::from_millis(100), Duration::from_secs(2));
            let answer = client.fetch_metadata(Some(topic), step);
            // The reason of a failure comes by callback.
            serve();
            let error = match answer {
                Ok(metadata) => match metadata.topics().first().map(MetadataTopic::error) {
                    Some(None) => return Ok(()),
                    Some(Some(error)) => RDKafkaErrorCode::from(error),
                    None => RDKafkaErrorCode::UnknownTopicOrPartition,
                },
                Err(error) => error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown),
            };
            let refusal = self.trouble.last().filter(Report::is_refusal);
            if is_refusal(error) {
                return Err(refused(format!("access to the topic `{topic}`"), error.to_string()));
            }
            if let Some(report) = refusal {
                return Err(refused("our credentials".to_owned(), report.reason));
            }
            if left.is_zero() {
                return Err(self.too_late(topic, error));
            }
            crossbeam_channel::select! {
                recv(crossbeam_channel::after(Duration::from_millis(100))) -> _ => {}
            }
        }
    }

    fn too_late(&self, topic: &str, error: RDKafkaErrorCode) -> ServiceError {
        let is_unknown = matches!(
            error,
            RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::UnknownTopic
                | RDKafkaErrorCode::UnknownPartition
                | RDKafkaErrorCode::InvalidTopic
        );
        if is_unknown {
            return ServiceError::UnknownTopic { topic: topic.to_owned(), key: self.key };
        }
        let reason = self.trouble.last().map_or_else(|| error.to_string(), |report| report.reason);
        ServiceError::Unreachable {
            brokers: self.config.kafka.brokers.join(", "),
            waited: WAIT,
            reason,
        }
    }
}

/// The partitions of a topic.
///
/// # Errors
/// Nobody answers, the topic is missing, or we are refused.
pub(super) fn partitions(
    consumer: &BaseConsumer,
    config: &Config,
    topic: &str,
    key: &'static str,
) -> Result<Vec<i32>, ServiceError> {
    let deadline = Instant::now() + WAIT;
    let trouble = Trouble::default();
    let serve = || {
        if let Some(Err(error)) = consumer.poll(Duration::ZERO) {
            trouble.report(&error, "");
        }
    };
    Check { config, trouble: &trouble, deadline, key }.topic(consumer.client(), topic, serve)?;
    let metadata = consumer.fetch_metadata(Some(topic), WAIT);
    let metadata = metadata.map_err(|error| ServiceError::Replay {
        reason: format!("looking up `{topic}`: {error}"),
    })?;
    let topics = metadata.topics().iter();
    Ok(topics.flat_map(|topic| topic.partitions().iter().map(MetadataPartition::id)).collect())
}

fn refused(what: String, reason: String) -> ServiceError {
    ServiceError::Refused { what, reason }
}
