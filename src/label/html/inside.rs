//! Blocks of the container that their own markup calls no text: links, buttons, captions.

use super::Verdicts;
use super::boilerplate;
use super::container::Container;
use super::prose::Prose;
use crate::model::{BlockKind, Boilerplate, Document, Label, Region, RuleName, TextBlock, Verdict};

/// The rule of blocks that are links.
pub(super) const LINKS_RULE: RuleName = "density.links";

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
            .or_else(|| caption_beside_its_picture(document, block))
            .or_else(|| about_the_author(document, prose, container, block_idx, block))
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

/// Longest caption that only its place shows, words.
const MAX_CAPTION_WORDS: u32 = 25;

/// The same of one that ends like a sentence.
const MAX_SENTENCE_WORDS: u32 = 12;

/// A line that is no sentence, or a short one, alone in an element with a picture.
fn caption_beside_its_picture(document: &Document, block: &TextBlock) -> Option<Verdict> {
    let is_line = block.kind == BlockKind::Paragraph
        && block.n_words <= MAX_CAPTION_WORDS
        && (!block.text.ends_with(SENTENCE_ENDS)
            || (block.text.ends_with('.') && block.n_words <= MAX_SENTENCE_WORDS));
    let is_alone = |region: &&Region| region.blocks.end - region.blocks.start == 1;
    let has_picture =
        || document.regions.around(block).take_while(is_alone).any(|region| region.n_images > 0);
    let verdict = Verdict { label: Label::Caption, rule: "structure.beside_its_picture" };
    (is_line && has_picture()).then_some(verdict)
}

/// What a sentence, or a line that opens one, ends with.
const SENTENCE_ENDS: [char; 10] = ['.', '!', '?', ':', '…', '。', ',', ';', '”', '“'];

/// Longest note on an author, characters.
const MAX_NOTE_CHARS: usize = 400;
/// Share of the article's running text that may stand behind such a note, percent.
const MAX_BEHIND_PERCENT: usize = 10;

/// "Rike Olbers ist Redakteurin …": the last words of a page, on the one whom it names as its author.
fn about_the_author(
    document: &Document,
    prose: &Prose,
    container: &Container,
    block_idx: usize,
    block: &TextBlock,
) -> Option<Verdict> {
    if block.kind != BlockKind::Paragraph || prose.length(block_idx) > MAX_NOTE_CHARS {
        return None;
    }
    let behind = prose.within(&(block_idx + 1..container.blocks.end.max(block_idx + 1)));
    let all = prose.within(&container.blocks);
    let is_last = behind * 100 <= all * MAX_BEHIND_PERCENT && prose.at(block_idx) * 2 < all;
    let begins = |name: &str| {
        let rest = block.text.strip_prefix(name.trim());
        name.trim().contains(' ') && rest.is_some_and(|rest| rest.starts_with([' ', ',']))
    };
    let names = || document.claims.authors.iter().any(|claim| begins(&claim.value.name));
    let verdict = boilerplate(Boilerplate::AuthorBox, "structure.about_the_author");
    (is_last && names()).then_some(verdict)
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
    Some(boilerplate(Boilerplate::LinkList, LINKS_RULE))
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
