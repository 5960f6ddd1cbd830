//! What a marker file says. One file a language, `common.yaml` for what no language owns; `config/markers/README.md`
//! tells the format. Reading is strict: an unknown key, class or mode stops the start, with file, line, column and a
//! suggestion.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::gate::Gate;
use super::gated;
use super::readers::PrefixField;
use crate::config::{ConfigError, Written, read_written};
use crate::model::Boilerplate;
use crate::rules::class::Class;

/// How a phrase must stand in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is the whole line.
    Line,
    /// The line begins with it, at a word boundary.
    Prefix,
    /// The line ends with it, at a word boundary.
    Suffix,
    /// The line contains it, at word boundaries.
    Has,
}

/// One phrase as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PhraseEntry {
    pub(super) class: Boilerplate,
    pub(super) mode: Mode,
    pub(super) phrase: String,
    /// Hits that were text of the article, and hits on pages whose text is known.
    pub(super) gold: (u32, u32),
}

/// One regular expression with a class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PatternEntry {
    pub(super) class: Boilerplate,
    pub(super) source: Source,
    pub(super) max_chars: usize,
}

/// A regular expression, not compiled yet, and what a text must have for it to match.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    pub(super) regex: String,
    pub(super) gate: Gate,
}

/// Gates that are known already, by their expressions.
pub(super) type Gates = HashMap<String, Gate>;

impl Source {
    fn of(regex: String, known: &Gates) -> Self {
        let gate = known.get(&regex).cloned().unwrap_or_else(|| Gate::of(&regex));
        Self { regex, gate }
    }
}

/// The embedded files as the build script leaves them.
#[derive(Debug, Deserialize)]
pub(super) struct Prepared {
    files: HashMap<String, Yaml>,
    gates: Gates,
}

impl Prepared {
    /// All of the embedded files.
    ///
    /// # Errors
    /// The build script and this module do not agree.
    pub(super) fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/markers.json")))
    }

    /// Takes one file out.
    pub(super) fn take(&mut self, name: &str) -> Option<MarkerFile> {
        Some(self.files.remove(name)?.into_file(&self.gates))
    }
}

/// What a word that is no label tells of the line it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordKind {
    /// It speaks to the reader, or of "us": the second signal of a prompt.
    Address,
    /// It is of the language of consent banners.
    Consent,
}

/// What a regular expression under `readers` finds; see [`super::Readers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReaderName {
    Byline,
    Dateline,
    LiveblogEntry,
    LinkSuffix,
    Timestamp,
}

/// A whole file, or all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct MarkerFile {
    pub(super) phrases: Vec<PhraseEntry>,
    pub(super) not_labels: Vec<String>,
    pub(super) words: Vec<(WordKind, String)>,
    pub(super) patterns: Vec<PatternEntry>,
    pub(super) readers: Vec<(ReaderName, Source)>,
    /// Canonical name, written form.
    pub(super) agencies: Vec<(String, String)>,
    /// Key as written in dumps, field.
    pub(super) prefix_keys: Vec<(String, PrefixField)>,
}

/// Longest line in characters that a pattern is tried on, unless it says `max_chars`.
const DEFAULT_MAX_CHARS: usize = 200;

/// A file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Yaml {
    /// For whoever reads the file.
    language: String,
    classes: Entries<Class, Entries<Mode, Entries<String, Counts>>>,
    not_labels: Vec<String>,
    words: Entries<WordKind, Vec<String>>,
    patterns: Entries<String, Pattern>,
    readers: Entries<ReaderName, Vec<String>>,
    agencies: Entries<String, Vec<String>>,
    prefix_keys: Entries<String, PrefixField>,
}

/// `{n: 337, domains: 82, gold: 0/49}`: all are optional; only `gold` decides something.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Counts {
    n: Option<u64>,
    domains: Option<u64>,
    gold: Gold,
}

/// Hits that were text of the article, and hits on pages whose text is known: `0/49`.
#[derive(Debug, Default)]
struct Gold(u32, u32);

