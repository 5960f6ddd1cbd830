//! What the facts of a line are measured against: the page as a sequence of lines, each running text, a short line or
//! furniture; sums over stretches of it; runs of short lines; the article's words.

use std::ops::Range;

use crate::label::fact::share;
use crate::label::sequence::{is_furniture, is_strong};
use crate::label::sheet::Sheet;
use crate::label::vocabulary::{Compared, SharedWords};
use crate::model::{Boilerplate, Label};
use crate::text::Ending;
use crate::text::bits::any;

/// Lines that a line is looked at in: farther ones are all the same.
const FAR: u16 = 400;

/// What a line is in the sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Phrases say that it stands around articles.
    Furniture,
    /// A time, an author, a caption, an ad label.
    Beside,
    /// No sentence.
    Short,
    /// A short sentence.
    Sentence,
    /// Running text of one sentence.
    Weak,
    /// Running text that no teaser has.
    Strong,
}

/// Sums over the lines before a position.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) lines: u32,
    pub(super) words: u32,
    pub(super) prose_words: u32,
    pub(super) strong_words: u32,
    pub(super) kept_words: u32,
    pub(super) furniture: u32,
    pub(super) beside: u32,
    pub(super) digits: u32,
    pub(super) colons: u32,
    pub(super) lower: u32,
    pub(super) copies: u32,
}

impl Sums {
    fn minus(self, before: Self) -> Self {
        Self {
            lines: self.lines - before.lines,
            words: self.words - before.words,
            prose_words: self.prose_words - before.prose_words,
            strong_words: self.strong_words - before.strong_words,
            kept_words: self.kept_words - before.kept_words,
            furniture: self.furniture - before.furniture,
            beside: self.beside - before.beside,
            digits: self.digits - before.digits,
            colons: self.colons - before.colons,
            lower: self.lower - before.lower,
            copies: self.copies - before.copies,
        }
    }
}

/// Kinds of lines whose distance tells: what stands before or behind an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    Comments,
    Teaser,
    Share,
    Time,
    Author,
    Caption,
    Appeal,
    Legal,
    Strong,
    Furniture,
    Headline,
}

pub(super) const N_POSTS: usize = 11;

/// A page under its last look.
#[derive(Debug)]
pub(super) struct Page<'s> {
    pub(super) sheet: &'s Sheet,
    roles: Vec<Role>,
    sums: Vec<Sums>,
    /// For each line, the run of short lines it stands in.
    runs: Vec<(u32, u32)>,
    /// Lines since, and until, each post.
    since: Vec<[u16; N_POSTS]>,
    until: Vec<[u16; N_POSTS]>,
    /// First and last line that the rules kept.
    pub(super) article: Range<usize>,
    shared_words: SharedWords,
}

impl<'s> Page<'s> {
    pub(super) fn of(sheet: &'s Sheet) -> Self {
        let roles: Vec<Role> = (0..sheet.len()).map(|index| role(sheet, index)).collect();
        let first = sheet.alive().next().unwrap_or_default();
        let last = sheet.alive().next_back().unwrap_or_default();
        let posts: Vec<u16> = (0..sheet.len()).map(|index| posts(sheet, &roles, index)).collect();
        let since = distances(posts.iter().copied());
        let mut until = distances(posts.iter().rev().copied());
        until.reverse();
        let long_words = |index: usize| sheet.long_words(index).iter().copied();
        let is_open = |index: usize| super::is_open(sheet, index);
        Self {
            sums: sums(sheet, &roles),
            runs: runs(&roles),
            since,
            until,
            article: first..last + 1,
            shared_words: SharedWords::of(sheet, is_open, long_words, WORDS),
            roles,
            sheet,
        }
    }

    /// Lines that phrases know as furniture.
    pub(super) fn n_furniture(&self) -> u32 {
        self.sums.last().map_or(0, |all| all.furniture)
    }

    pub(super) fn role(&self, index: usize) -> Option<Role> {
        self.roles.get(index).copied()
    }

    /// Sums over some lines.
    pub(super) fn sums_of(&self, lines: Range<usize>) -> Sums {
        let at = |index: usize| {
            let last = self.sums.len().saturating_sub(1);
            self.sums.get(index.min(last)).copied().unwrap_or_default()
        };
        at(lines.end.max(lines.start)).minus(at(lines.start))
    }

    /// The run of short lines around a line.
    pub(super) fn run(&self, index: usize) -> Range<usize> {
        let (start, end) = self.runs.get(index).copied().unwrap_or_default();
        let at = |line: u32| usize::try_from(line).unwrap_or_default();
        at(start)..at(end)
    }

    /// Lines since the last post of that kind above.
    pub(super) fn since(&self, index: usize, post: Post) -> u16 {
        distance(&self.since, index, post)
    }

    /// Lines until the next post of that kind below.
    pub(super) fn until(&self, index: usize, post: Post) -> u16 {
        distance(&self.until, index, post)
    }

    /// Share of the line's long words that other running text has too, and their number.
    pub(super) fn shared_words(&self, index: usize) -> (f32, usize) {
        let (shared, all) = self.shared_words.at(index);
        (share(shared, all), all)
    }
}

/// Long words of a line looked at.
const WORDS: Compared = Compared { each_once: false, n_first: 40 };

