//! The service on librdkafka's in-process mock cluster: at least once, end to end. (The mock does not know
//! `read_committed`, nor offsets in transactions: what is promised of exactly once is tested on a real Kafka.)
//!
//! Each test has a cluster of its own, so that they run side by side: joining a group takes the mock about four seconds.

mod bench;
mod dead_letters;
mod delivery;
mod faults;
mod pressure;
mod transactions;
