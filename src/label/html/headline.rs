//! The headline, and what stands between it and the text: kicker, lead, byline.

use super::Verdicts;
use super::boilerplate;
use super::container::Container;
use super::marks::Mark;
use super::prose::Prose;
use std::ops::Range;

use crate::label::vocabulary::words;
use crate::model::{
    BlockKind, Boilerplate, Document, Label, Landmark, Region, Source, TextBlock, Verdict,
};
use crate::rules::StemClass;

/// Most blocks between headline and text that may be a lead.
const MAX_HEAD_BLOCKS: usize = 40;
/// Shortest lead, characters.
const MIN_LEAD_CHARS: usize = 50;
/// Largest share of linked words of a lead.
const MAX_LEAD_LINK_DENSITY: f32 = 0.4;

/// What the page's claims say of its headline.
#[derive(Debug)]
pub(super) struct Claimed {
    /// The block that they know best, if one is like them.
    pub(super) headline: Option<usize>,
    /// The words of every claimed title that is not the visible heading itself.
    titles: Vec<Vec<u64>>,
}

/// Judges the headline and the blocks above the container.
pub(super) fn judge(
    document: &Document,
    prose: &Prose,
    container: &Container,
    marks: &[Option<Mark>],
    claimed: Claimed,
    verdicts: &mut Verdicts,
) {
    let Claimed { headline, titles } = claimed;
    let headline = headline.or_else(|| by_place(document, container, marks, verdicts));
    let Some(headline_idx) = headline else { return };
    set(verdicts, headline_idx, Verdict { label: Label::Headline, rule: "structure.headline" });
    repeated(document, prose, container, headline_idx, &titles, verdicts);
    if !is_one_of_the_sections(document, prose, container, headline_idx, &titles) {
        nothing_above_it_is_text(document, prose, container, headline_idx, verdicts);
        other_articles_go(document, prose, container, headline_idx, &titles, verdicts);
    }
    let above = headline_idx + 1..container.blocks.start;
    if above.len() > MAX_HEAD_BLOCKS {
        return;
    }
    for block_idx in above {
        let Some(block) = document.blocks.get(block_idx) else { continue };
        let is_marked = usize::try_from(block.region_idx)
            .ok()
            .and_then(|region_idx| marks.get(region_idx).copied().flatten())
            .is_some_and(|mark| !matches!(mark.class, StemClass::Timestamp));
        if !is_marked && is_lead(document, block, prose.length(block_idx)) {
            set(
                verdicts,
                block_idx,
                Verdict { label: Label::Lead, rule: "structure.lead_above_container" },
            );
        }
    }
}

/// Running text between an `h1` and what sounds most like the title, characters.
const MIN_TEXT_CHARS_ABOVE: usize = 100;

/// Fewest words of a title: the name of the site has fewer, and titles name it.
const MIN_TITLE_WORDS: usize = 4;

/// Whether what sounds most like the title is only a heading in the text: an `h1` stands above it, where the text is or much
/// like the title too, and running text between. An `h1` right above it is the name of the section.
fn is_one_of_the_sections(
    document: &Document,
    prose: &Prose,
    container: &Container,
    headline_idx: usize,
    titles: &[Vec<u64>],
) -> bool {
    let is_h1 = |block: &TextBlock| block.kind == BlockKind::Heading(1) && !block.is_hidden;
    let headline = document.blocks.get(headline_idx);
    if headline.is_none_or(is_h1) {
        return false;
    }
    let above = document.blocks.iter().enumerate().take(headline_idx);
    let is_like_the_title = |block: &TextBlock| {
        let (likeness, n_words) = best_likeness(&block.text, titles);
        likeness > MAX_FOREIGN_LIKENESS && n_words >= MIN_TITLE_WORDS
    };
    let h1 = above
        .filter(|(_, block)| is_h1(block))
        .find(|(at, block)| container.holds(*at) || is_like_the_title(block));
    let Some((h1, _)) = h1 else { return false };
    let between = h1.max(container.blocks.start)..headline_idx;
    prose.within(&between) >= MIN_TEXT_CHARS_ABOVE
}

/// Likeness to the claimed titles up to which a headline is another article's.
const MAX_FOREIGN_LIKENESS: f32 = 0.3;
/// Running text that the article itself must have, characters.
const MIN_OWN_CHARS: usize = 200;

/// The next article, in the same kind of box as this one, below a headline of the same level: pages that load on and on.
fn other_articles_go(
    document: &Document,
    prose: &Prose,
    container: &Container,
    headline_idx: usize,
    titles: &[Vec<u64>],
    verdicts: &mut Verdicts,
) {
    let Some(headline) = document.blocks.get(headline_idx) else { return };
    if !matches!(headline.kind, BlockKind::Heading(1 | 2)) {
        return;
    }
    for block_idx in headline_idx + 1..container.blocks.end {
        let Some(block) = document.blocks.get(block_idx) else { break };
        let is_open = verdicts.get(block_idx).is_some_and(Option::is_none);
        let is_foreign = is_open
            && block.kind == headline.kind
            && best_likeness(&block.text, titles).0 <= MAX_FOREIGN_LIKENESS;
        if !is_foreign {
            continue;
        }
        let Some(other) = sibling_box(document, prose, headline_idx, block_idx) else { continue };
        for at in other {
            if verdicts.get(at).is_some_and(Option::is_none) {
                let rule = "structure.another_article";
                set(verdicts, at, boilerplate(Boilerplate::OutsideArticle, rule));
            }
        }
    }
}

