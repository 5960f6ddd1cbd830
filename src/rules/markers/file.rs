//! What a marker file says. One file a language, `common.yaml` for what no language owns; `config/markers/README.md`
//! tells the format. Reading is strict: an unknown key, class or mode stops the start, with file, line and a suggestion.

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

use crate::model::Boilerplate;
use crate::rules::RulesError;

/// How a phrase must stand in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

impl Mode {
    const ALL: [(&'static str, Self); 4] = [
        ("line", Self::Line),
        ("prefix", Self::Prefix),
        ("suffix", Self::Suffix),
        ("has", Self::Has),
    ];
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
    pub(super) regex: String,
    pub(super) max_chars: usize,
    pub(super) place: Place,
}

/// Where something stands, for errors that are found after reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) key: String,
}

/// What the regular expressions under `readers` find; see [`super::Readers`].
pub(super) const READERS: [&str; 5] =
    ["byline", "dateline", "liveblog_entry", "link_suffix", "timestamp"];

/// What words under `words` tell; see [`super::WordKind`].
pub(super) const WORD_KINDS: [(&str, WordKind); 2] =
    [("address", WordKind::Address), ("consent", WordKind::Consent)];

/// What a word that is no label tells of the line it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// It speaks to the reader, or of "us": the second signal of a prompt.
    Address,
    /// It is of the language of consent banners.
    Consent,
}

/// Metadata fields that a text dump may begin with; see [`super::PrefixField`].
pub(super) const PREFIX_FIELDS: [&str; 9] = [
    "published",
    "title",
    "author",
    "url",
    "description",
    "site",
    "language",
    "keywords",
    "ignored",
];

/// A whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct MarkerFile {
    pub(super) phrases: Vec<PhraseEntry>,
    pub(super) not_labels: Vec<String>,
    pub(super) words: Vec<(WordKind, String)>,
    pub(super) patterns: Vec<PatternEntry>,
    /// Name of the reader, its regular expression, where it stands.
    pub(super) readers: Vec<(&'static str, String, Place)>,
    /// Canonical name, written form.
    pub(super) agencies: Vec<(String, String)>,
    /// Key as written in dumps, field.
    pub(super) prefix_keys: Vec<(String, &'static str)>,
}

/// Longest line in characters that a pattern is tried on, unless it says `max_chars`.
const DEFAULT_MAX_CHARS: usize = 200;

/// Reads a marker file.
pub(super) fn read(file: &str, yaml: &str) -> Result<MarkerFile, RulesError> {
    let reader = Reader { file };
    let documents = MarkedYaml::load_from_str(yaml).map_err(|error| RulesError::Marker {
        file: file.to_owned(),
        line: error.marker().line(),
        problem: error.info().to_owned(),
    })?;
    let mut found = MarkerFile::default();
    let Some(root) = documents.first() else { return Ok(found) };
    for (key, value) in reader.entries(root)? {
        let name = reader.text(key)?;
        match name {
            "language" => drop(reader.text(value)?),
            "classes" => reader.classes(value, &mut found)?,
            "not_labels" => found.not_labels = reader.texts(value)?,
            "words" => reader.words(value, &mut found)?,
            "patterns" => reader.patterns(value, &mut found)?,
            "readers" => reader.readers(value, &mut found)?,
            "agencies" => reader.agencies(value, &mut found)?,
            "prefix_keys" => reader.prefix_keys(value, &mut found)?,
            _ => {
                let known = [
                    "language",
                    "classes",
                    "not_labels",
                    "words",
                    "patterns",
                    "readers",
                    "agencies",
                    "prefix_keys",
                ];
                return Err(reader.unknown(key, "key", name, known));
            }
        }
    }
    Ok(found)
}

type Node<'y> = MarkedYaml<'y>;

struct Reader<'f> {
    file: &'f str,
}

