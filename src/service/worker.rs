//! The worker threads: CPU only. A job goes in, a result comes out; a panic of the core is caught here and becomes a dead
//! letter.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

use super::Clean;
use super::ledger::Ticket;
use super::live::LiveRules;
use super::publish::{OutputRecord, Publisher};
use crate::model::{Boilerplate, Record};
use crate::pipeline::{Failure, Outcome};

use super::Settlement;

/// Names of the worker threads begin with this.
const WORKER_NAME: &str = "worker-";

/// Whether a thread of this name is one of the workers, which read pages.
#[must_use]
pub fn is_worker_name(name: &str) -> bool {
    name.starts_with(WORKER_NAME)
}

/// A record on its way to a worker.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) ticket: Ticket,
    pub(super) record: Record,
    pub(super) received_at: Instant,
}

/// What became of it.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) ticket: Ticket,
    pub(super) page: Page,
}

/// A cleaned record: what the ledger keeps until its output is safe.
#[derive(Debug)]
pub(super) struct Page {
    /// The record as it came in: it is needed whole if it has to become a dead letter after all.
    pub(super) record: Record,
    pub(super) settlement: Settlement,
    /// What is sent; `None` for a dropped tombstone, and for a rejected page without a rejected topic.
    pub(super) output: Option<OutputRecord>,
    /// Host of the page, for the counters by site.
    pub(super) host: Option<String>,
    /// Blocks removed from the article, by class.
    pub(super) removed: BTreeMap<Boilerplate, u32>,
    /// Address of the page without its query, if something is to be said of it: for the logs.
    pub(super) address: Option<String>,
    pub(super) received_at: Instant,
    /// Time until a worker was free.
    pub(super) waited: Duration,
    /// Time the core took.
    pub(super) took: Duration,
}

/// The pool. Dropping it lets the threads finish the page they are at and end; nobody waits for them.
#[derive(Debug)]
pub(super) struct Workers {
    jobs: Sender<Job>,
    done: Receiver<Done>,
    /// Work runs low.
    low: Receiver<()>,
    threads: Vec<JoinHandle<()>>,
    capacity: usize,
    n_out: usize,
}

/// What every worker shares.
#[derive(Debug)]
pub(super) struct Craft {
    pub(super) rules: LiveRules,
    pub(super) publisher: Publisher,
    pub(super) clean: Clean,
}

/// The workers' side of the channels.
#[derive(Debug, Clone)]
struct Desk {
    jobs: Receiver<Job>,
    done: Sender<Done>,
    low: Sender<()>,
    /// With no more jobs waiting than these, work runs low.
    low_mark: usize,
}

impl Desk {
    /// Ends when the service has dropped its side: of the jobs, or, in the middle of one, of the results.
    fn serve(&self, craft: &Craft) {
        for job in &self.jobs {
            if self.done.send(craft.work(job)).is_err() {
                break;
            }
            if self.jobs.len() <= self.low_mark {
                // Refused while the last word was not heard yet.
                let _unheard = self.low.try_send(());
            }
        }
    }
}

impl Workers {
    /// Starts `n_threads` threads that hold at most `capacity` pages, waiting ones included.
    pub(super) fn start(n_threads: usize, capacity: usize, craft: Craft) -> std::io::Result<Self> {
        let craft = Arc::new(craft);
        // Both hold every page that may be out, so that neither side ever blocks on them.
        let (jobs, jobs_in) = bounded(capacity);
        let (done_out, done) = bounded(capacity);
        let (low_out, low) = bounded(1);
        let desk = Desk { jobs: jobs_in, done: done_out, low: low_out, low_mark: capacity / 4 };
        let mut threads = Vec::with_capacity(n_threads);
        for n in 0..n_threads {
            let (craft, desk) = (Arc::clone(&craft), desk.clone());
            let thread = thread::Builder::new().name(format!("{WORKER_NAME}{n}"));
            threads.push(thread.spawn(move || desk.serve(&craft))?);
        }
        Ok(Self { jobs, done, low, threads, capacity, n_out: 0 })
    }

    /// Whether another page may be handed out.
    pub(super) const fn has_room(&self) -> bool {
        self.n_out < self.capacity
    }

    /// Pages handed out and not back yet, those of revoked partitions included.
    pub(super) const fn n_out(&self) -> usize {
        self.n_out
    }

