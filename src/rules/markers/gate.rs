//! What a text must have for a regular expression to match it, read off the expression without compiling it. To compile all
//! expressions is most of what a start costs, and nearly every line of a page passes none of these gates.
//!
//! A gate never keeps out what the expression matches. The build script computes those of the embedded files with this same
//! source (`config/build.rs`), so it uses nothing of klartext.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};
use serde::{Deserialize, Serialize};

/// Most strings that a gate lists.
const MAX_LITERALS: usize = 256;
/// Most strings that a part of an expression is spelt out into.
const MAX_SPELLINGS: usize = 48;
/// Most characters of a class that is spelt out.
const MAX_CLASS_CHARS: usize = 6;
/// Longest string of a gate, bytes: longer ones tell no more.
const MAX_LITERAL_BYTES: usize = 24;
/// Longest range of characters that is looked through for letters; of a longer one it is taken that it has both.
const MAX_LOOKED_AT: u32 = 512;
/// Letters that are another letter's lower case: `ſ` is an `s`, the sign of Kelvin a `k`. A text that has one of them passes
/// every gate.
pub(super) const FOLDED_TO_ASCII: [&str; 2] = ["\u{17f}", "\u{212a}"];

/// What a text must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gate {
    /// One of these, letters of ASCII in either case; no list: nothing is known.
    pub literals: Vec<String>,
    /// Whether it must stand at the start of the text.
    pub is_at_start: bool,
    /// What the text must begin with.
    pub first: Edge,
    /// What it must end with.
    pub last: Edge,
    /// What must stand somewhere in it.
    pub kinds: Kinds,
}

/// Kinds of characters, those that many lines have none of, a bit each: decimal digits of any script; marks that stand between
/// the parts of a line, not of a sentence; white space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Kinds(u8);

/// Which characters may stand at an end of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Edge {
    /// Whether nothing is known: the expression is not bound to this end, or it matches an empty text.
    pub is_any: bool,
    /// Those of ASCII.
    pub ascii: String,
    /// Whether letters beyond ASCII.
    pub letters: bool,
    /// Whether other characters beyond ASCII.
    pub others: bool,
}

impl Gate {
    /// The gate of a regular expression; one that lets everything pass where the expression is not even one.
    #[must_use]
    pub(super) fn of(regex: &str) -> Self {
        let Ok(hir) = regex_syntax::parse(regex) else { return Self::open() };
        let properties = hir.properties();
        let is_anchored = properties.look_set_prefix().contains(Look::Start);
        let first = if is_anchored { Edge::of(&hir, End::First) } else { Edge::any() };
        let is_bound = properties.look_set_suffix().contains(Look::End);
        let last = if is_bound { Edge::of(&hir, End::Last) } else { Edge::any() };
        let start = beginnings(&hir).filter(|_| is_anchored);
        let is_at_start = start.is_some();
        Self {
            literals: start.or_else(|| required(&hir)).unwrap_or_default(),
            is_at_start,
            first,
            last,
            kinds: Kinds::needed(&hir),
        }
    }

    fn open() -> Self {
        Self {
            literals: Vec::new(),
            is_at_start: false,
            first: Edge::any(),
            last: Edge::any(),
            kinds: Kinds::default(),
        }
    }
}

impl Kinds {
    /// Whether all of these are among others.
    pub(super) const fn are_among(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Digits, marks, white space.
    pub(super) fn of([digits, marks, gaps]: [bool; 3]) -> Self {
        Self(u8::from(digits) | u8::from(marks) << 1 | u8::from(gaps) << 2)
    }

    /// What a text may have, told by its bytes: never too little.
    pub(super) fn in_text(text: &str) -> Self {
        // Decimal digits beyond ASCII begin with the later bytes, but for none from U+2000 to U+2FFF.
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | 0xD9..=0xE1 | 0xE3..);
        let is_mark = |byte: u8| matches!(byte, b'(' | b'/' | b':' | b'@' | b'[' | 0xC2 | 0xE2..);
        // No-break spaces and the like begin with the later bytes.
        let is_gap = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ' | 0xC2 | 0xE1..=0xE3);
        let has = |is: fn(u8) -> bool| text.bytes().any(is);
        Self::of([has(is_digit), has(is_mark), has(is_gap)])
    }

