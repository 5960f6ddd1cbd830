//! `klartext report`: the JSON logs of a service as one HTML page with plots, that needs nothing but a browser.

mod chart;
mod figures;
mod log;
mod page;
mod runs;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Exit};

/// Arguments of `klartext report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Logs of `klartext run`, JSON one line an event; of several processes if you like. `-` is stdin.
    #[arg(required = true, value_name = "LOG")]
    pub logs: Vec<PathBuf>,

    /// Where the page goes; default: stdout.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Writes the report.
///
/// # Errors
/// A log cannot be read, there is no summary line in any of them, or the page cannot be written.
pub fn run(args: &ReportArgs) -> Result<Exit, CommandError> {
    let log = log::read(&args.logs)?;
    let figures = figures::Figures::of(&log).ok_or_else(|| {
        let message = format!(
            "no `klartext.summary` line among {} lines; logs must be JSON (`log.format: json`)",
            log.n_lines
        );
        CommandError::message(Exit::DataError, message)
    })?;
    let html = page::write(&figures).map_err(|error| {
        CommandError::message(Exit::Internal, format!("a plot failed: {error}"))
    })?;
    let Some(path) = &args.output else {
        io::stdout().write_all(html.as_bytes()).map_err(CommandError::stdout)?;
        return Ok(Exit::Success);
    };
    std::fs::write(path, html).map_err(|error| {
        let message = format!("cannot write {}: {error}", path.display());
        CommandError::message(Exit::CannotCreate, message)
    })?;
    Ok(Exit::Success)
}
