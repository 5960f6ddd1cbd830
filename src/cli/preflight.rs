//! What the types of a configuration cannot know, asked before anything begins: are its files there, does librdkafka take
//! its options? Each answer is shown where its cause was written.

use crate::cli::{CommandError, Exit};
use crate::config::{Config, Origins, Problem, Security, key_of_option};
use crate::rules::{Rules, RulesError};
use crate::service::probe;

/// The rules that a configuration names.
///
/// # Errors
/// A folder cannot be read, or a file in it is wrong.
pub(super) fn rules(config: &Config, origins: &Origins) -> Result<Rules, CommandError> {
    Rules::compile(config).map_err(|error| match error {
        RulesError::Unreadable { key, file, source } => {
            let message = format!("`{file}` cannot be read: {source}");
            let help = "it names a folder of YAML files; the path is relative to the working directory, and klartext's user must be allowed to read it";
            let problem = origins.written.problem(&["rules", key], message, help);
            CommandError::new(Exit::Config, origins.written.error(vec![problem]))
        }
        error => error.into(),
    })
}

/// Whether librdkafka takes the options. Connects to nobody.
///
/// # Errors
/// All that it does not take.
pub(super) fn options(config: &Config, origins: &Origins) -> Result<(), CommandError> {
    let mut problems = missing_files(config, origins);
    if problems.is_empty() {
        problems = refused(config, origins);
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(CommandError::new(Exit::Config, origins.written.error(problems)))
}

/// Files of certificates and tokens that cannot be read; librdkafka would only say that something is wrong with them.
fn missing_files(config: &Config, origins: &Origins) -> Vec<Problem> {
    let Security { tls, sasl, .. } = &config.kafka.security;
    let files = [
        (["kafka", "security", "tls", "ca_file"], &tls.ca_file),
        (["kafka", "security", "tls", "cert_file"], &tls.cert_file),
        (["kafka", "security", "tls", "key_file"], &tls.key_file),
        (["kafka", "security", "sasl", "token_file"], &sasl.token_file),
    ];
    files
        .into_iter()
        .filter_map(|(path, file)| {
            let file = file.as_ref()?;
            let error = std::fs::read(file).err()?;
            let message = format!("`{}` cannot be read: {error}", file.display());
            let help = "the path is relative to the working directory, and klartext's user must be allowed to read the file";
            Some(origins.written.problem(&path, message, help))
        })
        .collect()
}

/// What librdkafka does not take.
fn refused(config: &Config, origins: &Origins) -> Vec<Problem> {
    probe::refused_options(config)
        .into_iter()
        .map(|refusal| {
            let option = refusal.option.or_else(|| named_in(&refusal.message, config));
            let path = option.map_or_else(|| vec!["kafka".to_owned()], |o| path_of(&o, config));
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            origins.written.problem(&path, refusal.message, &refusal.help)
        })
        .collect()
}

/// The key that an option comes from.
fn path_of(option: &str, config: &Config) -> Vec<String> {
    if let Some(name) = map_of(option, config) {
        return ["kafka", name, option].map(str::to_owned).to_vec();
    }
    let key = key_of_option(option).unwrap_or("kafka");
    key.split('.').map(str::to_owned).collect()
}

/// The key below `kafka` that has an option; librdkafka's own names are used for consumer and producer before those for both.
fn map_of(option: &str, config: &Config) -> Option<&'static str> {
    let kafka = &config.kafka;
    let maps = [
        ("consumer_options", &kafka.consumer_options),
        ("producer_options", &kafka.producer_options),
        ("options", &kafka.options),
    ];
    maps.into_iter().find(|(_, map)| map.contains_key(option)).map(|(name, _)| name)
}

/// The option that a sentence of librdkafka's is about: one that the user wrote, else one that a key of ours sets.
fn named_in(sentence: &str, config: &Config) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let words = || sentence.split(|c| !is_part(c)).map(|word| word.trim_end_matches('.'));
    let theirs = words().flat_map(names).find(|word| map_of(word, config).is_some());
    theirs.or_else(|| words().find(|word| key_of_option(word).is_some())).map(str::to_owned)
}

/// The names of an option: librdkafka speaks of some by another name than they were set by.
fn names(option: &str) -> impl Iterator<Item = &str> {
    const OTHER_NAMES: [(&str, &str); 5] = [
        ("max.in.flight", "max.in.flight.requests.per.connection"),
        ("queue.buffering.max.ms", "linger.ms"),
        ("message.send.max.retries", "retries"),
        ("delivery.timeout.ms", "message.timeout.ms"),
        ("fetch.message.max.bytes", "max.partition.fetch.bytes"),
    ];
    let others = OTHER_NAMES.iter().flat_map(move |(one, other)| {
        [(*one == option).then_some(*other), (*other == option).then_some(*one)]
    });
    std::iter::once(option).chain(others.flatten())
}
