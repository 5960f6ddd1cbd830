//! Exactly once: the outputs of every partition's finished records and the offsets behind them commit in one Kafka
//! transaction.
//!
//! Every way a transaction can fail is one of four [`TxnFault`]s, each with its path: the record is refused (abort, make it
//! a dead letter), the transaction must be aborted (abort, send again), the outcome is unknown or the producer is beyond
//! repair (a new producer, then ask the broker what was committed). Retriable errors are tried again until the deadline.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossbeam_channel::{after, never, select};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::producer::Producer as _;

use super::client;
use super::intake::Intake;
use super::ledger::Ticket;
use super::outlet::{NotSent, Outlet, is_fault_of_record};
use super::stream::{DeliveryState, Stream, offset_list};
use super::{ServiceError, events};

/// This many new producers within [`RECREATION_WINDOW`] mean that it will not get better by itself: usually another process
/// uses the same `transactional.id`, and both throw each other out in turn.
const MAX_RECREATIONS: usize = 4;
const RECREATION_WINDOW: Duration = Duration::from_secs(60);

/// Pause between two tries of a retriable step.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Longest single blocking call, so that deadlines are kept.
const STEP: Duration = Duration::from_secs(5);

/// What the transactions remember.
#[derive(Debug)]
pub(super) struct Transactions {
    next_at: Instant,
    recreated: VecDeque<Instant>,
    /// The producer must be replaced first; why.
    broken: Option<String>,
}

/// Why a transaction did not commit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TxnFault {
    /// The topic does not take this record.
    Refused(Ticket, RDKafkaErrorCode),
    /// The topic does not take this record, or one that was sent together with it.
    RefusedBatch(RDKafkaErrorCode),
    /// Nothing was committed, and the producer can go on after an abort.
    Abort(String),
    /// The producer cannot go on, or nobody knows whether the transaction was committed.
    Fatal(String),
}

impl Transactions {
    pub(super) fn new() -> Self {
        Self { next_at: Instant::now(), recreated: VecDeque::new(), broken: None }
    }
}

/// What an error of a transactional call asks for; `None`: try again.
pub(super) fn fault_of(error: &KafkaError) -> Option<TxnFault> {
    match error {
        KafkaError::Transaction(error) if error.is_fatal() => Some(TxnFault::Fatal(error.string())),
        KafkaError::Transaction(error) if error.txn_requires_abort() => {
            Some(TxnFault::Abort(error.string()))
        }
        KafkaError::Transaction(error) if error.is_retriable() => None,
        // rust-rdkafka flushes before it commits, and reports that flush's end of time like this.
        KafkaError::Flush(RDKafkaErrorCode::OperationTimedOut) => None,
        // No flag at all: librdkafka's documentation says to treat it as fatal.
        error => Some(TxnFault::Fatal(error.to_string())),
    }
}

/// Tries a step until it succeeds, fails for good, or the time is over (`None` inside the error).
fn retry(
    deadline: Instant,
    mut step: impl FnMut(Duration) -> KafkaResult<()>,
) -> Result<(), Option<TxnFault>> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match step(left.clamp(Duration::from_millis(1), STEP)) {
            Ok(()) => return Ok(()),
            Err(error) => match fault_of(&error) {
                Some(fault) => return Err(Some(fault)),
                None if Instant::now() >= deadline => return Err(None),
                None => pause(RETRY_PAUSE),
            },
        }
    }
}

pub(super) fn pause(time: Duration) {
    select! {
        recv(after(time)) -> _ => {}
        recv(never::<()>()) -> _ => {}
    }
}

impl Stream {
    /// Makes the producer ready for transactions; ends those that a predecessor left open.
    pub(super) fn init_transactions(&self, longest: Duration) -> Result<(), ServiceError> {
        let deadline = self.until(longest);
        let mut last = String::new();
        let result = retry(deadline, |left| {
            self.outlet.producer.init_transactions(left).inspect_err(|error| {
                last = error.to_string();
                if let KafkaError::Transaction(inner) = error {
                    self.trouble.report(error, &inner.string());
                }
            })
        });
        let Err(fault) = result else { return Ok(()) };
        let refusal = self.trouble.last().filter(super::trouble::Report::is_refusal);
        if let (Some(report), Some(TxnFault::Fatal(_))) = (refusal, &fault) {
            let what = format!("the transactional id `{}`", client::transactional_id(&self.config));
            return Err(ServiceError::Refused { what, reason: report.reason });
        }
        Err(ServiceError::Transactions { reason: last })
    }

