//! `klartext train-dumps` (hidden): makes the pages that the judge of lines is trained on (`train-judge --lines`) from gold
//! pages. HTML becomes a naive dump: each block on a line, nothing left out. A page whose right answer is snippets gets
//! what klartext makes of its HTML as its right text; so does a dump that is there already, by the page it was made of.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::config_args::ConfigArgs;
use crate::cli::eval::gold::{self, GoldPage};
use crate::cli::{CommandError, Exit};
use crate::pipeline::read;
use crate::rules::Rules;

/// Arguments of `klartext train-dumps`.
#[derive(Debug, Args)]
pub struct DumpsArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Gold pages with HTML that become dumps; JSON lines, as for `klartext eval`.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub pages: Vec<PathBuf>,

    /// Gold pages that are dumps already (`text_file`).
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub dumps: Vec<PathBuf>,

    /// Gold pages with HTML that such dumps were made of: their `origin_id`.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub origins: Vec<PathBuf>,

    /// Write `pages.jsonl` and the dumps into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
}

/// Makes the dumps.
///
/// # Errors
/// The configuration is wrong, or a file cannot be read or written.
pub fn run(args: &DumpsArgs) -> Result<Exit, CommandError> {
    let rules = Rules::compile(&args.config.load()?)?;
    let mut folder = Folder::create(&args.out)?;
    for page in gold::read_all(&args.pages, None)? {
        let Some((dump, text)) = dump_and_text(&page, &rules)? else { continue };
        folder.add(page, dump.as_bytes(), text)?;
    }
    let mut texts = HashMap::new();
    for page in gold::read_all(&args.origins, None)? {
        if let Some((_, Some(text))) = dump_and_text(&page, &rules)? {
            texts.insert(page.id, text);
        }
    }
    for page in gold::read_all(&args.dumps, None)? {
        let dump = page.record()?.value.unwrap_or_default();
        let text = page.origin_id.as_ref().and_then(|origin| texts.get(origin)).cloned();
        folder.add(page, &dump, text)?;
    }
    folder.finish()?;
    Ok(Exit::Success)
}

/// All blocks of a page, and the text of its article if it has one; `None` for a page that cannot be read.
fn dump_and_text(
    page: &GoldPage,
    rules: &Rules,
) -> Result<Option<(String, Option<String>)>, CommandError> {
    let record = page.record()?;
    let Ok(Some(reading)) = read(&record, rules) else { return Ok(None) };
    let lines = reading.document.blocks.iter().map(|labelled| labelled.block.text.as_str());
    let text = reading
        .result
        .ok()
        .map(|article| paragraphs(article.blocks.iter().map(|block| block.text.as_str())));
    Ok(Some((paragraphs(lines), text)))
}

fn paragraphs<'b>(blocks: impl Iterator<Item = &'b str>) -> String {
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// The folder of the dumps.
struct Folder {
    path: PathBuf,
    /// The lines of `pages.jsonl`.
    lines: Vec<String>,
}

impl Folder {
    fn create(path: &Path) -> Result<Self, CommandError> {
        fs::create_dir_all(path).map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), lines: Vec::new() })
    }

    fn add(
        &mut self,
        mut page: GoldPage,
        dump: &[u8],
        text: Option<String>,
    ) -> Result<(), CommandError> {
        let name = PathBuf::from(format!("{}.txt", self.lines.len()));
        let path = self.path.join(&name);
        fs::write(&path, dump).map_err(|error| unwritable(&path, &error))?;
        page.gold.text = page.gold.text.or(text);
        let line = serde_json::to_string(&page.into_dump(name))
            .map_err(|error| CommandError::message(Exit::Internal, error))?;
        self.lines.push(line);
        Ok(())
    }

    fn finish(mut self) -> Result<(), CommandError> {
        self.lines.push(String::new());
        let path = self.path.join("pages.jsonl");
        fs::write(&path, self.lines.join("\n")).map_err(|error| unwritable(&path, &error))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::message(Exit::CannotCreate, format!("cannot write {}: {error}", path.display()))
}
