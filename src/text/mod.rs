//! Functions on strings that every step may use.

pub mod dates;
