//! Loose ends, once everything else is judged: headings and short lines with no text of the article behind them, doubles.

use std::collections::HashMap;

use crate::label::Sheet;
use crate::model::{BlockKind, Boilerplate, DocumentSource, Label, Landmark};
use crate::rules::Rules;
use crate::rules::markers::{Hit, Mode};

/// Shortest text whose double is no coincidence, characters (`boilerplate.md`, 2.30).
const MIN_DOUBLE_CHARS: usize = 12;

/// Longest loose line, words.
const MAX_LOOSE_WORDS: u32 = 8;
/// More lines at the end are a list of the article's own: winners, results, products.
const MAX_LOOSE_LINES: usize = 4;

/// Short lines before the first and behind the last running text are remains of what was cut.
pub(in crate::label) fn loose_ends_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let is_anchor = |index: usize| {
        sheet.is_prose(index)
            || sheet.is_sentence(index)
            || sheet.label(index).is_some()
            || sheet.block(index).is_some_and(|block| {
                matches!(
                    block.kind,
                    BlockKind::ListItem
                        | BlockKind::TableRow
                        | BlockKind::Quote
                        | BlockKind::Preformatted
                )
            })
    };
    let first = alive.iter().position(|&index| is_anchor(index));
    let last = alive.iter().rposition(|&index| is_anchor(index));
    let (Some(first), Some(last)) = (first, last) else { return };
    let is_heading = |index: usize| {
        sheet.block(index).is_some_and(|block| matches!(block.kind, BlockKind::Heading(_)))
    };
    let is_short =
        |index: usize| sheet.block(index).is_some_and(|block| block.n_words <= MAX_LOOSE_WORDS);
    // A heading right before the first text may be a sub-heading: it stays.
    let head =
        alive.iter().take(first).copied().filter(|&index| !is_heading(index) && is_short(index));
    let tail: Vec<usize> = alive.iter().skip(last + 1).copied().collect();
    let is_list = tail.len() > MAX_LOOSE_LINES;
    let tail = tail.into_iter().filter(|&index| !is_list && (is_heading(index) || is_short(index)));
    let loose: Vec<usize> = head.chain(tail).collect();
    for index in loose {
        sheet.decide(index, Label::Boilerplate(Boilerplate::Leftover), "structure.loose_end");
    }
}

/// Running text that must stand before a heading of comments for it to end the article, characters.
const MIN_CHARS_BEFORE_COMMENTS: usize = 400;

/// "12 Kommentare", "Leave a reply": nothing behind it is the article's.
pub(in crate::label) fn nothing_behind_the_comments_is_text(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let mut chars_before = 0;
    let mut heading = None;
    for index in 0..sheet.len() {
        let Some(signals) = sheet.signals(index) else { break };
        if sheet.is_alive(index) && sheet.is_prose(index) {
            chars_before += signals.n_chars;
        }
        let is_comments = sheet.label(index) == Some(Label::Boilerplate(Boilerplate::Comments))
            && signals.hits.iter().any(|hit| hit.class == Boilerplate::Comments);
        if is_comments && chars_before >= MIN_CHARS_BEFORE_COMMENTS {
            heading = Some(index);
            break;
        }
    }
    let Some(heading) = heading else { return };
    let behind: Vec<usize> = sheet.alive().filter(|&index| index > heading).collect();
    for index in behind {
        sheet.decide(index, Label::Boilerplate(Boilerplate::Comments), "structure.behind_comments");
    }
}

/// Share of the article's blocks at its end in which an appeal is no part of it: the last fifth.
const TAIL_DIVISOR: usize = 5;
/// Longest appeal, characters.
const MAX_APPEAL_CHARS: usize = 400;

/// "Der Newsletter informiert Sie …" at the end: a sentence, but no text of the article.
pub(in crate::label) fn appeals_at_the_end_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let n_tail = (alive.len() / TAIL_DIVISOR).max(2);
    let tail = alive.len().saturating_sub(n_tail).max(1);
    let mut appeals = Vec::new();
    for &index in alive.iter().skip(tail) {
        let Some(signals) = sheet.signals(index) else { continue };
        let is_short = signals.n_sentences <= 1;
        let n_notices =
            signals.hits.iter().filter(|hit| hit.class == Boilerplate::CommercialNotice).count();
        let says = |hit: &&Hit| {
            let is_notice = hit.class == Boilerplate::CommercialNotice && n_notices > 1;
            is_appeal(hit.class) && (is_short || is_notice || hit.mode != Mode::Has)
        };
        let hit = signals.hits.iter().find(says);
        if let Some(hit) = hit.filter(|_| signals.n_chars <= MAX_APPEAL_CHARS) {
            appeals.push((index, hit.class));
        }
    }
    for (index, class) in appeals {
        sheet.decide(index, Label::Boilerplate(class), "structure.appeal_at_the_end");
    }
}

/// Classes that speak to the reader of the page, not of the article.
const fn is_appeal(class: Boilerplate) -> bool {
    matches!(
        class,
        Boilerplate::Newsletter
            | Boilerplate::Donation
            | Boilerplate::AppChannel
            | Boilerplate::Paywall
            | Boilerplate::CommercialNotice
            | Boilerplate::Comments
    )
}

/// Decks under linked headlines that make a front page, when there is hardly anything else.
const MIN_TEASERS: usize = 6;
/// Longest deck, words: sections of an article under linked headings are longer.
const MAX_DECK_WORDS: u32 = 40;
/// Share of the texts that are such decks, percent.
const MIN_TEASER_PERCENT: usize = 80;

