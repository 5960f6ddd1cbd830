//! How sure klartext is of an article, what it removed, and what kind of page it was.

use super::body::Body;
use crate::model::{
    Claims, Label, LabelledBlock, LabelledDocument, PageKind, Quality, RawPage, Removal,
};

/// Fewest words of a full article; below it the score falls.
const FULL_ARTICLE_WORDS: usize = 120;

/// Score, flags and removals.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    body: &Body,
    has_title: bool,
) -> Quality {
    let mut quality = Quality { score: score(page, body, has_title), ..Quality::default() };
    for LabelledBlock { block, verdict } in &document.blocks {
        let Label::Boilerplate(class) = verdict.label else { continue };
        *quality.removed.entry(class).or_default() += 1;
        quality.removals.push(Removal {
            text: block.text.clone(),
            class,
            rule: verdict.rule,
            source_line: block.source_line,
        });
    }
    if page.charset.had_errors {
        quality.flags.push("charset_errors");
    }
    if document.claims.free_access.iter().any(|claim| !claim.value) {
        quality.flags.push("paywalled");
    }
    quality.flags.sort_unstable();
    quality
}

/// From 0.0 to 1.0: a title, enough text, clean characters.
fn score(page: &RawPage<'_>, body: &Body, has_title: bool) -> f32 {
    let n_words = u16::try_from(body.counts.words.min(FULL_ARTICLE_WORDS)).unwrap_or(u16::MAX);
    let full = u16::try_from(FULL_ARTICLE_WORDS).unwrap_or(u16::MAX);
    let length = f32::from(n_words) / f32::from(full);
    let title = if has_title { 1.0 } else { 0.8 };
    let charset = if page.charset.had_errors { 0.8 } else { 1.0 };
    (0.2 + 0.8 * length) * title * charset
}

/// What kind of page it is, as its structured data says.
pub(super) fn page_kind(claims: &Claims) -> PageKind {
    let says = |wanted: &str| claims.page_types.iter().any(|claim| claim.value == wanted);
    if says("LiveBlogPosting") {
        PageKind::Liveblog
    } else if says("ImageGallery") || says("MediaGallery") {
        PageKind::Gallery
    } else {
        PageKind::Article
    }
}
