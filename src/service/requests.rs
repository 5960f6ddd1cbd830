//! What can be asked of a running service by signal: SIGHUP for new rules, SIGUSR1 for the state, SIGUSR2 for more to read.

use std::fmt;
use std::time::Duration;
use std::{io, thread};

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::Live;

/// How long the log tells of every page after SIGUSR2, unless a second one ends it.
pub const DEBUG_TIME: Duration = Duration::from_mins(10);

/// What is done when a signal asks for it.
pub struct Wishes {
    /// Reads rules and log levels anew, which ends the debugging.
    pub reload: Box<dyn FnMut() + Send>,
    /// Sets the log to `debug` (true), or back to what is configured.
    pub debug: Box<dyn FnMut(bool) + Send>,
}

impl fmt::Debug for Wishes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wishes").finish_non_exhaustive()
    }
}

/// From now on SIGUSR1 logs the state, and SIGHUP and SIGUSR2 fulfil the wishes, on a thread of its own: reading rules takes a
/// while, and the stream goes on.
///
/// # Errors
/// The handlers cannot be installed.
pub fn on_signals(live: Live, mut wishes: Wishes) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let guard = runtime.enter();
    let mut hangup = signal(SignalKind::hangup())?;
    let mut state = signal(SignalKind::user_defined1())?;
    let mut debug = signal(SignalKind::user_defined2())?;
    drop(guard);
    thread::Builder::new().name("requests".to_owned()).spawn(move || {
        runtime.block_on(async {
            let mut debug_until = None;
            loop {
                tokio::select! {
                    _ = hangup.recv() => {
                        debug_until = None;
                        (wishes.reload)();
                    }
                    _ = state.recv() => live.ask_for_state(),
                    _ = debug.recv() => {
                        debug_until = match debug_until {
                            None => Some(Instant::now() + DEBUG_TIME),
                            Some(_) => None,
                        };
                        (wishes.debug)(debug_until.is_some());
                    }
                    () = over(debug_until) => {
                        debug_until = None;
                        (wishes.debug)(false);
                    }
                }
            }
        });
    })?;
    Ok(())
}

/// Comes when a moment is over; never, if there is none.
async fn over(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
