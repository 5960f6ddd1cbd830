//! Step 3: [`Document`] → [`LabelledDocument`]. Every block gets a verdict and the name of the rule that gave it. Changes no text.

use crate::model::{Document, Label, LabelledBlock, LabelledDocument, Verdict};
use crate::rules::Rules;

/// Judges every block.
#[must_use]
pub fn label(document: Document, _rules: &Rules) -> LabelledDocument {
    let Document { source, blocks, regions, claims } = document;
    let blocks = blocks
        .into_iter()
        .map(|block| LabelledBlock {
            block,
            verdict: Verdict { label: Label::Body, rule: "default.body" },
        })
        .collect();
    LabelledDocument { source, blocks, regions, claims }
}
