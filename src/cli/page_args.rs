//! A page from a file: what the command line says of it, and the record it would be in the stream.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use clap::Args;

use crate::decode::DecodeError;
use crate::model::{Header, Record};
use crate::rules::Rules;

/// What is known of a page besides its bytes.
#[derive(Debug, Clone, Default, Args)]
pub struct PageArgs {
    /// Address the page was fetched from.
    #[arg(long)]
    pub url: Option<String>,

    /// Media type of the page, such as `text/html`; default: by the file's extension, else by the bytes.
    #[arg(long, value_name = "TYPE")]
    pub media_type: Option<String>,

    /// Character encoding of the page; default: what it says, else detected.
    #[arg(long)]
    pub charset: Option<String>,
}

/// Why a page cannot be taken from its file.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// There is no such file, or it cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// It is over the limit; it was not read into memory.
    #[error(transparent)]
    TooLarge(DecodeError),
}

impl PageArgs {
    /// The record that a file (`-` is stdin) would be in the stream.
    pub(super) fn read(&self, file: &Path, rules: &Rules) -> Result<Record, PageError> {
        let value = read(file, rules.limits.document_bytes)?;
        let header = |name: &str, value: &str| Header {
            name: name.to_owned(),
            value: Some(value.as_bytes().to_vec()),
        };
        let url = self.url.iter().map(|url| header("url", url));
        let content_type = header("content-type", &self.content_type(file));
        let headers = url.chain([content_type]).collect();
        Ok(Record { value: Some(value), headers, ..Record::default() })
    }

    fn content_type(&self, file: &Path) -> String {
        let extension =
            file.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        let media_type = match (&self.media_type, extension.as_deref()) {
            (Some(media_type), _) => media_type.as_str(),
            (None, Some("html" | "htm" | "xhtml")) => "text/html",
            (None, Some("txt" | "text")) => "text/plain",
            (None, Some("json")) => "application/json",
            (None, _) => "*/*",
        };
        match &self.charset {
            Some(charset) => format!("{media_type}; charset={charset}"),
            None => media_type.to_owned(),
        }
    }
}

/// The bytes of a file, if they are not over the limit.
fn read(file: &Path, limit: usize) -> Result<Vec<u8>, PageError> {
    let mut reader: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file)?)
    };
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if read <= limit {
        return Ok(bytes);
    }
    let rest = io::copy(&mut reader, &mut io::sink())?;
    let bytes = read.saturating_add(usize::try_from(rest).unwrap_or(usize::MAX));
    Err(PageError::TooLarge(DecodeError::TooLarge { bytes, limit }))
}
