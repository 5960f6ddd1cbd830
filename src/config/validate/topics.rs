//! `input`, `output`, `rejected`, `dead_letter`: topics with legal names that do not feed each other.

use regex::Regex;

use super::Finding;
use crate::config::Config;

/// Longest topic name (`org.apache.kafka.common.internals.Topic.MAX_NAME_LENGTH`).
const MAX_NAME_BYTES: usize = 249;

/// Checks all topics.
pub(super) fn check(config: &Config, findings: &mut Vec<Finding>) {
    if config.input.topics.is_empty() {
        findings.push(Finding::new(
            &["input.topics"],
            "there is no topic to read",
            "write `topics: [pages.raw]`",
        ));
    }
    if config.input.group_id.is_empty() {
        findings.push(Finding::new(
            &["input.group_id"],
            "the consumer group has no name",
            "write `group_id: klartext`",
        ));
    }
    for (key, name) in [
        ("input.instance_id", &config.input.instance_id),
        ("commit.transactional_id", &config.commit.transactional_id),
    ] {
        if name.as_ref().is_some_and(String::is_empty) {
            let help = "give it a name, unique per process and stable over restarts, or delete the line to have the default";
            findings.push(Finding::new(&[key], "the name is empty", help));
        }
    }
    let written = written_topics(config);
    for (index, topic) in config.input.topics.iter().enumerate() {
        check_input(topic, index, &written, findings);
    }
    for (position, (key, topic)) in written.iter().enumerate() {
        if let Err(reason) = check_name(topic) {
            findings.push(Finding::new(
                &[key],
                reason,
                "a name has letters, digits, `.`, `_` and `-`",
            ));
        }
        let twin = written.iter().take(position).find(|(_, earlier)| earlier == topic);
        if let Some((earlier, _)) = twin {
            findings.push(Finding::new(
                &[key, earlier],
                format!("`{topic}` is the topic of `{earlier}` too"),
                "give each kind of record a topic of its own",
            ));
        }
    }
    check_fields(config, findings);
}

/// The topics that are written to, by key.
fn written_topics(config: &Config) -> Vec<(&'static str, &str)> {
    let rejected = config.rejected.topic.as_deref().map(|topic| ("rejected.topic", topic));
    [
        ("output.topic", config.output.topic.as_str()),
        ("dead_letter.topic", config.dead_letter.topic.as_str()),
    ]
    .into_iter()
    .chain(rejected)
    .collect()
}

fn check_input(topic: &str, index: usize, written: &[(&str, &str)], findings: &mut Vec<Finding>) {
    let reads: Box<dyn Fn(&str) -> bool> = if topic.starts_with('^') {
        match Regex::new(topic) {
            Ok(pattern) => Box::new(move |name: &str| pattern.is_match(name)),
            Err(error) => {
                findings.push(Finding::item(
                    "input.topics",
                    index,
                    format!("`{topic}` is not a pattern: {}", last_line(&error.to_string())),
                    "a name that begins with `^` is a regular expression",
                ));
                return;
            }
        }
    } else {
        if let Err(reason) = check_name(topic) {
            let help = "a name has letters, digits, `.`, `_` and `-`; a pattern begins with `^`";
            findings.push(Finding::item("input.topics", index, reason, help));
        }
        let topic = topic.to_owned();
        Box::new(move |name: &str| name == topic)
    };
    if let Some((key, name)) = written.iter().find(|(_, name)| reads(name)) {
        findings.push(Finding::item(
            "input.topics",
            index,
            format!("klartext would read what it writes: `{name}` is `{key}`"),
            "read and write different topics",
        ));
    }
}

/// Whether Kafka takes a topic name.
fn check_name(topic: &str) -> Result<(), String> {
    if topic.is_empty() || topic == "." || topic == ".." {
        return Err(format!("`{topic}` is not a topic name"));
    }
    if topic.len() > MAX_NAME_BYTES {
        return Err(format!(
            "a topic name has at most {MAX_NAME_BYTES} characters, this one {}",
            topic.len()
        ));
    }
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match topic.chars().find(|c| !is_legal(*c)) {
        Some(c) => Err(format!("`{topic}` is not a topic name: it has a {c:?}")),
        None => Ok(()),
    }
}

/// The fields of the envelope need names, and no two the same.
fn check_fields(config: &Config, findings: &mut Vec<Finding>) {
    let json = &config.input.json;
    let fields = [
        ("input.json.url", &json.url),
        ("input.json.html", &json.html),
        ("input.json.text", &json.text),
        ("input.json.body", &json.body),
        ("input.json.body_base64", &json.body_base64),
        ("input.json.content_type", &json.content_type),
        ("input.json.charset", &json.charset),
        ("input.json.fetched_at", &json.fetched_at),
        ("input.json.headers", &json.headers),
    ];
    for (position, (key, name)) in fields.iter().enumerate() {
        if name.is_empty() {
            findings.push(Finding::new(
                &[key],
                "the field has no name",
                "name the field of the envelope that holds it",
            ));
        }
        if let Some((earlier, _)) =
            fields.iter().take(position).find(|(_, earlier)| earlier == name)
        {
            findings.push(Finding::new(
                &[key, earlier],
                format!("`{name}` is the field of `{earlier}` too"),
                "one field of the envelope can hold only one of them; rename the other",
            ));
        }
    }
}

/// The regex crate draws a picture; its last line says what is wrong.
fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or(message).trim_start_matches("error: ")
}
