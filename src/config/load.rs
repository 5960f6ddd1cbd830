//! Reading a configuration: layers of YAML, environment and command line are laid over each other, variables replaced,
//! types read, values checked. Everything that is wrong is collected.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::DeserializeOwned;

use super::deserialize::Reader;
use super::error::{Fault, Source};
use super::interpolate::Variables;
use super::read_error::{ErrorKind, ReadError};
use super::schema::{self, Kind};
use super::tree::{Data, Entry, Node, Path, Place, Scalar, Style};
use super::written::Written;
use super::{Config, ConfigError, Origins, Problem, Subject, suggest, validate, yaml};

/// Prefix of the environment variables that set a key: `KLARTEXT__INPUT__TOPICS` is `input.topics`.
const ENVIRONMENT_PREFIX: &str = "KLARTEXT__";

/// Most problems that are shown at once: nobody reads more, and each costs one more reading of all.
const MAX_PROBLEMS: usize = 50;

/// Where a configuration comes from; later layers win.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// YAML, in order.
    pub yaml: Vec<YamlLayer>,
    /// All environment variables: those that set a key, and those that values name.
    pub environment: BTreeMap<String, String>,
    /// `a.b=value`, in order.
    pub set: Vec<String>,
}

/// A layer of YAML.
#[derive(Debug, Clone)]
pub enum YamlLayer {
    /// A file.
    File(PathBuf),
    /// A text, and the name it is shown under.
    Text {
        /// Name in messages.
        name: String,
        /// The YAML.
        text: String,
    },
}

impl Config {
    /// Loads and checks a configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn load(layers: &Layers) -> Result<Self, ConfigError> {
        Self::load_with_origins(layers).map(|(config, _)| config)
    }

    /// As [`Config::load`], and says where each value was written.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn load_with_origins(layers: &Layers) -> Result<(Self, Origins), ConfigError> {
        let mut loader = Loader::default();
        let tree = loader.read_layers(layers);
        let written = loader.written(&tree);
        let origins = Origins::of(written, loader.n_yaml);
        let config = loader.interpret(tree, &layers.environment);
        loader.finish((config, origins))
    }
}

/// Reads a YAML document other than the configuration with the same care: strict keys, no variables, and a place in every
/// message.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read_yaml<T: DeserializeOwned + Default>(name: &str, text: &str) -> Result<T, ConfigError> {
    let mut loader = Loader { subject: Subject::Rules, ..Loader::default() };
    let value = loader.read_document(name, text).map_or_else(T::default, |(value, _)| value);
    loader.finish(value)
}

/// As [`read_yaml`], and keeps what was written, for what is found to be wrong later.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read_written<T: DeserializeOwned + Default>(
    name: &str,
    text: &str,
) -> Result<(T, Written), ConfigError> {
    let mut loader = Loader { subject: Subject::Rules, ..Loader::default() };
    let (value, tree) =
        loader.read_document(name, text).unwrap_or_else(|| (T::default(), nothing()));
    let written = loader.written(&tree);
    loader.finish((value, written))
}

/// A tree that nobody wrote.
fn nothing() -> Node {
    let nowhere = Place { source: usize::MAX, start: 0, end: 0 };
    Node { data: Data::Mapping(Vec::new()), place: nowhere }
}

#[derive(Default)]
struct Loader {
    sources: Vec<Source>,
    /// How many of the sources are YAML layers; they come first, and only they may name variables.
    n_yaml: usize,
    faults: Vec<Fault>,
    subject: Subject,
}

impl Loader {
    /// A document other than the configuration.
    fn read_document<T: DeserializeOwned + Default>(
        &mut self,
        name: &str,
        text: &str,
    ) -> Option<(T, Node)> {
        let layer = YamlLayer::Text { name: name.to_owned(), text: text.to_owned() };
        let mut tree = self.read_yaml(&layer)?;
        let value = self.read_types(&mut tree, &BTreeMap::new());
        Some((value, tree))
    }

    fn written(&self, tree: &Node) -> Written {
        Written { tree: tree.clone(), sources: self.sources.clone(), subject: self.subject }
    }

