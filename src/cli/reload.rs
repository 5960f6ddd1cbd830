//! Reloading: rules and log levels are read again, checked, and put into force whole; if anything is wrong, the old ones
//! stay.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use std::{io, thread};

use crossbeam_channel::{RecvTimeoutError, never};
use serde_json::Value;

use super::config_args::ConfigArgs;
use super::{CommandError, preflight};
use crate::config::{Config, Log, LogLevel};
use crate::service::{LiveRules, events, requests, supervisor};
use crate::telemetry::Telemetry;

/// How often the files are looked at with `--watch`.
const WATCH_EVERY: Duration = Duration::from_secs(2);

/// What can be replaced while the service runs. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Reloader(Arc<Mutex<Parts>>);

#[derive(Debug)]
struct Parts {
    args: ConfigArgs,
    /// In force.
    config: Config,
    rules: LiveRules,
    telemetry: Telemetry,
}

impl Reloader {
    pub(super) fn new(
        args: ConfigArgs,
        config: Config,
        rules: LiveRules,
        telemetry: Telemetry,
    ) -> Self {
        Self(Arc::new(Mutex::new(Parts { args, config, rules, telemetry })))
    }

    /// Reads everything again, and says in the log how it went.
    pub(super) fn reload(&self) {
        supervisor::reloading();
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = parts.reload() {
            tracing::error!(
                event.name = events::RELOAD_REFUSED,
                exception.message = error.on_one_line(),
                klartext.rules = parts.rules.now().hash,
                "the new configuration or rules are wrong; the old ones stay in force"
            );
        }
        supervisor::reloaded();
    }

    /// Sets the log to `debug`, or back to what is configured.
    pub(super) fn debug(&self, is_wanted: bool) {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut log = parts.config.log.clone();
        if is_wanted {
            log.level = log.level.max(LogLevel::Debug);
        }
        parts.telemetry.set_levels(&log);
        tracing::info!(
            event.name = events::LEVEL,
            klartext.level = log.level.as_str(),
            klartext.minutes = is_wanted.then(|| requests::DEBUG_TIME.as_secs() / 60),
            "the log has another level"
        );
    }

    /// Reloads whenever one of the files has changed.
    pub(super) fn watch(self) -> io::Result<()> {
        let mut seen = self.files();
        let changed = move || {
            let now = self.files();
            if now != seen {
                seen = now;
                self.reload();
            }
        };
        every(WATCH_EVERY, changed)
    }

    /// All files that count, each with what shows that it changed.
    fn files(&self) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open: Vec<PathBuf> = parts.args.files.clone();
        open.extend(folders(&parts.config));
        let mut files = BTreeMap::new();
        for path in open {
            // Two levels: a folder, and a mounted ConfigMap with its files.
            for file in std::iter::once(path.clone()).chain(entries(&path)) {
                let mark =
                    fs::metadata(&file).ok().and_then(|m| Some((m.modified().ok()?, m.len())));
                files.insert(file, mark);
            }
        }
        files
    }
}

impl Parts {
    fn reload(&mut self) -> Result<(), CommandError> {
        let (new, origins) = self.args.load_with_origins()?;
        // What needs a restart stays as it is, so that nothing is half in force.
        let log = Log {
            level: new.log.level,
            modules: new.log.modules.clone(),
            ..self.config.log.clone()
        };
        let config = Config { rules: new.rules.clone(), log, ..self.config.clone() };
        let rules = preflight::rules(&config, &origins)?;
        let before = self.rules.now();
        tracing::info!(
            event.name = events::RELOADED,
            klartext.rules = rules.hash,
            klartext.rules_before = before.hash,
            klartext.level = config.log.level.as_str(),
            "rules and log levels are in force"
        );
        self.telemetry.set_levels(&config.log);
        self.rules.replace(Arc::new(rules));
        let left_out = differing_keys(&config, &new);
        if !left_out.is_empty() {
            tracing::warn!(
                event.name = events::RESTART_NEEDED,
                klartext.keys = left_out.join(", "),
                "the configuration differs in keys that only a restart puts into force"
            );
        }
        self.config = config;
        Ok(())
    }
}

/// The folders that the configuration names under `rules`.
fn folders(config: &Config) -> Vec<PathBuf> {
    let values = serde_json::to_value(&config.rules).unwrap_or_default();
    let values = values.as_object().into_iter().flat_map(|rules| rules.values());
    values.filter_map(Value::as_str).map(PathBuf::from).collect()
}

fn entries(path: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()))
}

/// The keys in which two configurations differ, in full: `input.group_id`.
fn differing_keys(one: &Config, other: &Config) -> Vec<String> {
    let [one, other] = [one, other].map(|config| serde_json::to_value(config).unwrap_or_default());
    let mut differing = Vec::new();
    let mut open = vec![(String::new(), &one, &other)];
    while let Some((path, one, other)) = open.pop() {
        match (one, other) {
            (Value::Object(ours), Value::Object(theirs)) if !path.ends_with("options") => {
                let dot = if path.is_empty() { "" } else { "." };
                open.extend(ours.iter().map(|(key, value)| {
                    (format!("{path}{dot}{key}"), value, theirs.get(key).unwrap_or(&Value::Null))
                }));
            }
            (one, other) if one != other => differing.push(path),
            _ => {}
        }
    }
    differing.sort_unstable();
    differing
}

/// Calls something again and again, on a thread of its own, until the process ends.
fn every(interval: Duration, mut something: impl FnMut() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("watch".to_owned()).spawn(move || {
        let forever = never::<()>();
        while forever.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
            something();
        }
    })?;
    Ok(())
}
