//! Who wrote it. Order of trust: the site's own rules, JSON-LD, meta, microdata, elements named for the author, the
//! visible byline, OpenGraph, Twitter, text prefix. The first source that names a person in full wins; user names ("rolbers") count only where no source
//! knows better; a later source that names the same persons and more completes the first.

mod names;

use std::collections::HashSet;

use super::title::is_site_name;
use crate::model::{Author, Claims, Provenance, RawPage, Site, Source};
use crate::rules::Rules;
use names::{Credit, Naming};

/// Sources in order of trust.
const TRUST: [Source; 9] = [
    Source::SiteRule,
    Source::JsonLd,
    Source::Meta,
    Source::Microdata,
    Source::ElementName,
    Source::Visible,
    Source::OpenGraph,
    Source::Twitter,
    Source::TextPrefix,
];
/// Most persons that a later source may add: a byline has few names, a list of contributors many.
const MAX_ADDED: usize = 4;

/// Most claims of a source that are read: scientific papers have some dozens of authors.
const MAX_CLAIMS: usize = 100;

/// Persons, and everybody who is credited.
#[derive(Debug, Default)]
pub(super) struct Byline {
    pub(super) authors: Vec<Author>,
    pub(super) credited: Vec<String>,
    /// Whether two sources that name persons in full have nobody in common.
    pub(super) is_contested: bool,
}

/// Who wrote it.
pub(super) fn of(
    page: &RawPage<'_>,
    claims: &Claims,
    site: &Site,
    rules: &Rules,
    provenance: &mut Provenance,
) -> Byline {
    let readings = readings(page, claims, site, rules);
    let is_contested = is_contested(&readings);
    let first = |is_good: fn(&Byline) -> bool| readings.iter().find(|(_, byline)| is_good(byline));
    let by_rule = readings.iter().find(|(source, _)| *source == Source::SiteRule);
    let chosen = by_rule
        .or_else(|| first(Byline::has_full_names))
        .or_else(|| first(|byline| !byline.authors.is_empty()))
        .or_else(|| readings.iter().find(|(_, byline)| byline.names_an_agency(rules)))
        .or_else(|| first(|byline| !byline.credited.is_empty()));
    let Some((_, byline)) = chosen else {
        return Byline { is_contested, ..Byline::default() };
    };
    let (source, byline) = readings
        .iter()
        .find(|(_, other)| by_rule.is_none() && other.completes(byline))
        .or(chosen)
        .map_or((Source::JsonLd, Byline::default()), |(source, byline)| (*source, byline.copied()));
    let byline = byline.without_the_site(site);
    if !byline.authors.is_empty() {
        provenance.fields.insert("authors", source);
    }
    Byline { is_contested, ..byline }
}

/// Whether two sources that name persons in full have nobody in common.
fn is_contested(readings: &[(Source, Byline)]) -> bool {
    let sources = [Source::JsonLd, Source::Meta, Source::Visible];
    let full: Vec<HashSet<String>> = readings
        .iter()
        .filter(|(source, byline)| sources.contains(source) && byline.has_full_names())
        .map(|(_, byline)| byline.keys())
        .collect();
    full.iter().any(|keys| full.iter().any(|other| keys.is_disjoint(other)))
}

/// What each source says, in order of trust; sources that say nothing are left out.
fn readings(
    page: &RawPage<'_>,
    claims: &Claims,
    site: &Site,
    rules: &Rules,
) -> Vec<(Source, Byline)> {
    let mut readings = Vec::new();
    // Most pages name the same persons in several places.
    let mut read: Vec<(&str, Naming<'_>, Vec<Credit>)> = Vec::new();
    for source in TRUST {
        let mut byline = Byline::default();
        let of_source = claims.authors.iter().filter(|claim| claim.source == source);
        for claim in of_source.take(MAX_CLAIMS) {
            let (is_seen, is_named) =
                (is_seen(source), matches!(source, Source::ElementName | Source::SiteRule));
            let naming = Naming { site, rules, is_seen, is_named };
            let url = claim.value.url.as_deref().and_then(|url| match &page.url {
                Some(base) => base.join(url).ok(),
                None => url::Url::parse(url).ok(),
            });
            let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            let name = claim.value.name.as_str();
            let known = read.iter().find(|(known, by, _)| *known == name && by.reads_like(&naming));
            let credits =
                known.map_or_else(|| naming.credits(name), |(.., credits)| credits.clone());
            for credit in &credits {
                byline.add(credit, url.as_ref());
            }
            read.push((name, naming, credits));
        }
        if !byline.credited.is_empty() {
            readings.push((source, byline));
        }
    }
    readings
}

/// Sources whose text was never meant for a program: only what looks like a name is one.
const fn is_seen(source: Source) -> bool {
    matches!(source, Source::Visible | Source::ElementName | Source::Microdata | Source::SiteRule)
}

impl Byline {
    fn add(&mut self, credit: &Credit, url: Option<&url::Url>) {
        let (Credit::Person(name) | Credit::Organisation(name)) = credit;
        let key = name.to_lowercase();
        if self.credited.iter().any(|known| known.to_lowercase() == key) {
            return;
        }
        self.credited.push(name.clone());
        if let Credit::Person(name) = credit {
            self.authors.push(Author { name: name.clone(), url: url.cloned() });
        }
    }

    /// Whether an agency is credited: it says more than the site's own name.
    fn names_an_agency(&self, rules: &Rules) -> bool {
        self.credited.iter().any(|name| !rules.markers.agencies.named_in(name).is_empty())
    }

    /// Beside persons the site's name is no credit, only the page's frame.
    fn without_the_site(mut self, site: &Site) -> Self {
        if !self.authors.is_empty() {
            let authors = &self.authors;
            let is_author = |name: &String| authors.iter().any(|author| author.name == *name);
            self.credited.retain(|name| is_author(name) || !is_the_site(name, site));
        }
        self
    }

    fn has_full_names(&self) -> bool {
        self.authors.iter().any(|author| names::is_full(&author.name))
    }

    /// Whether this one names everybody that the other names, and a few more.
    fn completes(&self, other: &Self) -> bool {
        let (more, less) = (self.keys(), other.keys());
        !less.is_empty()
            && more.len() > less.len()
            && more.len() <= less.len() + MAX_ADDED
            && less.is_subset(&more)
            && self.authors.iter().all(|author| names::is_full(&author.name))
    }

    fn keys(&self) -> HashSet<String> {
        self.authors.iter().map(|author| author.name.to_lowercase()).collect()
    }

    fn copied(&self) -> Self {
        Self {
            authors: self.authors.clone(),
            credited: self.credited.clone(),
            is_contested: self.is_contested,
        }
    }
}

/// Whether a name is the site's.
fn is_the_site(name: &str, site: &Site) -> bool {
    is_site_name(name, site)
}
