//! Why a record cannot be read.

/// Why a record cannot be read: its own fault, so it goes to the dead letters.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The value is over the limit.
    #[error("the value has {bytes} bytes, over `limits.document_bytes` ({limit})")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The body decompresses to more than the limit.
    #[error("the body is over `limits.decompressed_bytes` ({limit}) when decompressed")]
    DecompressedTooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body is not compressed the way the message says.
    #[error("the body cannot be decompressed as {coding}")]
    BadCompression {
        /// `content-encoding`.
        coding: &'static str,
        /// What the decompressor says.
        #[source]
        source: std::io::Error,
    },
    /// The body is compressed in a way that klartext cannot undo.
    #[error("content-encoding `{coding}` is not supported; gzip, deflate, zstd and br are")]
    UnsupportedContentEncoding {
        /// As written.
        coding: String,
    },
    /// The value is not JSON.
    #[error("the value is not valid JSON: line {line}, column {column}")]
    InvalidJson {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1; 0 at the end of a line.
        column: usize,
        /// What is wrong there.
        #[source]
        source: serde_json::Error,
    },
    /// The value is JSON, but no object.
    #[error("the value is JSON but not an object (found {found})")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A field of the envelope has the wrong type.
    #[error("field `{field}` of the envelope is {found}, not a string")]
    WrongFieldType {
        /// Its name.
        field: String,
        /// What it is.
        found: &'static str,
    },
    /// The envelope holds no page.
    #[error("the envelope has no body: none of the fields `{}` is there", fields.join("`, `"))]
    NoBody {
        /// The fields that were looked for (`input.json`).
        fields: Vec<String>,
    },
    /// The body is not base64.
    #[error("field `{field}` is not valid base64")]
    BadBase64 {
        /// Its name.
        field: String,
        /// What is wrong.
        #[source]
        source: base64::DecodeError,
    },
    /// The body is not text.
    #[error("the body is binary: it looks like {looks_like}")]
    BinaryBody {
        /// The format, as far as its first bytes tell.
        looks_like: &'static str,
    },
    /// The message says that the body is neither HTML nor text.
    #[error(
        "media type `{media_type}` is not supported; text/html, text/plain and application/json are"
    )]
    UnsupportedMediaType {
        /// As written.
        media_type: String,
    },
}

impl DecodeError {
    /// Stable, low-cardinality name.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document_too_large",
            Self::DecompressedTooLarge { .. } => "decompressed_too_large",
            Self::BadCompression { .. } => "bad_compression",
            Self::UnsupportedContentEncoding { .. } => "unsupported_content_encoding",
            Self::InvalidJson { .. } | Self::NotAnObject { .. } => "invalid_json",
            Self::WrongFieldType { .. } => "wrong_field_type",
            Self::NoBody { .. } => "no_body",
            Self::BadBase64 { .. } => "bad_base64",
            Self::BinaryBody { .. } => "binary_body",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
        }
    }
}
