//! What a run does, and the dice that decide on it.

use std::ops::Range;
use std::time::Duration;

/// One run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) n_brokers: usize,
    pub(super) n_processes: usize,
    pub(super) n_pages: usize,
    /// How long pages come and things break.
    pub(super) time: Duration,
    pub(super) delivery: &'static str,
    pub(super) group_protocol: &'static str,
}

impl Plan {
    /// The short form, unless `KLARTEXT_CHAOS` says more, as in `seed=7 brokers=3 processes=3 pages=20000 seconds=300`.
    pub(super) fn of(delivery: &'static str) -> Self {
        let wanted = std::env::var("KLARTEXT_CHAOS").unwrap_or_default();
        let said = |name: &str| {
            let value = wanted.split_whitespace().find_map(|pair| {
                pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value)
            });
            value.map(|value| value.parse::<u64>().unwrap_or_else(|_| panic!("{name}={value}")))
        };
        let or = |name, otherwise| said(name).unwrap_or(otherwise);
        let count = |name, otherwise| usize::try_from(or(name, otherwise)).expect("a small number");
        Self {
            seed: or("seed", 1),
            n_brokers: count("brokers", 1),
            n_processes: count("processes", 2),
            n_pages: count("pages", 2_000),
            time: Duration::from_secs(or(
                "seconds",
                if delivery == "exactly_once" { 40 } else { 25 },
            )),
            delivery,
            group_protocol: if said("kip848") == Some(1) { "consumer" } else { "classic" },
        }
    }

    /// Dice of their own for each of those who throw them, for they throw at the same time.
    pub(super) fn dice(&self, nth: u64) -> Dice {
        Dice(self.seed.wrapping_mul(1_000_003).wrapping_add(nth))
    }
}

/// Numbers that look random and are the same for each run of a seed: `SplitMix64` (Steele, Lea and Flood, 2014).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("below a usize")
    }

    /// A time in this range of milliseconds.
    pub(super) fn time(&mut self, range_ms: Range<u64>) -> Duration {
        Duration::from_millis(range_ms.start + self.next() % (range_ms.end - range_ms.start))
    }
}
