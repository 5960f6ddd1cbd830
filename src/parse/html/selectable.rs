//! A copy of a tree for the selectors of site rules, which are `scraper`'s.

use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, TreeSink as _};
use html5ever::{LocalName, QualName, ns};
use scraper::{ElementRef, Html, HtmlTreeSink, Selector};

use crate::parse::tree::{Edge, Element, Namespace, Node, NodeId, Tree};

/// The copy, and which of its elements is which of the tree's.
#[derive(Debug)]
pub(super) struct Selectable {
    copy: Html,
    originals: HashMap<ego_tree::NodeId, NodeId>,
}

impl Selectable {
    /// Copies a tree. What is no element and no text stays behind: no selector sees it.
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let sink = HtmlTreeSink::new(Html::new_document());
        let mut originals = HashMap::new();
        let mut open = vec![sink.get_document()];
        for edge in tree.root().traverse().skip(1) {
            let (Edge::Open(node) | Edge::Close(node)) = edge;
            let Some(parent) = open.last().copied() else { break };
            match (node.value(), edge) {
                (Node::Text(text), Edge::Open(_)) => {
                    sink.append(&parent, NodeOrText::AppendText(StrTendril::from_slice(text)));
                }
                (Node::Element(element), Edge::Open(_)) => {
                    let (name, attributes) = (name(element), attributes(element));
                    let copied = sink.create_element(name, attributes, ElementFlags::default());
                    sink.append(&parent, NodeOrText::AppendNode(copied));
                    originals.insert(copied, node.id());
                    open.push(copied);
                }
                (Node::Element(_), Edge::Close(_)) => {
                    open.pop();
                }
                (Node::Text(_), Edge::Close(_)) | (Node::Other, _) => {}
            }
        }
        Self { copy: sink.finish(), originals }
    }

    /// The elements that a selector names, in the order of the page.
    pub(super) fn select<'t>(
        &'t self,
        selector: &'t Selector,
    ) -> impl Iterator<Item = ElementRef<'t>> {
        self.copy.select(selector)
    }

    /// Which element of the tree one of the copy is.
    pub(super) fn original(&self, element: ElementRef<'_>) -> Option<NodeId> {
        self.originals.get(&element.id()).copied()
    }
}

fn name(element: Element<'_>) -> QualName {
    let namespace = match element.namespace {
        Namespace::Html => ns!(html),
        Namespace::Svg => ns!(svg),
        Namespace::MathMl => ns!(mathml),
    };
    QualName::new(None, namespace, LocalName::from(element.name()))
}

fn attributes(element: Element<'_>) -> Vec<html5ever::Attribute> {
    let attributes = element.attributes().iter().map(|own| {
        let name = LocalName::from(element.names().text_of_attr(own.name));
        html5ever::Attribute {
            name: QualName::new(None, ns!(), name),
            value: StrTendril::from_slice(&own.value),
        }
    });
    attributes.collect()
}