impl Reader<'_> {
    fn classes(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (key, modes) in self.entries(node)? {
            let class = self.class(key)?;
            for (mode_key, phrases) in self.entries(modes)? {
                let mode = self.choice(mode_key, "match mode", &Mode::ALL)?;
                for (phrase, counts) in self.entries(phrases)? {
                    let phrase = self.text(phrase)?.to_owned();
                    let gold = self.gold(counts)?;
                    found.phrases.push(PhraseEntry { class, mode, phrase, gold });
                }
            }
        }
        Ok(())
    }

    /// `{n: 337, domains: 82, gold: 0/49}`: all are optional; only `gold` decides something.
    fn gold(&self, node: &Node<'_>) -> Result<(u32, u32), RulesError> {
        let mut gold = (0, 0);
        for (key, value) in self.entries(node)? {
            match self.text(key)? {
                "n" | "domains" => drop(self.number(value)?),
                "gold" => {
                    let parse = |text: &str| {
                        let (hits, all) = text.split_once('/')?;
                        Some((hits.parse().ok()?, all.parse().ok()?))
                    };
                    gold = parse(self.text(value)?).ok_or_else(|| {
                        self.problem(
                            value,
                            "`gold` is two counts, `hits that were article text/hits`".to_owned(),
                        )
                    })?;
                }
                other => return Err(self.unknown(key, "count", other, ["n", "domains", "gold"])),
            }
        }
        Ok(gold)
    }

    fn words(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (key, words) in self.entries(node)? {
            let kind = self.choice(key, "kind of words", &WORD_KINDS)?;
            found.words.extend(self.texts(words)?.into_iter().map(|word| (kind, word)));
        }
        Ok(())
    }

    fn patterns(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (name, fields) in self.entries(node)? {
            let (mut class, mut regex, mut max_chars) = (None, None, DEFAULT_MAX_CHARS);
            for (key, value) in self.entries(fields)? {
                match self.text(key)? {
                    "class" => class = Some(self.class(value)?),
                    "regex" => regex = Some(self.text(value)?.to_owned()),
                    "max_chars" => max_chars = self.number(value)?,
                    "n" | "domains" | "gold" => {}
                    other => {
                        let known = ["class", "regex", "max_chars", "n", "domains", "gold"];
                        return Err(self.unknown(key, "key", other, known));
                    }
                }
            }
            let (Some(class), Some(regex)) = (class, regex) else {
                return Err(self.problem(name, "a pattern needs `class` and `regex`".to_owned()));
            };
            found.patterns.push(PatternEntry { class, regex, max_chars, place: self.place(name)? });
        }
        Ok(())
    }

    fn readers(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (key, regexes) in self.entries(node)? {
            let name = self.name(key, "reader", &READERS)?;
            for regex in self.texts(regexes)? {
                found.readers.push((name, regex, self.place(key)?));
            }
        }
        Ok(())
    }

    fn agencies(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (key, forms) in self.entries(node)? {
            let name = self.text(key)?;
            found.agencies.push((name.to_owned(), name.to_owned()));
            found
                .agencies
                .extend(self.texts(forms)?.into_iter().map(|form| (name.to_owned(), form)));
        }
        Ok(())
    }

    fn prefix_keys(&self, node: &Node<'_>, found: &mut MarkerFile) -> Result<(), RulesError> {
        for (key, field) in self.entries(node)? {
            let field = self.name(field, "metadata field", &PREFIX_FIELDS)?;
            found.prefix_keys.push((self.text(key)?.to_owned(), field));
        }
        Ok(())
    }

    fn class(&self, node: &Node<'_>) -> Result<Boilerplate, RulesError> {
        let name = self.text(node)?;
        Boilerplate::from_name(name).ok_or_else(|| {
            self.unknown(node, "class", name, Boilerplate::ALL.iter().map(|class| class.as_str()))
        })
    }

    fn choice<T: Copy>(
        &self,
        node: &Node<'_>,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Result<T, RulesError> {
        let name = self.text(node)?;
        let found = known.iter().find(|(known, _)| *known == name).map(|&(_, value)| value);
        found.ok_or_else(|| self.unknown(node, what, name, known.iter().map(|&(name, _)| name)))
    }

    fn name(
        &self,
        node: &Node<'_>,
        what: &str,
        known: &[&'static str],
    ) -> Result<&'static str, RulesError> {
        let name = self.text(node)?;
        let found = known.iter().copied().find(|known| *known == name);
        found.ok_or_else(|| self.unknown(node, what, name, known.iter().copied()))
    }

    fn entries<'n, 'y>(
        &self,
        node: &'n Node<'y>,
    ) -> Result<impl Iterator<Item = (&'n Node<'y>, &'n Node<'y>)> + use<'n, 'y>, RulesError> {
        match &node.data {
            YamlData::Mapping(entries) => Ok(entries.iter()),
            _ => Err(self.problem(node, "a mapping (`key: value`) must stand here".to_owned())),
        }
    }

    fn texts(&self, node: &Node<'_>) -> Result<Vec<String>, RulesError> {
        let YamlData::Sequence(items) = &node.data else {
            return Err(self.problem(node, "a list (`[a, b]`) must stand here".to_owned()));
        };
        items.iter().map(|item| self.text(item).map(str::to_owned)).collect()
    }

    fn text<'n>(&self, node: &'n Node<'_>) -> Result<&'n str, RulesError> {
        match &node.data {
            YamlData::Value(Scalar::String(text)) => Ok(text),
            _ => Err(self.problem(node, "a text must stand here; put it in quotes".to_owned())),
        }
    }

    fn number(&self, node: &Node<'_>) -> Result<usize, RulesError> {
        match &node.data {
            YamlData::Value(Scalar::Integer(number)) => usize::try_from(*number).ok(),
            _ => None,
        }
        .ok_or_else(|| self.problem(node, "a count must stand here".to_owned()))
    }

    fn place(&self, node: &Node<'_>) -> Result<Place, RulesError> {
        let key = self.text(node)?.to_owned();
        Ok(Place { file: self.file.to_owned(), line: node.span.start.line(), key })
    }

    fn unknown(
        &self,
        node: &Node<'_>,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> RulesError {
        let likely = known
            .into_iter()
            .max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
        let suggestion =
            likely.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
        self.problem(node, format!("unknown {what} `{name}`{suggestion}"))
    }

    fn problem(&self, node: &Node<'_>, problem: String) -> RulesError {
        RulesError::Marker { file: self.file.to_owned(), line: node.span.start.line(), problem }
    }
}
