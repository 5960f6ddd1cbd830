//! Blocks of the container that their own markup calls no text: links, buttons, captions.

use super::Verdicts;
use super::boilerplate;
use super::container::Container;
use super::prose::Prose;
use crate::model::{BlockKind, Boilerplate, Document, Label, TextBlock, Verdict};

/// Share of linked words of a block that is nothing but links.
const LINK_ONLY: f32 = 0.9;
/// Share of linked words of a short block that is a teaser.
const MOSTLY_LINKS: f32 = 0.6;
/// Longest block that is a teaser for being mostly links, characters.
const MAX_TEASER_CHARS: usize = 160;
/// Items looked back for the sentence that introduces a list of links.
const MAX_LIST_ITEMS: usize = 30;

/// Judges the undecided blocks of the container.
pub(super) fn judge(
    document: &Document,
    prose: &Prose,
    container: &Container,
    verdicts: &mut Verdicts,
) {
    for block_idx in container.blocks.clone() {
        let (Some(block), Some(None)) = (document.blocks.get(block_idx), verdicts.get(block_idx))
        else {
            continue;
        };
        let verdict = button(block)
            .or_else(|| caption(block))
            .or_else(|| links(document, block_idx, block, prose));
        if let (Some(verdict), Some(slot)) = (verdict, verdicts.get_mut(block_idx)) {
            *slot = Some(verdict);
        }
    }
}

fn button(block: &TextBlock) -> Option<Verdict> {
    (block.n_words > 0 && block.n_button_words >= block.n_words)
        .then_some(boilerplate(Boilerplate::Leftover, "structure.button"))
}

fn caption(block: &TextBlock) -> Option<Verdict> {
    let is_content = matches!(block.kind, BlockKind::TableRow | BlockKind::Quote);
    (block.kind == BlockKind::Caption || (block.in_figure && !is_content))
        .then_some(Verdict { label: Label::Caption, rule: "structure.figure" })
}

fn links(
    document: &Document,
    block_idx: usize,
    block: &TextBlock,
    prose: &Prose,
) -> Option<Verdict> {
    let density = block.link_density();
    let is_short = prose.length(block_idx) <= MAX_TEASER_CHARS;
    let ends = block.text.ends_with(['.', '!', '?', ':', '…', '。']);
    let is_links = density >= LINK_ONLY || (density >= MOSTLY_LINKS && is_short && !ends);
    if !is_links || is_introduced_list(document, block_idx, block) {
        return None;
    }
    Some(boilerplate(Boilerplate::LinkList, "density.links"))
}

/// A list of links that a sentence with a colon introduces is the article's.
fn is_introduced_list(document: &Document, block_idx: usize, block: &TextBlock) -> bool {
    if block.kind != BlockKind::ListItem {
        return false;
    }
    let before = document.blocks.iter().take(block_idx).rev().take(MAX_LIST_ITEMS);
    let mut before = before;
    before.find(|block| block.kind != BlockKind::ListItem).is_some_and(|block| {
        block.text.ends_with(':') && block.n_words >= 6 && block.kind == BlockKind::Paragraph
    })
}
