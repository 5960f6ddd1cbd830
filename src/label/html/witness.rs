//! What the page's own metadata repeats of its text (`articleBody`, descriptions): a witness of where the article stands,
//! never the text itself.

use memchr::memmem;

use super::prose::Prose;
use crate::model::Document;
use crate::text::first_chars;

/// Characters that must be the same: shorter beginnings meet by chance.
const SAME_CHARS: usize = 40;
/// Most bytes of claimed bodies that are searched: pages repeat an article once or twice.
const MAX_BODY_BYTES: usize = 200_000;

/// Which blocks the metadata repeats.
#[derive(Debug)]
pub(super) struct Witness {
    known: Vec<bool>,
    n_known: usize,
    has_body: bool,
}

impl Witness {
    /// Compares.
    pub(super) fn of(document: &Document, prose: &Prose) -> Self {
        let claims = &document.claims;
        let body = claims
            .article_bodies
            .iter()
            .map(|claim| claim.value.as_str())
            .find(|body| body.len() >= SAME_CHARS && body.len() <= MAX_BODY_BYTES);
        let known: Vec<bool> = document
            .blocks
            .iter()
            .enumerate()
            .map(|(block_idx, block)| {
                if prose.at(block_idx) == 0 {
                    return false;
                }
                let head = first_chars(&block.text, SAME_CHARS);
                body.is_some_and(|body| memmem::find(body.as_bytes(), head.as_bytes()).is_some())
                    || claims.descriptions.iter().any(|claim| claim.value.starts_with(head))
            })
            .collect();
        let n_known = known.iter().filter(|known| **known).count();
        Self { known, n_known, has_body: body.is_some() }
    }

    /// Whether the metadata repeats the article, or much of it.
    pub(super) fn has_body(&self) -> bool {
        self.has_body
    }

    /// Whether the metadata repeats one of the blocks.
    pub(super) fn knows_any(&self, blocks: &std::ops::Range<usize>) -> bool {
        self.n_known > 0 && blocks.clone().any(|block_idx| self.knows(block_idx))
    }

    /// Whether the metadata repeats the block.
    pub(super) fn knows(&self, block_idx: usize) -> bool {
        self.known.get(block_idx).copied().unwrap_or_default()
    }
}
