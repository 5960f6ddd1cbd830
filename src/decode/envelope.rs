//! The JSON envelope. Its field names are configured (`input.json`).

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::media::{self, Media, Shape};
use super::{DecodeError, address, charset, compression, epoch, time};
use crate::model::{Charset, CharsetSource, RawPage, Record};
use crate::rules::{JsonFields, Rules};

/// Reads an envelope.
pub(super) fn decode<'r>(
    record: &Record,
    value: &[u8],
    rules: &Rules,
) -> Result<RawPage<'r>, DecodeError> {
    let fields = &rules.json;
    let mut envelope = object(value, (!fields.pass_through).then(|| known(fields)).as_deref())?;
    let headers = HttpHeaders(take(&mut envelope, &fields.headers));
    let content_type =
        take_string(&mut envelope, &fields.content_type)?.or_else(|| headers.get("content-type"));
    let media = content_type.as_deref().map(Media::parse);
    let charset = take_string(&mut envelope, &fields.charset)?;
    let label = charset.as_deref().or(media.and_then(|media| media.charset));
    let url = take_string(&mut envelope, &fields.url)?;
    let fetched_at = take(&mut envelope, &fields.fetched_at);

    let body = find_body(&mut envelope, fields)?;
    let shape = shape(&body, media.as_ref())?;
    let (text, charset) = characters(body, label, shape, &headers, rules)?;
    if !fields.pass_through {
        // What klartext knows and did not need: a second body, say.
        envelope.clear();
    }
    Ok(RawPage {
        url: address(record, url.as_deref()),
        fetched_at: fetched_at
            .and_then(|written| match written {
                Value::String(text) => time(&text),
                Value::Number(number) => epoch(number.as_f64()?),
                _ => None,
            })
            .or_else(|| record.header("fetched-at").and_then(time)),
        body: super::body(text, shape),
        charset,
        content_language: headers
            .get("content-language")
            .or_else(|| record.header("content-language").map(str::to_owned)),
        canonical_link: headers
            .get("link")
            .as_deref()
            .or_else(|| record.header("link"))
            .and_then(super::canonical_link),
        source_fields: envelope,
    })
}

/// The names of the fields that klartext reads.
fn known(fields: &JsonFields) -> Vec<&str> {
    vec![
        &fields.headers,
        &fields.content_type,
        &fields.charset,
        &fields.url,
        &fields.fetched_at,
        &fields.html,
        &fields.text,
        &fields.body,
        &fields.body_base64,
    ]
}

/// The object a value holds, or the fields of it that are asked for. Bytes that are not UTF-8 are decoded as well as they can
/// be.
fn object(value: &[u8], fields: Option<&[&str]>) -> Result<Map<String, Value>, DecodeError> {
    let value = value.strip_prefix(b"\xef\xbb\xbf").unwrap_or(value);
    let text = match simdutf8::basic::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => charset::decode(Cow::Borrowed(value), None, Shape::Json).0,
    };
    let parsed = match fields.filter(|_| text.trim_start().starts_with('{')) {
        Some(fields) => Fields(fields).read(&text).map(Value::Object),
        None => serde_json::from_str::<Value>(&text),
    };
    match parsed {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(DecodeError::NotAnObject { found: kind(&other) }),
        Err(source) => {
            let (line, column) = (source.line(), source.column());
            Err(DecodeError::InvalidJson { line, column, source })
        }
    }
}

