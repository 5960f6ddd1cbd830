//! What a learned judge shows of itself: the blocks it decides on, and why it decided so.

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
pub(super) fn reasons(facts: &[(&'static str, f32)], stays: bool, trees: &Trees) -> Reasons {
    let values: Vec<f32> = facts.iter().map(|(_, value)| *value).collect();
    let weights = trees.weights(&values);
    let mut reasons: Reasons =
        facts.iter().zip(weights).map(|((name, _), weight)| (*name, weight)).collect();
    reasons.retain(|(_, weight)| (*weight > 0.0) == stays && *weight != 0.0);
    reasons.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    reasons.truncate(N_REASONS);
    reasons
}
