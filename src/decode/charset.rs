//! Bytes → characters. Order of trust as in the HTML standard (§13.2.3.2), with one experience added: bytes that are valid
//! UTF-8 *are* UTF-8, whatever the server says, and bytes that are not are not. A page is never lost to a wrong label.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::media::{Shape, utf16_without_mark};
use crate::model::{Charset, CharsetSource};

/// Bytes in which a page may declare its encoding: the standard's 1,024, and some more for pages that put scripts first.
const PRESCAN_BYTES: usize = 4_096;
/// Bytes in which UTF-16 without a mark is looked for.
const UTF16_SAMPLE_BYTES: usize = 1_024;
/// So many sound multi-byte sequences to one broken: the page is UTF-8 that was cut or patched.
const SOUND_PER_BROKEN: usize = 4;

/// Decodes a body. Borrows when the bytes are valid UTF-8.
pub(super) fn decode<'b>(
    bytes: Cow<'b, [u8]>,
    message: Option<&str>,
    shape: Shape,
) -> (Cow<'b, str>, Charset) {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(&bytes) {
        return with_mark(&bytes, encoding, mark_bytes);
    }
    let claimed = claim(&bytes, message, shape);
    let is_seven_bit = claimed.is_some_and(|(encoding, _)| encoding == ISO_2022_JP);
    let sample = bytes.get(..UTF16_SAMPLE_BYTES).unwrap_or(&bytes);
    if let Some(encoding) = utf16_without_mark(sample) {
        return with(&bytes, encoding, CharsetSource::Detected);
    }
    if !is_seven_bit {
        match as_utf8(bytes, claimed) {
            Ok(decoded) => return decoded,
            Err(bytes) => return broken(&bytes, claimed),
        }
    }
    with(&bytes, ISO_2022_JP, CharsetSource::Meta)
}

/// Valid UTF-8 as it is.
fn as_utf8<'b>(
    bytes: Cow<'b, [u8]>,
    claimed: Option<(&'static Encoding, CharsetSource)>,
) -> Result<(Cow<'b, str>, Charset), Vec<u8>> {
    let text = match bytes {
        Cow::Borrowed(bytes) => {
            Cow::Borrowed(simdutf8::basic::from_utf8(bytes).map_err(|_invalid| bytes.to_vec())?)
        }
        Cow::Owned(bytes) => {
            Cow::Owned(String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes)?)
        }
    };
    let source = match claimed {
        Some((encoding, source)) if encoding == UTF_8 => source,
        _ => CharsetSource::ValidUtf8,
    };
    Ok((text, Charset { name: UTF_8.name(), source, had_errors: false }))
}

/// A byte order mark decides; what follows it is decoded.
fn with_mark<'b>(
    bytes: &Cow<'b, [u8]>,
    encoding: &'static Encoding,
    mark_bytes: usize,
) -> (Cow<'b, str>, Charset) {
    let source = CharsetSource::ByteOrderMark;
    if let (Cow::Borrowed(bytes), true) = (bytes, encoding == UTF_8)
        && let Some(Ok(text)) = bytes.get(mark_bytes..).map(simdutf8::basic::from_utf8)
    {
        return (Cow::Borrowed(text), Charset { name: UTF_8.name(), source, had_errors: false });
    }
    with(bytes.get(mark_bytes..).unwrap_or_default(), encoding, source)
}

/// Bytes that are not valid UTF-8.
fn broken<'b>(
    bytes: &[u8],
    claimed: Option<(&'static Encoding, CharsetSource)>,
) -> (Cow<'b, str>, Charset) {
    let (n_sound, n_broken) = multi_byte_sequences(bytes);
    if n_sound > n_broken.saturating_mul(SOUND_PER_BROKEN) {
        let source = claimed.filter(|(encoding, _)| *encoding == UTF_8).map(|(_, source)| source);
        return with(bytes, UTF_8, source.unwrap_or(CharsetSource::ValidUtf8));
    }
    if let Some((encoding, source)) = claimed.filter(|(encoding, _)| *encoding != UTF_8) {
        let decoded = with(bytes, encoding, source);
        if !decoded.1.had_errors {
            return decoded;
        }
    }
    with(bytes, detected(bytes), CharsetSource::Detected)
}

/// The encoding that the bytes look like.
fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&words_beyond_ascii(bytes), true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The words that have a byte beyond ASCII, blank between them: what the detector learns nothing from is most of a page, and
/// costs it as much. All bytes where one begins a sequence of ISO-2022-JP, which has none.
fn words_beyond_ascii(bytes: &[u8]) -> Cow<'_, [u8]> {
    /// What begins such a sequence.
    const ESCAPE: u8 = 0x1B;
    if memchr::memchr(ESCAPE, bytes).is_some() {
        return Cow::Borrowed(bytes);
    }
    let words = bytes.split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    words
        .filter(|word| !word.is_ascii())
        .flat_map(|word| [word, b" "])
        .collect::<Vec<_>>()
        .concat()
        .into()
}

/// Decodes with U+FFFD for what does not fit.
fn with<'b>(
    bytes: &[u8],
    encoding: &'static Encoding,
    source: CharsetSource,
) -> (Cow<'b, str>, Charset) {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    (Cow::Owned(text.into_owned()), Charset { name: encoding.name(), source, had_errors })
}

/// Sound and broken multi-byte sequences of UTF-8.
fn multi_byte_sequences(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(n_sound, n_broken), chunk| {
        let sound = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (n_sound + sound, n_broken + usize::from(!chunk.invalid().is_empty()))
    })
}

/// What the message or the page itself says.
fn claim(
    bytes: &[u8],
    message: Option<&str>,
    shape: Shape,
) -> Option<(&'static Encoding, CharsetSource)> {
    let message = message.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = message {
        return Some((encoding, CharsetSource::Message));
    }
    if shape != Shape::Html {
        return None;
    }
    prescan(bytes).map(|encoding| (encoding, CharsetSource::Meta))
}

/// The encoding that `<meta>` or an XML declaration names (HTML standard, "prescan a byte stream").
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..PRESCAN_BYTES).unwrap_or(bytes).to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->")?;
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        let tag = rest.get(..end).unwrap_or_default();
        if tag.starts_with(b"<meta") || tag.starts_with(b"<?xml") {
            let name: &[u8] = if tag.starts_with(b"<meta") { b"charset" } else { b"encoding" };
            if let Some(encoding) = label_after(tag, name).and_then(Encoding::for_label) {
                return Some(as_declared(encoding));
            }
        }
        rest = rest.get(end.max(1)..).unwrap_or_default();
    }
    None
}

/// What a declaration really means: nobody can read an ASCII tag in UTF-16, and `x-user-defined` is a trick of scripts.
fn as_declared(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else if encoding == encoding_rs::X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// The value after `name =`, with or without quotes.
fn label_after<'t>(tag: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let at = memchr::memmem::find(tag, name)? + name.len();
    let value = tag.get(at..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|b| matches!(b, b'"' | b'\'' | b';' | b'/' | b'>' | b' '));
    value.get(..end.unwrap_or(value.len()))
}
