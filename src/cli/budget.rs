//! A budget of bytes that a reader takes from and a writer gives back to.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that may be in memory at a time.
pub(super) struct Budget {
    total: usize,
    state: Mutex<BudgetState>,
    changed: Condvar,
}

struct BudgetState {
    taken: usize,
    is_closed: bool,
}

/// Closes a budget at the end of a scope, however it ends.
pub(super) struct CloseOnDrop<'a>(pub(super) &'a Budget);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.changed.notify_all();
    }
}

impl Budget {
    pub(super) fn new(total: usize) -> Self {
        Self {
            total,
            state: Mutex::new(BudgetState { taken: 0, is_closed: false }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BudgetState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes, waiting until there are as many (or none at all are taken: a single line always fits). False when
    /// nobody writes any more.
    pub(super) fn take(&self, n_bytes: usize) -> bool {
        let is_full = |state: &mut BudgetState| {
            !state.is_closed && state.taken > 0 && state.taken.saturating_add(n_bytes) > self.total
        };
        let waited = self.changed.wait_while(self.lock(), is_full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.taken = state.taken.saturating_add(n_bytes);
        !state.is_closed
    }

    /// Gives bytes back.
    pub(super) fn give_back(&self, n_bytes: usize) {
        let mut state = self.lock();
        state.taken = state.taken.saturating_sub(n_bytes);
        drop(state);
        self.changed.notify_all();
    }
}
