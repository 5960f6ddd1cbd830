//! What the suite compares tokenizers with.

#[path = "../suite/tokenizer/collector.rs"]
mod collector;
#[path = "../suite/tokenizer/equality.rs"]
pub(crate) mod equality;

use collector::{Collector, OurCollector};
