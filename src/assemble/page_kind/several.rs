//! Pages with more than one article: the next one below this one, or the posts of a blog one after the other.

use std::collections::BTreeMap;

use crate::model::{BlockKind, LabelledBlock, LabelledDocument, Region};

/// Fewest words of an article among others.
const MIN_ARTICLE_WORDS: u32 = 40;

/// The rule by which another article was left out.
const ANOTHER_ARTICLE: &str = "structure.another_article";

/// Whether the page holds other articles: left out, or kept beside this one.
pub(in crate::assemble) fn holds_several_articles(document: &LabelledDocument) -> bool {
    let is_another = |labelled: &LabelledBlock| labelled.verdict.rule == ANOTHER_ARTICLE;
    let mut siblings: BTreeMap<Option<u32>, u32> = BTreeMap::new();
    for region in document.regions.iter().filter(|region| is_article(document, region)) {
        *siblings.entry(region.parent).or_default() += 1;
    }
    siblings.into_values().any(|n_articles| n_articles > 1)
        || document.blocks.iter().any(is_another)
}

/// Whether an element is an `article` with a heading and text of its own that were kept.
fn is_article(document: &LabelledDocument, region: &Region) -> bool {
    if region.tag != "article" {
        return false;
    }
    let blocks = super::blocks_of(document, region);
    let is_heading =
        |labelled: &LabelledBlock| matches!(labelled.block.kind, BlockKind::Heading(1 | 2));
    blocks.first().is_some_and(is_heading) && super::text_words(blocks) >= MIN_ARTICLE_WORDS
}
