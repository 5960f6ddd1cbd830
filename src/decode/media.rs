//! What a value is: by its media type, or by its first bytes.

use super::DecodeError;

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// JSON envelope.
    Json,
    /// HTML.
    Html,
    /// Text dump.
    Text,
}

/// A media type as written: `text/html; charset=utf-8`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Media<'m> {
    /// `text/html`.
    essence: &'m str,
    /// `charset` parameter.
    pub(super) charset: Option<&'m str>,
}

impl<'m> Media<'m> {
    pub(super) fn parse(written: &'m str) -> Self {
        let mut parts = written.split(';');
        let essence = parts.next().unwrap_or_default().trim();
        let charset = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']);
            name.trim().eq_ignore_ascii_case("charset").then_some(value)
        });
        Self { essence, charset }
    }

    /// What it says the value is; `None` when it says nothing (`application/octet-stream`, `*/*`).
    pub(super) fn shape(&self) -> Result<Option<Shape>, DecodeError> {
        let essence = self.essence.to_ascii_lowercase();
        match essence.as_str() {
            "" | "*/*" | "application/octet-stream" | "binary/octet-stream" => Ok(None),
            "text/html" | "application/xhtml+xml" | "application/xml" | "text/xml" => {
                Ok(Some(Shape::Html))
            }
            "application/json" | "text/json" => Ok(Some(Shape::Json)),
            essence if essence.ends_with("+json") => Ok(Some(Shape::Json)),
            essence if essence.starts_with("text/") => Ok(Some(Shape::Text)),
            _ => Err(DecodeError::UnsupportedMediaType { media_type: self.essence.to_owned() }),
        }
    }
}

/// Bytes that are looked at to tell HTML from text.
const SNIFF_BYTES: usize = 2_048;
/// Tags that only HTML has this early.
const HTML_MARKS: [&[u8]; 6] = [b"<!doctype", b"<html", b"<head", b"<body", b"<meta", b"</p>"];

/// Tells a value without media type by its bytes: an object → envelope, a tag → HTML, else text.
pub(super) fn sniff(value: &[u8]) -> Shape {
    let value = value.strip_prefix(b"\xef\xbb\xbf").unwrap_or(value).trim_ascii_start();
    let is_object = value.first() == Some(&b'{')
        && matches!(value.get(1..).map(<[u8]>::trim_ascii_start), Some([b'"' | b'}', ..]));
    if is_object {
        return Shape::Json;
    }
    let is_tag = match value {
        [b'<', b'!' | b'?', ..] => true,
        [b'<', letter, ..] => letter.is_ascii_alphabetic(),
        _ => false,
    };
    if is_tag {
        return Shape::Html;
    }
    let start = value.get(..SNIFF_BYTES).unwrap_or(value).to_ascii_lowercase();
    let has_mark = HTML_MARKS.iter().any(|mark| memchr::memmem::find(&start, mark).is_some());
    // UTF-16: every second byte is zero.
    let utf16 = [b"<\0h\0t\0m\0l\0".as_slice(), b"\0<\0h\0t\0m\0l"];
    let is_utf16_html = utf16.iter().any(|mark| memchr::memmem::find(&start, mark).is_some());
    if has_mark || is_utf16_html { Shape::Html } else { Shape::Text }
}

/// First bytes of formats that end up among pages, and their names.
const SIGNATURES: [(&[u8], &str); 18] = [
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive (or an office document)"),
    (b"\x1f\x8b\x08", "gzip data without a `content-encoding`"),
    (b"\x28\xb5\x2f\xfd", "zstd data without a `content-encoding`"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ\x90\0", "a Windows program"),
    (b"\0asm", "a WebAssembly module"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// Bytes that are looked at to tell text from binary data.
const BINARY_SAMPLE_BYTES: usize = 8_192;
/// Share of control characters above which bytes are no text. Text has none, random or compressed bytes have 10 %.
const MAX_CONTROL_PERCENT: usize = 3;
/// A short page with a few broken bytes must pass.
const MIN_CONTROLS: usize = 4;

/// Refuses a body that is no text in any encoding.
pub(super) fn refuse_binary(body: &[u8]) -> Result<(), DecodeError> {
    let known = SIGNATURES.iter().find(|(signature, _)| body.starts_with(signature));
    if let Some(&(_, looks_like)) = known {
        return Err(DecodeError::BinaryBody { looks_like });
    }
    if body.get(4..8) == Some(b"ftyp") {
        return Err(DecodeError::BinaryBody { looks_like: "an MP4 video or HEIC image" });
    }
    if body.starts_with(b"RIFF") && matches!(body.get(8..12), Some(b"WEBP" | b"WAVE" | b"AVI ")) {
        return Err(DecodeError::BinaryBody { looks_like: "a WebP image or other RIFF file" });
    }
    let sample = body.get(..BINARY_SAMPLE_BYTES).unwrap_or(body);
    let n_controls = count_controls(sample);
    let has_many =
        n_controls >= MIN_CONTROLS && n_controls * 100 > sample.len() * MAX_CONTROL_PERCENT;
    if has_many && !looks_like_utf16(sample) {
        return Err(DecodeError::BinaryBody { looks_like: "no known format (control characters)" });
    }
    Ok(())
}

/// Number of control characters that no text has. Rows that a byte can count are counted first, many bytes at once.
fn count_controls(sample: &[u8]) -> usize {
    let is_control = |byte: u8| u8::from(byte < b' ' && !matches!(byte, b'\t'..=b'\r' | 0x1B));
    let rows = sample.chunks(usize::from(u8::MAX));
    rows.map(|row| usize::from(row.iter().fold(0, |n, byte| n + is_control(*byte)))).sum()
}

/// Whether bytes are UTF-16: a byte order mark, or zeros at every second place only.
pub(super) fn looks_like_utf16(sample: &[u8]) -> bool {
    sample.starts_with(&[0xff, 0xfe])
        || sample.starts_with(&[0xfe, 0xff])
        || utf16_without_mark(sample).is_some()
}

/// UTF-16 without a byte order mark, if the zeros say so.
pub(super) fn utf16_without_mark(sample: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let zeros_at =
        |parity: usize| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    let half = sample.len() / 2;
    // Two thirds of one half zero, hardly any of the other: Latin text.
    if half < 8 {
        return None;
    }
    if odd * 3 > half * 2 && even * 20 < half {
        return Some(encoding_rs::UTF_16LE);
    }
    if even * 3 > half * 2 && odd * 20 < half {
        return Some(encoding_rs::UTF_16BE);
    }
    None
}
