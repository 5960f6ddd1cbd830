//! What the cleaner made of a page, in the form in which runs (and other tools) are compared.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::{CommandError, Exit};

/// One line of a prediction file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::cli) struct Prediction {
    pub(in crate::cli) id: String,
    pub(in crate::cli) text: String,
    pub(in crate::cli) title: Option<String>,
    pub(in crate::cli) authors: Vec<String>,
    pub(in crate::cli) date: Option<String>,
    pub(in crate::cli) lang: Option<String>,
    pub(in crate::cli) tags: Vec<String>,
    /// Bytes in memory → output message.
    pub(in crate::cli) seconds: f64,
    /// Why there is no text.
    pub(in crate::cli) error: Option<String>,
}

impl Prediction {
    /// Reads what it needs off an output message; `authors` is everybody whom the byline credits.
    pub(in crate::cli) fn of_message(
        id: &str,
        seconds: f64,
        message: &[u8],
        credited: Vec<String>,
    ) -> Self {
        let message: Value = serde_json::from_slice(message).unwrap_or_default();
        let text = |pointer: &str| message.pointer(pointer)?.as_str().map(str::to_owned);
        let list = |pointer: &str| -> Vec<String> {
            let items = message.pointer(pointer).and_then(Value::as_array);
            let name = |item: &Value| {
                item.as_str().or_else(|| item.get("name")?.as_str()).map(str::to_owned)
            };
            items.map_or(&[][..], Vec::as_slice).iter().filter_map(name).collect()
        };
        Self {
            id: id.to_owned(),
            text: text("/text").unwrap_or_default(),
            title: text("/title"),
            authors: credited,
            date: text("/published/value").or_else(|| text("/modified/value")),
            lang: text("/language").map(macrolanguage),
            tags: list("/keywords"),
            seconds,
            error: None,
        }
    }

    /// A page without an article.
    pub(in crate::cli) fn without_text(id: &str, seconds: f64, error: String) -> Self {
        Self { id: id.to_owned(), seconds, error: Some(error), ..Self::default() }
    }
}

/// Gold knows Norwegian by one tag, the text tells its two written forms apart.
fn macrolanguage(tag: String) -> String {
    match tag.split('-').next() {
        Some("nb" | "nn") => tag.replacen("nb", "no", 1).replacen("nn", "no", 1),
        _ => tag,
    }
}

/// Writes predictions, one a line.
pub(in crate::cli) fn write_all(
    path: &Path,
    predictions: &[Prediction],
) -> Result<(), CommandError> {
    let failed = |error: std::io::Error| {
        CommandError::message(
            Exit::CannotCreate,
            format!("cannot write {}: {error}", path.display()),
        )
    };
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    for prediction in predictions {
        serde_json::to_writer(&mut file, prediction).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n").map_err(failed)?;
    }
    file.flush().map_err(failed)
}

/// Reads predictions, by page.
pub(in crate::cli) fn read_all(path: &Path) -> Result<HashMap<String, Prediction>, CommandError> {
    let failed = |error: String| {
        CommandError::message(Exit::NoInput, format!("cannot read {}: {error}", path.display()))
    };
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    BufReader::new(file)
        .lines()
        .map(|line| {
            let line = line.map_err(|error| failed(error.to_string()))?;
            let prediction: Prediction =
                serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
            Ok((prediction.id.clone(), prediction))
        })
        .collect()
}
