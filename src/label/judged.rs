//! What both learned judges do with the blocks that the rules leave open.

use super::fact::Facts;
use super::sheet::Sheet;
use crate::model::{Boilerplate, Evidence, Label, RuleName};
use crate::rules::{TOGETHER, Trees};

/// What a judge says otherwise than the rules.
#[derive(Debug)]
pub(super) struct Judged {
    /// Which block.
    pub(super) index: usize,
    /// Whether it stays.
    pub(super) stays: bool,
    evidence: Evidence,
}

/// Weighs the facts of open blocks. `decide` says of a block and its probability of being text whether it stays, where that
/// is not what the rules say.
pub(super) fn judge<const N: usize>(
    open: &[usize],
    trees: &Trees,
    facts_of: impl Fn(usize) -> Option<Facts<N>>,
    decide: impl Fn(usize, f32) -> Option<bool>,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for blocks in open.chunks(TOGETHER) {
        let mut weighed = Vec::with_capacity(TOGETHER);
        weighed.extend(blocks.iter().filter_map(|&index| Some((index, facts_of(index)?))));
        let probabilities = trees.probabilities(weighed.iter().map(|(_, facts)| &facts.values[..]));
        for ((index, facts), probability) in weighed.iter().zip(probabilities) {
            if let Some(stays) = decide(*index, probability) {
                judged.push(Judged { index: *index, stays, evidence: facts.into() });
            }
        }
    }
    judged
}

/// Does what a judge says, by its rules for what is kept and what is cut; says what it decided by.
pub(super) fn carry_out(
    judged: Vec<Judged>,
    sheet: &mut Sheet,
    [kept, cut]: [RuleName; 2],
) -> Vec<(usize, Evidence)> {
    for Judged { index, stays, .. } in &judged {
        if *stays {
            sheet.decide(*index, Label::Body, kept);
        } else {
            sheet.decide(*index, Label::Boilerplate(Boilerplate::OutsideArticle), cut);
        }
    }
    judged.into_iter().map(|judged| (judged.index, judged.evidence)).collect()
}
