//! Short names for contents.

use sha2::{Digest as _, Sha256};

/// The first `n_digits` hexadecimal digits (at most 64) of the SHA-256 of all parts. Each part counts with its length, so
/// that `["ab", "c"]` and `["a", "bc"]` differ; a single part has the plain SHA-256.
#[must_use]
pub fn hex_digest(parts: &[&[u8]], n_digits: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        if parts.len() > 1 {
            hasher.update((part.len() as u64).to_be_bytes());
        }
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).take(n_digits).collect()
}
