//! `klartext eval`: how good is the cleaner on pages whose right answer is known? Runs the core over gold pages, writes
//! predictions, prints a table, the worst pages, and what changed against an earlier run.

pub(super) mod gold;
pub(super) mod prediction;
mod score;
mod table;

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};
use crate::encode::encode_article;
use crate::pipeline::read;
use crate::rules::Rules;

use gold::GoldPage;
use prediction::Prediction;
use score::PageScore;

/// Arguments of `klartext eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Gold pages, JSON lines (`.gz` too): `{"id", "url", "html" or "text_file": PATH, "gold": {"text", "title", "authors",
    /// "date", "lang"}}`; paths are relative to the file.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub pages: Vec<PathBuf>,

    /// Only pages of this language (`lang` of the page).
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,

    /// Write the predictions here, JSON lines: `{"id", "text", "title", "authors", "date", "lang", "tags", "seconds",
    /// "error"}`. `date` is the day of publication, or of the last change where only that is known.
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,

    /// Whom the predictions name as authors. Gold made from bylines counts agencies, newsrooms and sites among them
    /// ("dpa", "Redaktion"); the output message keeps them apart.
    #[arg(long, value_enum, default_value_t = Authors::Credited)]
    pub authors: Authors,

    /// Threads; with more than one, the seconds of a page are not comparable.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub threads: usize,

    /// Show the N pages with the worst body text.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub worst: usize,

    /// Compare with the predictions of an earlier run: which pages got better or worse.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
}

/// Whom a prediction names as authors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Authors {
    /// Everybody whom the byline or the claim of authorship credits: persons, agencies, newsrooms, the site.
    Credited,
    /// The persons alone: `authors` of the output message.
    Persons,
}

/// Evaluates the cleaner.
///
/// # Errors
/// The configuration is wrong, or a file cannot be read or written.
pub fn run(args: &EvalArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let rules = Rules::compile(&config)?;
    let pages = gold::read_all(&args.pages, args.lang.as_deref())?;
    if pages.is_empty() {
        return Err(CommandError::message(Exit::DataError, "no gold pages to evaluate"));
    }
    let started = Instant::now();
    let predictions = predict_all(&pages, &rules, args.threads.max(1), args.authors)?;
    let took = started.elapsed();
    if let Some(path) = &args.predictions {
        prediction::write_all(path, &predictions)?;
    }
    let earlier = args.against.as_deref().map(prediction::read_all).transpose()?;
    print_report(args, &pages, &predictions, earlier.as_ref(), took)
        .map_err(CommandError::stdout)?;
    Ok(Exit::Success)
}

fn predict_all(
    pages: &[GoldPage],
    rules: &Rules,
    threads: usize,
    authors: Authors,
) -> Result<Vec<Prediction>, CommandError> {
    let next = AtomicUsize::new(0);
    let mut done = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| predict_some(&next, pages, rules, authors)))
            .collect();
        let mut done = Vec::with_capacity(pages.len());
        for worker in workers {
            let panicked =
                |_| CommandError::message(Exit::Internal, "the cleaner panicked on a page");
            done.extend(worker.join().map_err(panicked)??);
        }
        Ok::<_, CommandError>(done)
    })?;
    done.sort_by_key(|(idx, _)| *idx);
    Ok(done.into_iter().map(|(_, prediction)| prediction).collect())
}

/// One thread's share: it takes the next page as long as there is one.
fn predict_some(
    next: &AtomicUsize,
    pages: &[GoldPage],
    rules: &Rules,
    authors: Authors,
) -> Result<Vec<(usize, Prediction)>, CommandError> {
    std::iter::from_fn(|| take(next, pages))
        .map(|(idx, page)| Ok((idx, predict(page, rules, authors)?)))
        .collect()
}

fn take<'p>(next: &AtomicUsize, pages: &'p [GoldPage]) -> Option<(usize, &'p GoldPage)> {
    let idx = next.fetch_add(1, Ordering::Relaxed);
    pages.get(idx).map(|page| (idx, page))
}

/// The time counted is that of the whole core: bytes in memory → output message.
pub(super) fn predict(
    page: &GoldPage,
    rules: &Rules,
    authors: Authors,
) -> Result<Prediction, CommandError> {
    let record = page.record()?;
    let started = Instant::now();
    let reading = read(&record, rules);
    let none = |seconds, error| Ok(Prediction::without_text(&page.id, seconds, error));
    let elapsed = || started.elapsed().as_secs_f64();
    let reading = match reading {
        Ok(Some(reading)) => reading,
        Ok(None) => return none(elapsed(), "tombstone".to_owned()),
        Err(error) => return none(elapsed(), format!("dead letter: {error}")),
    };
    let article = match reading.result {
        Ok(article) => article,
        Err(reason) => return none(elapsed(), format!("rejected: {}", reason.as_str())),
    };
    match encode_article(&record, &reading.page, &article, rules) {
        Ok(published) => {
            let seconds = elapsed();
            let names = match authors {
                Authors::Credited => article.credited,
                Authors::Persons => article.authors.into_iter().map(|author| author.name).collect(),
            };
            Ok(Prediction::of_message(&page.id, seconds, &published.value, names))
        }
        Err(error) => none(elapsed(), format!("dead letter: {error}")),
    }
}

fn print_report(
    args: &EvalArgs,
    pages: &[GoldPage],
    predictions: &[Prediction],
    earlier: Option<&HashMap<String, Prediction>>,
    took: Duration,
) -> io::Result<()> {
    let scores: Vec<PageScore> = pages
        .iter()
        .zip(predictions)
        .map(|(page, prediction)| PageScore::of(&page.gold, prediction))
        .collect();
    let mut out = io::stdout().lock();
    table::print_means(&mut out, pages, predictions, &scores, took)?;
    if args.worst > 0 {
        table::print_worst(&mut out, pages, predictions, &scores, args.worst)?;
    }
    if let Some(earlier) = earlier {
        table::print_changes(&mut out, pages, &scores, earlier)?;
    }
    out.flush()
}
