//! Functions on strings that every step may use: lines, spaces and invisible characters, entities, broken encodings,
//! the *skeleton* that labels are compared by, sentences and words. Leaf module: strings in, strings or numbers out.

pub(crate) mod bits;
pub mod clock;
pub mod dates;
mod digest;
pub(crate) mod eight;
mod entities;
pub mod hash;
mod lines;
mod mojibake;
mod normalize;
mod sentences;
mod skeleton;
mod words;

pub use digest::hex_digest;
pub use entities::decode_entities;
pub use lines::{Line, lines};
pub use mojibake::repair_mojibake;
pub use normalize::{is_invisible, normalize};
pub use sentences::{Ending, count_sentences, ending, is_opening_quote, is_sentence_stop};
pub use skeleton::{Skeleton, SkeletonEdge, skeleton_of_phrase};
pub use words::{count_words, first_chars, is_alphanumeric, is_cjk, may_have_cjk};
