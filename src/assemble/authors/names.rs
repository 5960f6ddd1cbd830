//! One claim of authorship → the persons and organisations it names.

use crate::model::Site;
use crate::rules::{Rules, Words};
use crate::text::dates;

/// Longest name, words.
const MAX_NAME_WORDS: usize = 6;
/// Longest name of an organisation, words.
const MAX_ORGANISATION_WORDS: usize = 8;
/// Longest claim that can be a list of names, characters; longer ones are texts about the author.
const MAX_CLAIM_CHARS: usize = 300;

/// Somebody who is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credit {
    /// A person.
    Person(String),
    /// An agency, a newsroom, the site.
    Organisation(String),
}

/// How names are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Naming<'n> {
    pub(super) site: &'n Site,
    pub(super) rules: &'n Rules,
    /// Whether the claim is text made for eyes: then only what looks like a name is one.
    pub(super) is_seen: bool,
    /// Whether the claim is the text of an element named for the author: then a user name may be one.
    pub(super) is_named: bool,
}

impl Naming<'_> {
    /// Whether another way of reading the names of the same page makes the same of a claim.
    pub(super) const fn reads_like(&self, other: &Self) -> bool {
        self.is_seen == other.is_seen && self.is_named == other.is_named
    }

    /// Everybody that a claim names, in its order.
    pub(super) fn credits(self, claim: &str) -> Vec<Credit> {
        let words = &self.rules.words;
        let is_template = words.placeholders.contains(&claim.trim().to_lowercase());
        if is_template || claim.chars().count() > MAX_CLAIM_CHARS || is_address(claim) {
            return Vec::new();
        }
        let claim = self.first_lines(&without_brackets(claim, words));
        let claim = without_pictures(without_prefix(&claim, words), words);
        let mut parts = vec![claim.to_owned()];
        let folded = claim.to_lowercase();
        let is_two_words = folded.bytes().filter(|byte| *byte == b' ').count() < 2;
        let is_there = |separator: &&String| {
            let is_a_word = separator.starts_with(' ') && separator.ends_with(' ');
            !(is_a_word && is_two_words) && folded.contains(separator.as_str())
        };
        for separator in words.name_separators.iter().filter(is_there) {
            parts = parts.iter().flat_map(|part| split(part, separator)).collect();
        }
        let mut credits = Vec::new();
        for part in parts.iter().filter(|part| !part.contains(PICTURES)) {
            credits.extend(self.listed(part));
        }
        credits
    }

    /// The lines of a claim up to the one that names somebody: behind it a seen byline says what the person is.
    fn first_lines(self, claim: &str) -> String {
        let mut read = String::new();
        for line in claim.lines() {
            read.push_str(line);
            let goes_on = line.trim_end().ends_with([',', '&', ':']);
            if self.is_seen
                && !goes_on
                && !self.listed(without_prefix(&read, &self.rules.words)).is_empty()
            {
                break;
            }
            read.push(if goes_on { ' ' } else { '\n' });
        }
        read
    }

    /// Names between commas. One word behind a comma is a place or a degree, unless it is an agency; "Olbers, Rike" is one name.
    fn listed(self, part: &str) -> Vec<Credit> {
        let names = part.split([',', '，', '、']).map(str::trim);
        let names: Vec<&str> = names.filter(|name| !name.contains(PICTURES)).collect();
        if let [family, given] = names[..]
            && !self.is_seen
            && [family, given]
                .iter()
                .all(|name| is_capitalised(name) && !self.is_organisation(name))
        {
            return self.credit(&format!("{given} {family}")).into_iter().collect();
        }
        let mut listed = names.into_iter();
        let first = listed.next().and_then(|name| self.credit(name));
        let is_place = |name: &str| !name.contains(' ') && !self.is_organisation(name);
        let others = listed.filter(|name| !is_place(name));
        first.into_iter().chain(others.filter_map(|name| self.credit(name))).collect()
    }

    /// A name, cleaned; `None` for what is none.
    fn credit(self, part: &str) -> Option<Credit> {
        let words = &self.rules.words;
        let part = without_prefix(part, words);
        let bare = part.split(['(', '[', '<', '–', '—']).next().unwrap_or(part);
        let tokens: Vec<&str> =
            bare.split_whitespace().filter(|token| !token.contains('@')).collect();
        let whole = trimmed(&tokens.join(" "));
        let folded = whole.to_lowercase();
        let is_nobody = words.placeholders.contains(&folded)
            || folded.split(' ').all(|token| words.placeholders.contains(token))
            || folded.contains(['{', '}', '%', '$'])
            || words.byline_prefixes.contains(&folded)
            || folded.split(' ').any(|token| words.system_words.contains(token));
        if is_nobody || is_address(&whole) {
            return None;
        }
        if self.is_organisation(&whole) {
            let is_number =
                |token: &&&str| token.contains(|c: char| c.is_ascii_digit()) && self.is_seen;
            let n_tokens = tokens
                .iter()
                .skip(1)
                .position(|token| is_number(&token))
                .map_or(tokens.len(), |at| at + 1);
            let tokens: Vec<&str> = tokens.iter().take(n_tokens).copied().collect();
            let whole = trimmed(&tokens.join(" "));
            let is_name = tokens.len() <= MAX_ORGANISATION_WORDS
                && whole.chars().filter(|c| c.is_alphabetic()).count() >= 2
                && (!self.is_seen || whole.chars().any(char::is_uppercase));
            return is_name.then_some(Credit::Organisation(whole));
        }
        let tokens = self.behind_roles(&tokens);
        let name = trimmed(&self.name_tokens(tokens).join(" "));
        let n_words = name.split(' ').count();
        let is_name = name.chars().any(char::is_alphabetic)
            && !name.chars().any(|c| c.is_ascii_digit())
            && name.chars().count() >= 2
            && n_words <= MAX_NAME_WORDS
            && !words.placeholders.contains(&name.to_lowercase())
            && (!self.is_seen || self.looks_like_a_name(&name));
        is_name.then_some(Credit::Person(name))
    }

    /// The tokens behind what somebody is ("Politikredakteurin Rike Olbers"); none where only that is said.
    fn behind_roles<'t, 'c>(self, tokens: &'t [&'c str]) -> &'t [&'c str] {
        let n_roles = tokens.iter().take_while(|token| self.is_role(token)).count();
        let behind = tokens.get(n_roles..).unwrap_or_default();
        let is_name = behind.len() >= 2 && behind.iter().take(1).all(|token| !is_small(token));
        if n_roles == 0 || is_name { behind } else { &[] }
    }

    fn is_role(self, token: &str) -> bool {
        let words = &self.rules.words;
        let folded = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_compound = |ending: &String| {
            folded.strip_suffix(ending.as_str()).is_some_and(|rest| rest.chars().count() >= 3)
        };
        words.name_roles.contains(&folded) || words.role_endings.iter().any(is_compound)
    }

    /// The tokens of a name: without titles around it, and what follows it (a role, a date, the next line of the page).
    fn name_tokens<'t>(self, tokens: &[&'t str]) -> Vec<&'t str> {
        let words = &self.rules.words;
        let is_title = |token: &str| words.name_titles.contains(&token.to_lowercase());
        // "Md" and "Ms" also begin names; titles in front of one have a full stop.
        let n_titles = tokens.iter().take_while(|t| t.ends_with('.') && is_title(t)).count();
        let mut name: Vec<&str> = tokens.iter().skip(n_titles).copied().collect();
        let ends_here = |at: usize, token: &str| {
            let folded = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let is_role = at >= 2 && self.is_role(token);
            let is_place = at >= 2 && words.name_ends.contains(&folded) && is_small(token);
            let is_framed = words.not_in_names.contains(&folded)
                || token.contains(|c: char| c.is_ascii_digit())
                || (at >= 2 && dates::is_month(&folded));
            let is_behind =
                self.is_seen && at >= 1 && is_framed && !words.name_particles.contains(&folded);
            is_role || is_place || is_behind
        };
        let end = name.iter().enumerate().position(|(at, token)| ends_here(at, token));
        name.truncate(end.unwrap_or(name.len()));
        while name.len() > 1 && name.last().is_some_and(|token| is_title(token)) {
            name.pop();
        }
        name
    }

    /// Whether a seen text can be nothing but a name: capitalised words, small ones only from the list, no word of a page's frame.
    fn looks_like_a_name(self, name: &str) -> bool {
        let words = &self.rules.words;
        let is_fine = |token: &str| {
            let folded = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let is_particle = words.name_particles.contains(&folded);
            let is_framed = !is_particle
                && (words.not_in_names.contains(&folded) || words.name_roles.contains(&folded));
            !is_framed && (is_particle || !is_small(token))
        };
        let ends_small = |token: Option<&str>| {
            token.is_none_or(|token| words.name_particles.contains(&token.to_lowercase()))
        };
        let is_user = self.is_named
            && !name.contains(' ')
            && name.chars().count() >= 3
            && !words.not_in_names.contains(&name.to_lowercase())
            && name.chars().all(char::is_lowercase);
        if is_user {
            return true;
        }
        let is_sentence_end =
            !name.contains(' ') && name.ends_with('.') && name.chars().count() > 3;
        let is_text = name.contains(['?', '!', ':', '"', '“', '„', '»', '…']);
        let is_month = !name.contains(' ') && dates::is_month(name);
        let is_broken =
            is_sentence_end || is_text || is_month || ends_small(name.split(' ').next_back());
        !is_broken && name.split(' ').all(is_fine)
    }

    fn is_agency(self, name: &str) -> bool {
        !self.rules.markers.agencies.named_in(name).is_empty()
    }

    fn is_organisation(self, name: &str) -> bool {
        let words = &self.rules.words;
        let folded = name.to_lowercase();
        let mut tokens = folded.split(|c: char| !c.is_alphanumeric());
        tokens.any(|token| words.organisations.contains(token))
            || words.organisation_phrases.iter().any(|phrase| folded.contains(phrase.as_str()))
            || super::is_the_site(name, self.site)
            || self.is_agency(name)
    }
}

