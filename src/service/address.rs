//! The address of a page that could not be read, as far as its record tells: for the logs, and without its query, which may
//! hold what is nobody's business.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use url::Url;

use crate::config::Config;
use crate::model::Record;

/// Longest address that is shown, bytes.
const MAX_BYTES: usize = 500;

/// Finds addresses.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    /// Field of the envelope.
    field: String,
}

impl Addresses {
    pub(super) fn new(config: &Config) -> Self {
        Self { field: config.input.json.url.clone() }
    }

    /// From the header, the key, or the envelope, broken as it may be.
    pub(super) fn of(&self, record: &Record) -> Option<String> {
        let key = || std::str::from_utf8(record.key.as_deref()?).ok().and_then(shown);
        let header = record.header("url").and_then(shown);
        header.or_else(key).or_else(|| shown(&self.in_envelope(record.value.as_deref()?)?))
    }

    fn in_envelope(&self, value: &[u8]) -> Option<String> {
        let mut found = None;
        let seed = OneField { name: &self.field, found: &mut found };
        // What comes before the mistake counts.
        let _broken = seed.deserialize(&mut serde_json::Deserializer::from_slice(value));
        found
    }
}

/// Scheme, host and path.
fn shown(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok().filter(Url::has_host)?;
    url.set_query(None);
    url.set_fragment(None);
    // Fails only for addresses without a host.
    let (_user, _password) = (url.set_username(""), url.set_password(None));
    let text = url.as_str();
    text.get(..text.floor_char_boundary(MAX_BYTES.min(text.len()))).map(str::to_owned)
}

/// Reads one field of an object and skips the others.
struct OneField<'a> {
    name: &'a str,
    found: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for OneField<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneField<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name != self.name {
                map.next_value::<IgnoredAny>()?;
            } else if let Value::String(text) = map.next_value()? {
                *self.found = Some(text);
                return Ok(());
            }
        }
        Ok(())
    }
}
