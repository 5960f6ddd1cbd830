//! Visible lines at the head and at the end of an article: byline, date line, signature. Claims of the last resort, for pages
//! whose markup says nothing; further away the same lines belong to teasers and comments.

use super::placed::{Span, is_behind_label_of_change, is_own};
use crate::model::{
    AuthorClaim, BlockKind, Boilerplate, Claimed, Claims, Label, LabelledBlock, LabelledDocument,
    Precision, RawPage, Source, TextBlock,
};
use crate::rules::{Rules, WordList};
use crate::text::dates;

/// Longest line that is read for a date, characters.
const MAX_DATE_CHARS: usize = 110;
/// Longest beginning of a sentence that is read for the date of an entry, bytes.
const MAX_ENTRY_BYTES: usize = 90;
/// Longest line that may be a date line though it was taken for text, or stands at the end, words.
const MAX_LINE_WORDS: u32 = 16;
/// Longest line that is nothing but a date, words.
const MAX_BARE_DATE_WORDS: u32 = 6;
/// Longest line that is read as a byline, words.
const MAX_BYLINE_WORDS: u32 = 14;
/// Longest signature below an article, words.
const MAX_SIGNATURE_WORDS: u32 = 4;
/// Blocks behind the text in which a signature stands.
const SIGNATURE_BLOCKS: usize = 2;
/// Longest date in front of the first sentence, bytes.
const MAX_LEADING_DATE_BYTES: usize = 40;
/// Most words in front of a bar that hold a date ("Pressemitteilung vom 18. November 2024 |").
const MAX_DATED_FRONT_WORDS: usize = 7;
/// Most words of such a date ("Montag, 18. November 2024").
const MAX_LEADING_DATE_WORDS: usize = 4;

/// Adds what the visible lines, and the page's address, claim.
pub(super) fn claim(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    rules: &Rules,
    claims: &mut Claims,
) {
    if let Some(span) = Span::of(document) {
        let mut lines = Lines { document, rules, claims };
        lines.head(span);
        lines.tail(span);
    }
    if let Some(date) = page.url.as_ref().and_then(|url| date_in_path(url.path())) {
        claims.published.push(Claimed { value: date, source: Source::Url });
    }
}

struct Lines<'d, 'c> {
    document: &'d LabelledDocument,
    rules: &'d Rules,
    claims: &'c mut Claims,
}

