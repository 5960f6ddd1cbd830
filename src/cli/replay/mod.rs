//! `klartext replay`: what is in the dead letters, and back into the input with it.

mod filter;
mod histogram;
pub mod list;
pub mod send;
pub mod show;

use std::time::Duration;

use clap::{Args, Subcommand};
use url::Url;

use super::config_args::ConfigArgs;
use super::run::exit_of;
use super::{CommandError, Exit};
use crate::config::Config;
use crate::decode;
use crate::model::{Origin, Record};
use crate::rules::Rules;
use crate::service::ServiceError;
use crate::service::letter::Letter;
use crate::service::replay::{Next, Reader};
use filter::{Filter, FilterArgs};

/// Arguments of `klartext replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the dead letters.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Count them: by reason, topic, host and time.
    List(list::ListArgs),
    /// Show one: headers, key and the beginning of the value.
    Show(show::ShowArgs),
    /// Send them back to the topic they came from, each once; an interrupted run goes on where it was.
    Send(send::SendArgs),
}

/// Lists, shows or sends back dead letters.
///
/// # Errors
/// The configuration is wrong, or the brokers do not answer or refuse.
pub fn run(args: &ReplayArgs) -> Result<Exit, CommandError> {
    match &args.action {
        Action::List(args) => list::run(args),
        Action::Show(args) => show::run(args),
        Action::Send(args) => send::run(args),
    }
}

/// How long to wait for the next letter before looking at what else there is to do.
const POLL: Duration = Duration::from_millis(100);

/// A dead letter with what is known of it.
#[derive(Debug)]
struct Found {
    /// The record as it stands in the dead letters.
    record: Record,
    /// Where it stands there.
    at: Origin,
    letter: Letter,
    host: Option<String>,
}

/// Tells of letters what the filters ask for.
struct Desk {
    rules: Rules,
}

impl Desk {
    fn open(config: &Config) -> Result<Self, CommandError> {
        Ok(Self { rules: Rules::compile(config)? })
    }

    /// `None` for a record without a place, which the reader does not give.
    fn look_at(&self, record: Record) -> Option<Found> {
        let letter = Letter::read(&record);
        let host = decode::address_of(&record, &self.rules);
        let host = host.as_ref().and_then(Url::host_str).map(str::to_owned);
        Some(Found { at: record.origin.clone()?, letter, host, record })
    }
}

/// Reads all letters that the filter lets through, from the first to the end that there was at the start.
fn each_letter(
    config: &Config,
    filter: &Filter,
    mut visit: impl FnMut(Found) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let desk = Desk::open(config)?;
    let group = format!("{}-replay-list", config.input.group_id);
    let mut reader = Reader::open(config, &group).map_err(failed)?;
    reader.start(|partition| filter.first_offset(partition)).map_err(failed)?;
    loop {
        match reader.next(POLL).map_err(failed)? {
            Next::Letter(record) => {
                if let Some(found) = desk.look_at(record).filter(|found| filter.is_wanted(found)) {
                    visit(found)?;
                }
            }
            Next::Nothing => {}
            Next::End => return Ok(()),
        }
    }
}

/// An error of the service with its exit code.
fn failed(error: ServiceError) -> CommandError {
    CommandError::because(exit_of(&error), error)
}
