//! Two processes of one group share four partitions.

use std::collections::BTreeSet;
use std::time::Duration;

use super::kafka::{Isolation, Kafka, Topics, wait_for_article};
use super::pages::{self, Expected, Page};
use super::program::{Klartext, Setup, Summary};
use super::{kafka_for, tally};

const N_PAGES: usize = 2_000;
const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn two_processes_clean_every_page_exactly_once_and_in_order() {
    let Some(kafka) = kafka_for("two_processes") else { return };
    share_the_work(&kafka, "two-processes", Setup::default());
}

#[test]
fn two_processes_share_the_work_with_the_new_group_protocol() {
    let Some(kafka) = kafka_for("kip_848") else { return };
    share_the_work(&kafka, "kip-848", Setup { group_protocol: "consumer", ..Setup::default() });
}

/// Both work; one is told to stop in the middle and comes back later; then both are told to stop.
fn share_the_work(kafka: &Kafka, test: &str, setup: Setup) {
    let topics = kafka.topics(test, 4);
    let pages = pages::mixed(0..N_PAGES);
    let (first, second) = pages.split_at(N_PAGES / 2);
    let start = |name| {
        let mut klartext = Klartext::start(kafka, &topics, name, setup);
        klartext.wait_for_partitions(LIMIT);
        klartext
    };
    let (stays, leaves) = (start("a"), start("b"));
    let watch = kafka.watch(&topics.output, Isolation::Uncommitted);
    kafka.produce(&topics.input, first);
    // From all partitions: now both are in the middle of it.
    let mut sources = BTreeSet::new();
    wait_for_article(&watch, LIMIT, |article| {
        sources.extend(tally::source_partition(article));
        sources.len() == 4
    });
    let mut summaries = vec![leaves.terminate()];
    let comes_back = start("b");
    kafka.produce(&topics.input, second);
    kafka.wait_for_lag_0(&topics, LIMIT);
    summaries.extend([stays, comes_back].map(Klartext::terminate));
    assert_eq!(kafka.lag(&topics), 0, "the last commit is lost");
    check_outputs(kafka, &topics, &pages);
    check_summaries(&summaries, &pages);
}

fn check_outputs(kafka: &Kafka, topics: &Topics, pages: &[Page]) {
    let outputs = kafka.outputs(topics, Isolation::Committed);
    tally::exactly_once(pages, &outputs);
    tally::order_is_kept_per_key(&outputs.articles);
    tally::articles_are_those_of_their_pages(&outputs.articles);
    tally::dead_letters_are_whole(pages, &outputs.dead);
}

fn check_summaries(summaries: &[Summary], pages: &[Page]) {
    for summary in summaries {
        summary.must_balance();
        assert!(summary.count("published") > 0, "one process did nothing: {summaries:?}");
        assert_eq!(summary.count("discarded"), 0, "what was in flight was not finished");
    }
    let sum = |name: &str| summaries.iter().map(|summary| summary.count(name)).sum::<u64>();
    let expected = |wanted| pages.iter().filter(|page| page.expected == wanted).count() as u64;
    assert_eq!(sum("published"), expected(Expected::Published));
    assert_eq!(sum("rejected"), expected(Expected::Rejected));
    assert_eq!(sum("tombstones"), expected(Expected::Tombstone));
    assert_eq!(sum("dead_lettered"), expected(Expected::DeadLettered));
}
