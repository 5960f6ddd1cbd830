//! What we may do: read with the group, write in transactions; and how far behind the group is.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, ResourceSpecifier};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::metadata::MetadataTopic;
use rdkafka::producer::{BaseProducer, Producer as _};
use rdkafka::{Offset, TopicPartitionList};

use super::{ANSWER, Cluster, Ear, Findings, settings};
use crate::config::{Config, Delivery};
use crate::service::trouble::is_refusal;
use crate::service::{ServiceError, client};

/// Longest wait for the first record or the end of a partition.
const FETCH: Duration = Duration::from_secs(3);

/// Asks for the group's offsets and reads at the end of one partition, without joining.
pub(super) fn group(consumer: &BaseConsumer<Ear>, config: &Config, findings: &mut Findings) {
    let subject = format!("group {}", config.input.group_id);
    let Some(partitions) = input_partitions(consumer, config) else { return };
    match waiting(consumer, &partitions, &subject, findings) {
        Ok(None) => {
            findings.fine(&subject, "has no offsets yet: it begins where `input.start` says");
        }
        Ok(Some(lag)) => findings.fine(
            &subject,
            match lag {
                0 => "no record waits for it".to_owned(),
                lag => format!("{lag} offsets before it: records, and ends of transactions"),
            },
        ),
        Err(error) if error.rdkafka_error_code().is_some_and(is_refusal) => {
            let help = "allow Read (and Describe) on the group";
            findings.refusal(&subject, format!("its offsets cannot be read: {error}"), help);
        }
        Err(error) => {
            let help =
                "ask again in a minute; if it stays, look at the brokers' `__consumer_offsets`";
            findings.error(&subject, format!("its offsets cannot be read: {error}"), help);
        }
    }
    if let Err(error) = read_one(consumer, &partitions) {
        let help = "allow Read on the input topics";
        findings.refusal("input", format!("cannot be read: {error}"), help);
    }
}

/// The partitions of all input topics that are there.
fn input_partitions(consumer: &BaseConsumer<Ear>, config: &Config) -> Option<TopicPartitionList> {
    let mut list = TopicPartitionList::new();
    for topic in config.input.topics.iter().filter(|topic| !topic.starts_with('^')) {
        let metadata = consumer.fetch_metadata(Some(topic), ANSWER).ok()?;
        let partitions = metadata.topics().iter().flat_map(MetadataTopic::partitions);
        for partition in partitions {
            list.add_partition(topic, partition.id());
        }
    }
    (list.count() > 0).then_some(list)
}

/// Records that the group has not read yet; `None` if it has no offsets.
fn waiting(
    consumer: &BaseConsumer<Ear>,
    partitions: &TopicPartitionList,
    subject: &str,
    findings: &mut Findings,
) -> Result<Option<i64>, KafkaError> {
    let committed = committed(consumer, partitions)?;
    let mut lag = None;
    for element in committed.elements() {
        let Offset::Offset(offset) = element.offset() else { continue };
        let (_, high) = consumer.fetch_watermarks(element.topic(), element.partition(), ANSWER)?;
        *lag.get_or_insert(0) += (high - offset).max(0);
        if offset > high {
            findings.warning(
                subject,
                format!(
                    "its offset {offset} of {}[{}] lies beyond the end ({high}): the topic was made anew",
                    element.topic(),
                    element.partition()
                ),
                "reading goes on where `input.start` says; set the group's offsets if that is not what you want",
            );
        }
    }
    Ok(lag)
}

/// The group's offsets. A new cluster makes the topic of the offsets only now, and has no coordinator until then.
fn committed(
    consumer: &BaseConsumer<Ear>,
    partitions: &TopicPartitionList,
) -> Result<TopicPartitionList, KafkaError> {
    let deadline = Instant::now() + ANSWER;
    loop {
        let error = match consumer.committed_offsets(partitions.clone(), ANSWER) {
            Ok(committed) => return Ok(committed),
            Err(error) => error,
        };
        let is_final = error.rdkafka_error_code().is_some_and(is_refusal);
        if is_final || Instant::now() >= deadline {
            return Err(error);
        }
        // Waits, and serves the callbacks.
        drop(consumer.poll(Duration::from_millis(300)));
    }
}

/// Reads at the end of the first partition: a fetch is what shows whether reading is allowed.
fn read_one(
    consumer: &BaseConsumer<Ear>,
    partitions: &TopicPartitionList,
) -> Result<(), KafkaError> {
    let elements = partitions.elements();
    let Some(first) = elements.first() else { return Ok(()) };
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(first.topic(), first.partition(), Offset::OffsetTail(1))?;
    consumer.assign(&list)?;
    let deadline = Instant::now() + FETCH;
    while Instant::now() < deadline {
        match consumer.poll(Duration::from_millis(200)) {
            Some(Err(error)) if error.rdkafka_error_code().is_some_and(is_refusal) => {
                return Err(error);
            }
            Some(Ok(_)) => break,
            Some(Err(_)) | None => {}
        }
    }
    consumer.unassign()
}

/// The transactional id, and the longest transaction that the brokers allow. A process that runs would be fenced by its own
/// id, so another one is tried that begins the same.
pub(super) fn transactions(
    admin: &AdminClient<Ear>,
    ear: &Ear,
    config: &Config,
    cluster: &Cluster,
    findings: &mut Findings,
) -> Result<(), ServiceError> {
    if config.delivery != Delivery::ExactlyOnce {
        return Ok(());
    }
    let limit = cluster.any_broker.and_then(|id| {
        let settings = settings(admin, ResourceSpecifier::Broker(id)).ok()?;
        settings.get("transaction.max.timeout.ms")?.parse::<u128>().ok()
    });
    let ours = config.commit.transaction_timeout.as_millis();
    if let Some(limit) = limit.filter(|limit| *limit < ours) {
        findings.error(
            "transactions",
            format!("`commit.transaction_timeout` is {ours} ms, the brokers allow {limit} ms"),
            "lower it, or raise the brokers' `transaction.max.timeout.ms`",
        );
        return Ok(());
    }
    let id = client::transactional_id(config);
    let tried = format!("{id}-check");
    let mut options = client::producer_config(config);
    options.set("transactional.id", &tried);
    let producer: BaseProducer<Ear> = options
        .create_with_context(ear.clone())
        .map_err(|source| ServiceError::Options { source })?;
    match producer.init_transactions(ANSWER) {
        Ok(()) => findings.fine("transactions", format!("allowed for `{tried}`; the service uses `{id}`")),
        Err(error) if error.rdkafka_error_code().is_some_and(is_refusal) => findings.warning(
            "transactions",
            format!("refused for `{tried}` ({error})"),
            format!("allow Write and Describe on the transactional ids that begin with `{id}`, or at least on `{id}` itself, which is not tried because it would stop a running service"),
        ),
        Err(error) => findings.error(
            "transactions",
            format!("cannot begin: {error}"),
            "check that the brokers support transactions, or write `delivery: at_least_once`",
        ),
    }
    Ok(())
}
