//! The wordings of boilerplate, compiled: all phrases of all languages in one automaton, all patterns in one set.

mod file;
mod matcher;
mod readers;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

pub use file::{Mode, WordKind};
pub use matcher::{Hit, Matcher, Wording};
pub use readers::{Agencies, GlueLabel, Patterns, PrefixField, Readers};

use super::RulesError;
use crate::config::{ConfigError, Subject};
use file::MarkerFile;

/// The embedded marker files.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/markers");

/// Everything the marker files know.
#[derive(Debug)]
pub struct Markers {
    /// Phrases and patterns: what a line says about itself.
    pub matcher: Matcher,
    /// Regular expressions that read something out of a line.
    pub readers: Readers,
    /// Names of news agencies.
    pub agencies: Agencies,
    /// Keys of metadata that a dump may begin with, in lower case.
    pub prefix_keys: BTreeMap<String, PrefixField>,
    /// Labels that dumps glue to the sentence behind them.
    pub glue: GlueLabel,
}

impl Markers {
    /// Compiles marker files, by name. Regular expressions are compiled when they are first needed; where `is_own` says
    /// that files are not only those of the program, whose tests compile them all, they are compiled once to see that they
    /// are right.
    ///
    /// # Errors
    /// A file is wrong: file, line, what is wrong and what may be meant.
    pub(super) fn compile(
        texts: &BTreeMap<String, String>,
        is_own: bool,
    ) -> Result<Self, RulesError> {
        let mut found = MarkerFile::default();
        let mut problems = Vec::new();
        let read = if is_own { file::read_own } else { file::read };
        for (name, yaml) in texts {
            let file = match read(name, yaml) {
                Ok(file) => file,
                Err(error) => {
                    problems.extend(error.problems);
                    continue;
                }
            };
            found.phrases.extend(file.phrases);
            found.not_labels.extend(file.not_labels);
            found.words.extend(file.words);
            found.patterns.extend(file.patterns);
            found.readers.extend(file.readers);
            found.agencies.extend(file.agencies);
            found.prefix_keys.extend(file.prefix_keys);
        }
        if !problems.is_empty() {
            return Err(ConfigError { subject: Subject::Rules, problems }.into());
        }
        let markers = Self {
            matcher: Matcher::compile(&found)?,
            readers: Readers::of(&found.readers),
            agencies: Agencies::compile(&found.agencies)?,
            prefix_keys: readers::prefix_fields(&found.prefix_keys),
            glue: GlueLabel::compile(&found.phrases)?,
        };
        if is_own {
            markers.matcher.check()?;
            markers.readers.check()?;
        }
        Ok(markers)
    }
}

/// Names and contents of the embedded marker files, those of the same name in `folder` put in their place.
pub(super) fn texts(folder: Option<&Path>) -> Result<BTreeMap<String, String>, RulesError> {
    super::folder::texts(&EMBEDDED, folder).map_err(|(file, source)| RulesError::Unreadable {
        key: "markers",
        file,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::{Markers, texts};

    #[test]
    fn every_pattern_of_the_embedded_files_compiles() {
        let texts = texts(None).expect("they are embedded");
        assert!(Markers::compile(&texts, true).is_ok(), "the error names file and line");
    }
}
