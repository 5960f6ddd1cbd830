//! What reads something out of a line: bylines, datelines, agencies, metadata keys, glued labels.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};
use serde::Deserialize;

use super::file::{Mode, PhraseEntry, ReaderName, Source};
use super::gated::GatedRegexes;
use super::phrases::{Ends, Phrases};
use crate::model::Boilerplate;
use crate::rules::RulesError;
use crate::rules::table::Filter;
use crate::text::is_alphanumeric;

/// Regular expressions of the marker files that find a fact.
#[derive(Debug)]
pub struct Readers {
    /// A line that is a byline; group 1 is the names.
    pub byline: Patterns,
    /// A dateline at the start of a paragraph; group 1 is place and agency.
    pub dateline: Patterns,
    /// Head of a live blog's entry: it stays.
    pub liveblog_entry: Patterns,
    /// What screen readers are told behind a link ("öffnet in neuem Fenster").
    pub link_suffix: Patterns,
    /// A line that says when; group 1, if any, is the time.
    pub timestamp: Patterns,
}

impl Readers {
    pub(super) fn of(entries: &[(ReaderName, Source)]) -> Self {
        let of = |name| Patterns::of(name, entries);
        Self {
            byline: of(ReaderName::Byline),
            dateline: of(ReaderName::Dateline),
            liveblog_entry: of(ReaderName::LiveblogEntry),
            link_suffix: of(ReaderName::LinkSuffix),
            timestamp: of(ReaderName::Timestamp),
        }
    }
}

/// Regular expressions of which each reads the same fact.
#[derive(Debug)]
pub struct Patterns {
    regexes: GatedRegexes,
}

impl Patterns {
    fn of(name: ReaderName, entries: &[(ReaderName, Source)]) -> Self {
        let own = entries.iter().filter(|(of, _)| *of == name);
        Self { regexes: GatedRegexes::of(own.map(|(_, source)| (source.clone(), usize::MAX))) }
    }

    /// Whether any matches.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regexes.candidates(text, text.len()).any(|(_, regex)| regex.is_match(text))
    }

    /// What `read` makes of the captures of the first pattern of which it makes something.
    pub fn find_map<'t, T>(
        &self,
        text: &'t str,
        read: impl Fn(Captures<'t>) -> Option<T>,
    ) -> Option<T> {
        let captures = |(_, regex): (usize, &Regex)| regex.captures(text);
        self.regexes.candidates(text, text.len()).filter_map(captures).find_map(read)
    }
}

/// Names of news agencies and the forms they are written in.
#[derive(Debug)]
pub struct Agencies {
    /// The forms of two letters, and the longer ones: what looks for all at once tells fewer places from a form by two letters
    /// than by three, and most of its time goes into those.
    forms: [Forms; 2],
}

/// Forms that are looked for together.
#[derive(Debug)]
struct Forms {
    automaton: AhoCorasick,
    /// The name that each form stands for.
    names: Vec<String>,
}

/// Shortest of the longer forms, bytes.
const MIN_LONGER_FORM: usize = 3;

impl Agencies {
    pub(super) fn compile(entries: &[(String, String)]) -> Result<Self, RulesError> {
        let is_short = |(_, form): &&(String, String)| form.len() < MIN_LONGER_FORM;
        let (short, longer): (Vec<_>, Vec<_>) = entries.iter().partition(is_short);
        Ok(Self { forms: [Forms::compile(&short)?, Forms::compile(&longer)?] })
    }

    /// Canonical names of the agencies that a text names as whole words, in the order of their first mention.
    #[must_use]
    pub fn named_in(&self, text: &str) -> Vec<&str> {
        let mut found: Vec<(Range<usize>, &str)> =
            self.forms.iter().flat_map(|forms| forms.found_in(text)).collect();
        found.sort_by_key(|(range, _)| (range.start, Reverse(range.end)));
        let mut named: Vec<&str> = Vec::new();
        let mut end = 0;
        for (range, name) in found {
            if range.start >= end && !named.contains(&name) {
                named.push(name);
            }
            end = end.max(range.end);
        }
        named
    }
}

impl Forms {
    fn compile(entries: &[&(String, String)]) -> Result<Self, RulesError> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(entries.iter().map(|(_, form)| form))
            .map_err(|source| RulesError::Automaton { source })?;
        Ok(Self { automaton, names: entries.iter().map(|(name, _)| name.clone()).collect() })
    }

    /// Where forms stand as whole words, and the names that they stand for.
    fn found_in<'n>(&'n self, text: &str) -> impl Iterator<Item = (Range<usize>, &'n str)> {
        self.automaton.find_iter(text).filter_map(move |found| {
            let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
            let after = text.get(found.end()..).and_then(|text| text.chars().next());
            let is_word = |neighbour: Option<char>| neighbour.is_some_and(is_alphanumeric);
            let name = self.names.get(found.pattern().as_usize())?;
            (!is_word(before) && !is_word(after)).then_some((found.range(), name.as_str()))
        })
    }
}

/// A field that a metadata prefix may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// The keys of metadata prefixes, in lower case.
pub(super) fn prefix_fields(entries: &[(String, PrefixField)]) -> BTreeMap<String, PrefixField> {
    entries.iter().map(|(key, field)| (key.to_lowercase(), *field)).collect()
}

/// Labels that dumps glue to the sentence behind or before them (`AnzeigeDas …`, "… sagte sie. Anzeige"): the ad labels
/// and the labels of key points that were never article text.
#[derive(Debug)]
pub struct GlueLabel {
    automaton: AhoCorasick,
    classes: Vec<Boilerplate>,
    longest: usize,
    starts: Phrases<Boilerplate>,
    /// First bytes of the labels, and last ones: nearly every line is told by them.
    first_pairs: Filter,
    ends: Ends,
}

/// The first two bytes of a text as a number: a filter has a bit for each.
fn first_pair(text: &str) -> Option<u64> {
    text.as_bytes().first_chunk().map(|pair| u64::from(u16::from_le_bytes(*pair)))
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
            .build(glued.iter().map(|entry| &entry.phrase))
            .map_err(|source| RulesError::Automaton { source })?;
        let longest = glued.iter().map(|entry| entry.phrase.len()).max().unwrap_or(0);
        let mut starts = BTreeMap::new();
        for entry in &glued {
            starts.entry(entry.phrase.clone()).or_insert(entry.class);
        }
        let mut first_pairs = Filter::default();
        glued
            .iter()
            .filter_map(|entry| first_pair(&entry.phrase))
            .for_each(|pair| first_pairs.add(pair));
        Ok(Self {
            automaton,
            classes: glued.iter().map(|entry| entry.class).collect(),
            longest,
            starts: Phrases::of(starts),
            first_pairs,
            ends: Ends::of(glued.iter().map(|entry| entry.phrase.as_str())),
        })
    }

    /// The label that a text begins with: its class and its length in bytes.
    #[must_use]
    pub fn at_start(&self, text: &str) -> Option<(Boilerplate, usize)> {
        first_pair(text).filter(|pair| self.first_pairs.may_have(*pair))?;
        let (length, class) = self.starts.at(text).next()?;
        Some((*class, length))
    }

    /// The label that a text ends with: its class and where it begins, in bytes.
    #[must_use]
    pub fn at_end(&self, text: &str) -> Option<(Boilerplate, usize)> {
        if !self.ends.may_end(text) {
            return None;
        }
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
