//! What a tree may cost.
//!
//! html5ever's tree builder walks the open elements at many tags, so unclosed tags make its time the square of the page's
//! size (32,000 of `<ul><li>`, 256 kB, take ten seconds). Every step of such a walk asks the tree for a name, so counting
//! the questions measures the work whatever trick caused it; when it exceeds what a page of that size may cost, the rest of
//! the page is not read.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{StartTag, TagToken, Token};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName, local_name};
use scraper::{Html, HtmlTreeSink};

/// What a tree may cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Deepest element.
    pub depth: usize,
    /// Most elements and comments.
    pub nodes: usize,
    /// Most steps of the tree builder.
    pub steps: u64,
}

impl Budget {
    /// No limit.
    pub const UNLIMITED: Self = Self { depth: usize::MAX, nodes: usize::MAX, steps: u64::MAX };

    /// The budget of a page of so many bytes, whose tags alone would nest so deep and be so many. A tree is deeper than its
    /// tags where elements are opened again, and what was let in is to be read whole: it may be twice that.
    #[must_use]
    pub fn of_page(n_bytes: usize, depth: usize, nodes: usize) -> Self {
        /// Steps that any page may take.
        const BASE_STEPS: u64 = 1_000_000;
        /// Steps for each byte. News pages take 0.5 to 3; a step is two nanoseconds.
        const STEPS_PER_BYTE: u64 = 32;
        let n_bytes = u64::try_from(n_bytes).unwrap_or(u64::MAX);
        let steps = BASE_STEPS.saturating_add(n_bytes.saturating_mul(STEPS_PER_BYTE));
        Self { depth: depth.saturating_mul(2), nodes: nodes.saturating_mul(2), steps }
    }
}

/// A node of the tree, and which in order of creation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handle {
    id: NodeId,
    node_idx: usize,
}

/// scraper's tree, counting what is done to it.
pub(super) struct Limited {
    tree: HtmlTreeSink,
    budget: Budget,
    n_steps: Cell<u64>,
    /// Depth of each node.
    depths: RefCell<Vec<usize>>,
    deepest: Cell<usize>,
    /// Depth of the element that was put into the tree last.
    depth: Cell<usize>,
}

impl Limited {
    pub(super) fn new(tree: HtmlTreeSink, budget: Budget) -> Self {
        Self {
            tree,
            budget,
            n_steps: Cell::new(0),
            depths: RefCell::new(vec![0]),
            deepest: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// Whether nothing more may be added.
    pub(super) fn is_spent(&self) -> bool {
        self.n_steps.get() > self.budget.steps
            || self.depths.borrow().len() > self.budget.nodes
            || self.deepest.get() > self.budget.depth
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

    fn created(&self, id: NodeId) -> Handle {
        let mut depths = self.depths.borrow_mut();
        depths.push(0);
        Handle { id, node_idx: depths.len() - 1 }
    }

    fn placed(&self, parent: &Handle, child: &NodeOrText<Handle>) {
        let NodeOrText::AppendNode(child) = child else { return };
        let mut depths = self.depths.borrow_mut();
        let depth = depths.get(parent.node_idx).map_or(1, |depth| depth + 1);
        if let Some(own) = depths.get_mut(child.node_idx) {
            *own = depth;
        }
        self.depth.set(depth);
        self.deepest.set(self.deepest.get().max(depth));
    }
}

/// Elements that stay open over paragraph borders.
fn is_formatting(name: &html5ever::LocalName) -> bool {
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

fn inner(child: NodeOrText<Handle>) -> NodeOrText<NodeId> {
    match child {
        NodeOrText::AppendNode(handle) => NodeOrText::AppendNode(handle.id),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}

impl TreeSink for Limited {
    type Handle = Handle;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.tree.finish()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn get_document(&self) -> Handle {
        Handle { id: self.tree.get_document(), node_idx: 0 }
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        self.charge(1);
        one.id == other.id
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Ref<'a, QualName> {
        self.charge(1);
        self.tree.elem_name(&target.id)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Handle {
        self.charge(attributes.len());
        self.created(self.tree.create_element(name, attributes, flags))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.created(self.tree.create_comment(text))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.created(self.tree.create_pi(target, data))
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.tree.append_doctype_to_document(name, public, system);
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.placed(parent, &child);
        self.tree.append(&parent.id, inner(child));
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.placed(sibling, &child);
        self.tree.append_before_sibling(&sibling.id, inner(child));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        self.placed(element, &child);
        self.tree.append_based_on_parent_node(&element.id, &previous.id, inner(child));
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.remove_from_parent(&target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.tree.reparent_children(&node.id, &new_parent.id);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        /// Steps of putting an attribute among those that are there: they are moved.
        const INSERTION: usize = 1_000;
        self.charge(attributes.len() * INSERTION);
        self.tree.add_attrs_if_missing(&target.id, attributes);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        // Nobody looks at how deep a template's inside is but through the template.
        Handle { id: self.tree.get_template_contents(&target.id), node_idx: target.node_idx }
    }

    fn mark_script_already_started(&self, _node: &Handle) {}
}