    /// Commits a transaction when the interval is over or the memory is full.
    pub(super) fn transact_if_due(
        &mut self,
        consumer: &BaseConsumer<Intake>,
    ) -> Result<(), ServiceError> {
        let DeliveryState::ExactlyOnce(transactions) = &self.delivery else { return Ok(()) };
        let is_full = self.ledger.n_open() > 0 && !self.has_room_for_bytes();
        let is_due = is_full || self.deadline.is_some() || Instant::now() >= transactions.next_at;
        if is_due && !self.is_backing_off() { self.transact(consumer) } else { Ok(()) }
    }

    /// Commits everything that is ready in one transaction.
    pub(super) fn transact(&mut self, consumer: &BaseConsumer<Intake>) -> Result<(), ServiceError> {
        if !self.repair(consumer)? {
            return Ok(());
        }
        if !self.ledger.has_ready() {
            return Ok(());
        }
        let began = Instant::now();
        let deadline = self.until(self.config.commit.transaction_timeout);
        let result = self.try_transaction(consumer, deadline);
        if let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery {
            transactions.next_at = began + self.config.commit.interval;
        }
        match result {
            Ok(()) => {
                self.ledger.settle_sent();
                self.settle();
                self.meters.commit(began.elapsed());
                self.outlet.be_careful(0);
                self.recovered();
                Ok(())
            }
            Err(fault) => self.take_fault(fault),
        }
    }

    fn try_transaction(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        deadline: Instant,
    ) -> Result<(), TxnFault> {
        begin(&self.outlet)?;
        self.send_all(deadline)?;
        self.send_offsets(consumer, deadline)?;
        retry(deadline, |left| self.outlet.producer.commit_transaction(left)).map_err(|fault| {
            fault.unwrap_or_else(|| {
                TxnFault::Fatal("the commit was not answered in time".to_owned())
            })
        })
    }

    /// Sends what is ready, and waits until every record is acknowledged.
    fn send_all(&mut self, deadline: Instant) -> Result<(), TxnFault> {
        loop {
            let mut fault = None;
            let Self { ledger, outlet, .. } = self;
            ledger.send_ready(|ticket, page| {
                if fault.is_some() {
                    return false;
                }
                let Some(output) = &page.output else { return true };
                match outlet.send(ticket, output, &page.record) {
                    Ok(()) => true,
                    Err(NotSent::Full) => false,
                    Err(NotSent::Refused(code)) => {
                        fault = Some(TxnFault::Refused(ticket.clone(), code));
                        false
                    }
                    Err(NotSent::Failed(code)) => {
                        fault = Some(TxnFault::Abort(format!("not sent: {code}")));
                        false
                    }
                }
            });
            if let Some(fault) = fault {
                return Err(fault);
            }
            if !self.await_answers(deadline)? {
                return Ok(());
            }
        }
    }

