//! Which claims of parts of the page are the article's own: those that stand at its head or at its end, outside of teasers,
//! comments and boxes. They become claims like any other; `authors` and `dates` decide.

use crate::model::{
    AuthorClaim, Claimed, Claims, Label, LabelledDocument, Landmark, PlacedClaim, PlacedField,
    Region,
};
use crate::rules::{StemClass, StemSet};

/// Blocks before the headline that may belong to it.
const BLOCKS_BEFORE: usize = 12;
/// Blocks behind the headline that may stand between it and the text.
const BLOCKS_AFTER: usize = 30;
/// Blocks beside the headline: there an element of its own is the article's head, not a box.
const BLOCKS_BESIDE: usize = 5;
/// Blocks behind the text's last one that may still be the article's.
const BLOCKS_BEHIND: usize = 14;

/// What the names of elements say that belong to something else.
const FOREIGN_CLASSES: [StemClass; 4] =
    [StemClass::Comments, StemClass::Related, StemClass::Nav, StemClass::Consent];

/// Where the article stands among the blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The headline, or the first block of text.
    pub(super) anchor: usize,
    /// First block of text.
    pub(super) first: usize,
    /// Last block of text.
    pub(super) last: usize,
}

impl Span {
    /// `None` for a page without text.
    pub(super) fn of(document: &LabelledDocument) -> Option<Self> {
        let is_text = |labelled: &crate::model::LabelledBlock| labelled.verdict.label.is_text();
        let first = document.blocks.iter().position(is_text)?;
        let last = document.blocks.iter().rposition(is_text)?;
        let headline = document.blocks.iter().position(|l| l.verdict.label == Label::Headline);
        Some(Self { anchor: headline.unwrap_or(first), first, last })
    }

    /// Whether a block stands around the headline and the beginning of the text.
    pub(super) fn is_head(self, block_idx: usize) -> bool {
        let from = self.anchor.min(self.first).saturating_sub(BLOCKS_BEFORE);
        (from..=self.anchor + BLOCKS_AFTER).contains(&block_idx)
    }

    /// Whether a block stands at the end of the text.
    pub(super) fn is_tail(self, block_idx: usize) -> bool {
        (self.last..=self.last + BLOCKS_BEHIND).contains(&block_idx)
    }
}

/// Adds the claims that are the article's own; those of the end only for fields that the head says nothing of.
pub(super) fn claim(document: &LabelledDocument, claims: &mut Claims) {
    let Some(span) = Span::of(document) else { return };
    let placed = std::mem::take(&mut claims.placed);
    let own: Vec<&PlacedClaim> =
        placed.iter().filter(|claim| is_own(document, span, claim.block_idx)).collect();
    for field in [PlacedField::Author, PlacedField::Published, PlacedField::Modified] {
        let of_field = || own.iter().filter(|claim| claim.field == field);
        let at_head: Vec<&&PlacedClaim> =
            of_field().filter(|claim| span.is_head(claim.block_idx)).collect();
        let at_tail = || of_field().filter(|claim| span.is_tail(claim.block_idx)).collect();
        let mut chosen = if at_head.is_empty() { at_tail() } else { at_head };
        if chosen.is_empty() {
            chosen = agreed(of_field().collect());
        }
        for claim in innermost(&chosen) {
            add(claim, claims);
        }
    }
    for claim in own.iter().filter(|claim| claim.field == PlacedField::Keyword) {
        add(claim, claims);
    }
}

/// Claims from elsewhere on the page count when they all say the same.
fn agreed<'c>(claims: Vec<&'c &'c PlacedClaim>) -> Vec<&'c &'c PlacedClaim> {
    let first = claims.first().map(|claim| claim.value.clone());
    let all_agree = claims.iter().all(|claim| Some(&claim.value) == first.as_ref());
    if all_agree { claims } else { Vec::new() }
}

/// Claims without those that another, inside of them, says more exactly.
fn innermost<'c>(claims: &[&'c &'c PlacedClaim]) -> Vec<&'c PlacedClaim> {
    let is_around = |at: usize, outer: &PlacedClaim| {
        claims.iter().skip(at + 1).any(|inner| {
            inner.block_idx < outer.block_idx + 6
                && inner.value.len() < outer.value.len()
                && inner.source == outer.source
                && outer.value.contains(inner.value.as_str())
        })
    };
    let kept = claims.iter().enumerate().filter(|(at, claim)| !is_around(*at, claim));
    kept.map(|(_, claim)| **claim).collect()
}

fn add(claim: &PlacedClaim, claims: &mut Claims) {
    let PlacedClaim { value, url, source, .. } = claim.clone();
    match claim.field {
        PlacedField::Author => {
            claims.authors.push(Claimed { value: AuthorClaim { name: value, url }, source });
        }
        PlacedField::Published => claims.published.push(Claimed { value, source }),
        PlacedField::Modified => claims.modified.push(Claimed { value, source }),
        PlacedField::Keyword => claims.keywords.push(Claimed { value, source }),
    }
}

/// Whether a place is the article's: no element around it is a teaser's, a comment's or a box's that does not hold the text.
pub(super) fn is_own(document: &LabelledDocument, span: Span, block_idx: usize) -> bool {
    let Some(labelled) = document.blocks.get(block_idx) else { return true };
    let is_beside = block_idx.abs_diff(span.anchor) <= BLOCKS_BESIDE;
    let holds = |region: &Region| {
        let holds = |at: usize| u32::try_from(at).is_ok_and(|at| region.blocks.contains(&at));
        holds(span.first) || holds(span.anchor)
    };
    let mut around = document.regions.around(&labelled.block).take_while(|region| !holds(region));
    !around.any(|region| is_foreign(region, is_beside))
}

/// Whether an element that does not hold the text belongs to something else.
fn is_foreign(region: &Region, is_beside_the_headline: bool) -> bool {
    let is_apart = matches!(region.landmark, Landmark::Aside | Landmark::Form | Landmark::Article);
    let named = StemSet::from_bits(region.names_say);
    region.landmark == Landmark::Navigation
        || region.is_hidden
        || (is_apart && !is_beside_the_headline)
        || FOREIGN_CLASSES.iter().any(|class| named.contains(*class))
}
