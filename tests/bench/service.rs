//! What `tests/bench/service` needs of Kafka: topics, pages in them, a stopwatch at the output, a copy without klartext.
//!
//! - `pages N BYTES`: prints N JSON envelopes, one a line, with pages of so many bytes; 0: as they come
//!   (`KLARTEXT_BENCH_PAGES`, see the bench `core`);
//! - `topics PARTITIONS NAME…`: makes topics;
//! - `fill TOPIC PARTITIONS FILE`: a record for each line, round the partitions;
//! - `watch N TOPIC…`: prints `from` and `to` with a count when so much of N committed records is there, and `all`;
//! - `copy FROM TO N`: what no program that reads and writes can do without;
//! - `latency INPUT PARTITIONS FILE PER_SECOND SECONDS TOPIC…`: milliseconds from producing a page to reading what became of it.
//!
//! `KLARTEXT_TEST_BROKERS` names the brokers.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    reason = "a measuring program"
)]

#[expect(dead_code, reason = "the bench `core` writes pages down as files, too")]
#[path = "core/corpus.rs"]
mod corpus;

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

type Producer = ThreadedProducer<DefaultProducerContext>;

/// Large enough for every page.
const MAX_BYTES: &str = "33554432";
/// Longest time without a record.
const PATIENCE: Duration = Duration::from_mins(1);
/// Commits come in clumps; behind one nothing comes for so long.
const CLUMP_END: Duration = Duration::from_millis(30);

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |text: &str| text.parse::<usize>().unwrap();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["pages", n, n_bytes] => pages(number(n), number(n_bytes)),
        ["topics", partitions, names @ ..] => topics(partitions.parse().unwrap(), names),
        ["fill", topic, partitions, file] => fill(topic, partitions.parse().unwrap(), file),
        ["watch", n, topics @ ..] => watch(number(n), topics),
        ["copy", from, to, n] => copy(from, to, number(n)),
        ["latency", input, partitions, file, rate, seconds, topics @ ..] => {
            let load = Load {
                input,
                n_partitions: partitions.parse().unwrap(),
                lines: lines(file).collect(),
                per_second: rate.parse().unwrap(),
                seconds: seconds.parse().unwrap(),
            };
            latency(&load, topics);
        }
        _ => println!("tests/bench/service measures with it"),
    }
}

fn pages(n: usize, n_bytes: usize) {
    let pages = if n_bytes == 0 { corpus::pages() } else { vec![corpus::synthetic(n_bytes)] };
    let mut out = std::io::stdout().lock();
    for (at, page) in pages.iter().cycle().take(n).enumerate() {
        let bytes = page.record.value.as_deref().unwrap();
        let html = String::from_utf8_lossy(bytes);
        let url = format!("{}?page={at}", page.url);
        let envelope = serde_json::json!({"url": url, "html": html});
        writeln!(out, "{envelope}").unwrap();
    }
}

fn lines(file: &str) -> impl Iterator<Item = Vec<u8>> {
    BufReader::new(File::open(file).unwrap()).split(b'\n').map(Result::unwrap)
}

fn client() -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", std::env::var("KLARTEXT_TEST_BROKERS").unwrap())
        .set("message.max.bytes", MAX_BYTES);
    config
}

fn topics(n_partitions: i32, names: &[&str]) {
    let admin: AdminClient<DefaultClientContext> = client().create().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let new = names.iter().map(|name| {
        NewTopic::new(name, n_partitions, TopicReplication::Fixed(1))
            .set("max.message.bytes", MAX_BYTES)
    });
    let new: Vec<NewTopic<'_>> = new.collect();
    let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
    let made = runtime.block_on(admin.create_topics(&new, &options)).unwrap();
    assert!(made.iter().all(Result::is_ok), "{made:?}");
}

fn producer(compression: &str, linger_ms: &str) -> Producer {
    client()
        .set("compression.type", compression)
        .set("linger.ms", linger_ms)
        .set("queue.buffering.max.kbytes", "65536")
        .create()
        .unwrap()
}

/// Sends a record, waiting for room in the queue.
fn send(producer: &Producer, mut record: BaseRecord<'_, [u8], [u8]>) {
    while let Err((error, back)) = producer.send(record) {
        let is_full = matches!(error, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull));
        assert!(is_full, "{error}");
        record = back;
        thread::sleep(Duration::from_millis(2));
    }
}

fn fill(topic: &str, n_partitions: i32, file: &str) {
    let producer = producer("none", "5");
    for (at, line) in lines(file).enumerate() {
        let key = at.to_string();
        let record = BaseRecord::to(topic).key(key.as_bytes()).payload(line.as_slice());
        send(&producer, record.partition(at as i32 % n_partitions));
    }
    producer.flush(PATIENCE).unwrap();
}