/// A regular expression with its class.
#[derive(Debug, Deserialize)]
#[serde(try_from = "PatternFields")]
struct Pattern {
    class: Boilerplate,
    regex: String,
    max_chars: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PatternFields {
    class: Option<Class>,
    regex: Option<String>,
    max_chars: Option<usize>,
    n: Option<u64>,
    domains: Option<u64>,
    gold: Gold,
}

impl TryFrom<PatternFields> for Pattern {
    type Error = &'static str;

    fn try_from(fields: PatternFields) -> Result<Self, Self::Error> {
        let (Some(class), Some(regex)) = (fields.class, fields.regex) else {
            return Err("a pattern needs `class` and `regex`; add what is missing");
        };
        let max_chars = fields.max_chars.unwrap_or(DEFAULT_MAX_CHARS);
        Ok(Self { class: class.0, regex, max_chars })
    }
}

impl<'de> Deserialize<'de> for Gold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let counts = written.split_once('/').and_then(|(hits, all)| {
            Some(Self(hits.trim().parse().ok()?, all.trim().parse().ok()?))
        });
        counts.ok_or_else(|| {
            de::Error::custom(format_args!(
                "`{written}` is not two counts; write hits that were text of an article, and all hits: `0/49`"
            ))
        })
    }
}

/// Keys and values in the order of the file.
#[derive(Debug)]
struct Entries<K, V>(Vec<(K, V)>);

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Entries<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for InOrder<K, V> {
            type Value = Entries<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

/// Reads a marker file, and compiles each of its regular expressions to see that it is right.
pub(super) fn read(name: &str, yaml: &str) -> Result<MarkerFile, ConfigError> {
    let (file, written): (Yaml, Written) = read_written(name, yaml)?;
    let mut problems = Vec::new();
    let mut check = |path: &[&str], source: &str| {
        if let Err(error) = gated::compile(source) {
            let message = format!("the regular expression does not compile: {}", reason(&error));
            let help =
                "the syntax is that of the crate `regex`: no look-around, no references back";
            problems.push(written.problem(path, message, help));
        }
    };
    for (pattern, fields) in &file.patterns.0 {
        check(&["patterns", pattern, "regex"], &fields.regex);
    }
    for (reader, regexes) in &file.readers.0 {
        for (index, source) in regexes.iter().enumerate() {
            check(&["readers", reader.as_str(), &index.to_string()], source);
        }
    }
    if problems.is_empty() {
        Ok(file.into_file(&Gates::new()))
    } else {
        Err(written.error(problems))
    }
}

/// What the crate says, without its drawing.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}

impl ReaderName {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::LiveblogEntry => "liveblog_entry",
            Self::LinkSuffix => "link_suffix",
            Self::Timestamp => "timestamp",
        }
    }
}

impl Yaml {
    fn into_file(self, gates: &Gates) -> MarkerFile {
        let phrases = self.classes.0.into_iter().flat_map(|(class, modes)| {
            modes.0.into_iter().flat_map(move |(mode, phrases)| {
                phrases.0.into_iter().map(move |(phrase, counts)| PhraseEntry {
                    class: class.0,
                    mode,
                    phrase,
                    gold: (counts.gold.0, counts.gold.1),
                })
            })
        });
        let patterns = self.patterns.0.into_iter().map(|(_, pattern)| PatternEntry {
            class: pattern.class,
            source: Source::of(pattern.regex, gates),
            max_chars: pattern.max_chars,
        });
        let agencies = self.agencies.0.into_iter().flat_map(|(name, forms)| {
            let canonical = name.clone();
            let forms = forms.into_iter().map(move |form| (canonical.clone(), form));
            std::iter::once((name.clone(), name)).chain(forms)
        });
        let readers = pairs(self.readers).into_iter();
        MarkerFile {
            phrases: phrases.collect(),
            not_labels: self.not_labels,
            words: pairs(self.words),
            patterns: patterns.collect(),
            readers: readers.map(|(name, regex)| (name, Source::of(regex, gates))).collect(),
            agencies: agencies.collect(),
            prefix_keys: self.prefix_keys.0,
        }
    }
}

/// Each of the texts with its key.
fn pairs<K: Copy>(entries: Entries<K, Vec<String>>) -> Vec<(K, String)> {
    let one = |(key, texts): (K, Vec<String>)| texts.into_iter().map(move |text| (key, text));
    entries.0.into_iter().flat_map(one).collect()
}
