//! Log lines → events. Lines that are no event of ours (text for people, other programs) are counted and passed over.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::cli::{CommandError, Exit};
use crate::service::events;
use crate::telemetry::field;

/// Events that say something of single pages and come by the thousand.
const OF_SINGLE_PAGES: [&str; 1] = [events::DOCUMENT_SETTLED];

/// All that the logs say.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// In order of time.
    pub(super) events: Vec<Event>,
    pub(super) n_lines: usize,
    pub(super) n_passed_over: usize,
}

/// One line.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    pub(super) name: String,
    pub(super) is_warning: bool,
    pub(super) message: String,
    /// What the process calls itself.
    pub(super) instance: String,
    /// The process: number of its log, or of the log that this one continues.
    pub(super) process: usize,
    fields: Map<String, Value>,
}

impl Event {
    pub(super) fn count(&self, name: &str) -> u64 {
        self.fields.get(name).and_then(Value::as_u64).unwrap_or(0)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.fields.get(name)?.as_f64()
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.fields.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// `name=3, name=2`, as the summary has it.
    pub(super) fn counts(&self, name: &str) -> Vec<(String, u64)> {
        let one = |part: &str| {
            let (name, n) = part.rsplit_once('=')?;
            Some((name.trim().to_owned(), n.parse().ok()?))
        };
        self.text(name).split(", ").filter_map(one).collect()
    }

    fn of(line: &str) -> Option<Self> {
        let Value::Object(mut fields) = serde_json::from_str(line).ok()? else { return None };
        let mut take = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let at = take(field::TIMESTAMP)?.parse().ok()?;
        let name = take(field::EVENT_NAME)?;
        let level = take(field::LEVEL).unwrap_or_default();
        let message = take(field::MESSAGE).unwrap_or_default();
        let instance = take(field::SERVICE_INSTANCE_ID).unwrap_or_default();
        let is_warning = level == "WARN" || level == "ERROR";
        Some(Self { at, name, is_warning, message, instance, process: 0, fields })
    }
}

/// Reads logs.
pub(super) fn read(files: &[PathBuf]) -> Result<Log, CommandError> {
    let mut log = Log::default();
    let mut logs: BTreeMap<(Timestamp, usize, String), Vec<Event>> = BTreeMap::new();
    for (idx, file) in files.iter().enumerate() {
        read_into(&mut log, file).map_err(|error| {
            let message = format!("cannot read {}: {error}", file.display());
            CommandError::message(Exit::NoInput, message)
        })?;
        let mut of_file: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for event in log.events.drain(..) {
            of_file.entry(event.instance.clone()).or_default().push(event);
        }
        for (instance, events) in of_file {
            let first = events.iter().map(|event| event.at).min().unwrap_or_default();
            logs.insert((first, idx, instance), events);
        }
    }
    log.events = tell_processes_apart(logs);
    log.events.sort_by_key(|event| event.at);
    Ok(log)
}

/// A process of which some log was read.
struct Life {
    instance: String,
    last: Timestamp,
    last_summary: Timestamp,
}

/// Processes of one host call themselves the same unless told otherwise; but each writes a log of its own. A log that begins
/// in the middle of a life continues, after a rotation, the log whose last summary is nearest to where its first begins.
fn tell_processes_apart(logs: BTreeMap<(Timestamp, usize, String), Vec<Event>>) -> Vec<Event> {
    let mut lives: Vec<Life> = Vec::new();
    let mut all = Vec::new();
    for ((first, _, instance), mut events) in logs {
        let latest = |events: &mut dyn Iterator<Item = &Event>| events.map(|event| event.at).max();
        let last = latest(&mut events.iter()).unwrap_or(first);
        let mut summaries = events.iter().filter(|event| event.name == events::SUMMARY);
        let last_summary = latest(&mut summaries).unwrap_or(first);
        let known = continued(&lives, &instance, first, &events);
        let process = known.unwrap_or(lives.len());
        match lives.get_mut(process) {
            Some(life) => (life.last, life.last_summary) = (last, last_summary),
            None => lives.push(Life { instance, last, last_summary }),
        }
        for event in &mut events {
            event.process = process;
        }
        all.extend(events);
    }
    all
}

/// A run of which a log tells all may have begun so long before its first line.
const OWN_SECONDS: f64 = 5.0;

/// The process whose log these events continue, if they begin with a summary and not with a start.
fn continued(lives: &[Life], instance: &str, first: Timestamp, events: &[Event]) -> Option<usize> {
    let is_beginning =
        |event: &&Event| event.name == events::STARTED || event.name == events::SUMMARY;
    let summary = events.iter().find(is_beginning).filter(|event| event.name == events::SUMMARY)?;
    let seconds = summary.number("klartext.seconds").unwrap_or(0.0);
    // The last summary tells of the whole run: here it is one that ended before Kafka let it start.
    let before = first.duration_since(summary.at).as_secs_f64() + seconds;
    if summary.is("klartext.is_final") && before < OWN_SECONDS {
        return None;
    }
    let gap =
        |life: &Life| (summary.at.duration_since(life.last_summary).as_secs_f64() - seconds).abs();
    lives
        .iter()
        .enumerate()
        .filter(|(_, life)| life.instance == instance && life.last <= first)
        .min_by(|(_, a), (_, b)| gap(a).total_cmp(&gap(b)))
        .map(|(process, _)| process)
}

fn read_into(log: &mut Log, file: &Path) -> io::Result<()> {
    let reader: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file)?)
    };
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        log.n_lines += 1;
        match Event::of(&String::from_utf8_lossy(&line)) {
            Some(event) if OF_SINGLE_PAGES.contains(&event.name.as_str()) => {}
            Some(event) => log.events.push(event),
            None => log.n_passed_over += 1,
        }
        line.clear();
    }
    Ok(())
}
