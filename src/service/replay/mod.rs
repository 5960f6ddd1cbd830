//! Dead letters read, and sent back: what `klartext replay` does with Kafka.
//!
//! What is sent back and how far the topic is dealt with commit in one transaction, under a consumer group of its own. So a
//! run may be killed anywhere: the next one goes on where the last transaction ended, and nothing is sent twice. All runs of
//! a service share one `transactional.id`: of two at once the older is fenced.

mod reader;
mod runs;
mod sender;

pub use reader::{Next, Reader};
pub use runs::{Progress, Runs};
pub use sender::{Parcel, Sender};

use super::{ServiceError, client};
use crate::config::{Config, GroupProtocol, Start};

/// The consumer's configuration under another group, without membership: partitions are read, not assigned.
fn reader_config(config: &Config, group_id: &str) -> rdkafka::ClientConfig {
    let mut config = config.clone();
    group_id.clone_into(&mut config.input.group_id);
    config.input.instance_id = None;
    config.input.group_protocol = GroupProtocol::Classic;
    config.input.start = Start::Earliest;
    let mut client = client::consumer_config(&config);
    client.set("enable.partition.eof", "true");
    client
}

/// Why a run cannot go on.
fn stopped(what: &str, error: impl std::fmt::Display) -> ServiceError {
    ServiceError::Replay { reason: format!("{what}: {error}") }
}
