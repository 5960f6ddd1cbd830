//! What a supervisor wants to know: whether to start the process anew, and whether it works.

use std::time::Duration;

use serde_json::{Value, json};

use crate::service::Live;

/// How much longer than the service's own watchdog (`shutdown.stuck_timeout`) the probe waits for a sign of life: the watchdog
/// comes first and says so in the log; the probe is for the case that even that thread hangs.
const AFTER_THE_WATCHDOG: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) is_well: bool,
    pub(super) detail: Value,
}

/// Live: the loop turns, or waits with a deadline. When not, only a restart helps.
pub(super) fn live(live: &Live, stuck_timeout: Duration) -> Probe {
    let silence = live.pulse().silence();
    let is_well = silence < stuck_timeout + AFTER_THE_WATCHDOG;
    let seconds = (silence.as_secs_f64() * 10.0).round() / 10.0;
    Probe { is_well, detail: json!({"live": is_well, "last_sign_of_life_seconds_ago": seconds}) }
}

/// Ready: the group has given it its part, a broker is there, and it is not on its way out. A process for which there is no
/// partition left is ready too: it stands by.
pub(super) fn ready(live: &Live) -> Probe {
    let snapshot = live.snapshot();
    let mut reasons = Vec::new();
    if live.is_draining() {
        reasons.push("draining");
    }
    if snapshot.as_ref().is_none_or(|snapshot| snapshot.n_rebalances == 0) {
        reasons.push("not assigned yet");
    }
    let brokers_up = snapshot.as_ref().and_then(|snapshot| snapshot.brokers_up);
    let brokers_up = if live.is_cut_off() { Some(0) } else { brokers_up };
    if brokers_up == Some(0) {
        reasons.push("no broker is up");
    }
    let is_well = reasons.is_empty();
    let snapshot = snapshot.as_deref();
    let detail = json!({
        "ready": is_well,
        "reasons": reasons,
        "partitions": snapshot.map(|snapshot| snapshot.n_partitions),
        "brokers_up": brokers_up,
        "in_flight": snapshot.map(|snapshot| snapshot.n_open),
        "in_flight_bytes": snapshot.map(|snapshot| snapshot.n_bytes),
        "lag": snapshot.and_then(|snapshot| snapshot.lag),
        "lag_seconds": snapshot.and_then(|snapshot| snapshot.lag_seconds),
        "rules": snapshot.map(|snapshot| snapshot.rules.as_str()),
    });
    Probe { is_well, detail }
}
