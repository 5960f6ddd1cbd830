//! The shell around the line: consumer group, workers, transactions, shutdown.

mod account;
mod acknowledge;
mod address;
mod breaker;
pub mod client;
mod dead_letter;
mod deadline;
mod error;
pub mod events;
mod gap;
pub mod health;
mod intake;
pub mod ledger;
pub mod letter;
mod live;
mod narrate;
mod oauth;
mod outlet;
mod place;
pub mod probe;
mod publish;
mod repair;
pub mod replay;
pub mod requests;
mod shutdown;
mod snapshot;
mod startup;
mod stream;
mod summary;
pub mod supervisor;
mod transaction;
mod trouble;
mod txn_fault;
mod watchdog;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

pub use account::{Account, Settlement};
pub use client::host_name;
pub use error::ServiceError;
pub use live::{Live, LiveRules};
pub use shutdown::Shutdown;
pub use watchdog::{OnStuck, Pulse};
pub use worker::is_worker_name;

use self::acknowledge::Acknowledgements;
use self::intake::Intake;
use self::outlet::Outlet;
use self::publish::Publisher;
use self::stream::{DeliveryState, Parts, Stream};
use self::transaction::Transactions;
use self::trouble::{Trouble, is_refusal};
use self::watchdog::Watchdog;
use self::worker::{Craft, Workers};
use crate::config::{Config, Delivery};
use crate::model::{Origin, Record};
use crate::pipeline::{self, Outcome};
use crate::rules::Rules;

/// A record that is settled: its output is acknowledged (at least once) or its transaction committed (exactly once).
#[derive(Debug)]
pub struct Settled<'a> {
    /// Where it came from.
    pub origin: &'a Origin,
    /// The record as it came in.
    pub record: &'a Record,
    /// How it ended.
    pub settlement: Settlement,
}

/// Called for every settled record, in offset order per partition, on the thread of the service: be quick.
pub type Observer = Box<dyn FnMut(&Settled<'_>) + Send>;

/// What one record becomes. The service uses [`pipeline::clean`]; tests put a slow or panicking one in its place.
pub type Clean = fn(&Record, &Rules) -> Outcome;

/// What a caller may hang into the service: `klartext demo` and the tests watch it, `klartext run` does not.
pub struct Hooks {
    /// Called for every settled record.
    pub observer: Option<Observer>,
    /// What the workers do.
    pub clean: Clean,
    /// Where other threads see how things stand.
    pub live: Live,
    /// What the watchdog does when the service is stuck; without it there is none.
    pub on_stuck: Option<OnStuck>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { observer: None, clean: pipeline::clean, live: Live::default(), on_stuck: None }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("observed", &self.observer.is_some()).finish_non_exhaustive()
    }
}

/// Runs the service on the calling thread until `shutdown` is requested and everything in flight is settled, or something
/// fails for good. Gives the final account, in which nothing is in flight. The thread must not be one of tokio's workers:
/// it blocks.
///
/// # Errors
/// See [`ServiceError`]; none of them loses a record.
pub fn run(
    config: &Config,
    rules: impl Into<LiveRules>,
    shutdown: &Shutdown,
    mut hooks: Hooks,
) -> Result<Account, ServiceError> {
    let on_stuck = hooks.on_stuck.take();
    let consumer = connect(config, rules.into(), shutdown, hooks)?;
    let intake = Arc::clone(consumer.context());
    let _watchdog = on_stuck.map(|on_stuck| watch(&intake, config, on_stuck)).transpose()?;
    let result = start(&consumer, config)
        .and_then(|()| read_until(&consumer, shutdown))
        .and_then(|()| drain(&consumer, shutdown, config.shutdown.drain_timeout));
    intake.stream().deadline = Some(Instant::now());
    close(consumer);
    let mut stream = intake.stream();
    let Stream { meters, account, ledger, .. } = &mut *stream;
    meters.report_all(account, ledger);
    let ended_well = result.is_ok();
    tracing::info!(event.name = events::STOPPED, klartext.clean = ended_well, "stopped");
    result.map(|()| account.clone())
}

/// How often the loop looks for results while the input is silent: with and without work in flight.
const POLL_BUSY: Duration = Duration::from_millis(5);
const POLL_IDLE: Duration = Duration::from_millis(50);

