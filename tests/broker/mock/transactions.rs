//! Exactly once, as far as the mock goes: it answers every request of a transaction, and can be told to fail them. Each kind
//! of failure must end with every record settled once. (What a `read_committed` reader sees is tested on a real Kafka.)

use klartext::config::Delivery;
use klartext::service::{ServiceError, events};
use rdkafka::types::{
    RDKafkaApiKey, RDKafkaApiKey as Api, RDKafkaRespErr, RDKafkaRespErr as Error,
};

use super::bench::Bench;

/// What a failure of a transaction comes to. In each case every record is settled once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    /// The request is made again, by librdkafka or by us; readers see nothing of it.
    TriedAgain,
    /// The transaction is aborted, and its records are sent again in the next.
    Aborted,
    /// The producer is made anew, and the broker is asked what was committed.
    MadeAnew,
}

/// Runs 30 pages through while the requests of one kind fail with this error, one or more times in a row, and says what the
/// log told.
fn path_of(api: RDKafkaApiKey, error: RDKafkaRespErr, n_times: usize) -> Path {
    let mut bench = Bench::new(2);
    bench.config.delivery = Delivery::ExactlyOnce;
    bench.put_pages(2, 0..30);
    bench.cluster.request_errors(api, &vec![error; n_times]);
    let running = bench.start();
    running.wait_for(30);
    let mut settled: Vec<(i32, i64)> =
        running.settled().into_iter().map(|(partition, offset, _)| (partition, offset)).collect();
    let log = running.events.clone();
    let account = running.stop();
    assert_eq!((account.received, account.discarded), (30, 0), "{error:?}");
    settled.sort_unstable();
    settled.dedup();
    assert_eq!(settled.len(), 30, "{error:?}: each is settled once");
    match (log.count(events::TRANSACTION_ABORTED), log.count(events::PRODUCER_RECREATED)) {
        (0, 0) => Path::TriedAgain,
        (_, 0) => Path::Aborted,
        _ => Path::MadeAnew,
    }
}

/// Side by side, for each has to wait for a group.
fn paths_are(path: Path, cases: &[(RDKafkaApiKey, RDKafkaRespErr, usize)]) {
    std::thread::scope(|scope| {
        for (api, error, n_times) in cases {
            scope.spawn(move || {
                assert_eq!(path_of(*api, *error, *n_times), path, "{api:?}: {error:?}");
            });
        }
    });
}

#[test]
fn failures_that_pass_are_tried_again() {
    paths_are(
        Path::TriedAgain,
        &[
            (Api::InitProducerId, Error::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 2),
            (Api::AddPartitionsToTxn, Error::RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 3),
            (Api::AddOffsetsToTxn, Error::RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 2),
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 3),
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR__TRANSPORT, 2),
            (Api::EndTxn, Error::RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 2),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, 2),
            // What a broker says whose disk is full.
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, 2),
        ],
    );
}

#[test]
fn failures_of_one_transaction_abort_it() {
    paths_are(
        Path::Aborted,
        &[
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, 2),
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, 1),
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, 1),
            (Api::TxnOffsetCommit, Error::RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, 1),
            (Api::AddPartitionsToTxn, Error::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, 1),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 2),
        ],
    );
}

#[test]
fn failures_that_break_the_producer_make_it_anew() {
    paths_are(
        Path::MadeAnew,
        &[
            (Api::EndTxn, Error::RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1),
            (Api::EndTxn, Error::RD_KAFKA_RESP_ERR_PRODUCER_FENCED, 1),
            (Api::EndTxn, Error::RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1),
            (Api::AddPartitionsToTxn, Error::RD_KAFKA_RESP_ERR_PRODUCER_FENCED, 1),
            (Api::AddOffsetsToTxn, Error::RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1),
            (Api::Produce, Error::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, 1),
        ],
    );
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
