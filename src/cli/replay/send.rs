//! `klartext replay send`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use clap::Args;

use super::filter::Filter;
use super::histogram::Histogram;
use super::{ConfigArgs, Desk, FilterArgs, Found, POLL, failed};
use crate::cli::{CommandError, Exit};
use crate::config::Config;
use crate::service::Shutdown;
use crate::service::replay::{Next, Parcel, Progress, Reader, Runs, Sender};
use crate::text::hex_digest;

/// Largest transaction: letters, and bytes.
const BATCH_LETTERS: usize = 500;
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Longest wait before what was read is sent.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Brokers take no more bytes with an offset by default (`offset.metadata.max.bytes`, 4096).
const MAX_NOTE_BYTES: usize = 4_000;

/// Hexadecimal digits that tell one choice of letters from another.
const DIGITS: usize = 12;

/// Arguments of `klartext replay send`.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    config: ConfigArgs,
    /// Which letters.
    #[command(flatten)]
    filter: FilterArgs,
    /// At most so many letters a second. Default: as fast as it goes.
    #[arg(long, value_name = "N")]
    rate: Option<NonZeroU32>,
    /// Count what would be sent, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Leave letters where they are that were sent back so often already.
    #[arg(long, value_name = "N", default_value_t = 3)]
    max_replays: u64,
}

/// What became of the letters.
#[derive(Debug, Default)]
struct Tally {
    sent: Histogram,
    n_sent: u64,
    n_other: u64,
    n_before: u64,
    n_too_often: u64,
    n_stubs: u64,
}

pub(super) fn run(args: &SendArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let filter = choice(args, &config)?;
    let shutdown = Shutdown::new();
    shutdown
        .on_signals(|| std::process::exit(i32::from(Exit::Unavailable as u8)))
        .map_err(|error| CommandError::because(Exit::Internal, error))?;
    let mut replay = Replay::begin(&config, filter, args)?;
    replay.run(&shutdown)?;
    let is_whole = !shutdown.is_requested();
    let mut out = io::stdout().lock();
    replay.write_end(&mut out, is_whole).map_err(CommandError::stdout)?;
    Ok(if is_whole { Exit::Success } else { Exit::DrainTimeout })
}

/// The choice of letters. Only topics that klartext reads are sent to: a header alone decides nothing.
fn choice(args: &SendArgs, config: &Config) -> Result<Filter, CommandError> {
    let known = &config.input.topics;
    let has_pattern = known.iter().any(|topic| topic.starts_with('^'));
    let mut filter = args.filter.filter();
    if filter.topics.is_empty() && has_pattern {
        let problem = "`input.topics` has a pattern: name the topics to send to with `--topic`";
        return Err(CommandError::message(Exit::Usage, problem));
    }
    if filter.topics.is_empty() {
        filter.topics.clone_from(known);
        filter.topics.sort();
    }
    let is_foreign = |topic: &&String| !has_pattern && !known.contains(*topic);
    if let Some(topic) = filter.topics.iter().find(is_foreign) {
        let problem = format!("`{topic}` is none of `input.topics`, so klartext would not read it");
        return Err(CommandError::message(Exit::Usage, problem));
    }
    filter.max_replays = Some(args.max_replays);
    Ok(filter)
}

/// A run.
struct Replay {
    reader: Reader,
    /// None in a dry run.
    sender: Option<Sender>,
    desk: Desk,
    filter: Filter,
    others: Vec<(Filter, Progress)>,
    progress: Progress,
    batch: Vec<Parcel>,
    batch_bytes: usize,
    pace: Pace,
    tally: Tally,
}

impl Replay {
    fn begin(config: &Config, filter: Filter, args: &SendArgs) -> Result<Self, CommandError> {
        let note = note(&filter)?;
        let prefix = format!("{}-replay-", config.input.group_id);
        let group = format!("{prefix}{}", hex_digest(&[note.as_bytes()], DIGITS));
        // Before anything is looked up: a killed run's last transaction must have ended.
        let id = prefix.trim_end_matches('-');
        let connect = || Sender::connect(config, id).map_err(failed);
        let sender = (!args.dry_run).then(connect).transpose()?;
        let mut reader = Reader::open(config, &group).map_err(failed)?;
        let runs = Runs::look_up(config, &reader, &prefix, &group).map_err(failed)?;
        let own = runs.own.positions;
        reader
            .start(|partition| own.get(&partition).copied().max(filter.first_offset(partition)))
            .map_err(failed)?;
        // A note that cannot be read is not one of ours.
        let others = runs.others.into_iter();
        let others = others
            .filter_map(|progress| Some((serde_json::from_str(&progress.note).ok()?, progress)))
            .collect();
        Ok(Self {
            reader,
            sender,
            desk: Desk::open(config)?,
            filter,
            others,
            progress: Progress { note, positions: BTreeMap::new() },
            batch: Vec::new(),
            batch_bytes: 0,
            pace: Pace::new(args.rate),
            tally: Tally::default(),
        })
    }

