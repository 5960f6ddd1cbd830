//! `klartext clean`: the core on files or stdin, without Kafka.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::config_args::ConfigArgs;
use super::{CommandError, Exit, article_text, clean_jsonl};
use crate::config::Format;
use crate::decode::DecodeError;
use crate::model::{Article, Header, Record};
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

    /// Address the pages were fetched from.
    #[arg(long, conflicts_with = "jsonl")]
    pub url: Option<String>,

    /// Media type of the pages, such as `text/html`; default: by the file's extension, else by the bytes.
    #[arg(long, value_name = "TYPE", conflicts_with = "jsonl")]
    pub media_type: Option<String>,

    /// Character encoding of the pages; default: what they say, else detected.
    #[arg(long, conflicts_with = "jsonl")]
    pub charset: Option<String>,

    /// Read JSON envelopes from stdin, one a line, and write one line for each, in order: the article, or why there is
    /// none.
    #[arg(long)]
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
pub fn run(args: CleanArgs) -> Result<Exit, CommandError> {
    let mut config = args.config.load()?;
    if args.jsonl {
        config.input.format = Format::Json;
    }
    let rules =
        Rules::compile(&config).map_err(|error| CommandError::message(Exit::Config, error))?;
    if args.jsonl {
        return clean_jsonl::run(args.threads, &config, &rules);
    }
    clean_files(&args, &rules)
}

fn clean_files(args: &CleanArgs, rules: &Rules) -> Result<Exit, CommandError> {
    let mut stdout = io::stdout().lock();
    let mut tally = Tally::default();
    let mut is_any_missing = false;
    for file in &args.files {
        let record = match read_file(file, rules.limits.document_bytes) {
            Ok(Page::Whole(bytes)) => Ok(record(bytes, file, args)),
            Ok(Page::TooLarge { bytes, limit }) => {
                Err(Failure::Decode(DecodeError::TooLarge { bytes, limit }).to_string())
            }
            Err(error) => {
                is_any_missing = true;
                Err(error.to_string())
            }
        };
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

/// The bytes of a page, never more than the limit.
pub(super) enum Page {
    Whole(Vec<u8>),
    TooLarge { bytes: usize, limit: usize },
}

fn read_file(path: &Path, limit: usize) -> io::Result<Page> {
    let mut reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path)?)
    };
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if read <= limit {
        return Ok(Page::Whole(bytes));
    }
    let rest = io::copy(&mut reader, &mut io::sink())?;
    Ok(Page::TooLarge {
        bytes: read.saturating_add(usize::try_from(rest).unwrap_or(usize::MAX)),
        limit,
    })
}

/// The record that a file would be in the stream.
fn record(bytes: Vec<u8>, file: &Path, args: &CleanArgs) -> Record {
    let extension =
        file.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let media_type = match (&args.media_type, extension.as_deref()) {
        (Some(media_type), _) => media_type.as_str(),
        (None, Some("html" | "htm" | "xhtml")) => "text/html",
        (None, Some("txt" | "text")) => "text/plain",
        (None, Some("json")) => "application/json",
        (None, _) => "*/*",
    };
    let content_type = match &args.charset {
        Some(charset) => format!("{media_type}; charset={charset}"),
        None => media_type.to_owned(),
    };
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: Some(value.as_bytes().to_vec()),
    };
    let url = args.url.iter().map(|url| header("url", url));
    Record {
        value: Some(bytes),
        headers: url.chain([header("content-type", &content_type)]).collect(),
        ..Record::default()
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
        Err(error) => Err(Failure::Decode(error).to_string()),
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
