//! Two processes of one group share four partitions.

use std::time::Duration;

use super::kafka::{Isolation, Kafka, Topics};
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

fn share_the_work(kafka: &Kafka, test: &str, setup: Setup) {
    let topics = kafka.topics(test, 4);
    let pages = pages::mixed(0..N_PAGES);
    let mut both = ["a", "b"].map(|name| Klartext::start(kafka, &topics, name, setup));
    for klartext in &mut both {
        klartext.wait_for_event("klartext.partitions.assigned", LIMIT);
    }
    kafka.produce(&topics.input, &pages);
    kafka.wait_for_lag_0(&topics, LIMIT);
    let summaries = both.map(Klartext::terminate);
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

fn check_summaries(summaries: &[Summary; 2], pages: &[Page]) {
    for summary in summaries {
        summary.must_balance();
        assert!(summary.count("published") > 0, "one process did all the work: {summaries:?}");
    }
    let sum = |name: &str| summaries.iter().map(|summary| summary.count(name)).sum::<u64>();
    let expected = |wanted| pages.iter().filter(|page| page.expected == wanted).count() as u64;
    assert_eq!(sum("published"), expected(Expected::Published));
    assert_eq!(sum("rejected"), expected(Expected::Rejected));
    assert_eq!(sum("tombstones"), expected(Expected::Tombstone));
    assert_eq!(sum("dead_lettered"), expected(Expected::DeadLettered));
}
