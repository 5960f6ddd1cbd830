//! The built `klartext` as a child process: its configuration, its signals, its logs.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::kafka::{Kafka, Topics, pause};

/// What differs between the tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup {
    pub(super) delivery: &'static str,
    pub(super) group_protocol: &'static str,
    /// `commit.interval`.
    pub(super) commit_interval: &'static str,
    /// `commit.transaction_timeout`.
    pub(super) transaction_timeout: &'static str,
    /// Whether `input.instance_id` is set: a restart then takes its partitions up again without a rebalance.
    pub(super) is_static_member: bool,
    /// Whether the end of each transaction waits for its last batch, so that the first articles are out while it is open.
    pub(super) has_long_transactions: bool,
    /// `limits`, as YAML.
    pub(super) limits: &'static str,
}

impl Setup {
    /// What most tests want.
    pub(super) const DEFAULT: Self = Self {
        delivery: "exactly_once",
        group_protocol: "classic",
        commit_interval: "200ms",
        transaction_timeout: "10s",
        is_static_member: false,
        has_long_transactions: false,
        limits: "{}",
    };

    /// Transactions that a kill can hardly miss: they stay open for 300 ms after their first batch.
    pub(super) fn with_long_transactions() -> Self {
        Self { commit_interval: "1s", has_long_transactions: true, ..Self::default() }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// One running process. Dropping it kills it.
pub(super) struct Klartext {
    child: Child,
    name: String,
    config: PathBuf,
    log: PathBuf,
}

/// Longest time a process may take to end after SIGTERM, drain and all.
const END: Duration = Duration::from_secs(30);

impl Klartext {
    /// Starts `klartext run`; `name` tells the processes of a group apart and is the same after a restart.
    pub(super) fn start(kafka: &Kafka, topics: &Topics, name: &str, setup: Setup) -> Self {
        let configuration = configuration(kafka, topics, name, setup);
        Self::start_as(name, &topics.group, &configuration, &[])
    }

    /// As [`Klartext::start`], with more sections in the configuration and more arguments.
    pub(super) fn start_with_more(
        kafka: &Kafka,
        topics: &Topics,
        more: &str,
        arguments: &[&str],
    ) -> Self {
        let configuration = configuration(kafka, topics, "one", Setup::default()) + more;
        Self::start_as("one", &topics.group, &configuration, arguments)
    }

    /// As systemd starts a `Type=notify` service with a watchdog.
    pub(super) fn start_notifying(
        kafka: &Kafka,
        topics: &Topics,
        socket: &std::path::Path,
        watchdog: Duration,
    ) -> Self {
        let folder = folder(&topics.group);
        let config = folder.join("one.yaml");
        fs::write(&config, configuration(kafka, topics, "one", Setup::default()))
            .expect("a file in the test folder");
        let mut command = Command::new(program());
        command
            .env("NOTIFY_SOCKET", socket)
            .env("WATCHDOG_USEC", watchdog.as_micros().to_string())
            .args(["run", "--config"])
            .arg(&config);
        Self::spawn("one", &folder, &config, command)
    }

    fn start_as(name: &str, group: &str, configuration: &str, arguments: &[&str]) -> Self {
        let folder = folder(group);
        let config = folder.join(format!("{name}.yaml"));
        fs::write(&config, configuration).expect("a file in the test folder");
        Self::start_with(name, &folder, &config, arguments)
    }

    /// Writes its configuration anew, with something replaced.
    pub(super) fn change_configuration(&self, from: &str, to: &str) {
        let text = fs::read_to_string(&self.config).expect("the configuration is readable");
        assert!(text.contains(from), "no `{from}` in\n{text}");
        fs::write(&self.config, text.replace(from, to)).expect("the configuration is writable");
    }

    /// As [`Klartext::start`], with a second configuration file laid over the first, and variables of the environment.
    pub(super) fn start_over(
        kafka: &Kafka,
        topics: &Topics,
        name: &str,
        over: &str,
        environment: &[(&str, &str)],
    ) -> Self {
        let folder = folder(&topics.group);
        let (config, second) = (folder.join(format!("{name}.yaml")), folder.join("over.yaml"));
        fs::write(&config, configuration(kafka, topics, name, Setup::default()))
            .expect("a file in the test folder");
        fs::write(&second, over).expect("a file in the test folder");
        let mut command = run_command(&config);
        command.arg("--config").arg(second).envs(environment.iter().copied());
        Self::spawn(name, &folder, &config, command)
    }

    fn start_with(
        name: &str,
        folder: &std::path::Path,
        config: &std::path::Path,
        arguments: &[&str],
    ) -> Self {
        let mut command = Command::new(program());
        command.arg("run").args(arguments).arg("--config").arg(config);
        Self::spawn(name, folder, config, command)
    }

    fn spawn(
        name: &str,
        folder: &std::path::Path,
        config: &std::path::Path,
        mut command: Command,
    ) -> Self {
        let log = (0..1_000)
            .map(|nth| folder.join(format!("{name}-{nth}.log")))
            .find(|log| !log.exists())
            .expect("a free name");
        let stderr = File::create(&log).expect("a log in the test folder");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("the program starts");
        Self { child, name: name.to_owned(), config: config.to_owned(), log }
    }

    /// SIGKILL: no drain, no commit, no goodbye.
    pub(super) fn kill(&mut self) {
        self.must_run();
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it can be waited for");
    }

    /// As [`Klartext::kill`], though it may have ended by itself.
    pub(super) fn kill_now(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it can be waited for")
    }

    /// SIGTERM, and the last summary of a process that ended well.
    pub(super) fn terminate(mut self) -> Summary {
        self.signal("TERM");
        let status = self.wait(END);
        assert_eq!(status.code(), Some(0), "{} ended with {status}\n{}", self.name, self.tail());
        self.last_summary()
    }

    pub(super) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().expect("kill is there");
        assert!(sent.success(), "{} is gone already\n{}", self.name, self.tail());
    }

    pub(super) fn signal_if_alive(&mut self, signal: &str) {
        if self.ended().is_none() {
            self.signal(signal);
        }
    }

    pub(super) fn wait(&mut self, limit: Duration) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status;
            }
            assert!(
                began.elapsed() < limit,
                "{} has not ended after {} s\n{}",
                self.name,
                limit.as_secs(),
                self.tail()
            );
            pause();
        }
    }

    /// Fails if the process has ended by itself.
    pub(super) fn must_run(&mut self) {
        if let Some(status) = self.child.try_wait().expect("it can be waited for") {
            panic!("{} ended with {status}\n{}", self.name, self.tail());
        }
    }

    /// Every log line so far.
    pub(super) fn log(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.log).expect("the log is readable");
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The log as text.
    pub(super) fn text(&self) -> String {
        fs::read_to_string(&self.log).expect("the log is readable")
    }

    /// Until the group has given it work; in a cooperative group its first assignment may be empty.
    pub(super) fn wait_for_partitions(&mut self, limit: Duration) {
        let has_partitions = |line: &Value| {
            line["event.name"] == "klartext.partitions.assigned"
                && line["klartext.partitions"].as_str().is_some_and(|names| !names.is_empty())
        };
        let began = Instant::now();
        while !self.log().iter().any(has_partitions) {
            self.must_run();
            let waited = began.elapsed();
            assert!(waited < limit, "{} was given no partitions\n{}", self.name, self.tail());
            pause();
        }
    }

    /// Until it logged this.
    pub(super) fn wait_for_text(&mut self, text: &str, limit: Duration) {
        let began = Instant::now();
        while !self.text().contains(text) {
            self.must_run();
            assert!(began.elapsed() < limit, "it never said `{text}`\n{}", self.tail());
            pause();
        }
    }

    /// The most memory it had at once.
    pub(super) fn peak_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kib * 1024
    }

    fn last_summary(&self) -> Summary {
        let log = self.log();
        let line = log.iter().rev().find(|line| line["klartext.is_final"] == true);
        Summary(
            line.unwrap_or_else(|| panic!("{} logged no last summary\n{}", self.name, self.tail()))
                .clone(),
        )
    }

    /// The end of its log.
    pub(super) fn tail(&self) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(25)..];
        format!("--- the end of {}\n{}", self.log.display(), last.join("\n"))
    }
}