    /// The value, or all that is wrong with it.
    fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        let Self { sources, mut faults, subject, .. } = self;
        if faults.is_empty() {
            return Ok(value);
        }
        faults.sort_by_key(|fault| fault.place.map_or((0, 0), |place| (place.source, place.start)));
        Err(ConfigError {
            subject,
            problems: faults.into_iter().map(|fault| Problem::new(fault, &sources)).collect(),
        })
    }

    /// All layers, one over the other.
    fn read_layers(&mut self, layers: &Layers) -> Node {
        let mut tree = nothing();
        for layer in &layers.yaml {
            if let Some(upper) = self.read_yaml(layer) {
                tree.lay_over(upper);
            }
        }
        self.n_yaml = self.sources.len();
        let from_environment = layers.environment.iter().filter_map(|(name, value)| {
            let path = name.strip_prefix(ENVIRONMENT_PREFIX)?;
            let path = path.split("__").map(str::to_ascii_lowercase).collect();
            Some((format!("environment variable {name}"), path, value.as_str()))
        });
        for (name, path, value) in from_environment {
            if let Some(upper) = self.read_assignment(name, path, value) {
                tree.lay_over(upper);
            }
        }
        for assignment in &layers.set {
            if let Some(upper) = self.read_set(assignment) {
                tree.lay_over(upper);
            }
        }
        tree
    }

    fn read_yaml(&mut self, layer: &YamlLayer) -> Option<Node> {
        let (name, text) = match layer {
            YamlLayer::Text { name, text } => (name.clone(), text.clone()),
            YamlLayer::File(path) => {
                let name = path.display().to_string();
                let bytes = std::fs::read(path)
                    .map_err(|error| self.faults.push(unreadable(&name, &error)))
                    .ok()?;
                let text = String::from_utf8(bytes)
                    .map_err(|error| self.faults.push(not_utf8(&name, &error)))
                    .ok()?;
                (name, text)
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        let (source, place) = self.add_source(name.clone(), text.clone());
        let (root, faults) = yaml::parse(source, &text, self.subject);
        let is_broken = !faults.is_empty();
        self.faults.extend(faults);
        let [what, begin, empty] = match self.subject {
            Subject::Configuration => [
                "a configuration",
                "begin with a key: `kafka:`",
                "write at least one key, or leave the file out: every key has a default",
            ],
            Subject::Rules => [
                "a rule file",
                "begin with a key; README.md in the folder of the built-in rules has them all",
                "write at least one key, or remove the file",
            ],
        };
        match root {
            Some(node) if matches!(node.data, Data::Mapping(_)) => Some(node),
            Some(node) if !node.is_null() => {
                let message = format!("{what} is keys with values, not {}", node.description());
                self.faults.push(Fault::new(message).at(node.place).help(begin));
                None
            }
            _ if is_broken => None,
            _ => {
                let message = format!("`{name}` has no keys at all");
                self.faults.push(Fault::new(message).at(place).help(empty));
                None
            }
        }
    }

    fn add_source(&mut self, name: String, text: String) -> (usize, Place) {
        let source = self.sources.len();
        self.sources.push(Source { name, text });
        (source, Place { source, start: 0, end: 0 })
    }

    /// `a.b=value` of the command line.
    fn read_set(&mut self, assignment: &str) -> Option<Node> {
        let Some((key, value)) =
            assignment.split_once('=').filter(|(key, _)| !key.trim().is_empty())
        else {
            let message = format!("`--set {assignment}` sets nothing");
            self.faults.push(Fault::new(message).help("write `--set key.below=value`"));
            return None;
        };
        let path = split_key(key.trim());
        self.read_assignment(format!("--set {}", key.trim()), path, value)
    }

    /// One value for one key, from outside a file. A value that begins with a bracket, brace or quote is YAML; any
    /// other is taken as it is, so that a password needs no quoting.
    fn read_assignment(&mut self, name: String, path: Vec<String>, value: &str) -> Option<Node> {
        let (source, _) = self.add_source(name, value.to_owned());
        let whole = Place { source, start: 0, end: value.len() };
        let node = if value.starts_with(['[', '{', '"', '\'']) {
            let (node, faults) = yaml::parse(source, value, self.subject);
            let path = Path(path.iter().cloned().map(super::tree::Step::Key).collect());
            let help = "a value that begins with a bracket, a brace or a quote is read as YAML; put it in quotes if it is text";
            self.faults
                .extend(faults.into_iter().map(|fault| fault.about(path.clone()).help(help)));
            node?
        } else {
            Node {
                data: Data::Scalar(Scalar { text: value.to_owned(), style: Style::Plain }),
                place: whole,
            }
        };
        Some(path.into_iter().rev().fold(node, |value, key| Node {
            place: whole,
            data: Data::Mapping(vec![Entry { key, key_place: whole, value }]),
        }))
    }

    /// The meaning of the tree.
    fn interpret(&mut self, mut tree: Node, environment: &BTreeMap<String, String>) -> Config {
        let mut variables =
            Variables { environment, n_yaml: self.n_yaml, faults: &mut self.faults };
        variables.replace_in(&mut tree, &Path::default());
        let written = tree.clone();
        let config: Config = self.read_types(&mut tree, environment);
        let broken: Vec<Path> = self.faults.iter().filter_map(|fault| fault.path.clone()).collect();
        for finding in validate::validate(&config) {
            let is_moot = finding.keys.iter().any(|key| {
                broken.iter().any(|broken| broken.is_within(key) || key.is_within(broken))
            });
            if is_moot {
                continue;
            }
            let mut fault = Fault::new(finding.message).help(&finding.help);
            // The first of its keys that was written down is the one to point at, else what stands above one.
            let exact = finding.keys.iter().find(|key| written.has(key));
            let pointed = exact.or_else(|| finding.keys.first());
            fault.place = pointed.and_then(|key| written.place_of(key));
            fault.path = pointed.cloned();
            self.faults.push(fault);
        }
        config
    }

    /// Reads the types. serde stops at the first error; so each error is noted, its value taken out, and the rest read
    /// again, until nothing is wrong any more.
    fn read_types<T: DeserializeOwned + Default>(
        &mut self,
        tree: &mut Node,
        environment: &BTreeMap<String, String>,
    ) -> T {
        loop {
            let error = match T::deserialize(Reader { node: tree, environment }) {
                Ok(config) => return config,
                Err(error) => error,
            };
            let path = error.path();
            // What is missing above a wrong value was there before the value was taken out.
            let mut known = self.faults.iter().filter_map(|fault| fault.path.as_ref());
            let is_moot = known.any(|known| known.is_within(&path));
            if !is_moot {
                self.faults.push(fault_of(error, self.subject));
            }
            if self.faults.len() >= MAX_PROBLEMS || !tree.remove(&path) {
                return T::default();
            }
        }
    }
}

/// The message for a value that cannot be read.
fn fault_of(error: ReadError, subject: Subject) -> Fault {
    let path = error.path();
    let (message, help) = match *error.kind {
        ErrorKind::UnknownKey { known } => {
            ("unknown key".to_owned(), Some(suggest::for_unknown_key(&path, known, subject)))
        }
        ErrorKind::UnknownWord { word, allowed } => (
            format!("`{word}` is not a possible value"),
            Some(suggest::for_unknown_word(&word, allowed)),
        ),
        ErrorKind::WrongType { found, expected, help } => {
            (format!("expected {expected}, found {found}"), help)
        }
        ErrorKind::Other(message) => match message.split_once("; ") {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (message, None),
        },
    };
    Fault { message, place: error.place, help, path: Some(path) }
}

/// The steps of a key on the command line. Below a key whose own keys the user chooses, the rest is one key: the
/// options of librdkafka have dots in their names.
fn split_key(key: &str) -> Vec<String> {
    let keys = schema::keys();
    let map = keys
        .iter()
        .filter(|known| known.kind == Kind::Map)
        .find_map(|map| Some((map, key.strip_prefix(&map.path.join("."))?.strip_prefix('.')?)));
    match map {
        Some((map, rest)) => {
            let above = map.path.iter().map(|step| (*step).to_owned());
            above.chain([rest.trim_matches('"').to_owned()]).collect()
        }
        None => key.split('.').map(str::to_owned).collect(),
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Fault {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => "check the path; it is relative to the working directory",
        std::io::ErrorKind::PermissionDenied => {
            "the user that klartext runs as must be allowed to read it"
        }
        _ => "it must be a readable file",
    };
    Fault::new(format!("cannot read `{name}`: {error}")).help(help)
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Fault {
    let valid = error.utf8_error().valid_up_to();
    let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
    let byte = error.as_bytes().get(valid).copied().unwrap_or_default();
    Fault::new(format!("`{name}` is not UTF-8: byte 0x{byte:02X} on line {line}"))
        .help("save the file as UTF-8")
}
