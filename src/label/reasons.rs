//! What a learned judge shows of itself: the blocks it decides on, and why it decided so.

use crate::model::LabelledBlock;
use crate::rules::{Rules, Trees};

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

/// The facts that spoke most for a verdict of a learned judge, heaviest first: name, and what it weighed for the block being
/// text (log-odds). None of a verdict that a rule gave. Nothing but `explain` asks, so nobody else pays for the weighing.
#[must_use]
pub fn reasons(labelled: &LabelledBlock, rules: &Rules) -> Vec<(&'static str, f32)> {
    let Some(evidence) = &labelled.evidence else { return Vec::new() };
    let asks_for_them = |trees: &&Trees| trees.facts == evidence.names;
    let Some(trees) = [&rules.judge, &rules.line_judge].into_iter().find(asks_for_them) else {
        return Vec::new();
    };
    let stays = labelled.verdict.label.is_text();
    let weights = trees.weights(&evidence.values);
    let mut reasons: Vec<(&str, f32)> = evidence.names.iter().copied().zip(weights).collect();
    reasons.retain(|(_, weight)| (*weight > 0.0) == stays && *weight != 0.0);
    reasons.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    reasons.truncate(N_REASONS);
    reasons
}
