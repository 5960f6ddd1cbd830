//! Names of the log fields, in one place: those of OpenTelemetry's semantic conventions, and ours with `klartext.` in
//! front. The messaging conventions are still in development; should a name change, it changes here.
//!
//! In an event: `warn!({ field::ERROR_TYPE } = error.error_type(), "…")`, all fields in this form.

/// Stable id of an event, such as `klartext.summary`; messages may change, these do not.
pub const EVENT_NAME: &str = "event.name";

/// `kafka`.
pub const MESSAGING_SYSTEM: &str = "messaging.system";
/// Topic.
pub const TOPIC: &str = "messaging.destination.name";
/// Partition, as text.
pub const PARTITION: &str = "messaging.destination.partition.id";
/// Offset.
pub const OFFSET: &str = "messaging.kafka.offset";
/// Partitions, as `topic[partition], …`.
pub const PARTITIONS: &str = "klartext.partitions";
/// Consumer group.
pub const GROUP: &str = "messaging.consumer.group.name";
/// Client id.
pub const CLIENT_ID: &str = "messaging.client.id";
/// What is done: `receive`, `process`, `send`, `settle`.
pub const OPERATION: &str = "messaging.operation.name";
/// Records of a batch.
pub const BATCH_COUNT: &str = "messaging.batch.message_count";
/// Bytes of a value.
pub const BODY_SIZE: &str = "messaging.message.body.size";
/// Whether the value is null.
pub const TOMBSTONE: &str = "messaging.kafka.message.tombstone";

/// Kind of an error: stable, few different ones.
pub const ERROR_TYPE: &str = "error.type";
/// Type of an exception or panic.
pub const EXCEPTION_TYPE: &str = "exception.type";
/// What an error says.
pub const EXCEPTION_MESSAGE: &str = "exception.message";

/// Trace a record belongs to.
pub const TRACE_ID: &str = "trace_id";
/// Span a record belongs to.
pub const SPAN_ID: &str = "span_id";

/// How a record ended.
pub const OUTCOME: &str = "klartext.outcome";
/// Why it was rejected or dead-lettered.
pub const REASON: &str = "klartext.reason";
/// Step that failed.
pub const STAGE: &str = "klartext.stage";
/// Host of the page.
pub const SOURCE: &str = "klartext.source";
/// `id` of the article.
pub const DOCUMENT_ID: &str = "klartext.document.id";
/// Name of a rule.
pub const RULE_ID: &str = "klartext.rule.id";
/// How often an event was repeated without being printed.
pub const REPEAT_COUNT: &str = "klartext.repeat.count";

/// When: RFC 3339, microseconds, UTC.
pub const TIMESTAMP: &str = "timestamp";
/// How bad.
pub const LEVEL: &str = "level";
/// What happened, for people.
pub const MESSAGE: &str = "message";
/// Module that says so.
pub(super) const TARGET: &str = "target";
/// `klartext`.
pub(super) const SERVICE_NAME: &str = "service.name";
/// Version of the program.
pub(super) const SERVICE_VERSION: &str = "service.version";
/// Which process of the group.
pub const SERVICE_INSTANCE_ID: &str = "service.instance.id";
