//! The outcome account: every record that came in is in exactly one place. The list of outcomes is closed, and the
//! program itself checks that the sum is right.

use std::collections::BTreeMap;

use crate::model::Rejection;

/// How one record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settlement {
    /// Its article was published.
    Published,
    /// It was not published, by our decision.
    Rejected(Rejection),
    /// It was a tombstone (passed on or dropped, as `input.tombstones` says).
    Tombstone,
    /// It went to the dead letters; the name is its `klartext-dlq-error-type`.
    DeadLettered(&'static str),
}

impl Settlement {
    /// Stable name, `klartext.outcome` in the logs.
    #[must_use]
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Rejected(_) => "rejected",
            Self::Tombstone => "tombstone",
            Self::DeadLettered(_) => "dead_lettered",
        }
    }

    /// Why, where there is a why: `klartext.reason` in the logs.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Published | Self::Tombstone => None,
            Self::Rejected(reason) => Some(reason.as_str()),
            Self::DeadLettered(error_type) => Some(error_type),
        }
    }
}

/// Counts of records since the start.
///
/// *received = published + rejected + tombstones + dead-lettered + discarded + in flight*, always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Records read from the input.
    pub received: u64,
    /// Articles published.
    pub published: u64,
    /// Pages not published, by reason.
    pub rejected: BTreeMap<Rejection, u64>,
    /// Tombstones.
    pub tombstones: u64,
    /// Dead letters, by error type.
    pub dead_lettered: BTreeMap<&'static str, u64>,
    /// Records given back unfinished because their partition moved to another process, which reads them again (or because
    /// this process stopped before they were done).
    pub discarded: u64,
    /// Records received and not yet settled.
    pub in_flight: u64,
}

impl Account {
    /// One more record was read.
    pub(super) const fn receive(&mut self) {
        self.received += 1;
        self.in_flight += 1;
    }

    /// One record in flight was settled.
    pub(super) fn settle(&mut self, settlement: Settlement) {
        self.in_flight = self.in_flight.saturating_sub(1);
        match settlement {
            Settlement::Published => self.published += 1,
            Settlement::Rejected(reason) => *self.rejected.entry(reason).or_default() += 1,
            Settlement::Tombstone => self.tombstones += 1,
            Settlement::DeadLettered(error_type) => {
                *self.dead_lettered.entry(error_type).or_default() += 1;
            }
        }
    }

    /// Records in flight were given back unfinished.
    pub(super) const fn discard(&mut self, n: u64) {
        self.in_flight = self.in_flight.saturating_sub(n);
        self.discarded += n;
    }

    /// Records settled in any way: published, rejected, tombstones and dead letters.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.published + self.n_rejected() + self.tombstones + self.n_dead_lettered()
    }

    /// Rejected pages, whatever the reason.
    #[must_use]
    pub fn n_rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Dead letters, whatever the error.
    #[must_use]
    pub fn n_dead_lettered(&self) -> u64 {
        self.dead_lettered.values().sum()
    }

    /// Whether every record is accounted for. `n_open` is counted independently: the records the ledger holds.
    #[must_use]
    pub fn is_balanced(&self, n_open: usize) -> bool {
        let n_open = n_open as u64;
        self.in_flight == n_open && self.received == self.settled() + self.discarded + n_open
    }
}
