//! What a learned judge shows of itself: the blocks it decides on, and why it decided so.

use super::fact::Facts;
use crate::rules::Trees;

/// Facts that a verdict names.
const N_REASONS: usize = 4;

/// A block that the rules leave open, and its facts.
#[derive(Debug)]
pub struct OpenBlock {
    /// Its text.
    pub text: String,
    /// Whether it would stay.
    pub is_text: bool,
    /// The facts: name and value.
    pub facts: Vec<(&'static str, f32)>,
}

/// The facts that decided on a block, heaviest first, and what each weighed.
pub(super) type Reasons = Vec<(&'static str, f32)>;

/// The facts that spoke most for the verdict.
pub(super) fn reasons<const N: usize>(facts: &Facts<N>, stays: bool, trees: &Trees) -> Reasons {
    let weights = trees.weights(&facts.values);
    let mut reasons: Reasons = facts.names.iter().copied().zip(weights).collect();
    reasons.retain(|(_, weight)| (*weight > 0.0) == stays && *weight != 0.0);
    reasons.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    reasons.truncate(N_REASONS);
    reasons
}