/// So long the loop may do without reading before it pauses and polls again, for the group must hear from us within
/// `max.poll.interval.ms`. Short stalls are only waited out: pausing throws the prefetched records away.
const LONGEST_STALL: Duration = Duration::from_secs(10);

/// Longest wait for the group to let us go.
const LONGEST_CLOSE: Duration = Duration::from_secs(10);

/// Makes all parts; nothing is read yet.
fn connect(
    config: &Config,
    rules: LiveRules,
    shutdown: &Shutdown,
    hooks: Hooks,
) -> Result<BaseConsumer<Intake>, ServiceError> {
    let options = |source| ServiceError::Options { source };
    let trouble = Arc::new(Trouble::of(hooks.live.clone()));
    let outlet = Outlet::connect(config, Arc::clone(&trouble)).map_err(options)?;
    let publisher = Publisher::new(config);
    let n_threads = match config.workers.threads {
        0 => thread::available_parallelism().map_or(1, std::num::NonZero::get),
        n_threads => n_threads,
    };
    let capacity = n_threads * config.workers.pages_per_thread.max(1);
    let craft = Craft { rules: rules.clone(), publisher: publisher.clone(), clean: hooks.clean };
    let workers = Workers::start(n_threads, capacity, craft)
        .map_err(|error| ServiceError::Internal(format!("cannot start a thread: {error}")))?;
    let delivery = match config.delivery {
        Delivery::ExactlyOnce => DeliveryState::ExactlyOnce(Transactions::new()),
        Delivery::AtLeastOnce => DeliveryState::AtLeastOnce(Acknowledgements::new()),
    };
    let mut stream = Stream::new(Parts {
        config: config.clone(),
        workers,
        outlet,
        delivery,
        publisher,
        trouble: Arc::clone(&trouble),
        pulse: hooks.live.pulse().clone(),
        shutdown: shutdown.clone(),
        observer: hooks.observer,
    });
    stream.meters.live = hooks.live;
    stream.meters.rules = Some(rules);
    let intake = Intake::new(stream, trouble);
    client::consumer_config(config).create_with_context(intake).map_err(options)
}

/// Checks what must be there, ends a predecessor's transaction, joins the group.
fn start(consumer: &BaseConsumer<Intake>, config: &Config) -> Result<(), ServiceError> {
    startup::check(consumer, config)?;
    if config.delivery == Delivery::ExactlyOnce {
        consumer.context().stream().init_transactions(config.commit.transaction_timeout)?;
    }
    let topics: Vec<&str> = config.input.topics.iter().map(String::as_str).collect();
    consumer
        .subscribe(&topics)
        .map_err(|error| ServiceError::Consumer { reason: error.to_string() })?;
    tracing::info!(
        event.name = events::STARTED,
        messaging.system = "kafka",
        messaging.consumer.group.name = config.input.group_id,
        klartext.delivery = config.delivery.as_str(),
        klartext.topics = topics.join(", "),
        "started"
    );
    supervisor::ready();
    Ok(())
}

fn watch(intake: &Intake, config: &Config, on_stuck: OnStuck) -> Result<Watchdog, ServiceError> {
    watchdog::watch(intake.stream().pulse.clone(), config.shutdown.stuck_timeout, on_stuck)
        .map_err(|error| ServiceError::Internal(format!("cannot start a thread: {error}")))
}

/// The loop: read while there is room, else wait for results; then send and commit what is ready.
fn read_until(consumer: &BaseConsumer<Intake>, shutdown: &Shutdown) -> Result<(), ServiceError> {
    let intake = consumer.context();
    let mut stall = Stall::default();
    while !shutdown.is_requested() {
        let (has_room, is_busy) = {
            let stream = intake.stream();
            stream.pulse.beat();
            (stream.has_room(), stream.ledger.n_open() > 0)
        };
        stall.update(consumer, has_room);
        if has_room || stall.is_paused {
            read(consumer, if is_busy { POLL_BUSY } else { POLL_IDLE })?;
        } else {
            intake.stream().wait(POLL_BUSY)?;
        }
        intake.stream().advance(consumer)?;
    }
    Ok(())
}

