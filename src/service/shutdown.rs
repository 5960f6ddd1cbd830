//! How the service is told to stop: a flag that anyone may raise, and the signals that raise it.

use std::sync::{Arc, OnceLock};
use std::time::Instant;
use std::{io, thread};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// A request to stop. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    requested_at: Arc<OnceLock<Instant>>,
}

impl Shutdown {
    /// Not requested yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the service to finish what it holds and to end.
    pub fn request(&self) {
        self.requested_at.get_or_init(Instant::now);
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.requested_at().is_some()
    }

    /// When it was asked first; the time to drain counts from then.
    #[must_use]
    pub fn requested_at(&self) -> Option<Instant> {
        self.requested_at.get().copied()
    }

    /// Lets SIGTERM and SIGINT ask for the stop; the second one calls `leave_now`, which must not return to normal work.
    ///
    /// # Errors
    /// The handlers cannot be installed.
    pub fn on_signals(&self, leave_now: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let guard = runtime.enter();
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        drop(guard);
        let shutdown = self.clone();
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(shutdown.watch(terminate, interrupt));
            leave_now();
        })?;
        Ok(())
    }

    /// Ends with the second signal.
    async fn watch(&self, mut terminate: Signal, mut interrupt: Signal) {
        for _ in 0..2 {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            tracing::info!(
                event.name = super::events::SIGNAL,
                klartext.signal = name,
                "signal received"
            );
            self.request();
        }
    }
}
