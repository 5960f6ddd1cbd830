//! What a failed step of a transaction asks for.

use std::time::{Duration, Instant};

use crossbeam_channel::{after, never, select};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};

use super::ledger::Ticket;

/// Pause between two tries of a retriable step.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Longest single blocking call, so that deadlines are kept.
pub(super) const STEP: Duration = Duration::from_secs(5);

/// Why a transaction did not commit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TxnFault {
    /// The topic does not take this record.
    Refused(Ticket, RDKafkaErrorCode),
    /// The topic does not take this record, or one that was sent together with it.
    RefusedBatch(RDKafkaErrorCode),
    /// Nothing was committed, and the producer can go on after an abort.
    Abort(String),
    /// The producer cannot go on, or nobody knows whether the transaction was committed.
    Fatal(String),
}

/// What an error of a transactional call asks for; `None`: try again.
pub(super) fn fault_of(error: &KafkaError) -> Option<TxnFault> {
    match error {
        KafkaError::Transaction(error) if error.is_fatal() => Some(TxnFault::Fatal(error.string())),
        KafkaError::Transaction(error) if error.txn_requires_abort() => {
            Some(TxnFault::Abort(error.string()))
        }
        KafkaError::Transaction(error) if error.is_retriable() => None,
        // rust-rdkafka flushes before it commits, and reports that flush's end of time like this.
        KafkaError::Flush(RDKafkaErrorCode::OperationTimedOut) => None,
        // No flag at all: librdkafka's documentation says to treat it as fatal.
        error => Some(TxnFault::Fatal(error.to_string())),
    }
}

/// Tries a step until it succeeds, fails for good, or the time is over (`None` inside the error).
pub(super) fn retry(
    deadline: Instant,
    mut step: impl FnMut(Duration) -> KafkaResult<()>,
) -> Result<(), Option<TxnFault>> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match step(left.clamp(Duration::from_millis(1), STEP)) {
            Ok(()) => return Ok(()),
            Err(error) => match fault_of(&error) {
                Some(fault) => return Err(Some(fault)),
                None if Instant::now() >= deadline => return Err(None),
                None => pause(RETRY_PAUSE),
            },
        }
    }
}

pub(super) fn pause(time: Duration) {
    select! {
        recv(after(time)) -> _ => {}
        recv(never::<()>()) -> _ => {}
    }
}
