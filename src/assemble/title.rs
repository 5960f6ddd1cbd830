//! Headline, kicker, subtitle. What the site's own rules read is believed first.
//!
//! The headline is voted on: the visible one, JSON-LD, OpenGraph, `<title>`, Twitter each name one; those that say the same
//! add up. The visible headline outweighs any other, but not two others that agree against it: then it is a section's name or
//! carries a kicker. Names of the site are cut off by evidence only: the site's own name, its host, or another claim that is
//! the rest.

use super::body::Body;
use crate::model::{Claimed, Label, LabelledDocument, Provenance, Site, Source};

/// Weights of the votes: the visible headline alone outweighs OpenGraph and Twitter, which are often one, but not OpenGraph
/// and `<title>`. Measured on development pages.
const WEIGHTS: [(Source, f32); 7] = [
    (Source::Visible, 2.0),
    (Source::JsonLd, 1.2),
    (Source::OpenGraph, 1.1),
    (Source::TitleElement, 1.0),
    (Source::Twitter, 0.6),
    (Source::Microdata, 0.5),
    (Source::Meta, 0.4),
];

/// Fewest characters of a claim that another claim begins with, to be cut there.
const MIN_KNOWN_CHARS: usize = 12;

/// Marks that stand between a headline and a site's name, blank on both sides.
const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", " // "];

/// The headline.
pub(super) fn of(
    document: &LabelledDocument,
    site: &Site,
    provenance: &mut Provenance,
) -> Option<String> {
    let titles = &document.claims.titles;
    if let Some(ruled) = by_site_rule(titles) {
        return provenance.take("title", Some(ruled));
    }
    let headline = visible(document, Label::Headline);
    let mut claims: Vec<Claimed<String>> = headline.iter().cloned().collect();
    for (source, _) in WEIGHTS.iter().skip(1) {
        claims.extend(titles.iter().find(|claim| claim.source == *source).cloned());
    }
    if claims.is_empty() {
        let prefix = titles.iter().find(|claim| claim.source == Source::TextPrefix).cloned();
        return provenance.take("title", prefix);
    }
    let headings = titles.iter().filter(|claim| claim.source == Source::Visible);
    let known: Vec<String> =
        claims.iter().chain(headings).map(|claim| folded(&claim.value)).collect();
    let kicker = visible(document, Label::Kicker).map(|claim| folded(&claim.value));
    let kicker = kicker.unwrap_or_default();
    let candidates: Vec<Claimed<String>> = claims
        .iter()
        .map(|claim| Claimed {
            value: if claim.source == Source::Visible {
                claim.value.clone()
            } else {
                without_site(&claim.value, site, &known, &kicker)
            },
            source: claim.source,
        })
        .filter(|claim| !claim.value.is_empty())
        .collect();
    provenance.take("title", elected(candidates))
}

/// The candidate with the most votes; of equal ones, the first.
fn elected(candidates: Vec<Claimed<String>>) -> Option<Claimed<String>> {
    let keys: Vec<String> = candidates.iter().map(|claim| folded(&claim.value)).collect();
    let weight = |source: Source| {
        WEIGHTS.iter().find(|(known, _)| *known == source).map_or(0.0, |(_, weight)| *weight)
    };
    let votes = |key: &str| -> f32 {
        let sources = candidates.iter().zip(&keys).filter(|(_, known)| *known == key);
        sources.map(|(claim, _)| weight(claim.source)).sum()
    };
    let mut best: Option<(f32, usize)> = None;
    for (at, key) in keys.iter().enumerate() {
        let votes = votes(key);
        if best.is_none_or(|(most, _)| votes > most) {
            best = Some((votes, at));
        }
    }
    let (_, at) = best?;
    candidates.into_iter().nth(at)
}

/// Letters and digits in lower case, words by single blanks.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A title without the names of the site at its ends.
fn without_site(title: &str, site: &Site, known: &[String], kicker: &str) -> String {
    let mut title = title.trim();
    loop {
        let last = SEPARATORS.iter().filter_map(|mark| Some((title.rfind(mark)?, *mark))).max();
        let first = SEPARATORS.iter().filter_map(|mark| Some((title.find(mark)?, *mark))).min();
        let behind =
            last.and_then(|(at, mark)| Some((title.get(..at)?, title.get(at + mark.len()..)?)));
        let before =
            first.and_then(|(at, mark)| Some((title.get(at + mark.len()..)?, title.get(..at)?)));
        let is_known = |rest: &str| {
            let rest = folded(rest);
            rest.contains(' ') && known.contains(&rest)
        };
        let is_cut = |rest: &str, name: &str| !folded(rest).is_empty() && is_site_name(name, site);
        let behind = behind.filter(|(rest, name)| is_known(rest) || is_cut(rest, name));
        // A kicker that a claim has before the headline belongs to the claim.
        let before = before.filter(|(rest, name)| {
            is_cut(rest, name) || (is_known(rest) && folded(name) != kicker)
        });
        match behind.or(before) {
            Some((rest, _)) => title = rest.trim(),
            None => return known_beginning(title, known).unwrap_or(title).to_owned(),
        }
    }
}

