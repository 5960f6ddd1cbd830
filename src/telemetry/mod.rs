//! The logs: every event of the program as one line on stderr, JSON or for people. stdout is for results only.
//!
//! rdkafka logs through `tracing` too (its feature of that name), with the target `librdkafka`.

pub mod field;
mod line;
mod repeats;

use std::fmt;
use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, never};
use jiff::Timestamp;
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::{Registry, reload};

pub use line::Form;

use crate::config::{Log, LogFormat, LogLevel};
use line::Line;
use repeats::Repeats;

/// The logs of this process. Clones write to the same place.
#[derive(Clone)]
pub struct Telemetry(Arc<Inner>);

struct Inner {
    form: Form,
    /// Fields of every line.
    common: Vec<(String, String)>,
    repeats: Mutex<Repeats>,
    writer: Mutex<Box<dyn Write + Send>>,
    /// To change the levels while the process runs.
    levels: OnceLock<reload::Handle<Targets, Registry>>,
}

/// Why the logs cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// Someone else has done it in this process.
    #[error("the logs of this process are set up already")]
    AlreadySet,
    /// There is no thread to be had.
    #[error("the timer of the logs cannot be started: {source}")]
    NoTimer {
        /// Why.
        source: io::Error,
    },
}

/// The logs of this process, once they are set up: as global as the subscriber of `tracing` is.
static OF_THIS_PROCESS: OnceLock<Telemetry> = OnceLock::new();

/// Prints all counts of repeats, at the end of the process. Does nothing before [`init`].
pub fn flush() {
    if let Some(telemetry) = OF_THIS_PROCESS.get() {
        telemetry.flush();
    }
}

/// Sets up the logs of this process, to stderr.
///
/// # Errors
/// They are set up already.
pub fn init(log: &Log, instance_id: &str) -> Result<Telemetry, TelemetryError> {
    let form = match log.format {
        LogFormat::Json => Form::Json,
        LogFormat::Pretty if !io::stderr().is_terminal() => Form::Plain,
        LogFormat::Auto if !io::stderr().is_terminal() => Form::Json,
        // https://no-color.org
        LogFormat::Pretty | LogFormat::Auto
            if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) =>
        {
            Form::Plain
        }
        LogFormat::Pretty | LogFormat::Auto => Form::Coloured,
    };
    let telemetry = Telemetry::new(log, instance_id, form, Box::new(io::stderr()));
    tracing::subscriber::set_global_default(telemetry.subscriber(log))
        .map_err(|_already| TelemetryError::AlreadySet)?;
    let telemetry = OF_THIS_PROCESS.get_or_init(|| telemetry);
    count_repeats(telemetry.clone())?;
    Ok(telemetry.clone())
}

/// How often the windows of repeated errors are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Prints the counts of repeats when their windows end, whatever else the process does: it may be waiting for a broker, which
/// is when the counts are wanted most.
fn count_repeats(telemetry: Telemetry) -> Result<(), TelemetryError> {
    let count = move || {
        let forever = never::<()>();
        while forever.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
            telemetry.flush_repeats();
        }
    };
    let timer = thread::Builder::new().name("log-timer".to_owned()).spawn(count);
    timer.map(drop).map_err(|source| TelemetryError::NoTimer { source })
}

impl Telemetry {
    /// Logs to any writer. `instance_id` tells the processes of a group apart.
    #[must_use]
    pub fn new(log: &Log, instance_id: &str, form: Form, writer: Box<dyn Write + Send>) -> Self {
        let ours = [
            (field::SERVICE_NAME, env!("CARGO_PKG_NAME")),
            (field::SERVICE_VERSION, env!("CARGO_PKG_VERSION")),
            (field::SERVICE_INSTANCE_ID, instance_id),
        ];
        let ours = ours.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let theirs = log.static_fields.iter().map(|(name, value)| (name.clone(), value.clone()));
        Self(Arc::new(Inner {
            form,
            common: ours.chain(theirs).collect(),
            repeats: Mutex::new(Repeats::new(log.repeat_window)),
            writer: Mutex::new(writer),
            levels: OnceLock::new(),
        }))
    }

    /// What `tracing` hands the events to.
    #[must_use]
    pub fn subscriber(&self, log: &Log) -> impl Subscriber + Send + Sync + use<> {
        let (levels, handle) = reload::Layer::new(targets(log));
        // A second subscriber of the same logs keeps the levels it was made with.
        let _first = self.0.levels.set(handle);
        tracing_subscriber::registry().with(self.clone().with_filter(levels))
    }

    /// Puts other levels (`log.level`, `log.modules`) into force.
    pub fn set_levels(&self, log: &Log) {
        if let Some(handle) = self.0.levels.get() {
            // Fails only when the subscriber is gone, and then nobody logs.
            let _set = handle.reload(targets(log));
        }
    }

    /// Prints how often errors were repeated whose `log.repeat_window` has ended.
    pub fn flush_repeats(&self) {
        let lines = self.repeats().close_ended(Instant::now());
        for line in &lines {
            self.write(line);
        }
    }

    /// As the function of this name, for these logs.
    pub fn flush(&self) {
        let lines = self.repeats().close_all();
        for line in &lines {
            self.write(line);
        }
        let mut writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // If stderr is gone there is nobody left to tell.
        let _flushed = writer.flush();
    }

    fn repeats(&self) -> std::sync::MutexGuard<'_, Repeats> {
        self.0.repeats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, line: &Line) {
        let now = Timestamp::now();
        let line = match self.0.form {
            Form::Json => line.json(now, &self.0.common),
            Form::Plain => line.text(now, false),
            Form::Coloured => line.text(now, true),
        };
        let mut writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // One call, so that lines of several processes do not mix. If stderr is gone there is nobody left to tell.
        let _written = writer.write_all(line.as_bytes());
    }
}

impl<S: Subscriber> Layer<S> for Telemetry {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = Line::of(event);
        let now = Instant::now();
        let (ended, is_admitted) = {
            let mut repeats = self.repeats();
            (repeats.close_ended(now), repeats.admit(&line, now))
        };
        for line in &ended {
            self.write(line);
        }
        if is_admitted {
            self.write(&line);
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("form", &self.0.form).finish_non_exhaustive()
    }
}

/// Which events are wanted. `log.level` is that of klartext; the libraries below it never say more than at `info`,
/// unless `log.modules` asks one of them. librdkafka says nothing before `debug`: what matters of it the service says itself, as
/// events with a name.
fn targets(log: &Log) -> Targets {
    let others = LevelFilter::from(log.level).min(LevelFilter::INFO);
    let librdkafka = match log.level {
        LogLevel::Debug | LogLevel::Trace => others,
        LogLevel::Error | LogLevel::Warn | LogLevel::Info => LevelFilter::OFF,
    };
    let ours = Targets::new()
        .with_default(others)
        .with_target("librdkafka", librdkafka)
        .with_target("klartext", log.level);
    log.modules
        .iter()
        .fold(ours, |targets, (module, level)| targets.with_target(module.clone(), *level))
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}
