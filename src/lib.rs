//! **klartext** turns raw scraped news pages into clean articles, from Kafka to Kafka.
//!
//! This page is the map. A message flows in one straight line of pure steps; read the modules in this order:
//!
//! ```text
//!  record ─ decode ─▶ RawPage ─ parse ─▶ Document ─ label ─▶ LabelledDocument ─ assemble ─▶ Article ─ encode ─▶ record
//!           may fail            may fail  blocks:    total    every block has     may say     │        total
//!           DecodeError         ParseError  facts             a verdict           no:         Rejection
//! ```
//!
//! 1. [`pipeline`]: the line itself, [`pipeline::clean`], and [`pipeline::Outcome`], the closed list of how it can end.
//! 2. [`model`]: the nouns that the steps hand to each other.
//! 3. [`decode`], [`parse`], [`label`], [`assemble`], [`encode`]: the five steps. None of them knows another, and none
//!    knows Kafka, tokio, a clock, the environment or the file system: same input, same rules, same bytes out.
//! 4. [`text`]: functions on strings that every step may use.
//! 5. [`config`] is what the YAML says; [`rules`] is what it means, compiled once at start.
//! 6. [`service`]: the shell around the line: consumer group, workers, transactions, shutdown.
//! 7. [`cli`]: the commands; [`telemetry`]: the logs.
//!
//! Which module may use which is a table in `tests/suite/layers.rs`, and a test holds it.

pub mod pipeline;

pub mod model;

pub mod assemble;
pub mod decode;
pub mod encode;
pub mod label;
pub mod parse;

pub mod text;

pub mod config;
pub mod rules;

pub mod service;

pub mod cli;
pub mod telemetry;
