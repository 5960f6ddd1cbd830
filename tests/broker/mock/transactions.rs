//! Exactly once, as far as the mock goes: it answers every request of a transaction, and can be told to fail them. Each kind
//! of failure must end with every record settled once. (What a `read_committed` reader sees is tested on a real Kafka.)

use klartext::config::Delivery;
use klartext::service::ServiceError;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use super::bench::Bench;

/// Runs 30 pages through while the requests of one kind fail with these errors.
fn survives(api: RDKafkaApiKey, errors: &[RDKafkaRespErr]) {
    let mut bench = Bench::new(2);
    bench.config.delivery = Delivery::ExactlyOnce;
    bench.put_pages(2, 0..30);
    bench.cluster.request_errors(api, errors);
    let running = bench.start();
    running.wait_for(30);
    let mut settled: Vec<(i32, i64)> =
        running.settled().into_iter().map(|(partition, offset, _)| (partition, offset)).collect();
    let account = running.stop();
    assert_eq!((account.received, account.n_rejected(), account.discarded), (30, 30, 0));
    settled.sort_unstable();
    settled.dedup();
    assert_eq!(settled.len(), 30, "each is settled once");
}

#[test]
fn no_failure() {
    survives(RDKafkaApiKey::EndTxn, &[]);
}

#[test]
fn retriable_while_offsets_are_sent() {
    let loading = RDKafkaRespErr::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
    survives(RDKafkaApiKey::TxnOffsetCommit, &[loading; 3]);
}

#[test]
fn abortable_while_offsets_are_sent() {
    let generation = RDKafkaRespErr::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION;
    survives(RDKafkaApiKey::TxnOffsetCommit, &[generation; 2]);
}

#[test]
fn retriable_while_partitions_are_added() {
    let concurrent = RDKafkaRespErr::RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS;
    survives(RDKafkaApiKey::AddPartitionsToTxn, &[concurrent; 3]);
}

#[test]
fn abortable_while_records_are_stored() {
    let state = RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
    survives(RDKafkaApiKey::Produce, &[state]);
}

#[test]
fn fatal_while_the_transaction_ends() {
    let state = RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_TXN_STATE;
    survives(RDKafkaApiKey::EndTxn, &[state]);
}

#[test]
fn fatal_because_another_producer_has_the_id() {
    let fenced = RDKafkaRespErr::RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
    survives(RDKafkaApiKey::EndTxn, &[fenced]);
}

#[test]
fn fatal_again_and_again_ends_the_service() {
    let mut bench = Bench::new(1);
    bench.config.delivery = Delivery::ExactlyOnce;
    bench.put_pages(1, 0..5);
    let fenced = RDKafkaRespErr::RD_KAFKA_RESP_ERR_PRODUCER_FENCED;
    bench.cluster.request_errors(RDKafkaApiKey::EndTxn, &[fenced; 50]);
    let error = bench.start().ends().unwrap_err();
    assert!(matches!(error, ServiceError::Transactions { .. }), "{error:?}");
    assert!(error.to_string().contains("commit.transactional_id"), "{error}");
}

#[test]
fn an_id_that_is_not_allowed_stops_the_start() {
    let mut bench = Bench::new(1);
    bench.config.delivery = Delivery::ExactlyOnce;
    let refused = RDKafkaRespErr::RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    bench.cluster.request_errors(RDKafkaApiKey::InitProducerId, &[refused; 10]);
    let error = bench.start().ends().unwrap_err();
    assert!(matches!(error, ServiceError::Refused { .. }), "{error:?}");
}
