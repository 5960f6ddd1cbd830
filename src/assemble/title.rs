//! Headline, kicker, subtitle. What the site's own rules read is believed first.
//!
//! The headline is voted on: the visible one, JSON-LD, OpenGraph, `<title>`, Twitter each name one; those that say the same
//! add up. The visible headline outweighs any two others, but not three that agree against it: then it is a section's name or
//! lacks a part. Names of the site are cut off by evidence only: the site's own name, its host, or another claim that is
//! the rest; a heading that is nothing but such a name is no headline. A kicker in the headline's own heading is told by
//! OpenGraph, which names the rest, or by JSON-LD, which puts a colon where the page sets the two apart.

use std::ops::ControlFlow;

use super::body::Body;
use crate::model::{Claimed, Claims, Label, LabelledDocument, Provenance, Site, Source};
use crate::rules::Words;
use crate::text::is_alphanumeric;

/// Weights of the votes: the visible headline alone outweighs OpenGraph and `<title>`, which search engines and social networks
/// read, but not Twitter as well. Measured on development pages.
const WEIGHTS: [(Source, f32); 7] = [
    (Source::Visible, 2.3),
    (Source::JsonLd, 1.2),
    (Source::OpenGraph, 1.1),
    (Source::TitleElement, 1.0),
    (Source::Twitter, 0.6),
    (Source::Microdata, 0.5),
    (Source::Meta, 0.4),
];

/// What another `h1` of the page adds to the votes for its text.
const HEADING_WEIGHT: f32 = 0.3;

/// Fewest characters of a claim that another claim begins with, to be cut there.
const MIN_KNOWN_CHARS: usize = 12;

/// Most words of a kicker.
const MAX_KICKER_WORDS: usize = 8;

/// Marks that stand between a headline and a site's name, blank on both sides.
const SEPARATORS: [&str; 19] = [
    " | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", " // ", " › ", " ‹ ", " • ", " > ",
    " ★ ", " : ", " ♥ ", " ~ ", " ∙ ", " / ",
];

/// The headline.
pub(super) fn of(
    document: &LabelledDocument,
    site: &Site,
    words: &Words,
    provenance: &mut Provenance,
) -> Option<String> {
    let is_said = |claim: &&Claimed<String>| !is_template(&claim.value, words);
    let titles: Vec<Claimed<String>> =
        document.claims.titles.iter().filter(is_said).cloned().collect();
    let titles = &titles;
    if let Some(ruled) = by_site_rule(titles) {
        return provenance.take("title", Some(ruled));
    }
    let headings: Vec<String> = titles
        .iter()
        .filter(|claim| claim.source == Source::Visible)
        .map(|claim| folded(&claim.value))
        .collect();
    let kicker = visible(document, Label::Kicker).map(|claim| folded(&claim.value));
    let page = Page { site, titles, headings, kicker: kicker.unwrap_or_default() };
    let shown = visible(document, Label::Headline);
    let shown = shown.filter(|shown| !is_template(&shown.value, words));
    let masthead = shown.as_ref().filter(|shown| page.is_masthead(&shown.value));
    let candidates = match masthead {
        Some(masthead) => page.without_masthead(&masthead.value),
        None => page.candidates(shown.as_ref()),
    };
    if candidates.is_empty() {
        let prefix = titles.iter().find(|claim| claim.source == Source::TextPrefix).cloned();
        return provenance.take("title", prefix);
    }
    provenance.take("title", elected(candidates, &page.headings))
}

/// Whether a title is one that a template or a system left.
fn is_template(title: &str, words: &Words) -> bool {
    let folded = title.trim().to_lowercase();
    words.not_titles.contains(&folded) || folded.contains("{{")
}

/// What the vote needs to know of a page.
struct Page<'p> {
    site: &'p Site,
    titles: &'p [Claimed<String>],
    /// Every `h1`, folded.
    headings: Vec<String>,
    /// The line above the headline, folded.
    kicker: String,
}

