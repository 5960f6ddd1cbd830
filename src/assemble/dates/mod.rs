//! Publication and modification time. Order of trust: the site's own rules, JSON-LD, OpenGraph, meta, microdata, `<time>`, elements named for the
//! date, text prefix, visible date line, the page's address: the first of them that is a possible date wins. Precision and
//! offset stay as given; nothing is guessed. "vor 3 Stunden" is a date only when the message says when the page was fetched.

mod relative;

use crate::model::{Claimed, Claims, FuzzyDate, Provenance, RawPage, Source};
use crate::rules::Words;
use crate::text::dates::{self, SlashOrder, WrittenDate};

/// Sources in order of trust.
const TRUST: [Source; 10] = [
    Source::SiteRule,
    Source::JsonLd,
    Source::OpenGraph,
    Source::Meta,
    Source::Microdata,
    Source::TimeElement,
    Source::ElementName,
    Source::TextPrefix,
    Source::Visible,
    Source::Url,
];
/// Sources that speak for the whole page; where two of them differ by more than [`MAX_APART_SECONDS`], one is wrong.
const STRUCTURED: [Source; 4] =
    [Source::JsonLd, Source::OpenGraph, Source::Meta, Source::Microdata];
/// How far claims may be apart that mean the same day: time zones, and dates without time.
const MAX_APART_SECONDS: i64 = 36 * 3600;

/// Reads the dates that a page claims.
#[derive(Debug)]
pub(super) struct Dates<'d> {
    page: &'d RawPage<'d>,
    claims: &'d Claims,
    words: &'d Words,
    order: SlashOrder,
}

impl<'d> Dates<'d> {
    pub(super) fn new(page: &'d RawPage<'d>, claims: &'d Claims, words: &'d Words) -> Self {
        Self { page, claims, words, order: slash_order(claims) }
    }

    /// When the article was published.
    pub(super) fn published(&self, provenance: &mut Provenance) -> Option<FuzzyDate> {
        self.first_sound("published", &self.claims.published, provenance)
    }

    /// When the article was last changed: never before it was published.
    pub(super) fn modified(
        &self,
        published: Option<&FuzzyDate>,
        provenance: &mut Provenance,
    ) -> Option<FuzzyDate> {
        let modified = self.first_sound("modified", &self.claims.modified, provenance)?;
        let is_before = published.is_some_and(|published| {
            modified.value.get(..10).zip(published.value.get(..10)).is_some_and(|(m, p)| m < p)
        });
        if is_before {
            provenance.fields.remove("modified");
            return None;
        }
        Some(modified)
    }

    /// Whether sources that speak for the whole page name days that cannot be the same.
    pub(super) fn are_contested(&self) -> bool {
        let claims =
            self.claims.published.iter().filter(|claim| STRUCTURED.contains(&claim.source));
        let seconds: Vec<i64> = claims.filter_map(|claim| self.sound(claim)?.seconds()).collect();
        let (first, last) = (seconds.iter().min(), seconds.iter().max());
        first.zip(last).is_some_and(|(first, last)| last - first > MAX_APART_SECONDS)
    }

    /// The first claim, in order of trust, that is a possible date.
    fn first_sound(
        &self,
        field: &'static str,
        claims: &[Claimed<String>],
        provenance: &mut Provenance,
    ) -> Option<FuzzyDate> {
        for source in TRUST {
            let mut of_source = claims.iter().filter(|claim| claim.source == source);
            let Some(written) = of_source.find_map(|claim| self.sound(claim)) else { continue };
            provenance.fields.insert(field, source);
            let (value, precision) = (written.to_iso(), written.precision());
            return Some(FuzzyDate { value, precision, source });
        }
        None
    }

    /// The date of a claim, if it is one and can be.
    fn sound(&self, claim: &Claimed<String>) -> Option<WrittenDate> {
        let fetched_at = self.page.fetched_at;
        let written = dates::read_ordered(&claim.value, self.order)
            .or_else(|| relative::read(&claim.value, fetched_at?, self.words))?;
        written.is_possible(fetched_at).then_some(written)
    }
}

/// What `5/11/2024` means on this page: American English puts the month first.
fn slash_order(claims: &Claims) -> SlashOrder {
    let is_american = claims.languages.iter().any(|claim| {
        let tag = claim.value.to_lowercase();
        let mut subtags = tag.split(['-', '_']);
        subtags.next() == Some("en") && subtags.any(|region| region == "us")
    });
    if is_american { SlashOrder::MonthFirst } else { SlashOrder::DayFirst }
}
