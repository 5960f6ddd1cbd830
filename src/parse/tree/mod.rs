//! The tree of a page: elements and texts, as the walk and the claims read them.
//!
//! `scraper`'s tree is made for selectors, and its nodes are twice as large; it is built beside this one only for pages
//! whose site has rules of its own.

mod edit;
mod iter;

use std::num::NonZeroU32;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};

pub(super) use edit::Child;
pub use iter::Edge;

/// A node of a tree. It counts from one, so that "none" costs no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The document, which every tree has.
    pub(super) const DOCUMENT: Self = Self(NonZeroU32::MIN);

    /// Which of the tree's nodes it is, in order of creation.
    pub(super) fn index(self) -> usize {
        usize::try_from(self.0.get() - 1).unwrap_or(usize::MAX)
    }

    fn of_index(index: usize) -> Self {
        // A page has at most `u32::MAX` bytes (`tokenizer::readable`), and each node but the first four takes some.
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }
}

/// What a node is.
#[derive(Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(StrTendril),
    /// The document, a comment, a document type, the inside of a template: nothing that is read.
    Other,
}

impl Node {
    /// The element, if it is one.
    #[must_use]
    pub const fn as_element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) | Self::Other => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Element(_) | Self::Other => None,
        }
    }
}

/// An element: its name, and its attributes as the page has them.
#[derive(Debug)]
pub struct Element {
    /// The name.
    pub name: QualName,
    /// The attributes, each name once, in the page's order.
    pub attributes: Vec<Attribute>,
}

impl Element {
    /// The name without its namespace.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name.local
    }
}

/// A node and its place.
#[derive(Debug)]
struct Slot {
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    /// Elements around it, when it was put there.
    depth: u32,
    node: Node,
}

/// The nodes of a page, in order of creation; the document is the first.
#[derive(Debug)]
pub struct Tree {
    slots: Vec<Slot>,
}

impl Tree {
    /// An empty document, with room for so many nodes.
    pub(super) fn with_capacity(n_nodes: usize) -> Self {
        let mut tree = Self { slots: Vec::with_capacity(n_nodes.max(1)) };
        tree.create(Node::Other);
        tree
    }

    /// The document.
    #[must_use]
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef { tree: self, id: NodeId::DOCUMENT }
    }

    /// All nodes, those outside of the document too, in order of creation.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> + Clone {
        self.slots.iter().map(|slot| &slot.node)
    }

    fn slot(&self, id: NodeId) -> Option<&Slot> {
        self.slots.get(id.index())
    }
}

/// A node in its tree.
#[derive(Debug, Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl<'t> NodeRef<'t> {
    /// Which it is.
    #[must_use]
    pub const fn id(self) -> NodeId {
        self.id
    }

    /// What it is.
    #[must_use]
    pub fn value(self) -> &'t Node {
        self.tree.slot(self.id).map_or(&Node::Other, |slot| &slot.node)
    }

    /// The element it stands in, or the document.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.to(|slot| slot.parent)
    }

    /// The first node in it.
    #[must_use]
    pub fn first_child(self) -> Option<Self> {
        self.to(|slot| slot.first)
    }

    /// The node behind it in the same element.
    #[must_use]
    pub fn next_sibling(self) -> Option<Self> {
        self.to(|slot| slot.next)
    }

    fn to(self, way: impl Fn(&Slot) -> Option<NodeId>) -> Option<Self> {
        let id = way(self.tree.slot(self.id)?)?;
        Some(Self { tree: self.tree, id })
    }
}
