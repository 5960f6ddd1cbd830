//! The two ends of the demonstration: a plain producer in front of the service, a plain consumer behind it.

use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Header, Headers as _, Message as _, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};
use rdkafka::{Offset, TopicPartitionList};

use super::samples::Sample;
use crate::config::Config;

/// Partitions of the input: enough to see that keys keep their order, few enough to be quick.
const N_PARTITIONS: i32 = 2;

/// Loopback, in one process: whatever takes longer is broken.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A message the service wrote.
#[derive(Debug)]
pub(super) struct Published {
    /// Its topic.
    pub(super) topic: String,
    /// Its value.
    pub(super) value: Option<Vec<u8>>,
    /// Its headers that are text.
    pub(super) headers: Vec<(String, String)>,
    key: Vec<u8>,
}

impl Published {
    /// Whether it came of that page: the service keeps the key.
    pub(super) fn is_of(&self, sample: &Sample) -> bool {
        self.key == sample.name.as_bytes()
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn from_message(message: &BorrowedMessage<'_>) -> Self {
        let headers = message.headers().map(|headers| {
            let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            headers
                .iter()
                .map(|header| (header.key.to_owned(), header.value.map(text).unwrap_or_default()))
                .collect()
        });
        Self {
            topic: message.topic().to_owned(),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers.unwrap_or_default(),
            key: message.key().unwrap_or_default().to_vec(),
        }
    }
}

/// The topics of the configuration.
pub(super) fn create_topics(
    cluster: &MockCluster<'_, DefaultProducerContext>,
    config: &Config,
) -> Result<(), KafkaError> {
    let inputs = config.input.topics.iter().map(|topic| (topic.as_str(), N_PARTITIONS));
    let outputs = output_topics(config).map(|topic| (topic, 1));
    inputs
        .chain(outputs)
        .try_for_each(|(topic, partitions)| cluster.create_topic(topic, partitions, 1))
}

fn output_topics(config: &Config) -> impl Iterator<Item = &str> {
    [Some(&config.output.topic), config.rejected.topic.as_ref(), Some(&config.dead_letter.topic)]
        .into_iter()
        .flatten()
        .map(String::as_str)
}

/// Sends the samples to the input topic.
pub(super) fn produce(config: &Config, samples: &[Sample]) -> Result<(), KafkaError> {
    let producer: BaseProducer = client(config).create()?;
    for topic in &config.input.topics {
        for sample in samples {
            let headers =
                sample.record.headers.iter().fold(OwnedHeaders::new(), |headers, header| {
                    headers.insert(Header { key: &header.name, value: header.value.as_deref() })
                });
            let mut record = BaseRecord::to(topic).key(&sample.name).headers(headers);
            if let Some(value) = &sample.record.value {
                record = record.payload(value);
            }
            producer.send(record).map_err(|(error, _)| error)?;
        }
    }
    producer.flush(TIMEOUT)
}

/// Everything in the output topics.
pub(super) fn consume(config: &Config) -> Result<Vec<Published>, KafkaError> {
    let consumer: BaseConsumer = client(config)
        .set("group.id", "klartext-demo-reader")
        .set("enable.auto.commit", "false")
        .create()?;
    let mut assignment = TopicPartitionList::new();
    let mut n_expected = 0;
    for topic in output_topics(config) {
        let (low, high) = consumer.fetch_watermarks(topic, 0, TIMEOUT)?;
        n_expected += usize::try_from(high - low).unwrap_or_default();
        assignment.add_partition_offset(topic, 0, Offset::Beginning)?;
    }
    consumer.assign(&assignment)?;
    let deadline = Instant::now() + TIMEOUT;
    let mut published = Vec::new();
    while published.len() < n_expected && Instant::now() < deadline {
        if let Some(message) = consumer.poll(Duration::from_millis(50)) {
            published.push(Published::from_message(&message?));
        }
    }
    Ok(published)
}

fn client(config: &Config) -> ClientConfig {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", config.kafka.brokers.join(","));
    client
}
