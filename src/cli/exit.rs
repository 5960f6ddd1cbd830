//! How a command ends: exit codes after `sysexits.h`, and errors that carry one.

use std::fmt;
use std::io::{self, Write as _};
use std::process::ExitCode;

use miette::MietteHandlerOpts;

use crate::config::ConfigError;
use crate::rules::RulesError;

/// Widest line of an error message, columns.
const MAX_WIDTH: usize = 100;

/// Exit codes. 0 and 1 are results; the others are those of `sysexits.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done; for the service: drained cleanly.
    Success = 0,
    /// Some documents failed, or a test or comparison found failures.
    SomeFailed = 1,
    /// The command line is wrong.
    Usage = 64,
    /// The input is unusable: all of it failed.
    DataError = 65,
    /// There is no such input.
    NoInput = 66,
    /// A broker or topic is not available at start, or the stop was forced.
    Unavailable = 69,
    /// An invariant is broken: a bug of klartext.
    Internal = 70,
    /// The service hung, and its watchdog ended it; to start again is safe.
    Stuck = 71,
    /// An output file cannot be created.
    CannotCreate = 73,
    /// Reading or writing failed.
    Io = 74,
    /// Draining took too long; to start again is safe.
    DrainTimeout = 75,
    /// Authentication or authorization was refused.
    NoPermission = 77,
    /// The configuration is wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do its work, and the exit code that says so.
pub struct CommandError {
    exit: Exit,
    message: Message,
}

/// What is printed on stderr.
enum Message {
    /// Nothing: the reader of our output went away (`klartext … | head`).
    None,
    /// What clap has to say; help and version go to stdout.
    Clap(Box<clap::Error>),
    /// `error: …`, followed by the causes.
    Report(miette::Report),
}

impl CommandError {
    /// An error with its exit code.
    #[must_use]
    pub fn new(exit: Exit, error: impl Into<miette::Report>) -> Self {
        Self { exit, message: Message::Report(error.into()) }
    }

    /// An error that is only a sentence.
    #[must_use]
    pub fn message(exit: Exit, message: impl fmt::Display) -> Self {
        Self::new(exit, miette::Report::msg(message.to_string()))
    }

    /// An error with its causes, and its exit code.
    #[must_use]
    pub fn because(exit: Exit, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(exit, miette::Report::from_err(error))
    }

    /// Writing a result to stdout failed; for `map_err`. A reader that went away is a quiet end.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` hands the error over")]
    pub fn stdout(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Success, message: Message::None };
        }
        Self::message(Exit::Io, format_args!("cannot write to stdout: {error}"))
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }
}

impl CommandError {
    /// The error on one line, for a log.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        if let Message::Report(report) = &self.message
            && let Some(problems) = report.downcast_ref::<ConfigError>()
        {
            return problems.on_one_line();
        }
        // Drawn for a terminal.
        self.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl From<RulesError> for CommandError {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Files(problems) => Self::new(Exit::Config, problems),
            error => Self::because(Exit::Config, error),
        }
    }
}

impl From<clap::Error> for CommandError {
    fn from(error: clap::Error) -> Self {
        let exit = if error.use_stderr() { Exit::Usage } else { Exit::Success };
        Self { exit, message: Message::Clap(Box::new(error)) }
    }
}

impl fmt::Debug for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.exit)
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Message::None => f.write_str("the reader of the output went away"),
            Message::Clap(error) => write!(f, "{error}"),
            Message::Report(report) => write!(f, "{report:?}"),
        }
    }
}

/// Prints an error, if there is one, and gives the exit code of the process.
#[must_use]
pub fn report(ended: Result<Exit, CommandError>) -> ExitCode {
    let error = match ended {
        Ok(exit) => return exit.into(),
        Err(error) => error,
    };
    // If stderr is gone too there is nobody left to tell; the exit code stands.
    let _printed = match &error.message {
        Message::None => Ok(()),
        Message::Clap(error) => error.print(),
        Message::Report(report) => writeln!(io::stderr(), "{report:?}"),
    };
    error.exit.into()
}

/// Sets how errors look, before the first one is made.
pub(super) fn style_errors() {
    // Fails only when a style is set already; then that one stays.
    let _set =
        miette::set_hook(Box::new(|_| Box::new(MietteHandlerOpts::new().width(MAX_WIDTH).build())));
}
