//! What stands near the headline of an HTML page: byline and date line. Claims of the last resort, for pages whose markup says
//! nothing; further away the same lines belong to teasers and comments.

use crate::model::{
    AuthorClaim, Boilerplate, Claimed, Claims, Label, LabelledBlock, LabelledDocument, RawPage,
    Source,
};
use crate::rules::Rules;
use crate::text::dates;

/// Blocks before the headline that may belong to it.
const BLOCKS_BEFORE: usize = 6;
/// Blocks behind it.
const BLOCKS_AFTER: usize = 30;
/// Longest line that is read for a date, characters.
const MAX_DATE_CHARS: usize = 110;
/// Longest line that is read as a byline, words.
const MAX_BYLINE_WORDS: u32 = 8;

/// Adds what the lines around the headline, and the page's address, claim.
pub(super) fn claim(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    rules: &Rules,
    claims: &mut Claims,
) {
    let headline = document.blocks.iter().position(|l| l.verdict.label == Label::Headline);
    let first_text = document.blocks.iter().position(|l| l.verdict.label.is_text());
    if let Some(anchor) = headline.or(first_text) {
        let from = anchor.saturating_sub(BLOCKS_BEFORE);
        for labelled in document.blocks.iter().skip(from).take(BLOCKS_BEFORE + BLOCKS_AFTER) {
            line(labelled, rules, claims);
        }
    }
    if let Some(date) = page.url.as_ref().and_then(|url| date_in_path(url.path())) {
        claims.published.push(Claimed { value: date, source: Source::Url });
    }
}

fn line(labelled: &LabelledBlock, rules: &Rules, claims: &mut Claims) {
    let LabelledBlock { block, verdict } = labelled;
    let is_moved = matches!(
        verdict.label,
        Label::Byline
            | Label::Boilerplate(
                Boilerplate::Timestamp | Boilerplate::OutsideArticle | Boilerplate::Leftover
            )
    );
    if !is_moved || block.is_hidden {
        return;
    }
    if block.text.chars().count() <= MAX_DATE_CHARS && dates::read(&block.text).is_some() {
        let value = block.text.clone();
        claims.published.push(Claimed { value, source: Source::Visible });
    }
    let by_pattern = rules
        .markers
        .readers
        .byline
        .iter()
        .find_map(|regex| regex.captures(&block.text)?.get(1))
        .map(|names| names.as_str().to_owned());
    let by_label = || {
        let is_names = verdict.label == Label::Byline && block.n_words <= MAX_BYLINE_WORDS;
        let is_plain = !block.text.contains(|c: char| c.is_ascii_digit());
        let first = block.text.chars().next();
        (is_names && is_plain && first.is_some_and(char::is_uppercase) && block.n_words >= 2)
            .then(|| block.text.clone())
    };
    // One byline is enough: the next one may be a teaser's.
    let has_one = claims.authors.iter().any(|claim| claim.source == Source::Visible);
    if let Some(name) = by_pattern.or_else(by_label).filter(|_| !has_one) {
        let value = AuthorClaim { name, url: None };
        claims.authors.push(Claimed { value, source: Source::Visible });
    }
}

/// `/2024/11/05/` or `/2024-11-05-`: a date in the path of an address.
fn date_in_path(path: &str) -> Option<String> {
    let numbers: Vec<&str> =
        path.split(['/', '-', '_', '.']).filter(|part| !part.is_empty()).collect();
    numbers.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let is_number = |part: &str, digits: usize| {
            part.len() <= digits && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_date =
            year.len() == 4 && is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
        is_date.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
    })
}
