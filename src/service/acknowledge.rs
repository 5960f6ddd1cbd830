//! At least once: outputs are sent as soon as they are ready, and an offset is committed when every record before it is
//! acknowledged.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::deadline::Deadline;
use super::intake::Intake;
use super::ledger::TopicPartition;
use super::outlet::{Delivered, NotSent, Outlet, is_fault_of_neighbour, is_fault_of_record};
use super::stream::{DeliveryState, Stream, offset_list};
use super::txn_fault::{RETRY_PAUSE, pause};
use super::{ServiceError, events};

/// What is remembered about commits.
#[derive(Debug)]
pub(super) struct Acknowledgements {
    /// What was committed last, by partition; what is missing or different is to be committed.
    committed: BTreeMap<TopicPartition, i64>,
    next_at: Instant,
}

impl Acknowledgements {
    pub(super) fn new() -> Self {
        Self { committed: BTreeMap::new(), next_at: Instant::now() }
    }
}

impl Stream {
    /// Takes the broker's answers, sends what is ready, commits when the interval is over.
    pub(super) fn send_and_commit(
        &mut self,
        consumer: &BaseConsumer<Intake>,
    ) -> Result<(), ServiceError> {
        while let Some(delivered) = self.outlet.next_delivered(Duration::ZERO) {
            self.take_answer(&delivered)?;
        }
        if !self.is_backing_off() {
            self.send_ready()?;
        }
        self.settle();
        let now = Instant::now();
        let DeliveryState::AtLeastOnce(state) = &mut self.delivery else { return Ok(()) };
        if now >= state.next_at {
            state.next_at = now + self.config.commit.interval;
            self.commit(consumer)?;
        }
        Ok(())
    }

    fn send_ready(&mut self) -> Result<(), ServiceError> {
        let (mut without_output, mut refused, mut failed) = (Vec::new(), None, None);
        let Self { ledger, outlet, .. } = self;
        ledger.send_ready(|ticket, page| {
            if refused.is_some() || failed.is_some() {
                return false;
            }
            let Some(output) = &page.output else {
                without_output.push(ticket.clone());
                return true;
            };
            match outlet.send(ticket, output, &page.record) {
                Ok(()) => true,
                Err(NotSent::Full) => false,
                Err(NotSent::Refused(code)) => {
                    refused = Some((ticket.clone(), code));
                    false
                }
                Err(NotSent::Failed(code)) => {
                    failed = Some(code);
                    false
                }
            }
        });
        for ticket in without_output {
            self.ledger.acknowledge(&ticket);
        }
        if let Some((ticket, code)) = refused {
            self.refuse(&ticket, code)?;
        }
        match failed {
            Some(code) => self.renew_or_wait(code),
            None => Ok(()),
        }
    }

    /// The broker's answer to one record.
    pub(super) fn take_answer(&mut self, delivered: &Delivered) -> Result<(), ServiceError> {
        match delivered.result {
            Ok(()) => {
                self.ledger.acknowledge(&delivered.ticket);
                self.recovered();
                Ok(())
            }
            Err(code) if is_fault_of_record(code) || is_fault_of_neighbour(code) => {
                self.ledger.send_again(&delivered.ticket);
                if delivered.was_alone && is_fault_of_record(code) {
                    return self.refuse(&delivered.ticket, code);
                }
                self.outlet.be_careful(self.ledger.n_open());
                Ok(())
            }
            Err(code) => {
                self.ledger.send_again(&delivered.ticket);
                self.renew_or_wait(code)
            }
        }
    }

