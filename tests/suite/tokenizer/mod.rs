//! The tokenizer against the html5lib tests, against html5ever's tokenizer, and against hostile input.

mod collector;
pub(crate) mod equality;
mod hostile;
mod html5lib;
mod lean;
mod pages;
mod soup;

use collector::{Collector, OurCollector};
