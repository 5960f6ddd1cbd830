//! Dead letters go back into the input, each once, whatever happens on the way.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::kafka::{Isolation, Kafka, Read, Topics, counts, pause};
use super::pages::{self, Expected, Page};
use super::program::{self, Klartext, Setup};
use super::{kafka_for, tally};

const LIMIT: Duration = Duration::from_secs(90);
const N_PAGES: usize = 500;

#[test]
fn pages_that_died_of_a_low_limit_become_articles_once_it_is_raised() {
    let Some(bench) = Bench::with_dead_pages("replay") else { return };
    let said = bench.replay(&["list"]);
    assert!(said.contains("500 dead letters"), "{said}");
    assert!(said.contains("document_too_large"), "{said}");
    let said = bench.replay(&["send", "--dry-run"]);
    assert!(said.ends_with("500 would be sent back\n"), "{said}");
    assert_eq!(bench.n_in_input(), N_PAGES, "a dry run sends nothing");
    assert_eq!(bench.replay(&["send"]), "500 sent back\n");
    bench.must_have_sent_all_once();
    // Again, and with another choice of the same letters: there is nothing left to send.
    assert_eq!(bench.replay(&["send"]), "0 sent back\n");
    let said = bench.replay(&["send", "--reason", "document_too_large"]);
    assert_eq!(said, "0 sent back\n500 left: sent by an earlier run\n");
    bench.must_become_articles();
}

#[test]
fn a_replay_that_is_killed_in_the_middle_goes_on_and_sends_nothing_twice() {
    let Some(bench) = Bench::with_dead_pages("replay-kill") else { return };
    for n_at_least in [50, 150] {
        bench.kill_replay_after(n_at_least);
    }
    let n_before = bench.n_in_input() - N_PAGES;
    assert!((150..N_PAGES).contains(&n_before), "killed after {n_before}, not in the middle");
    // A choice that overlaps with what the killed run has sent.
    let begin = ["send", "--offsets", "0:0-90", "--offsets", "1:0-90", "--offsets", "2:0-90"];
    let said = bench.replay(&begin);
    assert!(said.contains("left: sent by an earlier run"), "{said}");
    let said = bench.replay(&["send"]);
    assert!(said.contains("left: sent by an earlier run"), "{said}");
    bench.must_have_sent_all_once();
    bench.must_become_articles();
}

#[test]
fn a_page_that_dies_again_and_again_is_left_alone_in_the_end() {
    let Some(kafka) = kafka_for("replay_loop") else { return };
    let bench = Bench::with(kafka, "replay-loop", 1);
    for n in 1..=2 {
        assert_eq!(bench.replay(&["send", "--max-replays", "2"]), "1 sent back\n");
        bench.run_until(LOW, 1 + n);
    }
    let said = bench.replay(&["send", "--max-replays", "2"]);
    assert!(said.starts_with("0 sent back\n1 left: sent back too often"), "{said}");
    let dead = bench.kafka.read(&bench.topics.dead, Isolation::Committed);
    let counts: Vec<_> = dead
        .iter()
        .map(|letter| ["attempts", "replay-count"].map(|name| header(letter, name)))
        .collect();
    assert_eq!(counts, [["1", "0"], ["2", "1"], ["3", "2"]]);
}

fn header(letter: &Read, name: &str) -> String {
    letter.header(&format!("klartext-dlq-{name}")).expect("every letter has it")
}

/// A limit that no page is under.
const LOW: Setup = Setup { limits: "{document_bytes: 200}", ..Setup::DEFAULT };

/// A topic of dead letters.
struct Bench {
    kafka: Kafka,
    topics: Topics,
    pages: Vec<Page>,
}

impl Bench {
    fn with_dead_pages(test: &str) -> Option<Self> {
        Some(Self::with(kafka_for(test)?, test, N_PAGES))
    }

