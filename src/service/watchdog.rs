//! The watchdog: a thread that ends the process when the service's own thread gives no sign of life. A process that hangs
//! holds its partitions for nothing; one that ends is started again, and what it held is read again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use super::events;
use crate::telemetry;

/// Signs of life of the service's thread. Clones share them.
#[derive(Debug, Clone)]
pub struct Pulse {
    origin: Instant,
    /// Milliseconds after `origin`.
    last: Arc<AtomicU64>,
}

impl Pulse {
    /// Just now.
    pub(super) fn new() -> Self {
        Self { origin: Instant::now(), last: Arc::default() }
    }

    /// A sign of life.
    pub(super) fn beat(&self) {
        let now = u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Time since the last sign of life.
    #[must_use]
    pub fn silence(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.origin.elapsed().saturating_sub(last)
    }
}

/// Longest wait for the log to take the last line.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What is done when the service's thread is stuck. It ends the process: the thread cannot be helped.
pub type OnStuck = Box<dyn FnOnce() + Send>;

/// The running watchdog; dropping it calls it off.
#[derive(Debug)]
pub(super) struct Watchdog {
    _until_dropped: Sender<()>,
}

/// Watches from now on.
///
/// # Errors
/// There is no thread to be had.
pub(super) fn watch(
    pulse: Pulse,
    patience: Duration,
    on_stuck: OnStuck,
) -> std::io::Result<Watchdog> {
    let (until_dropped, called_off) = bounded::<()>(0);
    let look = (patience / 10).clamp(Duration::from_millis(10), Duration::from_secs(1));
    pulse.beat();
    thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        while called_off.recv_timeout(look) == Err(RecvTimeoutError::Timeout) {
            let silence = pulse.silence();
            if silence >= patience {
                last_words(silence);
                on_stuck();
                return;
            }
        }
    })?;
    Ok(Watchdog { _until_dropped: until_dropped })
}

/// On a thread of their own, for it may be the log itself that hangs: a pipe that nobody reads.
fn last_words(silence: Duration) {
    let (said, heard) = bounded::<()>(0);
    let speak = move || {
        tracing::error!(
            event.name = events::STUCK,
            klartext.silent_seconds = silence.as_secs(),
            "the service is stuck; the process ends, so that others take over (nothing is lost: what is not committed is \
             read again)"
        );
        telemetry::flush();
        drop(said);
    };
    if thread::Builder::new().name("last-words".to_owned()).spawn(speak).is_ok() {
        // Disconnected: said. Timed out: nobody listens.
        let _either = heard.recv_timeout(LAST_WORDS);
    }
}
