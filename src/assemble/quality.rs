//! How sure klartext is of an article, and how much it removed.

use super::body::Body;
use crate::model::{
    Boilerplate, DocumentSource, Label, LabelledBlock, LabelledDocument, Quality, RawPage,
    SiteRulesState,
};

/// Fewest words of a full article; below it the score falls.
const FULL_ARTICLE_WORDS: usize = 120;

/// Lines between the text of a dump and the offer to read on, at most.
const MAX_LINES_TO_THE_WALL: usize = 3;

/// Most words of an HTML page's text before a wall.
const MAX_STUB_WORDS: usize = 150;

/// Fewest words of such an offer.
const MIN_OFFER_WORDS: u32 = 3;

/// Score, flags and numbers of removed blocks.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    body: &Body,
    has_title: bool,
) -> Quality {
    let mut quality = Quality { score: score(page, body, has_title), ..Quality::default() };
    for (_, class) in document.removed() {
        *quality.removed.entry(class).or_default() += 1;
    }
    if page.charset.had_errors {
        quality.flags.push("charset_errors");
    }
    let is_paywalled = document.claims.free_access.iter().any(|claim| !claim.value)
        || ends_at_a_wall(document, body);
    if is_paywalled {
        quality.flags.push("paywalled");
    }
    quality.flags.extend(match document.site_rules.state {
        SiteRulesState::None | SiteRulesState::Applied => None,
        SiteRulesState::Unmatched => Some("site_rules_unmatched"),
        SiteRulesState::Emptied => Some("site_rules_emptied"),
    });
    if document.site_rules.is_expired {
        quality.flags.push("site_rules_expired");
    }
    quality.flags.sort_unstable();
    quality
}

/// Whether the text ends with an offer to read on: a line of some words right behind it. "Login" alone stands on every page;
/// a long text of an HTML page is whole, for pages offer a subscription behind free articles too.
fn ends_at_a_wall(document: &LabelledDocument, body: &Body) -> bool {
    let last = document.blocks.iter().rposition(|labelled| labelled.verdict.label.is_text());
    let behind =
        document.blocks.iter().skip(last.map_or(0, |last| last + 1)).take(MAX_LINES_TO_THE_WALL);
    let is_offer = |labelled: &LabelledBlock| {
        let is_wall = labelled.verdict.label == Label::Boilerplate(Boilerplate::Paywall);
        is_wall && labelled.block.n_words >= MIN_OFFER_WORDS
    };
    let may_be_cut = document.source == DocumentSource::Text || body.counts.words <= MAX_STUB_WORDS;
    may_be_cut && last.is_some() && behind.into_iter().any(is_offer)
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
