//! What the configuration means: limits as numbers, phrases as one list, wire names. Compiled once, shared by all
//! workers, never changed.

mod class;
mod folder;
pub mod markers;
pub mod sites;
mod stems;
mod table;
mod trees;
mod word_list;
mod words;

use std::collections::BTreeMap;

use crate::config::{Config, ConfigError};
use crate::text::hex_digest;
use markers::Markers;
use sites::Sites;
pub use stems::{Said, StemClass, StemMemory, StemSet, Stems};
pub use trees::{TOGETHER, Trees};
pub use word_list::WordList;
pub use words::{FieldName, Words};

/// What the input looks like and what the output shall: as the configuration says it, so the steps need only this module.
pub use crate::config::{Format, JsonFields, OutputKey, Tombstones};

/// Hexadecimal digits of the rules' hash: 48 bits tell the rules of one installation apart.
const HASH_DIGITS: usize = 12;

/// Compiled knowledge: everything the core needs besides the record.
#[derive(Debug)]
pub struct Rules {
    /// What a page may cost.
    pub limits: Limits,
    /// What the values are.
    pub format: Format,
    /// Field names of the JSON envelope.
    pub json: JsonFields,
    /// What to do with null values.
    pub tombstones: Tombstones,
    /// What names of classes and ids say.
    pub stems: Stems,
    /// The last judge of blocks that the rules leave open.
    pub judge: Trees,
    /// The same, of lines of a dump.
    pub line_judge: Trees,
    /// Words that decide about fields.
    pub words: Words,
    /// Key of the output record.
    pub output_key: OutputKey,
    /// Largest output message, bytes.
    pub output_max_bytes: usize,
    /// The wordings of boilerplate.
    pub markers: Markers,
    /// The rules of single sites.
    pub sites: Sites,
    /// Hash of all rules, 12 hexadecimal digits: `provenance.rules`.
    pub hash: String,
    /// Hash of the effective configuration, 12 hexadecimal digits: `provenance.config`.
    pub config_hash: String,
}

/// What a page may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a record's value.
    pub document_bytes: usize,
    /// Bytes of a body after decompression.
    pub decompressed_bytes: usize,
    /// Nesting of elements.
    pub dom_depth: usize,
    /// Elements and texts of a page; a line of a dump is a text.
    pub dom_nodes: usize,
}

/// Why rules cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// `config/words.yaml` is wrong.
    #[error("words.yaml: {what}")]
    Words {
        /// What is wrong.
        what: String,
    },
    /// `config/judge.txt` is wrong.
    #[error("judge.txt: {what}")]
    Judge {
        /// What is wrong.
        what: String,
    },
    /// `config/stems.yaml` is wrong.
    #[error("stems.yaml: {what}")]
    Stems {
        /// What is wrong.
        what: String,
    },
    /// A folder of rule files, or a file in it, cannot be read.
    #[error("`{file}` (`rules.{key}`) cannot be read")]
    Unreadable {
        /// The key below `rules` that names the folder.
        key: &'static str,
        /// The file or folder.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Marker files or site rules are wrong.
    #[error(transparent)]
    Files(#[from] ConfigError),
    /// The embedded marker files are not as the build left them.
    #[error("the embedded marker files cannot be read")]
    Prepared {
        /// Why.
        source: serde_json::Error,
    },
    /// What is looked for at once (names of agencies, labels, what patterns need) is too much for one automaton.
    #[error("the strings of the marker files do not fit into one automaton")]
    Automaton {
        /// Why.
        source: aho_corasick::BuildError,
    },
}

impl Rules {
    /// Compiles the rules of a configuration.
    ///
    /// # Errors
    /// A rule file is missing or wrong; the error names file, line and what to do.
    pub fn compile(config: &Config) -> Result<Self, RulesError> {
        let bytes = |size: bytesize::ByteSize| usize::try_from(size.as_u64()).unwrap_or(usize::MAX);
        let marker_files = markers::texts(config.rules.markers.as_deref())?;
        let site_files = sites::texts(config.rules.sites.as_deref())?;
        // The service waits for both: one half of the time on two cores.
        let (markers, sites) = std::thread::scope(|scope| {
            let sites = scope.spawn(|| Sites::read(&site_files));
            let markers = Markers::compile(&marker_files);
            (markers, sites.join().unwrap_or_else(|_| Sites::read(&site_files)))
        });
        let (markers, sites) = both(config, markers, sites)?;
        Ok(Self {
            limits: Limits {
                document_bytes: bytes(config.limits.document_bytes),
                decompressed_bytes: bytes(config.limits.decompressed_bytes),
                dom_depth: config.limits.dom_depth,
                dom_nodes: config.limits.dom_nodes,
            },
            format: config.input.format,
            json: config.input.json.clone(),
            tombstones: config.input.tombstones,
            stems: Stems::compile()?,
            judge: Trees::compile()?,
            line_judge: Trees::compile_for_lines()?,
            words: Words::compile()?,
            output_key: config.output.key,
            output_max_bytes: bytes(config.output.max_bytes),
            markers,
            sites,
            hash: hash(&[&marker_files, &site_files]),
            config_hash: config.fingerprint(),
        })
    }
}

/// Marker files and site rules, or all that is wrong with any of them.
fn both(
    config: &Config,
    markers: Result<Markers, RulesError>,
    sites: Result<Sites, ConfigError>,
) -> Result<(Markers, Sites), RulesError> {
    let sites = sites.map_err(|error| error.in_folder(config.rules.sites.as_deref()));
    match (markers, sites) {
        (Ok(markers), Ok(sites)) => Ok((markers, sites)),
        (Ok(_), Err(sites)) => Err(sites.into()),
        (Err(RulesError::Files(markers)), sites) => {
            let mut wrong = markers.in_folder(config.rules.markers.as_deref());
            wrong.problems.extend(sites.err().map(|sites| sites.problems).unwrap_or_default());
            Err(wrong.into())
        }
        (Err(other), _) => Err(other),
    }
}

/// Names these rules: their files, and the program that reads them.
fn hash(folders: &[&BTreeMap<String, String>]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let data = [stems::EMBEDDED, words::EMBEDDED, trees::EMBEDDED, trees::EMBEDDED_FOR_LINES];
    let program = std::iter::once(version).chain(data).map(str::as_bytes);
    let files = folders
        .iter()
        .copied()
        .flatten()
        .flat_map(|(name, yaml)| [name.as_bytes(), yaml.as_bytes()]);
    let parts: Vec<&[u8]> = program.chain(files).collect();
    hex_digest(&parts, HASH_DIGITS)
}