impl<'d> Lines<'d, '_> {
    fn own(&self, span: Span, is_in: fn(Span, usize) -> bool) -> Vec<(usize, &'d LabelledBlock)> {
        let document = self.document;
        let blocks = document.blocks.iter().enumerate();
        blocks
            .filter(|(at, labelled)| is_in(span, *at) && !labelled.block.is_hidden)
            .filter(|(at, labelled)| {
                labelled.verdict.label != Label::Headline && is_own(document, span, *at)
            })
            .collect()
    }

    fn head(&mut self, span: Span) {
        let mut lines = self.own(span, Span::is_head);
        // The line nearest to the headline is the article's; further up, a teaser's or the day's.
        lines.sort_by_key(|(at, _)| {
            span.anchor.abs_diff(*at) * if *at < span.anchor { 2 } else { 1 }
        });
        for (at, labelled) in lines {
            if span.is_beginning(at) || !self.knows_date() {
                self.date_line(at, labelled, false);
            }
            self.byline(at, labelled);
        }
        for at in [span.anchor, span.first] {
            let Some(labelled) = self.document.blocks.get(at) else { continue };
            if let Some(date) = leading_date(&labelled.block.text) {
                self.claims.published.push(visible(date));
            }
        }
    }

    fn tail(&mut self, span: Span) {
        let lines = self.own(span, Span::is_tail);
        for (at, labelled) in &lines {
            self.date_line(*at, labelled, true);
            self.byline(*at, labelled);
        }
        let near = lines.iter().filter(|(at, _)| *at <= span.last + SIGNATURE_BLOCKS);
        for (_, labelled) in near {
            self.signature(labelled);
        }
    }

    /// A line that says when.
    fn date_line(&mut self, at: usize, labelled: &LabelledBlock, at_end: bool) {
        let LabelledBlock { block, verdict, .. } = labelled;
        let text = block.text.as_str();
        if at_end && let Some(date) = self.entry_date(text) {
            self.claims.published.push(visible(date));
            return;
        }
        if text.len() > 4 * MAX_DATE_CHARS
            || text.chars().count() > MAX_DATE_CHARS
            || dates::read(text).is_none()
        {
            return;
        }
        let folded = text.to_lowercase();
        let starts_with = |words: &WordList| {
            words.beginnings_of(&folded).any(|word| {
                let rest = folded.get(word.len()..).unwrap_or_default();
                !rest.starts_with(char::is_alphabetic)
            })
        };
        let says_when = || {
            let mut words = folded.split(|c: char| !c.is_alphabetic());
            words.any(|word| self.rules.words.publication_words.contains(word))
        };
        let is_bare = block.n_words <= MAX_BARE_DATE_WORDS;
        let begins_so = starts_with(&self.rules.words.publication_words);
        let is_line = if is_moved(verdict.label) && !at_end {
            true
        } else {
            let is_sentence = text.ends_with(['.', '!', '?', '…']) && !is_bare && !begins_so;
            block.n_words <= MAX_LINE_WORDS && !is_sentence && (is_bare || says_when())
        };
        if !is_line || (at_end && is_bare && !says_when()) {
            return;
        }
        let is_update = starts_with(&self.rules.words.update_words)
            || is_behind_label_of_change(self.document, at, self.rules);
        let field = if is_update { &mut self.claims.modified } else { &mut self.claims.published };
        field.push(visible(text.to_owned()));
    }

    /// "Dieser Artikel wurde am 14. Dezember 2015 um 14:48 von Heiner geschrieben und …": what follows the phrase.
    fn entry_date(&self, text: &str) -> Option<String> {
        let head = text.get(..text.floor_char_boundary(MAX_ENTRY_BYTES))?;
        let folded = head.to_lowercase();
        let phrases = self.rules.words.entry_phrases.iter();
        let phrase = phrases.into_iter().find(|phrase| folded.starts_with(phrase.as_str()))?;
        let date = head.get(phrase.len()..)?.trim();
        dates::read(date).is_some().then(|| date.to_owned())
    }

    /// A line that says who: after the wording, or behind a line that is only "Autor:".
    fn byline(&mut self, at: usize, labelled: &LabelledBlock) {
        let LabelledBlock { block, verdict, .. } = labelled;
        // One byline is enough: the next one may be a teaser's.
        if block.n_words > MAX_BYLINE_WORDS || self.has_author() {
            return;
        }
        let readers = &self.rules.markers.readers.byline;
        let by_pattern = readers
            .find_map(&block.text, |captures| captures.get(1))
            .map(|names| names.as_str().to_owned());
        let is_labelled = || {
            let before = at.checked_sub(1).and_then(|before| self.document.blocks.get(before));
            before.is_some_and(|before| self.is_author_label(&before.block))
        };
        let by_words = || {
            let is_line = verdict.label == Label::Byline
                || self.begins_as_byline(&block.text)
                || is_labelled();
            let is_sentence = block.text.ends_with(['!', '?', '…']);
            (is_line && !is_sentence && block.kind != BlockKind::Quote).then(|| block.text.clone())
        };
        if let Some(name) = by_pattern.or_else(by_words) {
            self.claims
                .authors
                .push(Claimed { value: AuthorClaim { name, url: None }, source: Source::Visible });
        }
    }

    /// "Autor:": what stands below is the author.
    fn is_author_label(&self, block: &TextBlock) -> bool {
        let folded = || block.text.trim_end_matches([':', ' ']).to_lowercase();
        block.n_words <= MAX_BYLINE_WORDS && self.rules.words.author_labels.contains(&folded())
    }

    fn begins_as_byline(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        let mut prefixes = self.rules.words.byline_prefixes.beginnings_of(&folded);
        prefixes.any(|prefix| {
            let rest = folded.get(prefix.len()..).unwrap_or_default();
            prefix.ends_with(':') || rest.starts_with([' ', ':'])
        })
    }

    /// A name alone below the text.
    fn signature(&mut self, labelled: &LabelledBlock) {
        let LabelledBlock { block, verdict, .. } = labelled;
        let is_heading = matches!(block.kind, BlockKind::Heading(_) | BlockKind::ListItem);
        let is_short =
            (2..=MAX_SIGNATURE_WORDS).contains(&block.n_words) || block.text.contains('-');
        let can_be = is_short
            && block.n_words <= MAX_SIGNATURE_WORDS
            && !is_heading
            && block.n_linked_words == 0
            && (verdict.label.is_text() || is_moved(verdict.label))
            && !block.text.contains(|c: char| c.is_ascii_digit())
            && !block.text.ends_with(['.', ':', '!', '?', '…']);
        if can_be && self.claims.authors.is_empty() {
            let value = AuthorClaim { name: block.text.clone(), url: None };
            self.claims.authors.push(Claimed { value, source: Source::Visible });
        }
    }

    fn knows_date(&self) -> bool {
        self.claims.published.iter().any(|claim| dates::read(&claim.value).is_some())
    }

    fn has_author(&self) -> bool {
        self.claims.authors.iter().any(|claim| claim.source == Source::Visible)
    }
}