/// Reads one record, if there is one, and serves the callbacks.
fn read(consumer: &BaseConsumer<Intake>, timeout: Duration) -> Result<(), ServiceError> {
    let intake = consumer.context();
    match consumer.poll(timeout) {
        None => Ok(()),
        Some(Ok(message)) => {
            let (source, record) = intake.copy(&message);
            drop(message);
            intake.stream().accept(consumer, &source, record)
        }
        Some(Err(error)) => take_poll_error(intake, &error),
    }
}

/// `poll` speaks of every broker that is away; only what librdkafka calls fatal is, and an ACL that keeps us from ever
/// beginning.
fn take_poll_error(intake: &Intake, error: &KafkaError) -> Result<(), ServiceError> {
    let stream = intake.stream();
    if let KafkaError::MessageConsumptionFatal(code) = error {
        if *code == RDKafkaErrorCode::FencedInstanceId {
            let instance_id = stream.config.input.instance_id.clone().unwrap_or_default();
            return Err(ServiceError::Fenced { instance_id });
        }
        return Err(ServiceError::Consumer { reason: code.to_string() });
    }
    let has_begun = stream.account.received > 0 || stream.ledger.partitions().next().is_some();
    if let Some(code) = error.rdkafka_error_code().filter(|code| is_refusal(*code) && !has_begun) {
        let what = format!("the group `{}` or its topics", stream.config.input.group_id);
        return Err(ServiceError::Refused { what, reason: code.to_string() });
    }
    stream.trouble.report(error, "");
    Ok(())
}

/// How long the loop has been doing without reading.
#[derive(Debug, Default)]
struct Stall {
    since: Option<Instant>,
    is_paused: bool,
}

impl Stall {
    fn update(&mut self, consumer: &BaseConsumer<Intake>, has_room: bool) {
        if has_room {
            self.since = None;
            if self.is_paused {
                self.is_paused = false;
                // Fails for partitions that are gone, which need none.
                let _gone = consumer.resume(&stream::assignment(consumer));
                tracing::info!(event.name = events::RESUMED, "reading goes on");
            }
            return;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() < LONGEST_STALL {
            return;
        }
        // Again and again, for a rebalance in between brings partitions that are not paused.
        let _gone = consumer.pause(&stream::assignment(consumer));
        if !self.is_paused {
            self.is_paused = true;
            tracing::warn!(
                event.name = events::PAUSED,
                "the output does not keep up; reading is paused"
            );
        }
    }
}

/// Reads nothing more, and finishes what is in flight. Polls on: the group may want something.
fn drain(
    consumer: &BaseConsumer<Intake>,
    shutdown: &Shutdown,
    timeout: Duration,
) -> Result<(), ServiceError> {
    let intake = consumer.context();
    let deadline = shutdown.requested_at().unwrap_or_else(Instant::now) + timeout;
    let n_open = intake.stream().ledger.n_open();
    tracing::info!(event.name = events::DRAINING, klartext.in_flight = n_open, "draining");
    {
        let mut stream = intake.stream();
        stream.deadline = Some(deadline);
        stream.meters.draining();
    }
    let _gone = consumer.pause(&stream::assignment(consumer));
    while intake.stream().ledger.n_open() > 0 {
        if Instant::now() >= deadline {
            let n_open = intake.stream().ledger.n_open();
            let error = ServiceError::DrainTimeout { timeout, n_open };
            tracing::error!(
                event.name = events::DRAIN_TIMEOUT,
                klartext.in_flight = n_open,
                "{error}"
            );
            return Err(error);
        }
        // A record that was on its way is dropped: it has no slot, so no offset beyond it is ever committed.
        drop(consumer.poll(Duration::ZERO));
        let mut stream = intake.stream();
        stream.pulse.beat();
        stream.wait(POLL_BUSY)?;
        stream.advance(consumer)?;
    }
    let partitions = intake.stream().partitions();
    intake.stream().drain(consumer, &partitions)
}

/// Leaves the group. With the brokers away this can take long, so it is waited for only so long.
fn close(consumer: BaseConsumer<Intake>) {
    let (sender, closed) = crossbeam_channel::bounded::<()>(1);
    let closing = thread::Builder::new().name("close".to_owned()).spawn(move || {
        drop(consumer);
        drop(sender);
    });
    if closing.is_ok() {
        // Disconnected: closed. Timed out: left behind.
        let _either = closed.recv_timeout(LONGEST_CLOSE);
    }
}
