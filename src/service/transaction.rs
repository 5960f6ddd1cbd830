//! Exactly once: the outputs of every partition's finished records and the offsets behind them commit in one Kafka
//! transaction.
//!
//! Every way a transaction can fail is one of four [`TxnFault`]s, each with its path: the record is refused (abort, make it
//! a dead letter), the transaction must be aborted (abort, send again), the outcome is unknown or the producer is beyond
//! repair (a new producer, then ask the broker what was committed). Retriable errors are tried again until the deadline.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::Producer as _;

use super::deadline::Deadline;
use super::intake::Intake;
use super::outlet::{NotSent, Outlet, is_fault_of_neighbour, is_fault_of_record};
use super::stream::{DeliveryState, Stream, offset_list};
use super::txn_fault::{OFFSETS_STEP, RETRY_PAUSE, STEP, TxnFault, fault_of, pause, retry};
use super::{ServiceError, events};

/// Longest that one transaction is tried: the group wants to hear from us within `max.poll.interval.ms`, five minutes, and
/// an abort may take as long again.
const LONGEST_TRANSACTION: Duration = Duration::from_mins(1);

/// What the transactions remember.
#[derive(Debug)]
pub(super) struct Transactions {
    next_at: Instant,
    /// When producers were made anew, as far as it still counts.
    pub(super) recreated: VecDeque<Instant>,
    /// The producer must be replaced first; why.
    pub(super) broken: Option<String>,
    /// It broke because we may not do something.
    pub(super) is_denied: bool,
}

impl Transactions {
    pub(super) fn new() -> Self {
        Self { next_at: Instant::now(), recreated: VecDeque::new(), broken: None, is_denied: false }
    }
}

impl Stream {
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
        let deadline = self.until(self.longest_transaction());
        let result = self.try_transaction(consumer, &deadline);
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

    pub(super) fn longest_transaction(&self) -> Duration {
        self.config.commit.transaction_timeout.min(LONGEST_TRANSACTION)
    }

    fn try_transaction(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        deadline: &Deadline,
    ) -> Result<(), TxnFault> {
        begin(&self.outlet)?;
        self.send_all(deadline).map_err(|fault| self.cause(consumer, fault))?;
        self.send_offsets(consumer, deadline)?;
        retry(|| deadline.left(), STEP, |left| self.outlet.producer.commit_transaction(left))
            .map_err(|fault| {
                fault.unwrap_or_else(|| {
                    TxnFault::Fatal("the commit was not answered in time".to_owned())
                })
            })
    }

    /// Records that librdkafka threw out of its queue say nothing of why: the transaction had failed before. It tells when it
    /// is asked for anything but an abort; the offsets are such a question, and the abort that follows takes them back.
    fn cause(&self, consumer: &BaseConsumer<Intake>, fault: TxnFault) -> TxnFault {
        let (TxnFault::Abort(_), Some(group)) = (&fault, consumer.group_metadata()) else {
            return fault;
        };
        let positions = self.ledger.sent_positions();
        let Ok(offsets) = offset_list(positions.iter().map(|(source, at)| (source, *at))) else {
            return fault;
        };
        let asked = self.outlet.producer.send_offsets_to_transaction(&offsets, &group, RETRY_PAUSE);
        match asked.as_ref().map_err(fault_of) {
            Err(Some(cause @ (TxnFault::Abort(_) | TxnFault::Denied(_)))) => cause,
            _ => fault,
        }
    }

    /// Sends what is ready, and waits until every record is acknowledged.
    fn send_all(&mut self, deadline: &Deadline) -> Result<(), TxnFault> {
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
    fn await_answers(&mut self, deadline: &Deadline) -> Result<bool, TxnFault> {
        if self.outlet.n_unanswered() == 0 && self.ledger.has_ready() {
            // The queue is full of nothing of ours: only time can help.
            pause(Duration::from_millis(2));
        }
        while self.outlet.n_unanswered() > 0 {
            let left = deadline.left();
            // A broker that does not answer keeps us here, and is when people want to know how things stand.
            self.meters.turn(&self.account, &self.ledger);
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
                Err(code) if is_fault_of_record(code) || is_fault_of_neighbour(code) => {
                    return Err(TxnFault::RefusedBatch(code));
                }
                Err(code) => return Err(TxnFault::Abort(format!("not delivered: {code}"))),
            }
        }
        let has_more = self.ledger.has_ready();
        if has_more && deadline.is_over() { Err(late()) } else { Ok(has_more) }
    }

    /// The offsets go into the transaction, with the group's metadata of this moment: the broker refuses them when we are no
    /// longer a member of that generation. A retriable failure must never be passed over, for the commit after it could
    /// succeed without offsets: everything would be published twice.
    fn send_offsets(
        &self,
        consumer: &BaseConsumer<Intake>,
        deadline: &Deadline,
    ) -> Result<(), TxnFault> {
        let positions = self.ledger.sent_positions();
        let offsets = offset_list(positions.iter().map(|(source, position)| (source, *position)))
            .map_err(|error| TxnFault::Abort(error.to_string()))?;
        let Some(group) = consumer.group_metadata() else {
            return Err(TxnFault::Abort("the consumer is in no group".to_owned()));
        };
        let send = |left| self.outlet.producer.send_offsets_to_transaction(&offsets, &group, left);
        retry(|| deadline.left(), OFFSETS_STEP, send).map_err(|fault| {
            fault.unwrap_or_else(|| TxnFault::Abort("offsets were not accepted in time".to_owned()))
        })
    }

    fn take_fault(&mut self, fault: TxnFault) -> Result<(), ServiceError> {
        let reason = match &fault {
            TxnFault::Refused(_, code) | TxnFault::RefusedBatch(code) => code.to_string(),
            TxnFault::Abort(reason) | TxnFault::Denied(reason) | TxnFault::Fatal(reason) => {
                reason.clone()
            }
        };
        let abort = |outlet: &Outlet, deadline: &Deadline| {
            retry(|| deadline.left(), STEP, |left| outlet.producer.abort_transaction(left))
        };
        let is_broken = matches!(fault, TxnFault::Fatal(_))
            || self.outlet.fatal_error().is_some()
            || abort(&self.outlet, &self.until(self.longest_transaction())).is_err();
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
                transactions.is_denied = matches!(fault, TxnFault::Denied(_));
            }
            return Ok(());
        }
        match fault {
            TxnFault::Refused(ticket, code) => self.refuse(&ticket, code)?,
            TxnFault::RefusedBatch(_) => self.outlet.be_careful(usize::MAX),
            TxnFault::Abort(_) | TxnFault::Denied(_) | TxnFault::Fatal(_) => self.back_off(),
        }
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