fn visible(value: String) -> Claimed<String> {
    Claimed { value, source: Source::Visible }
}

/// Labels of lines that were moved out of the body.
const fn is_moved(label: Label) -> bool {
    let is_of_others = matches!(
        label,
        Label::Boilerplate(
            Boilerplate::Comments
                | Boilerplate::TeaserLabel
                | Boilerplate::MediaTeaser
                | Boilerplate::LinkList
                | Boilerplate::Hidden
                | Boilerplate::CaptionCredit
        )
    );
    !is_of_others && !label.is_text() && !matches!(label, Label::Caption | Label::Deck)
}

/// "(18.01.2018) Deutschlands …", "31. Oktober 2023. Woher …": the date in front of a text.
fn leading_date(text: &str) -> Option<String> {
    let head = text.get(..text.floor_char_boundary(MAX_LEADING_DATE_BYTES))?;
    let front = text.split(" | ").next().filter(|front| front.len() < text.len());
    let is_line = |front: &&str| front.split_whitespace().count() <= MAX_DATED_FRONT_WORDS;
    let dated = front.filter(is_line).filter(|front| dates::read(front).is_some());
    if let Some(front) = dated {
        return Some(front.to_owned());
    }
    let ends = head.rmatch_indices([')', '.', ':', '|', '–', '-', '/']);
    ends.map(|(at, _)| at).find_map(|at| {
        let date = head.get(..at)?.trim_start_matches(['(', '[', ' ']);
        let n_words = date.split_whitespace().count();
        let read = dates::read(date).filter(|_| n_words <= MAX_LEADING_DATE_WORDS)?;
        (read.precision() >= Precision::Day).then(|| date.to_owned())
    })
}

/// `/2024/11/05/`, `/2024-11-05-umbau`, `/2024/11/umbau`: a date in the path of an address; a month only between slashes.
fn date_in_path(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let in_segments = || {
        segments.windows(3).find_map(|window| match window {
            [year, month, day] => day_of(year, month, day),
            _ => None,
        })
    };
    let in_words = || {
        let numbers: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
        numbers.windows(3).find_map(|window| match window {
            [year, month, day] if day.len() == 2 => day_of(year, month, day),
            _ => None,
        })
    };
    let month = || {
        segments.windows(3).find_map(|window| match window {
            [year, month, _] => month_of(year, month).filter(|_| month.len() == 2),
            _ => None,
        })
    };
    in_segments().or_else(in_words).or_else(month)
}

fn day_of(year: &str, month: &str, day: &str) -> Option<String> {
    Some(format!("{}-{day:0>2}", month_of(year, month)?)).filter(|_| is_number(day, 2))
}

fn month_of(year: &str, month: &str) -> Option<String> {
    let is_month = year.len() == 4 && is_number(year, 4) && is_number(month, 2);
    is_month.then(|| format!("{year}-{month:0>2}"))
}

/// Whether a part of a path is a number of at most so many digits.
fn is_number(part: &str, max_digits: usize) -> bool {
    (1..=max_digits).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
}
