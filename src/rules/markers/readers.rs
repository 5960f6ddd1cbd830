//! What reads something out of a line: bylines, datelines, agencies, metadata keys, glued labels.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Regex, RegexSet, RegexSetBuilder};

use super::file::{Mode, PhraseEntry, Place};
use crate::model::Boilerplate;
use crate::rules::RulesError;

/// Regular expressions of the marker files that find a fact.
#[derive(Debug, Default)]
pub struct Readers {
    /// A line that is a byline; group 1 is the names.
    pub byline: Vec<Regex>,
    /// All of `byline` at once: one pass tells whether a line is any.
    any_byline: RegexSet,
    /// A dateline at the start of a paragraph; group 1 is place and agency.
    pub dateline: Vec<Regex>,
    /// Head of a live blog's entry: it stays.
    pub liveblog_entry: Vec<Regex>,
    /// What screen readers are told behind a link ("öffnet in neuem Fenster").
    pub link_suffix: Vec<Regex>,
    /// A line that says when; group 1, if any, is the time.
    pub timestamp: Vec<Regex>,
}

impl Readers {
    pub(super) fn compile(entries: &[(&'static str, String, Place)]) -> Result<Self, RulesError> {
        let mut readers = Self::default();
        for (name, source, place) in entries {
            let compiled = regex(source, place)?;
            match *name {
                "byline" => readers.byline.push(compiled),
                "dateline" => readers.dateline.push(compiled),
                "liveblog_entry" => readers.liveblog_entry.push(compiled),
                "link_suffix" => readers.link_suffix.push(compiled),
                _ => readers.timestamp.push(compiled),
            }
        }
        readers.any_byline = RegexSetBuilder::new(readers.byline.iter().map(Regex::as_str))
            .dfa_size_limit(super::matcher::MAX_REGEX_BYTES)
            .build()
            .map_err(|source| RulesError::Patterns { source })?;
        Ok(readers)
    }

    /// Whether a line is a byline.
    #[must_use]
    pub fn is_byline(&self, line: &str) -> bool {
        self.any_byline.is_match(line)
    }
}

/// The regular expression with word boundaries of ASCII. With those of Unicode, the crate leaves its automaton at the
/// first umlaut and runs a hundred times slower.
pub(super) fn with_ascii_boundaries(source: &str) -> String {
    source.replace(r"\b", r"(?-u:\b)")
}

/// Compiles a regular expression of a marker file.
pub(super) fn regex(source: &str, place: &Place) -> Result<Regex, RulesError> {
    Regex::new(&with_ascii_boundaries(source)).map_err(|error| RulesError::Marker {
        file: place.file.clone(),
        line: place.line,
        problem: format!("the regular expression of `{}` does not compile: {error}", place.key),
    })
}

/// Names of news agencies and the forms they are written in.
#[derive(Debug)]
pub struct Agencies {
    automaton: AhoCorasick,
    names: Vec<String>,
}

impl Agencies {
    pub(super) fn compile(entries: &[(String, String)]) -> Result<Self, RulesError> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(entries.iter().map(|(_, form)| form))
            .map_err(|source| RulesError::Automaton { source })?;
        Ok(Self { automaton, names: entries.iter().map(|(name, _)| name.clone()).collect() })
    }

    /// Canonical names of the agencies that a text names as whole words, in the order of their first mention.
    #[must_use]
    pub fn named_in(&self, text: &str) -> Vec<&str> {
        let mut named: Vec<&str> = Vec::new();
        for found in self.automaton.find_iter(text) {
            let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
            let after = text.get(found.end()..).and_then(|text| text.chars().next());
            let is_word = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
            let Some(name) = self.names.get(found.pattern().as_usize()) else { continue };
            if !is_word(before) && !is_word(after) && !named.contains(&name.as_str()) {
                named.push(name);
            }
        }
        named
    }
}

/// A field that a metadata prefix may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrefixField {
    /// Publication date.
    Published,
    /// Headline.
    Title,
    /// Authors.
    Author,
    /// Address.
    Url,
    /// Subtitle.
    Description,
    /// Name of the site.
    Site,
    /// Language.
    Language,
    /// Keywords.
    Keywords,
    /// Known as a key, of no use.
    Ignored,
}

/// The keys of metadata prefixes.
pub(super) fn prefix_fields(entries: &[(String, &'static str)]) -> BTreeMap<String, PrefixField> {
    let field = |name| match name {
        "published" => PrefixField::Published,
        "title" => PrefixField::Title,
        "author" => PrefixField::Author,
        "url" => PrefixField::Url,
        "description" => PrefixField::Description,
        "site" => PrefixField::Site,
        "language" => PrefixField::Language,
        "keywords" => PrefixField::Keywords,
        _ => PrefixField::Ignored,
    };
    entries.iter().map(|(key, name)| (key.to_lowercase(), field(*name))).collect()
}

/// Labels that dumps glue to the sentence behind or before them (`AnzeigeDas …`, "… sagte sie. Anzeige"): the ad labels
/// and the labels of key points that were never article text.
#[derive(Debug)]
pub struct GlueLabel {
    automaton: AhoCorasick,
    classes: Vec<Boilerplate>,
    longest: usize,
}

impl GlueLabel {
    pub(super) fn compile(entries: &[PhraseEntry]) -> Result<Self, RulesError> {
        let is_glued = |entry: &&PhraseEntry| {
            entry.mode == Mode::Line
                && matches!(entry.class, Boilerplate::AdLabel | Boilerplate::KeyPointsLabel)
                && !super::matcher::is_doubtful(entry)
                && entry.phrase.chars().next().is_some_and(char::is_uppercase)
                && entry.phrase.chars().count() >= MIN_GLUED_CHARS
        };
        let glued: Vec<&PhraseEntry> = entries.iter().filter(is_glued).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(aho_corasick::StartKind::Both)
            .build(glued.iter().map(|entry| &entry.phrase))
            .map_err(|source| RulesError::Automaton { source })?;
        let longest = glued.iter().map(|entry| entry.phrase.len()).max().unwrap_or(0);
        Ok(Self { automaton, classes: glued.iter().map(|entry| entry.class).collect(), longest })
    }

    /// The label that a text begins with: its class and its length in bytes.
    #[must_use]
    pub fn at_start(&self, text: &str) -> Option<(Boilerplate, usize)> {
        let input = aho_corasick::Input::new(text).anchored(aho_corasick::Anchored::Yes);
        let found = self.automaton.find(input)?;
        Some((*self.classes.get(found.pattern().as_usize())?, found.end()))
    }

    /// The label that a text ends with: its class and where it begins, in bytes.
    #[must_use]
    pub fn at_end(&self, text: &str) -> Option<(Boilerplate, usize)> {
        let from = text.len().saturating_sub(self.longest);
        let from = (from..text.len()).find(|&at| text.is_char_boundary(at))?;
        let found = self
            .automaton
            .find_iter(text.get(from..)?)
            .find(|found| from + found.end() == text.len())?;
        Some((*self.classes.get(found.pattern().as_usize())?, from + found.start()))
    }
}

/// Shortest label taken off a sentence it is glued to, characters: "Ad", "Pub" begin too many words.
const MIN_GLUED_CHARS: usize = 6;
