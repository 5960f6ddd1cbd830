//! HTML → blocks, regions and claims: our tokenizer and html5ever's tree builder make a `scraper` tree, one iterative
//! walk reads it.
//!
//! Scripting counts as off, as for every reader without a browser: `<noscript>` is content, `<template>` is not.

mod block;
mod element;
#[doc(hidden)]
pub mod tokenizer;
mod walk;

use scraper::Html;

use crate::model::{Document, RawPage};
use crate::rules::Rules;
use tokenizer::{Budget, Keep};

/// Reads HTML into blocks and claims.
#[must_use]
pub fn parse_html(html: &str, _page: &RawPage<'_>, rules: &Rules) -> Document {
    let budget = Budget::of_page(html.len(), rules.limits.dom_depth, rules.limits.dom_nodes);
    read_tree(&tokenizer::parse_document(html, Keep::Read, budget), rules)
}

/// Reads a tree, however it was built.
#[doc(hidden)]
#[must_use]
pub fn read_tree(tree: &Html, rules: &Rules) -> Document {
    walk::walk(tree, rules)
}
