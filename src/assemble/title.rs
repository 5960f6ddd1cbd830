//! Headline, kicker, subtitle. Order of trust for the headline: the visible one (`h1`), JSON-LD, OpenGraph, Twitter, meta,
//! `<title>` without the site's name, text prefix.

use super::body::Body;
use crate::model::{Claimed, Label, LabelledDocument, Provenance, Site, Source};

/// Sources in order of trust.
const TRUST: [Source; 8] = [
    Source::Visible,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Twitter,
    Source::Microdata,
    Source::Meta,
    Source::TitleElement,
    Source::TextPrefix,
];

/// The headline.
pub(super) fn of(
    document: &LabelledDocument,
    _site: &Site,
    provenance: &mut Provenance,
) -> Option<String> {
    let titles = &document.claims.titles;
    let best = TRUST
        .iter()
        .find_map(|&source| titles.iter().find(|claim| claim.source == source))
        .cloned()
        .or_else(|| visible(document, Label::Headline));
    provenance.take("title", best)
}

/// The line above the headline.
pub(super) fn kicker(document: &LabelledDocument, provenance: &mut Provenance) -> Option<String> {
    let best =
        visible(document, Label::Kicker).or_else(|| document.claims.kickers.first().cloned());
    provenance.take("kicker", best)
}

/// The line below the headline, unless the body has it.
pub(super) fn subtitle(
    document: &LabelledDocument,
    body: &Body,
    provenance: &mut Provenance,
) -> Option<String> {
    let best = visible(document, Label::Deck)?;
    if body.blocks.iter().any(|block| block.text == best.value) {
        return None;
    }
    provenance.take("subtitle", Some(best))
}

/// The first block with that label.
fn visible(document: &LabelledDocument, label: Label) -> Option<Claimed<String>> {
    let labelled = document.blocks.iter().find(|labelled| labelled.verdict.label == label)?;
    Some(Claimed { value: labelled.block.text.clone(), source: Source::Visible })
}
