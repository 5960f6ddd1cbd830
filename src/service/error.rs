//! Why the service cannot begin or go on: the world's fault, or ours; never a record's.

use std::time::Duration;

use rdkafka::error::KafkaError;

/// Why the service ended without being asked to, or not cleanly. No record is lost by any of them: what was not committed
/// is read again after the next start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// librdkafka does not accept an option.
    #[error(
        "librdkafka does not accept the configuration: {source}; see `kafka.options`, `kafka.security`"
    )]
    Options {
        /// What it says.
        source: KafkaError,
    },
    /// No broker answered at start.
    #[error(
        "no broker of {brokers} answered within {} s ({reason}); check `kafka.brokers`, the network and `kafka.security`",
        .waited.as_secs()
    )]
    Unreachable {
        /// `kafka.brokers`.
        brokers: String,
        /// How long we waited.
        waited: Duration,
        /// The last thing librdkafka said.
        reason: String,
    },
    /// A topic does not exist.
    #[error("the topic `{topic}` does not exist; create it, or correct `{key}`")]
    UnknownTopic {
        /// Its name.
        topic: String,
        /// The configuration key that names it.
        key: &'static str,
    },
    /// Authentication or authorization was refused.
    #[error("the brokers refuse {what} ({reason}); check `kafka.security` and the ACLs")]
    Refused {
        /// What they refuse.
        what: String,
        /// What they say.
        reason: String,
    },
    /// The transactional producer failed for good.
    #[error(
        "transactions fail again and again ({reason}); check that `commit.transactional_id` is unique to this process and \
         that the brokers support transactions"
    )]
    Transactions {
        /// The last error.
        reason: String,
    },
    /// No broker answered what has to be known before anything can be committed.
    #[error("no broker answered in time ({reason}); starting again is safe")]
    Unanswered {
        /// The last error.
        reason: String,
    },
    /// An output record is refused even as a stub.
    #[error(
        "`{topic}` refuses even a stub of a record ({reason}); check its `max.message.bytes` and cleanup policy"
    )]
    OutputRefused {
        /// The topic.
        topic: String,
        /// What the broker says.
        reason: String,
    },
    /// The consumer failed for good.
    #[error("the consumer failed for good: {reason}")]
    Consumer {
        /// The error.
        reason: String,
    },
    /// Another process has our name.
    #[error(
        "another process with the `input.instance_id` `{instance_id}` joined the group; give each process its own. If there is \
         none, the group took this process for its own successor after an outage: to start again is safe"
    )]
    Fenced {
        /// The name.
        instance_id: String,
    },
    /// Draining took too long.
    #[error(
        "draining took longer than `shutdown.drain_timeout` ({} s), {n_open} records were not finished; starting again is \
         safe, they are read again",
        .timeout.as_secs()
    )]
    DrainTimeout {
        /// The limit.
        timeout: Duration,
        /// Records not finished.
        n_open: usize,
    },
    /// Most of the last records failed for no reason of their own.
    #[error(
        "{n_failed} of the last {n_records} records failed with an error that is not theirs (last: `{error_type}`), so the \
         cause is likely a bug, a rule or the output topic; klartext stops rather than send the stream to the dead letters. \
         What was not committed is read again; `dead_letter.breaker` sets how much is too much"
    )]
    Breaker {
        /// Records that failed so.
        n_failed: usize,
        /// Records looked at.
        n_records: usize,
        /// Error type of the last one.
        error_type: &'static str,
    },
    /// Dead letters could not be read or sent back.
    #[error(
        "the replay stopped, {reason}; nothing is sent twice: the same command goes on where the last transaction ended"
    )]
    Replay {
        /// What failed, and what the brokers say.
        reason: String,
    },
    /// A bug of klartext.
    #[error("internal error: {0}")]
    Internal(String),
}
