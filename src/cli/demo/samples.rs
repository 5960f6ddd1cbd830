//! The sample pages: `config/demo.yaml` and the files beside it, embedded.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::cli::{CommandError, Exit};
use crate::config::read_yaml;
use crate::model::{Header, Record};

const LIST: &str = include_str!("../../../config/demo.yaml");
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/demo");

/// Key of the sample that has no file.
const NO_FILE: &str = "geloescht";

/// A page to feed in.
#[derive(Debug)]
pub(super) struct Sample {
    /// Key of its record, and its name on the screen.
    pub(super) name: String,
    /// What it is there to show.
    pub(super) shows: String,
    /// What is sent.
    pub(super) record: Record,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct List {
    pages: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    file: Option<String>,
    shows: String,
    headers: BTreeMap<String, String>,
}

/// Reads the samples.
pub(super) fn load() -> Result<Vec<Sample>, CommandError> {
    let list: List = read_yaml("config/demo.yaml", LIST)
        .map_err(|error| CommandError::new(Exit::Internal, error))?;
    list.pages.into_iter().map(sample).collect()
}

fn sample(entry: Entry) -> Result<Sample, CommandError> {
    let Entry { file, shows, headers } = entry;
    let value = file.as_ref().map(|file| content(file)).transpose()?;
    let name = file.unwrap_or_else(|| NO_FILE.to_owned());
    let headers = headers
        .into_iter()
        .map(|(name, value)| Header { name, value: Some(value.into_bytes()) })
        .collect();
    let record =
        Record { key: Some(name.clone().into_bytes()), value, headers, ..Record::default() };
    Ok(Sample { name, shows, record })
}

fn content(file: &str) -> Result<Vec<u8>, CommandError> {
    FILES.get_file(file).map(|file| file.contents().to_vec()).ok_or_else(|| {
        let message = format!("config/demo.yaml names `{file}`, and config/demo has no such file");
        CommandError::message(Exit::Internal, message)
    })
}
