//! A mock cluster with the topics of klartext, a service running on it, and what came out.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use klartext::config::{Config, Delivery};
use klartext::encode::RejectedPage;
use klartext::model::Rejection;
use klartext::model::{Header, Record};
use klartext::pipeline::Outcome;
use klartext::rules::Rules;
use klartext::service::{self, Account, Clean, Hooks, ServiceError, Settlement, Shutdown};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Header as WireHeader, Headers as _, Message as _, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// Longest wait for anything; far more than it takes.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Bench {
    pub(super) cluster: MockCluster<'static, DefaultProducerContext>,
    pub(super) config: Config,
    producer: ThreadedProducer<DefaultProducerContext>,
}

impl Bench {
    pub(super) fn new(n_partitions: i32) -> Self {
        Self::with_brokers(1, n_partitions)
    }

    pub(super) fn with_brokers(n_brokers: i32, n_partitions: i32) -> Self {
        let cluster = MockCluster::new(n_brokers).unwrap();
        for (topic, n) in [
            ("pages.raw", n_partitions),
            ("articles.clean", 1),
            ("articles.dead", 1),
            ("articles.rejected", 1),
        ] {
            cluster.create_topic(topic, n, 1).unwrap();
        }
        let mut config = Config { delivery: Delivery::AtLeastOnce, ..Config::default() };
        config.kafka.brokers = vec![cluster.bootstrap_servers()];
        config.rejected.topic = Some("articles.rejected".to_owned());
        config.workers.threads = 2;
        config.commit.interval = Duration::from_millis(50);
        // The mock does not hear a member leave: its successor waits for this.
        config.kafka.consumer_options.insert("session.timeout.ms".to_owned(), "6000".to_owned());
        let producer = ClientConfig::new()
            .set("bootstrap.servers", cluster.bootstrap_servers())
            .set("message.max.bytes", "20000000")
            .set("linger.ms", "1")
            .create()
            .unwrap();
        Self { cluster, config, producer }
    }

    /// Puts a record into the input topic.
    pub(super) fn put(&self, partition: i32, record: &Record) {
        let headers = record.headers.iter().fold(OwnedHeaders::new(), |headers, header| {
            headers.insert(WireHeader { key: &header.name, value: header.value.as_ref() })
        });
        let mut wire =
            BaseRecord::<[u8], [u8]>::to("pages.raw").partition(partition).headers(headers);
        wire.key = record.key.as_deref();
        wire.payload = record.value.as_deref();
        wire.timestamp = record.timestamp_ms;
        self.producer.send(wire).map_err(|(error, _)| error).unwrap();
    }

    /// Puts `n` pages into the input, round the partitions; their keys are their numbers.
    pub(super) fn put_pages(&self, n_partitions: i32, range: std::ops::Range<i32>) {
        for n in range {
            self.put(n % n_partitions, &page(&n.to_string()));
        }
        self.producer.flush(PATIENCE).unwrap();
    }

    pub(super) fn flush(&self) {
        self.producer.flush(PATIENCE).unwrap();
    }

    pub(super) fn start(&self) -> Running {
        self.start_with(reject)
    }

    /// Starts the service with something in place of the core.
    pub(super) fn start_with(&self, clean: Clean) -> Running {
        Running::start(self.config.clone(), clean)
    }

    /// Everything in a topic's first partition.
    pub(super) fn read(&self, topic: &str, n_wanted: usize) -> Vec<Record> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.cluster.bootstrap_servers())
            .set("group.id", "reader")
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
        consumer.assign(&list).unwrap();
        let mut records = Vec::new();
        let deadline = Instant::now() + PATIENCE;
        // A moment longer than the last record wanted, to see those that should not be there.
        let mut quiet = Instant::now();
        while Instant::now() < deadline
            && (records.len() < n_wanted || quiet.elapsed() < Duration::from_secs(2))
        {
            if let Some(Ok(message)) = consumer.poll(Duration::from_millis(50)) {
                records.push(record_of(&message));
                quiet = Instant::now();
            }
        }
        records
    }

    /// Waits until the group's committed offset of an input partition is this one.
    pub(super) fn wait_until_committed(&self, partition: i32, offset: i64) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.committed(partition) != Some(offset) {
            assert!(
                Instant::now() < deadline,
                "committed is {:?}, not {offset}",
                self.committed(partition)
            );
            wait(Duration::from_millis(100));
        }
    }

    /// The group's committed offset of an input partition.
    pub(super) fn committed(&self, partition: i32) -> Option<i64> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.cluster.bootstrap_servers())
            .set("group.id", &self.config.input.group_id)
            .create()
            .unwrap();
        let mut list = TopicPartitionList::new();
        list.add_partition("pages.raw", partition);
        let list = consumer.committed_offsets(list, PATIENCE).unwrap();
        list.elements().first().and_then(|element| element.offset().to_raw()).filter(|o| *o >= 0)
    }
}

