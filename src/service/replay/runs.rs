//! What runs before this one have dealt with. Each choice of letters has a consumer group of its own; its committed offset
//! says how far it came, and the metadata of that offset which letters it chose. So a later run with another choice knows
//! of each letter whether it was sent already, and no list of them is kept anywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{Offset, TopicPartitionList};

use super::reader::Reader;
use super::{reader_config, stopped};
use crate::config::Config;
use crate::service::ServiceError;

/// Longest wait for one answer of the brokers.
const ANSWER: Duration = Duration::from_secs(10);

/// How far a run came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// What the run noted with its offsets.
    pub note: String,
    /// By partition, the offset up to which (exclusive) it dealt with the letters.
    pub positions: BTreeMap<i32, i64>,
}

/// All runs over the dead letters of a service.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The runs of the group that is asked for.
    pub own: Progress,
    /// Those of other choices.
    pub others: Vec<Progress>,
}

impl Runs {
    /// Asks the brokers for the groups whose names begin with `prefix`, and how far each came. `own_group` is the group of
    /// `reader`.
    ///
    /// # Errors
    /// The brokers do not answer.
    pub fn look_up(
        config: &Config,
        reader: &Reader,
        prefix: &str,
        own_group: &str,
    ) -> Result<Self, ServiceError> {
        let groups = reader.consumer().fetch_group_list(None, ANSWER);
        let groups = groups.map_err(|error| stopped("looking up earlier runs", error))?;
        let names = groups.groups().iter().map(|group| group.name().to_owned());
        let mut others = Vec::new();
        for name in names.filter(|name| name.starts_with(prefix) && name != own_group) {
            let consumer: BaseConsumer = reader_config(config, &name)
                .create()
                .map_err(|source| ServiceError::Options { source })?;
            others.push(progress(&consumer, reader)?);
        }
        Ok(Self { own: progress(reader.consumer(), reader)?, others })
    }
}

fn progress(consumer: &BaseConsumer, reader: &Reader) -> Result<Progress, ServiceError> {
    let mut list = TopicPartitionList::new();
    for partition in reader.bounds().keys() {
        list.add_partition(reader.topic(), *partition);
    }
    let committed = consumer
        .committed_offsets(list, ANSWER)
        .map_err(|error| stopped("looking up an earlier run", error))?;
    let mut progress = Progress::default();
    for element in committed.elements() {
        let end = reader.bounds().get(&element.partition()).map_or(0, |(_, end)| *end);
        match element.offset() {
            // Beyond the end: the topic was made anew, and this says nothing of its letters.
            Offset::Offset(offset) if offset <= end => {
                element.metadata().clone_into(&mut progress.note);
                progress.positions.insert(element.partition(), offset);
            }
            _ => {}
        }
    }
    Ok(progress)
}
