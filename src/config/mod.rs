//! What the YAML says: structs and their defaults. Nothing is compiled or opened here; see [`crate::rules`] for what it
//! means and [`crate::service`] for what it does. Every key is documented in `config/klartext.yaml`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use serde::Deserialize;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Version of this format; only 1 exists.
    pub version: u32,
    /// What is promised of each record.
    pub delivery: Delivery,
    /// The brokers and how to reach them.
    pub kafka: Kafka,
    /// Where pages come from and what they look like.
    pub input: Input,
    /// Where articles go.
    pub output: Output,
    /// Where a short record of each rejected page goes.
    pub rejected: Rejected,
    /// Where records go that cannot be processed.
    pub dead_letter: DeadLetter,
    /// How often offsets (and transactions) are committed.
    pub commit: Commit,
    /// How many pages are worked on at once.
    pub workers: Workers,
    /// What a page may cost.
    pub limits: Limits,
    /// Marker phrases and rules.
    pub rules: RuleFiles,
    /// How to stop.
    pub shutdown: Shutdown,
    /// The logs.
    pub log: Log,
}

/// What is promised of each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Outputs and input offsets commit in one Kafka transaction.
    ExactlyOnce,
    /// Offsets commit after the outputs are acknowledged; a fault may repeat some.
    AtLeastOnce,
}

/// The brokers and how to reach them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Kafka {
    /// `host:port`, at least one.
    pub brokers: Vec<String>,
    /// Name shown in the brokers' logs and metrics.
    pub client_id: String,
    /// Encryption and authentication.
    pub security: Security,
    /// Any librdkafka option, passed to consumer and producer; it wins over what klartext would set.
    pub options: BTreeMap<String, String>,
    /// As `options`, for the consumer only.
    pub consumer_options: BTreeMap<String, String>,
    /// As `options`, for the producer only.
    pub producer_options: BTreeMap<String, String>,
}

/// Encryption and authentication.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// Which of both is used.
    pub protocol: SecurityProtocol,
    /// Certificates.
    pub tls: Tls,
    /// User and password.
    pub sasl: Sasl,
}

/// `security.protocol` of Kafka.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityProtocol {
    /// Neither.
    #[default]
    Plaintext,
    /// TLS.
    Ssl,
    /// SASL without TLS.
    SaslPlaintext,
    /// SASL over TLS.
    SaslSsl,
}

/// Certificates, PEM files.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// Authorities to trust; the system's when absent.
    pub ca_file: Option<PathBuf>,
    /// Client certificate.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key_file: Option<PathBuf>,
    /// Password of the key.
    pub key_password: Option<Secret>,
}

/// SASL credentials.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sasl {
    /// `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512` or `OAUTHBEARER`.
    pub mechanism: Option<SaslMechanism>,
    /// User name.
    pub username: Option<Secret>,
    /// Password.
    pub password: Option<Secret>,
}

/// SASL mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum SaslMechanism {
    /// Password in clear: only over TLS.
    #[serde(rename = "PLAIN")]
    Plain,
    /// RFC 7677.
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// As before, with SHA-512.
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
    /// RFC 7628.
    #[serde(rename = "OAUTHBEARER")]
    OAuthBearer,
}

/// A value that is never shown. In the file: a string, `{from_env: NAME}` or `{from_file: PATH}`; the loader has resolved it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value. Hand it to librdkafka and to nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Where pages come from and what they look like.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// Topics to read, at least one; a name that starts with `^` is a pattern.
    pub topics: Vec<String>,
    /// Consumer group.
    pub group_id: String,
    /// Static membership: unique and stable per process.
    pub instance_id: Option<String>,
    /// Rebalance protocol.
    pub group_protocol: GroupProtocol,
    /// Where to begin when the group has no offset yet.
    pub start: Start,
    /// What to do with null values.
    pub tombstones: Tombstones,
    /// What the values are.
    pub format: Format,
    /// Field names of the JSON envelope.
    pub json: JsonFields,
}

