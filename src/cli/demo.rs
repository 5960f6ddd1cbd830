//! `klartext demo`: the service on an embedded broker, with sample pages.

use clap::Args;

use super::{CommandError, Exit};

/// Arguments of `klartext demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {}

/// Runs the demonstration.
///
/// # Errors
/// The embedded broker cannot be started.
pub fn run(_args: DemoArgs) -> Result<Exit, CommandError> {
    Err(CommandError::message(Exit::Internal, "`klartext demo` is not built yet"))
}