/// The blocks of the box around another headline, if it is the twin of the box around the page's own.
fn sibling_box(
    document: &Document,
    prose: &Prose,
    own: usize,
    other: usize,
) -> Option<Range<usize>> {
    let regions = &document.regions;
    let around = |at: usize, without: usize| {
        let block = document.blocks.get(at)?;
        let holds = |region: &&Region| {
            let without = u32::try_from(without).unwrap_or(u32::MAX);
            !region.blocks.contains(&without)
        };
        regions.around(block).take_while(holds).last()
    };
    let (own, other) = (around(own, other)?, around(other, own)?);
    let is_twin = own.tag == other.tag && own.parent == other.parent && {
        let names = regions.names(own);
        own.tag == "article" || (names == regions.names(other) && is_called_an_article(names))
    };
    let range = |region: &Region| {
        let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        index(region.blocks.start)..index(region.blocks.end)
    };
    let has_text = prose.within(&range(own)) >= MIN_OWN_CHARS && prose.within(&range(other)) > 0;
    (is_twin && has_text).then(|| range(other))
}

/// Parts of class names and ids of a box that holds an article; sections of one have other names.
const ARTICLE_NAMES: [&str; 6] = ["article", "artikel", "post", "story", "entry", "beitrag"];

fn is_called_an_article(names: &str) -> bool {
    let names = names.to_lowercase();
    ARTICLE_NAMES.iter().any(|name| names.contains(name))
}

/// Share of the container's running text that stands behind the headline for what stands above it to be furniture, percent:
/// a heading in the middle of the text is a sub-heading that only sounds like the title.
const MIN_BEHIND_PERCENT: usize = 67;

/// Largest share of linked words of text that counts as standing above the headline: teasers begin with their link.
const MAX_LINKED_ABOVE: f32 = 0.1;

/// Teasers and tickers above the headline, where the container begins before it.
fn nothing_above_it_is_text(
    document: &Document,
    prose: &Prose,
    container: &Container,
    headline_idx: usize,
    verdicts: &mut Verdicts,
) {
    let is_plain = |at: &usize| {
        document.blocks.get(*at).is_some_and(|block| block.link_density() < MAX_LINKED_ABOVE)
    };
    let above = container.blocks.start..headline_idx;
    let above: usize = above.filter(is_plain).map(|at| prose.at(at)).sum();
    let behind = prose.within(&(headline_idx..container.blocks.end.max(headline_idx)));
    if behind * 100 < (above + behind) * MIN_BEHIND_PERCENT {
        return;
    }
    for block_idx in container.blocks.start..headline_idx {
        if verdicts.get(block_idx).is_some_and(Option::is_none) {
            let above = boilerplate(Boilerplate::OutsideArticle, "structure.above_the_headline");
            set(verdicts, block_idx, above);
        }
    }
}

fn set(verdicts: &mut Verdicts, block_idx: usize, verdict: Verdict) {
    if let Some(slot) = verdicts.get_mut(block_idx) {
        *slot = Some(verdict);
    }
}

/// What the page's claims say of its headline.
pub(super) fn claimed(document: &Document) -> Claimed {
    let titles = claimed_words(document);
    Claimed { headline: best_known(document, &titles), titles }
}

/// The heading that the claimed titles know best, if one is like them.
fn best_known(document: &Document, titles: &[Vec<u64>]) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for (block_idx, block) in document.blocks.iter().enumerate() {
        let bonus = match block.kind {
            _ if block.is_hidden => continue,
            BlockKind::Heading(1) => 0.3,
            BlockKind::Heading(2) => 0.1,
            BlockKind::Heading(_) => 0.0,
            _ => continue,
        };
        let malus = match block.landmark {
            Landmark::Navigation | Landmark::Aside | Landmark::Footer | Landmark::Form => 0.35,
            _ => 0.0,
        };
        let (likeness, n_words) = best_likeness(&block.text, titles);
        let is_known = likeness >= MIN_LIKENESS && n_words >= 2;
        let score = likeness + bonus - malus;
        if is_known && best.is_none_or(|(best, _)| score > best) {
            best = Some((score, block_idx));
        }
    }
    best.map(|(_, block_idx)| block_idx)
}

/// The words of every claimed title that is not the visible heading itself.
fn claimed_words(document: &Document) -> Vec<Vec<u64>> {
    let claims = document.claims.titles.iter();
    claims
        .filter(|claim| claim.source != Source::Visible)
        .map(|claim| tokens(&claim.value))
        .collect()
}

