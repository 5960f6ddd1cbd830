//! What a user's other programs do with Kafka: make topics, produce pages, read what came out, look at the lag.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::{ClientContext, DefaultClientContext};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::util::Timeout;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::pages::Page;

/// Longest wait for one answer of a broker.
const ANSWER: Duration = Duration::from_secs(20);
/// Large enough for the largest record of any test.
const MAX_BYTES: &str = "33554432";

/// A cluster.
pub(super) struct Kafka {
    pub(super) brokers: String,
}

/// The topics of one test.
#[derive(Debug, Clone)]
pub(super) struct Topics {
    pub(super) input: String,
    pub(super) output: String,
    pub(super) rejected: String,
    pub(super) dead: String,
    /// The consumer group; also the stem of the names.
    pub(super) group: String,
}

/// What a reader may see of transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isolation {
    /// Only what was committed, and nothing behind an open transaction.
    Committed,
    /// Everything, also what was aborted.
    Uncommitted,
}

impl Isolation {
    const fn level(self) -> &'static str {
        match self {
            Self::Committed => "read_committed",
            Self::Uncommitted => "read_uncommitted",
        }
    }
}

/// A record that was read.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) partition: i32,
    pub(super) offset: i64,
    pub(super) key: Option<Vec<u8>>,
    pub(super) value: Option<Vec<u8>>,
    pub(super) headers: Vec<(String, Option<Vec<u8>>)>,
    pub(super) timestamp_ms: Option<i64>,
}

impl Read {
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(header, _)| header == name)?;
        Some(String::from_utf8_lossy(value.as_deref()?).into_owned())
    }

    /// The number of the page it came from.
    pub(super) fn page_number(&self) -> usize {
        let number = self.header("page-number").expect("the input's headers are kept");
        number.parse().expect("the header is as it was produced")
    }
}

impl Kafka {
    pub(super) const fn at(brokers: String) -> Self {
        Self { brokers }
    }

    /// Makes the four topics of a test; the input has `n_partitions`, and so have the others.
    pub(super) fn topics(&self, test: &str, n_partitions: i32) -> Topics {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let group = format!("{test}-{}-{nth}", std::process::id());
        let name = |role: &str| format!("{group}.{role}");
        let topics = Topics {
            input: name("raw"),
            output: name("clean"),
            rejected: name("rejected"),
            dead: name("dead"),
            group: group.clone(),
        };
        let names = [&topics.input, &topics.output, &topics.rejected, &topics.dead];
        let new: Vec<NewTopic<'_>> = names
            .iter()
            .map(|name| {
                // -1: the cluster's own default, so the same test runs on one broker and on three.
                NewTopic::new(name, n_partitions, TopicReplication::Fixed(-1))
                    .set("max.message.bytes", MAX_BYTES)
            })
            .collect();
        let admin: AdminClient<DefaultClientContext> =
            self.client().create().expect("an admin client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let options = AdminOptions::new().operation_timeout(Some(ANSWER));
        let created = runtime.expect("a runtime").block_on(admin.create_topics(&new, &options));
        for topic in created.expect("the broker answers") {
            topic.expect("the topic is new");
        }
        topics
    }

    /// Makes one more topic.
    pub(super) fn make_topic(&self, topic: &str, n_partitions: i32) {
        let new = NewTopic::new(topic, n_partitions, TopicReplication::Fixed(-1))
            .set("max.message.bytes", MAX_BYTES);
        let (admin, runtime, options) = self.admin();
        let began = Instant::now();
        // A topic of that name may not be gone altogether yet.
        loop {
            let made = runtime.block_on(admin.create_topics([&new], &options));
            if made.expect("the broker answers")[0].is_ok() {
                return;
            }
            assert!(began.elapsed() < ANSWER, "{topic} cannot be made");
            pause();
        }
    }

    /// Deletes a topic with all that is in it.
    pub(super) fn delete_topic(&self, topic: &str) {
        let (admin, runtime, options) = self.admin();
        let deleted = runtime.block_on(admin.delete_topics(&[topic], &options));
        deleted.expect("the broker answers")[0].as_ref().expect("the topic is there");
    }

    /// Deletes the records of partition 0 before an offset, as retention does.
    pub(super) fn delete_records(&self, topic: &str, before: i64) {
        let (admin, runtime, options) = self.admin();
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, 0, Offset::Offset(before)).expect("a valid offset");
        let deleted = runtime.block_on(admin.delete_records(&list, &options));
        let low = deleted.expect("the broker answers").elements()[0].offset();
        assert_eq!(low, Offset::Offset(before));
    }

