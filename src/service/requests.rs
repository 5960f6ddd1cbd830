//! What can be asked of a running service by signal: SIGHUP for new rules, SIGUSR1 for the state.

use std::{io, thread};

use tokio::signal::unix::{SignalKind, signal};

use super::Live;

/// From now on SIGUSR1 logs the state, and SIGHUP calls `reload`, on a thread of its own: reading rules takes a while, and the
/// stream goes on.
///
/// # Errors
/// The handlers cannot be installed.
pub fn on_signals(live: Live, mut reload: impl FnMut() + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let guard = runtime.enter();
    let mut hangup = signal(SignalKind::hangup())?;
    let mut state = signal(SignalKind::user_defined1())?;
    drop(guard);
    thread::Builder::new().name("requests".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = hangup.recv() => reload(),
                    _ = state.recv() => live.ask_for_state(),
                }
            }
        });
    })?;
    Ok(())
}
