//! `kafka`: the brokers and how to reach them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;

/// The brokers and how to reach them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Kafka {
    /// `host:port`, at least one.
    pub brokers: Vec<String>,
    /// Name shown in the brokers' logs and metrics.
    pub client_id: String,
    /// Encryption and authentication.
    pub security: Security,
    /// Any librdkafka option, passed to consumer and producer; it wins over what klartext would set. Options that have a
    /// key of their own, or on which the guarantees hang, are refused.
    pub options: BTreeMap<String, String>,
    /// As `options`, for the consumer only.
    pub consumer_options: BTreeMap<String, String>,
    /// As `options`, for the producer only.
    pub producer_options: BTreeMap<String, String>,
}

/// Encryption and authentication.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// Whether the connection is encrypted, and whether we say who we are.
    pub protocol: SecurityProtocol,
    /// Certificates.
    pub tls: Tls,
    /// User and password.
    pub sasl: Sasl,
}

/// `security.protocol` of Kafka.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sasl {
    /// `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512` or `OAUTHBEARER`.
    pub mechanism: Option<SaslMechanism>,
    /// User name.
    pub username: Option<Secret>,
    /// Password.
    pub password: Option<Secret>,
    /// File with the bearer token, for `OAUTHBEARER`; read again before the token expires.
    pub token_file: Option<PathBuf>,
}

/// SASL mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
