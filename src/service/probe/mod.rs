//! `klartext check --connect`: what the brokers say about a configuration. Asks, and changes nothing: no group is joined, no
//! record is written, and the running service is not fenced.

mod access;
mod options;
mod topic;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, ResourceSpecifier};
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::producer::ProducerContext;

use super::startup::{self, Check};
use super::trouble::Trouble;
use super::{ServiceError, client, oauth};
use crate::config::Config;
pub use options::{Refusal, refused_options};

/// Longest wait for one answer.
const ANSWER: Duration = Duration::from_secs(10);

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Fine,
    /// It works, and someone should know.
    Warning,
    /// The service would not start, or would fail.
    Error,
}

/// Something that the brokers said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is about: a topic, a group, the brokers.
    pub subject: String,
    /// What was found.
    pub message: String,
    /// What to do about it; empty where there is nothing to do.
    pub help: String,
    /// Whether the brokers do not allow us something.
    pub is_refusal: bool,
}

/// All that was found, in the order in which it was asked.
#[derive(Debug, Clone, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    fn fine(&mut self, subject: &str, message: impl Into<String>) {
        self.push(Severity::Fine, subject, message.into(), String::new());
    }

    fn warning(&mut self, subject: &str, message: impl Into<String>, help: impl Into<String>) {
        self.push(Severity::Warning, subject, message.into(), help.into());
    }

    fn error(&mut self, subject: &str, message: impl Into<String>, help: impl Into<String>) {
        self.push(Severity::Error, subject, message.into(), help.into());
    }

    fn refusal(&mut self, subject: &str, message: impl Into<String>, help: impl Into<String>) {
        self.error(subject, message, help);
        if let Some(last) = self.0.last_mut() {
            last.is_refusal = true;
        }
    }

    fn push(&mut self, severity: Severity, subject: &str, message: String, help: String) {
        let subject = subject.to_owned();
        self.0.push(Finding { severity, subject, message, help, is_refusal: false });
    }

    /// The worst of them.
    #[must_use]
    pub fn worst(&self) -> Severity {
        self.0.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Fine)
    }
}

/// Keeps what librdkafka reports on the way: it is the reason why nothing answers.
#[derive(Debug, Clone, Default)]
struct Ear {
    trouble: Arc<Trouble>,
    /// `kafka.security.sasl.token_file`.
    token_file: Option<PathBuf>,
}

impl Ear {
    fn of(config: &Config) -> Self {
        let token_file = config.kafka.security.sasl.token_file.clone();
        Self { token_file, ..Self::default() }
    }
}

impl ClientContext for Ear {
    const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

    fn generate_oauth_token(&self, _options: Option<&str>) -> Result<OAuthToken, Box<dyn Error>> {
        oauth::token_of(self.token_file.as_deref())
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.trouble.report(&error, reason);
    }
}

impl ConsumerContext for Ear {}

impl ProducerContext for Ear {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &rdkafka::message::DeliveryResult<'_>, (): ()) {}
}

/// Settings of a topic or broker, by name.
type Settings = BTreeMap<String, String>;

/// Asks the brokers about everything that the configuration needs of them.
///
/// # Errors
/// librdkafka does not accept the options, no broker answers, or our credentials are refused: then nothing else can be
/// asked.
pub fn probe(config: &Config) -> Result<Findings, ServiceError> {
    let options = |source| ServiceError::Options { source };
    let ear = Ear::of(config);
    let consumer_config = client::consumer_config(config);
    let consumer: BaseConsumer<Ear> =
        consumer_config.create_with_context(ear.clone()).map_err(options)?;
    let mut findings = Findings::default();
    let cluster = brokers(&consumer, &ear, config, &mut findings)?;
    let admin: AdminClient<Ear> =
        admin_config(config).create_with_context(ear.clone()).map_err(options)?;
    let topics =
        Topics { config, consumer: &consumer, admin: &admin, ear: &ear, cluster: &cluster };
    for topic in &config.input.topics {
        topics.input(topic, &mut findings);
    }
    for (topic, key) in startup::output_topics(config) {
        topics.output(topic, key, &mut findings);
    }
    access::group(&consumer, config, &mut findings);
    access::transactions(&admin, &ear, config, &cluster, &mut findings)?;
    Ok(findings)
}

/// The cluster as its metadata tell of it.
#[derive(Debug)]
struct Cluster {
    n_brokers: usize,
    any_broker: Option<i32>,
    topic_names: Vec<String>,
}

struct Topics<'a> {
    config: &'a Config,
    consumer: &'a BaseConsumer<Ear>,
    admin: &'a AdminClient<Ear>,
    ear: &'a Ear,
    cluster: &'a Cluster,
}

/// The admin client speaks as the producer does, without its transactions.
fn admin_config(config: &Config) -> ClientConfig {
    let mut plain = config.clone();
    plain.delivery = crate::config::Delivery::AtLeastOnce;
    client::producer_config(&plain)
}

/// Whether anybody answers at all, and lets us in.
fn brokers(
    consumer: &BaseConsumer<Ear>,
    ear: &Ear,
    config: &Config,
    findings: &mut Findings,
) -> Result<Cluster, ServiceError> {
    let deadline = Instant::now() + ANSWER;
    let metadata = loop {
        let answer = consumer.fetch_metadata(None, Duration::from_secs(2));
        // The reason of a failure comes by callback.
        drop(consumer.poll(Duration::ZERO));
        let error = match answer {
            Ok(metadata) => break metadata,
            Err(error) => error,
        };
        let report = ear.trouble.last();
        if let Some(report) = report.as_ref().filter(|report| report.is_refusal()) {
            let what = "our credentials".to_owned();
            return Err(ServiceError::Refused { what, reason: report.reason.clone() });
        }
        if Instant::now() >= deadline {
            return Err(ServiceError::Unreachable {
                brokers: config.kafka.brokers.join(", "),
                waited: ANSWER,
                reason: report.map_or_else(|| error.to_string(), |report| report.reason),
            });
        }
    };
    let brokers = metadata.brokers();
    let names: Vec<String> =
        brokers.iter().map(|broker| format!("{}:{}", broker.host(), broker.port())).collect();
    findings.fine("brokers", names.join(", "));
    Ok(Cluster {
        n_brokers: brokers.len(),
        any_broker: brokers.first().map(rdkafka::metadata::MetadataBroker::id),
        topic_names: metadata.topics().iter().map(|topic| topic.name().to_owned()).collect(),
    })
}

/// The settings of a topic or a broker.
fn settings(admin: &AdminClient<Ear>, resource: ResourceSpecifier<'_>) -> Result<Settings, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let options = AdminOptions::new().request_timeout(Some(ANSWER));
    let answers = runtime.block_on(admin.describe_configs([&resource], &options));
    let mut answers = answers.map_err(|error| error.to_string())?;
    let answer = answers.pop().ok_or_else(|| "there was no answer".to_owned())?;
    let resource = answer.map_err(|code| code.to_string())?;
    let entries = resource.entries.into_iter();
    Ok(entries.filter_map(|entry| Some((entry.name, entry.value?))).collect())
}
