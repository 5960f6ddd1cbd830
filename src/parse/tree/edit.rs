//! What a tree builder does to a tree.

use std::borrow::Cow;

use super::{Attribute, AttributeRange, Content, Names, Namespace, NodeId, Slot, Tag, Tree};

/// What is put into a tree.
#[derive(Debug)]
pub(in crate::parse) enum Child<'p> {
    /// A node, from wherever it stood.
    Node(NodeId),
    /// Text, which grows together with text beside it.
    Text(Cow<'p, str>),
}

/// Most attributes of one element; no honest page comes near.
pub(in crate::parse) const MAX_ATTRIBUTES: usize = 1_000;

impl<'p> Tree<'p> {
    /// Makes an element that stands nowhere.
    pub(in crate::parse) fn create_element(
        &mut self,
        tag: Tag,
        namespace: Namespace,
        attributes: AttributeRange,
    ) -> NodeId {
        self.create(Content::Element { tag, namespace, attributes })
    }

    /// Makes a node that stands nowhere and that nobody reads.
    pub(in crate::parse) fn create_other(&mut self) -> NodeId {
        self.create(Content::Other)
    }

    fn create(&mut self, content: Content<'p>) -> NodeId {
        let id = NodeId::of_index(self.slots.len());
        self.slots.push(Slot {
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            depth: 0,
            content,
        });
        id
    }

    /// Takes attributes over, for an element that is to be made.
    pub(in crate::parse) fn take_attributes(
        &mut self,
        attributes: &mut Vec<Attribute<'p>>,
    ) -> AttributeRange {
        // There are fewer than the page has bytes, which `limits.document_bytes` holds far below what `u32` can count.
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let from = count(self.attributes.len());
        self.attributes.append(attributes);
        AttributeRange { from, end: count(self.attributes.len()) }
    }

    /// Attributes that were taken over.
    pub(in crate::parse) fn taken(&self, range: AttributeRange) -> &[Attribute<'p>] {
        self.attributes_in(range)
    }

    /// The names that the page brings.
    pub(in crate::parse) const fn names_mut(&mut self) -> &mut Names<'p> {
        &mut self.names
    }

    /// Number of nodes that were made.
    pub(in crate::parse) const fn n_nodes(&self) -> usize {
        self.slots.len()
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
    pub(in crate::parse) fn append(&mut self, parent: NodeId, child: Child<'p>) {
        match child {
            Child::Node(id) => {
                self.detach(id);
                self.place(id, parent, self.slot(parent).and_then(|slot| slot.last), None);
            }
            Child::Text(text) => {
                let last = self.slot(parent).and_then(|slot| slot.last);
                if let Some(text) = self.unless_grown_together(last, text) {
                    let id = self.create(Content::Text(text));
                    self.place(id, parent, last, None);
                }
            }
        }
    }

    /// Puts something before a node, if that stands anywhere.
    pub(in crate::parse) fn insert_before(&mut self, sibling: NodeId, child: Child<'p>) {
        if let Child::Node(id) = child {
            self.detach(id);
        }
        let Some(&Slot { parent: Some(parent), previous, .. }) = self.slot(sibling) else { return };
        let id = match child {
            Child::Node(id) => Some(id),
            Child::Text(text) => self
                .unless_grown_together(previous, text)
                .map(|text| self.create(Content::Text(text))),
        };
        if let Some(id) = id {
            self.place(id, parent, previous, Some(sibling));
        }
    }

    /// Adds text to the text that stands before it; gives it back where none does.
    fn unless_grown_together(
        &mut self,
        before: Option<NodeId>,
        text: Cow<'p, str>,
    ) -> Option<Cow<'p, str>> {
        match before.and_then(|id| self.slot_mut(id)) {
            Some(Slot { content: Content::Text(before), .. }) => {
                before.to_mut().push_str(&text);
                None
            }
            _ => Some(text),
        }
    }

    /// Takes a node out of where it stands, with all in it.
    pub(in crate::parse) fn detach(&mut self, id: NodeId) {
        let Some(slot) = self.slot_mut(id) else { return };
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
    pub(in crate::parse) fn add_missing(
        &mut self,
        id: NodeId,
        attributes: &mut Vec<Attribute<'p>>,
    ) {
        let Some(Slot { content: Content::Element { attributes: own, .. }, .. }) = self.slot(id)
        else {
            return;
        };
        let own = self.attributes_in(*own);
        attributes.retain(|new| own.iter().all(|own| own.name != new.name));
        if attributes.is_empty() || own.len() + attributes.len() > MAX_ATTRIBUTES {
            return;
        }
        let mut all = own.to_vec();
        all.append(attributes);
        let all = self.take_attributes(&mut all);
        if let Some(Slot { content: Content::Element { attributes, .. }, .. }) = self.slot_mut(id) {
            *attributes = all;
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
        if let Some(slot) = self.slot_mut(id) {
            slot.parent = Some(parent);
            slot.depth = depth;
        }
        self.join(parent, previous, Some(id));
        self.join(parent, Some(id), next);
    }

    /// Makes two nodes neighbours; where one is none, the other is the first or last of its parent.
    fn join(&mut self, parent: NodeId, left: Option<NodeId>, right: Option<NodeId>) {
        if let Some(slot) = left.and_then(|id| self.slot_mut(id)) {
            slot.next = right;
        } else if let Some(slot) = self.slot_mut(parent) {
            slot.first = right;
        }
        if let Some(slot) = right.and_then(|id| self.slot_mut(id)) {
            slot.previous = left;
        } else if let Some(slot) = self.slot_mut(parent) {
            slot.last = left;
        }
    }
}
