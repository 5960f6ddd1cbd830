//! The thread's CPU time: a busy machine does not show in it, but for its caches.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU time of this thread so far.
pub(super) fn cpu() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// The shortest CPU time that `work` takes, in so many rounds, seconds.
pub(super) fn best(n_rounds: usize, mut work: impl FnMut()) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..n_rounds {
        let begun = cpu();
        work();
        best = best.min(cpu().saturating_sub(begun));
    }
    best.as_secs_f64()
}
