//! The stream: everything the service holds between reading a record and settling it. One thread owns it; the rebalance
//! callback, which runs inside that thread's `poll`, reaches it through the consumer's context.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::acknowledge::Acknowledgements;
use super::breaker::Breaker;
use super::dead_letter::Fault;
use super::deadline::Deadline;
use super::gap::Jumps;
use super::intake::Intake;
use super::ledger::{Ledger, Ticket, TopicPartition};
use super::outlet::Outlet;
use super::publish::{OutputKind, Publisher};
use super::summary::Meters;
use super::transaction::Transactions;
use super::trouble::Trouble;
use super::watchdog::Pulse;
use super::worker::{Done, Job, Page, Workers};
use super::{
    Account, Observer, ServiceError, Settled, Settlement, Shutdown, client, events, narrate,
};
use crate::config::Config;
use crate::model::{Origin, Record};

/// Memory that a record takes besides its bytes: slot, headers' allocations, ticket. Keeps a flood of tiny records bounded.
const RECORD_OVERHEAD_BYTES: usize = 1024;

/// Longest drain before partitions are handed over: well below the session timeout, for the group waits for us.
const REVOKE_DRAIN: Duration = Duration::from_secs(5);

/// What is in flight, and where it goes.
pub(super) struct Stream {
    pub(super) config: Config,
    pub(super) ledger: Ledger<Page>,
    pub(super) workers: Workers,
    pub(super) outlet: Outlet,
    pub(super) delivery: DeliveryState,
    pub(super) publisher: Publisher,
    pub(super) account: Account,
    pub(super) meters: Meters,
    pub(super) trouble: Arc<Trouble>,
    breaker: Breaker,
    pub(super) jumps: Jumps,
    pub(super) pulse: Pulse,
    shutdown: Shutdown,
    observer: Option<Observer>,
    max_bytes: usize,
    /// Set while the end is bounded: revocation and shutdown. No wait may go beyond it.
    pub(super) deadline: Option<Instant>,
    /// Not before this: the last try failed.
    pub(super) retry_at: Option<Instant>,
    n_failures: u32,
    /// What a callback could not return.
    failure: Option<ServiceError>,
}

/// What each delivery guarantee remembers.
#[derive(Debug)]
pub(super) enum DeliveryState {
    ExactlyOnce(Transactions),
    AtLeastOnce(Acknowledgements),
}

/// What a stream is made of.
pub(super) struct Parts {
    pub(super) config: Config,
    pub(super) workers: Workers,
    pub(super) outlet: Outlet,
    pub(super) delivery: DeliveryState,
    pub(super) publisher: Publisher,
    pub(super) trouble: Arc<Trouble>,
    pub(super) pulse: Pulse,
    pub(super) shutdown: Shutdown,
    pub(super) observer: Option<Observer>,
}