    /// Of which kinds every match has a character.
    fn needed(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).unwrap_or_default();
                text.chars().fold(Self::default(), |all, c| Self(all.0 | Self::of_all(c, c).0))
            }
            HirKind::Class(Class::Unicode(class)) => class
                .iter()
                .map(|range| Self::of_all(range.start(), range.end()))
                .reduce(|all, next| Self(all.0 & next.0))
                .unwrap_or_default(),
            HirKind::Repetition(repetition) if repetition.min > 0 => Self::needed(&repetition.sub),
            HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) => {
                Self::default()
            }
            HirKind::Capture(capture) => Self::needed(&capture.sub),
            HirKind::Concat(parts) => {
                parts.iter().fold(Self::default(), |all, part| Self(all.0 | Self::needed(part).0))
            }
            HirKind::Alternation(parts) => parts
                .iter()
                .map(Self::needed)
                .reduce(|all, next| Self(all.0 & next.0))
                .unwrap_or_default(),
        }
    }

    /// The kinds that all characters of a range are of.
    fn of_all(start: char, end: char) -> Self {
        let of = |c: char| Self::in_text(c.encode_utf8(&mut [0; 4]));
        if u32::from(end) - u32::from(start) > MAX_LOOKED_AT {
            return Self::default();
        }
        (start..=end).map(of).reduce(|all, next| Self(all.0 & next.0)).unwrap_or_default()
    }
}

/// An end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl Edge {
    const fn any() -> Self {
        Self { is_any: true, ascii: String::new(), letters: true, others: true }
    }

    fn of(hir: &Hir, end: End) -> Self {
        let mut edge = Self { is_any: false, ascii: String::new(), letters: false, others: false };
        let may_be_empty = edge.add(hir, end);
        if may_be_empty { Self::any() } else { edge }
    }

    /// Whether a text that has this character at that end may match; an empty text has none.
    #[must_use]
    pub(super) fn admits(&self, character: Option<char>) -> bool {
        self.is_any
            || character.is_some_and(|character| {
                if character.is_ascii() {
                    self.ascii.contains(character)
                } else if character.is_alphabetic() {
                    self.letters
                } else {
                    self.others
                }
            })
    }

    /// Adds what a match may have at its end; true when it may be empty.
    fn add(&mut self, hir: &Hir, end: End) -> bool {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => return true,
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => {
                    let mut characters = text.chars();
                    let edge = match end {
                        End::First => characters.next(),
                        End::Last => characters.next_back(),
                    };
                    if let Some(c) = edge {
                        self.add_range(c, c);
                    }
                }
                Err(_) => self.add_range('\0', char::MAX),
            },
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().for_each(|range| self.add_range(range.start(), range.end()));
            }
            HirKind::Class(Class::Bytes(_)) => self.add_range('\0', char::MAX),
            HirKind::Repetition(repetition) => {
                return self.add(&repetition.sub, end) || repetition.min == 0;
            }
            HirKind::Capture(capture) => return self.add(&capture.sub, end),
            HirKind::Concat(parts) => {
                return match end {
                    End::First => parts.iter().all(|part| self.add(part, end)),
                    End::Last => parts.iter().rev().all(|part| self.add(part, end)),
                };
            }
            HirKind::Alternation(parts) => {
                return parts.iter().filter(|part| self.add(part, end)).count() > 0;
            }
        }
        false
    }

    fn add_range(&mut self, start: char, end: char) {
        if u32::from(end) - u32::from(start) > MAX_LOOKED_AT {
            (self.letters, self.others) = (true, true);
        }
        for character in start..=end {
            if character.is_ascii() {
                if !self.ascii.contains(character) {
                    self.ascii.push(character);
                }
            } else if character.is_alphabetic() {
                self.letters = true;
            } else {
                self.others = true;
            }
            if self.letters && self.others && !character.is_ascii() {
                return;
            }
        }
    }
}

/// Strings of which a text must have one for the expression to match.
fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => {
            spellings(hir).map(|all| all.into_iter().collect())
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Concat(parts) => required_of_all(parts),
        HirKind::Alternation(parts) => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(required).collect();
            let mut all: Vec<String> = each?.concat();
            all.sort_unstable();
            all.dedup();
            (all.len() <= MAX_LITERALS).then_some(all)
        }
    }
}

