//! What librdkafka itself says of our options, without a broker: names, values, options that contradict each other, files of
//! certificates.

use rdkafka::ClientConfig;
use rdkafka::consumer::BaseConsumer;
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::producer::BaseProducer;
use rdkafka::util::get_rdkafka_version;

use super::Ear;
use crate::config::Config;
use crate::service::client;

/// Something that librdkafka does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The option; `None` where several contradict each other, or a file is wrong.
    pub option: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Everything that librdkafka does not accept. Nothing is connected.
#[must_use]
pub fn refused_options(config: &Config) -> Vec<Refusal> {
    let ear = Ear::of(config);
    let mut refusals = refused(client::consumer_config(config), |options| {
        options.create_with_context::<Ear, BaseConsumer<Ear>>(ear.clone()).map(drop)
    });
    let of_producer = refused(client::producer_config(config), |options| {
        options.create_with_context::<Ear, BaseProducer<Ear>>(ear.clone()).map(drop)
    });
    for refusal in of_producer {
        if !refusals.contains(&refusal) {
            refusals.push(refusal);
        }
    }
    refusals
}

/// Options one by one, and then all together.
fn refused(
    mut options: ClientConfig,
    create: impl Fn(&ClientConfig) -> KafkaResult<()>,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    while let Err(error) = options.create_native_config() {
        let KafkaError::ClientConfig(_, reason, option, _) = error else { break };
        options.remove(&option);
        refusals.push(refusal_of(option, &reason));
    }
    // Without brokers a client connects to nobody.
    options.remove("bootstrap.servers");
    if let Err(error) = create(&options) {
        let message = match error {
            KafkaError::ClientCreation(reason) => reason,
            error => error.to_string(),
        };
        let help = if message.contains("BIO lib")
            || message.contains("PEM")
            || message.contains("certificate")
        {
            "the file must be PEM: text that begins with `-----BEGIN `".to_owned()
        } else {
            "change one of them, or remove it to have klartext's own; `klartext check --effective` prints what is set".to_owned()
        };
        refusals.push(Refusal { option: None, message: sentence(&message), help });
    }
    refusals
}

fn refusal_of(option: String, reason: &str) -> Refusal {
    let (_, version) = get_rdkafka_version();
    let names = format!(
        "all options and their values: https://github.com/confluentinc/librdkafka/blob/v{version}/CONFIGURATION.md"
    );
    let message = if reason.starts_with("No such configuration property") {
        format!("librdkafka has no option `{option}`")
    } else if reason.starts_with("Invalid value") {
        "librdkafka does not take this value".to_owned()
    } else {
        sentence(reason)
    };
    Refusal { option: Some(option), message, help: names }
}

/// librdkafka's words as we write them: no capital, no full stop, quotes of one kind.
fn sentence(reason: &str) -> String {
    let reason = reason.trim().trim_end_matches('.').replace('"', "`").replace("`must", "` must");
    let mut chars = reason.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "librdkafka does not say why".to_owned(),
    }
}