    fn admin(&self) -> (AdminClient<DefaultClientContext>, tokio::runtime::Runtime, AdminOptions) {
        let admin = self.client().create().expect("an admin client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let options = AdminOptions::new().operation_timeout(Some(ANSWER));
        (admin, runtime.expect("a runtime"), options)
    }

    /// Changes settings of a topic.
    pub(super) fn configure(&self, topic: &str, settings: &[(&str, &str)]) {
        let admin: AdminClient<DefaultClientContext> =
            self.client().create().expect("an admin client");
        let resource = AlterConfig::new(ResourceSpecifier::Topic(topic));
        let resource =
            settings.iter().fold(resource, |resource, (name, value)| resource.set(name, value));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let altered = runtime
            .expect("a runtime")
            .block_on(admin.alter_configs([&resource], &AdminOptions::new()));
        for answer in altered.expect("the broker answers") {
            answer.expect("the setting is taken");
        }
    }

    fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", &self.brokers);
        client
    }

    /// Produces the pages in their order and waits until all are in.
    pub(super) fn produce(&self, topic: &str, pages: &[Page]) {
        let feeder = self.feeder();
        feeder.put(topic, pages);
        feeder.finish();
    }

    /// A producer that stays, and waits for brokers that are away.
    pub(super) fn feeder(&self) -> Feeder {
        self.feeder_with("none")
    }

    /// One that compresses, as crawlers' do.
    pub(super) fn compressing_feeder(&self) -> Feeder {
        self.feeder_with("zstd")
    }

    fn feeder_with(&self, codec: &str) -> Feeder {
        let producer = self
            .client()
            .set("compression.codec", codec)
            .set("enable.idempotence", "true")
            .set("message.max.bytes", MAX_BYTES)
            .set("linger.ms", "5")
            .create_with_context(Failures::default())
            .expect("a producer");
        Feeder(producer)
    }

    /// As another exactly-once program writes: in a transaction, whose end takes an offset of its own.
    pub(super) fn produce_in_transaction(&self, topic: &str, page: &Page) {
        let producer: ThreadedProducer<Failures> = self
            .client()
            .set("transactional.id", format!("{topic}-producer"))
            .create_with_context(Failures::default())
            .expect("a producer");
        producer.init_transactions(ANSWER).expect("a transactional producer");
        producer.begin_transaction().expect("a transaction");
        send(&producer, topic, page, None);
        producer.commit_transaction(ANSWER).expect("the transaction ends");
    }

    /// Everything in a topic, up to where a reader of that isolation can see at the moment.
    pub(super) fn read(&self, topic: &str, isolation: Isolation) -> Vec<Read> {
        let consumer = self.reader(isolation);
        let n_partitions = assign_from_beginning(&consumer, topic);
        let mut records = Vec::new();
        let mut n_ended = 0;
        while n_ended < n_partitions {
            match consumer.poll(ANSWER) {
                None => panic!(
                    "{topic} cannot be read to its end: no answer for {} s",
                    ANSWER.as_secs()
                ),
                Some(Ok(message)) => records.push(read(&message)),
                Some(Err(KafkaError::PartitionEOF(_))) => n_ended += 1,
                Some(Err(error)) => eprintln!("reading {topic}: {error}"),
            }
        }
        records
    }

    fn reader(&self, isolation: Isolation) -> BaseConsumer {
        self.client()
            .set("group.id", "reader-of-the-tests")
            .set("isolation.level", isolation.level())
            .set("enable.partition.eof", "true")
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", "earliest")
            .set("fetch.wait.max.ms", "20")
            .create()
            .expect("a consumer")
    }

    /// A reader that stays open, to watch a topic fill.
    pub(super) fn watch(&self, topic: &str, isolation: Isolation) -> BaseConsumer {
        let consumer = self.reader(isolation);
        assign_from_beginning(&consumer, topic);
        consumer
    }

    /// Records of the input that the group has not committed yet.
    pub(super) fn lag(&self, topics: &Topics) -> i64 {
        self.try_lag(topics).expect("the brokers know the lag")
    }

    /// As [`Kafka::lag`]; a broker may be away at the moment.
    pub(super) fn try_lag(&self, topics: &Topics) -> KafkaResult<i64> {
        let consumer: BaseConsumer = self.client().set("group.id", &topics.group).create()?;
        let mut lag = 0;
        for partition in 0..partitions(&consumer, &topics.input)? {
            let (low, high) = consumer.fetch_watermarks(&topics.input, partition, ANSWER)?;
            let mut list = TopicPartitionList::new();
            list.add_partition(&topics.input, partition);
            let committed = consumer.committed_offsets(list, ANSWER)?.elements()[0].offset();
            lag += high - committed.to_raw().filter(|offset| *offset >= 0).unwrap_or(low);
        }
        Ok(lag)
    }

    /// Waits until the group has committed the whole input.
    pub(super) fn wait_for_lag_0(&self, topics: &Topics, limit: Duration) {
        let began = Instant::now();
        loop {
            let lag = self.try_lag(topics);
            if lag == Ok(0) {
                return;
            }
            assert!(
                began.elapsed() < limit,
                "the lag is still {lag:?} after {} s",
                limit.as_secs()
            );
            pause();
        }
    }

    /// Everything in the three topics that klartext writes to.
    pub(super) fn outputs(&self, topics: &Topics, isolation: Isolation) -> Outputs {
        Outputs {
            articles: self.read(&topics.output, isolation),
            rejected: self.read(&topics.rejected, isolation),
            dead: self.read(&topics.dead, isolation),
        }
    }
}

