//! A producer that is beyond repair is replaced, and the broker is asked what its last transaction came to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::producer::Producer as _;
use rdkafka::{Offset, TopicPartitionList};

use super::intake::Intake;
use super::ledger::TopicPartition;
use super::outlet::Outlet;
use super::stream::{DeliveryState, Stream};
use super::trouble::Report;
use super::txn_fault::{STEP, TxnFault, retry};
use super::{ServiceError, client, events};

/// This many new producers within [`RECREATION_WINDOW`] mean that it will not get better by itself: usually another process
/// uses the same `transactional.id`, and both throw each other out in turn.
const MAX_RECREATIONS: usize = 4;
const RECREATION_WINDOW: Duration = Duration::from_mins(1);

impl Stream {
    /// Makes the producer ready for transactions; ends those that a predecessor left open.
    pub(super) fn init_transactions(&self, longest: Duration) -> Result<(), ServiceError> {
        let deadline = self.until(longest);
        let mut last = String::new();
        let result = retry(
            || deadline.left(),
            STEP,
            |left| {
                self.outlet.producer.init_transactions(left).inspect_err(|error| {
                    last = error.to_string();
                    if let KafkaError::Transaction(inner) = error {
                        self.trouble.report(error, &inner.string());
                    }
                })
            },
        );
        let Err(fault) = result else { return Ok(()) };
        let refusal = self.trouble.last().filter(Report::is_refusal);
        if let (Some(report), Some(TxnFault::Fatal(_))) = (refusal, &fault) {
            let what = format!("the transactional id `{}`", client::transactional_id(&self.config));
            return Err(ServiceError::Refused { what, reason: report.reason });
        }
        match fault {
            Some(TxnFault::Fatal(_)) => Err(ServiceError::Transactions { reason: last }),
            _ => Err(ServiceError::Unanswered { reason: last }),
        }
    }

    /// A new producer in place of a broken one. Then the broker is asked what was committed: a transaction whose end we did
    /// not see may have gone through. False when it has to be tried again later.
    pub(super) fn repair(&mut self, consumer: &BaseConsumer<Intake>) -> Result<bool, ServiceError> {
        let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery else { return Ok(true) };
        let Some(reason) = transactions.broken.clone() else { return Ok(true) };
        let now = Instant::now();
        transactions.recreated.retain(|at| now.duration_since(*at) < RECREATION_WINDOW);
        if transactions.recreated.len() >= MAX_RECREATIONS {
            return Err(ServiceError::Transactions { reason });
        }
        tracing::warn!(
            event.name = events::PRODUCER_RECREATED,
            exception.message = reason,
            "the transactional producer is made anew"
        );
        let outlet = Outlet::connect(&self.config, Arc::clone(&self.trouble));
        self.outlet = outlet.map_err(|source| ServiceError::Options { source })?;
        match self.init_transactions(self.longest_transaction()) {
            Ok(()) => self.count_recreation(now),
            Err(ServiceError::Transactions { reason }) => {
                self.count_recreation(now);
                self.still_broken(reason);
                return Ok(false);
            }
            // Brokers that are away say nothing about us: that may last, and is no reason to give up.
            Err(ServiceError::Unanswered { reason }) => {
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
        // Only a commit shows that all is well; until then it is tried less and less often.
        self.retry_at = None;
        Ok(true)
    }

    /// Counts a producer that began, or that failed at once. Not one that replaces a producer which broke because of a missing
    /// permission: that gets better when someone gives it.
    fn count_recreation(&mut self, now: Instant) {
        if let DeliveryState::ExactlyOnce(transactions) = &mut self.delivery
            && !transactions.is_denied
        {
            transactions.recreated.push_back(now);
        }
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
        let mut asked = TopicPartitionList::new();
        for partition in &partitions {
            asked.add_partition(&partition.topic, partition.partition);
        }
        let left = self.until(STEP * 3).left();
        let committed = consumer.committed_offsets(asked, left.max(Duration::from_millis(1)))?;
        for element in committed.elements() {
            element.error()?;
            let Offset::Offset(position) = element.offset() else { continue };
            let is_this = |p: &&TopicPartition| {
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
