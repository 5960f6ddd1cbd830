//! Phrases and patterns against a line, which is read once for each, however many languages there are.

use std::collections::HashMap;
use std::ops::Range;

use super::file::{MarkerFile, Mode, PatternEntry, PhraseEntry, WordKind};
use super::gated::GatedRegexes;
use super::phrases::{Ends, Phrases};
use crate::model::Boilerplate;
use crate::text::{Skeleton, SkeletonEdge, is_alphanumeric, is_cjk, skeleton_of_phrase};

/// A phrase whose hits were article text more often than this share does not decide alone.
const MAX_TRUSTED_SHARE: f64 = 0.02;

/// Fewest hits in article text that say anything: one may be a flaw of the page's known text.
const MIN_COUNTED: u32 = 2;

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
    /// By their skeletons.
    phrases: Phrases<Vec<Phrase>>,
    label_ends: Ends,
    patterns: Patterns,
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
    pub(super) fn compile(file: &MarkerFile) -> Self {
        let groups = group_by_skeleton(file);
        let is_label =
            |(_, group): &(&String, &Vec<Phrase>)| group.iter().any(|phrase| phrase.is_label());
        let labels = groups.iter().filter(is_label).map(|(skeleton, _)| skeleton.as_str());
        Self {
            label_ends: Ends::of(labels),
            phrases: Phrases::of(groups),
            patterns: Patterns::of(&file.patterns),
        }
    }

    /// Everything the phrases and patterns say of a normal line. Linear in the line.
    ///
    /// `skeleton` is a buffer, so that a document needs one allocation; it holds the line's skeleton afterwards.
    #[must_use]
    pub fn read(&self, line: &str, skeleton: &mut Skeleton) -> Wording {
        let mut wording = self.read_phrases(skeleton.of(line));
        wording.hits.extend(self.patterns.hits(line));
        wording.hits.sort_by_key(|hit| (hit.mode, hit.is_doubtful));
        wording
    }

    fn read_phrases(&self, skeleton: &str) -> Wording {
        let mut wording = Wording::default();
        let mut vetoes = Vec::new();
        self.phrases.find(skeleton, |start, length, phrases| {
            let place = start..start + length;
            for phrase in phrases {
                match phrase.meaning {
                    Meaning::NotLabel => vetoes.push(place.end),
                    _ if !phrase.stands(&place, skeleton) => {}
                    Meaning::Class(class) => wording.hits.push(phrase.hit(class, place.end)),
                    Meaning::Word(WordKind::Address) => wording.n_address_words += 1,
                    Meaning::Word(WordKind::Consent) => wording.n_consent_words += 1,
                }
            }
        });
        // Of one mode, the one that ends first.
        wording.hits.sort_by_key(|hit| hit.end);
        if !wording.hits.iter().any(|hit| hit.mode == Mode::Line) {
            wording.hits.extend(self.tiled(skeleton));
        }
        if !vetoes.is_empty() {
            wording.hits.retain(|hit| {
                hit.end == skeleton.len() || !vetoes.iter().any(|veto| *veto >= hit.end)
            });
        }
        wording
    }

    /// A line that is nothing but labels side by side ("Anzeige Anzeige", "Facebook | Twitter | Drucken"): as a whole of the
    /// class of the first.
    fn tiled(&self, skeleton: &str) -> Option<Hit> {
        if !self.label_ends.may_end(skeleton) {
            return None;
        }
        let class = |phrase: &Phrase| match phrase.meaning {
            Meaning::Class(class) => Some(phrase.hit(class, skeleton.len())),
            Meaning::NotLabel | Meaning::Word(_) => None,
        };
        let (mut rest, mut first) = (skeleton, None);
        while !rest.is_empty() {
            let (length, hit) = self.phrases.at(rest).find_map(|(length, phrases)| {
                Some((length, phrases.iter().filter(|phrase| phrase.is_label()).find_map(class)?))
            })?;
            first.get_or_insert(hit);
            rest = rest.get(length..)?.trim_start_matches(|c: char| !is_alphanumeric(c));
        }
        first.map(|hit| Hit { is_doubtful: false, ..hit })
    }
}

/// Patterns with their classes, behind their gates.
#[derive(Debug)]
struct Patterns {
    entries: Vec<PatternEntry>,
    regexes: GatedRegexes,
}

impl Patterns {
    fn of(entries: &[PatternEntry]) -> Self {
        let tried = entries.iter().map(|entry| (entry.source.clone(), entry.max_chars));
        Self { entries: entries.to_vec(), regexes: GatedRegexes::of(tried) }
    }

    /// What the patterns say of a line, in their order.
    fn hits(&self, line: &str) -> impl Iterator<Item = Hit> {
        let n_chars = || match line.chars().count() {
            n_chars if line.len() > MAX_SHORT_BYTES => n_chars.max(MAX_SHORT_CHARS + 1),
            n_chars => n_chars,
        };
        let candidates = || self.regexes.candidates(line, n_chars());
        let candidates = (line.len() <= MAX_LONG_BYTES).then(candidates).into_iter().flatten();
        let matching = candidates.filter(|(_, regex)| regex.is_match(line));
        matching.filter_map(|(idx, _)| self.entries.get(idx)).map(|entry| Hit {
            class: entry.class,
            mode: Mode::Line,
            is_doubtful: false,
            is_pattern: true,
            end: line.len(),
        })
    }
}

impl Phrase {
    /// Whether a line may be nothing else.
    fn is_label(self) -> bool {
        self.mode == Mode::Line
    }

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
        |character: Option<char>| character.is_some_and(|c| is_alphanumeric(c) && !is_cjk(c));
    !(goes_on(before.chars().next_back()) && goes_on(after.chars().next()))
}

/// The skeletons of all phrases, each once, and what they mean.
fn group_by_skeleton(file: &MarkerFile) -> HashMap<String, Vec<Phrase>> {
    let mut groups: HashMap<String, Vec<Phrase>> = HashMap::new();
    let mut add = |skeleton: String, phrase: Phrase| {
        let is_too_short = skeleton.is_empty()
            || (phrase.mode != Mode::Line
                && skeleton.len() < MIN_INNER_BYTES
                && !matches!(phrase.meaning, Meaning::Word(_)));
        if !is_too_short {
            merge(groups.entry(skeleton).or_default(), phrase);
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
    groups
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
