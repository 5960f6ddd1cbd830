//! HTML → blocks, regions and claims: html5ever builds the tree (via scraper), one iterative walk reads it.
//!
//! Scripting counts as off, as for every reader without a browser: `<noscript>` is content, `<template>` is not.

mod block;
mod element;
mod walk;

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{Html, HtmlTreeSink};

use crate::model::{Document, RawPage};
use crate::rules::Rules;

/// Reads HTML into blocks and claims.
#[must_use]
pub fn parse_html(html: &str, _page: &RawPage<'_>, rules: &Rules) -> Document {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let tree = parser.one(html);
    walk::walk(&tree, rules)
}
