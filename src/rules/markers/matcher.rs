//! Phrases and patterns against a line. One automaton (Aho-Corasick) over all phrases, one regex set over all patterns:
//! a line is read once for each, however many languages there are.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{RegexSet, RegexSetBuilder};

use super::file::{MarkerFile, Mode, PatternEntry, PhraseEntry, WordKind};
use crate::model::Boilerplate;
use crate::rules::RulesError;
use crate::text::{Skeleton, SkeletonEdge, is_cjk, skeleton_of_phrase};

/// A phrase whose hits were article text more often than this share does not decide alone.
const MAX_TRUSTED_SHARE: f64 = 0.02;

/// Fewest hits in article text that say anything: one may be a flaw of the page's known text.
const MIN_COUNTED: u32 = 2;

/// Memory one regex set may take, bytes. The patterns of two dozen languages need about a third of it.
pub(super) const MAX_REGEX_BYTES: usize = 64 << 20;

/// Longest line in characters of a pattern that is only tried on short lines.
const MAX_SHORT_CHARS: usize = 220;

/// Longest line in bytes that such patterns are tried on; in other scripts than Latin, about half the characters.
const MAX_SHORT_BYTES: usize = MAX_SHORT_CHARS + 20;

/// Longest line in bytes that any pattern is tried on. Longer ones are running text, and the patterns cost more than all
/// phrases together.
const MAX_LONG_BYTES: usize = 420;

/// Shortest skeleton of a phrase that may stand inside a line, bytes: `c` of `(c)` must not.
const MIN_INNER_BYTES: usize = 3;

/// What a phrase or a pattern says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The class of the phrase.
    pub class: Boilerplate,
    /// How it stands in the line.
    pub mode: Mode,
    /// Whether the same wording was also seen as article text: it needs a second signal.
    pub is_doubtful: bool,
    /// Whether a pattern said so, not a phrase.
    pub is_pattern: bool,
    /// End of the phrase in the line's skeleton, bytes.
    pub end: usize,
}

impl Hit {
    /// Whether too much article text begins so to call it a teaser. Twice the usual share is allowed: the headline
    /// behind the label, and its missing full stop, are the second signal.
    #[must_use]
    pub const fn is_doubtful_teaser(&self) -> bool {
        self.is_doubtful
            && !matches!(self.class, Boilerplate::MediaTeaser | Boilerplate::TeaserLabel)
    }
}

/// What the wording of a line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// What phrases and patterns say, strictest mode first.
    pub hits: Vec<Hit>,
    /// Words that speak to the reader.
    pub n_address_words: u32,
    /// Words of consent banners.
    pub n_consent_words: u32,
}

/// The compiled phrases and patterns.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    /// For each string of the automaton, the phrases that have it as their skeleton.
    phrases: Vec<Vec<Phrase>>,
    /// Those of short lines: most.
    short_patterns: Patterns,
    /// Those that longer lines are tried on too.
    long_patterns: Patterns,
}

/// What it means that a phrase is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The line may be of a class.
    Class(Boilerplate),
    /// A word that looks like a label and is none.
    NotLabel,
    /// A hint.
    Word(WordKind),
}

#[derive(Debug, Clone, Copy)]
struct Phrase {
    meaning: Meaning,
    mode: Mode,
    is_doubtful: bool,
}

