//! `klartext check --connect`: what the brokers say, before the service starts.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::kafka::{Kafka, Topics};
use super::kafka_for;

/// Exit code and output of `klartext check --connect`.
fn check(kafka: &Kafka, name: &str, yaml: &str) -> (Option<i32>, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broker");
    fs::create_dir_all(&folder).expect("the test folder can be made");
    let file = folder.join(format!("{name}-{}.yaml", std::process::id()));
    let brokers = kafka.brokers.replace(',', "\", \"");
    fs::write(&file, format!("kafka: {{brokers: [\"{brokers}\"]}}\n{yaml}")).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_klartext"))
        .args(["check", "--connect", "--config"])
        .arg(&file)
        .output()
        .expect("the program starts");
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code(), text.concat())
}

fn configuration(topics: &Topics) -> String {
    let Topics { input, output, rejected, dead, group } = topics;
    format!(
        "input: {{topics: [{input}], group_id: {group}}}\noutput: {{topic: {output}}}\nrejected: {{topic: {rejected}}}\ndead_letter: {{topic: {dead}}}\ncommit: {{transactional_id: {group}}}\n"
    )
}

#[test]
fn what_the_service_needs_is_asked_for_and_nothing_is_touched() {
    let Some(kafka) = kafka_for("check_connect") else { return };
    let topics = kafka.topics("check-connect", 3);
    let (code, text) = check(&kafka, "check-connect", &configuration(&topics));
    assert_eq!(code, Some(0), "{text}");
    for topic in [&topics.input, &topics.output, &topics.rejected, &topics.dead] {
        assert!(text.contains(&format!("ok      {topic}: ")), "{topic} in\n{text}");
    }
    assert!(text.contains("3 partitions, records up to 32"), "{text}");
    assert!(
        text.contains("has no offsets yet") && text.contains("transactions: allowed"),
        "{text}"
    );
    // The id of a running service is not used: that would stop it.
    assert!(text.contains(&format!("allowed for `{}-check`", topics.group)), "{text}");
}

#[test]
fn topics_that_are_missing_too_small_or_compacted_are_named_with_what_to_do() {
    let Some(kafka) = kafka_for("check_findings") else { return };
    let topics = kafka.topics("check-findings", 1);
    kafka.configure(&topics.output, &[("max.message.bytes", "100000")]);
    kafka.configure(&topics.dead, &[("cleanup.policy", "compact")]);
    let yaml = configuration(&topics).replace(&topics.rejected, "no.such.topic");
    let (code, text) = check(&kafka, "check-findings", &yaml);
    assert_eq!(code, Some(69), "{text}");
    assert!(
        text.contains("error   no.such.topic: ") && text.contains("`rejected.topic`"),
        "{text}"
    );
    assert!(text.contains(&format!("warning {}: takes records up to", topics.output)), "{text}");
    assert!(text.contains(&format!("error   {}: it is compacted", topics.dead)), "{text}");
    assert!(text.contains("`cleanup.policy` to `delete`"), "{text}");
}
