//! `kafka`: addresses, encryption, authentication, and the options of librdkafka that klartext must own.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Finding;
use crate::config::tree::{Path, Step};
use crate::config::units::write_duration;
use crate::config::{Config, Delivery, SaslMechanism, Security, SecurityProtocol, Tls};

/// Options that are set by a key of ours: the guarantees hang on them.
const OWNED: [(&str, &str); 27] = [
    ("bootstrap.servers", "kafka.brokers"),
    ("metadata.broker.list", "kafka.brokers"),
    ("client.id", "kafka.client_id"),
    ("security.protocol", "kafka.security.protocol"),
    ("sasl.mechanism", "kafka.security.sasl.mechanism"),
    ("sasl.mechanisms", "kafka.security.sasl.mechanism"),
    ("sasl.username", "kafka.security.sasl.username"),
    ("sasl.password", "kafka.security.sasl.password"),
    ("ssl.ca.location", "kafka.security.tls.ca_file"),
    ("ssl.certificate.location", "kafka.security.tls.cert_file"),
    ("ssl.key.location", "kafka.security.tls.key_file"),
    ("ssl.key.password", "kafka.security.tls.key_password"),
    ("group.id", "input.group_id"),
    ("group.instance.id", "input.instance_id"),
    ("group.protocol", "input.group_protocol"),
    ("auto.offset.reset", "input.start"),
    ("compression.codec", "output.compression"),
    ("compression.type", "output.compression"),
    ("message.max.bytes", "output.max_bytes"),
    ("transactional.id", "commit.transactional_id"),
    ("transaction.timeout.ms", "commit.transaction_timeout"),
    ("enable.auto.commit", "delivery"),
    ("auto.commit.enable", "delivery"),
    ("auto.commit.interval.ms", "commit.interval"),
    ("enable.auto.offset.store", "delivery"),
    ("isolation.level", "delivery"),
    ("partition.assignment.strategy", "input.group_protocol"),
];

/// The key that sets an option of librdkafka, if it is one of ours.
#[must_use]
pub fn key_of_option(option: &str) -> Option<&'static str> {
    OWNED.iter().find(|(owned, _)| *owned == option).map(|(_, key)| *key)
}

/// Checks `kafka`.
pub(super) fn check(config: &Config, findings: &mut Vec<Finding>) {
    let kafka = &config.kafka;
    if kafka.brokers.is_empty() {
        findings.push(Finding::new(
            &["kafka.brokers"],
            "there is no broker",
            "write `brokers: [\"host:9092\"]`",
        ));
    }
    for (index, broker) in kafka.brokers.iter().enumerate() {
        if let Err(reason) = check_broker(broker) {
            findings.push(Finding::item(
                "kafka.brokers",
                index,
                format!("`{broker}` is not a broker's address: {reason}"),
                "write `host:port`, for example `kafka-1.example:9092`",
            ));
        }
    }
    if kafka.client_id.is_empty() {
        findings.push(Finding::new(
            &["kafka.client_id"],
            "the client has no name",
            "the default is `klartext`",
        ));
    }
    check_security(&kafka.security, findings);
    let is_exactly_once = config.delivery == Delivery::ExactlyOnce;
    for (name, options) in [
        ("options", &kafka.options),
        ("consumer_options", &kafka.consumer_options),
        ("producer_options", &kafka.producer_options),
    ] {
        check_options(name, options, is_exactly_once, findings);
    }
    check_poll_interval(config, findings);
}

/// Longest silence after which the group takes a member's partitions away, as librdkafka has it.
const DEFAULT_POLL_INTERVAL: Duration = Duration::from_mins(5);

/// Longest that the service tries one transaction, whatever `commit.transaction_timeout` allows.
const LONGEST_TRANSACTION: Duration = Duration::from_mins(1);

/// The group hears nothing while a transaction is waited for, or the last ones at a stop.
fn check_poll_interval(config: &Config, findings: &mut Vec<Finding>) {
    let option = "max.poll.interval.ms";
    let kafka = &config.kafka;
    let written = [("consumer_options", &kafka.consumer_options), ("options", &kafka.options)]
        .into_iter()
        .find_map(|(name, options)| Some((name, options.get(option)?.parse().ok()?)));
    let interval = written.map_or(DEFAULT_POLL_INTERVAL, |(_, ms)| Duration::from_millis(ms));
    let longest = [
        ("commit.transaction_timeout", config.commit.transaction_timeout.min(LONGEST_TRANSACTION)),
        ("shutdown.drain_timeout", config.shutdown.drain_timeout),
    ];
    for (key, time) in longest.into_iter().filter(|(_, time)| *time >= interval) {
        let path = written.map(|(name, _)| {
            Path::of("kafka").then(Step::Key(name.to_owned())).then(Step::Key(option.to_owned()))
        });
        findings.push(Finding {
            keys: path.into_iter().chain([Path::of(key)]).collect(),
            message: format!(
                "the group takes our partitions away after a silence of {} (`{option}`), and `{key}` lets one last {}",
                write_duration(interval),
                write_duration(time)
            ),
            help: format!("keep `{key}` well below, or raise `kafka.consumer_options.{option}`"),
        });
    }
}

