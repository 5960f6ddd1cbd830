//! What is done to the processes and the brokers while pages come in.

use std::fmt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;

use super::plan::{Dice, Plan};
use crate::real::cluster::Cluster;
use crate::real::kafka::{Isolation, Kafka, Topics, pause};
use crate::real::pages::Page;
use crate::real::program::{Klartext, Setup};

/// A frozen process is missed by the group after its session timeout, 6 s in these tests: some thaw before, some after.
const FREEZE_MS: std::ops::Range<u64> = 2_000..11_000;

/// Exit codes that mean "start me again": no broker, transactions that cannot go on, a drain that took too long.
const START_AGAIN: [i32; 2] = [69, 75];

/// What was done, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Counts {
    kills: usize,
    stops: usize,
    freezes: usize,
    guests: usize,
    broker_kills: usize,
    broker_stops: usize,
    pub(super) ended_by_themselves: usize,
    aborted: usize,
    recreated: usize,
    revoked: usize,
    lost: usize,
}

impl Counts {
    /// Counts what the processes logged.
    pub(super) fn read_logs(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("the logs are there") {
            let path = entry.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "log") {
                let text = std::fs::read_to_string(&path).expect("a log is text");
                let count = |event: &str| text.matches(&format!("\"{event}\"")).count();
                self.aborted += count("klartext.transaction.aborted");
                self.recreated += count("klartext.producer.recreated");
                self.revoked += count("klartext.partitions.revoked");
                self.lost += count("klartext.partitions.lost");
            }
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "  done: {} kill -9, {} orderly restarts, {} freezes, {} guests; brokers: {} kill -9, {} stops\n  \
             seen: {} revocations, {} losses, {} aborted transactions, {} producers made anew, {} exits to be started again",
            self.kills,
            self.stops,
            self.freezes,
            self.guests,
            self.broker_kills,
            self.broker_stops,
            self.revoked,
            self.lost,
            self.aborted,
            self.recreated,
            self.ended_by_themselves
        )
    }
}

/// The processes of the group, and what a supervisor does for them: who ends is started again.
pub(super) struct Processes<'a> {
    kafka: &'a Kafka,
    topics: &'a Topics,
    setup: Setup,
    alive: Vec<(String, Klartext)>,
    n_ended: usize,
}

impl<'a> Processes<'a> {
    fn start(kafka: &'a Kafka, topics: &'a Topics, plan: &Plan) -> Self {
        let setup = Setup {
            delivery: plan.delivery,
            group_protocol: plan.group_protocol,
            ..Setup::with_long_transactions()
        };
        let mut all = Self { kafka, topics, setup, alive: Vec::new(), n_ended: 0 };
        for nth in 0..plan.n_processes {
            all.add(format!("p{nth}"));
        }
        all
    }

    fn add(&mut self, name: String) {
        let klartext = Klartext::start(self.kafka, self.topics, &name, self.setup);
        self.alive.push((name, klartext));
    }

    /// Starts those again that ended. Only some ends are allowed: a panic or a broken invariant is a failure.
    fn supervise(&mut self) {
        for (name, klartext) in &mut self.alive {
            if let Some(status) = klartext.ended() {
                let may = status.code().is_some_and(|code| START_AGAIN.contains(&code));
                assert!(may, "{name} ended with {status}\n{}", klartext.tail());
                self.n_ended += 1;
                *klartext = Klartext::start(self.kafka, self.topics, name, self.setup);
            }
        }
    }

    /// Supervises until it is so.
    pub(super) fn run_until(&mut self, mut is_so: impl FnMut() -> bool, limit: Duration) {
        let began = Instant::now();
        while !is_so() {
            self.supervise();
            let tails = || self.alive.iter().map(|(_, k)| k.tail()).collect::<String>();
            assert!(began.elapsed() < limit, "not done after {} s\n{}", limit.as_secs(), tails());
            pause();
        }
    }

    /// Feeds these pages, kills the first process as soon as one of their articles is out, and starts it again.
    pub(super) fn kill_in_the_middle(&mut self, pages: &[Page]) {
        self.supervise();
        let watch = self.kafka.watch(&self.topics.output, Isolation::Uncommitted);
        see_what_is_there(&watch);
        self.kafka.produce(&self.topics.input, pages);
        wait_for_new_article(&watch);
        let (name, mut klartext) = self.alive.swap_remove(0);
        klartext.kill_now();
        self.add(name);
    }

    /// SIGTERM to all; each must drain, and account for every record. Gives how often one had ended by itself before.
    pub(super) fn end_well(self) -> usize {
        for (_, klartext) in self.alive {
            klartext.terminate().must_balance();
        }
        self.n_ended
    }

    fn wait(&mut self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time {
            self.supervise();
            pause();
        }
    }
}

/// Feeds the pages over the time of the plan, and meanwhile breaks things.
pub(super) fn torment<'a>(
    cluster: &'a Cluster,
    topics: &'a Topics,
    plan: &Plan,
    pages: &[Page],
) -> (Processes<'a>, Counts) {
    let mut processes = Processes::start(&cluster.kafka, topics, plan);
    processes.run_until(|| cluster.kafka.try_lag(topics).is_ok(), Duration::from_mins(1));
    let until = Instant::now() + plan.time;
    let mut counts = Counts::default();
    thread::scope(|scope| {
        let feeding = scope.spawn(|| feed(&cluster.kafka, topics, pages, plan.time));
        let brokers = scope.spawn(|| torment_brokers(cluster, plan, until));
        torment_processes(&mut processes, plan, until, &mut counts);
        (counts.broker_kills, counts.broker_stops) = brokers.join().expect("the brokers came back");
        processes.run_until(|| feeding.is_finished(), Duration::from_mins(2));
        feeding.join().expect("all pages went in");
    });
    (processes, counts)
}

