//! What is promised holds when a process dies in the middle: `kill -9`, again and again.

use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;

use super::kafka::{Isolation, Kafka, Outputs, Topics, pause, wait_for_article};
use super::pages::{self, Page};
use super::program::{Klartext, Setup};
use super::{kafka_for, tally};

/// Pages that are produced for each life of the process that is killed.
const N_PORTION: usize = 600;
const LIMIT: Duration = Duration::from_secs(90);

#[test]
fn kill_9_in_the_middle_leaves_every_page_exactly_once() {
    let Some(kafka) = kafka_for("kill_9") else { return };
    let mut group = Group::start(kafka, "kill-9", Setup::with_long_transactions());
    // A kill that meets no open transaction proves nothing: then readers of everything see no page twice.
    let mut n_kills = 0;
    while n_kills < 3 || !group.has_repeated_itself() {
        assert!(n_kills < 30, "no kill of {n_kills} hit an open transaction");
        group.kill_in_the_middle();
        n_kills += 1;
    }
    let (pages, outputs) = group.finish();
    tally::exactly_once(&pages, &outputs);
    tally::order_is_kept_per_key(&outputs.articles);
}

#[test]
fn kill_9_with_at_least_once_loses_nothing() {
    let Some(kafka) = kafka_for("at_least_once") else { return };
    let setup = Setup { delivery: "at_least_once", is_static_member: true, ..Setup::default() };
    let mut group = Group::start(kafka, "at-least-once", setup);
    for _ in 0..3 {
        group.kill_in_the_middle();
    }
    let (pages, outputs) = group.finish();
    tally::at_least_once(&pages, &outputs);
}

/// Two processes, of which one is killed again and again.
struct Group {
    kafka: Kafka,
    topics: Topics,
    setup: Setup,
    /// Sees every article the moment it is written.
    watch: BaseConsumer,
    pages: Vec<Page>,
    victim: Klartext,
    other: Klartext,
}

impl Group {
    fn start(kafka: Kafka, test: &str, setup: Setup) -> Self {
        let topics = kafka.topics(test, 4);
        let watch = kafka.watch(&topics.output, Isolation::Uncommitted);
        let victim = Klartext::start(&kafka, &topics, "a", setup);
        let other = Klartext::start(&kafka, &topics, "b", setup);
        Self { kafka, topics, setup, watch, pages: Vec::new(), victim, other }
    }

    /// Produces a portion of pages, kills one process when the first of their articles is out, and starts it again.
    fn kill_in_the_middle(&mut self) {
        self.victim.wait_for_partitions(LIMIT);
        let first = self.pages.len();
        let portion = pages::mixed(first..first + N_PORTION);
        self.kafka.produce(&self.topics.input, &portion);
        self.pages.extend(portion);
        // Now a transaction is open, or output is out whose offsets are not committed.
        wait_for_article(&self.watch, LIMIT, |article| article.page_number() >= first);
        self.victim.kill();
        self.victim = Klartext::start(&self.kafka, &self.topics, "a", self.setup);
    }

    fn wait_for_lag_0(&mut self) {
        let began = Instant::now();
        while self.kafka.try_lag(&self.topics) != Ok(0) {
            self.victim.must_run();
            self.other.must_run();
            assert!(
                began.elapsed() < LIMIT,
                "the lag is not 0 after {} s\n{}\n{}",
                LIMIT.as_secs(),
                self.victim.tail(),
                self.other.tail()
            );
            pause();
        }
    }

    fn has_repeated_itself(&mut self) -> bool {
        self.wait_for_lag_0();
        tally::n_repeated(&self.kafka.outputs(&self.topics, Isolation::Uncommitted)) > 0
    }

    /// When all is done: what went in, and what a reader of committed records sees.
    fn finish(mut self) -> (Vec<Page>, Outputs) {
        self.wait_for_lag_0();
        for klartext in [self.victim, self.other] {
            klartext.terminate().must_balance();
        }
        let outputs = self.kafka.outputs(&self.topics, Isolation::Committed);
        (self.pages, outputs)
    }
}
