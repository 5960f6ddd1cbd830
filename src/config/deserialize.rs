//! Tree → typed configuration: a serde deserializer that knows the path and the place of what it reads.
//!
//! The type decides what a scalar means: text stays text (`client_id: no` is the word "no"), numbers are read from
//! unquoted text only, and only a [`Secret`] may be a reference to an environment variable or a file.

use std::collections::BTreeMap;

use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Secret;
use super::read_error::{ErrorKind, ReadError};
use super::tree::{Data, Entry, Node, Scalar, Step, Style};

/// How a secret may be written.
const SECRET_FORMS: &str = "text, `{from_env: NAME}` or `{from_file: PATH}`";

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// What is read.
    pub(super) node: &'a Node,
    /// Where secrets come from.
    pub(super) environment: &'a BTreeMap<String, String>,
}

impl<'a> Reader<'a> {
    fn at(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    fn scalar(self, expected: &str) -> Result<&'a Scalar, ReadError> {
        match &self.node.data {
            Data::Scalar(scalar) if !scalar.is_null() => Ok(scalar),
            Data::Scalar(_) => Err(ReadError::wrong_type(
                self.node,
                expected,
                Some("give it a value, or delete the line to have the default".to_owned()),
            )),
            Data::Sequence(_) | Data::Mapping(_) => {
                Err(ReadError::wrong_type(self.node, expected, None))
            }
        }
    }

    fn integer(self, low: i128, high: i128) -> Result<i128, ReadError> {
        let expected = "a whole number";
        let scalar = self.scalar(expected)?;
        let Ok(number) = scalar.text.replace('_', "").parse::<i128>() else {
            return Err(ReadError::wrong_type(self.node, expected, None));
        };
        if scalar.style == Style::Quoted {
            let help = format!("remove the quotes: `{number}`");
            return Err(ReadError::wrong_type(self.node, "a number, not text", Some(help)));
        }
        if number < low || number > high {
            let help = if number < low {
                format!("the least is {low}")
            } else {
                format!("the most is {high}")
            };
            return Err(ReadError::new(ErrorKind::Other(format!(
                "`{number}` is out of range; {help}"
            ))));
        }
        Ok(number)
    }

    fn boolean(self) -> Result<bool, ReadError> {
        let expected = "`true` or `false`";
        let scalar = self.scalar(expected)?;
        match (scalar.text.as_str(), scalar.style) {
            ("true" | "True" | "TRUE", Style::Plain) => Ok(true),
            ("false" | "False" | "FALSE", Style::Plain) => Ok(false),
            (text, Style::Quoted) if text == "true" || text == "false" => {
                Err(ReadError::wrong_type(
                    self.node,
                    expected,
                    Some(format!("remove the quotes: `{text}`")),
                ))
            }
            (text, _) => {
                let meant = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "1" | "y" => Some("true"),
                    "no" | "off" | "0" | "n" => Some("false"),
                    _ => None,
                };
                let help = meant.map(|meant| format!("write `{meant}`"));
                Err(ReadError::wrong_type(self.node, expected, help))
            }
        }
    }

    fn mapping(self) -> Result<&'a [Entry], ReadError> {
        match &self.node.data {
            Data::Mapping(entries) => Ok(entries),
            // A section whose keys are all commented out.
            Data::Scalar(scalar) if scalar.is_null() => Ok(&[]),
            Data::Scalar(_) | Data::Sequence(_) => Err(ReadError::wrong_type(
                self.node,
                "keys with values",
                Some("write the keys below it, indented by two blanks".to_owned()),
            )),
        }
    }

    /// The value of a secret: the text itself, or what `from_env` or `from_file` names.
    fn secret(self) -> Result<String, ReadError> {
        let Data::Mapping(entries) = &self.node.data else {
            return match self.scalar(SECRET_FORMS) {
                Ok(scalar) => Ok(scalar.text.clone()),
                // The error would show the value, which may be the secret.
                Err(_) if self.node.is_null() => Err(wrong_secret("nothing")),
                Err(_) => Err(wrong_secret("another type")),
            };
        };
        let [Entry { key, value, .. }] = entries.as_slice() else {
            return Err(de::Error::custom("exactly one of `from_env` and `from_file` is expected"));
        };
        let name = self.at(value).scalar("text")?.text.as_str();
        match key.as_str() {
            "from_env" => self.environment.get(name).cloned().ok_or_else(|| {
                de::Error::custom(format_args!(
                    "the environment variable `{name}` is not set; set it before klartext starts"
                ))
            }),
            "from_file" => std::fs::read_to_string(name)
                .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
                .map_err(|error| {
                    de::Error::custom(format_args!(
                        "cannot read the secret from `{name}`: {error}; check the path (relative to the working directory) and that klartext's user may read it"
                    ))
                }),
            other => Err(de::Error::custom(format_args!(
                "`{other}` is not a source of secrets; write `{{from_env: NAME}}` or `{{from_file: PATH}}`"
            ))),
        }
    }
}

