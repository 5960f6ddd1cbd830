//! `klartext replay list`.

use std::io::{self, Write as _};

use clap::Args;

use super::histogram::{Histogram, shown};
use super::{ConfigArgs, FilterArgs, Found, each_letter};
use crate::cli::{CommandError, Exit};

/// Arguments of `klartext replay list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    config: ConfigArgs,
    /// Which letters.
    #[command(flatten)]
    filter: FilterArgs,
    /// One line for each letter (place, reason, host, input topic, time, message; tabs between) instead of counts.
    #[arg(long)]
    each: bool,
}

pub(super) fn run(args: &ListArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut histogram = Histogram::default();
    each_letter(&config, &args.filter.filter(), |found| {
        if args.each {
            return writeln!(out, "{}", line(&found)).map_err(CommandError::stdout);
        }
        histogram.add(&found);
        Ok(())
    })?;
    if !args.each {
        histogram.write(&mut out).map_err(CommandError::stdout)?;
    }
    out.flush().map_err(CommandError::stdout)?;
    Ok(Exit::Success)
}

fn line(found: &Found) -> String {
    let Found { at, letter, host, .. } = found;
    let clean =
        |text: Option<&str>| -> String { text.unwrap_or("-").chars().flat_map(shown).collect() };
    [
        format!("{}:{}", at.partition, at.offset),
        clean(letter.reason.as_deref()),
        clean(host.as_deref()),
        clean(letter.origin.as_ref().map(|origin| origin.topic.as_str())),
        letter.failed_at.map_or_else(|| "-".to_owned(), |at| at.to_string()),
        clean(letter.message.as_deref()),
    ]
    .join("\t")
}