fn check_broker(broker: &str) -> Result<(), &'static str> {
    if broker.contains("://") {
        return Err("it has a scheme; `kafka.security.protocol` says how to connect");
    }
    if broker.contains(',') {
        return Err("these are several; each is an item of the list");
    }
    let Some((host, port)) = broker.rsplit_once(':') else { return Err("the port is missing") };
    if !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Err("the port must be a number from 1 to 65535");
    }
    let is_ipv6 = host.starts_with('[') && host.ends_with(']');
    let is_name = !host.is_empty() && !host.contains([':', '/', ' ']);
    if is_ipv6 || is_name {
        Ok(())
    } else {
        Err("the host is not a name or an address (IPv6 in brackets)")
    }
}

fn check_security(security: &Security, findings: &mut Vec<Finding>) {
    use SecurityProtocol::{SaslPlaintext, SaslSsl, Ssl};
    let wants_sasl = matches!(security.protocol, SaslPlaintext | SaslSsl);
    let wants_tls = matches!(security.protocol, Ssl | SaslSsl);
    let sasl = &security.sasl;
    let has_sasl = sasl.mechanism.is_some() || sasl.username.is_some() || sasl.password.is_some();
    if has_sasl && !wants_sasl {
        findings.push(Finding::new(
            &["kafka.security.protocol", "kafka.security.sasl"],
            "`sasl` is set, but the protocol does not use it",
            format!(
                "write `protocol: {}`, or remove `sasl`",
                if wants_tls { "sasl_ssl" } else { "sasl_ssl` or `sasl_plaintext" }
            ),
        ));
    }
    if wants_sasl && sasl.mechanism.is_none() {
        findings.push(Finding::new(
            &["kafka.security.protocol", "kafka.security.sasl.mechanism"],
            "the protocol wants SASL, but `sasl.mechanism` is not set",
            "write `sasl: {mechanism: SCRAM-SHA-512, username: …, password: {from_env: …}}`",
        ));
    }
    let needs_user =
        sasl.mechanism.is_some_and(|mechanism| mechanism != SaslMechanism::OAuthBearer);
    if wants_sasl && needs_user && (sasl.username.is_none() || sasl.password.is_none()) {
        findings.push(Finding::new(
            &[
                "kafka.security.sasl.mechanism",
                "kafka.security.sasl.username",
                "kafka.security.sasl.password",
            ],
            "this mechanism needs `username` and `password`",
            "set both; `{from_env: NAME}` and `{from_file: PATH}` keep them out of this file",
        ));
    }
    if wants_sasl && sasl.mechanism == Some(SaslMechanism::OAuthBearer) && sasl.token_file.is_none()
    {
        findings.push(Finding::new(
            &["kafka.security.sasl.mechanism", "kafka.security.sasl.token_file"],
            "this mechanism needs `token_file`",
            "write the path of a file in which someone keeps a fresh token",
        ));
    }
    check_tls(security, findings);
}

fn check_tls(security: &Security, findings: &mut Vec<Finding>) {
    let has_sasl = matches!(security.protocol, SecurityProtocol::SaslPlaintext);
    let is_used = matches!(security.protocol, SecurityProtocol::Ssl | SecurityProtocol::SaslSsl);
    let tls = &security.tls;
    if tls != &Tls::default() && !is_used {
        findings.push(Finding::new(
            &["kafka.security.protocol", "kafka.security.tls"],
            "`tls` is set, but the protocol does not use it",
            format!(
                "write `protocol: {}`, or remove `tls`",
                if has_sasl { "sasl_ssl" } else { "ssl" }
            ),
        ));
    }
    if tls.cert_file.is_some() != tls.key_file.is_some() {
        findings.push(Finding::new(
            &["kafka.security.tls.cert_file", "kafka.security.tls.key_file"],
            "a client certificate and its key belong together",
            "set both `cert_file` and `key_file`, or neither",
        ));
    }
}

fn check_options(
    name: &str,
    options: &BTreeMap<String, String>,
    is_exactly_once: bool,
    findings: &mut Vec<Finding>,
) {
    for (option, value) in options {
        let key =
            Path::of("kafka").then(Step::Key(name.to_owned())).then(Step::Key(option.clone()));
        if let Some(ours) = key_of_option(option) {
            findings.push(Finding {
                keys: vec![key],
                message: format!("klartext sets `{option}` itself"),
                help: format!("remove it and use `{ours}`"),
            });
        } else if option == "enable.idempotence" && is_exactly_once && value != "true" {
            findings.push(Finding {
                keys: vec![key],
                message: "`delivery: exactly_once` needs an idempotent producer".to_owned(),
                help: "remove it, or write `delivery: at_least_once`".to_owned(),
            });
        } else if is_acks(option) && !matches!(value.as_str(), "all" | "-1") {
            findings.push(Finding {
                keys: vec![key],
                message: "an article that only some replicas have is lost with them".to_owned(),
                help: "remove it: klartext waits for all of them; `min.insync.replicas` of the topic says how many that are at least".to_owned(),
            });
        } else if !option.contains('.') && option.contains('_') {
            findings.push(Finding {
                keys: vec![key],
                message: format!("librdkafka has no option `{option}`"),
                help: format!("its names have dots: `{}`", option.replace('_', ".")),
            });
        }
    }
}

fn is_acks(option: &str) -> bool {
    option == "acks" || option == "request.required.acks"
}
