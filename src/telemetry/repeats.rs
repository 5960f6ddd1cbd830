//! An error that comes a thousand times a second is printed once, and its repeats are counted.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tracing::Level;

use super::field;
use super::line::Line;

/// Most errors that are told apart at a time; beyond it everything is printed.
const MAX_OPEN: usize = 1024;

/// What makes two lines the same: level, target, event, and kind of error; for an event about partitions, which ones: of a
/// gap in two partitions both must be told. An event without a name is known by its message up to the first parenthesis:
/// there librdkafka says how long it took this time.
type Key = (Level, String, String, Option<String>);

/// Names of the events that are about partitions begin so.
const ABOUT_PARTITIONS: &str = "klartext.partition";

/// An error that was printed, and its repeats since.
#[derive(Debug)]
struct Open {
    until: Instant,
    n_repeats: u64,
    /// The last of them.
    last: Option<Line>,
}

/// Tells first occurrences from repeats. Knows no clock.
#[derive(Debug)]
pub(super) struct Repeats {
    window: Duration,
    open: HashMap<Key, Open>,
    /// The earliest end of a window.
    next: Option<Instant>,
}

impl Repeats {
    /// With a window of zero everything is printed.
    pub(super) fn new(window: Duration) -> Self {
        Self { window, open: HashMap::new(), next: None }
    }

    /// Whether a line is to be printed. Only warnings and errors are held back.
    pub(super) fn admit(&mut self, line: &Line, now: Instant) -> bool {
        if line.level > Level::WARN || self.window.is_zero() {
            return true;
        }
        let key = key_of(line);
        if let Some(open) = self.open.get_mut(&key) {
            open.n_repeats += 1;
            open.last = Some(line.clone());
            return false;
        }
        if self.open.len() < MAX_OPEN {
            let until = now + self.window;
            self.next = Some(self.next.map_or(until, |next| next.min(until)));
            self.open.insert(key, Open { until, n_repeats: 0, last: None });
        }
        true
    }

    /// Closes the windows that have ended; the lines say how often each error came again.
    pub(super) fn close_ended(&mut self, now: Instant) -> Vec<Line> {
        if self.next.is_none_or(|next| next > now) {
            return Vec::new();
        }
        self.close(|open| open.until <= now)
    }

    /// Closes all windows.
    pub(super) fn close_all(&mut self) -> Vec<Line> {
        self.close(|_| true)
    }

    fn close(&mut self, is_over: impl Fn(&Open) -> bool) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .open
            .extract_if(|_, open| is_over(open))
            .filter_map(|(_, open)| Some(summary(open.last?, open.n_repeats)))
            .collect();
        lines.sort_by(|a, b| (&a.target, &a.message).cmp(&(&b.target, &b.message)));
        self.next = self.open.values().map(|open| open.until).min();
        lines
    }
}

fn key_of(line: &Line) -> Key {
    let message = || line.message.split(" (").next().unwrap_or_default();
    let mut name = line.event_name.as_deref().unwrap_or_else(message).to_owned();
    if name.starts_with(ABOUT_PARTITIONS) {
        for field in [field::TOPIC, field::PARTITION, field::PARTITIONS] {
            name.push(' ');
            name.push_str(line.text_of(field).unwrap_or_default());
        }
    }
    (line.level, line.target.clone(), name, line.text_of(field::ERROR_TYPE).map(str::to_owned))
}

/// The last repeat, with the number of all.
fn summary(mut last: Line, n_repeats: u64) -> Line {
    let times = if n_repeats == 1 { "once more" } else { "times more" };
    last.message = match n_repeats {
        1 => format!("{} (repeated {times})", last.message),
        _ => format!("{} (repeated {n_repeats} {times})", last.message),
    };
    last.fields.push((field::REPEAT_COUNT.to_owned(), n_repeats.into()));
    last
}
