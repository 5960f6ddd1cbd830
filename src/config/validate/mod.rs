//! What the types cannot say: values that contradict each other, names that Kafka would refuse, options that are ours.

use super::Config;
use super::tree::{Path, Step};

mod kafka;
mod limits;
mod topics;

pub use kafka::key_of_option;

/// Something wrong with values that are right in themselves.
#[derive(Debug)]
pub(super) struct Finding {
    /// The keys involved; the first that was written down is pointed at.
    pub(super) keys: Vec<Path>,
    pub(super) message: String,
    pub(super) help: String,
}

impl Finding {
    fn new(keys: &[&str], message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            keys: keys.iter().map(|key| Path::of(key)).collect(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// A finding about one item of a list.
    fn item(key: &str, index: usize, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            keys: vec![Path::of(key).then(Step::Item(index))],
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Everything that is wrong with the values.
pub(super) fn validate(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if config.version != 1 {
        findings.push(Finding::new(
            &["version"],
            format!("version {} of the format does not exist", config.version),
            "write `version: 1`",
        ));
    }
    kafka::check(config, &mut findings);
    topics::check(config, &mut findings);
    limits::check(config, &mut findings);
    findings
}
