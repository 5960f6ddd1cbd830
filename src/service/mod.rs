//! The shell around the line: consumer group, workers, transactions, shutdown.

mod account;
mod error;
pub mod events;
mod shutdown;

use std::fmt;
use std::sync::Arc;

pub use account::{Account, Settlement};
pub use error::ServiceError;
pub use shutdown::Shutdown;

use crate::config::Config;
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
}

impl Default for Hooks {
    fn default() -> Self {
        Self { observer: None, clean: pipeline::clean }
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
    _config: &Config,
    _rules: Arc<Rules>,
    _shutdown: &Shutdown,
    _hooks: Hooks,
) -> Result<Account, ServiceError> {
    Err(ServiceError::Internal("the service is not built yet".to_owned()))
}
