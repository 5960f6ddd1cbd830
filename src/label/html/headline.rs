//! The headline, and what stands between it and the text: kicker, lead, byline.

use super::Verdicts;
use super::boilerplate;
use super::container::Container;
use super::marks::Mark;
use super::prose::Prose;
use crate::model::{BlockKind, Boilerplate, Document, Label, TextBlock, Verdict};
use crate::rules::StemClass;

/// Most blocks between headline and text that may be a lead.
const MAX_HEAD_BLOCKS: usize = 40;
/// Shortest lead, characters.
const MIN_LEAD_CHARS: usize = 50;
/// Largest share of linked words of a lead.
const MAX_LEAD_LINK_DENSITY: f32 = 0.4;

/// Judges the headline and the blocks above the container.
pub(super) fn judge(
    document: &Document,
    prose: &Prose,
    container: &Container,
    marks: &[Option<Mark>],
    verdicts: &mut Verdicts,
) {
    let Some(headline_idx) = find(document, container, verdicts) else { return };
    set(verdicts, headline_idx, Verdict { label: Label::Headline, rule: "structure.headline" });
    let headline =
        document.blocks.get(headline_idx).map(|block| block.text.as_str()).unwrap_or_default();
    repeated(document, headline_idx, headline, verdicts);
    let above = headline_idx + 1..container.blocks.start;
    if above.len() > MAX_HEAD_BLOCKS {
        return;
    }
    for block_idx in above {
        let Some(block) = document.blocks.get(block_idx) else { continue };
        let is_marked = usize::try_from(block.region_idx)
            .ok()
            .and_then(|region_idx| marks.get(region_idx).copied().flatten())
            .is_some_and(|mark| !matches!(mark.class, StemClass::Timestamp));
        if !is_marked && is_lead(document, block, prose.length(block_idx)) {
            set(
                verdicts,
                block_idx,
                Verdict { label: Label::Lead, rule: "structure.lead_above_container" },
            );
        }
    }
}

fn set(verdicts: &mut Verdicts, block_idx: usize, verdict: Verdict) {
    if let Some(slot) = verdicts.get_mut(block_idx) {
        *slot = Some(verdict);
    }
}

/// The headline's block: the first `h1` that the page's claims know, else the last `h1` before the text or the first in it.
fn find(document: &Document, container: &Container, verdicts: &Verdicts) -> Option<usize> {
    let is_h1 = |block: &TextBlock| block.kind == BlockKind::Heading(1) && !block.is_hidden;
    let is_heading =
        |block: &TextBlock| matches!(block.kind, BlockKind::Heading(_)) && !block.is_hidden;
    let claimed = |block: &TextBlock| {
        document.claims.titles.iter().any(|claim| {
            let value = claim.value.as_str();
            value == block.text || (block.n_words >= 3 && value.starts_with(block.text.as_str()))
        })
    };
    let upto = container.blocks.end.min(document.blocks.len());
    let candidates = || document.blocks.iter().enumerate().take(upto);
    let by_claim =
        candidates().rev().find(|(_, block)| is_h1(block) && claimed_by_others(document, block));
    let any_heading = || {
        candidates().rev().find(|(_, block)| is_heading(block) && claimed(block) && !is_h1(block))
    };
    let before =
        || candidates().take(container.blocks.start + 1).rev().find(|(_, block)| is_h1(block));
    let inside = || {
        candidates().skip(container.blocks.start).find(|(block_idx, block)| {
            is_h1(block) && verdicts.get(*block_idx).is_some_and(Option::is_none)
        })
    };
    by_claim.or_else(any_heading).or_else(before).or_else(inside).map(|(block_idx, _)| block_idx)
}

/// Whether a claim that is not this heading itself says the same.
fn claimed_by_others(document: &Document, block: &TextBlock) -> bool {
    document.claims.titles.iter().any(|claim| {
        claim.source != crate::model::Source::Visible
            && (claim.value == block.text
                || (block.n_words >= 2 && claim.value.contains(block.text.as_str())))
    })
}

/// The headline again, in the text.
fn repeated(document: &Document, headline_idx: usize, headline: &str, verdicts: &mut Verdicts) {
    for (block_idx, block) in document.blocks.iter().enumerate() {
        let is_open = verdicts.get(block_idx).is_some_and(Option::is_none);
        if block_idx != headline_idx && is_open && block.text == headline {
            set(
                verdicts,
                block_idx,
                boilerplate(Boilerplate::Repeated, "structure.headline_repeated"),
            );
        }
    }
}

/// Whether a block between headline and text sums the article up: the page's description says the same, or it is prose.
fn is_lead(document: &Document, block: &TextBlock, length: usize) -> bool {
    if block.in_figure || block.is_hidden || block.kind == BlockKind::Caption {
        return false;
    }
    if length < MIN_LEAD_CHARS || block.link_density() > MAX_LEAD_LINK_DENSITY {
        return false;
    }
    let head: String = block.text.chars().take(MIN_LEAD_CHARS).collect();
    let is_described =
        document.claims.descriptions.iter().any(|claim| claim.value.starts_with(&head));
    let is_sentence = block.text.ends_with(['.', '!', '?', '…', '“', '"', '»', '”', '。']);
    is_described
        || (is_sentence && !matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow))
}
