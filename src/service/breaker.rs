//! The breaker: when most of the last records fail in a way that no single record can be blamed for, the cause is ours or
//! the world's (a bug, a broken rule, an output topic that takes nothing), and the stream stops instead of flowing into the
//! dead letters. What was not committed by then is read again after the next start.

use std::collections::VecDeque;

use super::{ServiceError, Settlement};
use crate::config::Breaker as Settings;

/// Looks at the ends of the last records.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: Settings,
    /// Of each record, oldest first: the unexplained error it ended with, if any.
    window: VecDeque<Option<&'static str>>,
    n_failed: usize,
}

impl Breaker {
    pub(super) const fn new(settings: Settings) -> Self {
        Self { settings, window: VecDeque::new(), n_failed: 0 }
    }

    /// Notes how a record ends.
    ///
    /// # Errors
    /// Too many of the last ones ended like this.
    pub(super) fn note(&mut self, settlement: Settlement) -> Result<(), ServiceError> {
        let Settings { window, min_records, percent } = self.settings;
        if window == 0 {
            return Ok(());
        }
        if self.window.len() >= window && self.window.pop_front().flatten().is_some() {
            self.n_failed -= 1;
        }
        let error_type = unexplained(settlement);
        self.window.push_back(error_type);
        self.n_failed += usize::from(error_type.is_some());
        let n_records = self.window.len();
        let is_most = self.n_failed * 100 > n_records * usize::from(percent);
        // Only a failure trips it: a good record is no reason to stop.
        match error_type {
            Some(error_type) if is_most && n_records >= min_records => {
                Err(ServiceError::Breaker { n_failed: self.n_failed, n_records, error_type })
            }
            _ => Ok(()),
        }
    }
}

/// The error type of a failure that is not explained by the record: no limit, no broken envelope.
fn unexplained(settlement: Settlement) -> Option<&'static str> {
    match settlement {
        Settlement::DeadLettered(error_type @ ("panic" | "output_refused" | "output_not_json")) => {
            Some(error_type)
        }
        Settlement::DeadLettered(_)
        | Settlement::Published
        | Settlement::Rejected(_)
        | Settlement::Tombstone => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings { window: 10, min_records: 4, percent: 50 };
    const PANIC: Settlement = Settlement::DeadLettered("panic");

    fn first_trip(settings: Settings, ends: impl IntoIterator<Item = Settlement>) -> Option<usize> {
        let mut breaker = Breaker::new(settings);
        ends.into_iter().position(|end| breaker.note(end).is_err())
    }

    #[test]
    fn a_stream_that_only_fails_stops_once_there_are_enough_to_judge() {
        assert_eq!(first_trip(SETTINGS, [PANIC; 20]), Some(3));
    }

    #[test]
    fn half_is_not_most() {
        let ends = [Settlement::Published, PANIC].into_iter().cycle().take(100);
        assert_eq!(first_trip(SETTINGS, ends), None);
    }

    #[test]
    fn old_successes_do_not_hide_a_stream_that_began_to_fail() {
        let ends = [vec![Settlement::Published; 1000], vec![PANIC; 10]].concat();
        assert_eq!(first_trip(SETTINGS, ends), Some(1005));
    }

    #[test]
    fn a_record_s_own_fault_never_stops_the_stream() {
        assert_eq!(first_trip(SETTINGS, [Settlement::DeadLettered("too_deep"); 100]), None);
    }

    #[test]
    fn a_window_of_0_turns_it_off() {
        assert_eq!(first_trip(Settings { window: 0, ..SETTINGS }, [PANIC; 100]), None);
    }
}
