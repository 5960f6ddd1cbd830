//! Our configuration → librdkafka's. The starting values were measured; the user's own options win over all of them.

use std::collections::BTreeMap;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use crate::config::{
    Compression, Config, Delivery, GroupProtocol, SaslMechanism, SecurityProtocol, Start,
};

/// Room for headers and framing around the largest dead letter, bytes.
const MESSAGE_OVERHEAD_BYTES: u64 = 1024 * 1024;

/// Read ahead, bytes; and what one fetch may bring, compressed: a queue that is nearly full gets one more of those. A record
/// that is larger than these limits comes all the same, alone. (With fetches of half the size the broker takes a fifth more
/// CPU for the same pages.)
const PREFETCH_BYTES: u64 = 8 * 1024 * 1024;
const FETCH_BYTES: u64 = 4 * 1024 * 1024;

/// How much smaller zstd makes HTML (measured: 5.9 times).
const HTML_COMPRESSION: u64 = 6;

/// Longest silence of the group before a member is declared dead.
const SESSION_TIMEOUT_MS: u64 = 45_000;

/// The consumer's options.
#[must_use]
pub fn consumer_config(config: &Config) -> ClientConfig {
    let mut client = common(config);
    client.set("group.id", &config.input.group_id);
    if let Some(instance_id) = &config.input.instance_id {
        client.set("group.instance.id", instance_id);
    }
    match config.input.group_protocol {
        GroupProtocol::Classic => client
            .set("group.protocol", "classic")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", SESSION_TIMEOUT_MS.to_string()),
        // The broker decides on assignment and session.
        GroupProtocol::Consumer => client.set("group.protocol", "consumer"),
    };
    match config.delivery {
        // Offsets are part of the transaction.
        Delivery::ExactlyOnce => client.set("enable.auto.commit", "false"),
        // What we store is committed.
        Delivery::AtLeastOnce => client
            .set("enable.auto.commit", "true")
            .set("auto.commit.interval.ms", config.commit.interval.as_millis().max(1).to_string()),
    };
    let start = match config.input.start {
        Start::Earliest => "earliest",
        Start::Latest => "latest",
    };
    client
        .set("auto.offset.reset", start)
        .set("enable.auto.offset.store", "false")
        .set("isolation.level", "read_committed")
        .set("queued.max.messages.kbytes", (PREFETCH_BYTES / 1024).to_string())
        // With the default of 1000 ms a full queue costs 80 % of the throughput.
        .set("fetch.queue.backoff.ms", "10")
        .set("fetch.max.bytes", FETCH_BYTES.to_string())
        .set("max.partition.fetch.bytes", (FETCH_BYTES / 4).to_string())
        .set("statistics.interval.ms", "5000");
    // A warning of librdkafka's tells of offsets that are gone: it has to reach us, whatever is logged in the end.
    if matches!(
        client.log_level,
        RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
    ) {
        client.set_log_level(RDKafkaLogLevel::Warning);
    }
    overlay(&mut client, &config.kafka.options, &config.kafka.consumer_options);
    client
}

/// The producer's options. `transactional_id` is that of [`transactional_id`] when the delivery is exactly once.
#[must_use]
pub fn producer_config(config: &Config) -> ClientConfig {
    let mut client = common(config);
    let largest = largest_output_bytes(config);
    // 1,000,000,000 is librdkafka's own upper bound.
    client.set("message.max.bytes", largest.min(1_000_000_000).to_string());
    let codec = match config.output.compression {
        Compression::None => "none",
        Compression::Gzip => "gzip",
        Compression::Snappy => "snappy",
        Compression::Lz4 => "lz4",
        Compression::Zstd => "zstd",
    };
    client
        .set("compression.codec", codec)
        .set("enable.idempotence", "true")
        // The partition of a key is the one that Java clients choose.
        .set("partitioner", "murmur2_random")
        .set("linger.ms", linger_ms(config.delivery))
        .set("batch.size", "1000000")
        .set("queue.buffering.max.kbytes", (producer_queue_bytes(config) / 1024).to_string());
    if config.output.compression == Compression::Zstd {
        // Level 3 makes articles 1 to 9 % smaller, more so the more of them lie together, and takes 1.4 times as long: with two
        // threads on two cores, 2 % of all pages a second. An article is a tenth of its page.
        client.set("compression.level", "1");
    }
    match config.delivery {
        Delivery::ExactlyOnce => {
            let timeout_ms = config.commit.transaction_timeout.as_millis().to_string();
            client
                .set("transactional.id", transactional_id(config))
                .set("transaction.timeout.ms", &timeout_ms)
                // A message may not outlive its transaction.
                .set("message.timeout.ms", &timeout_ms);
        }
        // A broker that is away is waited for, however long: giving a message up would only mean to send it again.
        Delivery::AtLeastOnce => {
            client.set("message.timeout.ms", "0");
        }
    }
    overlay(&mut client, &config.kafka.options, &config.kafka.producer_options);
    client
}

