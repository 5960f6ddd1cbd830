//! What is wrong with a configuration, and how it is shown: file, line, caret, the key, what to write instead.

use std::fmt;

use miette::{
    Diagnostic, LabeledSpan, MietteError, NamedSource, SourceCode, SourceSpan, SpanContents,
};

use super::tree::{Path, Place};

/// Something wrong, by place; the loader turns it into a [`Problem`] when all sources are known.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) place: Option<Place>,
    pub(super) help: Option<String>,
    /// The key it is about, if any.
    pub(super) path: Option<Path>,
}

impl Fault {
    pub(super) fn new(message: String) -> Self {
        Self { message, place: None, help: None, path: None }
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(super) fn help(mut self, help: &str) -> Self {
        self.help = Some(help.to_owned());
        self
    }

    pub(super) fn about(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }
}

/// A text that configuration was read from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// As it is shown: a path, `environment variable X`, `--set x.y`.
    pub(super) name: String,
    /// What it says.
    pub(super) text: String,
}

/// One thing that is wrong.
pub struct Problem {
    message: String,
    help: Option<String>,
    excerpt: Option<Excerpt>,
    span: Option<SourceSpan>,
    /// Line and column in the excerpt's text, counted from 1.
    position: (usize, usize),
}

impl Problem {
    pub(super) fn new(fault: Fault, sources: &[Source]) -> Self {
        let message = match &fault.path {
            Some(path) if !path.0.is_empty() => format!("`{path}`: {}", fault.message),
            _ => fault.message,
        };
        let source = fault.place.and_then(|place| sources.get(place.source));
        // A secret next to the place must not reach a log: its line is not shown, its place is.
        let is_secret = fault.path.as_ref().is_some_and(names_a_secret);
        let (Some(place), Some(source)) = (fault.place, source) else {
            return Self::without_place(message, fault.help);
        };
        let position = position_of(&source.text, place.start);
        if is_secret {
            let message = format!("{message} ({}, line {})", source.name, position.0);
            return Self::without_place(message, fault.help);
        }
        Self {
            message,
            help: fault.help,
            excerpt: Some(Excerpt(NamedSource::new(&source.name, source.text.clone()))),
            span: Some((place.start, place.end.saturating_sub(place.start)).into()),
            position,
        }
    }

    const fn without_place(message: String, help: Option<String>) -> Self {
        Self { message, help, excerpt: None, span: None, position: (0, 0) }
    }

    /// The problem on one line, for a log: `my.yaml:3:7: what is wrong (what to do)`.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        let mut line = String::new();
        if let Some(Excerpt(source)) = &self.excerpt {
            let (row, column) = self.position;
            line = format!("{}:{row}:{column}: ", source.name());
        }
        line.push_str(&self.message);
        if let Some(help) = self.help.as_deref().filter(|help| !help.is_empty()) {
            line = format!("{line} ({help})");
        }
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Line and column of a byte offset, counted from 1.
fn position_of(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
    (before.bytes().filter(|byte| *byte == b'\n').count() + 1, column)
}

/// A text of which only the line that is pointed at is shown: a secret may stand next to it.
struct Excerpt(NamedSource<String>);

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if lines_before == 0 && lines_after == 0 {
            // No context is asked for where only the position is wanted.
            return self.0.read_span(span, 0, 0);
        }
        let text = self.0.inner();
        let (before, rest) =
            text.split_at_checked(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let after_span = rest.get(span.len()..).ok_or(MietteError::OutOfBounds)?;
        let end = text.len() - after_span.len() + after_span.find('\n').unwrap_or(after_span.len());
        self.0.read_span(&(start, end - start).into(), 0, 0)
    }
}

/// Parts of the names of keys and of librdkafka's options that hold secrets.
const SECRET_NAMES: [&str; 5] = ["password", "secret", "pem", "jaas", "username"];

/// Whether a key or an option holds a secret, by its name. `token_file` is a path, other tokens are secrets.
pub(super) fn is_secret_name(key: &str) -> bool {
    SECRET_NAMES.iter().any(|part| key.contains(part))
        || (key.contains("token") && key != "token_file")
}

/// Whether a path leads to a secret.
pub(super) fn names_a_secret(path: &Path) -> bool {
    path.keys().iter().any(|key| is_secret_name(key))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("message", &self.message)
            .field("help", &self.help)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.span?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(None, span))))
    }
}

/// What has the problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Subject {
    /// The configuration.
    #[default]
    Configuration,
    /// Marker files, site rules, and other knowledge.
    Rules,
}

/// Everything that is wrong with a configuration, or with rules; never empty.
#[derive(Debug)]
pub struct ConfigError {
    /// What they are problems of.
    pub subject: Subject,
    /// The problems, in the order of their places.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// One problem of a rule file as a whole.
    pub(crate) fn in_file(name: &str, message: &str, help: &str) -> Self {
        let fault = Fault::new(format!("{name}: {message}")).help(help);
        Self { subject: Subject::Rules, problems: vec![Problem::new(fault, &[])] }
    }

    /// Everything on one line, for a log.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        let lines: Vec<String> = self.problems.iter().map(Problem::on_one_line).collect();
        lines.join(" · ")
    }

    /// Names the files of a folder with their paths: what was read knows their names only.
    #[must_use]
    pub fn in_folder(mut self, folder: Option<&std::path::Path>) -> Self {
        let Some(folder) = folder else { return self };
        for problem in &mut self.problems {
            let Some(Excerpt(source)) = &problem.excerpt else { continue };
            let path = folder.join(source.name());
            if path.is_file() {
                let named = NamedSource::new(path.to_string_lossy(), source.inner().clone());
                problem.excerpt = Some(Excerpt(named));
            }
        }
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subject, verb) = match self.subject {
            Subject::Configuration => ("the configuration", "has"),
            Subject::Rules => ("the rules", "have"),
        };
        match self.problems.as_slice() {
            [_] => write!(f, "{subject} {verb} a problem"),
            problems => write!(f, "{subject} {verb} {} problems", problems.len()),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.problems.iter().map(|problem| problem as &dyn Diagnostic)))
    }
}