/// How like a text is to the claim it is most like, and its number of different words.
fn best_likeness(text: &str, claims: &[Vec<u64>]) -> (f32, usize) {
    let words = tokens(text);
    let likeness = claims.iter().map(|claim| likeness(&words, claim)).fold(0.0, f32::max);
    (likeness, words.len())
}

/// The last `h1` before the text, or the first in it: the headline of a page whose claims know none.
fn by_place(
    document: &Document,
    container: &Container,
    marks: &[Option<Mark>],
    verdicts: &Verdicts,
) -> Option<usize> {
    let is_kicker = |block: &TextBlock| {
        let region_idx = usize::try_from(block.region_idx).ok();
        let mark = region_idx.and_then(|region_idx| marks.get(region_idx).copied().flatten());
        mark.is_some_and(|mark| mark.class == StemClass::Kicker)
    };
    let is_h1 = |block: &TextBlock| {
        block.kind == BlockKind::Heading(1) && !block.is_hidden && !is_kicker(block)
    };
    let upto = container.blocks.end.min(document.blocks.len());
    let h1s = || document.blocks.iter().enumerate().take(upto).filter(|(_, block)| is_h1(block));
    let before = h1s().take_while(|(at, _)| *at <= container.blocks.start).last();
    let inside = || {
        h1s().find(|(at, _)| container.holds(*at) && verdicts.get(*at).is_some_and(Option::is_none))
    };
    before.or_else(inside).map(|(block_idx, _)| block_idx)
}

/// Smallest likeness of a heading and a claimed title, from 0 to 1.
const MIN_LIKENESS: f32 = 0.55;

/// Most words of a title that are looked at; what has more is no title.
const MAX_TITLE_WORDS: usize = 500;

/// The words of a title, each once: hashes, sorted.
fn tokens(title: &str) -> Vec<u64> {
    let mut words: Vec<u64> = words(title, 1).take(MAX_TITLE_WORDS).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Share of the heading's words that the claim has, weighed with the share of the claim's words that the heading has: a claim
/// carries the site's name, a heading carries the kicker.
fn likeness(heading: &[u64], claim: &[u64]) -> f32 {
    let common = heading.iter().filter(|word| claim.binary_search(word).is_ok()).count();
    let (Ok(common), Ok(heading), Ok(claim)) =
        (u16::try_from(common), u16::try_from(heading.len()), u16::try_from(claim.len()))
    else {
        return 0.0;
    };
    if heading == 0 || claim == 0 {
        return 0.0;
    }
    let (in_heading, in_claim) =
        (f32::from(common) / f32::from(heading), f32::from(common) / f32::from(claim));
    0.6 * in_heading + 0.4 * in_claim
}

/// The headline again: the same text anywhere, a heading much like it before the text.
fn repeated(
    document: &Document,
    prose: &Prose,
    container: &Container,
    headline_idx: usize,
    titles: &[Vec<u64>],
    verdicts: &mut Verdicts,
) {
    let Some(headline) = document.blocks.get(headline_idx) else { return };
    let own = [tokens(&headline.text)];
    let first_prose = container.blocks.clone().find(|at| prose.at(*at) > 0).unwrap_or_default();
    for (block_idx, block) in document.blocks.iter().enumerate() {
        let is_open = verdicts.get(block_idx).is_some_and(Option::is_none);
        if block_idx == headline_idx || !is_open {
            continue;
        }
        let is_heading = matches!(block.kind, BlockKind::Heading(_)) && block_idx < first_prose;
        let is_like = || {
            let words = tokens(&block.text);
            titles.iter().chain(&own).any(|title| likeness(&words, title) >= MIN_REPEATED_LIKENESS)
        };
        if block.text == headline.text || (is_heading && is_like()) {
            let repeated = boilerplate(Boilerplate::Repeated, "structure.headline_repeated");
            set(verdicts, block_idx, repeated);
        }
    }
}

/// Smallest likeness of a heading that repeats the headline in other words.
const MIN_REPEATED_LIKENESS: f32 = 0.75;

/// Whether a block between headline and text sums the article up: the page's description says the same, or it is prose.
fn is_lead(document: &Document, block: &TextBlock, length: usize) -> bool {
    if block.in_figure || block.is_hidden || block.kind == BlockKind::Caption {
        return false;
    }
    if length < MIN_LEAD_CHARS || block.link_density() > MAX_LEAD_LINK_DENSITY {
        return false;
    }
    let head: String = block.text.chars().take(MIN_LEAD_CHARS).collect();
    let is_described =
        document.claims.descriptions.iter().any(|claim| claim.value.starts_with(&head));
    let is_sentence = block.text.ends_with(['.', '!', '?', '…', '“', '"', '»', '”', '。']);
    is_described
        || (is_sentence && !matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow))
}
