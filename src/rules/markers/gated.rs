//! Regular expressions behind their gates: one pass over a text tells which of them can match at all, and only those are
//! compiled, each when it is first needed, and asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use super::file::Source;
use super::gate::{Edge, FOLDED_TO_ASCII, Gate, Kinds};
use super::literals::Literals;
use super::phrases::Phrases;
use crate::text::bits::any;

/// Longest beginning of a text that is looked at, bytes; no gate's string is as long.
const MAX_START_BYTES: usize = 32;

/// Memory one compiled expression may take, bytes.
const MAX_REGEX_BYTES: usize = 64 << 20;

/// Expressions that are tried together.
#[derive(Debug)]
pub(super) struct GatedRegexes {
    groups: Vec<Group>,
}

/// An expression, and the longest text in characters that it is tried on.
pub(super) type Tried = (Source, usize);

/// Some expressions of a [`Group`]: a bit for each.
pub(super) type Set = u128;

/// As many expressions as a set has bits.
#[derive(Debug)]
struct Group {
    each: Vec<Gated>,
    /// Those that admit each character at the start of a text, and at its end.
    firsts: Edges,
    lasts: Edges,
    /// By the most characters of a text, lowest first.
    tiers: Vec<Tier>,
    /// What gates ask for at the start of a text, and the expressions that do.
    starts: Phrases<Set>,
    at_start: Set,
    /// Those that ask for no string.
    without: Set,
    /// Those that need characters of some kinds.
    needing: Vec<(Kinds, Set)>,
}

/// The expressions that are tried on texts of so many characters: the longer the text, the fewer.
#[derive(Debug)]
struct Tier {
    max_chars: usize,
    tried: Set,
    /// What their gates ask for anywhere, and the expressions that do.
    literals: Literals,
    anywhere: Set,
}

#[derive(Debug)]
struct Gated {
    source: Source,
    compiled: OnceLock<Option<Regex>>,
}

/// The expressions that admit a character at an end of a text.
#[derive(Debug)]
struct Edges {
    ascii: Vec<Set>,
    letters: Set,
    others: Set,
    /// Those that admit an empty text.
    nothing: Set,
}

impl GatedRegexes {
    pub(super) fn of(tried: impl IntoIterator<Item = Tried>) -> Self {
        let tried: Vec<Tried> = tried.into_iter().collect();
        Self { groups: tried.chunks(Set::BITS as usize).map(Group::of).collect() }
    }

    /// The expressions that may match a text, in their order, of those that are tried on texts of so many characters.
    pub(super) fn candidates(
        &self,
        text: &str,
        n_chars: usize,
    ) -> impl Iterator<Item = (usize, &Regex)> {
        let firsts = (0..).step_by(Set::BITS as usize);
        self.groups.iter().zip(firsts).flat_map(move |(group, first)| {
            let open = members(group.open(text, n_chars));
            open.filter_map(move |idx| Some((first + idx, group.each.get(idx)?.compiled()?)))
        })
    }
}

impl Group {
    fn of(tried: &[Tried]) -> Self {
        let mut starts: BTreeMap<String, Set> = BTreeMap::new();
        for (idx, (Source { gate, .. }, _)) in tried.iter().enumerate() {
            for literal in gate.literals.iter().filter(|_| gate.is_at_start) {
                *starts.entry(literal.clone()).or_default() |= 1 << idx;
            }
        }
        let gates = || tried.iter().map(|(source, _)| &source.gate);
        let compiled = OnceLock::new;
        let each =
            tried.iter().map(|(source, _)| Gated { source: source.clone(), compiled: compiled() });
        Self {
            each: each.collect(),
            firsts: Edges::of(tried, |gate| &gate.first),
            lasts: Edges::of(tried, |gate| &gate.last),
            tiers: tiers(tried),
            starts: Phrases::of(starts),
            at_start: set(gates().map(|gate| gate.is_at_start)),
            without: set(gates().map(|gate| gate.literals.is_empty())),
            needing: by_key(gates().map(|gate| gate.kinds)).into_iter().collect(),
        }
    }

    /// The expressions that may match.
    fn open(&self, text: &str, n_chars: usize) -> Set {
        let tier = self.tiers.iter().find(|tier| tier.max_chars >= n_chars);
        let Some(Tier { tried, literals, anywhere, .. }) = tier else { return 0 };
        let admitted = tried
            & self.firsts.admitting(text.chars().next())
            & self.lasts.admitting(text.chars().next_back())
            & self.having_their_kinds(text);
        let mut asked_for = self.without;
        if admitted & self.at_start != 0 {
            asked_for |= self.asking_for_start(text);
        }
        if admitted & anywhere != 0 {
            asked_for |= literals.asked_for_by(text, admitted);
        }
        admitted & asked_for
    }

