//! The service against a broker: librdkafka's mock cluster inside this process, and a real Apache Kafka where there is one.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test may panic, and says on stderr what it leaves out"
)]

mod demo;
mod mock;
mod real;
