//! `klartext check`: is the configuration right?

use std::io::{self, Write as _};

use clap::Args;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};
use crate::rules::Rules;

/// Arguments of `klartext check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Loads the configuration and compiles the rules; nothing else is touched.
///
/// # Errors
/// Everything that is wrong, each with its place.
pub fn run(args: &CheckArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    Rules::compile(&config)?;
    writeln!(io::stdout(), "The configuration is right.").map_err(CommandError::stdout)?;
    Ok(Exit::Success)
}