impl Matcher {
    pub(super) fn compile(file: &MarkerFile) -> Result<Self, RulesError> {
        let (strings, phrases) = group_by_skeleton(file);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&strings)
            .map_err(|source| RulesError::Automaton { source })?;
        let (short, long): (Vec<_>, Vec<_>) =
            file.patterns.iter().partition(|pattern| pattern.max_chars <= MAX_SHORT_CHARS);
        Ok(Self {
            automaton,
            phrases,
            short_patterns: Patterns::of(&short),
            long_patterns: Patterns::of(&long),
        })
    }

    /// Compiles all patterns now.
    ///
    /// # Errors
    /// They are too many.
    pub(super) fn check(&self) -> Result<(), RulesError> {
        self.short_patterns.check()?;
        self.long_patterns.check()
    }

    /// Everything the phrases and patterns say of a normal line. Linear in the line.
    ///
    /// `skeleton` is a buffer, so that a document needs one allocation; it holds the line's skeleton afterwards.
    #[must_use]
    pub fn read(&self, line: &str, skeleton: &mut Skeleton) -> Wording {
        let mut wording = self.read_phrases(skeleton.of(line));
        wording.hits.extend(self.pattern_hits(line));
        wording.hits.sort_by_key(|hit| (hit.mode, hit.is_doubtful));
        wording
    }

    fn read_phrases(&self, skeleton: &str) -> Wording {
        let mut wording = Wording::default();
        let mut vetoes = Vec::new();
        let mut labels = Vec::new();
        for found in self.automaton.find_overlapping_iter(skeleton) {
            let place = found.start()..found.end();
            for phrase in
                self.phrases.get(found.pattern().as_usize()).map_or(&[][..], Vec::as_slice)
            {
                let stands = phrase.stands(&place, skeleton);
                match phrase.meaning {
                    Meaning::NotLabel => vetoes.push(place.clone()),
                    Meaning::Class(class) if stands => {
                        wording.hits.push(phrase.hit(class, place.end));
                    }
                    Meaning::Class(class) if phrase.mode == Mode::Line => {
                        labels.push((place.clone(), phrase.hit(class, 0)));
                    }
                    Meaning::Word(WordKind::Address) if stands => wording.n_address_words += 1,
                    Meaning::Word(WordKind::Consent) if stands => wording.n_consent_words += 1,
                    Meaning::Class(_) | Meaning::Word(_) => {}
                }
            }
        }
        if !wording.hits.iter().any(|hit| hit.mode == Mode::Line) {
            wording.hits.extend(tiled(skeleton, &mut labels));
        }
        if !vetoes.is_empty() {
            wording.hits.retain(|hit| {
                hit.end == skeleton.len() || !vetoes.iter().any(|veto| veto.end >= hit.end)
            });
        }
        wording
    }

    fn pattern_hits(&self, line: &str) -> impl Iterator<Item = Hit> {
        let tried = |patterns: &Patterns, max_bytes: usize| {
            (line.len() <= max_bytes).then(|| patterns.hits(line)).into_iter().flatten()
        };
        tried(&self.short_patterns, MAX_SHORT_BYTES)
            .chain(tried(&self.long_patterns, MAX_LONG_BYTES))
    }
}

/// Patterns that are tried together: those that only match at the start of a line apart, since there most lines are
/// through after a few letters.
#[derive(Debug)]
struct Patterns {
    anchored: PatternSet,
    others: PatternSet,
}

impl Patterns {
    fn of(patterns: &[&PatternEntry]) -> Self {
        let (anchored, others): (Vec<_>, Vec<_>) =
            patterns.iter().copied().partition(|pattern| is_anchored(&pattern.regex));
        Self { anchored: PatternSet::of(&anchored), others: PatternSet::of(&others) }
    }

    fn check(&self) -> Result<(), RulesError> {
        self.anchored.check()?;
        self.others.check()
    }

    fn hits(&self, line: &str) -> impl Iterator<Item = Hit> + use<> {
        self.anchored.hits(line).into_iter().chain(self.others.hits(line))
    }
}

/// Whether a regular expression begins with `^`, after flags.
fn is_anchored(regex: &str) -> bool {
    regex.strip_prefix("(?i)").unwrap_or(regex).starts_with('^')
}

/// Patterns in one automaton. Compiling them is most of what a start costs, so it waits for the first line.
#[derive(Debug)]
struct PatternSet {
    entries: Vec<PatternEntry>,
    regexes: OnceLock<Option<RegexSet>>,
}

impl PatternSet {
    fn of(patterns: &[&PatternEntry]) -> Self {
        let entries = patterns.iter().copied().cloned().collect();
        Self { entries, regexes: OnceLock::new() }
    }

    fn build(&self) -> Result<RegexSet, regex::Error> {
        let sources = self
            .entries
            .iter()
            .map(|pattern| super::readers::with_ascii_boundaries(&pattern.regex));
        RegexSetBuilder::new(sources)
            .size_limit(MAX_REGEX_BYTES)
            .dfa_size_limit(MAX_REGEX_BYTES)
            .build()
    }

    fn check(&self) -> Result<(), RulesError> {
        self.build().map(|_compiled| ()).map_err(|source| RulesError::Patterns { source })
    }

    fn hits(&self, line: &str) -> Vec<Hit> {
        // `None` only where `check` fails.
        let Some(regexes) = self.regexes.get_or_init(|| self.build().ok()) else {
            return Vec::new();
        };
        let matches = regexes.matches(line);
        if !matches.matched_any() {
            return Vec::new();
        }
        let n_chars = line.chars().count();
        let entries = matches.iter().filter_map(|index| self.entries.get(index));
        let fitting = entries.filter(|entry| n_chars <= entry.max_chars);
        fitting
            .map(|entry| Hit {
                class: entry.class,
                mode: Mode::Line,
                is_doubtful: false,
                is_pattern: true,
                end: line.len(),
            })
            .collect()
    }
}

