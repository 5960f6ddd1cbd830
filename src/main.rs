//! The `klartext` program: reads the command line, runs one command, maps its end to an exit code.

use std::process::ExitCode;

use klartext::cli::{self, Cli};

/// Faster than the system's allocator under many threads, and it gives memory back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let ended = Cli::from_command_line().and_then(cli::run);
    cli::exit::report(ended)
}
