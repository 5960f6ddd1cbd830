//! The commands, one file each. A command reads its arguments, does its work and says how it ended; results go to
//! stdout, everything else to stderr.

mod article_text;
mod budget;
pub mod check;
pub mod clean;
mod clean_jsonl;
pub mod completions;
pub mod config_args;
pub mod demo;
pub mod eval;
pub mod exit;
pub mod explain;
pub mod health;
pub mod page_args;
mod preflight;
mod progress;
mod reload;
pub mod replay;
pub mod report;
pub mod run;
pub mod schema;
pub mod test;
pub mod train;

use clap::{Parser, Subcommand};

pub use exit::{CommandError, Exit};

/// Turns raw scraped news pages into clean articles, from Kafka to Kafka.
#[derive(Debug, Parser)]
#[command(name = "klartext", version, about, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service: read pages from Kafka, write clean articles to Kafka.
    #[command(after_long_help = run::SIGNALS)]
    Run(run::RunArgs),
    /// See it work: the same service on an embedded broker, with sample pages.
    Demo(demo::DemoArgs),
    /// Clean pages from files or stdin, without Kafka.
    Clean(clean::CleanArgs),
    /// Show which blocks of a page are kept or cut, and which rule said so.
    Explain(explain::ExplainArgs),
    /// Score the cleaner on pages whose right answer is known.
    Eval(eval::EvalArgs),
    /// Train the last judge from pages whose right answer is known.
    #[command(hide = true)]
    TrainJudge(train::TrainArgs),
    /// Make dumps of pages whose right answer is known, to train the judge of lines.
    #[command(hide = true)]
    TrainDumps(train::dumps::DumpsArgs),
    /// Check the configuration and say what is wrong with it.
    Check(check::CheckArgs),
    /// List dead letters, show one, send them back into the input.
    Replay(replay::ReplayArgs),
    /// Ask the service on this host whether it is ready.
    Health(health::HealthArgs),
    /// Print the JSON Schema of the configuration or of a message.
    Schema(schema::SchemaArgs),
    /// Print a script that completes commands and options in a shell.
    Completions(completions::CompletionsArgs),
    /// Print the manual page.
    Man(completions::ManArgs),
    /// Run the tests beside the site rules.
    Test(test::TestArgs),
    /// Write one HTML page with plots from the service's JSON logs.
    Report(report::ReportArgs),
}

impl Cli {
    /// Reads the command line of this process.
    ///
    /// # Errors
    /// The arguments are wrong ([`Exit::Usage`]), or help or the version was asked for and has been printed
    /// ([`Exit::Success`]).
    pub fn from_command_line() -> Result<Self, CommandError> {
        Self::try_parse().map_err(CommandError::from)
    }
}

/// Runs one command to its end.
///
/// # Errors
/// What the command could not do, with its exit code.
pub fn run(cli: Cli) -> Result<Exit, CommandError> {
    exit::style_errors();
    match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Demo(args) => demo::run(args),
        Command::Clean(args) => clean::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::TrainJudge(args) => train::run(&args),
        Command::TrainDumps(args) => train::dumps::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Health(args) => health::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
        Command::Test(args) => test::run(&args),
        Command::Report(args) => report::run(&args),
    }
}
