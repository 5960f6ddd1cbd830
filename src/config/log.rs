//! `log`: the logs.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::units;

/// The logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Form of the lines.
    pub format: LogFormat,
    /// Level of klartext: `error`, `warn`, `info`, `debug`, `trace`.
    pub level: LogLevel,
    /// Level per module, for example `librdkafka: warn`.
    pub modules: BTreeMap<String, LogLevel>,
    /// Time between two summary lines.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub summary_interval: Duration,
    /// Within this time an error is printed once and its repeats are counted.
    #[serde(with = "units::duration")]
    #[schemars(with = "units::DurationText")]
    pub repeat_window: Duration,
    /// Fields added to every line.
    pub static_fields: BTreeMap<String, String>,
}

/// Form of the log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, else JSON.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// Level of a log line, in order of how much is said.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
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

impl LogLevel {
    /// The word of the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Auto,
            level: LogLevel::Info,
            modules: BTreeMap::new(),
            summary_interval: Duration::from_mins(1),
            repeat_window: Duration::from_secs(10),
            static_fields: BTreeMap::new(),
        }
    }
}
