//! Which claims of parts of the page are the article's own: those that stand at its head or at its end, outside of teasers,
//! comments and boxes. They become claims like any other; `authors` and `dates` decide.

use super::dates::is_called_change;
use crate::model::{
    AuthorClaim, BlockKind, Claimed, Claims, Label, LabelledDocument, Landmark, PlacedClaim,
    PlacedField, Region,
};
use crate::rules::{Rules, StemClass, StemSet};
use crate::text::dates::{self, WrittenDate};

/// Blocks before the headline that may belong to it.
const BLOCKS_BEFORE: usize = 12;
/// Blocks of what seems text above the headline, at most; behind more, the heading is one of the text's.
const MAX_BLOCKS_TO_THE_HEADLINE: usize = 60;
/// Blocks behind the headline that may stand between it and the text.
const BLOCKS_AFTER: usize = 30;
/// Longest label of a date, words.
const MAX_LABEL_WORDS: u32 = 4;
/// Blocks beside the headline: there an element of its own is the article's head, not a box.
const BLOCKS_BESIDE: usize = 5;
/// Blocks of the text's beginning: date and byline stand behind the lead on some pages.
const BLOCKS_OF_THE_BEGINNING: usize = 8;
/// Blocks behind the text's last one that may still be the article's.
const BLOCKS_BEHIND: usize = 14;

/// What the names of elements say that belong to something else.
const FOREIGN_CLASSES: [StemClass; 4] =
    [StemClass::Comments, StemClass::Related, StemClass::Nav, StemClass::Consent];

/// Where the article stands among the blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The headline, or the first block of text where none stands near it.
    pub(super) anchor: usize,
    /// First block of text.
    pub(super) first: usize,
    /// Last block of text.
    pub(super) last: usize,
}

impl Span {
    /// `None` for a page without text.
    pub(super) fn of(document: &LabelledDocument) -> Option<Self> {
        let is_text = |labelled: &crate::model::LabelledBlock| labelled.verdict.label.is_text();
        let first = document.blocks.iter().position(is_text)?;
        let last = document.blocks.iter().rposition(is_text)?;
        let headline = document.blocks.iter().position(|l| l.verdict.label == Label::Headline);
        let headline = headline.filter(|at| *at <= first + MAX_BLOCKS_TO_THE_HEADLINE);
        Some(Self { anchor: headline.unwrap_or(first), first, last })
    }

    /// Whether a block stands around the headline and the beginning of the text.
    pub(super) fn is_head(self, block_idx: usize) -> bool {
        !self.is_above(block_idx) && block_idx <= self.anchor + BLOCKS_AFTER
    }

    /// Whether a block stands above the article.
    fn is_above(self, block_idx: usize) -> bool {
        block_idx < self.anchor.saturating_sub(BLOCKS_BEFORE)
    }

    /// Whether a block stands at the head, and not in the text: a date there is a picture's or a quoted post's.
    pub(super) fn is_beginning(self, block_idx: usize) -> bool {
        let text = self.anchor.max(self.first) + BLOCKS_OF_THE_BEGINNING;
        self.is_head(block_idx) && block_idx < text
    }

    /// Whether a block stands at the end of the text.
    pub(super) fn is_tail(self, block_idx: usize) -> bool {
        (self.last..=self.last + BLOCKS_BEHIND).contains(&block_idx)
    }
}

/// Adds the claims that are the article's own; those of the end only for fields that the head says nothing of.
pub(super) fn claim(document: &LabelledDocument, rules: &Rules, claims: &mut Claims) {
    let Some(span) = Span::of(document) else { return };
    let own: Vec<&PlacedClaim> = document
        .claims
        .placed
        .iter()
        .filter(|claim| is_own(document, span, claim.block_idx) && may_be_said(claim, rules))
        .collect();
    let field_of = |claim: &PlacedClaim| match claim.field {
        PlacedField::Published if is_behind_label_of_change(document, claim.block_idx, rules) => {
            PlacedField::Modified
        }
        field => field,
    };
    let fields: Vec<PlacedField> = own.iter().map(|claim| field_of(claim)).collect();
    for field in [PlacedField::Author, PlacedField::Published, PlacedField::Modified] {
        let of_field = || {
            let with_field = own.iter().zip(&fields).filter(|(_, of)| **of == field);
            with_field.map(|(claim, _)| claim)
        };
        let at_head: Vec<&&PlacedClaim> =
            of_field().filter(|claim| span.is_head(claim.block_idx)).collect();
        let at_tail: Vec<&&PlacedClaim> =
            of_field().filter(|claim| span.is_tail(claim.block_idx)).collect();
        let is_date = field != PlacedField::Author;
        let mut chosen = match (at_head.is_empty(), is_date) {
            (false, _) => at_head,
            (true, false) => at_tail,
            (true, true) => agreed(at_tail),
        };
        if chosen.is_empty() {
            // Far above the headline stands the day of the visit.
            let is_below = |claim: &&&PlacedClaim| !is_date || !span.is_above(claim.block_idx);
            chosen = agreed(of_field().filter(is_below).collect());
        }
        if is_date && is_known(field, claims) {
            chosen.retain(|claim| span.is_beginning(claim.block_idx));
        }
        for claim in innermost(&chosen) {
            add(claim, field, claims);
        }
    }
    for claim in own.iter().filter(|claim| claim.field == PlacedField::Keyword) {
        add(claim, PlacedField::Keyword, claims);
    }
    let is_below = |claim: &&&PlacedClaim| {
        claim.field == PlacedField::Subtitle
            && (span.anchor..=span.anchor + BLOCKS_BESIDE).contains(&claim.block_idx)
    };
    if let Some(subtitle) = own.iter().find(is_below) {
        add(subtitle, PlacedField::Subtitle, claims);
    }
}

