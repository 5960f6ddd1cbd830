//! What hostile pages cost: `cargo bench --bench hostile [-- NAME…]`. The pages are our own.
//!
//! Each family is cleaned at 1, 2, 4 and 8 MB. Printed are CPU milliseconds for each megabyte, the best of several runs;
//! time per byte may grow by no more than [`MOST_GROWTH`] from a size to any larger one. Then each family is cleaned
//! at 20 MB in a process of its own, which may take no more than [`MOST_SECONDS`] of CPU and [`MOST_MEBIBYTES`] of memory.
//! The exit code is 1 if one does. Linux only: times and memory are read from `/proc`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

#[path = "../hostile/mod.rs"]
mod hostile;

use std::fs;
use std::process::{Command, ExitCode};
use std::time::Duration;

use hostile::{FAMILIES, Family};
use klartext::pipeline;
use klartext::rules::Rules;

/// Sizes to compare, megabytes.
const SIZES: [usize; 4] = [1, 2, 4, 8];
const MEGABYTE: usize = 1_000_000;
/// Time per byte of a size over that of any smaller one.
const MOST_GROWTH: f64 = 2.0;
/// Below this much CPU time for each megabyte the clock and the caches say more than the program.
const NOTHING_MS: f64 = 10.0;
/// Size of the largest page, megabytes.
const LARGEST: usize = 20;
const MOST_SECONDS: f64 = 2.0;
const MOST_MEBIBYTES: u64 = 512;
/// Tells a child process which family to clean.
const CHILD: &str = "--largest=";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(name) = arguments.first().and_then(|argument| argument.strip_prefix(CHILD)) {
        clean_largest(name);
        return ExitCode::SUCCESS;
    }
    let is_wanted =
        |family: &&Family| arguments.is_empty() || arguments.iter().any(|name| name == family.name);
    let rules = [Rules::compile(&hostile::config(false)), Rules::compile(&hostile::config(true))];
    let rules = rules.map(Result::unwrap);
    println!("CPU milliseconds for a megabyte, at {SIZES:?} MB; growth; 20 MB: seconds, MiB");
    let mut n_bad = 0;
    for family in FAMILIES.iter().filter(is_wanted) {
        for (rules, limits) in rules.iter().zip(["default", "wide"]) {
            n_bad += usize::from(!is_linear(family, rules, limits));
        }
        n_bad += usize::from(!is_bounded(family));
    }
    println!("{n_bad} measurements over the limits");
    if n_bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether time per byte stays the same, whatever the size.
fn is_linear(family: &Family, rules: &Rules, limits: &str) -> bool {
    let costs = SIZES.map(|megabytes| {
        let record = family.record(megabytes * MEGABYTE);
        let mut best = Duration::MAX;
        let mut spent = Duration::ZERO;
        // Cheap ones are measured more often, for they are the noisy ones.
        for n in 0..5 {
            if n > 1 && spent > Duration::from_millis(600) {
                break;
            }
            let (took, _) = hostile::clean(&record, rules);
            spent += took;
            best = best.min(took);
        }
        #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
        let megabytes = megabytes as f64;
        best.as_secs_f64() * 1e3 / megabytes
    });
    // A larger page that is cheaper, because it is refused, is none of our worries.
    let mut cheapest = f64::MAX;
    let growth = costs.into_iter().fold(0.0_f64, |growth, cost| {
        let cost = cost.max(NOTHING_MS);
        cheapest = cheapest.min(cost);
        growth.max(cost / cheapest)
    });
    let [a, b, c, d] = costs;
    let is_good = growth <= MOST_GROWTH;
    let mark = if is_good { "" } else { "  NOT LINEAR" };
    println!("{:34} {limits:8} {a:8.1} {b:8.1} {c:8.1} {d:8.1} {growth:6.2}{mark}", family.name);
    is_good
}

/// Whether the largest page stays within time and memory.
fn is_bounded(family: &Family) -> bool {
    let program = std::env::current_exe().unwrap();
    let child = Command::new(program).arg(format!("{CHILD}{}", family.name)).output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let mut numbers = said.split_whitespace();
    let seconds: f64 = numbers.next().and_then(|n| n.parse().ok()).unwrap_or(f64::MAX);
    let mebibytes: u64 = numbers.next().and_then(|n| n.parse().ok()).unwrap_or(u64::MAX);
    let is_good = child.status.success() && seconds <= MOST_SECONDS && mebibytes <= MOST_MEBIBYTES;
    let mark = if is_good { "" } else { "  OVER THE LIMIT" };
    println!("{:34} {LARGEST} MB {:>44}{mark}", family.name, said.trim());
    is_good
}

/// In a process of its own: cleans the largest page of a family, prints CPU seconds and the most memory it had. The page
/// itself and the rules count too.
fn clean_largest(name: &str) {
    let rules = Rules::compile(&hostile::config(false)).unwrap();
    let family = FAMILIES.iter().find(|family| family.name == name).unwrap();
    let record = family.record(LARGEST * MEGABYTE);
    let (took, outcome) = hostile::clean(&record, &rules);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    let ended = match outcome {
        pipeline::Outcome::Published(_) => "published",
        pipeline::Outcome::Rejected(page) => page.reason.as_str(),
        pipeline::Outcome::Tombstone => "tombstone",
        pipeline::Outcome::DeadLettered(failure) => failure.error_type(),
    };
    println!("{:.2} {} {ended}", took.as_secs_f64(), kibibytes / 1024);
}
