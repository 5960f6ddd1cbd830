//! Everything at once: processes are killed, stopped and frozen, brokers go and come back, and pages keep coming. In the end
//! every page must have come out, once.
//!
//! `tests/broker/chaos` runs the long form. The short one is part of every run, with a seed, so that a failure can be
//! repeated: what is done is then the same, though not to the millisecond.

mod plan;
mod torment;

use std::time::{Duration, Instant};

use self::plan::Plan;
use self::torment::{Counts, Processes};
use super::cluster::{Cluster, Wish};
use super::kafka::{Isolation, Kafka, Outputs, Topics};
use super::pages::{self, Page};
use super::{note, tally};

/// Pages for each kill that is made until one hits an open transaction.
const N_MORE: usize = 200;

/// Longest wait, after the torment, for what is left.
const PATIENCE: Duration = Duration::from_mins(4);

#[test]
fn exactly_once_survives_everything_at_once() {
    let plan = Plan::of("exactly_once");
    let Some(mut run) = Run::through("chaos", &plan) else { return };
    assert_eq!(run.n_came_in(), run.pages.len(), "the input is not what the test believes");
    let committed = run.cluster.kafka.outputs(&run.topics, Isolation::Committed);
    let uncommitted = run.cluster.kafka.outputs(&run.topics, Isolation::Uncommitted);
    run.report(&plan, &committed, &uncommitted);
    tally::exactly_once(&run.pages, &committed);
    order_is_kept(&committed);
    tally::articles_are_those_of_their_pages(&committed.articles);
    tally::dead_letters_are_whole(&run.pages, &committed.dead);
    assert!(
        uncommitted.len() > committed.len(),
        "no fault hit an open transaction: the run proves nothing"
    );
}

#[test]
fn at_least_once_loses_nothing_whatever_happens() {
    let plan = Plan::of("at_least_once");
    let Some(mut run) = Run::through("chaos-alo", &plan) else { return };
    let outputs = run.cluster.kafka.outputs(&run.topics, Isolation::Uncommitted);
    run.report(&plan, &outputs, &outputs);
    tally::at_least_once(&run.pages, &outputs);
    tally::dead_letters_are_whole(&run.pages, &outputs.dead);
}

/// A run in which no fault hit an open transaction proves nothing: then there are more kills, with more pages, until a reader
/// of everything sees what a reader of committed records does not. Gives those pages.
fn hit_a_transaction(
    processes: &mut Processes<'_>,
    kafka: &Kafka,
    topics: &Topics,
    first: usize,
) -> Vec<Page> {
    let mut more = Vec::new();
    let seen = |isolation| kafka.outputs(topics, isolation).len();
    while more.len() < 20 * N_MORE && seen(Isolation::Uncommitted) == seen(Isolation::Committed) {
        let from = first + more.len();
        let portion = pages::mixed(from..from + N_MORE);
        processes.kill_in_the_middle(&portion);
        processes.run_until(|| kafka.try_lag(topics) == Ok(0), PATIENCE);
        more.extend(portion);
    }
    more
}

fn order_is_kept(outputs: &Outputs) {
    for records in [&outputs.articles, &outputs.rejected, &outputs.dead] {
        tally::order_is_kept_per_key(records);
    }
}

/// A run that is over, with nothing left to do.
struct Run {
    cluster: Cluster,
    topics: Topics,
    pages: Vec<Page>,
    counts: Counts,
    took: Duration,
}

impl Run {
    fn through(test: &str, plan: &Plan) -> Option<Self> {
        let wish = Wish { n_brokers: plan.n_brokers, ..Wish::default() };
        let cluster = Cluster::start(test, &wish)?;
        let topics = cluster.kafka.topics(test, 6);
        let mut pages = pages::mixed(0..plan.n_pages);
        let began = Instant::now();
        let (mut processes, mut counts) = torment::torment(&cluster, &topics, plan, &pages);
        processes.run_until(|| cluster.kafka.try_lag(&topics) == Ok(0), PATIENCE);
        if plan.delivery == "exactly_once" {
            pages.extend(hit_a_transaction(&mut processes, &cluster.kafka, &topics, pages.len()));
        }
        counts.ended_by_themselves = processes.end_well();
        assert_eq!(cluster.kafka.lag(&topics), 0, "the last commit is lost");
        Some(Self { cluster, topics, pages, counts, took: began.elapsed() })
    }

    fn n_came_in(&self) -> usize {
        self.cluster.kafka.read(&self.topics.input, Isolation::Committed).len()
    }

    fn report(&mut self, plan: &Plan, committed: &Outputs, uncommitted: &Outputs) {
        let logs = super::program::folder(&self.topics.group);
        self.counts.read_logs(&logs);
        note(&format!(
            "chaos, {} {}: {} pages in {} s, seed {}, {} broker(s), {} processes\n{}\n  \
             out: {} articles and tombstones, {} rejected, {} dead; {} extra; an uncommitted reader sees {} extra\n  logs: {}",
            plan.delivery,
            plan.group_protocol,
            self.pages.len(),
            self.took.as_secs(),
            plan.seed,
            plan.n_brokers,
            plan.n_processes,
            self.counts,
            committed.articles.len(),
            committed.rejected.len(),
            committed.dead.len(),
            committed.len() - self.pages.len().min(committed.len()),
            uncommitted.len() - self.pages.len().min(uncommitted.len()),
            logs.display(),
        ));
    }
}
