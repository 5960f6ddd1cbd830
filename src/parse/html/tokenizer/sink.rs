//! What html5ever's tree builder builds: our tree. Counts what is done.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{StartTag, TagToken, Token};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};

use super::budget::Spent;
use crate::parse::tree::{Child, Element, Node, NodeId, Tree};

/// The tree, and what it has cost.
pub(super) struct Sink {
    tree: RefCell<Tree>,
    n_steps: Cell<u64>,
    deepest: Cell<usize>,
    /// Depth of the node that was put into the tree last.
    depth: Cell<usize>,
}

impl Sink {
    pub(super) fn new(tree: Tree) -> Self {
        Self {
            tree: RefCell::new(tree),
            n_steps: Cell::new(0),
            deepest: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    pub(super) fn spent(&self) -> Spent {
        let nodes = self.tree.borrow().n_nodes();
        Spent { depth: self.deepest.get(), nodes, steps: self.n_steps.get() }
    }

    /// Charges for what the tree builder does without asking the tree: it compares a formatting element with all that are
    /// open, of which there are no more than elements.
    pub(super) fn charge_token(&self, token: &Token) {
        /// Steps of one comparison: both tags are copied and sorted.
        const COMPARISON: usize = 8;
        if let TagToken(tag) = token
            && tag.kind == StartTag
        {
            self.charge(tag.attrs.len() + 1);
            if is_formatting(&tag.name) {
                self.charge(self.depth.get() * COMPARISON * (1 + tag.attrs.len()));
            }
        }
    }

    fn charge(&self, n_steps: usize) {
        let n_steps = u64::try_from(n_steps).unwrap_or(u64::MAX);
        self.n_steps.set(self.n_steps.get().saturating_add(n_steps));
    }

    fn create(&self, node: Node) -> NodeId {
        self.tree.borrow_mut().create(node)
    }

    /// Notes how deep something was put.
    fn placed(&self, parent: NodeId, child: &NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(_) = child {
            let depth = self.tree.borrow().depth(parent) + 1;
            self.depth.set(depth);
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

/// Elements that stay open over paragraph borders.
fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

fn child(child: NodeOrText<NodeId>) -> Child {
    match child {
        NodeOrText::AppendNode(id) => Child::Node(id),
        NodeOrText::AppendText(text) => Child::Text(text),
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn get_document(&self) -> NodeId {
        NodeId::DOCUMENT
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        self.charge(1);
        one == other
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        static NO_ELEMENT: QualName = QualName { prefix: None, ns: ns!(), local: local_name!("") };
        self.charge(1);
        Ref::map(self.tree.borrow(), |tree| match tree.node(*target) {
            Node::Element(element) => &element.name,
            Node::Text(_) | Node::Other => &NO_ELEMENT,
        })
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> NodeId {
        self.charge(attributes.len());
        let is_template = name.ns == ns!(html) && name.local == local_name!("template");
        let id = self.create(Node::Element(Element { name, attributes }));
        if is_template {
            let contents = self.create(Node::Other);
            self.tree.borrow_mut().append(id, Child::Node(contents));
        }
        id
    }

    fn create_comment(&self, _text: StrTendril) -> NodeId {
        self.create(Node::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> NodeId {
        self.create(Node::Other)
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {
        let doctype = self.create(Node::Other);
        self.tree.borrow_mut().append(NodeId::DOCUMENT, Child::Node(doctype));
    }

    fn append(&self, parent: &NodeId, new: NodeOrText<NodeId>) {
        self.placed(*parent, &new);
        self.tree.borrow_mut().append(*parent, child(new));
    }

    fn append_before_sibling(&self, sibling: &NodeId, new: NodeOrText<NodeId>) {
        self.placed(*sibling, &new);
        self.tree.borrow_mut().insert_before(*sibling, child(new));
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        new: NodeOrText<NodeId>,
    ) {
        let has_parent = self.tree.borrow().has_parent(*element);
        if has_parent {
            self.append_before_sibling(element, new);
        } else {
            self.append(previous, new);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.tree.borrow_mut().move_children(*node, *new_parent);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        /// Steps of looking whether an attribute is there, and of putting it there.
        const INSERTION: usize = 1_000;
        self.charge(attributes.len() * INSERTION);
        self.tree.borrow_mut().add_missing(*target, attributes);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.tree.borrow().first_child(*target).unwrap_or(*target)
    }

    fn mark_script_already_started(&self, _node: &NodeId) {}
}