impl Stream {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts {
            config,
            workers,
            outlet,
            delivery,
            publisher,
            trouble,
            pulse,
            shutdown,
            observer,
        } = parts;
        let max_bytes = client::held_bytes(&config);
        Self {
            meters: Meters::new(config.log.summary_interval),
            breaker: Breaker::new(config.dead_letter.breaker),
            config,
            ledger: Ledger::default(),
            workers,
            outlet,
            delivery,
            publisher,
            account: Account::default(),
            trouble,
            jumps: Jumps::default(),
            pulse,
            shutdown,
            observer,
            max_bytes,
            deadline: None,
            retry_at: None,
            n_failures: 0,
            failure: None,
        }
    }

    /// Whether another record may be read. A record larger than the whole budget is worked on alone.
    pub(super) const fn has_room(&self) -> bool {
        self.workers.has_room() && self.has_room_for_bytes()
    }

    pub(super) const fn has_room_for_bytes(&self) -> bool {
        self.ledger.n_bytes() < self.max_bytes || self.ledger.n_open() == 0
    }

    /// A record was read: it gets a slot and a worker.
    pub(super) fn accept(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        source: &TopicPartition,
        record: Record,
    ) -> Result<(), ServiceError> {
        let Some(offset) = record.origin.as_ref().map(|origin| origin.offset) else {
            return Ok(());
        };
        self.place(consumer, source)?;
        self.look_for_gap(consumer, source, offset);
        if self.ledger.is_rewound(source, offset) {
            if self.stands_beyond(consumer, source, offset)? {
                return Ok(());
            }
            self.rewind(source, offset);
            self.go_back(consumer, source, offset)?;
        }
        let n_bytes = record.size();
        let Some(ticket) = self.ledger.open(source, offset, n_bytes + RECORD_OVERHEAD_BYTES) else {
            return Ok(());
        };
        self.account.receive();
        self.meters.receive(n_bytes);
        // Reading was paused, and a record that was on its way came all the same.
        while !self.workers.has_room() {
            self.wait_for_worker(Duration::from_millis(50))?;
        }
        if self.workers.dispatch(Job { ticket, record, received_at: Instant::now() }) {
            Ok(())
        } else {
            Err(ServiceError::Internal("the worker threads are gone".to_owned()))
        }
    }

    /// Everything that can be done without waiting: takes results, sends what is ready, settles what is safe.
    pub(super) fn advance(&mut self, consumer: &BaseConsumer<Intake>) -> Result<(), ServiceError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        while let Some(done) = self.workers.try_next() {
            self.finish(done)?;
        }
        match self.delivery {
            DeliveryState::ExactlyOnce(_) => self.transact_if_due(consumer)?,
            DeliveryState::AtLeastOnce(_) => self.send_and_store(consumer)?,
        }
        self.meters.turn(&self.account, &self.ledger);
        Ok(())
    }

    /// Waits for a worker or an answer of the broker, at most `timeout`.
    pub(super) fn wait(&mut self, timeout: Duration) -> Result<(), ServiceError> {
        if self.workers.n_out() > 0 {
            return self.wait_for_worker(timeout);
        }
        if let Some(delivered) = self.outlet.next_delivered(timeout) {
            self.take_answer(&delivered)?;
        }
        Ok(())
    }

    fn wait_for_worker(&mut self, timeout: Duration) -> Result<(), ServiceError> {
        if let Some(done) = self.workers.next(timeout) {
            self.finish(done)?;
        } else if self.workers.is_broken() {
            return Err(ServiceError::Internal("a worker thread ended".to_owned()));
        }
        Ok(())
    }

    /// # Errors
    /// Too many records failed for no reason of their own: nothing more is committed.
    fn finish(&mut self, done: Done) -> Result<(), ServiceError> {
        let Done { ticket, page } = done;
        self.note_end(page.settlement)?;
        let extra_bytes = page.output.as_ref().map_or(0, super::publish::OutputRecord::size);
        self.meters.clean(&page);
        // A result of an older assignment finds no slot, and is dropped: someone else works on that record now.
        self.ledger.finish(&ticket, page, extra_bytes);
        Ok(())
    }

    fn note_end(&mut self, settlement: Settlement) -> Result<(), ServiceError> {
        self.breaker.note(settlement).inspect_err(narrate::breaker_tripped)
    }

    /// Settled records leave the ledger, in order.
    pub(super) fn settle(&mut self) {
        let Self { ledger, account, meters, observer, .. } = self;
        ledger.pop_settled(|source, offset, page| {
            let origin =
                Origin { topic: source.topic.to_string(), partition: source.partition, offset };
            account.settle(page.settlement);
            meters.settle(&page);
            narrate::settled(&origin, &page);
            if let Some(observer) = observer {
                let settlement = page.settlement;
                observer(&Settled { origin: &origin, record: &page.record, settlement });
            }
        });
    }

    /// The broker (or librdkafka) does not take the output of a record: the record becomes a dead letter, a dead letter
    /// becomes a stub.
    pub(super) fn refuse(
        &mut self,
        ticket: &Ticket,
        code: RDKafkaErrorCode,
    ) -> Result<(), ServiceError> {
        let reason = &code.to_string();
        let Publisher { dead_letters: letters, addresses, .. } = &self.publisher;
        let Some(page) = self.ledger.item_mut(ticket) else { return Ok(()) };
        let Some(output) = &mut page.output else { return Ok(()) };
        if code == RDKafkaErrorCode::InvalidTimestamp {
            // A dead letter's original time stays in its header. Any other record has the time of our clock: then that is
            // wrong, or the broker's, and only time can help.
            if output.timestamp_ms.take().is_none() {
                self.trouble.report(&KafkaError::MessageProduction(code), "");
                self.back_off();
            }
            return Ok(());
        }
        page.address = page.address.take().or_else(|| addresses.of(&page.record));
        let Some(output) = &page.output else { return Ok(()) };
        narrate::refused(page, &output.topic, reason);
        let fault = Fault {
            stage: "produce",
            error_type: "output_refused",
            message: format!("`{}` does not take the record: {reason}", output.topic),
        };
        let letter = match output.kind {
            OutputKind::Ordinary => letters.whole(&page.record, &fault),
            // What was wrong with the record in the first place stays said.
            OutputKind::DeadLetter => letters.stub(&page.record, &output.headers, reason),
            OutputKind::Stub => {
                let topic = output.topic.to_string();
                return Err(ServiceError::OutputRefused { topic, reason: reason.to_owned() });
            }
        };
        if output.kind == OutputKind::Ordinary {
            page.settlement = Settlement::DeadLettered(fault.error_type);
        }
        let settlement = page.settlement;
        page.output = Some(letter);
        self.note_end(settlement)
    }

    /// Waits longer after each failure in a row, up to five seconds.
    pub(super) fn back_off(&mut self) {
        self.n_failures = self.n_failures.saturating_add(1);
        let wait = Duration::from_millis(100 << self.n_failures.min(6)).min(Duration::from_secs(5));
        self.retry_at = Some(Instant::now() + wait);
    }

    /// The last try went well.
    pub(super) const fn recovered(&mut self) {
        self.n_failures = 0;
        self.retry_at = None;
    }

    pub(super) fn is_backing_off(&self) -> bool {
        self.retry_at.is_some_and(|at| Instant::now() < at)
    }

    /// The earlier of the deadline in force and `now + longest`.
    pub(super) fn until(&self, longest: Duration) -> Deadline {
        let end = Instant::now() + longest;
        Deadline {
            at: self.deadline.map_or(end, |deadline| deadline.min(end)),
            shutdown: self.shutdown.clone(),
            drain_timeout: self.config.shutdown.drain_timeout,
            pulse: self.pulse.clone(),
        }
    }

    /// Partitions were assigned to us.
    pub(super) fn assign(&mut self, partitions: &[TopicPartition]) {
        for partition in partitions {
            self.ledger.assign(partition.clone());
        }
        self.meters.n_rebalances += 1;
    }

    /// A partition begins anew: what was in flight of it belongs to a log that is no more.
    fn rewind(&mut self, source: &TopicPartition, offset: i64) {
        let n_discarded = self.ledger.revoke(source);
        self.account.discard(n_discarded as u64);
        self.forget_positions(std::slice::from_ref(source));
        self.ledger.assign(source.clone());
        self.ledger.place(source, None);
        tracing::warn!(
            event.name = events::REWOUND,
            messaging.destination.name = %source.topic,
            messaging.destination.partition.id = %source.partition,
            messaging.kafka.offset = offset,
            klartext.discarded = n_discarded,
            "the partition goes back to an earlier offset: was its topic made anew?"
        );
    }

    /// Partitions go to another process: finish what the workers have of them, commit, forget the rest.
    pub(super) fn revoke(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        partitions: &[TopicPartition],
        is_lost: bool,
    ) {
        if !is_lost && self.deadline.is_none_or(|deadline| Instant::now() < deadline) {
            let outer = self.deadline;
            self.deadline = Some(self.until(REVOKE_DRAIN).at);
            if let Err(error) = self.drain(consumer, partitions) {
                self.failure = Some(error);
            }
            self.deadline = outer;
        }
        let n_discarded: usize =
            partitions.iter().map(|partition| self.ledger.revoke(partition)).sum();
        self.account.discard(n_discarded as u64);
        self.forget_positions(partitions);
        self.meters.n_rebalances += 1;
        narrate::revoked(partitions, n_discarded, is_lost);
    }

    /// Finishes and commits what is open in these partitions, until the deadline.
    pub(super) fn drain(
        &mut self,
        consumer: &BaseConsumer<Intake>,
        partitions: &[TopicPartition],
    ) -> Result<(), ServiceError> {
        let deadline = self.until(REVOKE_DRAIN);
        while self.ledger.is_working_on(partitions) && !deadline.is_over() {
            self.wait_for_worker(Duration::from_millis(20))?;
        }
        match self.delivery {
            DeliveryState::ExactlyOnce(_) => self.transact(consumer),
            DeliveryState::AtLeastOnce(_) => self.flush_and_commit(consumer),
        }
    }

    pub(super) fn partitions(&self) -> Vec<TopicPartition> {
        self.ledger.partitions().cloned().collect()
    }
}

/// Offsets as librdkafka wants them.
pub(super) fn offset_list<'a>(
    positions: impl IntoIterator<Item = (&'a TopicPartition, i64)>,
) -> Result<TopicPartitionList, ServiceError> {
    let mut list = TopicPartitionList::new();
    for (source, position) in positions {
        list.add_partition_offset(
            &source.topic,
            source.partition,
            rdkafka::Offset::Offset(position),
        )
        .map_err(|error| ServiceError::Internal(format!("offset {position}: {error}")))?;
    }
    Ok(list)
}

/// All partitions that are ours, to pause or resume them.
pub(super) fn assignment(consumer: &BaseConsumer<Intake>) -> TopicPartitionList {
    consumer.assignment().unwrap_or_default()
}
