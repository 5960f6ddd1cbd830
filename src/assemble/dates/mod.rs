//! Publication and modification time. Order of trust: the site's own rules, JSON-LD, OpenGraph, meta, microdata, `<time>`,
//! elements named for the date, text prefix, visible date line, the page's address. The first of them that is a possible date
//! leads; [`evidence`] says when an earlier one, or one that more sources name, is believed instead. Precision and offset
//! stay as given; nothing is guessed. "vor 3 Stunden" is a date only when the message says when the page was fetched.

mod evidence;
mod relative;

use crate::model::{Claimed, Claims, FuzzyDate, Precision, Provenance, RawPage, Source};
use crate::rules::Words;
use crate::text::dates::{self, SlashOrder, WrittenDate};
pub(super) use evidence::is_called_change;
use evidence::{Dated, Evidence};

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

/// What a page's claims say about when.
#[derive(Debug)]
pub(super) struct Dates<'d> {
    evidence: Evidence<'d>,
    words: &'d Words,
}

impl<'d> Dates<'d> {
    /// Reads the dates that a page claims.
    pub(super) fn new(page: &RawPage<'_>, claims: &'d Claims, words: &'d Words) -> Self {
        let reader = Reader { page, words, order: slash_order(claims) };
        let mut evidence = Evidence::default();
        for claim in &claims.published {
            let Some(dated) = reader.sound(claim) else { continue };
            // Elements named for a date, and lines with one, say themselves whether it is a change.
            let is_change = matches!(claim.source, Source::ElementName | Source::TimeElement)
                && is_called_change(&claim.value, words);
            if is_change { evidence.modified.push(dated) } else { evidence.published.push(dated) }
        }
        evidence.modified.extend(claims.modified.iter().filter_map(|claim| reader.sound(claim)));
        Self { evidence, words }
    }

    /// When the article was published.
    pub(super) fn published(&self, provenance: &mut Provenance) -> Option<FuzzyDate> {
        let (dated, _) = self.evidence.published(self.words)?;
        Some(taken("published", self.shown_day(dated), provenance))
    }

    /// When the article was last changed: never before it was published.
    pub(super) fn modified(
        &self,
        published: Option<&FuzzyDate>,
        provenance: &mut Provenance,
    ) -> Option<FuzzyDate> {
        let dated = self.evidence.modified()?;
        let value = dated.written.to_iso();
        let is_before = published.is_some_and(|published| {
            value.get(..10).zip(published.value.get(..10)).is_some_and(|(m, p)| m < p)
        });
        (!is_before).then(|| taken("modified", dated, provenance))
    }

    /// Whether sources that speak for the whole page name days that cannot be the same, or the first of them was not believed.
    pub(super) fn are_contested(&self) -> bool {
        if self.evidence.published(self.words).is_some_and(|(_, is_overruled)| is_overruled) {
            return true;
        }
        let published = self.evidence.published.iter();
        let structured = published.filter(|dated| STRUCTURED.contains(&dated.source));
        let seconds: Vec<i64> = structured.filter_map(|dated| dated.written.seconds()).collect();
        let (first, last) = (seconds.iter().min(), seconds.iter().max());
        first.zip(last).is_some_and(|(first, last)| last - first > MAX_APART_SECONDS)
    }

    /// A midnight of the site's clock, written in UTC, is a day and no time: the day that the page shows.
    fn shown_day(&self, dated: Dated<'d>) -> Dated<'d> {
        let is_shown = |other: &&Dated<'d>| {
            matches!(other.source, Source::ElementName | Source::Visible)
                && other.written.precision() == Precision::Day
                && dated.written.is_midnight_of(&other.written)
        };
        let shown =
            self.evidence.published.iter().find(is_shown).filter(|_| dated.written.is_utc());
        shown.map_or(dated, |shown| Dated { written: shown.written, ..dated })
    }
}

/// A date as published, its source noted.
fn taken(field: &'static str, dated: Dated<'_>, provenance: &mut Provenance) -> FuzzyDate {
    provenance.fields.insert(field, dated.source);
    let (value, precision) = (dated.written.to_iso(), dated.written.precision());
    FuzzyDate { value, precision, source: dated.source }
}

/// Reads the dates of one page.
struct Reader<'r, 'p> {
    page: &'r RawPage<'p>,
    words: &'r Words,
    order: SlashOrder,
}

impl Reader<'_, '_> {
    /// The date of a claim, if it is one and can be.
    fn sound<'c>(&self, claim: &'c Claimed<String>) -> Option<Dated<'c>> {
        let fetched_at = self.page.fetched_at;
        let text = claim.value.as_str();
        let is_possible = |written: &WrittenDate| written.is_possible(fetched_at);
        let written = dates::read_ordered(text, self.order)
            .or_else(|| relative::read(text, fetched_at?, self.words))?;
        // "11/5/2024" read before that day was: then the other number is the month.
        let written = Some(written)
            .filter(is_possible)
            .or_else(|| dates::read_ordered(text, self.order.other()).filter(is_possible))?;
        Some(Dated { written, source: claim.source, text })
    }
}

/// What `5/11/2024` means on this page: what another claim of the page says in words or year first; else American English puts
/// the month first.
fn slash_order(claims: &Claims) -> SlashOrder {
    let read = |text: &str, order| dates::read_ordered(text, order);
    let (mut ambiguous, mut certain) = (Vec::new(), Vec::new());
    for claim in claims.published.iter().filter(|claim| claim.source != Source::Url) {
        let day_first = read(&claim.value, SlashOrder::DayFirst);
        if !claim.value.contains(['/', '-']) {
            certain.extend(day_first);
            continue;
        }
        match (day_first, read(&claim.value, SlashOrder::MonthFirst)) {
            (Some(day_first), Some(month_first)) if day_first != month_first => {
                ambiguous.push((day_first, month_first));
            }
            (day_first, _) => certain.extend(day_first),
        }
    }
    for (day_first, month_first) in ambiguous {
        let is_known = |date: &WrittenDate| certain.iter().any(|known| known.is_same_day(date));
        match (is_known(&day_first), is_known(&month_first)) {
            (true, false) => return SlashOrder::DayFirst,
            (false, true) => return SlashOrder::MonthFirst,
            _ => {}
        }
    }
    if is_american(claims) { SlashOrder::MonthFirst } else { SlashOrder::DayFirst }
}

/// Whether the page says that it is in American English.
fn is_american(claims: &Claims) -> bool {
    claims.languages.iter().any(|claim| {
        let tag = claim.value.to_lowercase();
        let mut subtags = tag.split(['-', '_']);
        subtags.next() == Some("en") && subtags.any(|region| region == "us")
    })
}
