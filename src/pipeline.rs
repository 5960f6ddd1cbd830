//! The straight line: one record in, one outcome out.

use std::any::Any;

use crate::assemble::assemble;
use crate::decode::{DecodeError, Decoded, decode};
use crate::encode::{EncodeError, Published, RejectedPage, encode_article, encode_rejection};
pub use crate::label::{OpenBlock, reasons};
use crate::label::{label, open_blocks};
use crate::model::{Article, LabelledDocument, RawPage, Record, Rejection};
use crate::parse::{ParseError, parse};
use crate::rules::Rules;

/// How a record ended. The list is closed: whatever counts, publishes or commits records matches on it without a
/// wildcard, so that *in = sum of outcomes + in flight* can be proved by the program itself.
#[derive(Debug)]
pub enum Outcome {
    /// A clean article, ready for the output topic.
    Published(Published),
    /// Our decision not to publish the page; a short record of it for the rejected topic, if there is one.
    Rejected(RejectedPage),
    /// A null value: what to do with it is configured (`input.tombstones`).
    Tombstone,
    /// The record's own fault; it goes to the dead-letter topic whole.
    DeadLettered(Failure),
}

/// Why a record could not be processed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It could not be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// To read its page would cost more than `limits` allow.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The core panicked on it. A bug of klartext, caught at the worker.
    #[error("klartext panicked on this record (a bug of klartext): {message}")]
    Panic {
        /// The panic's message.
        message: String,
    },
    /// It is a tombstone, and `input.tombstones` is `dead_letter`.
    #[error("the record is a tombstone (null value), and `input.tombstones` says `dead_letter`")]
    Tombstone,
    /// The clean article cannot be written down.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl Failure {
    /// The failure that a caught panic is; `payload` is what `catch_unwind` gave.
    #[must_use]
    pub fn panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::Panic { message: text.unwrap_or("no message").to_owned() }
    }

    /// Stable, low-cardinality name: `klartext-dlq-error-type`, `error.type` in the logs.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::Decode(error) => error.error_type(),
            Self::Parse(error) => error.error_type(),
            Self::Panic { .. } => "panic",
            Self::Tombstone => "tombstone",
            Self::Encode(error) => error.error_type(),
        }
    }

    /// The step that failed: `klartext-dlq-stage`, `klartext.stage` in the logs.
    #[must_use]
    pub const fn stage(&self) -> &'static str {
        match self {
            Self::Decode(_) | Self::Tombstone => "decode",
            Self::Parse(_) => "parse",
            Self::Panic { .. } => "clean",
            Self::Encode(_) => "encode",
        }
    }
}

/// Everything the core found out about one page; `clean`, `demo` and `explain` show it.
#[derive(Debug)]
pub struct Reading<'r> {
    /// The decoded page.
    pub page: RawPage<'r>,
    /// Every block with its verdict.
    pub document: LabelledDocument,
    /// The article, or why there is none.
    pub result: Result<Article, Rejection>,
}

/// Reads a page without writing it down. `Ok(None)` is a tombstone.
///
/// # Errors
/// The record cannot be decoded, or its page costs too much: its own fault.
pub fn read<'r>(record: &'r Record, rules: &Rules) -> Result<Option<Reading<'r>>, Failure> {
    let page = match decode(record, rules)? {
        Decoded::Page(page) => page,
        Decoded::Tombstone => return Ok(None),
    };
    let document = label(parse(&page, rules)?, rules);
    let result = assemble(&page, &document, rules);
    Ok(Some(Reading { page, document, result }))
}

/// The blocks of a page that the rules leave open: what the last judge is trained on.
///
/// # Errors
/// As [`read`].
pub fn read_open_blocks(record: &Record, rules: &Rules) -> Result<Vec<OpenBlock>, Failure> {
    Ok(match decode(record, rules)? {
        Decoded::Page(page) => open_blocks(parse(&page, rules)?, rules),
        Decoded::Tombstone => Vec::new(),
    })
}

/// The whole line: record → outcome. Pure and deterministic; never panics on purpose.
#[must_use]
pub fn clean(record: &Record, rules: &Rules) -> Outcome {
    match read(record, rules) {
        Ok(Some(Reading { page, result: Ok(article), .. })) => {
            match encode_article(record, &page, &article, rules) {
                Ok(published) => Outcome::Published(published),
                Err(error) => Outcome::DeadLettered(error.into()),
            }
        }
        Ok(Some(Reading { page, result: Err(rejection), .. })) => {
            Outcome::Rejected(encode_rejection(record, &page, rejection))
        }
        Ok(None) => Outcome::Tombstone,
        Err(failure) => Outcome::DeadLettered(failure),
    }
}
