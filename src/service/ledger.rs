//! The ledger: which records are open, and up to where each partition may be committed. Pure; std only.
//!
//! Per partition it holds a queue of slots in offset order. A slot is `Working` until a worker has an outcome, then `Ready`
//! to be sent, `Sent` until the broker acknowledged it, then `Settled`. Slots leave at the front only, so the position to
//! commit never passes an unfinished record; and a partition that is given back takes its slots with it, so nothing is ever
//! committed for a partition that is not ours. Each assignment is a new epoch: results of an older one find no slot.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A partition of a topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// Topic name.
    pub topic: Arc<str>,
    /// Partition number.
    pub partition: i32,
}

/// Points at one slot: whoever works on a record carries it along and gives it back with the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The partition.
    pub source: TopicPartition,
    /// The record's offset.
    pub offset: i64,
    epoch: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Working,
    Ready,
    Sent,
    Settled,
}

#[derive(Debug)]
struct Slot<T> {
    offset: i64,
    bytes: usize,
    state: State,
    item: Option<T>,
}

#[derive(Debug)]
struct Queue<T> {
    epoch: u64,
    /// One after the last offset that left the queue; before the first, what the group had committed, if it is known.
    position: Option<i64>,
    /// Whether it is known what the group had committed.
    is_placed: bool,
    slots: VecDeque<Slot<T>>,
}

/// The open records of all assigned partitions. `T` is what a worker makes of a record.
#[derive(Debug)]
pub struct Ledger<T> {
    queues: BTreeMap<TopicPartition, Queue<T>>,
    n_epochs: u64,
    n_open: usize,
    n_bytes: usize,
}

impl<T> Queue<T> {
    /// The lowest offset that may come next.
    fn next(&self) -> Option<i64> {
        self.slots.back().map(|slot| slot.offset + 1).or(self.position)
    }
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self { queues: BTreeMap::new(), n_epochs: 0, n_open: 0, n_bytes: 0 }
    }
}

impl<T> Ledger<T> {
    /// A partition is ours from now on. An assignment of a partition that is ours already changes nothing.
    pub fn assign(&mut self, partition: TopicPartition) {
        let epoch = self.n_epochs;
        self.n_epochs += 1;
        self.queues.entry(partition).or_insert_with(|| Queue {
            epoch,
            position: None,
            is_placed: false,
            slots: VecDeque::new(),
        });
    }

    /// Whether it is known where the group stands in a partition; true for a partition that is not ours.
    #[must_use]
    pub fn is_placed(&self, source: &TopicPartition) -> bool {
        self.queues.get(source).is_none_or(|queue| queue.is_placed)
    }

    /// The partitions of which it is not known yet where the group stands.
    pub fn unplaced(&self) -> impl Iterator<Item = &TopicPartition> {
        self.queues.iter().filter(|(_, queue)| !queue.is_placed).map(|(source, _)| source)
    }

    /// The group had committed a partition up to `committed` (exclusive) before it became ours; `None`: it had not begun, or
    /// the partition begins anew. Records before it are never opened.
    pub fn place(&mut self, source: &TopicPartition, committed: Option<i64>) {
        if let Some(queue) = self.queues.get_mut(source) {
            queue.is_placed = true;
            queue.position = queue.position.or(committed);
        }
    }

    /// A partition is ours no longer. Gives the number of records that were open in it.
    pub fn revoke(&mut self, partition: &TopicPartition) -> usize {
        let Some(queue) = self.queues.remove(partition) else { return 0 };
        self.n_open -= queue.slots.len();
        self.n_bytes -= queue.slots.iter().map(|slot| slot.bytes).sum::<usize>();
        queue.slots.len()
    }

    /// Whether a record lies before what was read of its partition already: the partition was made anew, or its log was cut
    /// back. Then it has to be revoked and assigned once more.
    #[must_use]
    pub fn is_rewound(&self, source: &TopicPartition, offset: i64) -> bool {
        self.queues.get(source).and_then(Queue::next).is_some_and(|next| offset < next)
    }

    /// The offset after the last one that was read of a partition; `None` before the first.
    #[must_use]
    pub fn next(&self, source: &TopicPartition) -> Option<i64> {
        self.queues.get(source).and_then(Queue::next)
    }

    /// Opens a slot for a record that was read. `None` when the partition is not ours, or the record is not after the one
    /// before it: it must not be worked on then.
    pub fn open(&mut self, source: &TopicPartition, offset: i64, bytes: usize) -> Option<Ticket> {
        let queue = self.queues.get_mut(source)?;
        if queue.next().is_some_and(|next| offset < next) {
            return None;
        }
        queue.slots.push_back(Slot { offset, bytes, state: State::Working, item: None });
        self.n_open += 1;
        self.n_bytes += bytes;
        Some(Ticket { source: source.clone(), offset, epoch: queue.epoch })
    }

    /// A worker is done with a record; `extra_bytes` is what its output takes in memory. False when the slot is gone.
    pub fn finish(&mut self, ticket: &Ticket, item: T, extra_bytes: usize) -> bool {
        let Some(slot) = self.slot(ticket) else { return false };
        slot.state = State::Ready;
        slot.item = Some(item);
        slot.bytes += extra_bytes;
        self.n_bytes += extra_bytes;
        true
    }

    /// The record of a slot, to be changed in place.
    pub fn item_mut(&mut self, ticket: &Ticket) -> Option<&mut T> {
        self.slot(ticket).and_then(|slot| slot.item.as_mut())
    }

    /// The broker acknowledged the output of a sent record. False when the slot is gone or not sent.
    pub fn acknowledge(&mut self, ticket: &Ticket) -> bool {
        let Some(slot) = self.slot(ticket) else { return false };
        let was_sent = slot.state == State::Sent;
        if was_sent {
            slot.state = State::Settled;
        }
        was_sent
    }

