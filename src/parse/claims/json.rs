//! JSON that borrows its strings from the page. Scripts of metadata are up to a megabyte, and a dozen strings of them are
//! read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json<'t> {
    /// `null`, or a number: nobody reads one.
    Other,
    Bool(bool),
    String(Cow<'t, str>),
    Array(Vec<Self>),
    Object(Object<'t>),
}

/// An object: its members in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Object<'t>(Vec<(Cow<'t, str>, Json<'t>)>);

impl<'t> Json<'t> {
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    pub(super) const fn as_object(&self) -> Option<&Object<'t>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The member of that name, if this is an object and has one.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// The same with memory of its own.
    pub(super) fn into_owned<'o>(self) -> Json<'o> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Other => Json::Other,
            Self::Bool(value) => Json::Bool(value),
            Self::String(text) => Json::String(owned(text)),
            Self::Array(values) => Json::Array(values.into_iter().map(Self::into_owned).collect()),
            Self::Object(Object(members)) => {
                let members = members.into_iter();
                let members = members.map(|(name, value)| (owned(name), value.into_owned()));
                Json::Object(Object(members.collect()))
            }
        }
    }
}

impl<'t> Object<'t> {
    /// The member of that name: of several, the last.
    pub(super) fn get(&self, name: &str) -> Option<&Json<'t>> {
        self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Number of members.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Names and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Json<'t>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfAny)
    }
}

/// Reads any value. `serde_json` ends at 128 levels.
struct OfAny;

impl<'de> Visitor<'de> for OfAny {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, _value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Other)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = values.next_element()? {
            all.push(value);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let mut all = Vec::new();
        while let Some((name, value)) = members.next_entry()? {
            // It always is: JSON has no other names.
            if let Json::String(name) = name {
                all.push((name, value));
            }
        }
        Ok(Json::Object(Object(all)))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    fn read(text: &str) -> Json<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn strings_are_borrowed_unless_they_are_escaped() {
        let json = read(r#"{"name": "Rike", "title": "Die \"Fähre\"", "n": 3, "free": true}"#);
        let is_borrowed = |name: &str| {
            matches!(json.get(name), Some(Json::String(std::borrow::Cow::Borrowed(_))))
        };
        assert!(is_borrowed("name") && !is_borrowed("title"));
        assert_eq!(json.get("title").and_then(Json::as_str), Some("Die \"Fähre\""));
        assert_eq!(json.get("free"), Some(&Json::Bool(true)));
        assert_eq!(json.clone().into_owned(), json);
    }

    #[test]
    fn of_two_members_of_a_name_the_last_counts() {
        let json = read(r#"{"a": "one", "a": "two"}"#);
        assert_eq!(json.get("a").and_then(Json::as_str), Some("two"));
    }
}
