//! Rules for single publishers, `config/sites/<domain>.yaml`: where the article stands on their pages, what goes, what
//! stays, where the fields are. Read and checked at start, compiled when a site's first page comes: an installation has
//! thousands, and one process sees some of them.

mod compiled;
mod css;
mod file;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use url::{Host, Url};

pub use compiled::{NamedSelector, PageRules};
pub use file::{Expected, Field, SiteTest, TestField};

use super::RulesError;
use crate::config::{ConfigError, Subject, read_yaml};
use file::SiteFile;

/// The embedded site rules: examples, for sites that do not exist.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/sites");

/// Where the tests begin in a file. They are most of it, and nobody needs them but `klartext test`.
const TESTS: &str = "\ntests:";

/// Site rules by host.
#[derive(Debug, Default)]
pub struct Sites {
    by_host: HashMap<String, Site>,
}

/// The rules of one site.
#[derive(Debug)]
struct Site {
    name: String,
    file: SiteFile,
    compiled: OnceLock<Vec<(String, PageRules)>>,
}

/// The rules for one page.
#[derive(Debug, Clone, Copy)]
pub struct SiteRules<'r> {
    /// What to do.
    pub rules: &'r PageRules,
    /// Last day on which they were known to be right.
    pub valid_until: Option<Date>,
}

impl Sites {
    /// Reads site rules, by file name; all that is wrong with any of them is found.
    ///
    /// # Errors
    /// Files that are wrong: file, line, column, what is wrong and what may be meant.
    pub fn read(texts: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut sites = Self::default();
        let mut problems = Vec::new();
        for (name, read) in read_files(texts) {
            match read {
                Ok((host, file)) => {
                    let site = Site { name: name.to_owned(), file, compiled: OnceLock::new() };
                    sites.by_host.insert(host, site);
                }
                Err(error) => problems.extend(error.problems),
            }
        }
        if problems.is_empty() {
            Ok(sites)
        } else {
            Err(ConfigError { subject: Subject::Rules, problems })
        }
    }

    /// Number of sites.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_host.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_host.is_empty()
    }

    /// The rules for a page: those of its host, else of the domain above it (`sport.bote.example`, `bote.example`), and of
    /// these the ones for the longest beginning of its path.
    #[must_use]
    pub fn of(&self, url: &Url) -> Option<SiteRules<'_>> {
        if self.by_host.is_empty() {
            return None;
        }
        let site = domains(url.host_str()?).find_map(|domain| self.by_host.get(domain))?;
        let compiled = site.compiled.get_or_init(|| compiled::compile(&site.name, &site.file));
        let (_, rules) = compiled.iter().find(|(prefix, _)| url.path().starts_with(prefix))?;
        Some(SiteRules { rules, valid_until: site.file.valid_until.map(|day| day.0) })
    }

    /// Files whose `valid_until` is before a day, in order.
    #[must_use]
    pub fn expired(&self, today: Date) -> Vec<&str> {
        let is_over =
            |site: &&Site| site.file.valid_until.is_some_and(|valid_until| valid_until.0 < today);
        let mut names: Vec<&str> =
            self.by_host.values().filter(is_over).map(|site| site.name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// A host and the domains above it, without the last label.
fn domains(host: &str) -> impl Iterator<Item = &str> {
    let host = host.trim_end_matches('.');
    std::iter::successors(Some(host), |domain| domain.split_once('.').map(|(_, above)| above))
        .filter(|domain| domain.contains('.'))
}

/// Reads files to their last line, tests too: what the start leaves out.
///
/// # Errors
/// All that is wrong with any of them.
pub fn check(texts: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let read = texts.iter().map(|(name, yaml)| read_file(name, yaml));
    let problems: Vec<_> = read.filter_map(Result::err).flat_map(|error| error.problems).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ConfigError { subject: Subject::Rules, problems })
    }
}

/// The tests of a file, and the host it is for.
///
/// # Errors
/// The file is wrong.
pub fn tests(name: &str, yaml: &str) -> Result<(String, Vec<SiteTest>), ConfigError> {
    let (host, file) = read_file(name, yaml)?;
    Ok((host, file.tests))
}

/// Reads files, in order; many of them on several threads, for the service waits for it.
fn read_files(texts: &BTreeMap<String, String>) -> Vec<(&str, ReadFile)> {
    let texts: Vec<(&String, &String)> = texts.iter().collect();
    let read = |part: &[(&'_ String, &'_ String)]| -> Vec<ReadFile> {
        part.iter().map(|(name, yaml)| read_file(name, without_tests(yaml))).collect()
    };
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let n_parts = n_threads.min(texts.len() / MIN_FILES_PER_THREAD).max(1);
    let parts: Vec<_> = texts.chunks(texts.len().div_ceil(n_parts).max(1)).collect();
    let results: Vec<ReadFile> = std::thread::scope(|scope| {
        let others: Vec<_> =
            parts.iter().skip(1).map(|part| (*part, scope.spawn(|| read(part)))).collect();
        let mut results = parts.first().map(|part| read(part)).unwrap_or_default();
        for (part, other) in others {
            // A thread that failed has read nothing; what it should have read is read here.
            results.extend(other.join().unwrap_or_else(|_| read(part)));
        }
        results
    });
    texts.iter().map(|(name, _)| name.as_str()).zip(results).collect()
}

/// Fewest files that are worth a thread.
const MIN_FILES_PER_THREAD: usize = 200;

/// The host a file is for and what it says, or what is wrong with it.
type ReadFile = Result<(String, SiteFile), ConfigError>;

fn read_file(name: &str, yaml: &str) -> ReadFile {
    let stem = name.rsplit('/').next().unwrap_or(name);
    let stem = stem.strip_suffix(".yaml").or_else(|| stem.strip_suffix(".yml")).unwrap_or(stem);
    let file = read_yaml(name, yaml)?;
    match Host::parse(stem) {
        Ok(Host::Domain(host)) if host.contains('.') => Ok((host, file)),
        _ => Err(ConfigError::in_file(
            name,
            &format!("`{stem}` is no domain"),
            "a site-rule file is named after its site: `example.org.yaml`",
        )),
    }
}

/// The part of a file before its tests, if they come last.
fn without_tests(yaml: &str) -> &str {
    let Some((head, tests)) = yaml.split_once(TESTS) else { return yaml };
    let is_key = |line: &str| !line.is_empty() && !line.starts_with([' ', '#', '-', '\t', '\r']);
    if tests.lines().skip(1).any(is_key) { yaml } else { head }
}

/// Names and contents of the embedded files, those of the same name in `folder` put in their place.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn texts(folder: Option<&Path>) -> Result<BTreeMap<String, String>, RulesError> {
    super::folder::texts(&EMBEDDED, folder).map_err(|(file, source)| RulesError::Unreadable {
        key: "sites",
        file,
        source,
    })
}