/// A page of nothing but linked headlines with their decks is no article.
pub(in crate::label) fn front_pages_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let is_linked_headline = |index: usize| {
        sheet.block(index).is_some_and(|block| {
            matches!(block.kind, BlockKind::Heading(_)) && block.n_linked_words >= block.n_words
        })
    };
    let texts: Vec<usize> = sheet.alive().collect();
    let is_deck = |index: &&usize| {
        sheet.block(**index).is_some_and(|block| block.n_words <= MAX_DECK_WORDS)
            && index.checked_sub(1).is_some_and(is_linked_headline)
    };
    let n_decks = texts.iter().filter(is_deck).count();
    if n_decks < MIN_TEASERS || n_decks * 100 < texts.len() * MIN_TEASER_PERCENT {
        return;
    }
    for index in texts {
        sheet.decide(index, Label::Boilerplate(Boilerplate::LinkList), "structure.front_page");
    }
}

/// Fewest teasers at the end that are a list.
const MIN_LAST_TEASERS: usize = 3;
/// Fewest words of a linked line that is a headline.
const MIN_HEADLINE_WORDS: u32 = 4;
/// Longest date between a headline and its deck, words.
const MAX_DATE_WORDS: u32 = 4;
/// Largest share of the text that the list may be, percent.
const MAX_LIST_PERCENT: usize = 40;

/// A run of linked headlines, each with its deck, at the end of an article: the headlines were cut as links, the decks are
/// theirs.
pub(in crate::label) fn teasers_at_the_end_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    // A linked question opens its answer.
    let is_linked_headline = |index: usize| {
        sheet.block(index).is_some_and(|block| {
            block.n_words >= MIN_HEADLINE_WORDS
                && block.n_linked_words >= block.n_words
                && !block.text.ends_with('?')
        })
    };
    // A date may stand between the two.
    let is_date = |index: usize| {
        sheet.block(index).is_some_and(|block| {
            block.n_words <= MAX_DATE_WORDS && block.text.contains(|c: char| c.is_ascii_digit())
        })
    };
    let is_below_one = |index: usize| {
        let above = |n: usize| index.checked_sub(n);
        let is_direct = above(1).is_some_and(is_linked_headline);
        is_direct || above(1).is_some_and(is_date) && above(2).is_some_and(is_linked_headline)
    };
    let is_of_list = |index: &usize| {
        sheet.block(*index).is_some_and(|block| block.n_words <= MAX_DECK_WORDS)
            && is_below_one(*index)
    };
    let n_chars = |index: usize| sheet.signals(index).map_or(0, |signals| signals.n_chars);
    let last: Vec<usize> = sheet.alive().rev().take_while(is_of_list).collect();
    let n_decks = last.iter().filter(|&&index| !is_date(index)).count();
    let of_list: usize = last.iter().map(|&index| n_chars(index)).sum();
    let of_text: usize = sheet.alive().map(n_chars).sum();
    if n_decks < MIN_LAST_TEASERS || of_list * 100 > of_text * MAX_LIST_PERCENT {
        return;
    }
    for index in last {
        sheet.decide(index, Label::Boilerplate(Boilerplate::TeaserLabel), "structure.last_teasers");
    }
}

/// Longest linked heading that is the text's own, words; a teaser's headline is longer.
const MAX_LINKED_HEADING_WORDS: u32 = 6;

/// "2. Eureka", linked to the product: a short heading between paragraphs is the text's, though all of it is a link.
pub(in crate::label) fn short_linked_headings_stay(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let is_heading = |index: usize| {
        sheet.block(index).is_some_and(|block| {
            matches!(block.kind, BlockKind::Heading(_)) && block.n_words <= MAX_LINKED_HEADING_WORDS
        })
    };
    let is_cut = |index: usize| {
        sheet.verdict(index).is_some_and(|verdict| verdict.rule == super::inside::LINKS_RULE)
    };
    let is_own = |index: &usize| {
        is_cut(*index)
            && is_heading(*index)
            && index.checked_sub(1).is_some_and(|before| sheet.is_alive(before))
            && sheet.is_alive(index + 1)
            && !sheet
                .block(index + 1)
                .is_some_and(|next| matches!(next.kind, BlockKind::Heading(_)))
    };
    let own: Vec<usize> = (0..sheet.len()).filter(is_own).collect();
    for index in own {
        sheet.decide(index, Label::Subheading, "structure.linked_heading");
    }
}

/// The same text a second time: pages carry copies for small screens. Of a lead above the article and its copy in the
/// article the copy stays: there the text needs it.
pub(in crate::label) fn doubles_go(sheet: &mut Sheet, _rules: &Rules) {
    if sheet.source != DocumentSource::Html {
        return;
    }
    let alive: Vec<usize> = sheet.alive().collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut doubles = Vec::new();
    for index in alive {
        let Some(block) = sheet.block(index) else { continue };
        if sheet.signals(index).is_none_or(|signals| signals.n_copies < 2) {
            continue;
        }
        let is_form =
            matches!(block.kind, BlockKind::Quote | BlockKind::TableRow | BlockKind::Preformatted);
        if is_form || block.text.chars().count() < MIN_DOUBLE_CHARS {
            continue;
        }
        let Some(first) = seen.insert(&block.text, index) else { continue };
        let is_head = sheet.label(first) == Some(Label::Lead)
            || sheet.block(first).is_some_and(|block| block.landmark == Landmark::Header);
        doubles.push(if is_head { first } else { index });
    }
    for index in doubles {
        sheet.decide(index, Label::Boilerplate(Boilerplate::Repeated), "structure.double");
    }
}
