//! Why a value of the tree cannot be read as its type.

use std::fmt;

use serde::de;

use super::tree::{Node, Path, Place, Step};

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) struct ReadError {
    /// Where, innermost step first.
    pub(super) steps: Vec<Step>,
    /// The place to point at.
    pub(super) place: Option<Place>,
    /// What is wrong.
    pub(super) kind: Box<ErrorKind>,
}

/// What is wrong with a value.
#[derive(Debug)]
pub(super) enum ErrorKind {
    /// No such key here; the path ends with it.
    UnknownKey { known: &'static [&'static str] },
    /// Not one of the words that are allowed.
    UnknownWord { word: String, allowed: &'static [&'static str] },
    /// Another type.
    WrongType { found: String, expected: String, help: Option<String> },
    /// Anything else.
    Other(String),
}

impl ReadError {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self { steps: Vec::new(), place: None, kind: Box::new(kind) }
    }

    pub(super) fn wrong_type(node: &Node, expected: &str, help: Option<String>) -> Self {
        Self::new(ErrorKind::WrongType {
            found: node.description(),
            expected: expected.to_owned(),
            help,
        })
    }

    /// The error where what was read is a key: a word that is not allowed there is a key that does not exist.
    pub(super) fn of_a_key(mut self) -> Self {
        if let ErrorKind::UnknownWord { allowed, .. } = *self.kind {
            *self.kind = ErrorKind::UnknownKey { known: allowed };
        }
        self
    }

    /// The error as seen from one level further out.
    pub(super) fn inside(mut self, step: Step, place: Place) -> Self {
        self.steps.push(step);
        self.place.get_or_insert(place);
        self
    }

    /// The path from the root.
    pub(super) fn path(&self) -> Path {
        Path(self.steps.iter().rev().cloned().collect())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.path(), self.kind)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(ErrorKind::Other(message.to_string()))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(ErrorKind::UnknownKey { known: expected })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(ErrorKind::UnknownWord { word: variant.to_owned(), allowed: expected })
    }
}