    /// The output of a sent record was not accepted: it and everything sent after it in its partition is to be sent again,
    /// so that the order is kept. False when the slot is gone.
    pub fn send_again(&mut self, ticket: &Ticket) -> bool {
        let Some(queue) = self.queue(ticket) else { return false };
        for slot in &mut queue.slots {
            if slot.offset >= ticket.offset && slot.state == State::Sent {
                slot.state = State::Ready;
            }
        }
        true
    }

    /// Everything that was sent and not acknowledged is to be sent again (the producer is a new one, or the transaction was
    /// aborted).
    pub fn send_all_again(&mut self) {
        for slot in self.queues.values_mut().flat_map(|queue| queue.slots.iter_mut()) {
            if matches!(slot.state, State::Sent) {
                slot.state = State::Ready;
            }
        }
    }

    /// The records to send now, in offset order per partition: those that are ready and have nothing unfinished before
    /// them. `send` says whether it took the record; if not, the rest of that partition waits.
    pub fn send_ready(&mut self, mut send: impl FnMut(&Ticket, &T) -> bool) {
        for (source, queue) in &mut self.queues {
            let epoch = queue.epoch;
            let is_due = |slot: &&mut Slot<T>| !matches!(slot.state, State::Sent | State::Settled);
            for slot in queue.slots.iter_mut().filter(is_due) {
                let ticket = Ticket { source: source.clone(), offset: slot.offset, epoch };
                let is_ready = slot.state == State::Ready;
                let was_taken =
                    is_ready && slot.item.as_ref().is_some_and(|item| send(&ticket, item));
                if !was_taken {
                    break;
                }
                slot.state = State::Sent;
            }
        }
    }

    /// One after the last sent record of each partition whose front was sent: the offsets a transaction commits.
    #[must_use]
    pub fn sent_positions(&self) -> Vec<(TopicPartition, i64)> {
        let sent = |queue: &Queue<T>| {
            let prefix = queue.slots.iter().take_while(|slot| slot.state == State::Sent);
            prefix.last().map(|slot| slot.offset + 1)
        };
        self.queues
            .iter()
            .filter_map(|(source, queue)| Some((source.clone(), sent(queue)?)))
            .collect()
    }

    /// A transaction committed: what was sent is settled.
    pub fn settle_sent(&mut self) {
        for slot in self.queues.values_mut().flat_map(|queue| queue.slots.iter_mut()) {
            if slot.state == State::Sent {
                slot.state = State::Settled;
            }
        }
    }

    /// The broker says that a partition is committed up to `position` (exclusive): ready or sent records before it were
    /// published by a transaction whose end we did not see.
    pub fn settle_before(&mut self, source: &TopicPartition, position: i64) {
        let Some(queue) = self.queues.get_mut(source) else { return };
        for slot in queue.slots.iter_mut().filter(|slot| slot.offset < position) {
            if slot.state != State::Working {
                slot.state = State::Settled;
            }
        }
    }

    /// Takes the settled records off the front of each partition, in order.
    pub fn pop_settled(&mut self, mut settled: impl FnMut(&TopicPartition, i64, T)) {
        for (source, queue) in &mut self.queues {
            while queue.slots.front().is_some_and(|slot| slot.state == State::Settled) {
                let Some(slot) = queue.slots.pop_front() else { break };
                self.n_open -= 1;
                self.n_bytes -= slot.bytes;
                queue.position = Some(slot.offset + 1);
                if let Some(item) = slot.item {
                    settled(source, slot.offset, item);
                }
            }
        }
    }

    /// One after the last settled record of each partition: what may be committed.
    pub fn positions(&self) -> impl Iterator<Item = (&TopicPartition, i64)> {
        self.queues.iter().filter_map(|(source, queue)| Some((source, queue.position?)))
    }

    /// The assigned partitions.
    pub fn partitions(&self) -> impl Iterator<Item = &TopicPartition> {
        self.queues.keys()
    }

    /// Open records.
    #[must_use]
    pub const fn n_open(&self) -> usize {
        self.n_open
    }

    /// Bytes of the open records and their outputs.
    #[must_use]
    pub const fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Whether a record of one of these partitions is still with a worker.
    #[must_use]
    pub fn is_working_on(&self, partitions: &[TopicPartition]) -> bool {
        let mut queues = partitions.iter().filter_map(|partition| self.queues.get(partition));
        queues.any(|queue| queue.slots.iter().any(|slot| slot.state == State::Working))
    }

    /// Whether nothing of a partition is open.
    #[must_use]
    pub fn is_idle(&self, partition: &TopicPartition) -> bool {
        self.queues.get(partition).is_none_or(|queue| queue.slots.is_empty())
    }

    /// Whether a record can be sent now.
    #[must_use]
    pub fn has_ready(&self) -> bool {
        self.queues.values().any(|queue| {
            let mut ahead = queue.slots.iter().map(|slot| slot.state);
            ahead.find(|state| !matches!(state, State::Sent | State::Settled)) == Some(State::Ready)
        })
    }

    fn queue(&mut self, ticket: &Ticket) -> Option<&mut Queue<T>> {
        self.queues.get_mut(&ticket.source).filter(|queue| queue.epoch == ticket.epoch)
    }

    fn slot(&mut self, ticket: &Ticket) -> Option<&mut Slot<T>> {
        let queue = self.queue(ticket)?;
        let idx = queue.slots.binary_search_by_key(&ticket.offset, |slot| slot.offset).ok()?;
        queue.slots.get_mut(idx)
    }
}
