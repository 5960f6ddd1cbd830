//! The wordings of boilerplate, compiled: all phrases of all languages in one list, all patterns behind gates.

mod file;
mod gate;
mod gated;
mod literals;
mod matcher;
mod phrases;
mod readers;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

pub use file::{Mode, WordKind};
pub use matcher::{Hit, Matcher, Wording};
pub use readers::{Agencies, GlueLabel, Patterns, PrefixField, Readers};

use super::RulesError;
use crate::config::{ConfigError, Subject};
use file::{MarkerFile, Prepared};

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
    /// Compiles marker files, by name.
    ///
    /// # Errors
    /// A file is wrong: file, line, what is wrong and what may be meant.
    pub(super) fn compile(texts: &BTreeMap<String, String>) -> Result<Self, RulesError> {
        let mut found = MarkerFile::default();
        let mut problems = Vec::new();
        let mut prepared = Prepared::read().map_err(|source| RulesError::Prepared { source })?;
        for (name, yaml) in texts {
            let embedded = is_embedded(name, yaml).then(|| prepared.take(name)).flatten();
            let file = match embedded.map_or_else(|| file::read(name, yaml), Ok) {
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
        Ok(Self {
            matcher: Matcher::compile(&found),
            readers: Readers::of(&found.readers),
            agencies: Agencies::compile(&found.agencies)?,
            prefix_keys: readers::prefix_fields(&found.prefix_keys),
            glue: GlueLabel::compile(&found.phrases)?,
        })
    }
}

/// Whether a file is one of the program's own, as it was when the program was built.
fn is_embedded(name: &str, yaml: &str) -> bool {
    EMBEDDED.get_file(name).is_some_and(|file| file.contents() == yaml.as_bytes())
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
    use super::file::{self, Prepared};
    use super::texts;

    #[test]
    fn what_the_build_script_prepares_is_what_the_files_say() {
        let mut prepared = Prepared::read().expect("the build script wrote it");
        for (name, yaml) in texts(None).expect("they are embedded") {
            let read = file::read(&name, &yaml).expect("the error names file and line");
            assert_eq!(prepared.take(&name), Some(read), "{name}");
        }
    }
}
