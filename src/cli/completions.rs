//! `klartext completions` and `klartext man`: what a shell and `man` want to know of the command line.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, CommandError, Exit};

/// Arguments of `klartext completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

/// Prints a completion script.
///
/// # Errors
/// It cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, CommandError> {
    // Into memory first: the generator panics where its output goes away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "klartext", &mut script);
    io::stdout().write_all(&script).map_err(CommandError::stdout)?;
    Ok(Exit::Success)
}

/// Arguments of `klartext man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for every command into this folder, instead of printing the first.
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
}

/// Prints the manual page, or writes all of them.
///
/// # Errors
/// They cannot be written.
pub fn man(args: &ManArgs) -> Result<Exit, CommandError> {
    let mut command = Cli::command();
    // Names the subcommands `klartext-run` and so on.
    command.build();
    let Some(folder) = &args.into else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(CommandError::stdout)?;
        io::stdout().write_all(&page).map_err(CommandError::stdout)?;
        return Ok(Exit::Success);
    };
    clap_mangen::generate_to(command, folder).map_err(|error| {
        let message = format_args!("cannot write into `{}`: {error}", folder.display()).to_string();
        CommandError::message(Exit::CannotCreate, message)
    })?;
    Ok(Exit::Success)
}
