//! What a tree may cost.
//!
//! A tree builder walks the open elements at many tags, so unclosed tags make its time the square of the page's
//! size (32,000 of `<ul><li>`, 256 kB, take ten seconds). Every step of such a walk asks the tree for a name, so counting
//! the questions measures the work whatever trick caused it; a page that takes more than one of its size may is refused.

use crate::parse::ParseError;

/// What a tree may cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Deepest element.
    pub depth: usize,
    /// Most elements and texts.
    pub nodes: usize,
    /// Most steps of the tree builder.
    pub steps: u64,
    /// Size of the page.
    page_bytes: usize,
}

/// What a tree has cost so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spent {
    pub(super) depth: usize,
    pub(super) nodes: usize,
    pub(super) steps: u64,
}

impl Budget {
    /// No limit.
    pub const UNLIMITED: Self =
        Self { depth: usize::MAX, nodes: usize::MAX, steps: u64::MAX, page_bytes: usize::MAX };

    /// The budget of a page of so many bytes.
    #[must_use]
    pub fn of_page(page_bytes: usize, depth: usize, nodes: usize) -> Self {
        /// Steps that any page may take.
        const BASE_STEPS: u64 = 1_000_000;
        /// Steps for each byte. News pages take 0.5 to 3; a step is two nanoseconds.
        const STEPS_PER_BYTE: u64 = 32;
        let n_bytes = u64::try_from(page_bytes).unwrap_or(u64::MAX);
        let steps = BASE_STEPS.saturating_add(n_bytes.saturating_mul(STEPS_PER_BYTE));
        Self { depth, nodes, steps, page_bytes }
    }

    /// What is over, when so much is spent at that byte of the page.
    pub(super) fn exceeded(&self, spent: Spent, offset: usize) -> Option<ParseError> {
        if spent.depth > self.depth {
            Some(ParseError::TooDeep { limit: self.depth, offset })
        } else if spent.nodes > self.nodes {
            Some(ParseError::TooManyNodes { limit: self.nodes })
        } else if spent.steps > self.steps {
            let page_bytes = self.page_bytes;
            Some(ParseError::TooEntangled { limit: self.steps, offset, page_bytes })
        } else {
            None
        }
    }
}