    /// Until the end that the topic had at the start, or a signal. A batch is sent whole or not at all.
    fn run(&mut self, shutdown: &Shutdown) -> Result<(), CommandError> {
        let mut batch_since = Instant::now();
        loop {
            let next = self.reader.next(POLL).map_err(failed)?;
            let is_end = matches!(next, Next::End);
            if let Next::Letter(record) = next
                && let Some(found) = self.desk.look_at(record)
            {
                self.take(&found);
            }
            let is_full = self.batch.len() >= self.pace.batch()
                || self.batch_bytes >= BATCH_BYTES
                || batch_since.elapsed() >= BATCH_TIME;
            if is_full || is_end || shutdown.is_requested() {
                self.send()?;
                batch_since = Instant::now();
                self.pace.wait(self.tally.n_sent, shutdown);
            }
            if is_end || shutdown.is_requested() {
                return Ok(());
            }
        }
    }

    /// Puts a letter into the batch, or says why not.
    fn take(&mut self, found: &Found) {
        let was_sent = self.others.iter().any(|(filter, progress)| {
            let position = progress.positions.get(&found.at.partition);
            position.is_some_and(|position| found.at.offset < *position) && filter.is_wanted(found)
        });
        self.progress.positions.insert(found.at.partition, found.at.offset + 1);
        let Found { letter, record, .. } = found;
        let tally = &mut self.tally;
        if letter.is_stub {
            tally.n_stubs += 1;
        } else if self.filter.is_too_often(found) {
            tally.n_too_often += 1;
        } else if !self.filter.is_wanted(found) {
            tally.n_other += 1;
        } else if was_sent {
            tally.n_before += 1;
        } else if let Some(origin) = &letter.origin {
            tally.n_sent += 1;
            tally.sent.add(found);
            if self.sender.is_some() {
                self.batch_bytes += record.size();
                let topic = origin.topic.clone();
                let partition = origin.partition;
                self.batch.push(Parcel { topic, partition, record: letter.sent_back(record) });
            }
        } else {
            tally.n_other += 1;
        }
    }

    /// One transaction: the batch, and how far the letters are dealt with.
    fn send(&mut self) -> Result<(), CommandError> {
        if let Some(sender) = &mut self.sender
            && !self.progress.positions.is_empty()
        {
            sender.send(&self.batch, &self.progress, &self.reader).map_err(failed)?;
        }
        self.batch.clear();
        self.batch_bytes = 0;
        self.progress.positions.clear();
        Ok(())
    }

    fn write_end(&self, out: &mut impl Write, is_whole: bool) -> io::Result<()> {
        let Tally { sent, n_sent, n_other, n_before, n_too_often, n_stubs } = &self.tally;
        let is_dry = self.sender.is_none();
        let verb = if is_dry { "would be sent back" } else { "sent back" };
        if is_dry && *n_sent > 0 {
            sent.write(out)?;
            writeln!(out)?;
        }
        writeln!(out, "{n_sent} {verb}")?;
        for (n, what) in [
            (n_other, "not chosen"),
            (n_before, "sent by an earlier run"),
            (n_too_often, "sent back too often already (`--max-replays`)"),
            (n_stubs, "stubs, whose record could not be kept"),
        ] {
            if *n > 0 {
                writeln!(out, "{n} left: {what}")?;
            }
        }
        if !is_whole {
            writeln!(out, "interrupted; the same command goes on from here")?;
        }
        Ok(())
    }
}

/// What is noted with the progress: the choice.
fn note(filter: &Filter) -> Result<String, CommandError> {
    let note = serde_json::to_string(filter)
        .map_err(|error| CommandError::because(Exit::Internal, error))?;
    if note.len() > MAX_NOTE_BYTES {
        let problem =
            "the filters are too long to be noted with the progress; use fewer, or several runs";
        return Err(CommandError::message(Exit::Usage, problem));
    }
    Ok(note)
}

/// Keeps to a rate.
#[derive(Debug)]
struct Pace {
    rate: Option<NonZeroU32>,
    since: Instant,
}

impl Pace {
    fn new(rate: Option<NonZeroU32>) -> Self {
        Self { rate, since: Instant::now() }
    }

    /// Letters of a transaction: not more than a second's.
    fn batch(&self) -> usize {
        let rate = self.rate.and_then(|rate| usize::try_from(rate.get()).ok());
        rate.map_or(BATCH_LETTERS, |rate| rate.min(BATCH_LETTERS))
    }

    /// Waits until so many letters may have been sent.
    fn wait(&self, n_sent: u64, shutdown: &Shutdown) {
        let Some(rate) = self.rate else { return };
        let n_sent = u32::try_from(n_sent).unwrap_or(u32::MAX);
        let due = self.since + Duration::from_secs(1) * n_sent / rate.get();
        while !shutdown.is_requested() && Instant::now() < due {
            let left = due.saturating_duration_since(Instant::now());
            crossbeam_channel::select! {
                recv(crossbeam_channel::after(left.min(POLL))) -> _ => {}
            }
        }
    }
}
