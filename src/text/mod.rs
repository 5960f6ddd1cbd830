//! Functions on strings that every step may use.

pub mod dates;
mod entities;
mod normalize;
mod words;

pub use entities::decode_entities;
pub use normalize::{is_invisible, normalize};
pub use words::{count_words, is_cjk};