/// Puts pages into a topic.
pub(super) struct Feeder(ThreadedProducer<Failures>);

/// Counts the records that did not get in.
#[derive(Debug, Default)]
struct Failures(AtomicU32);

impl ClientContext for Failures {}

impl ProducerContext for Failures {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if result.is_err() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Feeder {
    /// Sends the pages in their order.
    pub(super) fn put(&self, topic: &str, pages: &[Page]) {
        for page in pages {
            send(&self.0, topic, page, None);
        }
    }

    /// Sends the pages with a time of their own, and waits until they are in.
    pub(super) fn put_at(&self, topic: &str, pages: &[Page], timestamp_ms: i64) {
        for page in pages {
            send(&self.0, topic, page, Some(timestamp_ms));
        }
        self.finish();
    }

    /// Waits until all are in.
    pub(super) fn finish(&self) {
        self.0.flush(Timeout::After(Duration::from_mins(1))).expect("all pages are answered");
        let n_failures = self.0.context().0.load(Ordering::Relaxed);
        assert_eq!(n_failures, 0, "some pages did not get in");
    }
}

/// What klartext wrote.
pub(super) struct Outputs {
    /// Articles, and the tombstones passed on.
    pub(super) articles: Vec<Read>,
    pub(super) rejected: Vec<Read>,
    pub(super) dead: Vec<Read>,
}

impl Outputs {
    pub(super) fn len(&self) -> usize {
        self.articles.len() + self.rejected.len() + self.dead.len()
    }
}

/// A short wait between two looks.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests look at another process, which does not call back"
)]
pub(super) fn pause() {
    std::thread::sleep(Duration::from_millis(100));
}

fn send(
    producer: &ThreadedProducer<Failures>,
    topic: &str,
    page: &Page,
    timestamp_ms: Option<i64>,
) {
    let number = page.number.to_string();
    let mut headers =
        OwnedHeaders::new().insert(Header { key: "page-number", value: Some(number.as_str()) });
    for (name, value) in &page.headers {
        headers = headers.insert(Header { key: name, value: Some(value.as_str()) });
    }
    let mut record = BaseRecord::to(topic).key(page.key.as_bytes()).headers(headers);
    record.payload = page.value.as_deref();
    record.timestamp = timestamp_ms;
    let mut unsent = Some(record);
    while let Some(record) = unsent.take() {
        unsent = match producer.send(record) {
            Ok(()) => None,
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), record)) => {
                pause();
                Some(record)
            }
            Err((error, _)) => panic!("page {} cannot be produced: {error}", page.number),
        };
    }
}

/// How many partitions a topic has. A topic that was made a moment ago is not known to every broker at once, and then
/// seems to have none.
fn partitions(consumer: &BaseConsumer, topic: &str) -> KafkaResult<i32> {
    let began = Instant::now();
    loop {
        let metadata = consumer.fetch_metadata(Some(topic), ANSWER)?;
        let partitions = metadata.topics()[0].partitions();
        if !partitions.is_empty() && partitions.iter().all(|partition| partition.leader() >= 0) {
            return Ok(i32::try_from(partitions.len()).expect("a few partitions"));
        }
        assert!(began.elapsed() < ANSWER, "{topic} has no partitions, or one without a leader");
        pause();
    }
}

fn assign_from_beginning(consumer: &BaseConsumer, topic: &str) -> i32 {
    let n_partitions = partitions(consumer, topic).expect("the broker answers");
    let mut list = TopicPartitionList::new();
    for partition in 0..n_partitions {
        list.add_partition_offset(topic, partition, Offset::Beginning).expect("a valid offset");
    }
    consumer.assign(&list).expect("the partitions exist");
    n_partitions
}

/// Reads on until an article is `the_one`.
pub(super) fn wait_for_article(
    watch: &BaseConsumer,
    limit: Duration,
    mut the_one: impl FnMut(&Read) -> bool,
) {
    let began = Instant::now();
    while began.elapsed() < limit {
        match watch.poll(Duration::from_millis(100)) {
            Some(Ok(message)) if the_one(&read(&message)) => return,
            None | Some(Ok(_) | Err(KafkaError::PartitionEOF(_))) => {}
            Some(Err(error)) => eprintln!("waiting for an article: {error}"),
        }
    }
    panic!("the article did not come out for {} s", limit.as_secs());
}

fn read(message: &impl Message) -> Read {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers.iter().map(|h| (h.key.to_owned(), h.value.map(<[u8]>::to_vec))).collect()
    });
    Read {
        partition: message.partition(),
        offset: message.offset(),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers,
        timestamp_ms: message.timestamp().to_millis(),
    }
}

/// How often each page number occurs.
pub(super) fn counts<'a>(records: impl IntoIterator<Item = &'a Read>) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for record in records {
        *counts.entry(record.page_number()).or_default() += 1;
    }
    counts
}
