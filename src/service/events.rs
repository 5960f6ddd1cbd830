//! The names of the log events (`event.name`). They are stable: dashboards and alarms may hang on them.

/// The service has its brokers and topics and begins to work. INFO.
pub const STARTED: &str = "klartext.started";
/// The service ended; the last summary follows. INFO.
pub const STOPPED: &str = "klartext.stopped";
/// A signal asked the service to stop. INFO.
pub const SIGNAL: &str = "klartext.signal";
/// The service stops reading and finishes what it holds. INFO.
pub const DRAINING: &str = "klartext.draining";
/// Draining took longer than `shutdown.drain_timeout`; what was not finished is read again after the next start. ERROR.
pub const DRAIN_TIMEOUT: &str = "klartext.drain.timeout";
/// The summary line: the outcome account, rates, latencies, lag, memory. INFO.
pub const SUMMARY: &str = "klartext.summary";
/// The state on request (SIGUSR1): how far each partition is. INFO.
pub const STATE: &str = "klartext.state";
/// New rules and log levels are in force. INFO.
pub const RELOADED: &str = "klartext.reloaded";
/// New rules were not taken: they are wrong; the old ones stay in force. ERROR.
pub const RELOAD_REFUSED: &str = "klartext.reload.refused";
/// The configuration differs in keys that only a restart puts into force. WARN.
pub const RESTART_NEEDED: &str = "klartext.reload.restart_needed";
/// The health port is open. INFO.
pub const LISTENING: &str = "klartext.health.listening";
/// SIGUSR2, or the end of the time it asked for: the log has another level. INFO.
pub const LEVEL: &str = "klartext.log.level";
/// The outcome account does not add up: a bug of klartext. ERROR.
pub const UNBALANCED: &str = "klartext.account.unbalanced";
/// A record was settled as published, rejected or tombstone. DEBUG.
pub const DOCUMENT_SETTLED: &str = "klartext.document.settled";
/// A record went to the dead letters. WARN.
pub const DEAD_LETTERED: &str = "klartext.document.dead_lettered";
/// The core panicked on a record, which went to the dead letters: a bug of klartext. ERROR.
pub const PANIC: &str = "klartext.document.panic";
/// Where in the code a worker panicked; the event above names the record. ERROR.
pub const PANIC_AT: &str = "klartext.panic";
/// Most of the last records failed for no reason of their own; the service stops. ERROR.
pub const BREAKER: &str = "klartext.breaker.tripped";
/// The broker refused an output record for its size or form; it becomes a dead letter (a stub, if it was one). WARN.
pub const OUTPUT_REFUSED: &str = "klartext.output.refused";
/// Partitions were assigned to this process. INFO.
pub const ASSIGNED: &str = "klartext.partitions.assigned";
/// Partitions are handed over to another process, after a drain. INFO.
pub const REVOKED: &str = "klartext.partitions.revoked";
/// Partitions were taken away without warning (session lost); their unfinished records are discarded. WARN.
pub const LOST: &str = "klartext.partitions.lost";
/// A partition goes back to an earlier offset: its topic was made anew, or its log was cut back. WARN.
pub const REWOUND: &str = "klartext.partition.rewound";
/// librdkafka went back to records that are committed already (after trouble with a broker); they are passed over. WARN.
pub const READ_AGAIN: &str = "klartext.partition.read_again";
/// Records were deleted before they were read: retention passed the position of the group. ERROR.
pub const GAP: &str = "klartext.partition.gap";
/// The service's thread gave no sign of life for `shutdown.stuck_timeout`: the process ends, exit code 71. ERROR.
pub const STUCK: &str = "klartext.stuck";
/// The rebalance itself failed. WARN.
pub const REBALANCE_FAILED: &str = "klartext.rebalance.failed";
/// librdkafka reports trouble with a broker; it goes on trying. WARN.
pub const BROKER: &str = "klartext.broker.trouble";
/// Reading is paused because the output does not keep up. WARN.
pub const PAUSED: &str = "klartext.intake.paused";
/// Reading goes on. INFO.
pub const RESUMED: &str = "klartext.intake.resumed";
/// A transaction was aborted; its records are sent again. WARN.
pub const TRANSACTION_ABORTED: &str = "klartext.transaction.aborted";
/// The transactional producer is beyond repair and is made anew. WARN.
pub const PRODUCER_RECREATED: &str = "klartext.producer.recreated";
/// Offsets could not be committed; it is tried again. WARN.
pub const COMMIT_FAILED: &str = "klartext.commit.failed";