impl Drop for Klartext {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The outcome account of one process, from its last line.
#[derive(Debug)]
pub(super) struct Summary(Value);

impl Summary {
    pub(super) fn count(&self, name: &str) -> u64 {
        let field = format!("klartext.{name}");
        self.0[field.as_str()].as_u64().unwrap_or_else(|| panic!("no `{field}` in {}", self.0))
    }

    /// Every record this process read is in exactly one place.
    pub(super) fn must_balance(&self) {
        let outcomes = ["published", "rejected", "tombstones", "dead_lettered", "discarded"];
        let sum: u64 = outcomes.iter().map(|name| self.count(name)).sum();
        assert_eq!(
            self.count("received"),
            sum,
            "received is not the sum of the outcomes: {}",
            self.0
        );
        assert_eq!(self.count("in_flight"), 0, "something is left in flight: {}", self.0);
    }
}

/// Runs `klartext run` with a configuration of the test's own until it ends by itself.
pub(super) fn run_to_end(test: &str, configuration: &str, limit: Duration) -> (ExitStatus, String) {
    let folder = folder(&format!("{test}-{}", std::process::id()));
    let config = folder.join("klartext.yaml");
    fs::write(&config, configuration).expect("a file in the test folder");
    let mut klartext = Klartext::start_with("klartext", &folder, &config, &[]);
    let status = klartext.wait(limit);
    (status, klartext.text())
}

/// Another command of klartext, with the configuration that a process of that name was started with.
pub(super) fn command(topics: &Topics, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).arg("--config").arg(folder(&topics.group).join(format!("{name}.yaml")));
    command.stdin(Stdio::null());
    command
}

