//! `klartext clean`: the core on files or stdin, without Kafka.

use clap::Args;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};

/// Arguments of `klartext clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Cleans pages.
///
/// # Errors
/// The configuration is wrong or there is no such input.
pub fn run(args: CleanArgs) -> Result<Exit, CommandError> {
    let _config = args.config.load()?;
    Err(CommandError::message(Exit::Internal, "`klartext clean` is not built yet"))
}