    /// Those of which a text has the kinds of characters that they need.
    fn having_their_kinds(&self, text: &str) -> Set {
        let kinds = kinds_in(text);
        let having = self.needing.iter().filter(|(needed, _)| needed.are_among(kinds));
        having.fold(0, |all, (_, needing)| all | needing)
    }

    /// Those whose gate asks for what the text begins with.
    fn asking_for_start(&self, text: &str) -> Set {
        let start = text.get(..text.floor_char_boundary(MAX_START_BYTES)).unwrap_or_default();
        if has_folded(start) {
            return Set::MAX;
        }
        if !self.starts.may_begin_in_lower_case(start.as_bytes()) {
            return 0;
        }
        let start = start.to_ascii_lowercase();
        self.starts.at(&start).fold(0, |all, (_, askers)| all | askers)
    }
}

/// [`Kinds::in_text`], sixteen bytes at once.
fn kinds_in(text: &str) -> Kinds {
    Kinds::of(any(text.as_bytes(), |some| {
        let digits =
            some.are_from(b'0', b'9') | some.are_from(0xD9, 0xE1) | some.are_from(0xE3, u8::MAX);
        let marks = some.are(b'(') | some.are(b'/') | some.are(b':') | some.are(b'@');
        let gaps = some.are_blank() | some.are(0xC2) | some.are_from(0xE1, 0xE3);
        [digits, marks | some.are(b'[') | some.are(0xC2) | some.are_from(0xE2, u8::MAX), gaps]
    }))
}

/// The numbers of a set, in order.
fn members(set: Set) -> impl Iterator<Item = usize> {
    let mut left = set;
    std::iter::from_fn(move || {
        let next = (left != 0).then_some(left.trailing_zeros())?;
        left &= left - 1;
        usize::try_from(next).ok()
    })
}

/// A tier for each length that an expression names.
fn tiers(tried: &[Tried]) -> Vec<Tier> {
    let lengths: BTreeSet<usize> = tried.iter().map(|(_, longest)| *longest).collect();
    lengths.into_iter().map(|max_chars| Tier::of(tried, max_chars)).collect()
}

impl Tier {
    fn of(all: &[Tried], max_chars: usize) -> Self {
        let is_tried = |(_, longest): &Tried| *longest >= max_chars;
        let tried = set(all.iter().map(is_tried));
        // Behind these, any expression may match.
        let mut literals: BTreeMap<&str, Set> =
            FOLDED_TO_ASCII.iter().map(|folded| (*folded, Set::MAX)).collect();
        let mut anywhere = 0;
        for (idx, (Source { gate, .. }, _)) in (0..).zip(all).filter(|(_, one)| is_tried(one)) {
            for literal in gate.literals.iter().filter(|_| !gate.is_at_start) {
                *literals.entry(literal).or_default() |= 1 << idx;
                anywhere |= 1 << idx;
            }
        }
        Self { max_chars, tried, literals: Literals::of(literals), anywhere }
    }
}

/// The sets of those that have the same key.
fn by_key<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, Set> {
    let mut sets = BTreeMap::new();
    for (idx, key) in keys.enumerate() {
        *sets.entry(key).or_default() |= 1 << idx;
    }
    sets
}

/// The set of those that are.
fn set(are: impl Iterator<Item = bool>) -> Set {
    are.enumerate().fold(0, |set, (idx, is)| set | Set::from(is) << idx)
}

impl Edges {
    fn of(tried: &[Tried], edge: impl Fn(&Gate) -> &Edge) -> Self {
        let admitting = |character: Option<char>| {
            set(tried.iter().map(|(source, _)| edge(&source.gate).admits(character)))
        };
        Self {
            ascii: (0..128_u8).map(|byte| admitting(Some(char::from(byte)))).collect(),
            letters: admitting(Some('ä')),
            others: admitting(Some('–')),
            nothing: admitting(None),
        }
    }

    fn admitting(&self, character: Option<char>) -> Set {
        match character {
            Some(character) if character.is_ascii() => {
                self.ascii.get(character as usize).copied().unwrap_or_default()
            }
            Some(character) if character.is_alphabetic() => self.letters,
            Some(_) => self.others,
            None => self.nothing,
        }
    }
}

impl Gated {
    /// `None` only where the expression is none; reading the marker files finds that out.
    fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.source.regex).ok()).as_ref()
    }
}

/// Whether a text has one of [`FOLDED_TO_ASCII`]; nearly all are told by the first bytes of these.
fn has_folded(text: &str) -> bool {
    any(text.as_bytes(), |some| [some.are(0xC5) | some.are(0xE2)]) == [true]
        && FOLDED_TO_ASCII.iter().any(|folded| text.contains(folded))
}

