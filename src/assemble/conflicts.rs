//! Sources that contradict each other: a flag each, so that a reader of the message knows which fields to doubt.

use super::dates::Dates;
use super::language::Language;
use super::{authors, title, urls};
use crate::model::{Claims, LabelledDocument, RawPage, Site};
use crate::rules::Rules;

/// The flags of the contradictions on a page.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    claims: &Claims,
    (site, language): (&Site, &Language),
    rules: &Rules,
) -> Vec<&'static str> {
    let dates = Dates::new(page, claims, &rules.words);
    let contradictions = [
        ("authors_conflict", authors::is_contested(page, claims, site, rules)),
        ("canonical_conflict", urls::is_contested(page, claims, &rules.words)),
        ("language_conflict", language.is_contested),
        ("json_ld_of_another_page", claims.has_foreign_json_ld),
        ("published_conflict", dates.are_contested()),
        ("title_conflict", title::is_contested(document)),
    ];
    contradictions.into_iter().filter(|(_, is_there)| *is_there).map(|(flag, _)| flag).collect()
}
