//! How long something may take: until a moment that comes closer when the stop is requested meanwhile. Every wait of the
//! service's thread has one, so that a broker that is away never keeps the process from ending in time.

use std::time::{Duration, Instant};

use super::Shutdown;
use super::watchdog::Pulse;

/// A moment that no wait may go beyond.
#[derive(Debug, Clone)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    pub(super) shutdown: Shutdown,
    /// `shutdown.drain_timeout`, counted from the request to stop.
    pub(super) drain_timeout: Duration,
    pub(super) pulse: Pulse,
}

impl Deadline {
    /// Time left; nothing when it is over. To ask is a sign of life: a wait that is bounded is not stuck.
    pub(super) fn left(&self) -> Duration {
        self.pulse.beat();
        let stop = self.shutdown.requested_at().map(|at| at + self.drain_timeout);
        let at = stop.map_or(self.at, |stop| stop.min(self.at));
        at.saturating_duration_since(Instant::now())
    }

    /// Whether it is over.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }
}
