//! Why a page is not read.

/// A page that would cost too much: its own fault, so it goes to the dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Elements are nested too deeply.
    #[error("elements are nested deeper than `limits.dom_depth` ({limit}) at byte {offset}")]
    TooDeep {
        /// The limit.
        limit: usize,
        /// Where, in the decoded page.
        offset: usize,
    },
    /// The page has too many elements and texts; each line of a dump is a text.
    #[error("the page has more than `limits.dom_nodes` ({limit}) elements and texts")]
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// Putting the page's tags in order takes too many steps.
    #[error(
        "the tags up to byte {offset} are so entangled that they took {limit} steps to put in order, \
        more than a page of {page_bytes} bytes may"
    )]
    TooEntangled {
        /// The limit, not configurable: no page of the web comes near it.
        limit: u64,
        /// Where, in the decoded page.
        offset: usize,
        /// Size of the decoded page.
        page_bytes: usize,
    },
}

impl ParseError {
    /// Stable, low-cardinality name.
    #[must_use]
    pub const fn error_type(&self) -> &'static str {
        match self {
            Self::TooDeep { .. } => "too_deep",
            Self::TooManyNodes { .. } => "too_many_nodes",
            Self::TooEntangled { .. } => "too_entangled",
        }
    }
}