/// Methods that read a whole number of one width.
macro_rules! deserialize_integers {
    ($($method:ident $visit:ident $type:ident),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            let number = self.integer(i128::from($type::MIN), i128::from($type::MAX))?;
            let number = $type::try_from(number).map_err(de::Error::custom)?;
            visitor.$visit(number)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.node.data {
            Data::Scalar(scalar) if scalar.is_null() => visitor.visit_unit(),
            Data::Scalar(Scalar { text, style }) => {
                match (text.parse::<i64>(), text.parse::<f64>(), text.parse::<bool>()) {
                    (Ok(number), _, _) if *style == Style::Plain => visitor.visit_i64(number),
                    (_, Ok(number), _) if *style == Style::Plain => visitor.visit_f64(number),
                    (_, _, Ok(truth)) if *style == Style::Plain => visitor.visit_bool(truth),
                    _ => visitor.visit_str(text),
                }
            }
            Data::Sequence(_) => self.deserialize_seq(visitor),
            Data::Mapping(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_bool(self.boolean()?)
    }

    deserialize_integers!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let scalar = self.scalar("a number")?;
        match scalar.text.parse::<f64>() {
            Ok(number) if number.is_finite() && scalar.style == Style::Plain => {
                visitor.visit_f64(number)
            }
            _ => Err(ReadError::wrong_type(self.node, "a number", None)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_str(&self.scalar("text")?.text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == Secret::TYPE_NAME {
            let text: StringDeserializer<ReadError> = self.secret()?.into_deserializer();
            return visitor.visit_newtype_struct(text);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.node.data {
            Data::Sequence(items) => {
                visitor.visit_seq(Items { reader: self, items: items.iter().enumerate() })
            }
            Data::Scalar(scalar) if !scalar.is_null() => {
                let help = format!("write it in brackets: `[{}]`", scalar.text);
                Err(ReadError::wrong_type(self.node, "a list", Some(help)))
            }
            Data::Scalar(_) | Data::Mapping(_) => {
                Err(ReadError::wrong_type(self.node, "a list", None))
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_map(Entries { reader: self, left: self.mapping()?.iter(), current: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let expected = format!("one of {}", super::suggest::quoted_list(variants));
        let word = self.scalar(&expected)?;
        visitor.visit_enum(word.text.as_str().into_deserializer())
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// The items of a list.
struct Items<'a> {
    reader: Reader<'a>,
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let Some((index, item)) = self.items.find(|(_, item)| !item.is_gone()) else {
            return Ok(None);
        };
        seed.deserialize(self.reader.at(item))
            .map(Some)
            .map_err(|error| error.inside(Step::Item(index), item.place))
    }
}

/// The entries of a mapping.
struct Entries<'a> {
    reader: Reader<'a>,
    left: std::slice::Iter<'a, Entry>,
    current: Option<&'a Entry>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let Some(entry) = self.left.next() else { return Ok(None) };
        self.current = Some(entry);
        let key: StrDeserializer<'_, ReadError> = entry.key.as_str().into_deserializer();
        seed.deserialize(key)
            .map(Some)
            .map_err(|error| error.of_a_key().inside(Step::Key(entry.key.clone()), entry.key_place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let entry =
            self.current.take().ok_or_else(|| de::Error::custom("a value without a key"))?;
        seed.deserialize(self.reader.at(&entry.value))
            .map_err(|error| error.inside(Step::Key(entry.key.clone()), entry.place()))
    }
}

/// The error for a secret that is none.
fn wrong_secret(found: &str) -> ReadError {
    ReadError::new(ErrorKind::WrongType {
        found: found.to_owned(),
        expected: SECRET_FORMS.to_owned(),
        help: None,
    })
}
