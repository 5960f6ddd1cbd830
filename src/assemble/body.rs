//! The body: blocks judged to be text, in order, with their kinds and groups.

use crate::model::{
    ArticleBlock, ArticleBlockKind, BlockKind, Boilerplate, Counts, DocumentSource, Label,
    LabelledBlock, LabelledDocument,
};
use crate::text::{count_words, may_have_cjk};

/// The body and what follows from it.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    /// The blocks.
    pub(super) blocks: Vec<ArticleBlock>,
    /// The lead's text; its block is the first.
    pub(super) lead: Option<String>,
    /// The blocks' texts, joined by one blank line.
    pub(super) text: String,
    /// Sizes of `text`.
    pub(super) counts: Counts,
}

/// Selects the body.
pub(super) fn of(document: &LabelledDocument) -> Body {
    let blocks = article_blocks(document);
    let lead = blocks
        .first()
        .filter(|block| block.kind == ArticleBlockKind::Lead)
        .map(|block| block.text.clone());
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    let text = texts.join("\n\n");
    let counts = Counts {
        chars: text.chars().count(),
        words: usize::try_from(n_words(document, &text)).unwrap_or(usize::MAX),
        paragraphs: blocks
            .iter()
            .filter(|block| !matches!(block.kind, ArticleBlockKind::Heading(_)))
            .count(),
    };
    Body { blocks, lead, text, counts }
}

/// Words of the whole text. Those of the blocks have been counted; only Han and kana, of which two are a word, are counted
/// over the borders of lines.
fn n_words(document: &LabelledDocument, text: &str) -> u32 {
    if may_have_cjk(text) {
        return count_words(text);
    }
    let is_text = |labelled: &&LabelledBlock| labelled.verdict.label.is_text();
    document.blocks.iter().filter(is_text).map(|labelled| labelled.block.n_words).sum()
}

/// Whether a block of text stands in the page's metadata alone.
pub(super) fn is_told_by_the_metadata(block: &LabelledBlock) -> bool {
    block.verdict.rule == "metadata.article_body"
}

/// The blocks judged to be text; points of a box carry its label as their group.
fn article_blocks(document: &LabelledDocument) -> Vec<ArticleBlock> {
    let mut blocks = Vec::with_capacity(document.blocks.len());
    let mut group = None;
    for LabelledBlock { block, verdict, .. } in &document.blocks {
        if verdict.label == Label::Boilerplate(Boilerplate::KeyPointsLabel) {
            group = Some(block.text.trim_end_matches([':', ' ']));
        }
        let Some(kind) = kind(document.source, block.kind, verdict.label) else { continue };
        let group = group.filter(|_| kind == ArticleBlockKind::KeyPoint).map(str::to_owned);
        blocks.push(ArticleBlock { kind, text: block.text.clone(), group });
    }
    blocks
}

/// The kind of a block in the article; `None` for what is no text.
fn kind(source: DocumentSource, kind: BlockKind, label: Label) -> Option<ArticleBlockKind> {
    Some(match (label, kind) {
        (Label::Lead, _) => ArticleBlockKind::Lead,
        (Label::KeyPoint, _) => ArticleBlockKind::KeyPoint,
        (Label::EditorNote, _) => ArticleBlockKind::EditorNote,
        (Label::Subheading, BlockKind::Heading(_)) => kind.into(),
        (Label::Subheading, _) => ArticleBlockKind::Heading(2),
        // A dump knows no `pre`: lines that run on are verse.
        (Label::Body, BlockKind::Preformatted) if source == DocumentSource::Text => {
            ArticleBlockKind::Verse
        }
        (Label::Body, _) => kind.into(),
        _ => return None,
    })
}
