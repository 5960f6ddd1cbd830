//! The outlet: the producer, and what it says about each record it was given.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header as WireHeader, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use rdkafka::statistics::Statistics;

use super::ledger::Ticket;
use super::publish::{OutputRecord, OutputValue};
use super::trouble::Trouble;
use super::{client, oauth};
use crate::config::Config;
use crate::model::{Header, Record};

/// What became of a record that was sent.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) ticket: Ticket,
    pub(super) result: Result<(), RDKafkaErrorCode>,
    /// Whether nothing else was on its way with it: then an answer that speaks of the batch speaks of this record.
    pub(super) was_alone: bool,
    attempt: u64,
}

/// What librdkafka carries along with a record and gives back with the answer.
#[derive(Debug)]
pub(super) struct Parcel {
    ticket: Ticket,
    was_alone: bool,
    attempt: u64,
}

/// Why a record was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotSent {
    /// The queue is full: try again in a moment.
    Full,
    /// The record itself is at fault: too large for us or for the topic, or not in a form that the topic takes.
    Refused(RDKafkaErrorCode),
    /// The producer is at fault.
    Failed(RDKafkaErrorCode),
}

/// The producer's callbacks. They run on its polling thread, and on ours while a transaction is committed.
pub(super) struct ProducerEvents {
    delivered: Sender<Delivered>,
    trouble: Arc<Trouble>,
    /// `kafka.security.sasl.token_file`.
    token_file: Option<PathBuf>,
}

impl ClientContext for ProducerEvents {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _options: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        oauth::token_of(self.token_file.as_deref())
    }

    fn stats(&self, _statistics: Statistics) {}

    fn error(&self, error: KafkaError, reason: &str) {
        self.trouble.report(&error, reason);
    }
}

impl ProducerContext for ProducerEvents {
    type DeliveryOpaque = Box<Parcel>;

    fn delivery(&self, result: &DeliveryResult<'_>, parcel: Box<Parcel>) {
        let Parcel { ticket, was_alone, attempt } = *parcel;
        let result = match result {
            Ok(_) => Ok(()),
            Err((error, _)) => Err(error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown)),
        };
        // It fails only when the outlet is gone, and then nobody asks any more.
        let _gone = self.delivered.send(Delivered { ticket, result, was_alone, attempt });
    }
}

/// The producer.
pub(super) struct Outlet {
    pub(super) producer: ThreadedProducer<ProducerEvents>,
    delivered: Receiver<Delivered>,
    /// Counts the times that everything unacknowledged was to be sent again; answers to older sendings are ignored.
    attempt: u64,
    n_unanswered: usize,
    /// So many records are still sent one at a time, each answered before the next: a broker refuses a whole batch, and this
    /// is how the record at fault is found.
    n_careful: usize,
    /// A record is out alone: nothing may join its batch, not even the first that need not be alone.
    is_one_alone: bool,
}

impl Outlet {
    /// Makes the producer; it connects by itself.
    pub(super) fn connect(config: &Config, trouble: Arc<Trouble>) -> KafkaResult<Self> {
        // Unbounded, for a full one would deadlock the commit, which serves these callbacks on our own thread. It never holds
        // more than the records in flight, and those are bounded.
        let (sender, delivered) = unbounded();
        let token_file = config.kafka.security.sasl.token_file.clone();
        let events = ProducerEvents { delivered: sender, trouble, token_file };
        let producer = client::producer_config(config).create_with_context(events)?;
        Ok(Self {
            producer,
            delivered,
            attempt: 0,
            n_unanswered: 0,
            n_careful: 0,
            is_one_alone: false,
        })
    }

    /// Gives a record to the producer, which copies it.
    pub(super) fn send(
        &mut self,
        ticket: &Ticket,
        output: &OutputRecord,
        input: &Record,
    ) -> Result<(), NotSent> {
        let was_alone = self.n_careful > 0;
        if (was_alone || self.is_one_alone) && self.n_unanswered > 0 {
            return Err(NotSent::Full);
        }
        let parcel = Box::new(Parcel { ticket: ticket.clone(), was_alone, attempt: self.attempt });
        let mut record =
            BaseRecord::<[u8], [u8], Box<Parcel>>::with_opaque_to(&output.topic, parcel);
        record.key = output.key.as_deref();
        record.payload = match &output.value {
            OutputValue::Own(value) => Some(value),
            OutputValue::OfInput => input.value.as_deref(),
        };
        record.timestamp = output.timestamp_ms;
        record.headers = Some(wire_headers(&output.headers));
        match self.producer.send(record) {
            Ok(()) => {
                self.n_unanswered += 1;
                self.is_one_alone = was_alone;
                self.n_careful = self.n_careful.saturating_sub(1);
                Ok(())
            }
            Err((error, _record)) => Err(not_sent(&error)),
        }
    }

    /// Sends the next `n_records` one at a time; 0 ends it.
    pub(super) const fn be_careful(&mut self, n_records: usize) {
        self.n_careful = n_records;
    }

    /// Records sent in this attempt and not answered yet.
    pub(super) const fn n_unanswered(&self) -> usize {
        self.n_unanswered
    }

    /// The next answer of this attempt, waiting at most `timeout`.
    pub(super) fn next_delivered(&mut self, timeout: Duration) -> Option<Delivered> {
        loop {
            let delivered = self.delivered.recv_timeout(timeout).ok()?;
            if delivered.attempt == self.attempt {
                self.n_unanswered = self.n_unanswered.saturating_sub(1);
                return Some(delivered);
            }
        }
    }

    /// What was sent so far will be sent again: its answers do not count any more.
    pub(super) const fn forget_sent(&mut self) {
        self.attempt += 1;
        self.n_unanswered = 0;
    }

    /// The error after which librdkafka does nothing more, if there is one.
    pub(super) fn fatal_error(&self) -> Option<String> {
        self.producer.client().fatal_error().map(|(code, reason)| format!("{code:?}: {reason}"))
    }
}

impl std::fmt::Debug for Outlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlet").field("n_unanswered", &self.n_unanswered).finish_non_exhaustive()
    }
}

/// Whether a code means that this one record is not taken, however often it is sent.
pub(super) const fn is_fault_of_record(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::MessageSizeTooLarge
            | RDKafkaErrorCode::InvalidMessageSize
            | RDKafkaErrorCode::MessageBatchTooLarge
            | RDKafkaErrorCode::InvalidRecord
            | RDKafkaErrorCode::PolicyViolation
            | RDKafkaErrorCode::InvalidTimestamp
    )
}

/// Whether a code means that another record of the same batch is not taken.
pub(super) const fn is_fault_of_neighbour(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::InvalidDifferentRecord)
}

fn not_sent(error: &KafkaError) -> NotSent {
    match error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown) {
        RDKafkaErrorCode::QueueFull => NotSent::Full,
        code if is_fault_of_record(code) => NotSent::Refused(code),
        code => NotSent::Failed(code),
    }
}

pub(super) fn wire_headers(headers: &[Header]) -> OwnedHeaders {
    headers.iter().fold(OwnedHeaders::new_with_capacity(headers.len()), |wire, header| {
        wire.insert(WireHeader { key: &header.name, value: header.value.as_ref() })
    })
}
