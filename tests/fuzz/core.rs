//! The core of klartext without its shell, and the fuzz targets on it.
#![allow(missing_docs, dead_code, reason = "the sources are those of klartext, which is linted there")]

extern crate self as klartext;

#[path = "../../src/pipeline.rs"]
pub mod pipeline;

#[path = "../../src/model/mod.rs"]
pub mod model;

#[path = "../../src/assemble/mod.rs"]
pub mod assemble;
#[path = "../../src/decode/mod.rs"]
pub mod decode;
#[path = "../../src/encode/mod.rs"]
pub mod encode;
#[path = "../../src/label/mod.rs"]
pub mod label;
#[path = "../../src/parse/mod.rs"]
pub mod parse;

#[path = "../../src/text/mod.rs"]
pub mod text;

#[path = "../../src/config/mod.rs"]
pub mod config;
#[path = "../../src/rules/mod.rs"]
pub mod rules;

#[path = "../../src/service/letter.rs"]
pub mod letter;

pub mod service {
    pub use super::letter;
}

mod tokenizer;

pub mod targets;