/// How long a record waits for others to make a batch with. Those of a transaction come all at once, some hundred in two
/// milliseconds, and then everything waits for the last batch.
const fn linger_ms(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::ExactlyOnce => "2",
        Delivery::AtLeastOnce => "5",
    }
}

fn largest_output_bytes(config: &Config) -> u64 {
    config.limits.document_bytes.as_u64().max(config.output.max_bytes.as_u64())
        + MESSAGE_OVERHEAD_BYTES
}

/// The producer copies what it is given. Two of the largest records must fit; librdkafka allows no more than 2 GiB.
fn producer_queue_bytes(config: &Config) -> u64 {
    (2 * largest_output_bytes(config)).clamp(16 * 1024 * 1024, 2_147_482_624)
}

/// What of `workers.in_flight_bytes` is for the pages that we hold ourselves: the rest is what librdkafka holds of those that
/// wait to be read and to be sent.
pub(super) fn held_bytes(config: &Config) -> usize {
    let budget = config.workers.in_flight_bytes.as_u64();
    let queues = PREFETCH_BYTES + FETCH_BYTES * HTML_COMPRESSION + producer_queue_bytes(config);
    // A fifth is what the allocator keeps beside what it is asked for (measured with pages of 1 MB).
    let held = (budget - queues.min(budget / 2)) / 5 * 4;
    usize::try_from(held).unwrap_or(usize::MAX)
}

/// `transactional.id`: as configured, else group id + instance id, else group id + host name. It must be unique per process
/// and should be stable over restarts, so that a restarted process can end the transaction its predecessor left open.
#[must_use]
pub fn transactional_id(config: &Config) -> String {
    let instance = || config.input.instance_id.clone().unwrap_or_else(host_name);
    config
        .commit
        .transactional_id
        .clone()
        .unwrap_or_else(|| format!("{}-{}", config.input.group_id, instance()))
}

/// Name of this host, from the kernel: a service that systemd locks in sees no `/proc/sys`.
#[must_use]
pub fn host_name() -> String {
    let system = rustix::system::uname();
    let name = system.nodename().to_string_lossy();
    if name.is_empty() { std::process::id().to_string() } else { name.into_owned() }
}

fn common(config: &Config) -> ClientConfig {
    let mut client = ClientConfig::new();
    client
        .set("bootstrap.servers", config.kafka.brokers.join(","))
        .set("client.id", &config.kafka.client_id)
        .set("reconnect.backoff.max.ms", "2000");
    secure(&mut client, config);
    client
}

fn secure(client: &mut ClientConfig, config: &Config) {
    let security = &config.kafka.security;
    let protocol = match security.protocol {
        SecurityProtocol::Plaintext => "plaintext",
        SecurityProtocol::Ssl => "ssl",
        SecurityProtocol::SaslPlaintext => "sasl_plaintext",
        SecurityProtocol::SaslSsl => "sasl_ssl",
    };
    client.set("security.protocol", protocol);
    if matches!(security.protocol, SecurityProtocol::Ssl | SecurityProtocol::SaslSsl) {
        let tls = &security.tls;
        // The bundled OpenSSL does not know where the system keeps its authorities: let librdkafka look for them.
        let ca = tls.ca_file.as_ref().map_or("probe".into(), |file| file.to_string_lossy());
        client.set("ssl.ca.location", ca);
        if let Some(file) = &tls.cert_file {
            client.set("ssl.certificate.location", file.to_string_lossy());
        }
        if let Some(file) = &tls.key_file {
            client.set("ssl.key.location", file.to_string_lossy());
        }
        if let Some(password) = &tls.key_password {
            client.set("ssl.key.password", password.expose());
        }
    }
    if let Some(mechanism) = security.sasl.mechanism {
        let mechanism = match mechanism {
            SaslMechanism::Plain => "PLAIN",
            SaslMechanism::ScramSha256 => "SCRAM-SHA-256",
            SaslMechanism::ScramSha512 => "SCRAM-SHA-512",
            SaslMechanism::OAuthBearer => "OAUTHBEARER",
        };
        client.set("sasl.mechanism", mechanism);
    }
    if let Some(username) = &security.sasl.username {
        client.set("sasl.username", username.expose());
    }
    if let Some(password) = &security.sasl.password {
        client.set("sasl.password", password.expose());
    }
}

fn overlay(
    client: &mut ClientConfig,
    both: &BTreeMap<String, String>,
    own: &BTreeMap<String, String>,
) {
    for (key, value) in both.iter().chain(own) {
        client.set(key, value);
    }
}
