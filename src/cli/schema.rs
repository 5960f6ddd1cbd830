//! `klartext schema`: the JSON Schemas of what goes in and what comes out.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};

use super::{CommandError, Exit};
use crate::{config, encode};

/// Arguments of `klartext schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which schema.
    pub of: Subject,
}

/// What there is a schema of.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Subject {
    /// The configuration file.
    Config,
    /// An article, as it is published to `output.topic`.
    Output,
    /// The short record of a page that is not published, in `rejected.topic`.
    Rejected,
}

/// Prints a JSON Schema (draft 2020-12).
///
/// # Errors
/// It cannot be written.
pub fn run(args: &SchemaArgs) -> Result<Exit, CommandError> {
    let schema = match args.of {
        Subject::Config => config::json_schema::of_the_configuration(),
        Subject::Output => encode::article_schema(),
        Subject::Rejected => encode::rejection_schema(),
    };
    writeln!(io::stdout(), "{schema:#}").map_err(CommandError::stdout)?;
    Ok(Exit::Success)
}
