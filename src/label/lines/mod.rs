//! The judge of lines: on a dump that is a whole page, the sequence alone tells roughly where the article is. A learned
//! model then weighs all facts of each line that is left open, or that the sequence cut: lists, tables, addresses and
//! recipes stay though they are rows of short lines; appeals, teasers and comments go though they are running text.
//!
//! Its trees are data (`config/judge-lines.txt`), trained by `klartext train-judge --lines` on what
//! `klartext train-dumps` makes of pages whose right answer is known; each verdict names the facts
//! that decided. It knows no word of a language: phrases speak through the classes they give.

mod facts;
mod page;

use super::fact::number;
use super::judged::{Judged, carry_out, judge};
use super::reasons::OpenBlock;
use super::sheet::Sheet;
use crate::model::{BlockKind, Boilerplate, DocumentSource, Evidence, Label, RuleName};
use crate::rules::Rules;
use crate::rules::markers::{Hit, Mode};
use page::Page;

/// Below this probability of being text a line goes. A kept teaser costs a line, a cut sentence costs the article.
const MAX_CUT: f32 = 0.22;

/// Above this one a line stays though the sequence cut it.
const MIN_KEPT: f32 = 0.22;

/// Fewest lines of a page that it was trained on: shorter dumps are articles with some remains.
const MIN_LINES: usize = 30;

/// Fewest lines that phrases know as furniture: a page without is in a language that they do not know, and the facts would
/// say less than they seem to.
const MIN_FURNITURE: u32 = 3;

/// The rule of a line that was brought back.
pub(super) const KEPT: RuleName = "judge.line_kept";

/// The rules of this judge.
pub(super) const RULES: [RuleName; 2] = [KEPT, "judge.line_cut"];

/// Rules whose cuts may be undone, in the order of the fact `doubtful_rule`.
const DOUBTFUL: [&str; 9] = [
    "sequence.before_the_article",
    "sequence.after_the_article",
    "short_lines.in_a_row",
    "headline.beside_it",
    "headline.between_lead_and_text",
    "comments.below_their_heading",
    "related.headlines_to_the_end",
    "captions.above_a_credit",
    "consent.words_of_a_banner",
];

fn is_open(sheet: &Sheet, index: usize) -> bool {
    sheet.verdict(index).is_none_or(|verdict| {
        matches!(verdict.label, Label::Lead | Label::Subheading) || is_doubtful(verdict.rule)
    })
}

fn is_doubtful(rule: &str) -> bool {
    DOUBTFUL.contains(&rule)
}

/// Which doubtful rule cut a line: 0 for none, 10 for a lead or a sub-heading, else counted in [`DOUBTFUL`] from 1.
fn doubtful_rule(sheet: &Sheet, index: usize) -> f32 {
    let Some(verdict) = sheet.verdict(index) else { return 0.0 };
    let at = DOUBTFUL.iter().position(|rule| *rule == verdict.rule);
    at.map_or(10.0, |at| number(at + 1))
}

/// The facts of all open lines; none on a dump that is only an article.
pub(super) fn open_lines(sheet: &Sheet) -> Vec<OpenBlock> {
    let Some(page) = judged_page(sheet) else { return Vec::new() };
    let open = (0..sheet.len()).filter(|&index| is_open(sheet, index));
    let block = |index: usize| {
        let text = sheet.block(index)?.text.clone();
        let facts = facts::of(&page, index)?.iter().collect();
        Some(OpenBlock { text, is_text: sheet.is_alive(index), facts })
    };
    open.filter_map(block).collect()
}

/// The page, if it is one that the judge was trained on.
fn judged_page(sheet: &Sheet) -> Option<Page<'_>> {
    let is_judged =
        sheet.source == DocumentSource::Text && sheet.is_page && sheet.len() >= MIN_LINES;
    let page = is_judged.then(|| Page::of(sheet))?;
    (page.n_furniture() >= MIN_FURNITURE).then_some(page)
}

/// Judges the open lines of a whole page; what it changed, and by which facts.
pub(super) fn decide_what_is_open(sheet: &mut Sheet, rules: &Rules) -> Vec<(usize, Evidence)> {
    let Some(page) = judged_page(sheet) else { return Vec::new() };
    let open: Vec<usize> = (0..sheet.len()).filter(|&index| is_open(sheet, index)).collect();
    let mut judged = judge(
        &open,
        &rules.line_judge,
        |index| facts::of(&page, index),
        |index, probability| decide(sheet, index, probability),
    );
    let torn = torn_rows(sheet, &judged);
    judged.retain(|judged| torn.get(judged.index) != Some(&true));
    // A page of which nothing would be left is one that it knows too little of.
    let n_alive = sheet.alive().count();
    let n_cut = judged.iter().filter(|judged| !judged.stays).count();
    if n_cut == n_alive {
        return Vec::new();
    }
    carry_out(judged, sheet, RULES)
}

/// Rows of tables of which some would go and others stay, by index: a row alone is no table any more.
fn torn_rows(sheet: &Sheet, judged: &[Judged]) -> Vec<bool> {
    let mut stays: Vec<bool> = (0..sheet.len()).map(|index| sheet.is_alive(index)).collect();
    for judged in judged {
        if let Some(stays) = stays.get_mut(judged.index) {
            *stays = judged.stays;
        }
    }
    let is_row =
        |index: usize| sheet.block(index).is_some_and(|block| block.kind == BlockKind::TableRow);
    let mut torn = vec![false; sheet.len()];
    let mut start = 0;
    while start < sheet.len() {
        let end = (start..sheet.len()).find(|&index| !is_row(index)).unwrap_or(sheet.len());
        let run = stays.get(start..end).unwrap_or_default();
        if run.contains(&true) && run.contains(&false) {
            torn.get_mut(start..end).into_iter().for_each(|rows| rows.fill(true));
        }
        start = end + 1;
    }
    torn
}

/// Whether phrases know the whole line as an ad label, or as what stands in the place of an embed: as the one it was text of the
/// article 0 times in 691, as the other once in 350 (counted on pages whose text is known), so it goes from a whole page
/// wherever it stands, in a list too.
fn is_never_text(sheet: &Sheet, index: usize) -> bool {
    let is_such = |hit: &Hit| match hit.class {
        Boilerplate::AdLabel => hit.mode == Mode::Line,
        Boilerplate::EmbedPlaceholder => hit.mode == Mode::Line && !hit.is_doubtful,
        _ => false,
    };
    sheet.signals(index).is_some_and(|signals| signals.hits.iter().any(is_such))
}

/// Whether the line stays, if the judge says otherwise than the rules.
fn decide(sheet: &Sheet, index: usize, probability: f32) -> Option<bool> {
    let is_text = sheet.is_alive(index);
    if is_never_text(sheet, index) {
        return is_text.then_some(false);
    }
    match is_text {
        true if probability < MAX_CUT => Some(false),
        false if probability > MIN_KEPT => Some(true),
        _ => None,
    }
}
