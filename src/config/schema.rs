//! Which keys there are, read off the types themselves: each pass follows one path and notes what serde asks for there.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

use super::Config;

/// What a key takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Further keys, fixed by us.
    Section(&'static [&'static str]),
    /// Keys that the user chooses.
    Map,
    /// A list.
    List,
    /// One of some words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A type with a form of its own: `Duration`, `Size`, `Secret`.
    Named(&'static str),
}

/// A key of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The names from the root.
    pub path: Vec<&'static str>,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left without a value (`null`).
    pub is_optional: bool,
}

/// Every key of [`Config`], sections before what they hold.
#[must_use]
pub fn keys() -> Vec<Key> {
    keys_of::<Config>()
}

/// Every key of a type; the first is the root, whose path is empty.
fn keys_of<T: for<'de> Deserialize<'de>>() -> Vec<Key> {
    let mut keys = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let Some(key) = probe::<T>(path) else { continue };
        if let Kind::Section(fields) = key.kind {
            open.extend(fields.iter().rev().map(|field| [key.path.as_slice(), &[*field]].concat()));
        }
        keys.push(key);
    }
    keys
}

/// Looks at what stands at one path.
fn probe<T: for<'de> Deserialize<'de>>(path: Vec<&'static str>) -> Option<Key> {
    let found = RefCell::new(None);
    // Always ends in `Stop`: the probe has no values to give.
    let stopped = T::deserialize(Probe { rest: &path, found: &found, is_optional: false });
    debug_assert!(stopped.is_err(), "the probe gave a value");
    let (kind, is_optional) = found.into_inner()?;
    Some(Key { path, kind, is_optional })
}

/// A deserializer without values.
struct Probe<'a> {
    rest: &'a [&'static str],
    found: &'a RefCell<Option<(Kind, bool)>>,
    is_optional: bool,
}

/// The end of a pass.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the probe has no values")
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Probe<'_> {
    fn note<T>(&self, kind: Kind) -> Result<T, Stop> {
        *self.found.borrow_mut() = Some((kind, self.is_optional));
        Err(Stop)
    }
}

/// Methods that note a kind and stop.
macro_rules! note {
    ($($method:ident => $kind:expr),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
            self.note($kind)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Stop;

    note!(
        deserialize_any => Kind::Text,
        deserialize_bool => Kind::Boolean,
        deserialize_i8 => Kind::Integer,
        deserialize_i16 => Kind::Integer,
        deserialize_i32 => Kind::Integer,
        deserialize_i64 => Kind::Integer,
        deserialize_u8 => Kind::Integer,
        deserialize_u16 => Kind::Integer,
        deserialize_u32 => Kind::Integer,
        deserialize_u64 => Kind::Integer,
        deserialize_f32 => Kind::Number,
        deserialize_f64 => Kind::Number,
        deserialize_char => Kind::Text,
        deserialize_str => Kind::Text,
        deserialize_string => Kind::Text,
        deserialize_bytes => Kind::Text,
        deserialize_byte_buf => Kind::Text,
        deserialize_unit => Kind::Text,
        deserialize_identifier => Kind::Text,
        deserialize_ignored_any => Kind::Text,
        deserialize_seq => Kind::List,
        deserialize_map => Kind::Map,
    );

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_some(Self { is_optional: true, ..self })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: V,
    ) -> Result<V::Value, Stop> {
        self.note(Kind::Named(name))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        match self.rest.split_first() {
            None => self.note(Kind::Section(fields)),
            Some((field, rest)) => {
                visitor.visit_map(OneField { field: Some(field), rest, found: self.found })
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Stop> {
        self.note(Kind::Word(variants))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Stop> {
        self.note(Kind::Text)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Stop> {
        self.note(Kind::List)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Stop> {
        self.note(Kind::List)
    }
}

/// A struct in which only one field is there: the next step of the path.
struct OneField<'a> {
    field: Option<&'static str>,
    rest: &'a [&'static str],
    found: &'a RefCell<Option<(Kind, bool)>>,
}

impl<'de> MapAccess<'de> for OneField<'_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        match self.field.take() {
            Some(field) => seed.deserialize(field.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        seed.deserialize(Probe { rest: self.rest, found: self.found, is_optional: false })
    }
}
