//! The one walk over the tree: depth first, iterative, every node once.

use url::Url;

use super::block::{Builder, Open};
use super::element::Layout;
use super::site::SiteMarks;
use crate::model::{Document, DocumentSource};
use crate::parse::attribute::Attributes;
use crate::parse::claims::{Collector, Place};
use crate::parse::tree::{Node, NodeRef, Tag, Tree};
use crate::rules::{Rules, StemMemory};

/// Reads the tree.
pub(super) fn walk(
    tree: &Tree<'_>,
    marks: &SiteMarks,
    page_url: Option<&Url>,
    rules: &Rules,
) -> Document {
    let mut builder = Builder::for_nodes(tree.n_nodes());
    let mut claims = Collector::default();
    let mut memory = StemMemory::default();
    let mut next = tree.root().first_child();
    while let Some(node) = next {
        let descends = visit(node, &mut builder, &mut claims, marks, rules, &mut memory);
        next = if descends { node.first_child() } else { None };
        if next.is_none() {
            if descends {
                builder.leave();
            }
            next = after(node, &mut builder);
        }
    }
    let (blocks, regions) = builder.finish();
    let claims = claims.finish(&blocks, page_url);
    Document { source: DocumentSource::Html, blocks, regions, claims, ..Document::default() }
}

/// The node that follows a node whose inside is done; closes the elements that end on the way.
fn after<'t>(node: NodeRef<'t>, builder: &mut Builder<'_>) -> Option<NodeRef<'t>> {
    let mut node = node;
    loop {
        if let Some(sibling) = node.next_sibling() {
            return Some(sibling);
        }
        node = node.parent()?;
        if node.value().as_element().is_some() {
            builder.leave();
        }
    }
}

/// Reads a node; says whether its children are to be read (then an element is open).
fn visit<'t>(
    node: NodeRef<'t>,
    builder: &mut Builder<'t>,
    claims: &mut Collector<'t>,
    marks: &SiteMarks,
    rules: &Rules,
    memory: &mut StemMemory<'t>,
) -> bool {
    let element = match node.value() {
        Node::Text(text) => {
            builder.text(text);
            return false;
        }
        Node::Element(element) => element,
        Node::Other => return false,
    };
    let outer = builder.open.last();
    let mark = marks.own(node.id(), outer.is_none());
    let attributes = Attributes::of(element);
    let open = Open::new(element, &attributes, outer, mark, rules, memory);
    let place = Place {
        landmark: open.landmark,
        in_link: open.in_link,
        block_idx: builder.next_block_idx(open.layout),
        named: open.said.field,
    };
    claims.element(node, element, &attributes, place, rules);
    match open.layout {
        Layout::LineBreak => {
            builder.line_break();
            false
        }
        // The head is walked for its claims; its texts are none of the page's.
        Layout::Skipped if open.tag == Tag::HEAD => {
            claims.head(node, rules);
            false
        }
        Layout::Void | Layout::Skipped => {
            if open.tag == Tag::IMG {
                builder.image();
            }
            false
        }
        Layout::Inline | Layout::Block | Layout::Cell => {
            builder.enter(open);
            true
        }
    }
}
