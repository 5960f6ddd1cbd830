//! The body: blocks judged to be text, in order, with their kinds and groups.

use crate::model::{
    ArticleBlock, ArticleBlockKind, Counts, Label, LabelledBlock, LabelledDocument,
};

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
    let blocks: Vec<ArticleBlock> = document.blocks.iter().filter_map(article_block).collect();
    let lead = blocks
        .first()
        .filter(|block| block.kind == ArticleBlockKind::Lead)
        .map(|block| block.text.clone());
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    let text = texts.join("\n\n");
    let counts = Counts {
        chars: text.chars().count(),
        words: unicode_segmentation::UnicodeSegmentation::unicode_words(text.as_str()).count(),
        paragraphs: blocks
            .iter()
            .filter(|block| !matches!(block.kind, ArticleBlockKind::Heading(_)))
            .count(),
    };
    Body { blocks, lead, text, counts }
}

fn article_block(labelled: &LabelledBlock) -> Option<ArticleBlock> {
    let LabelledBlock { block, verdict } = labelled;
    let kind = match verdict.label {
        Label::Lead => ArticleBlockKind::Lead,
        Label::KeyPoint => ArticleBlockKind::KeyPoint,
        Label::Subheading => match block.kind.into() {
            ArticleBlockKind::Heading(level) => ArticleBlockKind::Heading(level),
            _ => ArticleBlockKind::Heading(2),
        },
        Label::EditorNote => ArticleBlockKind::EditorNote,
        Label::Body => block.kind.into(),
        _ => return None,
    };
    Some(ArticleBlock { kind, text: block.text.clone(), group: None })
}

/// The place a report is filed from, if a block says only that.
pub(super) fn dateline(document: &LabelledDocument) -> Option<String> {
    let labelled =
        document.blocks.iter().find(|labelled| labelled.verdict.label == Label::Dateline)?;
    Some(labelled.block.text.clone())
}
