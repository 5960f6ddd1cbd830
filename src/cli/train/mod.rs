//! `klartext train-judge` (hidden): trains the model of the last judge (`config/judge.txt`), or that of lines
//! (`config/judge-lines.txt`, from the pages that [`dumps`] makes), from pages whose right answer is known, and says honestly
//! how good it is: each page can be cleaned by a model that saw no page of its domain.

mod boost;
pub mod dumps;
mod examples;
mod write;

use std::path::PathBuf;

use clap::Args;

use super::config_args::ConfigArgs;
use super::eval::gold::{self, GoldPage};
use super::eval::{predict, prediction};
use super::{CommandError, Exit};
use crate::config::Config;
use crate::rules::{Rules, Trees};
use boost::Size;
use examples::Example;

/// Arguments of `klartext train-judge`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Gold pages, JSON lines, as for `klartext eval`; `domain` and `gold_kind` are read too.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub pages: Vec<PathBuf>,

    /// Train the judge of lines, from dumps (`text_file`), instead of that of blocks, from HTML.
    #[arg(long)]
    pub lines: bool,

    /// Write the model here.
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,

    /// A line for the head of the model: which pages, when, how good.
    #[arg(long, value_name = "TEXT")]
    pub note: Vec<String>,

    /// Write what models make of the pages of domains that they did not see, in the form of `klartext eval
    /// --predictions`.
    #[arg(long, value_name = "FILE")]
    pub cross_validated: Option<PathBuf>,
}

/// The judge of blocks.
const OF_BLOCKS: Size = Size { n_trees: 110, rate: 0.08, depth: 4 };

/// The judge of lines: what a line is depends on more than one fact at a time, so its trees are deeper.
const OF_LINES: Size = Size { n_trees: 70, rate: 0.16, depth: 6 };

/// Folds of the cross-validation.
const N_FOLDS: u64 = 5;

/// Trains.
///
/// # Errors
/// The configuration is wrong, or a file cannot be read or written.
pub fn run(args: &TrainArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let rules = Rules::compile(&config)?;
    let pages = gold::read_all(&args.pages, None)?;
    let examples = examples::of(&pages, &rules)?;
    let model = train(&examples, args.lines, |_| true, &args.note);
    std::fs::write(&args.model, model).map_err(|error| {
        let message = format!("cannot write {}: {error}", args.model.display());
        CommandError::message(Exit::CannotCreate, message)
    })?;
    if let Some(path) = &args.cross_validated {
        prediction::write_all(path, &cross_validate(args, &pages, &examples, &config)?)?;
    }
    Ok(Exit::Success)
}

fn train(
    examples: &[Example],
    of_lines: bool,
    is_seen: impl Fn(u64) -> bool,
    notes: &[String],
) -> String {
    let seen: Vec<&Example> = examples.iter().filter(|example| is_seen(example.fold)).collect();
    let size = if of_lines { OF_LINES } else { OF_BLOCKS };
    let names = examples.first().map_or(&[][..], |example| &example.names);
    write::model(&boost::boost(&seen, size), names, &write::head(of_lines, notes), seen.len())
}

fn cross_validate(
    args: &TrainArgs,
    pages: &[GoldPage],
    examples: &[Example],
    config: &Config,
) -> Result<Vec<prediction::Prediction>, CommandError> {
    let mut predictions = Vec::with_capacity(pages.len());
    for fold in 0..N_FOLDS {
        let model = train(examples, args.lines, |other| other != fold, &[]);
        let judge =
            Trees::parse(&model).map_err(|what| CommandError::message(Exit::Internal, what))?;
        let rules = Rules::compile(config)?;
        let rules = if args.lines {
            Rules { line_judge: judge, ..rules }
        } else {
            Rules { judge, ..rules }
        };
        for page in pages.iter().filter(|page| fold_of(&page.domain) == fold) {
            predictions.push(predict(page, &rules, super::eval::Authors::Credited)?);
        }
    }
    Ok(predictions)
}

/// The fold of a domain: FNV-1a, so that it does not depend on which other domains there are.
fn fold_of(domain: &str) -> u64 {
    let hash = domain.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32) % N_FOLDS
}
