//! `klartext clean --jsonl`: envelopes on stdin, one a line; one line each on stdout, in the same order. Many threads,
//! bounded memory: what was read and is not written yet has a budget of bytes and of lines.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::num::NonZeroUsize;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use serde_json::{Value, json};

use super::budget::{Budget, CloseOnDrop};
use super::clean::{Tally, outcome};
use super::progress::Progress;
use super::{CommandError, Exit};
use crate::config::Config;
use crate::decode::DecodeError;
use crate::model::{Header, Record};
use crate::pipeline::{Failure, Outcome};
use crate::rules::Rules;

/// Lines that may wait per thread: enough that no thread waits for the reader.
const LINES_PER_THREAD: usize = 32;

/// A line to be cleaned, and where its answer is waited for.
struct Job {
    page: Line,
    answer: Sender<Answer>,
}

/// What becomes of a line.
struct Answer {
    line: Vec<u8>,
    end: End,
    /// Bytes of the input line that are held until this is written.
    n_bytes: usize,
}

/// The bytes of a line, never more than the limit.
enum Line {
    Whole(Vec<u8>),
    TooLarge { bytes: usize, limit: usize },
}

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Published,
    Tombstone,
    Failed,
}

/// Cleans stdin.
///
/// # Errors
/// stdin cannot be read or stdout not be written.
pub(super) fn run(
    threads: Option<NonZeroUsize>,
    config: &Config,
    rules: &Rules,
) -> Result<Exit, CommandError> {
    let n_threads =
        threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let capacity = n_threads * LINES_PER_THREAD;
    let budget =
        Budget::new(usize::try_from(config.workers.in_flight_bytes.as_u64()).unwrap_or(usize::MAX));
    let (jobs, work) = bounded::<Job>(capacity);
    let (answers, in_order) = bounded::<Receiver<Answer>>(capacity);
    thread::scope(|scope| {
        for _ in 0..n_threads {
            let work = work.clone();
            scope.spawn(move || work_off(&work, rules));
        }
        drop(work);
        let budget = &budget;
        let writer = scope.spawn(move || write_all(&in_order, budget));
        let read = read_all(&jobs, &answers, budget, rules.limits.document_bytes);
        drop((jobs, answers));
        // The writer's error first: where stdout is gone, reading stopped because of it.
        let tally = writer
            .join()
            .map_err(|_panic| CommandError::message(Exit::Internal, "the writer panicked"))?;
        let tally = tally.map_err(CommandError::stdout)?;
        read.map_err(|error| {
            CommandError::message(Exit::Io, format_args!("cannot read stdin: {error}"))
        })?;
        Ok(tally.exit())
    })
}

/// Reads lines until stdin ends or the writer is gone.
fn read_all(
    jobs: &Sender<Job>,
    answers: &Sender<Receiver<Answer>>,
    budget: &Budget,
    limit: usize,
) -> io::Result<()> {
    let mut stdin = BufReader::with_capacity(1 << 16, io::stdin().lock());
    while let Some(page) = read_line(&mut stdin, limit)? {
        let (answer, answered) = bounded(1);
        let is_wanted = budget.take(held(&page))
            && answers.send(answered).is_ok()
            && jobs.send(Job { page, answer }).is_ok();
        if !is_wanted {
            break;
        }
    }
    Ok(())
}

/// Bytes that a page holds in memory.
fn held(page: &Line) -> usize {
    match page {
        Line::Whole(bytes) => bytes.len(),
        Line::TooLarge { .. } => 0,
    }
}

/// Reads one line; of a line over the limit only the length is kept.
fn read_line(reader: &mut impl BufRead, limit: usize) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut n_bytes = 0_usize;
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        let end = memchr::memchr(b'\n', buffer);
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or(buffer);
        n_bytes += part.len();
        if n_bytes <= limit {
            line.extend_from_slice(part);
        } else {
            line = Vec::new();
        }
        let used = part.len() + usize::from(end.is_some());
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(page(line, n_bytes, limit)));
        }
    }
    Ok((n_bytes > 0).then(|| page(line, n_bytes, limit)))
}

fn page(line: Vec<u8>, n_bytes: usize, limit: usize) -> Line {
    if n_bytes > limit { Line::TooLarge { bytes: n_bytes, limit } } else { Line::Whole(line) }
}

/// One worker: cleans lines until there are no more.
fn work_off(work: &Receiver<Job>, rules: &Rules) {
    for Job { page, answer } in work {
        let n_bytes = held(&page);
        let (line, end) = clean_line(page, rules);
        // Fails only when the writer is gone; then nobody waits for it.
        let _sent = answer.send(Answer { line, end, n_bytes });
    }
}

/// The output message, or why there is none.
fn clean_line(page: Line, rules: &Rules) -> (Vec<u8>, End) {
    let value = match page {
        Line::Whole(line) => line,
        Line::TooLarge { bytes, limit } => {
            let failure = Failure::Decode(DecodeError::TooLarge { bytes, limit });
            return (dead_letter(&failure, None), End::Failed);
        }
    };
    let is_null = value.trim_ascii() == b"null";
    let content_type =
        Header { name: "content-type".to_owned(), value: Some(b"application/json".to_vec()) };
    let record = Record {
        value: (!is_null).then_some(value),
        headers: vec![content_type],
        ..Record::default()
    };
    match outcome(&record, rules) {
        Outcome::Published(published) => (published.value, End::Published),
        Outcome::Tombstone => {
            (json!({"outcome": "tombstone"}).to_string().into_bytes(), End::Tombstone)
        }
        Outcome::Rejected(page) => {
            let line =
                json!({"outcome": "rejected", "reason": page.reason.as_str(), "url": page.url});
            (line.to_string().into_bytes(), End::Failed)
        }
        Outcome::DeadLettered(failure) => {
            let url = url_of(record.value.as_deref(), rules);
            (dead_letter(&failure, url.as_deref()), End::Failed)
        }
    }
}

fn dead_letter(failure: &Failure, url: Option<&str>) -> Vec<u8> {
    let line = json!({
        "outcome": "dead_letter",
        "reason": failure.error_type(),
        "stage": failure.stage(),
        "message": failure.to_string(),
        "url": url,
    });
    line.to_string().into_bytes()
}

/// The address in an envelope that could not be read otherwise.
fn url_of(line: Option<&[u8]>, rules: &Rules) -> Option<String> {
    let envelope: Value = serde_json::from_slice(line?).ok()?;
    Some(envelope.get(&rules.json.url)?.as_str()?.to_owned())
}

/// Writes the answers in the order of their lines.
fn write_all(in_order: &Receiver<Receiver<Answer>>, budget: &Budget) -> io::Result<Tally> {
    // However this ends, a reader that waits for the budget must wake up.
    let _closes = CloseOnDrop(budget);
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut progress = Progress::new();
    let mut tally = Tally::default();
    for answered in in_order {
        // A worker that is gone without an answer has panicked outside the core; the scope reports it.
        let Ok(Answer { line, end, n_bytes }) = answered.recv() else { break };
        stdout.write_all(&line)?;
        stdout.write_all(b"\n")?;
        if in_order.is_empty() {
            // Nothing more is waiting: a reader at the other end of a pipe sees the line now.
            stdout.flush()?;
        }
        budget.give_back(n_bytes);
        match end {
            End::Published => tally.n_published += 1,
            End::Failed => tally.n_failed += 1,
            End::Tombstone => {}
        }
        progress.advance(n_bytes as u64, end == End::Failed);
    }
    stdout.flush()?;
    progress.finish();
    Ok(tally)
}