/// The part of a title that another claim is, up to a mark without blanks around it (`…-Politik｜Bote`).
fn known_beginning<'t>(title: &'t str, known: &[String]) -> Option<&'t str> {
    let marks = title.match_indices(['-', '|', '–', '—', 'ㅣ', '｜', '：', '・', '·', '_']);
    let beginnings = marks.filter_map(|(at, _)| title.get(..at));
    beginnings
        .filter(|beginning| beginning.chars().count() >= MIN_KNOWN_CHARS)
        .find(|beginning| known.contains(&folded(beginning)))
        .map(str::trim)
}

/// Whether a part of a title is the site's name, as it calls itself or as its host has it.
pub(super) fn is_site_name(part: &str, site: &Site) -> bool {
    let part = folded(part);
    let mut words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
    if words.len() > 1
        && ["the", "der", "die", "das", "le", "la", "el", "il"]
            .contains(words.first().unwrap_or(&""))
    {
        words.remove(0);
    }
    if words.is_empty() {
        return true;
    }
    if let Some(name) = site.name.as_deref().map(folded).filter(|name| !name.is_empty()) {
        let names: Vec<&str> = name.split(' ').collect();
        let is_inside = words.iter().all(|word| names.contains(word));
        let is_around =
            names.iter().all(|name| words.contains(name)) && words.len() <= names.len() + 3;
        if is_inside || is_around {
            return true;
        }
    }
    let compact: String = words.concat();
    let host: String =
        site.host.iter().flat_map(|host| host.chars()).filter(|c| c.is_alphanumeric()).collect();
    compact.len() >= 3 && host.contains(&compact)
}

/// The line above the headline, unless every claim has it in the title.
pub(super) fn kicker(
    document: &LabelledDocument,
    title: Option<&str>,
    provenance: &mut Provenance,
) -> Option<String> {
    let best = by_site_rule(&document.claims.kickers)
        .or_else(|| visible(document, Label::Kicker))
        .or_else(|| document.claims.kickers.first().cloned())?;
    let (kicker, title) = (folded(&best.value), title.map(folded).unwrap_or_default());
    if title.starts_with(&kicker) {
        return None;
    }
    provenance.take("kicker", Some(best))
}

/// Whether the visible headline and the page's structured data name titles without a common word.
pub(super) fn is_contested(document: &LabelledDocument) -> bool {
    let Some(headline) = visible(document, Label::Headline) else { return false };
    let shown = folded(&headline.value);
    let shown: Vec<&str> = shown.split(' ').collect();
    let sources = [Source::JsonLd, Source::OpenGraph];
    document.claims.titles.iter().filter(|claim| sources.contains(&claim.source)).any(|claim| {
        let claimed = folded(&claim.value);
        !claimed.is_empty() && !claimed.split(' ').any(|word| shown.contains(&word))
    })
}

/// The line below the headline, unless the body has it.
pub(super) fn subtitle(
    document: &LabelledDocument,
    body: &Body,
    provenance: &mut Provenance,
) -> Option<String> {
    let best =
        by_site_rule(&document.claims.descriptions).or_else(|| visible(document, Label::Deck))?;
    if body.blocks.iter().any(|block| block.text == best.value) {
        return None;
    }
    provenance.take("subtitle", Some(best))
}

/// What a field selector of the site's rules read.
fn by_site_rule(claims: &[Claimed<String>]) -> Option<Claimed<String>> {
    claims.iter().find(|claim| claim.source == Source::SiteRule).cloned()
}

/// The first block with that label.
fn visible(document: &LabelledDocument, label: Label) -> Option<Claimed<String>> {
    let labelled = document.blocks.iter().find(|labelled| labelled.verdict.label == label)?;
    Some(Claimed { value: labelled.block.text.clone(), source: Source::Visible })
}
