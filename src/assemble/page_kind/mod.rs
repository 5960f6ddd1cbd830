//! What kind of page an article stands on. Order of trust: structured data that says "live blog"; what the page shows
//! (entries with their times, a run of pictures with their texts); structured data that says "gallery" and of no article.

mod gallery;
mod liveblog;
mod several;

pub(super) use several::holds_several_articles;

use crate::model::{Claims, Label, LabelledBlock, LabelledDocument, PageKind, RawPage, Region};
use crate::rules::Words;

/// What kind of page it is.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    claims: &Claims,
    words: &Words,
) -> PageKind {
    let says = |wanted: &str| claims.page_types.iter().any(|claim| claim.value == wanted);
    let is_called = |names: &[String]| {
        titles(page, document, claims).iter().any(|title| has_word(title, names))
    };
    if says("LiveBlogPosting")
        || liveblog::is_one(document, || is_called(&words.liveblog_words), words)
    {
        return PageKind::Liveblog;
    }
    let claims_gallery = says("ImageGallery") || says("MediaGallery");
    let claims_article =
        claims.page_types.iter().any(|claim| claim.value.to_ascii_lowercase().ends_with("article"));
    if (claims_gallery && !claims_article)
        || gallery::is_one(document, || is_called(&words.gallery_words))
    {
        return PageKind::Gallery;
    }
    PageKind::Article
}

/// What the page is called: its titles, the words above them, the path of its address.
fn titles(page: &RawPage<'_>, document: &LabelledDocument, claims: &Claims) -> Vec<String> {
    let shown = document
        .blocks
        .iter()
        .filter(|labelled| matches!(labelled.verdict.label, Label::Headline | Label::Kicker));
    let shown = shown.map(|labelled| labelled.block.text.to_lowercase());
    let claimed = claims.titles.iter().map(|claim| claim.value.to_lowercase());
    let path = page.url.iter().map(|url| url.path().to_lowercase());
    shown.chain(claimed).chain(path).collect()
}

/// Fewest letters of a word that may end another: "Nahostticker".
const MIN_ENDING_LETTERS: usize = 6;

/// Whether one of the names stands in a title as words of its own, or a long one at the end of a word.
fn has_word(title: &str, names: &[String]) -> bool {
    names.iter().any(|name| {
        title.match_indices(name.as_str()).any(|(at, _)| {
            let before = title.get(..at).and_then(|before| before.chars().next_back());
            let after = title.get(at + name.len()..).and_then(|after| after.chars().next());
            let begins = name.chars().count() >= MIN_ENDING_LETTERS
                || !before.is_some_and(char::is_alphanumeric);
            begins && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

/// Words of the blocks that went into the text.
fn text_words(blocks: &[LabelledBlock]) -> u32 {
    let text = blocks.iter().filter(|labelled| labelled.verdict.label.is_text());
    text.map(|labelled| labelled.block.n_words).sum()
}

/// The blocks that an element holds.
fn blocks_of<'d>(document: &'d LabelledDocument, region: &Region) -> &'d [LabelledBlock] {
    let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let range = index(region.blocks.start)..index(region.blocks.end);
    document.blocks.get(range).unwrap_or_default()
}
