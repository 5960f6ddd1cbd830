//! A line on stderr that says how far a long command is, where stderr is a terminal.

use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

/// Time between two updates: often enough to look alive, seldom enough to cost nothing.
const INTERVAL: Duration = Duration::from_millis(200);

/// The line.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    started: Instant,
    drawn: Instant,
    n_pages: u64,
    n_bytes: u64,
    n_failed: u64,
}

impl Progress {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            is_shown: io::stderr().is_terminal(),
            started: now,
            drawn: now,
            n_pages: 0,
            n_bytes: 0,
            n_failed: 0,
        }
    }

    /// One more page of so many bytes.
    pub(super) fn advance(&mut self, n_bytes: u64, is_failed: bool) {
        self.n_pages += 1;
        self.n_bytes += n_bytes;
        self.n_failed += u64::from(is_failed);
        if self.is_shown && self.drawn.elapsed() >= INTERVAL {
            self.drawn = Instant::now();
            self.draw("");
        }
    }

    /// The last update; the line stays.
    pub(super) fn finish(&self) {
        if self.is_shown && self.n_pages > 0 {
            self.draw("\n");
        }
    }

    fn draw(&self, end: &str) {
        // Far below 2^52 pages and bytes, where f64 stops being exact.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let (pages, megabytes) = (self.n_pages as f64, self.n_bytes as f64 / 1e6);
        let seconds = self.started.elapsed().as_secs_f64().max(1e-3);
        // If stderr is gone there is nobody to show it to.
        let _written = write!(
            io::stderr(),
            "\r\x1b[K{} pages ({} not published), {:.0} pages/s, {:.1} MB/s{end}",
            self.n_pages,
            self.n_failed,
            pages / seconds,
            megabytes / seconds
        );
    }
}