fn distance(table: &[[u16; N_POSTS]], index: usize, post: Post) -> u16 {
    table.get(index).and_then(|row| row.get(post as usize)).copied().unwrap_or(FAR)
}

fn role(sheet: &Sheet, index: usize) -> Role {
    let verdict = sheet.verdict(index);
    let is_sure = verdict
        .is_some_and(|verdict| !verdict.label.is_text() && !super::is_doubtful(verdict.rule));
    if is_sure {
        let label = sheet.label(index);
        return if is_furniture(label) { Role::Furniture } else { Role::Beside };
    }
    if is_strong(sheet, index) {
        Role::Strong
    } else if sheet.is_prose(index) {
        Role::Weak
    } else if sheet.is_sentence(index) {
        Role::Sentence
    } else {
        Role::Short
    }
}

/// The posts that a line is, one bit each.
fn posts(sheet: &Sheet, roles: &[Role], index: usize) -> u16 {
    let mut posts = 0_u16;
    let mut set = |post: Post| posts |= 1 << post as u16;
    match roles.get(index) {
        Some(Role::Strong) => set(Post::Strong),
        Some(Role::Furniture) => set(Post::Furniture),
        _ => {}
    }
    if sheet.verdict(index).is_some_and(|verdict| super::is_doubtful(verdict.rule)) {
        return posts;
    }
    match sheet.label(index) {
        Some(Label::Byline) => set(Post::Author),
        Some(Label::Caption) => set(Post::Caption),
        Some(Label::Headline) => set(Post::Headline),
        Some(Label::Boilerplate(class)) => match class {
            Boilerplate::Comments => set(Post::Comments),
            Boilerplate::TeaserLabel | Boilerplate::MediaTeaser => set(Post::Teaser),
            Boilerplate::ShareBar | Boilerplate::Tags => set(Post::Share),
            Boilerplate::Timestamp => set(Post::Time),
            Boilerplate::AuthorBox | Boilerplate::Agency => set(Post::Author),
            Boilerplate::Newsletter
            | Boilerplate::AppChannel
            | Boilerplate::Paywall
            | Boilerplate::Donation => set(Post::Appeal),
            Boilerplate::Legal | Boilerplate::Consent | Boilerplate::ServiceLinks => {
                set(Post::Legal);
            }
            _ => {}
        },
        _ => {}
    }
    posts
}

/// Lines since each post, in that order.
fn distances(posts: impl Iterator<Item = u16>) -> Vec<[u16; N_POSTS]> {
    let mut row = [FAR; N_POSTS];
    posts
        .map(|posts| {
            for since in &mut row {
                *since = (*since + 1).min(FAR);
            }
            let before = row;
            for (post, since) in row.iter_mut().enumerate() {
                if posts & (1 << post) != 0 {
                    *since = 0;
                }
            }
            before
        })
        .collect()
}

/// For each line, the run of lines around it that are no running text.
fn runs(roles: &[Role]) -> Vec<(u32, u32)> {
    let is_in_run = |role: &Role| matches!(role, Role::Furniture | Role::Beside | Role::Short);
    let position = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let mut runs = Vec::with_capacity(roles.len());
    while let Some(first) = roles.get(runs.len()) {
        let start = runs.len();
        let length = if is_in_run(first) {
            roles.iter().skip(start).take_while(|role| is_in_run(role)).count()
        } else {
            1
        };
        runs.extend(std::iter::repeat_n((position(start), position(start + length)), length));
    }
    runs
}

fn sums(sheet: &Sheet, roles: &[Role]) -> Vec<Sums> {
    let mut sums = Vec::with_capacity(sheet.len() + 1);
    let mut sum = Sums::default();
    sums.push(sum);
    for (index, (block, role)) in sheet.blocks.iter().zip(roles).enumerate() {
        let first = block.text.chars().next();
        sum.lines += 1;
        sum.words += block.n_words;
        sum.prose_words +=
            if matches!(role, Role::Weak | Role::Strong) { block.n_words } else { 0 };
        sum.strong_words += if *role == Role::Strong { block.n_words } else { 0 };
        sum.kept_words += if sheet.is_alive(index) { block.n_words } else { 0 };
        sum.furniture += u32::from(*role == Role::Furniture);
        sum.beside += u32::from(*role == Role::Beside);
        sum.digits += u32::from(has_digit(&block.text));
        sum.colons += u32::from(has_colon(sheet, index));
        sum.lower += u32::from(first.is_some_and(char::is_lowercase));
        sum.copies += u32::from(sheet.signals(index).is_some_and(|signals| signals.n_copies > 1));
        sums.push(sum);
    }
    sums
}

fn has_digit(text: &str) -> bool {
    any(text.as_bytes(), |some| [some.are_from(b'0', b'9')]) == [true]
}

/// Whether a line has a colon inside: a name and a value.
fn has_colon(sheet: &Sheet, index: usize) -> bool {
    let is_inside = |text: &str| {
        let bytes = text.as_bytes();
        memchr::memchr_iter(b':', bytes).any(|at| bytes.get(at + 1) == Some(&b' '))
    };
    sheet.block(index).is_some_and(|block| is_inside(&block.text))
        && sheet.signals(index).is_some_and(|signals| signals.ending != Ending::Colon)
}
