//! Consent banners and account forms: running text in the language of cookies and passwords that speaks to the reader.
//! Articles about cookies speak of them without a "we" and a "you", and not only at the edges of a page.

use super::sheet::Sheet;
use crate::model::{Boilerplate, DocumentSource, Label};
use crate::rules::Rules;

/// Words of consent banners in a block that speaks to the reader.
const MIN_CONSENT_WORDS: u32 = 2;

/// The same, in a block that does not.
const MIN_CONSENT_WORDS_UNADDRESSED: u32 = 4;

/// Share of a page's running text above which it is what the article is about, unless it stands at an edge.
const MAX_SHARE: f32 = 0.4;

/// On a whole page, the texts of the consent banner go.
pub(super) fn consent_banners_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Text || !sheet.is_page {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let banner: Vec<usize> =
        alive.iter().copied().filter(|&index| is_consent_text(sheet, index)).collect();
    let says_so = (0..sheet.len())
        .any(|index| sheet.label(index) == Some(Label::Boilerplate(Boilerplate::Consent)));
    let is_the_subject =
        share(sheet, &banner, &alive) > MAX_SHARE && !says_so && !is_at_an_edge(&banner, &alive);
    if is_the_subject {
        return;
    }
    for index in banner {
        sheet.decide(index, Label::Boilerplate(Boilerplate::Consent), "consent.words_of_a_banner");
    }
}

fn is_consent_text(sheet: &Sheet, index: usize) -> bool {
    let Some(signals) = sheet.signals(index) else { return false };
    let wanted =
        if signals.n_address_words > 0 { MIN_CONSENT_WORDS } else { MIN_CONSENT_WORDS_UNADDRESSED };
    signals.n_consent_words >= wanted && sheet.is_prose(index)
}

fn share(sheet: &Sheet, part: &[usize], all: &[usize]) -> f32 {
    let words = |indexes: &[usize]| -> u32 {
        indexes
            .iter()
            .filter(|&&index| sheet.is_prose(index))
            .filter_map(|&index| sheet.block(index))
            .map(|block| block.n_words)
            .sum()
    };
    // Word counts of a page are far below 2^24, where f32 stops being exact.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    let share = words(part) as f32 / words(all).max(1) as f32;
    share
}

/// Whether all of it stands in the first or the last third of the page.
fn is_at_an_edge(banner: &[usize], alive: &[usize]) -> bool {
    let third = alive.len() / 3;
    let (Some(first), Some(last)) = (banner.first(), banner.last()) else { return false };
    alive.get(third).is_some_and(|edge| last <= edge)
        || alive.get(alive.len() - 1 - third).is_some_and(|edge| first >= edge)
}
