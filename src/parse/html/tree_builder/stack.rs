//! The stack of open elements (HTML standard, 13.2.4.2), and what is in scope on it.

use super::sets::TABLE_CONTEXT;
use crate::parse::tree::{Namespace, NodeId, Tag, TagSet};

/// An open element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) id: NodeId,
    pub(super) tag: Tag,
    pub(super) namespace: Namespace,
}

impl Open {
    /// Whether it is the HTML element of that name.
    pub(super) fn is(&self, tag: Tag) -> bool {
        self.tag == tag && self.namespace == Namespace::Html
    }

    /// Whether it is one of those HTML elements.
    pub(super) fn is_in(&self, set: &TagSet) -> bool {
        self.namespace == Namespace::Html && set.has(self.tag)
    }

    /// Whether text and tags in it are read as in `MathML`'s text elements.
    pub(super) const fn is_math_text(&self) -> bool {
        matches!(self.namespace, Namespace::MathMl)
            && matches!(self.tag, Tag::MI | Tag::MO | Tag::MN | Tag::MS | Tag::MTEXT)
    }

    /// Whether HTML stands in it, though it is SVG's.
    pub(super) const fn is_html_in_svg(&self) -> bool {
        matches!(self.namespace, Namespace::Svg)
            && matches!(self.tag, Tag::FOREIGN_OBJECT | Tag::DESC | Tag::TITLE)
    }
}

/// Where a look for an open element ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Default,
    ListItem,
    Button,
    Table,
}

const DEFAULT_SCOPE: TagSet = TagSet::of(&[
    Tag::APPLET,
    Tag::CAPTION,
    Tag::HTML,
    Tag::TABLE,
    Tag::TD,
    Tag::TH,
    Tag::MARQUEE,
    Tag::OBJECT,
    Tag::SELECT,
    Tag::TEMPLATE,
]);
const LIST_ITEM_SCOPE: TagSet = DEFAULT_SCOPE.and(&[Tag::OL, Tag::UL]);
const BUTTON_SCOPE: TagSet = DEFAULT_SCOPE.and(&[Tag::BUTTON]);

impl Scope {
    fn ends_at(self, open: &Open) -> bool {
        let html = match self {
            Self::Default => &DEFAULT_SCOPE,
            Self::ListItem => &LIST_ITEM_SCOPE,
            Self::Button => &BUTTON_SCOPE,
            Self::Table => return open.is_in(&TABLE_CONTEXT),
        };
        match open.namespace {
            Namespace::Html => html.has(open.tag),
            Namespace::MathMl => open.is_math_text(),
            Namespace::Svg => open.is_html_in_svg(),
        }
    }
}

/// The open elements, outermost first.
#[derive(Debug)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// How many of each known HTML element are open: most looks for one are answered by zero.
    counts: [u32; Tag::N_KNOWN],
    /// Elements that were looked at, for the budget.
    pub(super) n_steps: u64,
}

impl Default for Stack {
    fn default() -> Self {
        Self { open: Vec::with_capacity(64), counts: [0; Tag::N_KNOWN], n_steps: 0 }
    }
}

impl Stack {
    pub(super) fn push(&mut self, open: Open) {
        self.count(&open, 1);
        self.open.push(open);
    }

    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.count(&open, -1);
        Some(open)
    }

    pub(super) fn truncate(&mut self, n: usize) {
        while self.open.len() > n {
            self.pop();
        }
    }

    pub(super) fn remove(&mut self, at: usize) {
        if at < self.open.len() {
            self.step(self.open.len() - at);
            let open = self.open.remove(at);
            self.count(&open, -1);
        }
    }

    /// Puts an element before the one at that place.
    pub(super) fn insert(&mut self, at: usize, open: Open) {
        self.count(&open, 1);
        self.open.insert(at.min(self.open.len()), open);
    }

    pub(super) fn replace(&mut self, at: usize, open: Open) {
        let Some(slot) = self.open.get_mut(at) else { return };
        let old = std::mem::replace(slot, open);
        self.count(&old, -1);
        self.count(&open, 1);
    }

    fn count(&mut self, open: &Open, change: i32) {
        if open.namespace == Namespace::Html
            && let Some(count) = self.counts.get_mut(open.tag.number())
        {
            *count = count.wrapping_add_signed(change);
        }
    }

    /// The innermost ("current node").
    pub(super) fn last(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Open> {
        self.open.get(at)
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// From the innermost outwards, with their places.
    pub(super) fn innermost_first(&self) -> impl Iterator<Item = (usize, &Open)> {
        self.open.iter().enumerate().rev()
    }

    /// Whether the innermost is the HTML element of that name.
    pub(super) fn is_at(&self, tag: Tag) -> bool {
        self.last().is_some_and(|open| open.is(tag))
    }

    /// Whether the innermost is one of those HTML elements.
    pub(super) fn is_at_one_of(&self, set: &TagSet) -> bool {
        self.last().is_some_and(|open| open.is_in(set))
    }

    /// Whether an HTML element of that name is open anywhere.
    pub(super) fn has(&self, tag: Tag) -> bool {
        match self.counts.get(tag.number()) {
            Some(count) => *count > 0,
            None => self.open.iter().any(|open| open.is(tag)),
        }
    }

    /// Where an element is on the stack.
    pub(super) fn place_of(&mut self, id: NodeId) -> Option<usize> {
        let at = self.open.iter().rposition(|open| open.id == id);
        self.step(self.open.len() - at.unwrap_or(0));
        at
    }

    /// Whether an HTML element of that name is in scope.
    pub(super) fn has_in_scope(&mut self, scope: Scope, tag: Tag) -> bool {
        self.has(tag) && self.is_in_scope(scope, |open| open.is(tag))
    }

    /// Whether one of those HTML elements is in scope.
    pub(super) fn has_one_in_scope(&mut self, scope: Scope, set: &TagSet) -> bool {
        self.is_in_scope(scope, |open| open.is_in(set))
    }

    /// Whether an element that is asked for is in scope.
    pub(super) fn is_in_scope(&mut self, scope: Scope, is_asked: impl Fn(&Open) -> bool) -> bool {
        let mut n_steps = 0;
        let mut is_found = false;
        for open in self.open.iter().rev() {
            n_steps += 1;
            is_found = is_asked(open);
            if is_found || scope.ends_at(open) {
                break;
            }
        }
        self.step(n_steps);
        is_found
    }

    /// Closes elements up to and with the innermost HTML element of that name.
    pub(super) fn pop_through(&mut self, tag: Tag) {
        while let Some(open) = self.pop() {
            if open.is(tag) {
                break;
            }
        }
    }

    /// Closes elements up to and with the innermost of those HTML elements.
    pub(super) fn pop_through_one_of(&mut self, set: &TagSet) {
        while let Some(open) = self.pop() {
            if open.is_in(set) {
                break;
            }
        }
    }

    /// Closes elements until the innermost is one of those HTML elements.
    pub(super) fn pop_to_one_of(&mut self, set: &TagSet) {
        while !self.open.is_empty() && !self.is_at_one_of(set) {
            self.pop();
        }
    }

    /// Closes innermost elements as long as they are of those ("generate implied end tags").
    pub(super) fn pop_all_of(&mut self, set: &TagSet) {
        while self.is_at_one_of(set) {
            self.pop();
        }
    }

    /// Charges for a look at so many elements.
    pub(super) fn step(&mut self, n: usize) {
        self.n_steps = self.n_steps.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }
}
