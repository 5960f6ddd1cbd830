//! Sends letters back, a batch a transaction, with the offsets up to which the dead letters are dealt with.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};

use super::super::outlet::{is_fault_of_record, wire_headers};
use super::super::txn_fault::{OFFSETS_STEP, STEP, TxnFault, pause, retry};
use super::super::{ServiceError, client};
use super::reader::Reader;
use super::runs::Progress;
use super::stopped;
use crate::config::{Config, Delivery};
use crate::model::Record;

/// A record on its way back.
#[derive(Debug)]
pub struct Parcel {
    /// The topic it goes to.
    pub topic: String,
    /// The partition that it came from. It goes there again if the topic still has it, whatever partitioner its producer
    /// used: else a key's records would be in two partitions.
    pub partition: i32,
    /// The record as it goes out.
    pub record: Record,
}

/// The transactional producer.
pub struct Sender {
    producer: ThreadedProducer<DefaultProducerContext>,
    timeout: Duration,
    n_partitions: BTreeMap<String, usize>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Sender {
    /// Connects, ends what a predecessor left open, and keeps any other run out. Look up the progress of runs only after
    /// this: before, a transaction of a killed one may still be about to end.
    ///
    /// # Errors
    /// The brokers do not answer, or they do not support transactions.
    pub fn connect(config: &Config, transactional_id: &str) -> Result<Self, ServiceError> {
        let mut config = config.clone();
        config.delivery = Delivery::ExactlyOnce;
        config.commit.transactional_id = Some(transactional_id.to_owned());
        let producer: ThreadedProducer<_> = client::producer_config(&config)
            .create()
            .map_err(|source| ServiceError::Options { source })?;
        let timeout = config.commit.transaction_timeout;
        retry(until(Instant::now() + timeout), STEP, |left| producer.init_transactions(left))
            .map_err(|fault| stopped("beginning", reason_of(fault)))?;
        Ok(Self { producer, timeout, n_partitions: BTreeMap::new() })
    }

    /// Sends the parcels and commits the progress, both or neither.
    ///
    /// # Errors
    /// The transaction failed. Whether it was committed after all, the next run finds out.
    pub fn send(
        &mut self,
        parcels: &[Parcel],
        progress: &Progress,
        reader: &Reader,
    ) -> Result<(), ServiceError> {
        let sent = self.try_send(parcels, progress, reader);
        if sent.is_err() {
            // If that fails too, the brokers abort it when its time is over.
            let _aborted = self.producer.abort_transaction(self.timeout);
        }
        sent
    }

    fn try_send(
        &mut self,
        parcels: &[Parcel],
        progress: &Progress,
        reader: &Reader,
    ) -> Result<(), ServiceError> {
        let deadline = Instant::now() + self.timeout;
        self.producer
            .begin_transaction()
            .map_err(|error| stopped("beginning a transaction", error))?;
        for parcel in parcels {
            let n_partitions = self.n_partitions(&parcel.topic, deadline)?;
            self.produce(parcel, n_partitions, deadline)?;
        }
        let mut offsets = TopicPartitionList::new();
        for (partition, position) in &progress.positions {
            let mut element = offsets.add_partition(reader.topic(), *partition);
            element
                .set_offset(rdkafka::Offset::Offset(*position))
                .map_err(|error| stopped("noting the progress", error))?;
            element.set_metadata(&progress.note);
        }
        let group = reader
            .group_metadata()
            .ok_or_else(|| stopped("noting the progress", "the consumer is in no group"))?;
        let send = |left| self.producer.send_offsets_to_transaction(&offsets, &group, left);
        retry(until(deadline), OFFSETS_STEP, send)
            .map_err(|fault| stopped("noting the progress", reason_of(fault)))?;
        retry(until(deadline), STEP, |left| self.producer.commit_transaction(left))
            .map_err(|fault| stopped("committing", reason_of(fault)))
    }

    /// How many partitions a topic has now; asked once a run.
    fn n_partitions(&mut self, topic: &str, deadline: Instant) -> Result<usize, ServiceError> {
        if let Some(n_partitions) = self.n_partitions.get(topic) {
            return Ok(*n_partitions);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let metadata = self.producer.client().fetch_metadata(Some(topic), left);
        let metadata = metadata.map_err(|error| stopped("sending", error))?;
        let n_partitions = metadata.topics().first().map_or(0, |topic| topic.partitions().len());
        self.n_partitions.insert(topic.to_owned(), n_partitions);
        Ok(n_partitions)
    }

    fn produce(
        &self,
        parcel: &Parcel,
        n_partitions: usize,
        deadline: Instant,
    ) -> Result<(), ServiceError> {
        let Parcel { topic, partition, record } = parcel;
        let has_partition = usize::try_from(*partition).is_ok_and(|n| n < n_partitions);
        loop {
            let mut wire =
                BaseRecord::<[u8], [u8]>::to(topic).headers(wire_headers(&record.headers));
            wire.key = record.key.as_deref();
            wire.payload = record.value.as_deref();
            wire.partition = has_partition.then_some(*partition);
            wire.timestamp = record.timestamp_ms;
            let error = match self.producer.send(wire) {
                Ok(()) => return Ok(()),
                Err((error, _)) => error,
            };
            match error.rdkafka_error_code() {
                Some(RDKafkaErrorCode::QueueFull) if Instant::now() < deadline => {
                    pause(Duration::from_millis(2));
                }
                _ => return Err(not_taken(topic, record, &error)),
            }
        }
    }
}

fn not_taken(topic: &str, record: &Record, error: &KafkaError) -> ServiceError {
    let n_bytes = record.size();
    let hint = match error.rdkafka_error_code() {
        Some(code) if is_fault_of_record(code) => {
            "; leave that letter out with a filter, or raise the limit"
        }
        _ => "",
    };
    stopped(
        "sending",
        format!("`{topic}` does not take a record of {n_bytes} bytes ({error}){hint}"),
    )
}

/// Time left until a moment.
fn until(moment: Instant) -> impl Fn() -> Duration {
    move || moment.saturating_duration_since(Instant::now())
}

fn reason_of(fault: Option<TxnFault>) -> String {
    match fault {
        None => "no answer in time".to_owned(),
        Some(TxnFault::Abort(reason) | TxnFault::Denied(reason) | TxnFault::Fatal(reason)) => {
            reason
        }
        Some(TxnFault::Refused(_, code) | TxnFault::RefusedBatch(code)) => code.to_string(),
    }
}
