//! Which of several dates to believe. The first in the order of trust leads. It gives way to another day that the page has
//! better reasons for:
//!
//! - nothing else on the page names its day, and two other sources agree on another one, at least one of them before the
//!   reader's eyes; a day on which the article was changed does not count;
//! - an earlier day is called the day of publication, stands in the path of the page's address, or is shown in two ways; or
//!   it is shown, and the leading date, which nothing else names, is the time of the last change.
//!
//! An article is published once: what comes later is a change, an import or a new edition of it.

use super::TRUST;
use crate::model::{Precision, Source};
use crate::rules::{WordList, Words};
use crate::text::dates::WrittenDate;

/// Sources that readers see.
const SHOWN: [Source; 4] =
    [Source::Microdata, Source::TimeElement, Source::ElementName, Source::Visible];
/// Longest shown text that is a date and little more, words.
const MAX_DATE_WORDS: usize = 5;
/// Longest line that says that its date is the publication's, words.
const MAX_LABELLED_WORDS: usize = 8;

/// A claim that is a possible date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated<'c> {
    pub(super) written: WrittenDate,
    pub(super) source: Source,
    /// The claim as written.
    pub(super) text: &'c str,
}

impl Dated<'_> {
    fn is_same_day(&self, other: &Self) -> bool {
        self.written.is_same_day(&other.written)
    }

    fn is_shown(&self) -> bool {
        SHOWN.contains(&self.source)
    }

    fn n_words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// All that a page says about when an article was published and changed.
#[derive(Debug, Default)]
pub(super) struct Evidence<'c> {
    pub(super) published: Vec<Dated<'c>>,
    pub(super) modified: Vec<Dated<'c>>,
}

impl<'c> Evidence<'c> {
    /// The date of publication, and whether another one led.
    pub(super) fn published(&self, words: &Words) -> Option<(Dated<'c>, bool)> {
        let firsts = firsts(&self.published);
        let lead = *firsts.first()?;
        if lead.source == Source::SiteRule {
            return Some((lead, false));
        }
        let others = firsts.iter().filter(|other| {
            other.written.precision() >= Precision::Day && !other.is_same_day(&lead)
        });
        let believed = others.filter(|other| self.overrules(other, &lead, &firsts, words));
        // Of several the earliest; of several of that day the most trusted.
        let earliest = believed.min_by_key(|other| other.written.day_number());
        Some(earliest.map_or((lead, false), |other| (*other, true)))
    }

    /// The date of the last change: the first claim in the order of trust.
    pub(super) fn modified(&self) -> Option<Dated<'c>> {
        firsts(&self.modified).first().copied()
    }

    fn overrules(
        &self,
        other: &Dated<'_>,
        lead: &Dated<'_>,
        firsts: &[Dated<'_>],
        words: &Words,
    ) -> bool {
        let same_day = |day: &Dated<'_>| firsts.iter().filter(|f| f.is_same_day(day)).count();
        let n_shown = firsts.iter().filter(|f| f.is_same_day(other) && f.is_shown()).count();
        let is_change = |day: &Dated<'_>| self.modified.iter().any(|m| m.is_same_day(day));
        let is_alone = same_day(lead) <= 1;
        if is_alone && n_shown >= 1 && same_day(other) >= 2 && !is_change(other) {
            return true;
        }
        let is_earlier = other.written.day_number() < lead.written.day_number();
        let is_bare = other.is_shown() && other.n_words() <= MAX_DATE_WORDS;
        is_earlier
            && (n_shown >= 2
                || other.source == Source::Url
                || is_called_publication(other, words)
                || (is_alone && is_bare && is_change(lead)))
    }
}

/// The first claim of each source, in order of trust.
fn firsts<'c>(claims: &[Dated<'c>]) -> Vec<Dated<'c>> {
    let first = |source: &Source| claims.iter().find(|dated| dated.source == *source).copied();
    TRUST.iter().filter_map(first).collect()
}

/// "Veröffentlicht am 5. November 2024": a short line that says what its date is.
fn is_called_publication(dated: &Dated<'_>, words: &Words) -> bool {
    dated.is_shown()
        && dated.n_words() <= MAX_LABELLED_WORDS
        && has_word(dated.text, &words.published_words)
}

/// Whether a text has one of the words.
fn has_word(text: &str, words: &WordList) -> bool {
    let folded = text.to_lowercase();
    folded.split(|c: char| !c.is_alphabetic()).any(|word| words.contains(word))
}

/// Whether a shown text begins with a word that says that its date is the last change's.
pub(in crate::assemble) fn is_called_change(text: &str, words: &Words) -> bool {
    let folded = text.trim_start().to_lowercase();
    let first = folded.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
    first.is_some_and(|first| words.update_words.contains(first))
}
