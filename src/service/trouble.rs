//! What librdkafka reports on the way: it goes on trying by itself, so this is logged (repeats are counted, not printed) and
//! the last report is kept, because at start it is the reason why nothing answers.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::events;

/// Shared by the consumer's and the producer's callbacks.
#[derive(Debug)]
pub(super) struct Trouble {
    window: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Report>,
    /// By code: when it was last printed, and how often it came since.
    printed: BTreeMap<String, (Instant, u64)>,
}

/// One report.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) code: Option<RDKafkaErrorCode>,
    pub(super) reason: String,
}

impl Report {
    /// Whether it says that we are not who we should be, or may not do what we do.
    pub(super) fn is_refusal(&self) -> bool {
        self.code.is_some_and(is_refusal)
    }
}

impl Trouble {
    pub(super) fn new(window: Duration) -> Self {
        Self { window, state: Mutex::default() }
    }

    /// librdkafka's error callback, and what its poll returns.
    pub(super) fn report(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        let report = Report {
            code,
            reason: if reason.is_empty() { error.to_string() } else { reason.to_owned() },
        };
        let name = code.map_or_else(|| "other".to_owned(), |code| format!("{code:?}"));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // "All brokers are down" follows from what was said before and would hide it.
        let is_summary = code == Some(RDKafkaErrorCode::AllBrokersDown);
        if !is_summary || state.last.is_none() {
            state.last = Some(report.clone());
        }
        let n_repeats = match state.printed.get_mut(&name) {
            Some((at, n_repeats)) if at.elapsed() < self.window => {
                *n_repeats += 1;
                return;
            }
            Some((_, n_repeats)) => *n_repeats,
            None => 0,
        };
        state.printed.insert(name.clone(), (Instant::now(), 0));
        drop(state);
        tracing::warn!(
            event.name = events::BROKER,
            "error.type" = name,
            exception.message = report.reason,
            klartext.repeat.count = n_repeats,
            "trouble with a broker; trying on"
        );
    }

    /// The last report.
    pub(super) fn last(&self) -> Option<Report> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).last.clone()
    }
}

/// Whether a code says that authentication or authorization was refused.
pub(super) const fn is_refusal(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::SaslAuthenticationFailed
            | RDKafkaErrorCode::TopicAuthorizationFailed
            | RDKafkaErrorCode::GroupAuthorizationFailed
            | RDKafkaErrorCode::ClusterAuthorizationFailed
            | RDKafkaErrorCode::TransactionalIdAuthorizationFailed
            | RDKafkaErrorCode::SSL
    )
}
