//! What the rules of the page's own site say. `select` says where the article is, and the general rules go on inside; `keep`
//! and `strip` have the last word.

use super::html::Verdicts;
use crate::model::{
    Boilerplate, Document, Label, LabelledBlock, SiteMark, SiteSays, TextBlock, Verdict,
};

/// Whether the site's rules say anything of the page's blocks.
pub(super) fn says_anything(blocks: &[TextBlock]) -> bool {
    blocks.iter().any(|block| block.site_mark.is_some())
}

/// The blocks that `select` says are the article's, from the first to the last; `None` if nothing is selected.
pub(super) fn selected(document: &Document) -> Option<std::ops::Range<usize>> {
    let is_inside =
        |block: &TextBlock| block.site_mark.is_some_and(|mark| mark.says == SiteSays::Inside);
    let first = document.blocks.iter().position(is_inside)?;
    let last = document.blocks.iter().rposition(is_inside)?;
    Some(first..last + 1)
}

/// Lays the site's word over the verdicts by markup. Headline, byline and the like may stand outside of what is selected.
pub(super) fn judge(document: &Document, verdicts: &mut Verdicts) {
    for (block, verdict) in document.blocks.iter().zip(verdicts) {
        let outside = Label::Boilerplate(Boilerplate::OutsideArticle);
        let is_open =
            verdict.is_none_or(|verdict| verdict.label.is_text() || verdict.label == outside);
        match block.site_mark {
            Some(SiteMark { says: SiteSays::Outside, rule }) if is_open => {
                *verdict = Some(Verdict { label: outside, rule });
            }
            Some(mark) => *verdict = last_word(mark, *verdict),
            None => {}
        }
    }
}

/// `keep` and `strip`, whatever the rules on wording and sequence made of the block.
pub(super) fn insist(blocks: &mut [LabelledBlock]) {
    for LabelledBlock { block, verdict, .. } in blocks {
        if let Some(last) = block.site_mark.and_then(|mark| last_word(mark, Some(*verdict))) {
            *verdict = last;
        }
    }
}

fn last_word(SiteMark { says, rule }: SiteMark, verdict: Option<Verdict>) -> Option<Verdict> {
    match says {
        // What kind of text it is, the general rules may say.
        SiteSays::Keep if verdict.is_some_and(|verdict| verdict.label.is_text()) => {
            verdict.map(|verdict| Verdict { rule, ..verdict })
        }
        SiteSays::Keep => Some(Verdict { label: Label::Body, rule }),
        SiteSays::Strip(class) => Some(Verdict { label: Label::Boilerplate(class), rule }),
        SiteSays::Inside | SiteSays::Outside => verdict,
    }
}
