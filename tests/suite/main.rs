//! The test suite: one binary that needs nothing but the toolchain.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod cases;
mod check;
mod claims;
mod cli;
mod config;
mod config_errors;
mod decode;
mod explain;
mod fuzz;
mod hostile;
mod html;
mod imports;
mod last_judge;
mod layers;
mod ledger;
mod log_catalogue;
mod manual;
mod markers;
mod messages;
mod metadata;
mod page_kinds;
mod properties_metadata;
mod properties_text;
mod ratchet;
mod report;
mod schemas;
mod seed_like;
mod sites;
mod telemetry;
mod tokenizer;
mod variants;