impl Page<'_> {
    /// The first claim of each source, without the site's name; the visible one without its kicker.
    fn candidates(&self, shown: Option<&Claimed<String>>) -> Vec<Claimed<String>> {
        let others = WEIGHTS.iter().skip(1);
        let others = others
            .filter_map(|(source, _)| self.titles.iter().find(|claim| claim.source == *source));
        let claims: Vec<&Claimed<String>> = shown.into_iter().chain(others).collect();
        let known = claims.iter().map(|claim| folded(&claim.value));
        let known: Vec<String> = known.chain(self.headings.iter().cloned()).collect();
        let cut = |claim: &&Claimed<String>| Claimed {
            value: match claim.source {
                Source::Visible => claim.value.clone(),
                _ => without_site(&claim.value, self.site, &known, &self.kicker),
            },
            source: claim.source,
        };
        let mut candidates: Vec<Claimed<String>> =
            claims.iter().map(cut).filter(|claim| !claim.value.is_empty()).collect();
        let headline = shown.and_then(|shown| headline_start(&shown.value, &candidates));
        if let Some((at, shown)) = headline.zip(candidates.first_mut()) {
            shown.value = shown.value.split_off(at);
        }
        candidates
    }

    /// The candidates of a page whose visible heading is the site's name: that is cut off like any other name of the site.
    fn without_masthead(&self, masthead: &str) -> Vec<Claimed<String>> {
        let mut site = self.site.clone();
        site.name.get_or_insert_with(|| masthead.to_owned());
        let name = folded(masthead);
        let headings = self.headings.iter().filter(|heading| **heading != name).cloned().collect();
        let page = Page { site: &site, headings, kicker: self.kicker.clone(), titles: self.titles };
        page.candidates(None)
    }

    /// Whether a heading is the name of the site: a claim has it behind or before a mark beside the real headline, and it is
    /// the site's by its name or host, or the rest is another `h1` of the page.
    fn is_masthead(&self, heading: &str) -> bool {
        let name = folded(heading);
        let is_other_heading = |rest: &str| {
            let rest = folded(rest);
            rest != name && rest != self.kicker && self.headings.contains(&rest)
        };
        let is_site = || is_site_name(heading, self.site);
        let sources = [Source::TitleElement, Source::OpenGraph];
        let claims = self.titles.iter().filter(|claim| sources.contains(&claim.source));
        claims.map(|claim| claim.value.trim()).any(|claim| {
            let behind = claim.strip_suffix(heading).and_then(|rest| {
                SEPARATORS.iter().chain([": "].iter()).find_map(|mark| rest.strip_suffix(mark))
            });
            let before = claim.strip_prefix(heading).and_then(|rest| {
                SEPARATORS.iter().chain([": "].iter()).find_map(|mark| rest.strip_prefix(mark))
            });
            behind.is_some_and(|rest| is_other_heading(rest) || is_site())
                || (before.is_some() && is_site())
        })
    }
}

/// Where in a visible heading the headline begins, behind a kicker in the same heading.
fn headline_start(shown: &str, candidates: &[Claimed<String>]) -> Option<usize> {
    let by = |source: Source| candidates.iter().find(|claim| claim.source == source);
    // A quotation in front belongs to the headline.
    let is_quote = shown.starts_with(OPENING_QUOTES);
    let by_social = || tail_start(shown, &by(Source::OpenGraph)?.value);
    let by_colon = || {
        let claim = &by(Source::JsonLd)?.value;
        let (_, headline) = claim.split_once(": ").filter(|_| says(claim, &folded(shown)))?;
        let at = tail_start(shown, headline)?;
        let before = shown.get(..at)?.trim_end();
        before.ends_with(char::is_alphanumeric).then_some(at)
    };
    if is_quote { by_colon() } else { by_social().or_else(by_colon) }
}

/// Marks that open a quotation.
const OPENING_QUOTES: [char; 9] = ['"', '„', '“', '‚', '‘', '«', '»', '\'', '('];

/// Where the end of a heading begins that says the same as a claim, behind a kicker's words.
fn tail_start(shown: &str, claim: &str) -> Option<usize> {
    let tail = folded(claim);
    let n_words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    if n_words(&tail) < 2 {
        return None;
    }
    let starts = shown.match_indices(' ').map(|(at, blank)| at + blank.len());
    let start = starts.take(MAX_KICKER_WORDS + 1).find(|at| {
        shown.get(*at..).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_alphanumeric() || OPENING_QUOTES.contains(&c))
                && says(rest, &tail)
        })
    })?;
    let kicker = folded(shown.get(..start)?);
    (1..=MAX_KICKER_WORDS).contains(&n_words(&kicker)).then_some(start)
}

