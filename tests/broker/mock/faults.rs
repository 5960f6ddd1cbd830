//! Brokers that fail and refuse: nothing is lost, and the reason is told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use klartext::config::{Config, Delivery};
use klartext::model::Record;
use klartext::pipeline::Outcome;
use klartext::rules::Rules;
use klartext::service::{self, Hooks, ServiceError, Shutdown, events};
use rdkafka::mocking::MockCluster;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use super::bench::{Bench, Running, reject, wait};

#[test]
fn a_broker_that_fails_to_store_loses_nothing() {
    let mut bench = Bench::new(2);
    // A broker refuses a batch that overtakes a producer's first one. The mock takes it, and librdkafka believes that the
    // first, which failed, was stored: here none may overtake.
    let one_at_a_time = ("max.in.flight.requests.per.connection".to_owned(), "1".to_owned());
    bench.config.kafka.producer_options.extend([one_at_a_time]);
    let errors = [
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    ];
    bench.put_pages(2, 0..100);
    bench.cluster.request_errors(RDKafkaApiKey::Produce, &errors);
    let running = bench.start();
    running.wait_for(100);
    assert_eq!(running.stop().n_rejected(), 100);
    let mut keys: Vec<Vec<u8>> =
        bench.read("articles.rejected", 100).into_iter().filter_map(|record| record.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 100);
}

#[test]
fn a_broker_that_was_away_is_found_again() {
    let bench = Bench::new(1);
    bench.put_pages(1, 0..20);
    let running = bench.start();
    running.wait_for(20);
    bench.cluster.broker_down(-1).unwrap();
    wait(Duration::from_secs(2));
    bench.cluster.broker_up(-1).unwrap();
    bench.put_pages(1, 20..40);
    running.wait_for(40);
    assert_eq!(running.stop().n_rejected(), 40);
    assert_eq!(bench.committed(0), Some(40));
}

#[test]
fn a_reader_that_is_thrown_back_publishes_nothing_again() {
    let bench = Bench::new(1);
    bench.put_pages(1, 0..50);
    let running = bench.start();
    running.wait_for(50);
    // librdkafka then begins where `input.start` says: at the beginning.
    let out_of_range = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
    bench.cluster.request_errors(RDKafkaApiKey::Fetch, &[out_of_range]);
    running.wait_for_event(events::READ_AGAIN);
    bench.put_pages(1, 50..80);
    running.wait_for(80);
    let account = running.stop();
    assert_eq!((account.received, account.n_rejected()), (80, 80), "{account:?}");
    assert_eq!(bench.read("articles.rejected", 80).len(), 80);
    assert_eq!(bench.committed(0), Some(80));
}

#[test]
fn a_process_that_begins_behind_what_was_committed_publishes_nothing_again() {
    let bench = Bench::new(1);
    bench.put_pages(1, 0..50);
    let running = bench.start();
    running.wait_for(50);
    running.stop();
    assert_eq!(bench.committed(0), Some(50));
    bench.put_pages(1, 50..60);
    let out_of_range = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
    bench.cluster.request_errors(RDKafkaApiKey::Fetch, &[out_of_range]);
    let running = bench.start();
    running.wait_for(10);
    let account = running.stop();
    assert_eq!((account.received, account.n_rejected()), (10, 10), "{account:?}");
    assert_eq!(bench.read("articles.rejected", 60).len(), 60);
}

#[test]
fn commits_that_fail_are_made_up_for() {
    let bench = Bench::new(1);
    bench.put_pages(1, 0..20);
    let errors = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS; 2];
    bench.cluster.request_errors(RDKafkaApiKey::OffsetCommit, &errors);
    let running = bench.start();
    running.wait_for(20);
    // Nothing more comes in, and nobody asks the service to stop.
    bench.wait_until_committed(0, 20);
    running.stop();
}

#[test]
fn a_commit_that_comes_late_does_not_take_back_a_later_one() {
    let mut bench = Bench::new(1);
    bench.config.commit.interval = Duration::from_millis(1);
    let running = bench.start();
    for round in 0..5 {
        // So answers a coordinator that has just taken over; librdkafka sends the commit again after a tenth of a second.
        let errors = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS];
        bench.cluster.request_errors(RDKafkaApiKey::OffsetCommit, &errors);
        let end = (round + 1) * 5;
        for n in round * 5..end {
            bench.put_pages(1, n..n + 1);
            wait(Duration::from_millis(10));
        }
        running.wait_for(usize::try_from(end).unwrap());
        bench.wait_until_committed(0, i64::from(end));
    }
    running.stop();
}

#[test]
fn a_record_that_the_broker_refuses_becomes_a_dead_letter_and_only_that_record() {
    let mut bench = Bench::new(1);
    // All three in one batch, however slowly they come out of the workers.
    let linger = ("linger.ms".to_owned(), "1000".to_owned());
    bench.config.kafka.producer_options.extend([linger]);
    bench.put_pages(1, 0..3);
    // The batch, then the first of its records alone; its dead letter and the others are taken.
    let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    bench.cluster.request_errors(RDKafkaApiKey::Produce, &[too_large, too_large]);
    let running = bench.start();
    running.wait_for(3);
    let account = running.stop();
    assert_eq!((account.n_rejected(), account.n_dead_lettered()), (2, 1), "{account:?}");
    assert_eq!(account.dead_lettered.get("output_refused"), Some(&1));
    let letters = bench.read("articles.dead", 1);
    assert_eq!(letters[0].header("klartext-dlq-stage"), Some("produce"));
    assert_eq!(bench.committed(0), Some(3));
}