/// Whether the line before a block says that the date in it is the last change's ("Zuletzt geändert am:").
pub(super) fn is_behind_label_of_change(
    document: &LabelledDocument,
    block_idx: usize,
    rules: &Rules,
) -> bool {
    let before = block_idx.checked_sub(1).and_then(|before| document.blocks.get(before));
    before.is_some_and(|before| {
        let block = &before.block;
        block.n_words <= MAX_LABEL_WORDS
            && !block.text.contains(|c: char| c.is_ascii_digit())
            && is_called_change(&block.text, &rules.words)
    })
}

/// Whether a claim says anything: a date has a number in it, or names the day.
fn may_be_said(claim: &PlacedClaim, rules: &Rules) -> bool {
    let is_date = matches!(claim.field, PlacedField::Published | PlacedField::Modified);
    let names_a_day = || {
        let folded = claim.value.to_lowercase();
        let mut days = rules.words.today.iter().chain(rules.words.yesterday.iter());
        days.any(|day| folded.starts_with(day.as_str()))
    };
    !is_date || claim.value.contains(|c: char| c.is_ascii_digit()) || names_a_day()
}

/// Whether the page's head, JSON-LD or another source that speaks for the whole page says when.
fn is_known(field: PlacedField, claims: &Claims) -> bool {
    let claims = match field {
        PlacedField::Modified => &claims.modified,
        _ => &claims.published,
    };
    claims.iter().any(|claim| dates::read(&claim.value).is_some())
}

/// Claims from elsewhere on the page, or from the end of the text, count when they all say the same.
fn agreed<'c>(claims: Vec<&'c &'c PlacedClaim>) -> Vec<&'c &'c PlacedClaim> {
    let said = |claim: &PlacedClaim| match claim.field {
        PlacedField::Published | PlacedField::Modified => {
            dates::read(&claim.value).map_or(Said::Text(claim.value.clone()), Said::Day)
        }
        PlacedField::Author | PlacedField::Keyword | PlacedField::Subtitle => {
            Said::Text(claim.value.clone())
        }
    };
    let first = claims.first().map(|claim| said(claim));
    let all_agree = claims.iter().all(|claim| first.as_ref().is_some_and(|f| f.is(&said(claim))));
    if all_agree { claims } else { Vec::new() }
}

/// What a claim says, as far as others can say the same.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Text(String),
    Day(WrittenDate),
}

impl Said {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Day(day), Self::Day(other)) => day.is_same_day(other),
            _ => self == other,
        }
    }
}

/// Claims without those that another, inside of them, says more exactly.
fn innermost<'c>(claims: &[&'c &'c PlacedClaim]) -> Vec<&'c PlacedClaim> {
    let is_around = |at: usize, outer: &PlacedClaim| {
        claims.iter().skip(at + 1).any(|inner| {
            inner.block_idx < outer.block_idx + 6
                && inner.value.len() < outer.value.len()
                && inner.source == outer.source
                && outer.value.contains(inner.value.as_str())
        })
    };
    let kept = claims.iter().enumerate().filter(|(at, claim)| !is_around(*at, claim));
    kept.map(|(_, claim)| **claim).collect()
}

fn add(claim: &PlacedClaim, field: PlacedField, claims: &mut Claims) {
    let PlacedClaim { value, url, source, .. } = claim.clone();
    match field {
        PlacedField::Author => {
            claims.authors.push(Claimed { value: AuthorClaim { name: value, url }, source });
        }
        PlacedField::Published => claims.published.push(Claimed { value, source }),
        PlacedField::Modified => claims.modified.push(Claimed { value, source }),
        PlacedField::Keyword => claims.keywords.push(Claimed { value, source }),
        PlacedField::Subtitle => claims.descriptions.push(Claimed { value, source }),
    }
}

/// Whether a place is the article's: it is no quotation or quoted post, and no element around it is a teaser's, a comment's or a
/// box's that does not hold the text.
pub(super) fn is_own(document: &LabelledDocument, span: Span, block_idx: usize) -> bool {
    let Some(labelled) = document.blocks.get(block_idx) else { return true };
    if labelled.block.kind == BlockKind::Quote {
        return false;
    }
    let is_beside = block_idx.abs_diff(span.anchor) <= BLOCKS_BESIDE;
    let holds = |region: &Region| {
        let holds = |at: usize| u32::try_from(at).is_ok_and(|at| region.blocks.contains(&at));
        holds(span.first) || holds(span.anchor)
    };
    let mut around = document.regions.around(&labelled.block).take_while(|region| !holds(region));
    !around.any(|region| is_foreign(region, is_beside))
}

/// Whether an element that does not hold the text belongs to something else.
fn is_foreign(region: &Region, is_beside_the_headline: bool) -> bool {
    let is_apart = matches!(region.landmark, Landmark::Aside | Landmark::Form | Landmark::Article);
    let named = StemSet::from_bits(region.names_say);
    region.landmark == Landmark::Navigation
        || region.is_hidden
        || (is_apart && !is_beside_the_headline)
        || FOREIGN_CLASSES.iter().any(|class| named.contains(*class))
}
