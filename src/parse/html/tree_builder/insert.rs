//! Where nodes go (HTML standard, 13.2.6.1, "appropriate place for inserting a node").

use std::borrow::Cow;

use super::TreeBuilder;
use super::sets::TABLE_PARTS;
use super::stack::Open;
use crate::parse::tree::{AttributeRange, Child, Namespace, NodeId, Tag};

/// A place in the tree.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Behind all else in a node.
    In(NodeId),
    /// Before a table, or, where that stands nowhere, in the element around it.
    BeforeTable { table: NodeId, around: NodeId },
}

impl<'p> TreeBuilder<'p> {
    /// Opens an HTML element for the start tag that is read.
    pub(super) fn insert_html(&mut self, tag: Tag) -> NodeId {
        let open = self.insert(tag, Namespace::Html);
        self.open.push(open);
        open.id
    }

    /// Inserts an HTML element that holds nothing.
    pub(super) fn insert_void(&mut self, tag: Tag) -> NodeId {
        self.insert(tag, Namespace::Html).id
    }

    /// Opens an HTML element that no tag stands for.
    pub(super) fn insert_implied(&mut self, tag: Tag) -> NodeId {
        let open = self.insert_copy(tag, AttributeRange::default());
        self.open.push(open);
        open.id
    }

    /// Inserts an element for the start tag that is read; who calls opens it.
    pub(super) fn insert(&mut self, tag: Tag, namespace: Namespace) -> Open {
        let attributes = self.tree.take_attributes(&mut self.attributes);
        self.insert_with(tag, namespace, attributes)
    }

    /// Inserts an HTML element with attributes that the tree has; who calls opens it.
    pub(super) fn insert_copy(&mut self, tag: Tag, attributes: AttributeRange) -> Open {
        self.insert_with(tag, Namespace::Html, attributes)
    }

    fn insert_with(&mut self, tag: Tag, namespace: Namespace, attributes: AttributeRange) -> Open {
        let place = self.place(None);
        let id = self.create(tag, namespace, attributes);
        self.put(place, Child::Node(id));
        Open { id, tag, namespace }
    }

    /// Makes an element that stands nowhere yet.
    pub(super) fn create(
        &mut self,
        tag: Tag,
        namespace: Namespace,
        attributes: AttributeRange,
    ) -> NodeId {
        let id = self.tree.create_element(tag, namespace, attributes);
        if tag == Tag::TEMPLATE && namespace == Namespace::Html {
            let contents = self.tree.create_other();
            self.tree.append(id, Child::Node(contents));
        }
        id
    }

    /// The root.
    pub(super) fn insert_root(&mut self) {
        let attributes = self.tree.take_attributes(&mut self.attributes);
        let id = self.create(Tag::HTML, Namespace::Html, attributes);
        self.append(NodeId::DOCUMENT, id);
        self.open.push(Open { id, tag: Tag::HTML, namespace: Namespace::Html });
    }

    pub(super) fn insert_text(&mut self, text: Cow<'p, str>) {
        let place = self.place(None);
        self.put(place, Child::Text(text));
    }

    pub(super) fn insert_comment(&mut self) {
        let place = self.place(None);
        let comment = self.tree.create_other();
        self.put(place, Child::Node(comment));
    }

    /// Puts a comment at the end of the document, or of the root.
    pub(super) fn append_comment(&mut self, parent: NodeId) {
        let comment = self.tree.create_other();
        self.append(parent, comment);
    }

    /// Puts a node where it belongs, if that were to be in `target`.
    pub(super) fn put_for(&mut self, target: &Open, node: NodeId) {
        let place = self.place(Some(target));
        self.put(place, Child::Node(node));
    }

    /// Puts a node at the end of another.
    pub(super) fn append(&mut self, parent: NodeId, node: NodeId) {
        self.put(Place::In(parent), Child::Node(node));
    }

    /// Where a node belongs: in the target, that is the innermost open element unless another is named.
    fn place(&mut self, target: Option<&Open>) -> Place {
        let Some(target) = target.or_else(|| self.open.last()).copied() else {
            return Place::In(NodeId::DOCUMENT);
        };
        if !self.is_foster_parenting || !target.is_in(&TABLE_PARTS) {
            return Place::In(self.inside(&target));
        }
        self.foster_place()
    }

    /// Where what does not belong in a table goes.
    fn foster_place(&mut self) -> Place {
        self.open.step(self.open.len());
        let holder = self
            .open
            .innermost_first()
            .find(|(_, open)| open.is(Tag::TEMPLATE) || open.is(Tag::TABLE));
        match holder {
            Some((_, template)) if template.is(Tag::TEMPLATE) => Place::In(self.inside(template)),
            Some((at, table)) => {
                let around = at.checked_sub(1).and_then(|at| self.open.get(at));
                let around = around.map_or(NodeId::DOCUMENT, |open| open.id);
                Place::BeforeTable { table: table.id, around }
            }
            None => Place::In(self.open.get(0).map_or(NodeId::DOCUMENT, |root| root.id)),
        }
    }

    /// The node that holds what is in an element: of a template, its contents.
    fn inside(&self, open: &Open) -> NodeId {
        if open.is(Tag::TEMPLATE) {
            return self.tree.first_child(open.id).unwrap_or(open.id);
        }
        open.id
    }

    fn put(&mut self, place: Place, child: Child<'p>) {
        let element = match child {
            Child::Node(id) => Some(id),
            Child::Text(_) => None,
        };
        match place {
            Place::BeforeTable { table, .. } if self.tree.has_parent(table) => {
                self.tree.insert_before(table, child);
            }
            Place::In(parent) | Place::BeforeTable { around: parent, .. } => {
                self.tree.append(parent, child);
            }
        }
        if let Some(id) = element {
            self.deepest = self.deepest.max(self.tree.depth(id));
        }
    }
}