#[test]
fn without_a_broker_the_start_fails_and_says_so() {
    let mut config = Config::default();
    config.kafka.brokers = vec!["127.0.0.1:1".to_owned()];
    let error = Running::start(config, reject).ends().unwrap_err();
    assert!(matches!(error, ServiceError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
}

#[test]
fn a_missing_input_topic_stops_the_start() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("pages.raw", 1, 1).unwrap();
    let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    cluster.topic_error("pages.raw", error).unwrap();
    let mut config = Config::default();
    config.kafka.brokers = vec![cluster.bootstrap_servers()];
    let error = Running::start(config, reject).ends().unwrap_err();
    assert!(matches!(error, ServiceError::UnknownTopic { .. }), "{error:?}");
    assert!(error.to_string().contains("input.topics"), "{error}");
}

#[test]
fn an_option_that_librdkafka_does_not_know_stops_the_start() {
    let mut config = Config::default();
    config.kafka.options.insert("fetch.maximum".to_owned(), "1".to_owned());
    let error = Running::start(config, reject).ends().unwrap_err();
    assert!(matches!(error, ServiceError::Options { .. }), "{error:?}");
    assert!(error.to_string().contains("fetch.maximum"), "{error}");
}

#[test]
fn a_stop_while_no_broker_answers_ends_in_time() {
    let mut bench = Bench::new(1);
    bench.config.delivery = Delivery::ExactlyOnce;
    bench.config.shutdown.drain_timeout = Duration::from_secs(3);
    bench.put_pages(1, 0..500);
    let running = bench.start_with(slowly);
    running.wait_for(20);
    bench.cluster.broker_down(-1).unwrap();
    // Time enough to be in the middle of a transaction, which may last half a minute.
    wait(Duration::from_secs(2));
    let began = Instant::now();
    let error = running.ended().unwrap_err();
    assert!(matches!(error, ServiceError::DrainTimeout { .. }), "{error:?}");
    // The drain, and the goodbye to brokers that do not answer.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

fn slowly(record: &Record, rules: &Rules) -> Outcome {
    wait(Duration::from_millis(20));
    reject(record, rules)
}

#[test]
fn brokers_that_are_away_for_longer_than_a_transaction_do_not_end_the_service() {
    let mut bench = Bench::new(1);
    bench.config.delivery = Delivery::ExactlyOnce;
    bench.config.commit.transaction_timeout = Duration::from_secs(3);
    bench.put_pages(1, 0..200);
    let running = bench.start_with(slowly);
    running.wait_for(20);
    bench.cluster.broker_down(-1).unwrap();
    wait(Duration::from_secs(15));
    bench.cluster.broker_up(-1).unwrap();
    // The mock keeps no offsets of transactions: what it thought lost it gives out again.
    let n_different = |running: &Running| {
        let offsets: BTreeSet<i64> =
            running.settled().iter().map(|(_, offset, _)| *offset).collect();
        offsets.len()
    };
    let began = Instant::now();
    while n_different(&running) < 200 {
        running.wait_for(20);
        assert!(began.elapsed() < Duration::from_mins(2), "{} of 200", n_different(&running));
        wait(Duration::from_millis(50));
    }
    assert!(running.events.count(events::TRANSACTION_ABORTED) > 0, "no transaction was hit");
    running.stop();
}

#[test]
fn a_leader_that_moves_is_followed() {
    for delivery in [Delivery::AtLeastOnce, Delivery::ExactlyOnce] {
        let mut bench = Bench::with_brokers(2, 2);
        bench.config.delivery = delivery;
        bench.put_pages(2, 0..20);
        let running = bench.start();
        running.wait_for(20);
        for (topic, broker) in [("pages.raw", 1), ("pages.raw", 2), ("articles.rejected", 2)] {
            bench.cluster.partition_leader(topic, 0, Some(broker)).unwrap();
        }
        bench.put_pages(2, 20..40);
        running.wait_for(40);
        bench.cluster.partition_leader("articles.rejected", 0, Some(1)).unwrap();
        bench.put_pages(2, 40..60);
        running.wait_for(60);
        assert_eq!(running.stop().n_rejected(), 60);
    }
}

#[test]
fn a_service_that_hangs_is_ended_by_its_watchdog() {
    let mut bench = Bench::new(1);
    bench.config.shutdown.stuck_timeout = Duration::from_secs(8);
    bench.put_pages(1, 0..1);
    let (stuck, was_stuck) = std::sync::mpsc::channel();
    let hooks = Hooks {
        // Called on the thread of the service, which never comes back from it.
        observer: Some(Box::new(|_| {
            loop {
                wait(Duration::from_mins(1));
            }
        })),
        clean: reject,
        on_stuck: Some(Box::new(move || stuck.send(()).unwrap())),
        ..Hooks::default()
    };
    let config = bench.config.clone();
    std::thread::spawn(move || {
        let rules = Arc::new(Rules::compile(&config).unwrap());
        drop(service::run(&config, rules, &Shutdown::new(), hooks));
    });
    was_stuck.recv_timeout(Duration::from_secs(40)).expect("the watchdog bites");
}
