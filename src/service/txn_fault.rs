//! What a failed step of a transaction asks for.

use std::time::Duration;

use crossbeam_channel::{after, never, select};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};

use super::ledger::Ticket;
use super::trouble::is_refusal;

/// Pause between two tries of a retriable step.
pub(super) const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Longest single blocking call, so that deadlines are kept: such a call may be made again, to wait on.
pub(super) const STEP: Duration = Duration::from_secs(1);

/// The same for the offsets. When its time is over librdkafka gives the transaction up, and it tries again by itself only
/// every half second.
pub(super) const OFFSETS_STEP: Duration = Duration::from_secs(5);

/// Why a transaction did not commit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TxnFault {
    /// The topic does not take this record.
    Refused(Ticket, RDKafkaErrorCode),
    /// The topic does not take this record, or one that was sent together with it.
    RefusedBatch(RDKafkaErrorCode),
    /// Nothing was committed, and the producer can go on after an abort.
    Abort(String),
    /// The same, because we may not do it: that lasts until someone allows it, and is waited for.
    Denied(String),
    /// The producer cannot go on, or nobody knows whether the transaction was committed.
    Fatal(String),
}

/// What an error of a transactional call asks for; `None`: try again.
pub(super) fn fault_of(error: &KafkaError) -> Option<TxnFault> {
    match error {
        KafkaError::Transaction(error) if error.is_fatal() => Some(TxnFault::Fatal(error.string())),
        KafkaError::Transaction(error) if error.txn_requires_abort() => {
            Some(if is_refusal(error.code()) {
                TxnFault::Denied(error.string())
            } else {
                TxnFault::Abort(error.string())
            })
        }
        KafkaError::Transaction(error) if error.is_retriable() => None,
        // rust-rdkafka flushes before it commits, and reports that flush's end of time like this.
        KafkaError::Flush(RDKafkaErrorCode::OperationTimedOut) => None,
        // No flag at all: librdkafka's documentation says to treat it as fatal.
        error => Some(TxnFault::Fatal(error.to_string())),
    }
}

/// Tries a step of at most `longest` until it succeeds, fails for good, or the time is over (`None` inside the error).
pub(super) fn retry(
    left: impl Fn() -> Duration,
    longest: Duration,
    mut step: impl FnMut(Duration) -> KafkaResult<()>,
) -> Result<(), Option<TxnFault>> {
    loop {
        match step(left().clamp(Duration::from_millis(1), longest)) {
            Ok(()) => return Ok(()),
            Err(error) => match fault_of(&error) {
                Some(fault) => return Err(Some(fault)),
                None if left().is_zero() => return Err(None),
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