/// Rebalance protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupProtocol {
    /// The classic protocol, cooperative-sticky.
    Classic,
    /// KIP-848; needs Kafka 4.
    Consumer,
}

/// Where to begin when the group has no offset yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// At the oldest record.
    Earliest,
    /// At new records only.
    Latest,
}

/// What to do with null values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tombstones {
    /// Pass them on under the same key.
    Pass,
    /// Count and drop them.
    Drop,
    /// Send them to the dead letters.
    DeadLetter,
}

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Told apart per record: content-type header, then the bytes.
    Auto,
    /// HTML as served.
    Html,
    /// Text dumps.
    Text,
    /// JSON envelopes.
    Json,
}

/// Field names of the JSON envelope.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JsonFields {
    /// Address of the page.
    pub url: String,
    /// The page as HTML.
    pub html: String,
    /// The page as text.
    pub text: String,
    /// The page as HTML or text; `content_type` or the characters tell which.
    pub body: String,
    /// As `body`, base64 of the bytes as served.
    pub body_base64: String,
    /// Media type, possibly with a charset.
    pub content_type: String,
    /// Character encoding of `body_base64`.
    pub charset: String,
    /// RFC 3339 time or seconds since the epoch.
    pub fetched_at: String,
    /// HTTP response headers, an object.
    pub headers: String,
    /// Whether unknown fields go into the output as `source_fields`.
    pub pass_through: bool,
}

/// Where articles go.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Output {
    /// Topic of the clean articles.
    pub topic: String,
    /// Key of the output record.
    pub key: OutputKey,
    /// Largest message; a larger article is dead-lettered.
    pub max_bytes: ByteSize,
    /// Codec of the output.
    pub compression: Compression,
}

/// Key of the output record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKey {
    /// The input's key.
    Keep,
    /// The canonical URL, else the URL, else the input's key.
    Url,
    /// The `id` of the message.
    Id,
}

/// Codec of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// None.
    None,
    /// gzip.
    Gzip,
    /// snappy.
    Snappy,
    /// lz4.
    Lz4,
    /// Zstandard, level 3.
    Zstd,
}

/// Where a short record of each rejected page goes.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rejected {
    /// Topic; none by default: rejected pages are counted only.
    pub topic: Option<String>,
}

/// Where records go that cannot be processed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeadLetter {
    /// Topic.
    pub topic: String,
    /// Longest error message in the headers.
    pub max_reason_bytes: ByteSize,
}

/// How often offsets (and transactions) are committed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commit {
    /// Longest wait between two commits.
    #[serde(deserialize_with = "duration::deserialize")]
    pub interval: Duration,
    /// How long the broker waits before it aborts an open transaction of a dead process.
    #[serde(deserialize_with = "duration::deserialize")]
    pub transaction_timeout: Duration,
    /// `transactional.id`; unique per process and stable over restarts. Default: group id + instance id (or host name).
    pub transactional_id: Option<String>,
}

/// How many pages are worked on at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workers {
    /// Threads; 0 = one per core.
    pub threads: usize,
    /// Pages in flight per thread.
    pub pages_per_thread: usize,
    /// Bytes in flight, inputs and outputs together.
    pub in_flight_bytes: ByteSize,
}

/// What a page may cost.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a record's value.
    pub document_bytes: ByteSize,
    /// Bytes of a body after decompression.
    pub decompressed_bytes: ByteSize,
    /// Nesting of elements.
    pub dom_depth: usize,
    /// Elements and texts of a page.
    pub dom_nodes: usize,
}

/// Marker phrases and rules.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleFiles {
    /// Folder of marker files; a file replaces the embedded one of the same name, a new name adds a language.
    pub markers: Option<PathBuf>,
}

/// How to stop.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shutdown {
    /// Longest time to finish and commit what is in flight.
    #[serde(deserialize_with = "duration::deserialize")]
    pub drain_timeout: Duration,
}