/// Reads what is committed, from the beginning of the topics; asks the broker again after so many milliseconds.
fn reader(topics: &[&str], wait_ms: &str) -> BaseConsumer {
    let consumer: BaseConsumer = client()
        .set("group.id", format!("reader-{}", std::process::id()))
        .set("isolation.level", "read_committed")
        .set("enable.auto.commit", "false")
        .set("fetch.wait.max.ms", wait_ms)
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    for topic in topics {
        let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
        for partition in metadata.topics()[0].partitions() {
            list.add_partition_offset(topic, partition.id(), Offset::Beginning).unwrap();
        }
    }
    consumer.assign(&list).unwrap();
    consumer
}

fn watch(n: usize, topics: &[&str]) {
    // Every question costs the broker time that is not klartext's.
    let consumer = reader(topics, "500");
    println!("ready");
    let (mut count, mut last) = (0, Instant::now());
    let mut marks = MARKS.iter().peekable();
    while count < n {
        if let Some(message) = consumer.poll(Duration::from_millis(5)) {
            message.unwrap();
            (count, last) = (count + 1, Instant::now());
        }
        let is_reached = |Mark { percent, at_most, .. }: &&Mark| {
            // What is committed in no clumps has no end of one.
            let is_end = last.elapsed() > CLUMP_END || count * 100 >= n * at_most;
            count * 100 >= n * percent && is_end
        };
        while let Some(Mark { name, .. }) = marks.next_if(is_reached) {
            println!("{name} {count} {:.6}", last.elapsed().as_secs_f64());
        }
        assert!(last.elapsed() < PATIENCE, "{count} of {n} records came");
    }
    println!("all");
}

/// A moment between which and another the rate is taken: the end of the first clump that makes up so many per cent of the
/// records.
struct Mark {
    name: &'static str,
    percent: usize,
    /// When it is one without the end of a clump.
    at_most: usize,
}

/// The first records fill caches and queues. Behind the last ones there is nothing to do but to wait for their commit, which is
/// no part of a steady rate.
const MARKS: [Mark; 2] = [
    Mark { name: "from", percent: 33, at_most: 50 },
    Mark { name: "to", percent: 85, at_most: 100 },
];

fn copy(from: &str, to: &str, n: usize) {
    let consumer: BaseConsumer = client()
        .set("group.id", format!("copy-{to}"))
        .set("auto.offset.reset", "earliest")
        .set("auto.commit.interval.ms", "200")
        .create()
        .unwrap();
    consumer.subscribe(&[from]).unwrap();
    let producer = producer("zstd", "5");
    for _ in 0..n {
        let message = next(&consumer);
        let mut record = BaseRecord::to(to).payload(message.payload().unwrap_or_default());
        record.key = message.key();
        send(&producer, record);
    }
    producer.flush(PATIENCE).unwrap();
}

/// The next record. One poll also ends where partitions are assigned.
fn next(consumer: &BaseConsumer) -> BorrowedMessage<'_> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(message) = consumer.poll(Duration::from_secs(1)) {
            return message.unwrap();
        }
    }
    panic!("no record came for {PATIENCE:?}");
}

/// Pages that come at a steady rate.
struct Load<'l> {
    input: &'l str,
    n_partitions: i32,
    lines: Vec<Vec<u8>>,
    per_second: f64,
    seconds: f64,
}

impl Load<'_> {
    fn n_pages(&self) -> usize {
        (self.per_second * self.seconds) as usize
    }

    /// Sends the pages, noting for each the microsecond at which it was sent.
    fn send(&self, began: Instant, sent: &[AtomicU64]) {
        // What the sender waits for is not klartext's.
        let producer = producer("none", "0");
        for (at, sent) in sent.iter().enumerate() {
            let due = began + Duration::from_secs_f64(at as f64 / self.per_second);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let (key, line) = (at.to_string(), &self.lines[at % self.lines.len()]);
            let record = BaseRecord::to(self.input).key(key.as_bytes()).payload(line.as_slice());
            sent.store(began.elapsed().as_micros() as u64, Ordering::Relaxed);
            send(&producer, record.partition(at as i32 % self.n_partitions));
        }
        producer.flush(PATIENCE).unwrap();
    }
}

fn latency(load: &Load<'_>, topics: &[&str]) {
    let consumer = reader(topics, "10");
    let n = load.n_pages();
    let sent: Vec<AtomicU64> = (0..n).map(|_| AtomicU64::new(0)).collect();
    let began = Instant::now();
    let mut took: Vec<f64> = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| load.send(began, &sent));
        for _ in 0..n {
            let message = next(&consumer);
            let now = began.elapsed().as_micros() as u64;
            let key = std::str::from_utf8(message.key().unwrap()).unwrap();
            let at: usize = key.parse().unwrap();
            took.push((now - sent[at].load(Ordering::Relaxed)) as f64 / 1e3);
        }
    });
    // The first second fills caches and queues.
    let warm = (load.per_second as usize).min(n / 2);
    took.drain(..warm);
    took.sort_by(f64::total_cmp);
    let quantile = |percent: usize| took[(took.len() - 1) * percent / 100];
    println!("{} {:.1} {:.1} {:.1}", took.len(), quantile(50), quantile(99), quantile(100));
}
