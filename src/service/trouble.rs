//! What librdkafka reports on the way. It goes on trying by itself, so this is only logged (the logs count repeats instead of
//! printing them); the last report is kept, because at start it is the reason why nothing answers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::{Live, events};

/// Shared by the consumer's and the producer's callbacks.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    last: Mutex<Option<Report>>,
    n_jumps: AtomicU64,
    /// Who is told that all brokers are away.
    live: Live,
}

/// One report.
#[derive(Debug, Clone)]
pub(super) struct Report {
    code: Option<RDKafkaErrorCode>,
    pub(super) reason: String,
}

impl Report {
    /// Whether it says that we are not who we should be, or may not do what we do.
    pub(super) fn is_refusal(&self) -> bool {
        self.code.is_some_and(is_refusal)
    }
}

impl Trouble {
    pub(super) fn of(live: Live) -> Self {
        Self { live, ..Self::default() }
    }

    /// librdkafka's error callback, and what its poll returns.
    pub(super) fn report(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        let reason = if reason.is_empty() { error.to_string() } else { reason.to_owned() };
        tracing::warn!(
            event.name = events::BROKER,
            "error.type" = code.map_or_else(|| "other".to_owned(), |code| format!("{code:?}")),
            exception.message = reason,
            "trouble with a broker; trying on"
        );
        if code == Some(RDKafkaErrorCode::AllBrokersDown) {
            self.live.cut_off(true);
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // "All brokers are down" follows from what was said before, and would hide it.
        if code != Some(RDKafkaErrorCode::AllBrokersDown) || last.is_none() {
            *last = Some(Report { code, reason });
        }
    }

    /// The consumer went to another offset than the one it was told to, because that one is not there.
    pub(super) fn jumped(&self) {
        self.n_jumps.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it did.
    pub(super) fn n_jumps(&self) -> u64 {
        self.n_jumps.load(Ordering::Relaxed)
    }

    /// The last report.
    pub(super) fn last(&self) -> Option<Report> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
