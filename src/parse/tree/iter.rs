//! Ways through a tree, without recursion.

use super::NodeRef;

/// A step of [`NodeRef::traverse`].
#[derive(Debug, Clone, Copy)]
pub enum Edge<'t> {
    /// A node begins.
    Open(NodeRef<'t>),
    /// A node ends.
    Close(NodeRef<'t>),
}

impl<'t> NodeRef<'t> {
    /// The node and all in it: where each begins and ends, in the order of the page.
    pub fn traverse(self) -> impl Iterator<Item = Edge<'t>> {
        let mut next = Some(Edge::Open(self));
        std::iter::from_fn(move || {
            let edge = next?;
            next = match edge {
                Edge::Open(node) => Some(node.first_child().map_or(Edge::Close(node), Edge::Open)),
                Edge::Close(node) if node.id() == self.id() => None,
                Edge::Close(node) => {
                    node.next_sibling().map(Edge::Open).or_else(|| node.parent().map(Edge::Close))
                }
            };
            Some(edge)
        })
    }

    /// The node and all in it, in the order of the page.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        self.traverse().filter_map(|edge| match edge {
            Edge::Open(node) => Some(node),
            Edge::Close(_) => None,
        })
    }
}
