//! `klartext clean`: the core on files or stdin, without Kafka.

use std::io::{self, IsTerminal as _, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::config_args::ConfigArgs;
use super::page_args::{PageArgs, PageError};
use super::{CommandError, Exit, article_text, clean_jsonl};
use crate::config::Format;
use crate::model::{Article, Record};
use crate::pipeline::{self, Failure, Outcome};
use crate::rules::Rules;

/// Arguments of `klartext clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Pages: HTML, text dumps or JSON envelopes; `-` is stdin.
    #[arg(value_name = "FILE", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub files: Vec<PathBuf>,

    /// Form of the articles.
    #[arg(long, value_enum, default_value_t = ArticleFormat::Json, conflicts_with = "jsonl")]
    pub format: ArticleFormat,

    /// What is known of the pages.
    #[command(flatten)]
    pub page: PageArgs,

    /// Read JSON envelopes from stdin, one a line, and write one line for each, in order: the article, or why there is
    /// none.
    #[arg(long, conflicts_with = "PageArgs")]
    pub jsonl: bool,

    /// Threads of `--jsonl`; default: one per core.
    #[arg(long, value_name = "N", requires = "jsonl")]
    pub threads: Option<NonZeroUsize>,

    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Form of the articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// The output message: one object a line, indented on a terminal.
    Json,
    /// Title and paragraphs.
    Text,
    /// Headings, lists and quotes as Markdown.
    Markdown,
}

/// Cleans pages.
///
/// # Errors
/// The configuration is wrong, or the results cannot be written.
pub fn run(args: &CleanArgs) -> Result<Exit, CommandError> {
    let mut config = args.config.load()?;
    if args.jsonl {
        config.input.format = Format::Json;
    }
    let rules = Rules::compile(&config)?;
    if args.jsonl {
        return clean_jsonl::run(args.threads, &config, &rules);
    }
    clean_files(args, &rules)
}

fn clean_files(args: &CleanArgs, rules: &Rules) -> Result<Exit, CommandError> {
    let mut stdout = io::stdout().lock();
    let mut tally = Tally::default();
    let mut is_any_missing = false;
    for file in &args.files {
        let record = args.page.read(file, rules).map_err(|error| {
            is_any_missing |= matches!(error, PageError::Unreadable(_));
            error.to_string()
        });
        let article = record.and_then(|record| match args.format {
            ArticleFormat::Json => json(&record, rules),
            ArticleFormat::Text => with_article(&record, rules, article_text::text),
            ArticleFormat::Markdown => with_article(&record, rules, article_text::markdown),
        });
        match article {
            Ok(article) => {
                if args.format != ArticleFormat::Json && tally.n_published > 0 {
                    stdout.write_all(b"\n---\n\n").map_err(CommandError::stdout)?;
                }
                tally.n_published += 1;
                stdout.write_all(&article).map_err(CommandError::stdout)?;
            }
            Err(reason) => {
                tally.n_failed += 1;
                // If stderr is gone, the exit code still tells.
                let _written = writeln!(io::stderr(), "{}: {reason}", file.display());
            }
        }
    }
    stdout.flush().map_err(CommandError::stdout)?;
    Ok(if is_any_missing { Exit::NoInput } else { tally.exit() })
}

/// How many pages were published, and how many not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) n_published: u64,
    pub(super) n_failed: u64,
}

impl Tally {
    pub(super) const fn exit(self) -> Exit {
        match (self.n_published, self.n_failed) {
            (_, 0) => Exit::Success,
            (0, _) => Exit::DataError,
            _ => Exit::SomeFailed,
        }
    }
}

/// The output message of a page, or why there is none.
fn json(record: &Record, rules: &Rules) -> Result<Vec<u8>, String> {
    match outcome(record, rules) {
        Outcome::Published(published) => Ok(written(published.value)),
        Outcome::Rejected(page) => Err(rejected(page.reason.as_str())),
        Outcome::Tombstone => Err("there is no page".to_owned()),
        Outcome::DeadLettered(failure) => Err(failure.to_string()),
    }
}

/// One line; indented where a person reads it.
fn written(message: Vec<u8>) -> Vec<u8> {
    let pretty = || {
        let value: serde_json::Value = serde_json::from_slice(&message).ok()?;
        serde_json::to_vec_pretty(&value).ok()
    };
    let mut line = if io::stdout().is_terminal() { pretty().unwrap_or(message) } else { message };
    line.push(b'\n');
    line
}

/// The article of a page as text, or why there is none.
fn with_article(
    record: &Record,
    rules: &Rules,
    write: fn(&Article) -> String,
) -> Result<Vec<u8>, String> {
    let read = || match pipeline::read(record, rules) {
        Ok(Some(reading)) => match reading.result {
            Ok(article) => Ok(write(&article).into_bytes()),
            Err(reason) => Err(rejected(reason.as_str())),
        },
        Ok(None) => Err("there is no page".to_owned()),
        Err(failure) => Err(failure.to_string()),
    };
    // Nothing is shared with the closure that a panic could leave half-done: record and rules are never written to.
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|panic| Err(Failure::panic(panic.as_ref()).to_string()))
}

fn rejected(reason: &str) -> String {
    format!("not published: {reason}")
}

/// What becomes of a record; a panic of the core is a dead letter, as in the service.
pub(super) fn outcome(record: &Record, rules: &Rules) -> Outcome {
    // Nothing is shared with the closure that a panic could leave half-done: record and rules are never written to.
    catch_unwind(AssertUnwindSafe(|| pipeline::clean(record, rules)))
        .unwrap_or_else(|panic| Outcome::DeadLettered(Failure::panic(panic.as_ref())))
}