/// The candidate with the most votes; of equal ones, the first.
fn elected(candidates: Vec<Claimed<String>>, headings: &[String]) -> Option<Claimed<String>> {
    let keys: Vec<String> = candidates.iter().map(|claim| folded(&claim.value)).collect();
    let weight = |source: Source| {
        WEIGHTS.iter().find(|(known, _)| *known == source).map_or(0.0, |(_, weight)| *weight)
    };
    let votes = |key: &str| -> f32 {
        let agreeing = candidates.iter().zip(&keys).filter(|(_, known)| *known == key);
        let agreeing: Vec<Source> = agreeing.map(|(claim, _)| claim.source).collect();
        let is_other_heading =
            !agreeing.contains(&Source::Visible) && headings.iter().any(|heading| heading == key);
        let by_heading = if is_other_heading { HEADING_WEIGHT } else { 0.0 };
        agreeing.into_iter().map(weight).sum::<f32>() + by_heading
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
    let mut folded = String::with_capacity(text.len());
    let _all = fold(text, |c| {
        folded.push(c);
        ControlFlow::Continue(())
    });
    folded
}

/// Whether a text is that one when it is [`folded`]: most texts are told by their first letters.
fn says(text: &str, wanted: &str) -> bool {
    let mut wanted = wanted.chars();
    let same = fold(text, |c| match wanted.next() {
        Some(next) if next == c => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    });
    same.is_continue() && wanted.next().is_none()
}

/// Gives out a folded text letter by letter, for as long as they are taken.
fn fold(text: &str, mut take: impl FnMut(char) -> ControlFlow<()>) -> ControlFlow<()> {
    let (mut is_first, mut is_between) = (true, false);
    for c in text.chars() {
        if !is_alphanumeric(c) {
            is_between = true;
            continue;
        }
        if is_between && !is_first {
            take(' ')?;
        }
        (is_first, is_between) = (false, false);
        if c.is_ascii() {
            take(c.to_ascii_lowercase())?;
        } else {
            c.to_lowercase().try_for_each(&mut take)?;
        }
    }
    ControlFlow::Continue(())
}

/// The marks that stand between the parts of a title, and where.
fn separators(title: &str) -> impl DoubleEndedIterator<Item = (usize, &'static str)> {
    title.match_indices(' ').filter_map(|(at, _)| {
        let rest = title.get(at..)?;
        // Behind most blanks a word begins.
        if rest.as_bytes().get(1).is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        Some((at, *SEPARATORS.iter().find(|mark| rest.starts_with(**mark))?))
    })
}

/// A title without the names of the site at its ends.
fn without_site(title: &str, site: &Site, known: &[String], kicker: &str) -> String {
    let mut title = title.trim();
    loop {
        let (first, last) = (separators(title).next(), separators(title).next_back());
        let behind =
            last.and_then(|(at, mark)| Some((title.get(..at)?, title.get(at + mark.len()..)?)));
        let before =
            first.and_then(|(at, mark)| Some((title.get(at + mark.len()..)?, title.get(..at)?)));
        let is_known = |rest: &str| {
            let rest = folded(rest);
            rest.contains(' ') && known.contains(&rest)
        };
        let is_cut =
            |rest: &str, name: &str| rest.contains(is_alphanumeric) && is_site_name(name, site);
        let behind = behind.filter(|(rest, name)| is_known(rest) || is_cut(rest, name));
        // A kicker that a claim has before the headline belongs to the claim.
        let before = before
            .filter(|(rest, name)| is_cut(rest, name) || (is_known(rest) && !says(name, kicker)));
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
        .find(|beginning| known.iter().any(|known| says(beginning, known)))
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

/// The line above the headline, or what stands before the title in its heading, unless the title has it.
pub(super) fn kicker(
    document: &LabelledDocument,
    title: Option<&str>,
    provenance: &mut Provenance,
) -> Option<String> {
    let best = by_site_rule(&document.claims.kickers)
        .or_else(|| visible(document, Label::Kicker))
        .or_else(|| in_the_heading(document, title?))
        .or_else(|| shown_claim(document, &document.claims.kickers))?;
    let (kicker, title) = (folded(&best.value), title.map(folded).unwrap_or_default());
    if title.starts_with(&kicker) {
        return None;
    }
    provenance.take("kicker", Some(best))
}

/// The first claim that is short enough for a kicker and that the page shows: `alternativeHeadline` is many things.
fn shown_claim(
    document: &LabelledDocument,
    kickers: &[Claimed<String>],
) -> Option<Claimed<String>> {
    let is_shown = |claim: &&Claimed<String>| {
        let folded_claim = folded(&claim.value);
        let is_short = folded_claim.split(' ').count() <= MAX_KICKER_WORDS;
        is_short
            && (claim.source != Source::JsonLd
                || document.blocks.iter().any(|labelled| says(&labelled.block.text, &folded_claim)))
    };
    kickers.iter().find(is_shown).cloned()
}

/// What stands before the title in the visible heading.
fn in_the_heading(document: &LabelledDocument, title: &str) -> Option<Claimed<String>> {
    let heading = visible(document, Label::Headline)?;
    let kicker = heading.value.get(..tail_start(&heading.value, title)?)?;
    let value = kicker.trim_end_matches([' ', ':', '–', '—', '-', '|', '+', '·', '•', '/']);
    (!value.is_empty()).then(|| Claimed { value: value.to_owned(), source: Source::Visible })
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
    claims: &Claims,
    body: &Body,
    provenance: &mut Provenance,
) -> Option<String> {
    let descriptions = &claims.descriptions;
    let named = || descriptions.iter().find(|claim| claim.source == Source::ElementName).cloned();
    let best =
        by_site_rule(descriptions).or_else(|| visible(document, Label::Deck)).or_else(named)?;
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
