//! Readers' comments: nothing below their heading is text of the article.

use super::sequence::is_strong;
use super::sheet::Sheet;
use crate::model::{Boilerplate, DocumentSource, Label};
use crate::rules::Rules;

/// Blocks of running text that an article has before its comments. A counter under the headline has fewer above it.
const MIN_PROSE_BEFORE: usize = 3;

/// The same, of blocks that no teaser or caption looks like.
const MIN_STRONG_BEFORE: usize = 2;

/// Nothing after the comments' heading is text.
pub(super) fn nothing_after_the_comments_is_text(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text {
        return;
    }
    let (mut n_prose, mut n_strong) = (0, 0);
    let comments = Label::Boilerplate(Boilerplate::Comments);
    let heading = (0..sheet.len()).find(|&index| {
        let is_text = sheet.is_alive(index);
        n_prose += usize::from(is_text && sheet.is_prose(index));
        n_strong += usize::from(is_text && is_strong(sheet, index));
        sheet.label(index) == Some(comments)
            && n_prose >= MIN_PROSE_BEFORE
            && n_strong >= MIN_STRONG_BEFORE
    });
    let Some(heading) = heading.filter(|&heading| sheet.is_page || has_replies(sheet, heading))
    else {
        return;
    };
    for index in heading + 1..sheet.len() {
        if sheet.is_alive(index) {
            sheet.decide(index, comments, "comments.below_their_heading");
        }
    }
}

/// Whether readers answer below the heading, to the end of a dump that is no whole page: what each comment has below it
/// ("Antworten", "Melden") stands there, and less is said than above.
fn has_replies(sheet: &Sheet, heading: usize) -> bool {
    let comments = Some(Label::Boilerplate(Boilerplate::Comments));
    let n_words = |is_counted: &dyn Fn(usize) -> bool| -> u32 {
        let counted = sheet.alive().filter(|&index| is_counted(index));
        counted.filter_map(|index| sheet.block(index)).map(|block| block.n_words).sum()
    };
    (heading + 2..sheet.len()).any(|index| {
        // Below something that was said, not one more line of the heading.
        sheet.label(index) == comments && (heading + 1..index).any(|said| sheet.is_alive(said))
    }) && n_words(&|index| index > heading) < n_words(&|index| index < heading)
}
