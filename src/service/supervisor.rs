//! What systemd wants to hear (`Type=notify`, `WatchdogSec`). Says nothing where no systemd listens.

use std::{io, thread};

use crossbeam_channel::{RecvTimeoutError, never};
use sd_notify::NotifyState;

use super::Live;

/// Passes the service's signs of life on to systemd's watchdog, on a thread of its own, if it wants them (`WatchdogSec`).
///
/// # Errors
/// There is no thread to be had.
pub fn pass_on(live: Live) -> io::Result<()> {
    let Some(patience) = sd_notify::watchdog_enabled() else { return Ok(()) };
    // Half of what is asked for, as sd_watchdog_enabled(3) advises.
    let every = patience / 2;
    thread::Builder::new().name("supervisor".to_owned()).spawn(move || {
        let forever = never::<()>();
        while forever.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            if live.pulse().silence() < patience {
                tell(&[NotifyState::Watchdog]);
            }
        }
    })?;
    Ok(())
}

/// Tells the supervisor that the service works from now on.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// Tells the supervisor that the service is on its way out.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Tells the supervisor that new rules are being read; [`reloaded`] ends it.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_no_clock) => tell(&[NotifyState::Reloading]),
    }
}

/// Tells the supervisor that reading the rules is over, however it went.
pub fn reloaded() {
    tell(&[NotifyState::Ready]);
}

fn tell(states: &[NotifyState<'_>]) {
    // A supervisor that is gone cannot be told so.
    let _told = sd_notify::notify(states);
}
