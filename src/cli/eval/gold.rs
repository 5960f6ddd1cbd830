//! Pages whose right answer is known.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use crate::cli::{CommandError, Exit};
use crate::model::{Header, Record};

/// A page and its right answer. Keys that only other tools know are ignored.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct GoldPage {
    pub(in crate::cli) id: String,
    /// Name of the set, for the table.
    #[serde(default)]
    pub(in crate::cli) dataset: String,
    /// Registered domain: pages of one are never on both sides of a cross-validation.
    #[serde(default)]
    pub(in crate::cli) domain: String,
    /// How the right answer was made: `silver…` is another parser's output.
    #[serde(default)]
    pub(in crate::cli) gold_kind: Option<String>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    html: Option<PathBuf>,
    #[serde(default)]
    text_file: Option<PathBuf>,
    /// The page that a dump was made of.
    #[serde(default)]
    pub(in crate::cli) origin_id: Option<String>,
    #[serde(default)]
    pub(in crate::cli) gold: Gold,
    #[serde(skip)]
    folder: PathBuf,
}

/// The right answer; what is absent is not scored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::cli) struct Gold {
    #[serde(default)]
    pub(in crate::cli) text: Option<String>,
    #[serde(default)]
    pub(in crate::cli) title: Option<String>,
    #[serde(default)]
    pub(in crate::cli) authors: Option<Vec<String>>,
    #[serde(default)]
    pub(in crate::cli) date: Option<String>,
    #[serde(default)]
    pub(in crate::cli) lang: Option<String>,
    /// Parts of the text, and of what is none.
    #[serde(default)]
    with: Option<Vec<String>>,
    #[serde(default)]
    without: Option<Vec<String>>,
}

impl Gold {
    /// 1 for a text with a snippet of the right text in it, 0 for one with a snippet of what is none.
    pub(in crate::cli) fn told_by_snippet(&self, text: &str) -> Option<f64> {
        let has = |snippets: &Option<Vec<String>>| {
            let mut all = snippets.iter().flatten().map(|snippet| snippet.trim());
            all.any(|snippet| !snippet.is_empty() && text.contains(snippet))
        };
        if has(&self.with) {
            return Some(1.0);
        }
        has(&self.without).then_some(0.0)
    }
}

impl GoldPage {
    /// The same page as a dump in the file of that name.
    pub(in crate::cli) fn into_dump(self, name: PathBuf) -> Self {
        Self { html: None, text_file: Some(name), ..self }
    }

    /// The page as the service would get it.
    pub(in crate::cli) fn record(&self) -> Result<Record, CommandError> {
        let (path, media_type) = match (&self.html, &self.text_file) {
            (Some(path), _) => (path, "text/html"),
            (None, Some(path)) => (path, "text/plain"),
            (None, None) => {
                let message = format!("page `{}` has neither `html` nor `text_file`", self.id);
                return Err(CommandError::message(Exit::DataError, message));
            }
        };
        let header = |name: &str, value: &str| Header {
            name: name.to_owned(),
            value: Some(value.as_bytes().to_vec()),
        };
        let mut headers = vec![header("content-type", media_type)];
        headers.extend(self.url.as_deref().map(|url| header("url", url)));
        Ok(Record { value: Some(read(&self.folder.join(path))?), headers, ..Record::default() })
    }
}

/// All pages of the files, of one language if one is given.
pub(in crate::cli) fn read_all(
    files: &[PathBuf],
    lang: Option<&str>,
) -> Result<Vec<GoldPage>, CommandError> {
    let mut pages = Vec::new();
    for file in files {
        let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
        for (idx, line) in BufReader::new(open(file)?).lines().enumerate() {
            let line = line.map_err(|error| unreadable(file, &error))?;
            if line.trim().is_empty() {
                continue;
            }
            let page: GoldPage = serde_json::from_str(&line).map_err(|error| {
                let message = format!("{}, line {}: {error}", file.display(), idx + 1);
                CommandError::message(Exit::DataError, message)
            })?;
            pages.push(GoldPage { folder: folder.clone(), ..page });
        }
    }
    pages.retain(|page| lang.is_none() || page.lang.as_deref() == lang);
    Ok(pages)
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// A file, decompressed if its name ends in `.gz`.
fn open(path: &Path) -> Result<Box<dyn Read>, CommandError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let is_compressed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

fn unreadable(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::message(Exit::NoInput, format!("cannot read {}: {error}", path.display()))
}
