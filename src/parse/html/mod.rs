//! HTML → blocks, regions and claims: our tokenizer and html5ever's tree builder make a `scraper` tree, one iterative
//! walk reads it.
//!
//! Scripting counts as off, as for every reader without a browser: `<noscript>` is content, `<template>` is not.

mod block;
mod element;
mod site;
#[doc(hidden)]
pub mod tokenizer;
mod walk;

use scraper::Html;

use crate::model::{Document, RawPage};
use crate::rules::Rules;
use site::SiteMarks;
use tokenizer::Budget;

/// Reads HTML into blocks and claims.
#[must_use]
pub fn parse_html(html: &str, page: &RawPage<'_>, rules: &Rules) -> Document {
    let budget = Budget::of_page(html.len(), rules.limits.dom_depth, rules.limits.dom_nodes);
    let url = page.url.as_ref();
    let site = url.and_then(|url| rules.sites.of(url));
    let tree = tokenizer::parse_document(html, site::keep(site), budget);
    let Some(site) = site else { return walk::walk(&tree, &SiteMarks::default(), url, rules) };
    let marks = SiteMarks::of(&tree, site.rules);
    let mut document = walk::walk(&tree, &marks, url, rules);
    let n_fields = site::read_fields(&tree, site.rules, &mut document.claims);
    document.site_rules = site::settle(site, page, &marks, n_fields, &mut document.blocks);
    document
}

/// Reads a tree, however it was built.
#[doc(hidden)]
#[must_use]
pub fn read_tree(tree: &Html, rules: &Rules) -> Document {
    walk::walk(tree, &SiteMarks::default(), None, rules)
}