/// The logs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Form of the lines.
    pub format: LogFormat,
    /// Level of klartext: `error`, `warn`, `info`, `debug`, `trace`.
    pub level: LogLevel,
    /// Level per module, for example `librdkafka: warn`.
    pub modules: BTreeMap<String, LogLevel>,
    /// Time between two summary lines.
    #[serde(deserialize_with = "duration::deserialize")]
    pub summary_interval: Duration,
    /// Within this time an error is printed once and its repeats are counted.
    #[serde(deserialize_with = "duration::deserialize")]
    pub repeat_window: Duration,
    /// Fields added to every line.
    pub static_fields: BTreeMap<String, String>,
}

/// Form of the log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, else JSON.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// Level of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Someone must act.
    Error,
    /// Someone should look.
    Warn,
    /// Life of the process.
    Info,
    /// Each page.
    Debug,
    /// Everything.
    Trace,
}

mod duration {
    //! `"5s"`, `"200ms"`, `"1m 30s"`.

    use std::time::Duration;

    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        let text = String::deserialize(deserializer)?;
        let signed: jiff::SignedDuration = text.parse().map_err(|_| invalid(&text))?;
        Duration::try_from(signed).map_err(|_| invalid(&text))
    }

    fn invalid<E: Error>(text: &str) -> E {
        E::custom(format!(
            "`{text}` is not a duration; write a number with its unit: `200ms`, `5s`, `2m`, `1h`"
        ))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: 1,
            delivery: Delivery::ExactlyOnce,
            kafka: Kafka::default(),
            input: Input::default(),
            output: Output::default(),
            rejected: Rejected::default(),
            dead_letter: DeadLetter::default(),
            commit: Commit::default(),
            workers: Workers::default(),
            limits: Limits::default(),
            rules: RuleFiles::default(),
            shutdown: Shutdown::default(),
            log: Log::default(),
        }
    }
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: vec!["localhost:9092".to_owned()],
            client_id: "klartext".to_owned(),
            security: Security::default(),
            options: BTreeMap::new(),
            consumer_options: BTreeMap::new(),
            producer_options: BTreeMap::new(),
        }
    }
}

impl Default for Input {
    fn default() -> Self {
        Self {
            topics: vec!["pages.raw".to_owned()],
            group_id: "klartext".to_owned(),
            instance_id: None,
            group_protocol: GroupProtocol::Classic,
            start: Start::Earliest,
            tombstones: Tombstones::Pass,
            format: Format::Auto,
            json: JsonFields::default(),
        }
    }
}

impl Default for JsonFields {
    fn default() -> Self {
        Self {
            url: "url".to_owned(),
            html: "html".to_owned(),
            text: "text".to_owned(),
            body: "body".to_owned(),
            body_base64: "body_base64".to_owned(),
            content_type: "content_type".to_owned(),
            charset: "charset".to_owned(),
            fetched_at: "fetched_at".to_owned(),
            headers: "headers".to_owned(),
            pass_through: false,
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Self {
            topic: "articles.clean".to_owned(),
            key: OutputKey::Keep,
            max_bytes: ByteSize::mib(1),
            compression: Compression::Zstd,
        }
    }
}

impl Default for DeadLetter {
    fn default() -> Self {
        Self { topic: "articles.dead".to_owned(), max_reason_bytes: ByteSize::kib(1) }
    }
}

impl Default for Commit {
    fn default() -> Self {
        Self {
            interval: Duration::from_millis(200),
            transaction_timeout: Duration::from_secs(30),
            transactional_id: None,
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self { threads: 0, pages_per_thread: 32, in_flight_bytes: ByteSize::mib(128) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: ByteSize::mib(10),
            decompressed_bytes: ByteSize::mib(20),
            dom_depth: 512,
            dom_nodes: 500_000,
        }
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self { drain_timeout: Duration::from_secs(25) }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Auto,
            level: LogLevel::Info,
            modules: BTreeMap::new(),
            summary_interval: Duration::from_secs(60),
            repeat_window: Duration::from_secs(10),
            static_fields: BTreeMap::new(),
        }
    }
}