fn record_of(message: &rdkafka::message::BorrowedMessage<'_>) -> Record {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        let owned = |h: WireHeader<'_, &[u8]>| Header {
            name: h.key.to_owned(),
            value: h.value.map(<[u8]>::to_vec),
        };
        headers.iter().map(owned).collect()
    });
    Record {
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers,
        timestamp_ms: message.timestamp().to_millis(),
        origin: None,
    }
}

/// A service on a thread of its own.
pub(super) struct Running {
    pub(super) shutdown: Shutdown,
    settled: Arc<Mutex<Vec<(i32, i64, Settlement)>>>,
    pub(super) events: Events,
    thread: JoinHandle<Result<Account, ServiceError>>,
}

impl Running {
    pub(super) fn start(config: Config, clean: Clean) -> Self {
        let settled = Arc::new(Mutex::new(Vec::new()));
        let shutdown = Shutdown::new();
        let (notes, stop) = (Arc::clone(&settled), shutdown.clone());
        let events = Events::default();
        let log = tracing_subscriber::registry().with(events.clone());
        let thread = thread::spawn(move || {
            let _logged = tracing::subscriber::set_default(log);
            let rules = Arc::new(Rules::compile(&config).unwrap());
            let observer: service::Observer = Box::new(move |settled| {
                let note = (settled.origin.partition, settled.origin.offset, settled.settlement);
                notes.lock().unwrap().push(note);
            });
            service::run(
                &config,
                rules,
                &stop,
                Hooks { observer: Some(observer), clean, ..Hooks::default() },
            )
        });
        Self { shutdown, settled, events, thread }
    }

    pub(super) fn settled(&self) -> Vec<(i32, i64, Settlement)> {
        self.settled.lock().unwrap().clone()
    }

    /// Waits until so many records are settled.
    pub(super) fn wait_for(&self, n_settled: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.settled.lock().unwrap().len() < n_settled {
            assert!(Instant::now() < deadline, "only {} settled", self.settled().len());
            assert!(!self.thread.is_finished(), "the service ended");
            wait(Duration::from_millis(10));
        }
    }

    /// Waits until the service logged this.
    pub(super) fn wait_for_event(&self, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.events.count(name) == 0 {
            assert!(Instant::now() < deadline, "{name} was never logged");
            wait(Duration::from_millis(10));
        }
    }

    pub(super) fn stop(self) -> Account {
        let account = self.ended().unwrap();
        assert!(account.is_balanced(0), "{account:?}");
        account
    }

    /// Asks for the end, and gives it.
    pub(super) fn ended(self) -> Result<Account, ServiceError> {
        self.shutdown.request();
        self.thread.join().unwrap()
    }

    /// The end that comes by itself.
    pub(super) fn ends(self) -> Result<Account, ServiceError> {
        self.thread.join().unwrap()
    }
}

/// The names of the events that the service's thread logged.
#[derive(Debug, Clone, Default)]
pub(super) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub(super) fn count(&self, name: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|event| *event == name).count()
    }
}

impl<S: tracing::Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let mut name = NameOf(None);
        event.record(&mut name);
        self.0.lock().unwrap().extend(name.0);
    }
}

struct NameOf(Option<String>);

impl Visit for NameOf {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "event.name" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

pub(super) fn wait(time: Duration) {
    thread::park_timeout(time);
}

/// A page of ours under a key.
pub(super) fn page(key: &str) -> Record {
    let value = format!(
        "<!doctype html><html lang=de><title>Meldung {key}</title><body><article><h1>Meldung {key}</h1>\
         <p>Der Gemeinderat hat am Dienstag über den Neubau der Brücke beraten und ihn mit großer Mehrheit \
         beschlossen. Die Arbeiten sollen im Frühjahr beginnen und rund zwei Jahre dauern.</p>\
         <p>Die Kosten trägt zur Hälfte das Land. Während der Bauzeit wird der Verkehr über die Nachbargemeinde \
         umgeleitet, sagte der Bürgermeister nach der Sitzung.</p></article></body></html>"
    );
    Record {
        key: Some(key.as_bytes().to_vec()),
        value: Some(value.into_bytes()),
        headers: vec![header("url", b"https://zeitung.example/meldung")],
        ..Record::default()
    }
}

pub(super) fn header(name: &str, value: &[u8]) -> Header {
    Header { name: name.to_owned(), value: Some(value.to_vec()) }
}

/// In place of the core: every page is rejected and named by its key in the rejected topic, tombstones are tombstones. So
/// these tests hold whatever the core thinks of a page.
pub(super) fn reject(record: &Record, _rules: &Rules) -> Outcome {
    if record.value.is_none() {
        return Outcome::Tombstone;
    }
    Outcome::Rejected(RejectedPage {
        reason: Rejection::NotAnArticle,
        value: record.key.clone().unwrap_or_default(),
        url: None,
        host: Some("zeitung.example".to_owned()),
    })
}
