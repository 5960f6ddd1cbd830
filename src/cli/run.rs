//! `klartext run`: the service.

use clap::Args;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};
use crate::rules::Rules;

/// Arguments of `klartext run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Runs the service until it is told to stop.
///
/// # Errors
/// The configuration is wrong, the brokers cannot be reached, or draining took too long.
pub fn run(args: RunArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let _rules =
        Rules::compile(&config).map_err(|error| CommandError::message(Exit::Config, error))?;
    Err(CommandError::message(Exit::Internal, "`klartext run` is not built yet"))
}