    /// Every page went to the dead letters, for the limit was too low. The configuration is put right again.
    fn with(kafka: Kafka, test: &str, n_pages: usize) -> Self {
        let topics = kafka.topics(test, 3);
        let pages: Vec<Page> = pages::mixed(0..2 * n_pages + 1)
            .into_iter()
            .filter(|page| page.expected == Expected::Published)
            .take(n_pages)
            .collect();
        kafka.produce(&topics.input, &pages);
        let bench = Self { kafka, topics, pages };
        bench.run_until(LOW, n_pages);
        let dead = bench.kafka.read(&bench.topics.dead, Isolation::Committed);
        assert_eq!(dead.len(), n_pages);
        // What the replay reads is the last configuration that was started with.
        Klartext::start(&bench.kafka, &bench.topics, "a", Setup::DEFAULT).kill();
        bench
    }

    /// Runs the service until so many records came out of it in all. The lag would not do: the mark at the end of a replay's
    /// transaction has an offset that no reader commits.
    fn run_until(&self, setup: Setup, n_out: usize) {
        let klartext = Klartext::start(&self.kafka, &self.topics, "a", setup);
        let began = Instant::now();
        loop {
            let n = self.kafka.outputs(&self.topics, Isolation::Committed).len();
            if n >= n_out {
                break;
            }
            assert!(began.elapsed() < LIMIT, "only {n} of {n_out} came out");
            pause();
        }
        klartext.terminate().must_balance();
    }

    fn command(&self, args: &[&str]) -> Command {
        program::command(&self.topics, "a", &[&["replay"], args].concat())
    }

    /// What a replay that ends well says.
    fn replay(&self, args: &[&str]) -> String {
        let output = self.command(args).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{args:?} ended with {}\n{said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }

    /// Kills a slow replay once it has sent so many.
    fn kill_replay_after(&self, n_at_least: usize) {
        let mut child = self
            .command(&["send", "--rate", "100"])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let began = Instant::now();
        while self.n_in_input() < N_PAGES + n_at_least {
            assert!(began.elapsed() < LIMIT, "the replay sends nothing");
            pause();
        }
        child.kill().expect("it still runs");
        child.wait().expect("it can be waited for");
    }

    fn n_in_input(&self) -> usize {
        self.kafka.read(&self.topics.input, Isolation::Committed).len()
    }

    /// Each page is in the input twice: as it came, and as it came back, byte for byte but for our two counters.
    fn must_have_sent_all_once(&self) {
        let mut first: BTreeMap<usize, Read> = BTreeMap::new();
        let mut n_back = 0;
        for read in self.kafka.read(&self.topics.input, Isolation::Committed) {
            let Some(original) = first.get(&read.page_number()) else {
                first.insert(read.page_number(), read);
                continue;
            };
            n_back += 1;
            assert_eq!(read.key, original.key);
            assert_eq!(read.value, original.value);
            assert_eq!(read.timestamp_ms, original.timestamp_ms);
            let (own, ours) = read.headers.split_at(original.headers.len());
            assert_eq!(own, original.headers);
            let ours: Vec<_> =
                ours.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
            assert_eq!(
                ours,
                [
                    ("klartext-dlq-attempts", Some(b"1".as_slice())),
                    ("klartext-dlq-replay-count", Some(b"1".as_slice()))
                ]
            );
        }
        assert_eq!((first.len(), n_back), (N_PAGES, N_PAGES));
    }

    fn must_become_articles(&self) {
        self.run_until(Setup::DEFAULT, 2 * N_PAGES);
        let outputs = self.kafka.outputs(&self.topics, Isolation::Committed);
        let wanted: BTreeMap<usize, usize> =
            self.pages.iter().map(|page| (page.number, 1)).collect();
        assert_eq!(counts(&outputs.articles), wanted);
        assert_eq!(counts(&outputs.dead), wanted, "nothing died again");
        tally::order_is_kept_per_key(&outputs.articles);
    }
}