/// Whether a word begins with a small letter.
fn is_small(token: &str) -> bool {
    token.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
}

/// Whether a name has a given name and a family name, or is written without upper and lower case.
pub(super) fn is_full(name: &str) -> bool {
    name.contains(' ')
        || name.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())
}

fn trimmed(name: &str) -> String {
    name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned()
}

/// Stands where brackets said that the name before them is a photographer's.
const PICTURES: char = '\u{1}';

/// The claim without what stands in round brackets: roles, places, pictures' agencies.
fn without_brackets(claim: &str, words: &Words) -> String {
    let mut kept = String::with_capacity(claim.len());
    let mut rest = claim;
    while let Some((before, behind)) = rest.split_once('(') {
        kept.push_str(before);
        let (inside, after) = behind.split_once(')').unwrap_or((behind, ""));
        if words.picture_roles.contains(&inside.trim().to_lowercase()) {
            kept.push(PICTURES);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// One word that begins with a capital.
fn is_capitalised(name: &str) -> bool {
    !name.contains(' ')
        && name.chars().next().is_some_and(char::is_uppercase)
        && name.chars().count() >= 2
}

/// Addresses of profiles stand in fields for names.
fn is_address(claim: &str) -> bool {
    let claim = claim.trim();
    let begins = |with: &str| {
        claim.get(..with.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(with))
    };
    let is_path = || !claim.contains(' ') && (begins("/") || begins("www."));
    begins("http") || is_path() || claim.contains("://")
}

/// Splits at a separator. One that is a word is small, unless all is in capitals: "Maria E Souza" is one person.
fn split(part: &str, separator: &str) -> Vec<String> {
    let folded = part.to_lowercase();
    let is_word = separator.contains(char::is_alphabetic);
    let has_small = || part.contains(char::is_lowercase);
    // Folding may change lengths; then the separator is looked for as written.
    if folded.len() != part.len() || (is_word && has_small()) {
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

/// The claim up to where it says whose pictures they are.
fn without_pictures<'n>(claim: &'n str, words: &Words) -> &'n str {
    let folded = claim.to_lowercase();
    if folded.len() != claim.len() {
        return claim;
    }
    let is_mark = |at: &usize| {
        folded
            .get(*at..)
            .is_some_and(|rest| words.picture_marks.beginnings_of(rest).next().is_some())
    };
    let end = folded.char_indices().map(|(at, _)| at).find(is_mark);
    end.and_then(|end| claim.get(..end)).unwrap_or(claim)
}

/// The claim without "Von", "By", "Ein Gastbeitrag von".
fn without_prefix<'n>(name: &'n str, words: &Words) -> &'n str {
    let mut name = name.trim();
    loop {
        let folded = name.to_lowercase();
        let ends = |prefix: &&str| {
            let rest = folded.get(prefix.len()..).unwrap_or_default();
            prefix.ends_with(':') || rest.starts_with([' ', ':', '\n'])
        };
        let beginnings = words.byline_prefixes.beginnings_of(&folded);
        let longest = beginnings.filter(ends).max_by_key(|prefix| prefix.len());
        let Some(rest) = longest.and_then(|prefix| name.get(prefix.len()..)) else { return name };
        name = rest.trim_start_matches([' ', ':', '\n']);
    }
}