/// The fields of an object that are asked for. An envelope may hold a million others: they are passed over, not kept.
struct Fields<'f>(&'f [&'f str]);

impl Fields<'_> {
    fn read(self, text: &str) -> serde_json::Result<Map<String, Value>> {
        let mut json = serde_json::Deserializer::from_str(text);
        let object = json.deserialize_map(self)?;
        json.end()?;
        Ok(object)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            if self.0.contains(&name.as_str()) {
                found.insert(name, object.next_value()?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The address that an envelope gives, if it is one.
pub(super) fn url_of(value: &[u8], rules: &Rules) -> Option<String> {
    value.trim_ascii_start().starts_with(b"{").then_some(())?;
    let url = rules.json.url.as_str();
    take_string(&mut object(value, Some(&[url])).ok()?, url).ok()?
}

/// The body of an envelope.
enum Body {
    /// `html`.
    Html(String),
    /// `text`.
    Text(String),
    /// `body`.
    Unknown(String),
    /// `body_base64`.
    Bytes(Vec<u8>),
}

impl Body {
    fn is_blank(&self) -> bool {
        match self {
            Self::Html(text) | Self::Text(text) | Self::Unknown(text) => text.trim().is_empty(),
            Self::Bytes(bytes) => bytes.trim_ascii().is_empty(),
        }
    }
}

/// The first body that is not blank; a blank one if that is all there is.
fn find_body(envelope: &mut Map<String, Value>, fields: &JsonFields) -> Result<Body, DecodeError> {
    let html = take_string(envelope, &fields.html)?.map(Body::Html);
    let text = take_string(envelope, &fields.text)?.map(Body::Text);
    let unknown = take_string(envelope, &fields.body)?.map(Body::Unknown);
    let bytes = match take_string(envelope, &fields.body_base64)? {
        Some(written) => Some(Body::Bytes(base64(&written, &fields.body_base64)?)),
        None => None,
    };
    let mut blank = None;
    for body in [html, text, unknown, bytes].into_iter().flatten() {
        if !body.is_blank() {
            return Ok(body);
        }
        blank = blank.or(Some(body));
    }
    blank.ok_or_else(|| DecodeError::NoBody {
        fields: [&fields.html, &fields.text, &fields.body, &fields.body_base64]
            .map(Clone::clone)
            .into(),
    })
}

/// What the body is.
fn shape(body: &Body, media: Option<&Media<'_>>) -> Result<Shape, DecodeError> {
    let bytes = match body {
        Body::Html(_) => return Ok(Shape::Html),
        Body::Text(_) => return Ok(Shape::Text),
        Body::Unknown(text) => text.as_bytes(),
        Body::Bytes(bytes) => bytes,
    };
    // The media type of the envelope itself sometimes ends up here: it says nothing about the body.
    let said = media.map(Media::shape).transpose()?.flatten().filter(|said| *said != Shape::Json);
    Ok(said.unwrap_or_else(|| match media::sniff(bytes) {
        Shape::Html => Shape::Html,
        Shape::Text | Shape::Json => Shape::Text,
    }))
}

/// The characters of the body.
fn characters<'r>(
    body: Body,
    label: Option<&str>,
    shape: Shape,
    headers: &HttpHeaders,
    rules: &Rules,
) -> Result<(Cow<'r, str>, Charset), DecodeError> {
    match body {
        Body::Html(text) | Body::Text(text) | Body::Unknown(text) => {
            let source = CharsetSource::Message;
            Ok((Cow::Owned(text), Charset { name: "UTF-8", source, had_errors: false }))
        }
        Body::Bytes(bytes) => {
            let bytes = plain(bytes, headers, rules.limits.decompressed_bytes)?;
            media::refuse_binary(&bytes)?;
            Ok(charset::decode(Cow::Owned(bytes), label, shape))
        }
    }
}

/// Bytes as served may still be compressed; most fetchers undo it and leave the header. The bytes themselves decide.
fn plain(bytes: Vec<u8>, headers: &HttpHeaders, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let said = headers.get("content-encoding").map(|coding| coding.trim().to_ascii_lowercase());
    let is_brotli = said.as_deref() == Some("br") && std::str::from_utf8(&bytes).is_err();
    let coding = if is_brotli { Some("br") } else { compression::coding_of(&bytes) };
    match coding {
        Some(coding) => Ok(compression::decompress(&bytes, coding, limit)?.into_owned()),
        None => Ok(bytes),
    }
}

/// Standard and URL-safe alphabets, with and without padding, line breaks ignored.
fn base64(written: &str, field: &str) -> Result<Vec<u8>, DecodeError> {
    let compact: Vec<u8> = written.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let is_url_safe = compact.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if is_url_safe { &URL_SAFE } else { &STANDARD };
    let padding =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, padding)
        .decode(compact)
        .map_err(|source| DecodeError::BadBase64 { field: field.to_owned(), source })
}

/// Takes a field out; `null` is as good as absent.
fn take(envelope: &mut Map<String, Value>, field: &str) -> Option<Value> {
    envelope.shift_remove(field).filter(|value| !value.is_null())
}

/// Takes a string out.
fn take_string(
    envelope: &mut Map<String, Value>,
    field: &str,
) -> Result<Option<String>, DecodeError> {
    match take(envelope, field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => {
            Err(DecodeError::WrongFieldType { field: field.to_owned(), found: kind(&other) })
        }
    }
}

/// What a JSON value is, for people.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// HTTP response headers as crawlers write them: an object of strings, or of arrays of strings.
struct HttpHeaders(Option<Value>);

impl HttpHeaders {
    fn get(&self, name: &str) -> Option<String> {
        let headers = self.0.as_ref()?.as_object()?;
        let (_, value) = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let value = value.as_array().and_then(|values| values.last()).unwrap_or(value);
        value.as_str().map(str::to_owned)
    }
}