/// `klartext run` with this configuration.
pub(super) fn run_command(config: &std::path::Path) -> Command {
    let mut command = Command::new(program());
    command.args(["run", "--config"]).arg(config).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// The program under test: the one that was built with the tests, or the one that `KLARTEXT_TEST_PROGRAM` names.
pub(super) fn program() -> std::ffi::OsString {
    std::env::var_os("KLARTEXT_TEST_PROGRAM")
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_klartext").into())
}

/// Where configuration and logs of a test are; kept, for whoever looks into a failure.
pub(super) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("broker").join(name);
    fs::create_dir_all(&folder).expect("the test folder can be made");
    folder
}

pub(super) fn configuration(kafka: &Kafka, topics: &Topics, name: &str, setup: Setup) -> String {
    let Setup {
        delivery,
        group_protocol,
        commit_interval,
        transaction_timeout,
        is_static_member,
        has_long_transactions,
        limits,
    } = setup;
    let Topics { input, output, rejected, dead, group } = topics;
    let brokers = &kafka.brokers;
    // A killed member is missed after its session timeout: 6 s is the shortest that brokers allow by default. With the
    // new protocol the broker sets it.
    let session = match group_protocol {
        "classic" => "{session.timeout.ms: \"6000\", heartbeat.interval.ms: \"1000\"}",
        _ => "{}",
    };
    let batches = if has_long_transactions {
        "{linger.ms: \"300\", batch.size: \"4096\", batch.num.messages: \"10\"}"
    } else {
        "{}"
    };
    let instance_id = if is_static_member { name } else { "null" };
    format!(
        "version: 1
delivery: {delivery}
kafka:
  brokers: [{}]
  consumer_options: {session}
  producer_options: {batches}
input:
  topics: [{input}]
  group_id: {group}
  group_protocol: {group_protocol}
  instance_id: {instance_id}
output:
  topic: {output}
rejected:
  topic: {rejected}
dead_letter:
  topic: {dead}
commit:
  interval: {commit_interval}
  transaction_timeout: {transaction_timeout}
  transactional_id: {group}-{name}
workers:
  threads: 2
limits: {limits}
log:
  format: json
  level: info
  summary_interval: 2s
",
        quoted(brokers)
    )
}

fn quoted(brokers: &str) -> String {
    brokers.split(',').map(|broker| format!("\"{broker}\"")).collect::<Vec<_>>().join(", ")
}
