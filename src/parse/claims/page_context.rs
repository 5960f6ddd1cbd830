//! What is known of the page besides its JSON-LD: its titles and addresses. JSON-LD that knows neither describes another page.

use std::cell::OnceCell;
use std::collections::HashSet;

use url::Url;

use super::first_text;
use super::json::{Json, Object};
use crate::model::{Claims, Source};

/// Smallest share of common words, of the shorter title, with which two titles are of one article.
const MIN_LIKENESS: f32 = 0.4;
/// Fewest different words of a title that can show that it is of another article.
const MIN_WORDS: usize = 4;

/// Most headings that are compared: the article's is among the first. Each object is compared with all of them.
const MAX_HEADINGS: usize = 200;

/// Titles and addresses of the page.
#[derive(Debug)]
pub(super) struct PageContext<'p> {
    titles: Vec<&'p str>,
    /// The words of each, once an object asks: most name the page's address.
    words: OnceCell<Vec<HashSet<String>>>,
    paths: Vec<String>,
}

/// What a description has to do with the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// It names another title, and another address or not one word of the page's titles.
    Foreign,
    /// Nothing tells.
    Unknown,
    /// It names the page's title or address.
    Own,
}

impl<'p> PageContext<'p> {
    /// What the head, the headings and the message say.
    pub(super) fn new(
        claims: &'p Claims,
        headings: impl Iterator<Item = &'p str>,
        page_url: Option<&Url>,
    ) -> Self {
        let claimed = claims.titles.iter().map(|claim| claim.value.as_str());
        let titles = claimed.chain(headings.take(MAX_HEADINGS)).collect();
        let trusted = claims.canonical_urls.iter().filter(|c| c.source != Source::JsonLd);
        let paths = trusted
            .filter_map(|claim| path_of(&claim.value))
            .chain(page_url.and_then(|url| path_of(url.as_str())))
            .collect();
        Self { titles, words: OnceCell::new(), paths }
    }

    /// What a JSON-LD object has to do with the page.
    pub(super) fn relation(&self, object: &Object<'_>) -> Relation {
        let keys = ["url", "mainEntityOfPage", "@id"];
        let mut addresses = keys.iter().filter_map(|key| {
            let value = object.get(key)?;
            let id = value.get("@id").and_then(Json::as_str);
            path_of(id.or_else(|| first_text(value))?)
        });
        if addresses.clone().any(|path| self.paths.contains(&path)) {
            return Relation::Own;
        }
        let titles = self.words.get_or_init(|| self.titles.iter().copied().map(words).collect());
        let headline = object.get("headline").or_else(|| object.get("name")).and_then(first_text);
        let headline = headline.map(words).unwrap_or_default();
        let likeness = titles.iter().map(|title| likeness(title, &headline)).fold(0.0, f32::max);
        if likeness >= MIN_LIKENESS {
            return Relation::Own;
        }
        let can_tell =
            headline.len() >= MIN_WORDS && titles.iter().any(|title| title.len() >= MIN_WORDS);
        let has_other_address = !self.paths.is_empty() && addresses.next().is_some();
        if can_tell && (has_other_address || likeness == 0.0) {
            Relation::Foreign
        } else {
            Relation::Unknown
        }
    }
}

/// The path of an address, without what stands for its form; `None` for a front page.
fn path_of(address: &str) -> Option<String> {
    let behind_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (_, path) = behind_scheme.split_once('/')?;
    let path = path.split(['?', '#']).next().unwrap_or(path).trim_matches('/');
    (!path.is_empty()).then(|| path.to_lowercase())
}

fn words(title: &str) -> HashSet<String> {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Common words ÷ words of the shorter title.
fn likeness(left: &HashSet<String>, right: &HashSet<String>) -> f32 {
    let n_common = u16::try_from(left.intersection(right).count()).unwrap_or(u16::MAX);
    let n_words = u16::try_from(left.len().min(right.len())).unwrap_or(u16::MAX);
    if n_words == 0 { 0.0 } else { f32::from(n_common) / f32::from(n_words) }
}
