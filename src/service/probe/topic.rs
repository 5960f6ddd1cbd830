//! Topics: there, large enough, and kept in a way that loses nothing.

use std::time::{Duration, Instant};

use bytesize::ByteSize;
use rdkafka::admin::ResourceSpecifier;
use rdkafka::consumer::Consumer as _;
use rdkafka::metadata::MetadataTopic;
use regex::Regex;

use super::{ANSWER, Check, Findings, Settings, Topics, settings};
use crate::config::{Config, OutputKey};
use crate::service::ServiceError;

/// So long a topic that is missing is waited for: it may be made at this moment, or the broker be busy.
const MISSING: Duration = Duration::from_secs(4);

impl Topics<'_> {
    /// A topic that is read.
    pub(super) fn input(&self, topic: &str, findings: &mut Findings) {
        if topic.starts_with('^') {
            return self.pattern(topic, findings);
        }
        let Some(n_partitions) = self.exists(topic, "input.topics", findings) else { return };
        findings.fine(topic, format!("input, {}", partitions(n_partitions)));
    }

    /// A regular expression for topics.
    fn pattern(&self, pattern: &str, findings: &mut Findings) {
        // librdkafka uses its own engine; the common subset is what one writes for topic names.
        let Ok(expression) = Regex::new(pattern) else { return };
        let names = self.cluster.topic_names.iter();
        let matching: Vec<&str> =
            names.filter(|name| expression.is_match(name)).map(String::as_str).collect();
        if matching.is_empty() {
            findings.warning(
                pattern,
                "no topic matches",
                "correct `input.topics`; topics that are made later are found within minutes",
            );
        } else {
            findings.fine(pattern, format!("input, matches {}", matching.join(", ")));
        }
    }

    /// A topic that is written.
    pub(super) fn output(&self, topic: &str, key: &'static str, findings: &mut Findings) {
        let Some(n_partitions) = self.exists(topic, key, findings) else { return };
        let resource = ResourceSpecifier::Topic(topic);
        let settings = match settings(self.admin, resource) {
            Ok(settings) => settings,
            Err(reason) => {
                let message = format!(
                    "{}; its settings may not be read ({reason})",
                    partitions(n_partitions)
                );
                findings.warning(
                    topic,
                    message,
                    "allow DescribeConfigs on it to have them checked",
                );
                return;
            }
        };
        let before = findings.0.len();
        check_size(self.config, topic, key, &settings, findings);
        check_policy(self.config, topic, key, &settings, findings);
        self.check_copies(topic, findings);
        if findings.0.len() == before {
            let role = key.split('.').next().unwrap_or(key);
            let limit = number(&settings, "max.message.bytes").map(ByteSize::b);
            let limit = limit.map_or_else(String::new, |limit| format!(", records up to {limit}"));
            findings.fine(topic, format!("{role}, {}{limit}", partitions(n_partitions)));
        }
    }

    /// The number of partitions, if the topic is there.
    fn exists(&self, topic: &str, key: &'static str, findings: &mut Findings) -> Option<usize> {
        let deadline = Instant::now() + MISSING;
        let check = Check { config: self.config, trouble: &self.ear.trouble, deadline, key };
        let client = self.consumer.client();
        if let Err(error) = check.topic(client, topic, || drop(self.consumer.poll(Duration::ZERO)))
        {
            match error {
                ServiceError::Refused { .. } => findings.refusal(topic, error.to_string(), ""),
                error => findings.error(topic, error.to_string(), ""),
            }
            return None;
        }
        let metadata = client.fetch_metadata(Some(topic), ANSWER).ok()?;
        metadata.topics().first().map(|topic| topic.partitions().len())
    }

    /// One copy is lost with its disk; and while its broker is away the partition has no leader, which Kafka's transaction
    /// coordinator takes for a deleted partition (seen with 4.3.1): it ends transactions without marking their end there.
    fn check_copies(&self, topic: &str, findings: &mut Findings) {
        let Ok(metadata) = self.consumer.client().fetch_metadata(Some(topic), ANSWER) else {
            return;
        };
        let copies = metadata.topics().iter().flat_map(MetadataTopic::partitions);
        let fewest = copies.map(|partition| partition.replicas().len()).min().unwrap_or(0);
        if fewest == 1 && self.cluster.n_brokers > 1 {
            findings.warning(
                topic,
                "there is one copy only: it is lost with its broker's disk, and transactions are not safe while that broker is away",
                "give the topic a replication factor of 3 and `min.insync.replicas=2`",
            );
        }
    }
}

/// `max.message.bytes` against what we may send. The topic measures after compression, so a smaller limit is no error.
fn check_size(
    config: &Config,
    topic: &str,
    key: &str,
    settings: &Settings,
    findings: &mut Findings,
) {
    let Some(limit) = number(settings, "max.message.bytes") else { return };
    let (largest, ours, outcome) = match key {
        "output.topic" => (config.output.max_bytes, "output.max_bytes", "becomes a dead letter"),
        "dead_letter.topic" => (
            config.limits.document_bytes,
            "limits.document_bytes",
            "is kept as a stub, without its value",
        ),
        _ => return,
    };
    if limit < largest.as_u64() {
        findings.warning(
            topic,
            format!(
                "takes records up to {}, `{ours}` lets {largest} through: what does not compress under the limit {outcome}",
                ByteSize::b(limit)
            ),
            format!("set the topic's `max.message.bytes` to {} or more, or lower `{ours}`", largest.as_u64()),
        );
    }
}

/// What compaction would do to the records.
fn check_policy(
    config: &Config,
    topic: &str,
    key: &str,
    settings: &Settings,
    findings: &mut Findings,
) {
    let is_compacted =
        settings.get("cleanup.policy").is_some_and(|policy| policy.contains("compact"));
    if !is_compacted {
        return;
    }
    if key == "output.topic" {
        // A record without a key is refused by a compacted topic, and so becomes a dead letter.
        if config.output.key == OutputKey::Keep {
            findings.warning(
                topic,
                "it is compacted: a page whose record has no key is refused and becomes a dead letter",
                "write `output: {key: url}` or `{key: id}` unless every input record has a key",
            );
        }
    } else {
        findings.error(
            topic,
            "it is compacted: a record replaces the one before it with the same key, and one without a key is refused",
            "set the topic's `cleanup.policy` to `delete`",
        );
    }
}

fn number(settings: &Settings, name: &str) -> Option<u64> {
    settings.get(name)?.parse().ok()
}

fn partitions(n: usize) -> String {
    if n == 1 { "1 partition".to_owned() } else { format!("{n} partitions") }
}