/// Compiles a regular expression of a marker file.
///
/// # Errors
/// It is none, or too large.
pub(super) fn compile(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&with_ascii_boundaries(regex))
        .size_limit(MAX_REGEX_BYTES)
        .dfa_size_limit(MAX_REGEX_BYTES)
        .build()
}

/// The regular expression with word boundaries of ASCII. With those of Unicode, the crate leaves its automaton at the
/// first umlaut and runs a hundred times slower.
fn with_ascii_boundaries(regex: &str) -> String {
    regex.replace(r"\b", r"(?-u:\b)")
}

#[cfg(test)]
mod tests {
    use super::{GatedRegexes, Source, compile, kinds_in};
    use crate::rules::markers::gate::{Gate, Kinds};

    #[test]
    fn a_gate_asks_for_what_every_match_has() {
        let asks = |regex: &str| (Gate::of(regex).literals.join("|"), Gate::of(regex).is_at_start);
        assert_eq!(asks("^(?:Von|VON) (\\p{Lu}+)"), ("von ".to_owned(), true));
        assert_eq!(
            asks("(?i)all(?:e)? rights? reserved"),
            (
                "all right reserved|all rights reserved|alle right reserved|alle rights reserved"
                    .to_owned(),
                false
            )
        );
        assert_eq!(asks(r"\d{1,3} (?:Bilder|Fotos)$"), (" bilder| fotos".to_owned(), false));
        assert_eq!(asks(r"^\d{1,2}:\d{2}$"), (":".to_owned(), false));
        assert_eq!(asks(r"^[^\p{L}]+$"), (String::new(), false));
        assert_eq!(asks("(?:eins|zwei)?"), (String::new(), false));
    }

    #[test]
    fn a_gate_knows_how_a_text_must_begin_and_end() {
        let admits = |regex: &str, text: &str| {
            let Gate { first, last, .. } = Gate::of(regex);
            first.admits(text.chars().next()) && last.admits(text.chars().next_back())
        };
        let numbers = r"^(?:\(|\d)\d*\)?$";
        for text in ["12", "(1", "٣", "(1)"] {
            assert!(admits(numbers, text), "{text}");
        }
        for text in ["Zwölf", "Äpfel", "", "12 Äpfel", "1."] {
            assert!(!admits(numbers, text), "{text}");
        }
        assert!(admits("Zwölf", "irgendetwas"));
        assert!(admits("^x*$", ""));
        assert!(admits(r"(?:eins|zwei)\s?$", "drei, zwei") && !admits("(?:eins|zwei)$", "zwei."));
    }

    #[test]
    fn a_gate_knows_which_kinds_of_characters_a_text_must_have() {
        let admits =
            |regex: &str, text: &str| Gate::of(regex).kinds.are_among(Kinds::in_text(text));
        let compiled = compile(r"\d Bilder").expect("it is one");
        for text in ["5 Bilder", "٣ Bilder", "५ Bilder", "５ Bilder", "𝟓 Bilder"] {
            assert!(compiled.is_match(text) && admits(r"\d Bilder", text), "{text}");
        }
        assert!(!admits(r"\d Bilder", "fünf „Bilder“"));
        assert!(admits(r"\d?Bilder|(?:\d{1,2} )*Fotos", "Bilder"));
        assert!(admits(r"(?:\d|\p{L})+", "Bilder") && !admits(r"\d+|4 x", "Bilder"));
        assert!(!admits(r"Foto\s?[:：=©]?[:/]", "Foto dpa") && admits("[/©]", "© dpa"));
    }

    #[test]
    fn both_ways_of_telling_the_kinds_say_the_same() {
        for character in '\0'..=char::MAX {
            let text = character.encode_utf8(&mut [0; 4]).to_owned();
            assert_eq!(kinds_in(&text), Kinds::in_text(&text), "{text}");
        }
    }

    #[test]
    fn only_what_can_match_is_asked() {
        let sources = ["^Von (.+)$", r"^\d+$", "(?i)straße"]
            .map(|regex| (Source { gate: Gate::of(regex), regex: regex.to_owned() }, 20));
        let regexes = GatedRegexes::of(sources);
        let asked = |text: &str| -> Vec<usize> {
            regexes.candidates(text, text.chars().count()).map(|(idx, _)| idx).collect()
        };
        assert_eq!(asked("Von der Straße"), [0, 2]);
        assert_eq!(asked("17"), [1]);
        assert_eq!(asked("Davon Von"), [0; 0]);
        assert_eq!(asked("\u{17f}traße"), [2], "it is an s");
        assert_eq!(asked("In der langen Straße am Fluss"), [0; 0], "it is too long");
    }
}
