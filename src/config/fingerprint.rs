//! A short name for a configuration, so that an article can say which one made it.

use super::{Config, Health, Log, Shutdown, Workers};
use crate::text::hex_digest;

/// Hexadecimal digits of a fingerprint: 48 bits tell the configurations of one installation apart.
const DIGITS: usize = 12;

impl Config {
    /// Hash of the configuration, 12 hexadecimal digits. Secrets do not enter it, nor what may differ between the
    /// processes of one group (names, threads, logs): all of them write the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut common = self.clone();
        common.input.instance_id = None;
        common.commit.transactional_id = None;
        common.kafka.client_id = String::new();
        common.workers = Workers::default();
        common.shutdown = Shutdown::default();
        common.log = Log::default();
        common.health = Health::default();
        for options in [
            &mut common.kafka.options,
            &mut common.kafka.consumer_options,
            &mut common.kafka.producer_options,
        ] {
            options.retain(|key, _| !key.contains("password") && !key.contains("secret"));
        }
        // `Debug` of a secret is `***`, and every type in the tree derives it, in the order of its fields.
        hex_digest(&[format!("{common:?}").as_bytes()], DIGITS)
    }
}
