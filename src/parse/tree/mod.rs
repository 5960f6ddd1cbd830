//! The tree of a page: elements and texts, as the walk and the claims read them. Names are numbers, texts and attributes are
//! slices of the page; only what had to be decoded is memory of its own.
//!
//! `scraper`'s tree is made for selectors, and its nodes are several times as large; it is built beside this one only for
//! pages whose site has rules of its own.

mod edit;
mod iter;
mod name;

use std::borrow::Cow;
use std::num::NonZeroU32;

pub(super) use edit::{Child, MAX_ATTRIBUTES};
pub use iter::Edge;
pub(super) use name::TagSet;
pub use name::{Attr, Names, Tag};

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
        // `limits.dom_nodes` is far below what `u32` can count.
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }
}

/// The vocabulary that an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// HTML.
    Html,
    /// Images in SVG.
    Svg,
    /// Formulas in `MathML`.
    MathMl,
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute<'p> {
    /// Its name.
    pub name: Attr,
    /// Its value, character references read.
    pub value: Cow<'p, str>,
}

/// The value of an attribute.
pub(super) fn value_of<'a>(attributes: &'a [Attribute<'_>], name: Attr) -> Option<&'a str> {
    attributes.iter().find(|own| own.name == name).map(|own| &*own.value)
}

/// The attributes of an element: a part of the tree's. Elements that are copies of each other share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct AttributeRange {
    from: u32,
    end: u32,
}

/// What a node is.
#[derive(Debug)]
enum Content<'p> {
    Element { tag: Tag, namespace: Namespace, attributes: AttributeRange },
    Text(Cow<'p, str>),
    Other,
}

/// A node and its place.
#[derive(Debug)]
struct Slot<'p> {
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    /// Elements around it, when it was put there.
    depth: u32,
    content: Content<'p>,
}

/// The nodes of a page, in order of creation; the document is the first.
#[derive(Debug)]
pub struct Tree<'p> {
    slots: Vec<Slot<'p>>,
    attributes: Vec<Attribute<'p>>,
    names: Names<'p>,
}

impl<'p> Tree<'p> {
    /// An empty document, with room for so many nodes.
    pub(super) fn with_capacity(n_nodes: usize) -> Self {
        let mut tree = Self {
            slots: Vec::with_capacity(n_nodes.max(1)),
            attributes: Vec::with_capacity(n_nodes),
            names: Names::default(),
        };
        tree.create_other();
        tree
    }

    /// The document.
    #[must_use]
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef { tree: self, id: NodeId::DOCUMENT }
    }

    /// All nodes, those outside of the document too, in order of creation.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> + Clone {
        (0..self.slots.len()).map(|at| NodeRef { tree: self, id: NodeId::of_index(at) }.value())
    }

    fn slot(&self, id: NodeId) -> Option<&Slot<'p>> {
        self.slots.get(id.index())
    }

    fn slot_mut(&mut self, id: NodeId) -> Option<&mut Slot<'p>> {
        self.slots.get_mut(id.index())
    }

    fn attributes_in(&self, range: AttributeRange) -> &[Attribute<'p>] {
        let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        self.attributes.get(index(range.from)..index(range.end)).unwrap_or_default()
    }
}

/// What a node is, to be read.
#[derive(Debug, Clone, Copy)]
pub enum Node<'t> {
    /// An element.
    Element(Element<'t>),
    /// Text.
    Text(&'t str),
    /// The document, a comment, a document type, the inside of a template: nothing that is read.
    Other,
}

impl<'t> Node<'t> {
    /// The element, if it is one.
    #[must_use]
    pub const fn as_element(self) -> Option<Element<'t>> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) | Self::Other => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub const fn as_text(self) -> Option<&'t str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Element(_) | Self::Other => None,
        }
    }
}

/// An element: its name, and its attributes as the page has them.
#[derive(Debug, Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree<'t>,
    /// The name.
    pub tag: Tag,
    /// What the name belongs to.
    pub namespace: Namespace,
    attributes: AttributeRange,
}

impl<'t> Element<'t> {
    /// The name as text, in lower case.
    #[must_use]
    pub fn name(self) -> &'t str {
        self.tree.names.text_of_tag(self.tag)
    }

    /// The attributes, each name once, in the page's order.
    #[must_use]
    pub fn attributes(self) -> &'t [Attribute<'t>] {
        self.tree.attributes_in(self.attributes)
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(self, name: Attr) -> Option<&'t str> {
        value_of(self.attributes(), name)
    }

    /// The names of attributes as text.
    #[must_use]
    pub const fn names(self) -> &'t Names<'t> {
        &self.tree.names
    }
}

/// A node in its tree.
#[derive(Debug, Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree<'t>,
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
    pub fn value(self) -> Node<'t> {
        match self.tree.slot(self.id).map(|slot| &slot.content) {
            Some(&Content::Element { tag, namespace, attributes }) => {
                Node::Element(Element { tree: self.tree, tag, namespace, attributes })
            }
            Some(Content::Text(text)) => Node::Text(text),
            Some(Content::Other) | None => Node::Other,
        }
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

    fn to(self, way: impl Fn(&Slot<'t>) -> Option<NodeId>) -> Option<Self> {
        let id = way(self.tree.slot(self.id)?)?;
        Some(Self { tree: self.tree, id })
    }
}
