//! The last judge: where the rules leave a block open, or cut it on a doubtful ground, a learned model weighs all facts at
//! once. Its trees are data (`config/judge.txt`), trained from gold pages by `klartext train-judge`; each verdict names
//! the facts that decided.
//!
//! It cuts what is probably no text, and keeps what a doubtful rule cut and is very probably text. What rules say for
//! certain, and what a site's own rules say, it does not touch.

mod facts;
mod page;

use std::collections::HashSet;

use super::marks::Mark;
use super::witness::Witness;
use crate::label::Sheet;
use crate::label::fact::number;
use crate::label::judged::{Judged, carry_out, judge};
use crate::label::reasons::OpenBlock;
use crate::model::{BlockKind, Evidence, Label, Regions, TextBlock};
use crate::rules::Rules;
use page::Page;

/// What the markup said before.
#[derive(Debug)]
pub(in crate::label) struct Ground {
    pub(in crate::label::html) names: Vec<Option<Mark>>,
    pub(in crate::label::html) witness: Witness,
}

/// Below this probability of being text a paragraph or heading goes. Examples weigh as much as their block has words: that a
/// cut sentence costs more than a kept teaser line is in the probability already (limits from 0.25 to 0.5 measured by
/// domain).
const MAX_CUT: f32 = 0.4;
/// The same of a lead, a list item, a table row, a quote: the pages the judge learnt from often leave them out of their right
/// answer though they are the article's.
const MAX_CUT_OF_FORMS: f32 = 0.25;
/// Above this one a block stays though a doubtful rule cut it.
const MIN_KEPT: f32 = 0.8;
/// Rules whose cuts may be undone, in the order of the fact `doubtful_rule`.
const DOUBTFUL: [&str; 8] = [
    "density.links",
    "structure.loose_end",
    "structure.appeal_at_the_end",
    "container.outside",
    "stem.widget",
    "stem.video",
    "stem.gallery",
    "stem.timestamp",
];

fn is_open(sheet: &Sheet, index: usize) -> bool {
    match sheet.verdict(index) {
        Some(verdict) if verdict.label == Label::Lead => true,
        // A caption stays one, wherever it stands.
        Some(verdict) => {
            DOUBTFUL.contains(&verdict.rule)
                && sheet.block(index).is_some_and(|block| block.kind != BlockKind::Caption)
        }
        None => sheet.block(index).is_some_and(may_be_weighed),
    }
}

/// Code and section breaks have no words to weigh: their place among the text decides, and that is decided.
fn may_be_weighed(block: &TextBlock) -> bool {
    block.kind != BlockKind::Preformatted && block.n_words > 0
}

/// Which doubtful rule cut a block: 0 for none, 10 for a lead, else counted in [`DOUBTFUL`] from 1.
fn doubtful_rule(sheet: &Sheet, index: usize) -> f32 {
    let Some(verdict) = sheet.verdict(index) else { return 0.0 };
    let at = DOUBTFUL.iter().position(|rule| *rule == verdict.rule);
    at.map_or(10.0, |at| number(at + 1))
}

/// The facts of all open blocks.
pub(in crate::label) fn open_blocks(
    sheet: &Sheet,
    regions: &Regions,
    ground: &Ground,
) -> Vec<OpenBlock> {
    let Some(page) = Page::of(sheet, regions, ground) else { return Vec::new() };
    let open = (0..sheet.len()).filter(|&index| is_open(sheet, index));
    let block = |index: usize| {
        let text = sheet.block(index)?.text.clone();
        Some(OpenBlock {
            text,
            is_text: sheet.is_alive(index),
            facts: facts::of(&page, index)?.iter().collect(),
        })
    };
    open.filter_map(block).collect()
}

/// Judges the open blocks; what it changed, and by which facts.
pub(in crate::label) fn decide_what_is_open(
    sheet: &mut Sheet,
    regions: &Regions,
    ground: &Ground,
    rules: &Rules,
) -> Vec<(usize, Evidence)> {
    let Some(page) = Page::of(sheet, regions, ground) else { return Vec::new() };
    let open: Vec<usize> = (0..sheet.len()).filter(|&index| is_open(sheet, index)).collect();
    let mut judged = judge(
        &open,
        &rules.judge,
        |index| facts::of(&page, index),
        |index, probability| decide(sheet, index, probability),
    );
    spare_headings_of_kept_text(&page, &mut judged);
    carry_out(judged, sheet, ["judge.kept", "judge.cut"])
}

/// A heading falls with what it heads, not alone.
fn spare_headings_of_kept_text(page: &Page<'_>, judged: &mut Vec<Judged>) {
    let mut cut: HashSet<usize> = HashSet::new();
    for index in judged.iter().rev().filter(|judged| !judged.stays).map(|judged| judged.index) {
        let block = page.sheet.block(index);
        let is_heading = block.is_some_and(|block| matches!(block.kind, BlockKind::Heading(_)));
        let [_, next] = page.neighbours(index);
        let heads = next.filter(|next| page.holder(*next) == page.holder(index));
        if !is_heading || heads.is_none_or(|headed| cut.contains(&headed)) {
            cut.insert(index);
        }
    }
    judged.retain(|judged| judged.stays || cut.contains(&judged.index));
}

/// Below which probability the block goes.
fn max_cut(sheet: &Sheet, index: usize) -> Option<f32> {
    let kind = sheet.block(index)?.kind;
    let is_running = matches!(kind, BlockKind::Paragraph | BlockKind::Heading(_));
    let is_lead = sheet.label(index) == Some(Label::Lead);
    Some(if is_running && !is_lead { MAX_CUT } else { MAX_CUT_OF_FORMS })
}

/// Whether the block stays, if the judge says otherwise than the rules.
fn decide(sheet: &Sheet, index: usize, probability: f32) -> Option<bool> {
    match sheet.is_alive(index) {
        true if probability < max_cut(sheet, index)? => Some(false),
        false if probability > MIN_KEPT => Some(true),
        _ => None,
    }
}
