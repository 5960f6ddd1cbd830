//! Sources that contradict each other: a flag each, so that a reader of the message knows which fields to doubt.

use super::authors::Byline;
use super::dates::Dates;
use super::language::Language;
use super::title;
use super::urls::Canonical;
use crate::model::{Claims, LabelledDocument};

/// The flags of the contradictions on a page.
pub(super) fn of(
    document: &LabelledDocument,
    claims: &Claims,
    dates: &Dates<'_>,
    byline: &Byline,
    language: &Language,
    canonical: &Canonical,
) -> Vec<&'static str> {
    let contradictions = [
        ("authors_conflict", byline.is_contested),
        ("canonical_conflict", canonical.is_contested),
        ("language_conflict", language.is_contested),
        ("json_ld_of_another_page", claims.has_foreign_json_ld),
        ("published_conflict", dates.are_contested()),
        ("title_conflict", title::is_contested(document)),
    ];
    contradictions.into_iter().filter(|(_, is_there)| *is_there).map(|(flag, _)| flag).collect()
}
