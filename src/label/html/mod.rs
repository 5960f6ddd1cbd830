//! What a page's markup says, before any wording is looked at.
//!
//! 1. [`prose`]: where the running text is.
//! 2. [`container`]: the smallest element around the article's share of it. Found by content; names only lower weights.
//! 3. [`marks`]: elements whose name, tag or role says that they are furniture, each checked against its content:
//!    an element that holds much of the article's text is never furniture, whatever its name.
//! 4. [`headline`]: title, kicker and lead above the container.
//! 5. [`inside`]: blocks of the container that are links, captions, buttons, hidden.

mod container;
mod edges;
mod headline;
mod inside;
mod last_judge;
mod marks;
pub(super) mod metadata_body;
mod prose;
mod witness;

pub(super) use edges::{
    appeals_at_the_end_go, doubles_go, front_pages_go, loose_ends_go,
    nothing_behind_the_comments_is_text, short_linked_headings_stay, teasers_at_the_end_go,
};

use super::site;
use crate::model::{Boilerplate, Document, Label, RuleName, Verdict};
use crate::rules::Rules;
use container::Container;
pub(super) use last_judge::{Ground, decide_what_is_open, open_blocks};
use marks::{Mark, Suspicion};
use prose::Prose;
use witness::Witness;

/// Verdicts so far: what is undecided is for the rules on wording.
pub(super) type Verdicts = Vec<Option<Verdict>>;

/// What is known of the article before its text is looked for.
#[derive(Debug, Clone, Copy)]
struct Known<'k> {
    /// What the metadata repeats.
    witness: &'k Witness,
    /// The headline's block.
    headline: Option<usize>,
    /// What each region is called; none of it is believed yet.
    names: &'k [Option<Mark>],
}

/// Judges every block whose place on the page is enough to judge it.
pub(super) fn judge(document: &Document, rules: &Rules) -> (Verdicts, Ground) {
    let prose = Prose::of(document);
    let witness = Witness::of(document, &prose);
    let claimed = headline::claimed(document);
    let names = marks::names(document, rules);
    let known = Known { witness: &witness, headline: claimed.headline, names: &names };
    let container = match site::selected(document) {
        Some(blocks) => Container::selected(blocks, &prose),
        None => find_container(document, &prose, &known),
    };
    let marks = marks::of(document, &prose, &container, &names);
    let mut verdicts = marks::verdicts(document, &prose, &marks, &container);
    inside::judge(document, &prose, &container, &mut verdicts);
    headline::judge(document, &prose, &container, &marks, claimed, &mut verdicts);
    site::judge(document, &mut verdicts);
    (verdicts, Ground { names, witness })
}

/// A verdict that a block is no text of the article.
const fn boilerplate(class: Boilerplate, rule: RuleName) -> Verdict {
    Verdict { label: Label::Boilerplate(class), rule }
}

/// The container, found twice where names hide most of the text: then only names that never wrap an article are believed.
fn find_container(document: &Document, prose: &Prose, known: &Known<'_>) -> Container {
    let find = |suspicion| {
        let suspects = marks::suspects(document, prose, known, suspicion);
        container::find(document, prose, &suspects, known)
    };
    let first = find(Suspicion::Any).unwrap_or_else(|| Container::whole(document));
    if first.prose_chars * MAX_HIDDEN_FACTOR >= prose.total() {
        return first;
    }
    find(Suspicion::Certain)
        .filter(|second| second.prose_chars > first.prose_chars * MAX_HIDDEN_FACTOR)
        .unwrap_or(first)
}

/// Names are doubted when they hide more than so many times the text of the container.
const MAX_HIDDEN_FACTOR: usize = 3;