    /// Waits for the answers to what was sent. True when there is more to send, for which there was no room before.
    fn await_answers(&mut self, deadline: Instant) -> Result<bool, TxnFault> {
        if self.outlet.n_unanswered() == 0 && self.ledger.has_ready() {
            // The queue is full of nothing of ours: only time can help.
            pause(Duration::from_millis(2));
        }
        while self.outlet.n_unanswered() > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(delivered) = self.outlet.next_delivered(left.min(Duration::from_millis(100)))
            else {
                if left.is_zero() {
                    return Err(late());
                }
                continue;
            };
            match delivered.result {
                Ok(()) => {}
                Err(code) if is_fault_of_record(code) && delivered.was_alone => {
                    return Err(TxnFault::Refused(delivered.ticket, code));
                }
                Err(code) if is_fault_of_record(code) => return Err(TxnFault::RefusedBatch(code)),
                Err(code) => return Err(TxnFault::Abort(format!("not delivered: {code}"))),
            }
        }
        let has_more = self.ledger.has_ready();
        if has_more && Instant::now() >= deadline { Err(late()) } else { Ok(has_more) }
    }

    /// The offsets go into the transaction, with the group's metadata of this moment: the broker refuses them when we are no
    /// longer a member of that generation. A retriable failure must never be passed over, for the commit after it could
    /// succeed without offsets: everything would be published twice.
    fn send_offsets(
        &self,
        consumer: &BaseConsumer<Intake>,
        deadline: Instant,
    ) -> Result<(), TxnFault> {
        let positions = self.ledger.sent_positions();
        let offsets = offset_list(positions.iter().map(|(source, position)| (source, *position)))
            .map_err(|error| TxnFault::Abort(error.to_string()))?;
        let Some(group) = consumer.group_metadata() else {
            return Err(TxnFault::Abort("the consumer is in no group".to_owned()));
        };
        let send = |left| self.outlet.producer.send_offsets_to_transaction(&offsets, &group, left);
        retry(deadline, send).map_err(|fault| {
            fault.unwrap_or_else(|| TxnFault::Abort("offsets were not accepted in time".to_owned()))
        })
    }

    fn take_fault(&mut self, fault: TxnFault) -> Result<(), ServiceError> {
        let reason = match &fault {
            TxnFault::Refused(_, code) | TxnFault::RefusedBatch(code) => code.to_string(),
            TxnFault::Abort(reason) | TxnFault::Fatal(reason) => reason.clone(),
        };
        let abort = |outlet: &Outlet, deadline| {
            retry(deadline, |left| outlet.producer.abort_transaction(left))
        };
        let is_broken = matches!(fault, TxnFault::Fatal(_))
            || self.outlet.fatal_error().is_some()
            || abort(&self.outlet, self.until(self.config.commit.transaction_timeout)).is_err();
        self.outlet.forget_sent();
        self.ledger.send_all_again();
        self.meters.n_aborts += 1;
        tracing::warn!(
            event.name = events::TRANSACTION_ABORTED,
            exception.message = reason,
            klartext.fatal = is_broken,
            "transaction aborted; its records are sent again"
        );
        if is_broken {
            self.back_off();
            if let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery {
                transactions.broken = Some(reason);
            }
            return Ok(());
        }
        match fault {
            TxnFault::Refused(ticket, _) => self.refuse(&ticket, &reason)?,
            TxnFault::RefusedBatch(_) => self.outlet.be_careful(usize::MAX),
            TxnFault::Abort(_) | TxnFault::Fatal(_) => self.back_off(),
        }
        Ok(())
    }

    /// A new producer in place of a broken one. Then the broker is asked what was committed: a transaction whose end we did
    /// not see may have gone through. False when it has to be tried again later.
    fn repair(&mut self, consumer: &BaseConsumer<Intake>) -> Result<bool, ServiceError> {
        let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery else { return Ok(true) };
        let Some(reason) = transactions.broken.clone() else { return Ok(true) };
        let now = Instant::now();
        transactions.recreated.retain(|at| now.duration_since(*at) < RECREATION_WINDOW);
        if transactions.recreated.len() >= MAX_RECREATIONS {
            return Err(ServiceError::Transactions { reason });
        }
        transactions.recreated.push_back(now);
        tracing::warn!(
            event.name = events::PRODUCER_RECREATED,
            exception.message = reason,
            "the transactional producer is made anew"
        );
        let config = client::producer_config(&self.config);
        let outlet = Outlet::connect(&config, std::sync::Arc::clone(&self.trouble));
        self.outlet = outlet.map_err(|source| ServiceError::Options { source })?;
        match self.init_transactions(self.config.commit.transaction_timeout) {
            Ok(()) => {}
            Err(ServiceError::Transactions { reason }) => {
                self.still_broken(reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if let Err(error) = self.reconcile(consumer) {
            self.still_broken(error.to_string());
            return Ok(false);
        }
        if let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery {
            transactions.broken = None;
        }
        self.recovered();
        Ok(true)
    }

    fn still_broken(&mut self, reason: String) {
        self.back_off();
        if let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery {
            transactions.broken = Some(reason);
        }
    }

    /// Takes over what the broker knows: records before the committed offset are settled.
    fn reconcile(&mut self, consumer: &BaseConsumer<Intake>) -> KafkaResult<()> {
        let partitions = self.partitions();
        let mut asked = rdkafka::TopicPartitionList::new();
        for partition in &partitions {
            asked.add_partition(&partition.topic, partition.partition);
        }
        let left = self.until(STEP * 2).saturating_duration_since(Instant::now());
        let committed = consumer.committed_offsets(asked, left.max(Duration::from_millis(1)))?;
        for element in committed.elements() {
            element.error()?;
            let rdkafka::Offset::Offset(position) = element.offset() else { continue };
            let is_this = |p: &&super::ledger::TopicPartition| {
                *p.topic == *element.topic() && p.partition == element.partition()
            };
            if let Some(partition) = partitions.iter().find(is_this) {
                self.ledger.settle_before(partition, position);
            }
        }
        self.settle();
        Ok(())
    }
}

fn late() -> TxnFault {
    TxnFault::Abort("records were not acknowledged in time".to_owned())
}

fn begin(outlet: &Outlet) -> Result<(), TxnFault> {
    outlet
        .producer
        .begin_transaction()
        .map_err(|error| fault_of(&error).unwrap_or_else(|| TxnFault::Abort(error.to_string())))
}
