//! The test suite: one binary that needs nothing but the toolchain.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

mod cli;
mod config;
mod imports;
mod layers;
