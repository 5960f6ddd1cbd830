//! Elements that outlive the block they were opened in: `<b>`, `<a>` … (HTML standard, "the list of active formatting
//! elements", "adoption agency algorithm").

use super::TreeBuilder;
use super::sets::SPECIAL;
use super::stack::{Open, Scope};
use crate::parse::tree::{AttributeRange, Namespace, NodeId, Tag};

/// An entry of the list.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// What is before it is out of reach: a cell, a caption, an `<object>` began here.
    Marker,
    Element(Active),
}

/// A formatting element that is to be opened again after the end of the block it stands in.
#[derive(Debug, Clone, Copy)]
struct Active {
    id: NodeId,
    tag: Tag,
    attributes: AttributeRange,
}

/// The list of active formatting elements, oldest first.
#[derive(Debug, Default)]
pub(super) struct Formatting {
    entries: Vec<Entry>,
    n_steps: u64,
}

impl Formatting {
    pub(super) fn mark(&mut self) {
        self.entries.push(Entry::Marker);
    }

    /// Forgets all up to the last marker, and that.
    pub(super) fn clear_to_marker(&mut self) {
        while matches!(self.entries.pop(), Some(Entry::Element(_))) {}
    }

    /// The elements behind the last marker, newest first, with their places.
    fn reachable(&self) -> impl Iterator<Item = (usize, &Active)> {
        self.entries.iter().enumerate().rev().map_while(|(at, entry)| match entry {
            Entry::Marker => None,
            Entry::Element(active) => Some((at, active)),
        })
    }

    /// The newest reachable element of that name.
    fn newest(&mut self, tag: Tag) -> Option<(usize, Active)> {
        let found = self.reachable().find(|(_, active)| active.tag == tag);
        let found = found.map(|(at, active)| (at, *active));
        self.step(self.entries.len() - found.map_or(0, |(at, _)| at));
        found
    }

    /// Where an element is on the list.
    fn place_of(&mut self, id: NodeId) -> Option<usize> {
        let is_it = |entry: &Entry| matches!(entry, Entry::Element(active) if active.id == id);
        let at = self.entries.iter().rposition(is_it);
        self.step(self.entries.len() - at.unwrap_or(0));
        at
    }

    fn active_at(&self, at: usize) -> Option<Active> {
        match self.entries.get(at)? {
            Entry::Marker => None,
            Entry::Element(active) => Some(*active),
        }
    }

    fn remove(&mut self, at: usize) {
        if at < self.entries.len() {
            self.step(self.entries.len() - at);
            self.entries.remove(at);
        }
    }

    fn set(&mut self, at: usize, active: Active) {
        if let Some(entry) = self.entries.get_mut(at) {
            *entry = Entry::Element(active);
        }
    }

    fn step(&mut self, n: usize) {
        self.n_steps = self.n_steps.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }

    /// Elements that were looked at since the last call.
    pub(super) fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.n_steps)
    }
}

