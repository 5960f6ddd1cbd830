//! Step 3: [`Document`] → [`LabelledDocument`]. Every block gets a verdict and the name of the rule that gave it.
//! Changes no text.
//!
//! The method is two lists, in order. [`CLASSIFIERS`] look at a block and its neighbours; the first that answers wins.
//! [`REFINERS`] look at the whole sequence. Both are run again on what is left until nothing more falls: so cleaning a
//! clean text changes nothing.

mod captions;
mod comments;
mod consent;
mod fact;
mod headline;
mod html;
mod judged;
mod lines;
mod marker;
mod reasons;
mod related;
mod sequence;
mod sheet;
mod short_lines;
mod site;
mod structure;
mod vocabulary;

pub use reasons::{OpenBlock, reasons};
pub use sheet::{Neighbourhood, Sheet, Signals};

use crate::model::{
    Document, DocumentSource, Evidence, Label, LabelledBlock, LabelledDocument, RuleName,
    SiteRulesState, SiteRulesUse, TextBlock, Verdict,
};
use crate::rules::Rules;

/// Judges one block among its neighbours, or passes.
pub type Classifier = fn(&Neighbourhood<'_>, &Rules) -> Option<Verdict>;

/// Judges the sequence.
pub type Refiner = fn(&mut Sheet, &Rules);

/// The rules on a block, in order: the first that answers wins.
const CLASSIFIERS: &[Classifier] = &[
    marker::metadata_prefix_is_moved,
    marker::editors_notes_stay,
    marker::liveblog_heads_stay,
    marker::bylines_are_moved,
    marker::whole_line_markers_go,
    marker::prompts_go,
    marker::teasers_with_their_headline_go,
    marker::captions_are_moved,
];

/// The rules on the sequence, in order.
const REFINERS: &[Refiner] = &[
    html::nothing_behind_the_comments_is_text,
    html::appeals_at_the_end_go,
    html::doubles_go,
    html::front_pages_go,
    html::teasers_at_the_end_go,
    html::loose_ends_go,
    consent::consent_banners_go,
    comments::nothing_after_the_comments_is_text,
    related::headlines_below_a_teaser_label_go,
    related::front_pages_go,
    captions::lines_above_a_credit_are_captions,
    sequence::nothing_outside_the_article_is_text,
    headline::the_head_of_a_page_is_no_body,
    short_lines::rows_of_short_lines_go,
];

/// The rules on what is left, once nothing more falls: what kind of text a block is.
const FINISHERS: &[Refiner] = &[
    html::short_linked_headings_stay,
    structure::key_points_follow_their_label,
    structure::short_lines_before_prose_are_subheadings,
    structure::the_first_block_before_key_points_is_the_lead,
];

/// The rule of what no rule spoke against.
const DEFAULT_RULE: RuleName = "default.body";

/// Times the rules are run over what is left. Two are enough nearly always; the bound keeps the work linear.
const MAX_ROUNDS: usize = 6;

/// Judges every block. Where the rules of the page's own site would leave no text, the general rules judge alone: a page
/// whose layout changed comes out with a flag, not empty.
#[must_use]
pub fn label(document: Document, rules: &Rules) -> LabelledDocument {
    let mut labelled = by_site_or_general_rules(document, rules);
    if labelled.source == DocumentSource::Html && !has_text(&labelled) {
        add_text_of_the_metadata(&mut labelled, rules);
    }
    labelled
}

fn has_text(labelled: &LabelledDocument) -> bool {
    labelled.blocks.iter().any(|block| block.verdict.label.is_text())
}

/// What the page says of its text where it shows none, judged by its wording.
fn add_text_of_the_metadata(labelled: &mut LabelledDocument, rules: &Rules) {
    let blocks = html::metadata_body::blocks(labelled);
    let document = Document { source: DocumentSource::Text, blocks, ..Document::default() };
    let named = judge(document, rules).blocks.into_iter().map(|mut block| {
        if block.verdict.rule == DEFAULT_RULE {
            block.verdict.rule = html::metadata_body::RULE;
        }
        block
    });
    labelled.blocks.extend(named);
}

fn by_site_or_general_rules(document: Document, rules: &Rules) -> LabelledDocument {
    let has_site_rules = site::says_anything(&document.blocks);
    let mut labelled = judge(document, rules);
    if !has_site_rules {
        return labelled;
    }
    site::insist(&mut labelled.blocks);
    if has_text(&labelled) {
        return labelled;
    }
    let plain = |LabelledBlock { block, .. }| TextBlock { site_mark: None, ..block };
    let document = Document {
        source: labelled.source,
        blocks: labelled.blocks.into_iter().map(plain).collect(),
        regions: labelled.regions,
        claims: labelled.claims,
        site_rules: SiteRulesUse { state: SiteRulesState::Emptied, ..labelled.site_rules },
    };
    judge(document, rules)
}

fn judge(mut document: Document, rules: &Rules) -> LabelledDocument {
    let (mut sheet, ground) = by_rules(&mut document, rules);
    let weighed = match ground {
        Some(ground) => html::decide_what_is_open(&mut sheet, &document.regions, &ground, rules),
        None => decide_open_lines(&mut sheet, rules),
    };
    for finish in FINISHERS {
        finish(&mut sheet, rules);
    }
    let default = Verdict { label: Label::Body, rule: DEFAULT_RULE };
    let (blocks, verdicts) = sheet.into_verdicts(default);
    let mut blocks: Vec<LabelledBlock> = blocks
        .into_iter()
        .zip(verdicts)
        .map(|(block, verdict)| LabelledBlock { block, verdict, evidence: None })
        .collect();
    for (index, evidence) in weighed {
        if let Some(labelled) = blocks.get_mut(index) {
            labelled.evidence = Some(evidence);
        }
    }
    LabelledDocument {
        blocks,
        source: document.source,
        regions: document.regions,
        claims: document.claims,
        site_rules: document.site_rules,
    }
}

/// Judges the lines that the rules leave open, and looks at the wording of what is left once more: what introduced a list,
/// or stood beside a label, may be gone, and what was brought back had not been looked at in its place.
fn decide_open_lines(sheet: &mut Sheet, rules: &Rules) -> Vec<(usize, Evidence)> {
    let mut weighed = lines::decide_what_is_open(sheet, rules);
    for _ in 0..MAX_ROUNDS {
        let n_alive = sheet.alive().count();
        classify(sheet, rules);
        if sheet.alive().count() == n_alive {
            break;
        }
    }
    weighed.retain(|(index, _)| {
        sheet.verdict(*index).is_some_and(|verdict| lines::RULES.contains(&verdict.rule))
    });
    weighed
}

/// What the rules say, without the finishers.
fn by_rules(document: &mut Document, rules: &Rules) -> (Sheet, Option<html::Ground>) {
    let (by_markup, ground) = match document.source {
        DocumentSource::Html => {
            let (verdicts, ground) = html::judge(document, rules);
            (verdicts, Some(ground))
        }
        DocumentSource::Text => (Vec::new(), None),
    };
    let mut sheet = Sheet::of(document, by_markup, rules);
    for _ in 0..MAX_ROUNDS {
        let n_alive = sheet.alive().count();
        classify(&mut sheet, rules);
        sheet.is_page |= sequence::is_whole_page(&sheet);
        for refine in REFINERS {
            refine(&mut sheet, rules);
        }
        if sheet.alive().count() == n_alive {
            break;
        }
    }
    (sheet, ground)
}

/// The blocks that the rules leave open, and their facts: what the last judge is trained on.
#[must_use]
pub fn open_blocks(mut document: Document, rules: &Rules) -> Vec<OpenBlock> {
    match by_rules(&mut document, rules) {
        (sheet, Some(ground)) => html::open_blocks(&sheet, &document.regions, &ground),
        (sheet, None) => lines::open_lines(&sheet),
    }
}

/// Runs the classifiers over the undecided blocks.
fn classify(sheet: &mut Sheet, rules: &Rules) {
    let alive: Vec<usize> = sheet.alive().collect();
    let mut verdicts = Vec::new();
    for (at, &index) in alive.iter().enumerate() {
        if sheet.verdict(index).is_some_and(|verdict| verdict.rule != lines::KEPT) {
            continue;
        }
        let neighbourhood = Neighbourhood { sheet, alive: &alive, at };
        if let Some(verdict) =
            CLASSIFIERS.iter().find_map(|classify| classify(&neighbourhood, rules))
        {
            verdicts.push((index, verdict));
        }
    }
    for (index, verdict) in verdicts {
        sheet.decide(index, verdict.label, verdict.rule);
    }
}