impl Phrase {
    /// Whether the phrase stands in the skeleton as its mode asks.
    fn stands(self, place: &Range<usize>, skeleton: &str) -> bool {
        let is_at_start = place.start == 0;
        let is_at_end = place.end == skeleton.len();
        match self.mode {
            Mode::Line => is_at_start && is_at_end,
            Mode::Prefix => is_at_start && is_boundary(skeleton, place.end),
            Mode::Suffix => is_at_end && is_boundary(skeleton, place.start),
            Mode::Has => is_boundary(skeleton, place.start) && is_boundary(skeleton, place.end),
        }
    }

    fn hit(self, class: Boilerplate, end: usize) -> Hit {
        Hit { class, mode: self.mode, is_doubtful: self.is_doubtful, is_pattern: false, end }
    }
}

/// Whether no word goes on across a position: one of its sides is no letter or digit, or is Han or kana.
fn is_boundary(skeleton: &str, at: usize) -> bool {
    let (before, after) = skeleton.split_at_checked(at).unwrap_or((skeleton, ""));
    let goes_on =
        |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
    !(goes_on(before.chars().next_back()) && goes_on(after.chars().next()))
}

/// A line that is nothing but labels side by side ("Anzeige Anzeige", "Facebook | Twitter | Drucken"): as a whole of the
/// class of the first.
fn tiled(skeleton: &str, labels: &mut [(Range<usize>, Hit)]) -> Option<Hit> {
    labels.sort_by_key(|(place, _)| (place.start, usize::MAX - place.end));
    let mut reached = 0;
    let mut first = None;
    for (place, hit) in labels.iter() {
        if place.start < reached {
            continue;
        }
        let gap = skeleton.get(reached..place.start)?;
        if gap.chars().any(char::is_alphanumeric) {
            return None;
        }
        reached = place.end;
        first.get_or_insert(*hit);
    }
    let is_whole =
        skeleton.get(reached..).is_some_and(|rest| !rest.chars().any(char::is_alphanumeric));
    first.filter(|_| is_whole).map(|hit| Hit { end: skeleton.len(), is_doubtful: false, ..hit })
}

type Grouped = (Vec<String>, Vec<Vec<Phrase>>);

/// The strings of the automaton, each once, and the phrases that have them as skeletons.
fn group_by_skeleton(file: &MarkerFile) -> Grouped {
    let mut places: HashMap<String, usize> = HashMap::new();
    let (mut strings, mut groups) = (Vec::new(), Vec::<Vec<Phrase>>::new());
    let mut add = |skeleton: String, phrase: Phrase| {
        if skeleton.is_empty()
            || (phrase.mode != Mode::Line
                && skeleton.len() < MIN_INNER_BYTES
                && !matches!(phrase.meaning, Meaning::Word(_)))
        {
            return;
        }
        let place = *places.entry(skeleton.clone()).or_insert_with(|| {
            strings.push(skeleton);
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            merge(group, phrase);
        }
    };
    for entry in &file.phrases {
        let edge = match entry.mode {
            Mode::Line | Mode::Has => SkeletonEdge::Both,
            Mode::Prefix => SkeletonEdge::Start,
            Mode::Suffix => SkeletonEdge::End,
        };
        let phrase = Phrase {
            meaning: Meaning::Class(entry.class),
            mode: entry.mode,
            is_doubtful: is_doubtful(entry),
        };
        add(skeleton_of_phrase(&entry.phrase, edge), phrase);
    }
    for phrase in &file.not_labels {
        let veto = Phrase { meaning: Meaning::NotLabel, mode: Mode::Line, is_doubtful: false };
        add(skeleton_of_phrase(phrase, SkeletonEdge::Both), veto);
    }
    for (kind, word) in &file.words {
        let hint = Phrase { meaning: Meaning::Word(*kind), mode: Mode::Has, is_doubtful: false };
        add(skeleton_of_phrase(word, SkeletonEdge::Both), hint);
    }
    (strings, groups)
}

/// The same phrase of two languages is one; the more careful one wins.
fn merge(group: &mut Vec<Phrase>, phrase: Phrase) {
    let same = |known: &&mut Phrase| known.meaning == phrase.meaning && known.mode == phrase.mode;
    match group.iter_mut().find(same) {
        Some(known) => known.is_doubtful |= phrase.is_doubtful,
        None => group.push(phrase),
    }
}

pub(super) fn is_doubtful(entry: &PhraseEntry) -> bool {
    let (in_article, hits) = entry.gold;
    in_article >= MIN_COUNTED && f64::from(in_article) > f64::from(hits) * MAX_TRUSTED_SHARE
}
