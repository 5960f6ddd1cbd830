//! A Kafka of a test's own, whose brokers it may stop, kill and configure: `tests/broker/kafka.sh` in a folder of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::kafka::Kafka;
use super::{kafka_for, note};

/// One such cluster at a time: each broker is a JVM, and the machine of a test run is small.
static ONLY_ONE: Mutex<()> = Mutex::new(());

/// What differs from the usual cluster.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// 0 and 1 mean one.
    pub(super) n_brokers: usize,
    /// Lines for `server.properties`.
    pub(super) settings: String,
    /// `NAME://127.0.0.1:PORT`, separated by commas.
    pub(super) listeners: String,
    /// Largest file of a broker, KiB: stands for the size of its disk.
    pub(super) max_file_kib: Option<u32>,
}

/// A running cluster. Dropping it ends it and deletes its data.
pub(super) struct Cluster {
    pub(super) kafka: Kafka,
    folder: PathBuf,
    n_brokers: usize,
    max_file_kib: Option<u32>,
    _only_one: MutexGuard<'static, ()>,
}

impl Cluster {
    /// Starts one; `None`, and says so, where the tests against a real Kafka are left out.
    pub(super) fn start(test: &str, wish: &Wish) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if std::env::var_os("KLARTEXT_CHAOS").is_none() {
            kafka_for(test)?;
        }
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("kafka-{test}-{}-{nth}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the cluster");
        let settings = folder.join("settings");
        fs::write(&settings, &wish.settings).expect("a file in the folder");
        let start = |port: u32| {
            let mut start = script(&folder, wish.max_file_kib);
            start.args(["start", "--brokers", &wish.n_brokers.max(1).to_string()]);
            start.env("KLARTEXT_KAFKA_SETTINGS", &settings);
            start.env("KLARTEXT_KAFKA_PORT", port.to_string());
            start.env("KLARTEXT_KAFKA_LISTENERS", &wish.listeners);
            start
        };
        // Below the ports that clients are given, and far from where `tests/run` looks for its own. A port that was free a
        // moment ago may be taken all the same: then elsewhere.
        let port = 10_000 + (std::process::id() + nth * 37) % 900 * 10;
        let is_up = start(port).output().is_ok_and(|started| started.status.success());
        if !is_up {
            let mut stop = script(&folder, None);
            drop(stop.arg("stop").output());
            fs::create_dir_all(&folder).expect("a folder for the cluster");
            fs::write(&settings, &wish.settings).expect("a file in the folder");
            run(start(port + 500), &folder.join("kafka.sh.log"));
        }
        let brokers = fs::read_to_string(folder.join("bootstrap")).expect("the cluster's address");
        let kafka = Kafka::at(brokers.trim().to_owned());
        let n_brokers = wish.n_brokers.max(1);
        Some(Self {
            kafka,
            folder,
            n_brokers,
            max_file_kib: wish.max_file_kib,
            _only_one: only_one,
        })
    }

    /// `stop-broker`, `kill-broker` or `start-broker`; returns when it is done.
    pub(super) fn broker(&self, command: &str, id: usize) {
        let mut change = script(&self.folder, self.max_file_kib);
        change.args([command, &id.to_string()]);
        run(change, &self.folder.join("kafka.sh.log"));
    }

    /// Gives the brokers a larger disk from their next start on.
    pub(super) fn lift_max_file(&mut self) {
        self.max_file_kib = None;
    }

    /// One of Kafka's own tools.
    pub(super) fn tool(&self, arguments: &[&str]) {
        let mut tool = script(&self.folder, None);
        tool.arg("tool").args(arguments);
        run(tool, &self.folder.join("kafka.sh.log"));
    }

    /// Where its logs are.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let run = |arguments: &[&str]| {
            let mut script = script(&self.folder, None);
            script.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
            drop(script.status());
        };
        if std::thread::panicking() {
            // Whoever looks into it finds everything in the logs of the brokers and in their data.
            (1..=self.n_brokers).for_each(|id| run(&["kill-broker", &id.to_string()]));
            note(&format!("the cluster's data and logs stay in {}", self.folder.display()));
        } else {
            run(&["stop"]);
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

fn script(folder: &Path, max_file_kib: Option<u32>) -> Command {
    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broker/kafka.sh"));
    script
        .env("KLARTEXT_KAFKA_DIR", folder)
        .env("KLARTEXT_KAFKA_HEAP", "320m")
        .stdin(Stdio::null());
    if let Some(max_file_kib) = max_file_kib {
        script.env("KLARTEXT_KAFKA_MAX_FILE", max_file_kib.to_string());
    }
    script
}

fn run(mut command: Command, log: &Path) {
    let file = File::options().create(true).append(true).open(log).expect("a log in the folder");
    command.stdout(file.try_clone().expect("a second handle")).stderr(file);
    let status = command.status().expect("bash is there");
    let said = || fs::read_to_string(log).unwrap_or_default();
    assert!(status.success(), "{command:?} ended with {status}\n{}", said());
}
