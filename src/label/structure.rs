//! What kind of text a block is: key points, sub-headings, the lead.

use super::sheet::Sheet;
use crate::model::{BlockKind, Boilerplate, Label};
use crate::rules::Rules;
use crate::text::Ending;

/// Most points of a box without bullets (`seed-expected.json`: "at most 5, each at most 250 characters").
const MAX_KEY_POINTS: usize = 5;

/// Longest point of a box without bullets, characters.
const MAX_KEY_POINT_CHARS: usize = 250;

/// Longest sub-heading, characters: 95 % of the German ones have at most 87.
const MAX_SUBHEADING_CHARS: usize = 90;

/// The label of a box goes; its points are key points: list items, or paragraphs of one sentence.
pub(super) fn key_points_follow_their_label(sheet: &mut Sheet, _rules: &Rules) {
    let labels: Vec<usize> = (0..sheet.len())
        .filter(|&index| {
            sheet.label(index) == Some(Label::Boilerplate(Boilerplate::KeyPointsLabel))
        })
        .collect();
    for label in labels {
        let points = points_behind(sheet, label);
        for index in points {
            sheet.decide(index, Label::KeyPoint, "structure.key_point");
        }
    }
}

fn points_behind(sheet: &Sheet, label: usize) -> Vec<usize> {
    let first_is_item =
        sheet.block(label + 1).is_some_and(|block| block.kind == BlockKind::ListItem);
    let is_point = |&index: &usize| {
        let (Some(block), Some(signals)) = (sheet.block(index), sheet.signals(index)) else {
            return false;
        };
        if first_is_item {
            return block.kind == BlockKind::ListItem && sheet.is_alive(index);
        }
        let is_sentence =
            matches!(signals.ending, Ending::Stop | Ending::Query) && signals.n_sentences <= 1;
        is_sentence && sheet.is_alive(index) && signals.n_chars <= MAX_KEY_POINT_CHARS
    };
    let most = if first_is_item { usize::MAX } else { MAX_KEY_POINTS };
    (label + 1..sheet.len()).take_while(is_point).take(most).collect()
}

/// A short line without a final stop before running text is a sub-heading.
pub(super) fn short_lines_before_prose_are_subheadings(sheet: &mut Sheet, _rules: &Rules) {
    let alive: Vec<usize> = sheet.alive().collect();
    for pair in alive.windows(2) {
        let [index, next] = *pair else { continue };
        if sheet.verdict(index).is_none()
            && is_heading_like(sheet, index)
            && is_paragraph(sheet, next)
        {
            sheet.decide(index, Label::Subheading, "structure.subheading");
        }
    }
}

/// Whether a block has the shape of a heading.
pub(super) fn is_heading_like(sheet: &Sheet, index: usize) -> bool {
    let (Some(block), Some(signals)) = (sheet.block(index), sheet.signals(index)) else {
        return false;
    };
    let is_running = matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_));
    let ends_openly = matches!(signals.ending, Ending::None | Ending::Query);
    is_running && ends_openly && signals.n_chars <= MAX_SUBHEADING_CHARS && signals.n_sentences <= 1
}

/// Whether a block is a paragraph that ends with a full stop.
fn is_paragraph(sheet: &Sheet, index: usize) -> bool {
    let ends =
        |ending| matches!(ending, Ending::Stop | Ending::Ellipsis | Ending::Colon | Ending::Query);
    sheet.is_prose(index)
        || sheet
            .signals(index)
            .is_some_and(|signals| ends(signals.ending) && signals.n_sentences > 0)
}

/// The first block is the lead when a box of key points follows it.
pub(super) fn the_first_block_before_key_points_is_the_lead(sheet: &mut Sheet, _rules: &Rules) {
    let mut alive = sheet.alive();
    let (first, second) = (alive.next(), alive.next());
    drop(alive);
    let (Some(first), Some(second)) = (first, second) else { return };
    if sheet.label(second) == Some(Label::KeyPoint)
        && sheet.label(first).is_none()
        && sheet.is_prose(first)
    {
        sheet.decide(first, Label::Lead, "structure.lead");
    }
}
