//! Undoes `content-encoding`, within a size limit: a small message can hold a page of gigabytes.

use std::borrow::Cow;
use std::io::Read;

use super::DecodeError;

/// Bytes the brotli decoder reads at once.
const BROTLI_BUFFER_BYTES: usize = 8 * 1024;

/// Undoes every coding of a `content-encoding` list, last one first.
pub(super) fn decompress<'v>(
    value: &'v [u8],
    codings: &str,
    limit: usize,
) -> Result<Cow<'v, [u8]>, DecodeError> {
    let mut body = Cow::Borrowed(value);
    for coding in codings.rsplit(',').map(str::trim).filter(|coding| !coding.is_empty()) {
        if let Some(plain) = undo(&body, coding, limit)? {
            body = Cow::Owned(plain);
        }
    }
    Ok(body)
}

/// Undoes one coding; `None` when there is nothing to undo.
fn undo(body: &[u8], coding: &str, limit: usize) -> Result<Option<Vec<u8>>, DecodeError> {
    let plain = match coding.to_ascii_lowercase().as_str() {
        "identity" => return Ok(None),
        "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(body), "gzip", limit),
        "deflate" => read(flate2::read::ZlibDecoder::new(body), "deflate", limit),
        "zstd" => match zstd::stream::read::Decoder::with_buffer(body) {
            Ok(decoder) => read(decoder, "zstd", limit),
            Err(source) => Err(DecodeError::BadCompression { coding: "zstd", source }),
        },
        "br" => {
            read(brotli_decompressor::Decompressor::new(body, BROTLI_BUFFER_BYTES), "brotli", limit)
        }
        _ => return Err(DecodeError::UnsupportedContentEncoding { coding: coding.to_owned() }),
    };
    plain.map(Some)
}

fn read(decoder: impl Read, coding: &'static str, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let mut plain = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder
        .take(one_more)
        .read_to_end(&mut plain)
        .map_err(|source| DecodeError::BadCompression { coding, source })?;
    if plain.len() > limit {
        return Err(DecodeError::DecompressedTooLarge { limit });
    }
    Ok(plain)
}

/// The coding that the first bytes show, for bodies whose HTTP headers may or may not still be true.
pub(super) fn coding_of(body: &[u8]) -> Option<&'static str> {
    match body {
        [0x1f, 0x8b, 0x08, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => None,
    }
}
