//! Persons. Order of trust: the site's own rules, JSON-LD, meta, microdata, visible byline, OpenGraph, text prefix. The first source that names a
//! person wins; names come without prefix, title, address and place, one entry a person.

use super::title::is_site_name;
use crate::model::{Author, Claims, Provenance, Site, Source};
use crate::rules::{Rules, Words};

/// Sources in order of trust.
const TRUST: [Source; 7] = [
    Source::SiteRule,
    Source::JsonLd,
    Source::Meta,
    Source::Microdata,
    Source::Visible,
    Source::OpenGraph,
    Source::TextPrefix,
];
/// Longest name, words.
const MAX_NAME_WORDS: usize = 6;
/// Longest claim that can be a list of names, characters; longer ones are texts about the author.
const MAX_CLAIM_CHARS: usize = 300;

/// Persons.
pub(super) fn of(
    claims: &Claims,
    site: &Site,
    rules: &Rules,
    provenance: &mut Provenance,
) -> Vec<Author> {
    for source in TRUST {
        let mut authors: Vec<Author> = Vec::new();
        for claim in claims.authors.iter().filter(|claim| claim.source == source) {
            for name in names(&claim.value.name, site, &rules.words) {
                let is_known =
                    authors.iter().any(|known| known.name.to_lowercase() == name.to_lowercase());
                if !is_known {
                    let url = claim.value.url.as_deref().and_then(|url| url::Url::parse(url).ok());
                    authors.push(Author { name, url });
                }
            }
        }
        if !authors.is_empty() {
            provenance.fields.insert("authors", source);
            return authors;
        }
    }
    Vec::new()
}

/// The persons that a claim names.
fn names(claim: &str, site: &Site, words: &Words) -> Vec<String> {
    if claim.chars().count() > MAX_CLAIM_CHARS {
        return Vec::new();
    }
    let mut parts = vec![without_prefix(claim, words).to_owned()];
    for separator in words.name_separators.iter().map(String::as_str) {
        parts = parts.iter().flat_map(|part| split(part, separator)).collect();
    }
    let mut names = Vec::new();
    for part in &parts {
        let mut listed = part.split([',', '，', '、']);
        let first = listed.next().unwrap_or_default();
        names.extend(person(first, site, words));
        // One word behind a comma is a place or a degree, not a person.
        let others = listed.filter(|other| other.split_whitespace().nth(1).is_some());
        names.extend(others.filter_map(|other| person(other, site, words)));
    }
    names
}

/// Splits at a separator, whatever its case.
fn split(part: &str, separator: &str) -> Vec<String> {
    let folded = part.to_lowercase();
    // Folding may change lengths; then the separator is looked for as written.
    if folded.len() != part.len() {
        return part.split(separator).map(str::to_owned).collect();
    }
    let mut rest = 0;
    let mut parts = Vec::new();
    for (at, found) in folded.match_indices(separator) {
        parts.extend(part.get(rest..at).map(str::to_owned));
        rest = at + found.len();
    }
    parts.extend(part.get(rest..).map(str::to_owned));
    parts
}

/// The claim without "Von", "By", "Ein Gastbeitrag von".
fn without_prefix<'n>(name: &'n str, words: &Words) -> &'n str {
    let mut name = name.trim();
    loop {
        let folded = name.to_lowercase();
        let longest = words
            .byline_prefixes
            .iter()
            .filter(|prefix| {
                folded
                    .strip_prefix(prefix.as_str())
                    .is_some_and(|rest| prefix.ends_with(':') || rest.starts_with([' ', ':']))
            })
            .max_by_key(|prefix| prefix.len());
        let Some(rest) = longest.and_then(|prefix| name.get(prefix.len()..)) else { return name };
        name = rest.trim_start_matches([' ', ':']);
    }
}

/// A person's name, cleaned; `None` for what is none.
fn person(part: &str, site: &Site, words: &Words) -> Option<String> {
    let part = without_prefix(part, words);
    let bare = part.split(['(', '[', '<', '–', '—']).next().unwrap_or(part);
    let mut tokens: Vec<&str> =
        bare.split_whitespace().filter(|token| !token.contains('@')).collect();
    let is_title =
        |token: &&str| words.name_titles.iter().any(|title| token.to_lowercase() == *title);
    // "Md" and "Ms" also begin names; titles in front of one have a full stop.
    while tokens.first().is_some_and(|token| token.ends_with('.') && is_title(token)) {
        tokens.remove(0);
    }
    while tokens.last().is_some_and(is_title) {
        tokens.pop();
    }
    let name = tokens.join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != ')').to_owned();
    let folded = name.to_lowercase();
    let folded_words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    let is_organisation = words.not_a_person.iter().any(|word| {
        if word.contains(' ') {
            folded.contains(word.as_str())
        } else {
            folded_words.contains(&word.as_str())
        }
    });
    let is_site = is_site_name(&name, site);
    let is_address =
        folded.contains("://") || folded.starts_with("www.") || folded.contains("http");
    let is_name = name.chars().any(char::is_alphabetic)
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.chars().count() >= 2
        && tokens.len() <= MAX_NAME_WORDS;
    (is_name && !is_organisation && !is_site && !is_address).then_some(name)
}
