//! Step 1: record bytes → [`RawPage`]. The only place that knows the input's wire form.
//!
//! The order is: size → content-encoding → what the value is (`input.format`) → envelope or bare body → characters.

mod charset;
mod compression;
mod envelope;
mod error;
mod media;

use std::borrow::Cow;

use jiff::Timestamp;
use url::Url;

pub use error::DecodeError;

use crate::model::{PageBody, RawPage, Record};
use crate::rules::{Format, Rules};
use media::{Media, Shape};

/// What a record holds.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once a record and taken apart at once")]
pub enum Decoded<'r> {
    /// A page.
    Page(RawPage<'r>),
    /// A null value.
    Tombstone,
}

/// Reads a record.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode<'r>(record: &'r Record, rules: &Rules) -> Result<Decoded<'r>, DecodeError> {
    let Some(value) = record.value.as_deref() else { return Ok(Decoded::Tombstone) };
    let limit = rules.limits.document_bytes;
    if value.len() > limit {
        return Err(DecodeError::TooLarge { bytes: value.len(), limit });
    }
    let value = match record.header("content-encoding") {
        Some(codings) => compression::decompress(value, codings, rules.limits.decompressed_bytes)?,
        None => Cow::Borrowed(value),
    };
    let media = record.header("content-type").map(Media::parse);
    let page = match shape(&value, media.as_ref(), rules.format)? {
        Shape::Json => envelope::decode(record, &value, rules)?,
        Shape::Html => bare(record, value, media.as_ref(), Shape::Html)?,
        Shape::Text => bare(record, value, media.as_ref(), Shape::Text)?,
    };
    Ok(Decoded::Page(page))
}

/// What the value is: as configured, else as its content type says, else as its bytes look.
fn shape(value: &[u8], media: Option<&Media<'_>>, format: Format) -> Result<Shape, DecodeError> {
    match format {
        Format::Json => Ok(Shape::Json),
        Format::Html => Ok(Shape::Html),
        Format::Text => Ok(Shape::Text),
        Format::Auto => match media.map(Media::shape).transpose()?.flatten() {
            Some(shape) => Ok(shape),
            None => Ok(media::sniff(value)),
        },
    }
}

/// A record whose value is the page itself.
fn bare<'r>(
    record: &'r Record,
    value: Cow<'r, [u8]>,
    media: Option<&Media<'_>>,
    shape: Shape,
) -> Result<RawPage<'r>, DecodeError> {
    media::refuse_binary(&value)?;
    let (text, charset) = charset::decode(value, media.and_then(|media| media.charset), shape);
    Ok(RawPage {
        url: address(record, None),
        fetched_at: record.header("fetched-at").and_then(time),
        body: body(text, shape),
        charset,
        content_language: record.header("content-language").map(str::to_owned),
        canonical_link: record.header("link").and_then(canonical_link),
        source_fields: serde_json::Map::new(),
    })
}

/// The address in `Link: <https://bote.example/umbau>; rel="canonical"` (RFC 8288).
fn canonical_link(header: &str) -> Option<String> {
    header.split(',').find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let parameters = parameters.to_ascii_lowercase();
        let is_canonical = parameters.split(';').any(|parameter| {
            parameter
                .trim()
                .strip_prefix("rel=")
                .is_some_and(|rel| rel.trim_matches('"') == "canonical")
        });
        is_canonical.then(|| address.trim().to_owned())
    })
}

/// Wraps the characters of a page.
fn body(text: Cow<'_, str>, shape: Shape) -> PageBody<'_> {
    match shape {
        Shape::Html => PageBody::Html(text),
        Shape::Text | Shape::Json => PageBody::Text(text),
    }
}

/// The address of a record's page, whatever else is wrong with the record: `url` header, a key that is an address, or the
/// field of an envelope.
#[must_use]
pub fn address_of(record: &Record, rules: &Rules) -> Option<Url> {
    let envelope = || envelope::url_of(record.value.as_deref()?, rules);
    address(record, None).or_else(|| web_url(&envelope()?))
}

/// The page's address: envelope field, `url` header, a key that is an address.
fn address(record: &Record, field: Option<&str>) -> Option<Url> {
    let key = || record.key.as_deref().and_then(|key| std::str::from_utf8(key).ok());
    [field, record.header("url"), key()].into_iter().flatten().find_map(web_url)
}

/// An absolute `http` or `https` address.
fn web_url(text: &str) -> Option<Url> {
    let text = text.trim();
    let is_web = ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)));
    is_web.then(|| Url::parse(text).ok())?
}

/// RFC 3339, or seconds (milliseconds) since the epoch. An unreadable time is no time: it is not worth losing a page for.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| epoch(text.parse().ok()?))
}

/// Seconds since the epoch, or milliseconds where the number is too large for seconds of this millennium.
fn epoch(number: f64) -> Option<Timestamp> {
    /// Seconds of the year 5138; as milliseconds it is March 1973.
    const LAST_SECONDS: f64 = 1e11;
    let seconds = if number.abs() > LAST_SECONDS { number / 1000.0 } else { number };
    Timestamp::from_duration(jiff::SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}
