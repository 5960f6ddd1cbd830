//! What a tree builder does to a tree.

use html5ever::Attribute;
use html5ever::tendril::StrTendril;

use super::{Node, NodeId, Slot, Tree};

/// What is put into a tree.
#[derive(Debug)]
pub(in crate::parse) enum Child {
    /// A node, from wherever it stood.
    Node(NodeId),
    /// Text, which grows together with text beside it.
    Text(StrTendril),
}

impl Tree {
    /// Makes a node that stands nowhere.
    pub(in crate::parse) fn create(&mut self, node: Node) -> NodeId {
        let id = NodeId::of_index(self.slots.len());
        self.slots.push(Slot {
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            depth: 0,
            node,
        });
        id
    }

    /// Number of nodes that were made.
    pub(in crate::parse) fn n_nodes(&self) -> usize {
        self.slots.len()
    }

    /// What a node is.
    pub(in crate::parse) fn node(&self, id: NodeId) -> &Node {
        self.slot(id).map_or(&Node::Other, |slot| &slot.node)
    }

    /// Elements around a node, when it was put where it stands.
    pub(in crate::parse) fn depth(&self, id: NodeId) -> usize {
        self.slot(id).map_or(0, |slot| usize::try_from(slot.depth).unwrap_or(usize::MAX))
    }

    /// The first node in another.
    pub(in crate::parse) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.slot(id)?.first
    }

    /// Whether a node stands in another.
    pub(in crate::parse) fn has_parent(&self, id: NodeId) -> bool {
        self.slot(id).is_some_and(|slot| slot.parent.is_some())
    }

    /// Puts something at the end of a node.
    pub(in crate::parse) fn append(&mut self, parent: NodeId, child: Child) {
        match child {
            Child::Node(id) => {
                self.detach(id);
                self.place(id, parent, self.slot(parent).and_then(|slot| slot.last), None);
            }
            Child::Text(text) => {
                let last = self.slot(parent).and_then(|slot| slot.last);
                if let Some(text) = self.unless_grown_together(last, text) {
                    let id = self.create(Node::Text(text));
                    self.place(id, parent, last, None);
                }
            }
        }
    }

    /// Puts something before a node, if that stands anywhere.
    pub(in crate::parse) fn insert_before(&mut self, sibling: NodeId, child: Child) {
        if let Child::Node(id) = child {
            self.detach(id);
        }
        let Some(&Slot { parent: Some(parent), previous, .. }) = self.slot(sibling) else { return };
        let id = match child {
            Child::Node(id) => Some(id),
            Child::Text(text) => {
                self.unless_grown_together(previous, text).map(|text| self.create(Node::Text(text)))
            }
        };
        if let Some(id) = id {
            self.place(id, parent, previous, Some(sibling));
        }
    }

    /// Adds text to the text that stands before it; gives it back where none does.
    fn unless_grown_together(
        &mut self,
        before: Option<NodeId>,
        text: StrTendril,
    ) -> Option<StrTendril> {
        match before.and_then(|id| self.slots.get_mut(id.index())) {
            Some(Slot { node: Node::Text(before), .. }) => {
                before.push_tendril(&text);
                None
            }
            _ => Some(text),
        }
    }

    /// Takes a node out of where it stands, with all in it.
    pub(in crate::parse) fn detach(&mut self, id: NodeId) {
        let Some(slot) = self.slots.get_mut(id.index()) else { return };
        let (previous, next) = (slot.previous.take(), slot.next.take());
        let Some(parent) = slot.parent.take() else { return };
        self.join(parent, previous, next);
    }

    /// Moves all in a node to the end of another.
    pub(in crate::parse) fn move_children(&mut self, from: NodeId, to: NodeId) {
        while let Some(child) = self.first_child(from) {
            self.append(to, Child::Node(child));
        }
    }

    /// Adds the attributes whose names an element does not have.
    pub(in crate::parse) fn add_missing(&mut self, id: NodeId, attributes: Vec<Attribute>) {
        let slot = self.slots.get_mut(id.index());
        let Some(Slot { node: Node::Element(element), .. }) = slot else { return };
        for attribute in attributes {
            if element.attributes.iter().all(|own| own.name != attribute.name) {
                element.attributes.push(attribute);
            }
        }
    }

    /// Puts a node that stands nowhere between two neighbours.
    fn place(
        &mut self,
        id: NodeId,
        parent: NodeId,
        previous: Option<NodeId>,
        next: Option<NodeId>,
    ) {
        let depth = self.slot(parent).map_or(0, |slot| slot.depth.saturating_add(1));
        if let Some(slot) = self.slots.get_mut(id.index()) {
            slot.parent = Some(parent);
            slot.depth = depth;
        }
        self.join(parent, previous, Some(id));
        self.join(parent, Some(id), next);
    }

    /// Makes two nodes neighbours; where one is none, the other is the first or last of its parent.
    fn join(&mut self, parent: NodeId, left: Option<NodeId>, right: Option<NodeId>) {
        if let Some(slot) = left.and_then(|id| self.slots.get_mut(id.index())) {
            slot.next = right;
        } else if let Some(slot) = self.slots.get_mut(parent.index()) {
            slot.first = right;
        }
        if let Some(slot) = right.and_then(|id| self.slots.get_mut(id.index())) {
            slot.previous = left;
        } else if let Some(slot) = self.slots.get_mut(parent.index()) {
            slot.last = left;
        }
    }
}
