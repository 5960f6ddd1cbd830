//! HTML → blocks, regions and claims: tokenizer and tree builder make a tree, one iterative walk reads it. The selectors of site rules get a copy of it that is `scraper`'s.
//!
//! Scripting counts as off, as for every reader without a browser: `<noscript>` is content, `<template>` is not.

mod block;
mod element;
mod selectable;
mod site;
#[doc(hidden)]
pub mod tokenizer;
#[doc(hidden)]
pub mod tree_builder;
mod walk;

use crate::model::{Document, RawPage};
use crate::parse::ParseError;
use crate::parse::tree::Tree;
use crate::rules::Rules;
use selectable::Selectable;
use site::SiteMarks;
use tree_builder::{Budget, parse_document};

/// Reads HTML into blocks and claims.
///
/// # Errors
/// The page would cost more than `limits` allow.
pub fn parse_html(html: &str, page: &RawPage<'_>, rules: &Rules) -> Result<Document, ParseError> {
    let budget = Budget::of_page(html.len(), rules.limits.dom_depth, rules.limits.dom_nodes);
    let url = page.url.as_ref();
    let site = url.and_then(|url| rules.sites.of(url));
    let tree = parse_document(html, site::keep(site), budget)?;
    let Some(site) = site else { return Ok(walk::walk(&tree, &SiteMarks::default(), url, rules)) };
    let selectable = Selectable::of(&tree);
    let marks = SiteMarks::of(&selectable, site.rules);
    let mut document = walk::walk(&tree, &marks, url, rules);
    let n_fields = site::read_fields(&selectable, site.rules, &mut document.claims);
    document.site_rules = site::settle(site, page, &marks, n_fields, &mut document.blocks);
    Ok(document)
}

/// Reads a tree, however it was built.
#[doc(hidden)]
#[must_use]
pub fn read_tree(tree: &Tree<'_>, rules: &Rules) -> Document {
    walk::walk(tree, &SiteMarks::default(), None, rules)
}