    /// Hands a page out. False when all threads are gone, which only a bug of ours can do.
    pub(super) fn dispatch(&mut self, job: Job) -> bool {
        self.n_out += 1;
        self.jobs.send(job).is_ok()
    }

    /// A result that is there already.
    pub(super) fn try_next(&mut self) -> Option<Done> {
        match self.done.try_recv() {
            Ok(done) => Some(self.back(done)),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }

    /// The next result. If there is none yet: when work runs low, or `timeout` is over. Results come in bunches, since a thread
    /// that wakes for each of them takes its core from a worker.
    pub(super) fn next(&mut self, timeout: Duration) -> Option<Done> {
        self.try_next().or_else(|| {
            let _over = self.low.recv_timeout(timeout);
            self.try_next()
        })
    }

    /// Whether a thread died: then pages would be lost in it, and the service must not go on.
    pub(super) fn is_broken(&self) -> bool {
        self.threads.iter().any(JoinHandle::is_finished)
    }

    fn back(&mut self, done: Done) -> Done {
        self.n_out = self.n_out.saturating_sub(1);
        done
    }
}

impl Craft {
    fn work(&self, job: Job) -> Done {
        let Job { ticket, record, received_at } = job;
        let began = Instant::now();
        let rules = self.rules.now();
        let mut outcome = catch_unwind(AssertUnwindSafe(|| (self.clean)(&record, &rules)))
            .unwrap_or_else(|panic| {
                Outcome::DeadLettered(Failure::Panic { message: message_of(&*panic) })
            });
        let took = began.elapsed();
        let removed = match &mut outcome {
            Outcome::Published(article) => std::mem::take(&mut article.removed),
            Outcome::Rejected(_) | Outcome::Tombstone | Outcome::DeadLettered(_) => BTreeMap::new(),
        };
        let (settlement, output, host) = self.publisher.prepare(&record, outcome, &rules.hash);
        let address = match settlement {
            Settlement::DeadLettered(_) => self.publisher.addresses.of(&record),
            Settlement::Published | Settlement::Rejected(_) | Settlement::Tombstone => None,
        };
        Done {
            ticket,
            page: Page {
                record,
                settlement,
                output,
                host,
                removed,
                address,
                received_at,
                waited: began.saturating_duration_since(received_at),
                took,
            },
        }
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Craft, Job, Workers};
    use crate::config::Config;
    use crate::model::Record;
    use crate::pipeline::Outcome;
    use crate::rules::Rules;
    use crate::service::ledger::{Ledger, TopicPartition};
    use crate::service::publish::Publisher;

    /// Nobody waits so long.
    const TIMEOUT: Duration = Duration::from_mins(1);

    fn workers(n_threads: usize, capacity: usize) -> Workers {
        let config = Config::default();
        let rules = Arc::new(Rules::compile(&config).expect("the embedded rules"));
        let clean = |_: &Record, _: &Rules| Outcome::Tombstone;
        let craft = Craft { rules: rules.into(), publisher: Publisher::new(&config), clean };
        Workers::start(n_threads, capacity, craft).expect("threads")
    }

    #[test]
    fn every_result_is_heard_of_and_the_last_one_is_not_waited_for() {
        let began = Instant::now();
        let source = TopicPartition { topic: "pages".into(), partition: 0 };
        for (n_threads, n_jobs) in [(1, 1), (1, 3), (2, 8), (2, 1000)] {
            let mut ledger: Ledger<()> = Ledger::default();
            ledger.assign(source.clone());
            let mut workers = workers(n_threads, n_jobs);
            for offset in (0..).take(n_jobs) {
                let ticket = ledger.open(&source, offset, 1).expect("it is assigned");
                let received_at = Instant::now();
                assert!(workers.has_room());
                assert!(workers.dispatch(Job { ticket, record: Record::default(), received_at }));
            }
            assert!(!workers.has_room());
            let mut offsets = Vec::new();
            while workers.n_out() > 0 {
                offsets.extend(workers.next(TIMEOUT).map(|done| done.ticket.offset));
            }
            offsets.sort_unstable();
            assert!(offsets.into_iter().eq((0..).take(n_jobs)));
        }
        assert!(began.elapsed() < TIMEOUT, "a result lay there and nobody was woken");
    }
}