/// The best that one of the parts, or several side by side, ask for.
fn required_of_all(parts: &[Hir]) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut side_by_side = BTreeSet::from([String::new()]);
    for part in parts {
        let joined = spellings(part).and_then(|next| joined(&side_by_side, &next));
        side_by_side = joined.unwrap_or_else(|| {
            better(&mut best, required(part));
            spellings(part).unwrap_or_else(|| BTreeSet::from([String::new()]))
        });
        better(&mut best, Some(side_by_side.iter().cloned().collect()));
    }
    best
}

/// How every match begins: strings of two bytes at least.
fn beginnings(hir: &Hir) -> Option<Vec<String>> {
    let mut all = BTreeSet::from([String::new()]);
    match hir.kind() {
        HirKind::Capture(capture) => return beginnings(&capture.sub),
        HirKind::Alternation(parts) => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(beginnings).collect();
            all = each?.into_iter().flatten().collect();
        }
        HirKind::Concat(parts) => {
            for part in parts {
                let Some(next) = spellings(part).and_then(|next| joined(&all, &next)) else {
                    // A part that is not spelt out may still say how it begins itself.
                    let next = beginnings(part).map(|next| next.into_iter().collect());
                    all = next.and_then(|next| joined(&all, &next)).unwrap_or(all);
                    break;
                };
                all = next;
            }
        }
        _ => all = spellings(hir)?,
    }
    let is_telling = all.len() <= MAX_LITERALS && all.iter().all(|literal| literal.len() > 1);
    is_telling.then(|| all.into_iter().collect())
}

/// All strings that an expression matches, letters of ASCII in lower case, if they are few.
fn spellings(hir: &Hir) -> Option<BTreeSet<String>> {
    let nothing = || BTreeSet::from([String::new()]);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(nothing()),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(BTreeSet::from([cut(text.to_ascii_lowercase())]))
        }
        HirKind::Class(Class::Unicode(class)) => characters(class),
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => match (repetition.min, repetition.max) {
            (0, Some(1)) => {
                let mut all = spellings(&repetition.sub)?;
                all.insert(String::new());
                Some(all)
            }
            _ => None,
        },
        HirKind::Capture(capture) => spellings(&capture.sub),
        HirKind::Concat(parts) => {
            parts.iter().try_fold(nothing(), |all, part| joined(&all, &spellings(part)?))
        }
        HirKind::Alternation(parts) => {
            let each: Option<Vec<BTreeSet<String>>> = parts.iter().map(spellings).collect();
            let all: BTreeSet<String> = each?.into_iter().flatten().collect();
            (all.len() <= MAX_SPELLINGS).then_some(all)
        }
    }
}

/// The characters of a small class, letters of ASCII in lower case.
fn characters(class: &ClassUnicode) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for character in class.iter().flat_map(|range| range.start()..=range.end()) {
        let text = character.to_string();
        if !FOLDED_TO_ASCII.contains(&text.as_str()) {
            all.insert(text.to_ascii_lowercase());
        }
        if all.len() > MAX_CLASS_CHARS {
            return None;
        }
    }
    Some(all)
}

/// Each of the first with each of the second behind it, if they are few. A string that has been cut stays as it is.
fn joined(first: &BTreeSet<String>, second: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    if first.len() * second.len() > MAX_SPELLINGS {
        return None;
    }
    let one = |start: &String, end: &String| {
        if start.len() >= MAX_LITERAL_BYTES { start.clone() } else { cut(format!("{start}{end}")) }
    };
    Some(first.iter().flat_map(|start| second.iter().map(move |end| one(start, end))).collect())
}

fn cut(text: String) -> String {
    let end = (MAX_LITERAL_BYTES..=text.len()).find(|at| text.is_char_boundary(*at));
    end.and_then(|end| text.get(..end)).map(str::to_owned).unwrap_or(text)
}

/// Keeps the more telling of two lists: the one whose shortest string is longer.
fn better(best: &mut Option<Vec<String>>, other: Option<Vec<String>>) {
    let shortest = |list: &Vec<String>| list.iter().map(String::len).min().unwrap_or(0);
    let Some(other) = other.filter(|other| shortest(other) > 0) else { return };
    if best.as_ref().is_none_or(|best| shortest(&other) > shortest(best)) {
        *best = Some(other);
    }
}
