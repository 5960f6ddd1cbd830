//! At least once: outputs are sent as soon as they are ready, and an offset is stored when every record before it is
//! acknowledged. What is stored librdkafka commits by itself, each `commit.interval`, for as long as the group's offset is
//! another: whether a commit failed, or came late and took back a later one. (To commit asynchronously ourselves would be
//! blind: rust-rdkafka calls nobody back for such commits.)

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::deadline::Deadline;
use super::intake::Intake;
use super::ledger::TopicPartition;
use super::outlet::{Delivered, NotSent, Outlet, is_fault_of_neighbour, is_fault_of_record};
use super::stream::{DeliveryState, Stream, offset_list};
use super::txn_fault::{RETRY_PAUSE, pause};
use super::{ServiceError, events};

/// How often offsets are stored: to look at all partitions after each record would be dear.
const STORE_INTERVAL: Duration = Duration::from_millis(20);

/// What is remembered about offsets.
#[derive(Debug)]
pub(super) struct Acknowledgements {
    /// What was stored last, by partition; what is missing or different is to be stored.
    stored: BTreeMap<TopicPartition, i64>,
    next_at: Instant,
}

impl Acknowledgements {
    pub(super) fn new() -> Self {
        Self { stored: BTreeMap::new(), next_at: Instant::now() }
    }
}

impl Stream {
    /// Takes the broker's answers, sends what is ready, stores the offsets of what is settled.
    pub(super) fn send_and_store(
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
            state.next_at = now + STORE_INTERVAL;
            self.store(consumer)?;
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
        // At its end librdkafka commits what is stored: that must be no less.
        self.store(consumer)?;
        self.commit_at_last(consumer, &deadline)
    }

    /// Stores what is new, to be committed.
    fn store(&mut self, consumer: &BaseConsumer<Intake>) -> Result<(), ServiceError> {
        let DeliveryState::AtLeastOnce(state) = &mut self.delivery else { return Ok(()) };
        for (source, position) in self.ledger.positions() {
            if state.stored.get(source) == Some(&position) {
                continue;
            }
            // Refused only while the partition is on its way to or from us: then again, or by its next owner.
            if consumer.store_offsets(&offset_list([(source, position)])?).is_ok() {
                state.stored.insert(source.clone(), position);
            }
        }
        Ok(())
    }

    /// The partition begins anew: the group's offset goes back with it, and what is stored too, for librdkafka would commit
    /// the old place as soon as the group is behind it.
    pub(super) fn go_back(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        source: &TopicPartition,
        offset: i64,
    ) -> Result<(), ServiceError> {
        let DeliveryState::AtLeastOnce(_) = &self.delivery else { return Ok(()) };
        let offsets = offset_list([(source, offset)])?;
        // Refused only while the partition is on its way from us: then it is no longer ours to commit either.
        let _refused = consumer.store_offsets(&offsets);
        commit_until(consumer, &offsets, &self.until(Duration::from_secs(5)));
        Ok(())
    }

    /// Commits everything, and waits until it is done. What librdkafka committed before is committed once more, for its
    /// answer may still be on the way.
    fn commit_at_last(
        &self,
        consumer: &BaseConsumer<Intake>,
        deadline: &Deadline,
    ) -> Result<(), ServiceError> {
        let offsets = offset_list(self.ledger.positions())?;
        if offsets.count() > 0 {
            commit_until(consumer, &offsets, deadline);
        }
        Ok(())
    }

    /// Partitions that are not ours any more.
    pub(super) fn forget_positions(&mut self, partitions: &[TopicPartition]) {
        if let DeliveryState::AtLeastOnce(state) = &mut self.delivery {
            for partition in partitions {
                state.stored.remove(partition);
            }
        }
    }
}

/// librdkafka's answer to a commit of what was stored.
pub(super) fn commit_ended(result: Result<(), KafkaError>) {
    let Err(error) = result else { return };
    // "No offset" is its word for a commit that had nothing to do.
    if error.rdkafka_error_code() != Some(RDKafkaErrorCode::NoOffset) {
        commit_failed(&error);
    }
}

/// Commits, again and again until the deadline, unless we are no member any more.
fn commit_until(
    consumer: &BaseConsumer<Intake>,
    offsets: &TopicPartitionList,
    deadline: &Deadline,
) {
    while let Err(error) = consumer.commit(offsets, CommitMode::Sync) {
        commit_failed(&error);
        if deadline.is_over() || is_no_member(&error) {
            break;
        }
        pause(RETRY_PAUSE);
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
