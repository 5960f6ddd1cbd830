//! The test suite: one binary that needs nothing but the toolchain.

mod cli;
