//! What was written, kept for what is found out later: a problem is shown where its cause stands.

use std::fmt;

use super::ConfigError;
use super::error::{Fault, Problem, Source, Subject};
use super::tree::{Data, Node, Path, Step};

/// A document as it was written.
pub struct Written {
    pub(super) tree: Node,
    pub(super) sources: Vec<Source>,
    pub(super) subject: Subject,
}

impl Written {
    /// Something that is wrong with a value; its path is that of the keys, and numbers of list items, counted from 0.
    #[must_use]
    pub fn problem(&self, path: &[&str], message: String, help: &str) -> Problem {
        let path = self.path(path);
        let mut fault = Fault::new(message).help(help);
        fault.place = self.tree.place_of(&path);
        fault.path = Some(path);
        Problem::new(fault, &self.sources)
    }

    /// Problems that belong together, as an error.
    #[must_use]
    pub fn error(&self, problems: Vec<Problem>) -> ConfigError {
        ConfigError { subject: self.subject, problems }
    }

    fn path(&self, steps: &[&str]) -> Path {
        let mut node = Some(&self.tree);
        let mut path = Path::default();
        for step in steps {
            let item = match node.map(|node| &node.data) {
                Some(Data::Sequence(items)) => {
                    step.parse().ok().and_then(|index: usize| Some((index, items.get(index)?)))
                }
                _ => None,
            };
            if let Some((index, item)) = item {
                path = path.then(Step::Item(index));
                node = Some(item);
            } else {
                path = path.then(Step::Key((*step).to_owned()));
                node = node.and_then(|node| Some(&node.entry(step)?.value));
            }
        }
        path
    }
}

// What was written may be a secret.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").field("subject", &self.subject).finish_non_exhaustive()
    }
}
