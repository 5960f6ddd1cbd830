//! `klartext run`: the service.

use std::sync::Arc;

use clap::Args;

use super::config_args::ConfigArgs;
use super::reload::Reloader;
use super::{CommandError, Exit, preflight};
use crate::config::Config;
use crate::service::{
    self, Hooks, Live, LiveRules, ServiceError, Shutdown, events, health, requests, supervisor,
};
use crate::telemetry;

/// What the help of `klartext run` says below its options.
pub(super) const SIGNALS: &str = "\
Signals:
  TERM, INT  finish and commit what is in flight, then end; a second one ends at once
  HUP        read rules and log levels again; what is wrong is refused, the old stays in force
  USR1       log a summary, and how far each partition is
  USR2       log every page for ten minutes; once more ends it

Exit codes:
  0   drained                         71  hung, and ended by its own watchdog
  64  wrong command line              75  the drain timed out; nothing is lost
  69  Kafka away at start, or a       77  refused by authentication or ACLs
      second signal                   78  wrong configuration or rules
  70  a bug, or the dead letters' breaker";

/// Arguments of `klartext run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Reload rules and log levels when their files change; SIGHUP does it at any time.
    #[arg(long)]
    pub watch: bool,
}

/// Runs the service until it is told to stop.
///
/// # Errors
/// The configuration is wrong, the brokers cannot be reached, or draining took too long.
pub fn run(args: &RunArgs) -> Result<Exit, CommandError> {
    let (config, origins) = args.config.load_with_origins()?;
    let rules = LiveRules::from(Arc::new(preflight::rules(&config, &origins)?));
    let internal = |error| CommandError::because(Exit::Internal, error);
    let telemetry = telemetry::init(&config.log, &instance_id(&config))
        .map_err(|error| CommandError::because(Exit::Internal, error))?;
    keep_pages_out_of_panics();
    let shutdown = Shutdown::new();
    shutdown.on_signals(leave_now).map_err(internal)?;
    let live = Live::default();
    let reloader = Reloader::new(args.config.clone(), config.clone(), rules.clone(), telemetry);
    if args.watch {
        reloader.clone().watch().map_err(internal)?;
    }
    let wishes = requests::Wishes {
        reload: Box::new({
            let reloader = reloader.clone();
            move || reloader.reload()
        }),
        debug: Box::new(move |is_wanted| reloader.debug(is_wanted)),
    };
    requests::on_signals(live.clone(), wishes).map_err(internal)?;
    supervisor::pass_on(live.clone()).map_err(internal)?;
    open_health_port(&config, &live)?;
    let hooks = Hooks { live, on_stuck: Some(Box::new(leave_stuck)), ..Hooks::default() };
    let ended = service::run(&config, rules, &shutdown, hooks);
    telemetry::flush();
    match ended {
        Ok(_account) => Ok(Exit::Success),
        Err(error) => {
            if matches!(error, ServiceError::Options { .. }) {
                // The same, with file and line.
                preflight::options(&config, &origins)?;
            }
            Err(CommandError::because(exit_of(&error), error))
        }
    }
}

/// Probes and metrics, where they are wanted.
fn open_health_port(config: &Config, live: &Live) -> Result<(), CommandError> {
    // The configuration is checked: it is an address, if it is there.
    let Some(address) = config.health.address.as_ref().and_then(|text| text.parse().ok()) else {
        return Ok(());
    };
    let stuck_timeout = config.shutdown.stuck_timeout;
    health::serve(address, live.clone(), stuck_timeout).map(|_address| ()).map_err(|error| {
        let message = format!("cannot listen on {address} (`health.address`): {error}");
        CommandError::message(Exit::Unavailable, message)
    })
}

/// What tells this process from the others of its group in the logs: as configured, else the name of the host.
fn instance_id(config: &Config) -> String {
    config.input.instance_id.clone().unwrap_or_else(service::host_name)
}

/// The message of a panic may quote the page it happened on, so a worker's is not printed: the log tells the place in the
/// code, the dead letter the message.
fn keep_pages_out_of_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_worker = std::thread::current().name().is_some_and(service::is_worker_name);
        match panic.location().filter(|_| is_worker) {
            Some(location) => tracing::error!(
                event.name = events::PANIC_AT,
                code.file.path = location.file(),
                code.line.number = location.line(),
                "klartext panicked on a record (a bug of klartext)"
            ),
            None => usual(panic),
        }
    }));
}

/// The second signal: nothing is committed any more, and nothing is lost, for what is not committed is read again.
fn leave_now() {
    std::process::exit(i32::from(Exit::Unavailable as u8));
}

/// The watchdog: the service's thread does not answer, so nobody else can end the process.
fn leave_stuck() {
    std::process::exit(i32::from(Exit::Stuck as u8));
}

/// The exit code of each way the service can end without being asked to.
pub(super) const fn exit_of(error: &ServiceError) -> Exit {
    match error {
        ServiceError::Options { .. } => Exit::Config,
        ServiceError::Unreachable { .. }
        | ServiceError::UnknownTopic { .. }
        | ServiceError::Transactions { .. }
        | ServiceError::Replay { .. }
        | ServiceError::Unanswered { .. }
        | ServiceError::OutputRefused { .. }
        | ServiceError::Consumer { .. }
        | ServiceError::Fenced { .. } => Exit::Unavailable,
        ServiceError::Refused { .. } => Exit::NoPermission,
        ServiceError::DrainTimeout { .. } => Exit::DrainTimeout,
        ServiceError::Breaker { .. } | ServiceError::Internal(_) => Exit::Internal,
    }
}