impl TreeBuilder<'_> {
    /// Opens a formatting element for the start tag that is read. Of four that are the same, the oldest is forgotten.
    pub(super) fn insert_formatting(&mut self, tag: Tag) {
        const MOST_ALIKE: usize = 3;
        let attributes = self.tree.take_attributes(&mut self.attributes);
        let mut n_steps = 0;
        let alike = self.formatting.reachable().filter(|(_, active)| {
            n_steps += 1;
            active.tag == tag && self.is_alike(active.attributes, attributes, &mut n_steps)
        });
        let oldest = alike.map(|(at, _)| at).enumerate().last();
        self.formatting.step(n_steps);
        if let Some((n, at)) = oldest
            && n + 1 >= MOST_ALIKE
        {
            self.formatting.remove(at);
        }
        let open = self.insert_copy(tag, attributes);
        self.open.push(open);
        self.formatting.entries.push(Entry::Element(Active { id: open.id, tag, attributes }));
    }

    /// Whether two elements have the same attributes, in whatever order.
    fn is_alike(&self, one: AttributeRange, other: AttributeRange, n_steps: &mut usize) -> bool {
        let (one, other) = (self.tree.taken(one), self.tree.taken(other));
        *n_steps += one.len();
        one.len() == other.len()
            && one.iter().all(|attribute| {
                *n_steps += other.len();
                other.contains(attribute)
            })
    }

    /// Opens the formatting elements again that a block has closed ("reconstruct the active formatting elements").
    pub(super) fn reconstruct(&mut self) {
        let closed = self.n_closed();
        let first = self.formatting.entries.len() - closed;
        for at in first..self.formatting.entries.len() {
            let Some(active) = self.formatting.active_at(at) else { continue };
            let open = self.insert_copy(active.tag, active.attributes);
            self.open.push(open);
            self.formatting.set(at, Active { id: open.id, ..active });
        }
    }

    /// How many of the newest formatting elements are not open.
    fn n_closed(&mut self) -> usize {
        let mut n = 0;
        while let Some(Entry::Element(active)) =
            self.formatting.entries.iter().rev().nth(n).copied()
        {
            if self.open.has(active.tag) && self.open.place_of(active.id).is_some() {
                break;
            }
            n += 1;
        }
        n
    }

    /// A second `<a>` closes the first.
    pub(super) fn close_link(&mut self) {
        let Some((_, link)) = self.formatting.newest(Tag::A) else { return };
        self.end_formatting(Tag::A);
        if let Some(at) = self.formatting.place_of(link.id) {
            self.formatting.remove(at);
        }
        if let Some(at) = self.open.place_of(link.id) {
            self.open.remove(at);
        }
    }

    /// The end tag of a formatting element: what is closed across blocks is split ("adoption agency algorithm").
    pub(super) fn end_formatting(&mut self, tag: Tag) {
        /// Times that the algorithm is gone through.
        const ROUNDS: usize = 8;
        if let Some(last) = self.open.last().filter(|open| open.is(tag)).copied()
            && self.formatting.place_of(last.id).is_none()
        {
            self.open.pop();
            return;
        }
        for _ in 0..ROUNDS {
            let Some((entry_at, active)) = self.formatting.newest(tag) else {
                return self.end_other(tag);
            };
            let Some(at) = self.open.place_of(active.id) else {
                return self.formatting.remove(entry_at);
            };
            if !self.open.is_in_scope(Scope::Default, |open| open.id == active.id) {
                return;
            }
            let Some(block_at) = self.outermost_block(at) else {
                self.open.truncate(at);
                return self.formatting.remove(entry_at);
            };
            self.adopt(active, at, block_at);
        }
    }

    /// The outermost special element inside of the one at that place.
    fn outermost_block(&mut self, at: usize) -> Option<usize> {
        let n_open = self.open.len();
        self.open.step(n_open - at);
        (at..n_open).find(|at| self.open.get(*at).is_some_and(|open| open.is_in(&SPECIAL)))
    }

    /// Splits a formatting element that is closed inside of a block it holds: the copies stand around the block's neighbours
    /// and inside of the block.
    fn adopt(&mut self, active: Active, at: usize, block_at: usize) {
        let around = at.checked_sub(1).and_then(|at| self.open.get(at)).copied();
        let (Some(around), Some(block)) = (around, self.open.get(block_at).copied()) else {
            return;
        };
        let (moved, last_copy) = self.copy_between(active, block, block_at);
        self.tree.detach(moved);
        self.put_for(&around, moved);
        let copy = self.create(active.tag, Namespace::Html, active.attributes);
        self.tree.move_children(block.id, copy);
        self.append(block.id, copy);
        let entry = Active { id: copy, ..active };
        // The copy takes the old element's place on the list, or stands behind the last copy in between.
        match last_copy.and_then(|id| self.formatting.place_of(id)) {
            None => {
                if let Some(at) = self.formatting.place_of(active.id) {
                    self.formatting.set(at, entry);
                }
            }
            Some(copy_at) => {
                self.formatting.step(self.formatting.entries.len() - copy_at);
                self.formatting.entries.insert(copy_at + 1, Entry::Element(entry));
                if let Some(at) = self.formatting.place_of(active.id) {
                    self.formatting.remove(at);
                }
            }
        }
        if let Some(at) = self.open.place_of(active.id) {
            self.open.remove(at);
        }
        if let Some(at) = self.open.place_of(block.id) {
            self.open
                .insert(at + 1, Open { id: copy, tag: active.tag, namespace: Namespace::Html });
        }
    }

    /// Copies the formatting elements between an element and the block in it, and moves the block into them; closes the
    /// other elements in between. Says what is to be moved, and which copy was made first.
    fn copy_between(
        &mut self,
        active: Active,
        block: Open,
        block_at: usize,
    ) -> (NodeId, Option<NodeId>) {
        /// Elements that are copied; those further out are closed.
        const MOST_COPIES: usize = 3;
        let (mut moved, mut first_copy) = (block.id, None);
        let mut n_seen = 0;
        for at in (0..block_at).rev() {
            n_seen += 1;
            let Some(open) = self.open.get(at).copied() else { break };
            if open.id == active.id {
                break;
            }
            let entry_at = self.formatting.place_of(open.id);
            let inner = entry_at.and_then(|at| self.formatting.active_at(at));
            let (Some(entry_at), Some(inner), true) = (entry_at, inner, n_seen <= MOST_COPIES)
            else {
                if let Some(at) = entry_at {
                    self.formatting.remove(at);
                }
                self.open.remove(at);
                continue;
            };
            let id = self.create(inner.tag, Namespace::Html, inner.attributes);
            self.open.replace(at, Open { id, ..open });
            self.formatting.set(entry_at, Active { id, ..inner });
            if moved == block.id {
                first_copy = Some(id);
            }
            self.append(id, moved);
            moved = id;
        }
        (moved, first_copy)
    }
}
