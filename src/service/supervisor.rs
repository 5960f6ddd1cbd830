//! What systemd wants to hear (`Type=notify`, `WatchdogSec`). Says nothing where no systemd listens.

use std::time::{Duration, Instant};

use sd_notify::NotifyState;

/// The supervisor of this process.
#[derive(Debug)]
pub(super) struct Supervisor {
    /// How often it wants a sign of life, and when it had one last.
    watchdog: Option<(Duration, Instant)>,
}

impl Supervisor {
    /// As the environment says.
    pub(super) fn of_this_process() -> Self {
        // Half of what is asked for, as sd_watchdog_enabled(3) advises.
        let every = sd_notify::watchdog_enabled().map(|timeout| timeout / 2);
        Self { watchdog: every.map(|every| (every, Instant::now())) }
    }

    /// The loop turned.
    pub(super) fn beat(&mut self) {
        let Some((every, last)) = &mut self.watchdog else { return };
        if last.elapsed() >= *every {
            *last = Instant::now();
            tell(&[NotifyState::Watchdog]);
        }
    }
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
