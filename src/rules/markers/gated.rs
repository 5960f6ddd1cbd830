//! Regular expressions behind their gates: one pass over a text tells which of them can match at all, and only those are
//! compiled, each when it is first needed, and asked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Regex, RegexBuilder};

use super::file::Source;
use super::gate::{FOLDED_TO_ASCII, Gate};
use super::phrases::Phrases;
use crate::rules::RulesError;

/// Longest beginning of a text that is looked at, bytes; no gate's string is as long.
const MAX_START_BYTES: usize = 32;

/// Memory one compiled expression may take, bytes.
const MAX_REGEX_BYTES: usize = 64 << 20;

/// Expressions that are tried together.
#[derive(Debug)]
pub(super) struct GatedRegexes {
    each: Vec<Gated>,
    /// What gates ask for at the start of a text, and the expressions that do.
    starts: Phrases<Vec<usize>>,
    /// Finds what gates ask for anywhere.
    literals: AhoCorasick,
    /// For each string of the automaton, the expressions that ask for it; none: behind this string anything may be.
    askers: Vec<Vec<usize>>,
    /// Those that ask for no string.
    without: Vec<usize>,
}

#[derive(Debug)]
struct Gated {
    source: Source,
    compiled: OnceLock<Option<Regex>>,
}

impl GatedRegexes {
    pub(super) fn of(sources: impl IntoIterator<Item = Source>) -> Result<Self, RulesError> {
        let compiled = OnceLock::new;
        let each: Vec<Gated> =
            sources.into_iter().map(|source| Gated { source, compiled: compiled() }).collect();
        let mut starts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut anywhere: BTreeMap<&str, Vec<usize>> =
            FOLDED_TO_ASCII.iter().map(|folded| (*folded, Vec::new())).collect();
        let mut without = Vec::new();
        for (idx, Gated { source, .. }) in each.iter().enumerate() {
            let Gate { literals, is_at_start, .. } = &source.gate;
            if literals.is_empty() {
                without.push(idx);
            }
            for literal in literals {
                if *is_at_start {
                    starts.entry(literal.clone()).or_default().push(idx);
                } else {
                    anywhere.entry(literal).or_default().push(idx);
                }
            }
        }
        let literals = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(anywhere.keys())
            .map_err(|source| RulesError::Automaton { source })?;
        let askers = anywhere.into_values().collect();
        Ok(Self { each, starts: Phrases::of(starts), literals, askers, without })
    }

    /// The expressions that may match a text, in their order, of those that `is_wanted` by their number.
    pub(super) fn candidates(
        &self,
        text: &str,
        is_wanted: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = (usize, &Regex)> {
        let mut open = self.without.clone();
        let mut start = [0; MAX_START_BYTES];
        for (_, idxs) in self.starts.at(lower_case(text, &mut start)) {
            open.extend(idxs);
        }
        for found in self.literals.find_overlapping_iter(text) {
            match self.askers.get(found.pattern().as_usize()).map_or(&[][..], Vec::as_slice) {
                [] => open.extend(0..self.each.len()),
                askers => open.extend(askers),
            }
        }
        open.sort_unstable();
        open.dedup();
        open.into_iter().filter_map(move |idx| {
            let gated = self.each.get(idx)?;
            let is_open = is_wanted(idx) && gated.source.gate.first.admits(text);
            is_open.then(|| gated.compiled())?.map(|regex| (idx, regex))
        })
    }
}

impl Gated {
    /// `None` only where the expression is none; reading the marker files finds that out.
    fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.source.regex).ok()).as_ref()
    }
}

/// The beginning of a text, letters of ASCII in lower case.
fn lower_case<'b>(text: &str, buffer: &'b mut [u8; MAX_START_BYTES]) -> &'b str {
    let length = text.floor_char_boundary(MAX_START_BYTES);
    let (Some(start), Some(copy)) = (text.get(..length), buffer.get_mut(..length)) else {
        return "";
    };
    copy.copy_from_slice(start.as_bytes());
    copy.make_ascii_lowercase();
    std::str::from_utf8(copy).unwrap_or_default()
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
    use super::{GatedRegexes, Source};
    use crate::rules::markers::gate::Gate;

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
    fn a_gate_knows_how_a_text_must_begin() {
        let first = Gate::of(r"^(?:\(|\d)\d*$").first;
        assert!(first.admits("12") && first.admits("(1") && first.admits("٣"));
        assert!(!first.admits("Zwölf") && !first.admits("Äpfel") && !first.admits(""));
        assert!(Gate::of("Zwölf").first.admits("irgendetwas"));
        assert!(Gate::of("^x*$").first.admits(""));
    }

    #[test]
    fn only_what_can_match_is_asked() {
        let sources = ["^Von (.+)$", r"^\d+$", "(?i)straße"]
            .map(|regex| Source { gate: Gate::of(regex), regex: regex.to_owned() });
        let regexes = GatedRegexes::of(sources).expect("they are few");
        let asked = |text: &str| -> Vec<usize> {
            regexes.candidates(text, |_| true).map(|(idx, _)| idx).collect()
        };
        assert_eq!(asked("Von der Straße"), [0, 2]);
        assert_eq!(asked("17"), [1]);
        assert_eq!(asked("Davon Von"), [0; 0]);
        assert_eq!(asked("\u{17f}traße"), [2], "it is an s");
    }
}