    /// The producer could not do it: a new one if it is beyond repair, else later again.
    fn renew_or_wait(&mut self, code: RDKafkaErrorCode) -> Result<(), ServiceError> {
        self.trouble.report(&KafkaError::MessageProduction(code), "");
        self.back_off();
        let Some(reason) = self.outlet.fatal_error() else { return Ok(()) };
        tracing::warn!(
            event.name = events::PRODUCER_RECREATED,
            exception.message = reason,
            "the producer is made anew"
        );
        let outlet = Outlet::connect(&self.config, std::sync::Arc::clone(&self.trouble));
        self.outlet = outlet.map_err(|source| ServiceError::Options { source })?;
        self.ledger.send_all_again();
        Ok(())
    }

    /// Waits for what was sent, then commits; until the deadline in force.
    pub(super) fn flush_and_commit(
        &mut self,
        consumer: &BaseConsumer<Intake>,
    ) -> Result<(), ServiceError> {
        let deadline = self.until(Duration::from_secs(5));
        self.send_ready()?;
        while self.outlet.n_unanswered() > 0 && !deadline.is_over() {
            if let Some(delivered) = self.outlet.next_delivered(Duration::from_millis(20)) {
                self.take_answer(&delivered)?;
                self.send_ready()?;
            }
        }
        self.settle();
        self.commit_at_last(consumer, &deadline)
    }

    /// Commits what is new. The answer comes by callback, which takes the note back if it is a failure.
    fn commit(&mut self, consumer: &BaseConsumer<Intake>) -> Result<(), ServiceError> {
        let DeliveryState::AtLeastOnce(state) = &mut self.delivery else { return Ok(()) };
        let is_new = |(source, position): &(&TopicPartition, i64)| {
            state.committed.get(*source).is_none_or(|committed| committed < position)
        };
        let news: Vec<(TopicPartition, i64)> =
            self.ledger.positions().filter(is_new).map(|(s, p)| (s.clone(), p)).collect();
        if news.is_empty() {
            return Ok(());
        }
        let offsets = offset_list(news.iter().map(|(source, position)| (source, *position)))?;
        match consumer.commit(&offsets, CommitMode::Async) {
            Ok(()) => state.committed.extend(news),
            Err(error) => commit_failed(&error),
        }
        Ok(())
    }

    /// Commits everything, and waits until it is done: again until the deadline, unless we are no member any more. What was
    /// committed asynchronously before is committed once more, for its answer may still be on the way.
    fn commit_at_last(
        &self,
        consumer: &BaseConsumer<Intake>,
        deadline: &Deadline,
    ) -> Result<(), ServiceError> {
        let offsets = offset_list(self.ledger.positions())?;
        if offsets.count() == 0 {
            return Ok(());
        }
        while let Err(error) = consumer.commit(&offsets, CommitMode::Sync) {
            commit_failed(&error);
            if deadline.is_over() || is_no_member(&error) {
                break;
            }
            pause(RETRY_PAUSE);
        }
        Ok(())
    }

    /// librdkafka's answer to an asynchronous commit.
    pub(super) fn commit_ended(&mut self, result: Result<(), KafkaError>) {
        let Err(error) = result else { return };
        // "No offset" is its word for a commit that had nothing to do.
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::NoOffset) {
            return;
        }
        if let DeliveryState::AtLeastOnce(state) = &mut self.delivery {
            state.committed.clear();
        }
        commit_failed(&error);
    }

    /// Partitions that are not ours any more.
    pub(super) fn forget_positions(&mut self, partitions: &[TopicPartition]) {
        if let DeliveryState::AtLeastOnce(state) = &mut self.delivery {
            for partition in partitions {
                state.committed.remove(partition);
            }
        }
    }
}

/// Whether the group does not know us any more: then the offsets are for the partitions' new owners to commit.
fn is_no_member(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::UnknownMemberId
                | RDKafkaErrorCode::IllegalGeneration
                | RDKafkaErrorCode::FencedInstanceId
                | RDKafkaErrorCode::NoOffset
        )
    )
}

fn commit_failed(error: &KafkaError) {
    tracing::warn!(
        event.name = events::COMMIT_FAILED,
        exception.message = %error,
        "offsets were not committed; tried again"
    );
}
