//! `health`: the port for probes and metrics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The port for probes and metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// Address and port, for example `0.0.0.0:8080`; closed by default. Answers `/health/livez`, `/health/readyz` and
    /// `/metrics`, to anyone who asks: keep it inside the network.
    pub address: Option<String>,
}
