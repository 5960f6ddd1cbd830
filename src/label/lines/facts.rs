//! The facts of a line, as numbers: of its text, of its neighbours, of the run it stands in, of its place on the page. None
//! of them knows a language or a site.

use std::ops::Range;

use super::page::{Page, Post, Role};
use crate::label::fact::{Facts, Letters, count, facts, flag, number, ratio};
use crate::model::{BlockKind, Boilerplate};
use crate::rules::markers::Mode;
use crate::text::Ending;

/// Number of facts of a line.
const N_FACTS: usize = 92;

/// All facts of one line.
#[expect(clippy::too_many_lines, reason = "a list: one line a fact")]
pub(super) fn of(page: &Page<'_>, index: usize) -> Option<Facts<N_FACTS>> {
    let sheet = page.sheet;
    let block = sheet.block(index)?;
    let signals = sheet.signals(index)?;
    let text = Letters::of(&block.text, MAX_CHARS);
    let all = page.sums_of(0..sheet.len());
    let above = page.sums_of(0..index);
    let near = |n: usize| page.sums_of(index.saturating_sub(n)..index);
    let next = |n: usize| page.sums_of(index + 1..index + 1 + n);
    let (close_up, close_down, wide_up, wide_down) = (near(5), next(5), near(15), next(15));
    let here = page.sums_of(index..index + 1);
    let lines = page.run(index);
    let run = page.sums_of(lines.clone());
    let article = page.sums_of(page.article.clone());
    let (shared, n_long) = page.shared_words(index);
    let hits =
        |wanted: &[Boilerplate]| flag(signals.hits.iter().any(|hit| wanted.contains(&hit.class)));
    let since = |post| f32::from(page.since(index, post));
    let until = |post| f32::from(page.until(index, post));
    Some(facts![
        ("list_item", flag(block.kind == BlockKind::ListItem)),
        ("table_row", flag(block.kind == BlockKind::TableRow)),
        ("words", count(block.n_words)),
        ("chars", number(signals.n_chars)),
        ("sentences", count(signals.n_sentences)),
        ("ends_stop", flag(signals.ending == Ending::Stop)),
        ("ends_query", flag(signals.ending == Ending::Query)),
        ("ends_ellipsis", flag(signals.ending == Ending::Ellipsis)),
        ("ends_colon", flag(signals.ending == Ending::Colon)),
        ("ends_open", flag(signals.ending == Ending::Open)),
        ("starts", text.start),
        ("digits", text.digits),
        ("capitals", text.capitals),
        ("separators", text.separators),
        ("colon_inside", count(here.colons)),
        ("quotes", text.quotes),
        ("address_words", count(signals.n_address_words)),
        ("consent_words", count(signals.n_consent_words)),
        ("phrases", number(signals.hits.len())),
        ("phrase_strict", flag(signals.hits.iter().any(|hit| hit.mode != Mode::Has))),
        ("phrase_appeal", hits(&APPEALS)),
        ("phrase_teaser", hits(&[Boilerplate::TeaserLabel, Boilerplate::MediaTeaser])),
        ("phrase_credit", hits(&[Boilerplate::CaptionCredit, Boilerplate::Agency])),
        ("phrase_author", hits(&[Boilerplate::AuthorBox, Boilerplate::Timestamp])),
        ("phrase_page", hits(&[Boilerplate::Nav, Boilerplate::ServiceLinks, Boilerplate::Legal])),
        ("copies", count(signals.n_copies)),
        ("blank_lines", count(block.blank_lines_before.min(4))),
        ("place", ratio(above.lines, all.lines)),
        ("lines_above", count(above.lines)),
        ("lines_below", count(all.lines - above.lines)),
        ("text_above", ratio(above.prose_words, all.prose_words)),
        ("text_words_above", count(above.prose_words)),
        ("text_words_below", count(all.prose_words - above.prose_words)),
        ("kept_words_above", count(above.kept_words)),
        ("page_text", count(all.prose_words)),
        ("page_text_share", ratio(all.prose_words, all.words)),
        ("page_strong_share", ratio(all.strong_words, all.prose_words)),
        ("page_furniture", ratio(all.furniture, all.lines)),
        ("kept", flag(sheet.is_alive(index))),
        ("to_article", to_article(&page.article, index)),
        ("article_words", count(article.kept_words)),
        ("article_strong", ratio(article.strong_words, article.words)),
        ("previous", role(page, index.checked_sub(1))),
        ("before_previous", role(page, index.checked_sub(2))),
        ("next", role(page, Some(index + 1))),
        ("after_next", role(page, Some(index + 2))),
        ("text_near", count(close_up.prose_words)),
        ("text_next", count(close_down.prose_words)),
        ("text_near_15", count(wide_up.prose_words)),
        ("text_next_15", count(wide_down.prose_words)),
        ("strong_near_15", count(wide_up.strong_words)),
        ("strong_next_15", count(wide_down.strong_words)),
        ("furniture_near", count(close_up.furniture)),
        ("furniture_next", count(close_down.furniture)),
        ("furniture_near_15", count(wide_up.furniture)),
        ("furniture_next_15", count(wide_down.furniture)),
        ("beside_near_15", count(wide_up.beside)),
        ("beside_next_15", count(wide_down.beside)),
        ("words_near", ratio(close_up.words, close_up.lines)),
        ("words_next", ratio(close_down.words, close_down.lines)),
        ("run_lines", number(lines.len())),
        ("run_above", number(index - lines.start.min(index))),
        ("run_words", ratio(run.words, run.lines)),
        ("run_furniture", ratio(run.furniture, run.lines)),
        ("run_digits", ratio(run.digits, run.lines)),
        ("run_colons", ratio(run.colons, run.lines)),
        ("run_lower", ratio(run.lower, run.lines)),
        ("run_copies", ratio(run.copies, run.lines)),
        ("since_comments", since(Post::Comments)),
        ("since_teaser", since(Post::Teaser)),
        ("since_share", since(Post::Share)),
        ("since_time", since(Post::Time).min(since(Post::Author))),
        ("since_strong", since(Post::Strong)),
        ("since_appeal", since(Post::Appeal).min(since(Post::Legal))),
        ("until_strong", until(Post::Strong)),
        ("until_comments", until(Post::Comments).min(until(Post::Teaser))),
        ("until_legal", until(Post::Legal)),
        ("shared_words", shared),
        ("long_words", number(n_long)),
        ("doubtful_rule", super::doubtful_rule(sheet, index)),
        ("since_headline", since(Post::Headline)),
        ("until_headline", until(Post::Headline)),
        ("until_time", until(Post::Time).min(until(Post::Author))),
        ("until_share", until(Post::Share)),
        ("since_caption", since(Post::Caption)),
        ("until_caption", until(Post::Caption)),
        ("kept_near", count(close_up.kept_words)),
        ("kept_next", count(close_down.kept_words)),
        ("capital_words", text.capital_words),
        ("words_before", words(page, index.checked_sub(1))),
        ("words_after", words(page, index.checked_add(1))),
        ("after_colon", flag(ends_with_colon(page, index.checked_sub(1)))),
    ])
}