/// Pages come in a steady stream.
fn feed(kafka: &Kafka, topics: &Topics, pages: &[Page], time: Duration) {
    let n_portions = usize::try_from(time.as_millis() / 250).expect("a short time").max(1);
    let began = Instant::now();
    let feeder = kafka.feeder();
    for (nth, portion) in pages.chunks(pages.len().div_ceil(n_portions)).enumerate() {
        feeder.put(&topics.input, portion);
        while began.elapsed() < Duration::from_millis(250) * u32::try_from(nth).expect("few") {
            pause();
        }
    }
    feeder.finish();
}

/// One broker at a time goes, in order or not, and comes back. Gives how many were killed and stopped.
///
/// Not where there is only one. While it comes back its partitions have no leader, and Kafka (4.3.1) then takes them for
/// deleted ones: a transaction that is ending is declared ended without a mark in them. Records of an aborted transaction are
/// read as committed then, and offsets stay unstable for ever, whatever a client does.
fn torment_brokers(cluster: &Cluster, plan: &Plan, until: Instant) -> (usize, usize) {
    let mut dice = plan.dice(1);
    let (mut n_kills, mut n_stops) = (0, 0);
    if plan.n_brokers == 1 {
        return (n_kills, n_stops);
    }
    let wait = |time: Duration| {
        let end = (Instant::now() + time).min(until);
        while Instant::now() < end {
            pause();
        }
    };
    loop {
        wait(dice.time(5_000..15_000));
        if Instant::now() >= until {
            return (n_kills, n_stops);
        }
        let id = 1 + dice.below(plan.n_brokers);
        if dice.below(2) == 0 {
            n_kills += 1;
            cluster.broker("kill-broker", id);
        } else {
            n_stops += 1;
            cluster.broker("stop-broker", id);
        }
        wait(dice.time(1_000..8_000));
        cluster.broker("start-broker", id);
    }
}

/// Kills, restarts, freezes and guests, one after the other.
fn torment_processes(
    processes: &mut Processes<'_>,
    plan: &Plan,
    until: Instant,
    counts: &mut Counts,
) {
    let mut dice = plan.dice(2);
    let watch = processes.kafka.watch(&processes.topics.output, Isolation::Uncommitted);
    let mut nth = 0;
    while Instant::now() < until {
        processes.wait(dice.time(1_500..5_000));
        let victim = dice.below(processes.alive.len());
        // Every kind has its turn, so that the shortest run has seen them all.
        match nth % 5 {
            0 | 3 => {
                wait_for_open_transaction(&watch);
                kill(processes, victim, &mut dice, counts);
            }
            1 => freeze(processes, victim, &mut dice, counts),
            2 => guest(processes, &mut dice, counts),
            _ => restart(processes, victim, counts),
        }
        nth += 1;
    }
}

/// Until an article comes out that was not there before: then someone is in the middle of a transaction. Not for long: there
/// may be nothing to do at the moment, or no broker.
fn wait_for_open_transaction(watch: &BaseConsumer) {
    see_what_is_there(watch);
    wait_for_new_article(watch);
}

/// What came out until now.
fn see_what_is_there(watch: &BaseConsumer) {
    while watch.poll(Duration::from_millis(50)).is_some_and(|seen| seen.is_ok()) {}
}

fn wait_for_new_article(watch: &BaseConsumer) {
    let deadline = Instant::now() + Duration::from_secs(4);
    while Instant::now() < deadline
        && !matches!(watch.poll(Duration::from_millis(100)), Some(Ok(_)))
    {}
}

fn kill(processes: &mut Processes<'_>, victim: usize, dice: &mut Dice, counts: &mut Counts) {
    counts.kills += 1;
    processes.supervise();
    let (name, mut klartext) = processes.alive.swap_remove(victim);
    klartext.kill_now();
    processes.wait(dice.time(0..4_000));
    processes.add(name);
}

/// SIGTERM and a new start: partitions move twice.
fn restart(processes: &mut Processes<'_>, victim: usize, counts: &mut Counts) {
    counts.stops += 1;
    processes.supervise();
    let (name, mut klartext) = processes.alive.swap_remove(victim);
    klartext.signal_if_alive("TERM");
    // With the brokers away it may have to give up its drain.
    klartext.wait(Duration::from_mins(1));
    processes.add(name);
}

/// A process that thinks it still owns what the group gave to others meanwhile.
fn freeze(processes: &mut Processes<'_>, victim: usize, dice: &mut Dice, counts: &mut Counts) {
    counts.freezes += 1;
    processes.alive[victim].1.signal_if_alive("STOP");
    processes.wait(dice.time(FREEZE_MS));
    processes.alive[victim].1.signal_if_alive("CONT");
}

/// One process more for a while.
fn guest(processes: &mut Processes<'_>, dice: &mut Dice, counts: &mut Counts) {
    counts.guests += 1;
    processes.add(format!("guest{}", counts.guests));
    processes.wait(dice.time(4_000..9_000));
    if let Some((_, mut klartext)) = processes.alive.pop() {
        klartext.signal_if_alive("TERM");
        klartext.wait(Duration::from_mins(1));
    }
}
