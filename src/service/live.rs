//! What other threads may know of the running service, and ask of it: the health port, the signals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::snapshot::Snapshot;
use super::watchdog::Pulse;
use crate::rules::Rules;

/// The service as others see it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pulse: Pulse,
    is_draining: AtomicBool,
    /// No broker is to be reached.
    is_cut_off: AtomicBool,
    is_asked: AtomicBool,
    snapshot: Mutex<Option<Arc<Snapshot>>>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            pulse: Pulse::new(),
            is_draining: AtomicBool::new(false),
            is_cut_off: AtomicBool::new(false),
            is_asked: AtomicBool::new(false),
            snapshot: Mutex::new(None),
        }
    }
}

impl Live {
    /// Asks for the state: the loop logs it at its next turn.
    pub fn ask_for_state(&self) {
        self.0.is_asked.store(true, Ordering::Relaxed);
    }

    pub(super) fn take_request(&self) -> bool {
        self.0.is_asked.load(Ordering::Relaxed) && self.0.is_asked.swap(false, Ordering::Relaxed)
    }

    /// The signs of life of the service's thread.
    pub(super) fn pulse(&self) -> &Pulse {
        &self.0.pulse
    }

    pub(super) fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Whether a broker is to be reached; told by the callbacks of librdkafka, for the service's thread may be waiting for an
    /// answer that does not come.
    pub(super) fn cut_off(&self, is_cut_off: bool) {
        self.0.is_cut_off.store(is_cut_off, Ordering::Relaxed);
    }

    pub(super) fn is_cut_off(&self) -> bool {
        self.0.is_cut_off.load(Ordering::Relaxed)
    }

    pub(super) fn show(&self, snapshot: Snapshot) {
        *self.0.snapshot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
    }

    /// How things stood within the last second or two; `None` before the first turn.
    pub(super) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The rules in force. They are replaced whole while the service runs; a page is cleaned by one set from beginning to end.
#[derive(Debug, Clone)]
pub struct LiveRules(Arc<RwLock<Arc<Rules>>>);

impl LiveRules {
    /// The rules of now.
    #[must_use]
    pub fn now(&self) -> Arc<Rules> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other rules into force, from the next page on.
    pub fn replace(&self, rules: Arc<Rules>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }
}

impl From<Arc<Rules>> for LiveRules {
    fn from(rules: Arc<Rules>) -> Self {
        Self(Arc::new(RwLock::new(rules)))
    }
}