/// Classes of phrases that speak to the reader of the page.
const APPEALS: [Boilerplate; 8] = [
    Boilerplate::Newsletter,
    Boilerplate::Donation,
    Boilerplate::AppChannel,
    Boilerplate::Paywall,
    Boilerplate::CommercialNotice,
    Boilerplate::Comments,
    Boilerplate::Legal,
    Boilerplate::AdLabel,
];

/// Lines before the first (negative) or behind the last line that the rules kept.
fn to_article(article: &Range<usize>, index: usize) -> f32 {
    if index < article.start {
        -number(article.start - index)
    } else {
        number((index + 1).saturating_sub(article.end))
    }
}

fn role(page: &Page<'_>, index: Option<usize>) -> f32 {
    match index.and_then(|index| page.role(index)) {
        None => -2.0,
        Some(Role::Furniture) => -1.0,
        Some(Role::Beside) => 0.0,
        Some(Role::Short) => 1.0,
        Some(Role::Sentence) => 2.0,
        Some(Role::Weak) => 3.0,
        Some(Role::Strong) => 4.0,
    }
}

/// Words of a neighbour; -1 without one.
fn words(page: &Page<'_>, index: Option<usize>) -> f32 {
    index.and_then(|index| page.sheet.block(index)).map_or(-1.0, |block| count(block.n_words))
}

fn ends_with_colon(page: &Page<'_>, index: Option<usize>) -> bool {
    let signals = index.and_then(|index| page.sheet.signals(index));
    signals.is_some_and(|signals| signals.ending == Ending::Colon)
}

/// Characters looked at.
const MAX_CHARS: usize = 240;
