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

use super::CommandError;
use super::config_args::ConfigArgs;
use crate::config::Config;
use crate::rules::Rules;
use crate::service::{LiveRules, events, supervisor};
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
            // Drawn for a terminal; a log wants it on one line.
            let error = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            tracing::error!(
                event.name = events::RELOAD_REFUSED,
                exception.message = error,
                klartext.rules = parts.rules.now().hash,
                "the new configuration or rules are wrong; the old ones stay in force"
            );
        }
        supervisor::reloaded();
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
        let new = self.args.load()?;
        // What needs a restart stays as it is, so that nothing is half in force.
        let config =
            Config { rules: new.rules.clone(), log: new.log.clone(), ..self.config.clone() };
        let rules = Rules::compile(&config)?;
        let before = self.rules.now();
        tracing::info!(
            event.name = events::RELOADED,
            klartext.rules = rules.hash,
            klartext.rules_before = before.hash,
            klartext.level = ?config.log.level,
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

/// The top-level keys in which two configurations differ.
fn differing_keys(one: &Config, other: &Config) -> Vec<String> {
    let [one, other] = [one, other].map(|config| serde_json::to_value(config).unwrap_or_default());
    let keys = one.as_object().into_iter().flat_map(|keys| keys.iter());
    keys.filter(|(key, value)| other.get(key) != Some(value)).map(|(key, _)| key.clone()).collect()
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
