//! A page as it was scraped, decoded to text but not yet understood.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

/// A scraped page. It exists only within the configured limits, so that everything after `decode` can be total.
#[derive(Debug, Clone)]
pub struct RawPage<'a> {
    /// Address the page was fetched from.
    pub url: Option<Url>,
    /// When it was fetched, as the message says. The core has no clock of its own.
    pub fetched_at: Option<Timestamp>,
    /// The page itself.
    pub body: PageBody<'a>,
    /// How the bytes became characters.
    pub charset: Charset,
    /// `content-language` of the message, if any.
    pub content_language: Option<String>,
    /// Address in the message's HTTP header `Link: <…>; rel="canonical"`, if any.
    pub canonical_link: Option<String>,
    /// Fields of a JSON envelope that klartext does not know, kept when `input.json.pass_through` asks for it.
    pub source_fields: Map<String, Value>,
}

/// HTML as served, or a text dump of a page.
#[derive(Debug, Clone)]
pub enum PageBody<'a> {
    /// HTML as served.
    Html(Cow<'a, str>),
    /// A text dump.
    Text(Cow<'a, str>),
}

impl PageBody<'_> {
    /// The characters of the body.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Html(text) | Self::Text(text) => text,
        }
    }
}

/// The character encoding a page was read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    /// WHATWG name, for example `UTF-8` or `windows-1252`.
    pub name: &'static str,
    /// Who said so.
    pub source: CharsetSource,
    /// Whether some bytes did not fit the encoding and became U+FFFD.
    pub had_errors: bool,
}

/// Where the encoding was learned, in the order of trust of the HTML standard (§13.2.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharsetSource {
    /// A byte order mark.
    ByteOrderMark,
    /// The message: `charset` field, `content-type` header.
    Message,
    /// `<meta charset>` or its `http-equiv` form.
    Meta,
    /// The bytes are valid UTF-8.
    ValidUtf8,
    /// Detected from the bytes (chardetng).
    Detected,
}
