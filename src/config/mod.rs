//! What the YAML says: structs and their defaults, and how they are read. Nothing is compiled or opened here; see
//! [`crate::rules`] for what it means and [`crate::service`] for what it does. Every key is documented in
//! `config/klartext.yaml`.

mod deserialize;
mod effective;
mod error;
mod fingerprint;
mod health;
mod input;
mod interpolate;
pub mod json_schema;
mod kafka;
mod load;
mod log;
mod origins;
mod output;
mod process;
mod read_error;
pub mod schema;
mod secret;
mod suggest;
mod tree;
mod units;
mod validate;
mod written;
mod yaml;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use error::{ConfigError, Problem, Subject};
pub use health::Health;
pub use input::{Format, GroupProtocol, Input, JsonFields, Start, Tombstones};
pub use kafka::{Kafka, Sasl, SaslMechanism, Security, SecurityProtocol, Tls};
pub use load::{Layers, YamlLayer, read_written, read_yaml};
pub use log::{Log, LogFormat, LogLevel};
pub use origins::Origins;
pub use output::{Breaker, Compression, DeadLetter, Output, OutputKey, Rejected};
pub use process::{Commit, Limits, RuleFiles, Shutdown, Workers};
pub use secret::Secret;
pub use validate::key_of_option;
pub use written::Written;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    title = "Configuration of klartext",
    description = "Every key has a default; a file needs only those that differ."
)]
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
    /// The port for probes and metrics.
    pub health: Health,
}

/// What is promised of each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Outputs and input offsets commit in one Kafka transaction.
    ExactlyOnce,
    /// Offsets commit after the outputs are acknowledged; a fault may repeat some.
    AtLeastOnce,
}

impl Delivery {
    /// The word of the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExactlyOnce => "exactly_once",
            Self::AtLeastOnce => "at_least_once",
        }
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
            health: Health::default(),
        }
    }
}
