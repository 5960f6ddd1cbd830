//! `klartext demo`: the same service as `klartext run`, on a broker inside this process (librdkafka's mock cluster), with a
//! dozen sample pages. No configuration, no network but the loopback.

mod broker;
mod samples;
mod show;

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::Args;
use rdkafka::mocking::MockCluster;

use super::{CommandError, Exit};
use crate::config::{
    Config, DeadLetter, Delivery, GroupProtocol, Input, Kafka, Log, LogLevel, Output, Rejected,
};
use crate::rules::Rules;
use crate::service::{self, Account, Hooks, Settlement, Shutdown};

use broker::Published;
use show::Screen;

/// The pages are few and small; a demonstration that takes longer than this is stuck.
const DEADLINE: Duration = Duration::from_secs(30);

/// Arguments of `klartext demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {}

/// Runs the demonstration.
///
/// # Errors
/// The embedded broker cannot be started, or the service failed on it.
pub fn run(_args: DemoArgs) -> Result<Exit, CommandError> {
    let samples = samples::load()?;
    let cluster = MockCluster::new(1).map_err(broker_failed)?;
    let config = demo_config(cluster.bootstrap_servers());
    let rules = Arc::new(Rules::compile(&config)?);
    let mut screen = Screen::new();

    screen.introduce(&config, samples.len())?;
    broker::create_topics(&cluster, &config).map_err(broker_failed)?;
    broker::produce(&config, &samples).map_err(broker_failed)?;

    let started = Instant::now();
    let account = serve(&config, &rules, samples.len(), &mut screen)?;
    let took = started.elapsed();

    let published = broker::consume(&config).map_err(broker_failed)?;
    for sample in &samples {
        let outputs: Vec<&Published> =
            published.iter().filter(|output| output.is_of(sample)).collect();
        screen.page(sample, &outputs, &rules)?;
    }
    screen.conclude(&account, took)?;
    Ok(Exit::Success)
}

/// Runs the service until every sample is settled, and shows each as it ends.
fn serve(
    config: &Config,
    rules: &Arc<Rules>,
    n_samples: usize,
    screen: &mut Screen,
) -> Result<Account, CommandError> {
    let shutdown = Shutdown::new();
    let (sender, settled) = mpsc::channel::<(String, Settlement)>();
    let hooks = Hooks {
        observer: Some(Box::new(move |event| {
            let name = String::from_utf8_lossy(event.record.key.as_deref().unwrap_or_default());
            // The receiver outlives the service; if it is gone there is nobody to show it to.
            let _shown = sender.send((name.into_owned(), event.settlement));
        })),
        ..Hooks::default()
    };
    std::thread::scope(|scope| {
        let service = scope.spawn(|| service::run(config, Arc::clone(rules), &shutdown, hooks));
        let deadline = Instant::now() + DEADLINE;
        let mut n_settled = 0;
        let mut printed = Ok(());
        while n_settled < n_samples && printed.is_ok() {
            let left = deadline.saturating_duration_since(Instant::now());
            // An error here is the deadline, or the service ended early and says why below.
            let Ok((name, settlement)) = settled.recv_timeout(left) else { break };
            n_settled += 1;
            printed = screen.progress(n_settled, n_samples, &name, settlement);
        }
        shutdown.request();
        printed?;
        match service.join() {
            Ok(ended) => ended.map_err(|error| CommandError::message(Exit::Unavailable, error)),
            Err(_) => Err(CommandError::message(Exit::Internal, "the service panicked")),
        }
    })
}

/// The mock cluster knows no transactions, so the demonstration runs at least once; and it joins a group of the new
/// protocol (KIP-848) in a tenth of a second, one of the classic protocol in three seconds.
fn demo_config(brokers: String) -> Config {
    Config {
        delivery: Delivery::AtLeastOnce,
        kafka: Kafka {
            brokers: vec![brokers],
            client_id: "klartext-demo".to_owned(),
            ..Kafka::default()
        },
        input: Input {
            topics: vec!["pages.raw".to_owned()],
            group_id: "klartext-demo".to_owned(),
            group_protocol: GroupProtocol::Consumer,
            ..Input::default()
        },
        output: Output { topic: "articles.clean".to_owned(), ..Output::default() },
        rejected: Rejected { topic: Some("articles.rejected".to_owned()) },
        dead_letter: DeadLetter { topic: "articles.dead".to_owned(), ..DeadLetter::default() },
        log: Log { level: LogLevel::Error, ..Log::default() },
        ..Config::default()
    }
}

fn broker_failed(error: impl std::fmt::Display) -> CommandError {
    CommandError::message(Exit::Unavailable, format_args!("the embedded broker failed: {error}"))
}
