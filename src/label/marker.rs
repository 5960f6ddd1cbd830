//! What the wording of a line says. Whole line or nothing: no label is ever cut out of a sentence; what the same words
//! mean in a sentence, a list or a table, the neighbours and the final punctuation decide.

use super::sheet::{Neighbourhood, Signals};
use crate::model::{BlockKind, Boilerplate, DocumentSource, Label, Verdict};
use crate::rules::Rules;
use crate::rules::markers::{Hit, Mode};
use crate::text::Ending;

/// Longest prompt or teaser that ends like no sentence, characters (`boilerplate.md`, 2.4: 160 for teasers).
const MAX_TEASER_CHARS: usize = 160;

/// Longest line that one phrase makes a prompt, characters.
const MAX_PROMPT_CHARS: usize = 200;

/// Longest line that two phrases make a prompt though it ends like a sentence, characters.
const MAX_DOUBLE_PROMPT_CHARS: usize = 420;

/// Lines of the top of a dump that may be metadata.
const MAX_PREFIX_LINES: u32 = 60;

/// Lines looked back for the sentence that introduces a list.
const MAX_LIST_ITEMS: usize = 12;

/// Shortest sentence that introduces a list, words: "Teilen auf:" is a button.
const MIN_LIST_INTRO_WORDS: u32 = 4;

const fn boilerplate(class: Boilerplate, rule: &'static str) -> Verdict {
    Verdict { label: Label::Boilerplate(class), rule }
}

/// `date 2024-11`: a key of the marker files and its value, on top.
pub(super) fn metadata_prefix_is_moved(near: &Neighbourhood<'_>, rules: &Rules) -> Option<Verdict> {
    let block = near.block()?;
    let line = block.source_line?;
    let text = block.text.as_str();
    let key = text.get(..text.bytes().position(|byte| matches!(byte, b' ' | b':'))?)?;
    let stands_on_top =
        || line <= MAX_PREFIX_LINES && text.as_bytes().get(key.len()) == Some(&b':');
    let was_cut_off = || {
        let follows = near.sheet.block(near.index() + 1);
        follows.is_some_and(|next| next.was_glued && next.source_line == Some(line))
    };
    let is_key = || rules.markers.prefix_keys.contains_key(key) && text.len() > key.len() + 1;
    ((stands_on_top() || was_cut_off()) && is_key())
        .then(|| boilerplate(Boilerplate::MetadataPrefix, "prefix.key_and_value"))
}

/// "Korrektur: …", "Editor's note: …" stay, as their own kind.
pub(super) fn editors_notes_stay(near: &Neighbourhood<'_>, _rules: &Rules) -> Option<Verdict> {
    let signals = near.signals()?;
    let is_note = signals.hit(Boilerplate::CorrectionNote, Mode::Prefix).is_some()
        && near.sheet.is_prose(near.index());
    is_note.then_some(Verdict { label: Label::EditorNote, rule: "marker.correction_note" })
}

/// "14.20 Uhr: Brücke wieder frei" and "+++ 14.20 Uhr +++ Brücke wieder frei +++" stay: the time belongs to the entry.
pub(super) fn liveblog_heads_stay(near: &Neighbourhood<'_>, rules: &Rules) -> Option<Verdict> {
    let text = near.block()?.text.as_str();
    let may_be = text.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    if !may_be || !rules.markers.readers.liveblog_entry.is_match(text) {
        return None;
    }
    let is_line = near.signals()?.n_chars <= MAX_PROMPT_CHARS && !near.sheet.is_prose(near.index());
    let label = match is_line {
        true => Label::Subheading,
        // What begins with plus signs would be a teaser.
        false if text.starts_with('+') => Label::Body,
        false => return None,
    };
    Some(Verdict { label, rule: "structure.liveblog_entry" })
}

/// "Von Henning Maas und Rike Olbers" goes to the authors.
pub(super) fn bylines_are_moved(near: &Neighbourhood<'_>, _rules: &Rules) -> Option<Verdict> {
    let is_byline = near.signals()?.is_byline;
    is_byline.then_some(Verdict { label: Label::Byline, rule: "pattern.byline" })
}

/// A line that is nothing but a label.
pub(super) fn whole_line_markers_go(near: &Neighbourhood<'_>, _rules: &Rules) -> Option<Verdict> {
    let signals = near.signals()?;
    let hit = signals.hits.iter().find(|hit| hit.mode == Mode::Line && decides_alone(hit.class))?;
    let needs_company =
        hit.is_doubtful || (is_also_a_heading(hit.class) && stands_like_a_heading(near));
    let heads_points = hit.class == Boilerplate::KeyPointsLabel && stands_above_a_list(near);
    if answers(hit, signals)
        || is_in_list_or_table(near)
        || is_section_break(near)
        || (needs_company && !heads_points && !has_company(near))
    {
        return None;
    }
    if hit.class == Boilerplate::CaptionCredit {
        return Some(Verdict { label: Label::Caption, rule: rule(hit) });
    }
    Some(boilerplate(hit.class, rule(hit)))
}

/// Marks of a section break; longer lines are drawn by the layout.
const BREAK_MARKS: std::ops::RangeInclusive<usize> = 3..=10;

/// `___` between two paragraphs, in HTML as in dumps: agencies type it between the report and its end matter, and pages with
/// hand-made gold have it in their text. Every other break (`* * *`, `---`) is an ornament: what it says, the border of the
/// paragraphs says too.
fn is_section_break(near: &Neighbourhood<'_>) -> bool {
    let Some(block) = near.block().filter(|block| block.n_words == 0) else { return false };
    let mut n_marks = 0;
    for mark in block.text.chars().filter(|c| !c.is_whitespace()) {
        if mark != '_' {
            return false;
        }
        n_marks += 1;
    }
    let is_prose = |index: Option<usize>| index.is_some_and(|index| near.sheet.is_prose(index));
    // A part may begin with a heading or a time.
    let goes_on = is_prose(near.after(1)) || is_prose(near.after(2));
    BREAK_MARKS.contains(&n_marks) && is_prose(near.before(1)) && goes_on
}

const fn rule(hit: &Hit) -> &'static str {
    if hit.is_pattern { hit.class.pattern_rule() } else { hit.class.marker_rule() }
}

/// Classes whose whole lines are never text of the article.
const fn decides_alone(class: Boilerplate) -> bool {
    !matches!(class, Boilerplate::CorrectionNote | Boilerplate::ErrorPage | Boilerplate::Captcha)
}

/// Classes whose words also head sections of articles: "Wetter", "Umfrage", "Karriere".
const fn is_also_a_heading(class: Boilerplate) -> bool {
    matches!(
        class,
        Boilerplate::Nav
            | Boilerplate::ServiceLinks
            | Boilerplate::Legal
            | Boilerplate::Consent
            | Boilerplate::Tags
            | Boilerplate::Paywall
            | Boilerplate::RatingPoll
            | Boilerplate::AuthorBox
            | Boilerplate::KeyPointsLabel
            | Boilerplate::Liveblog
    )
}

/// "Nein." answers; "Nein" is an answer that readers may choose.
fn answers(hit: &Hit, signals: &Signals) -> bool {
    hit.class == Boilerplate::RatingPoll
        && hit.mode == Mode::Line
        && matches!(signals.ending, Ending::Stop | Ending::Query)
}

/// Whether the next line is an item of a list: what a label of key points is above.
fn stands_above_a_list(near: &Neighbourhood<'_>) -> bool {
    let next = near.after(1).and_then(|next| near.sheet.block(next));
    next.is_some_and(|next| next.kind == BlockKind::ListItem)
}

/// Whether running text stands before and after.
fn stands_like_a_heading(near: &Neighbourhood<'_>) -> bool {
    let is_prose = |index: Option<usize>| index.is_some_and(|index| near.sheet.is_prose(index));
    is_prose(near.before(1)) && is_prose(near.after(1))
}

/// Classes that speak to the reader: a phrase inside a line that is no sentence is enough.
const fn is_prompt(class: Boilerplate) -> bool {
    matches!(
        class,
        Boilerplate::AdContinue
            | Boilerplate::AdblockPrompt
            | Boilerplate::Newsletter
            | Boilerplate::AppChannel
            | Boilerplate::Paywall
            | Boilerplate::Consent
            | Boilerplate::EmbedPlaceholder
            | Boilerplate::Comments
            | Boilerplate::RatingPoll
            | Boilerplate::Donation
            | Boilerplate::Player
            | Boilerplate::Tts
            | Boilerplate::Legal
            | Boilerplate::AiTranslationNotice
            | Boilerplate::ShareBar
    )
}

/// "Jetzt unseren Newsletter abonnieren": a phrase inside, and no sentence; or two phrases; or an embed's consent text.
pub(super) fn prompts_go(near: &Neighbourhood<'_>, _rules: &Rules) -> Option<Verdict> {
    let signals = near.signals()?;
    // What is no label as a whole line is no prompt as one.
    let heads = stands_like_a_heading(near);
    let is_heading = |hit: &Hit| hit.mode == Mode::Line && is_also_a_heading(hit.class) && heads;
    let mut phrases = signals.hits.iter().filter(|hit| {
        is_prompt(hit.class) && !hit.is_doubtful && !answers(hit, signals) && !is_heading(hit)
    });
    let first = phrases.next()?;
    let is_sentence = matches!(signals.ending, Ending::Stop | Ending::Ellipsis);
    // "Die Stadt zeigt externe Inhalte erst nach Zustimmung." tells of them, and speaks to nobody.
    let is_certain = first.class == Boilerplate::EmbedPlaceholder
        && (first.mode != Mode::Has || signals.n_address_words > 0 || !is_sentence);
    let is_double = phrases.any(|hit| hit.class == first.class && hit.end != first.end);
    let speaks_to_readers = near.sheet.is_page
        && signals.n_address_words > 0
        && (first.class != Boilerplate::Comments || signals.n_sentences <= 1);
    let goes = is_certain
        || (speaks_to_readers && signals.n_chars <= MAX_DOUBLE_PROMPT_CHARS)
        || (!is_sentence && signals.n_chars <= MAX_PROMPT_CHARS)
        || (is_double && signals.n_chars <= MAX_DOUBLE_PROMPT_CHARS)
        || (first.mode == Mode::Prefix
            && !(is_sentence && is_one_word(first, near))
            && signals.n_chars <= MAX_TEASER_CHARS
            && signals.n_sentences <= 1);
    (goes && !is_in_list_or_table(near)).then(|| boilerplate(first.class, rule(first)))
}

/// Whether a phrase that a line begins with is a single word: "Vorlesen ist eine Kunst." begins with one too.
fn is_one_word(hit: &Hit, near: &Neighbourhood<'_>) -> bool {
    let blank = near.block().and_then(|block| block.text.find(' '));
    blank.is_none_or(|blank| hit.end <= blank)
}

/// "Lesen Sie auch: …", "Im Video: …" and a headline: no final full stop.
pub(super) fn teasers_with_their_headline_go(
    near: &Neighbourhood<'_>,
    _rules: &Rules,
) -> Option<Verdict> {
    let signals = near.signals()?;
    let is_teaser = |hit: &&Hit| {
        let is_edge = matches!(hit.mode, Mode::Prefix | Mode::Suffix);
        is_edge
            && !hit.is_doubtful_teaser()
            && matches!(
                hit.class,
                Boilerplate::TeaserLabel
                    | Boilerplate::MediaTeaser
                    | Boilerplate::AdLabel
                    | Boilerplate::Tags
            )
    };
    let hit = signals.hits.iter().find(is_teaser)?;
    let is_headline =
        signals.n_chars <= MAX_TEASER_CHARS && !matches!(signals.ending, Ending::Stop);
    // "Anzeige: Minister zahlt" is an ad or a headline; the text alone cannot tell.
    let is_undecidable = hit.class == Boilerplate::AdLabel
        && hit.mode == Mode::Prefix
        && signals.n_copies < 2
        && near.block()?.text.contains(':');
    (is_headline && !is_undecidable).then(|| boilerplate(hit.class, rule(hit)))
}

/// Longest line directly behind a picture that a credit makes its caption, characters.
const MAX_PICTURE_LINE_CHARS: usize = 300;

/// Whether a line directly behind a picture says whose it is. The place alone says little: as many lines of text stand there.
fn credits_its_picture(near: &Neighbourhood<'_>, rules: &Rules) -> bool {
    let (Some(block), Some(signals)) = (near.block(), near.signals()) else { return false };
    let may_be = block.is_behind_picture
        && block.kind == BlockKind::Paragraph
        && signals.n_chars <= MAX_PICTURE_LINE_CHARS;
    let names_a_source = || {
        let before = block.text.split_once(':').map(|(before, _)| before.trim().to_lowercase());
        before.is_some_and(|before| rules.words.credit_prefixes.contains(&before))
    };
    let has_credit = |hit: &Hit| {
        let is_phrase = matches!(hit.mode, Mode::Prefix | Mode::Suffix) && !hit.is_pattern;
        hit.class == Boilerplate::CaptionCredit && is_phrase
    };
    may_be && (signals.hits.iter().any(has_credit) || names_a_source())
}

/// A credit in a short line makes it a caption.
pub(super) fn captions_are_moved(near: &Neighbourhood<'_>, rules: &Rules) -> Option<Verdict> {
    let signals = near.signals()?;
    if credits_its_picture(near, rules) {
        let rule = "structure.credits_its_picture";
        return Some(Verdict { label: Label::Caption, rule });
    }
    let credit = signals
        .hits
        .iter()
        .find(|hit| hit.class == Boilerplate::CaptionCredit && !hit.is_doubtful)?;
    let is_caption = match credit.mode {
        Mode::Line => true,
        Mode::Prefix | Mode::Suffix => {
            signals.n_chars <= MAX_PROMPT_CHARS && signals.n_sentences <= 1
        }
        Mode::Has => {
            signals.n_chars <= MAX_TEASER_CHARS
                && !matches!(signals.ending, Ending::Stop | Ending::Query)
        }
    };
    is_caption.then_some(Verdict { label: Label::Caption, rule: rule(credit) })
}

/// Whether the block is a table row, a list item, or stands in a run of short lines that a sentence with a colon opens.
pub(super) fn is_in_list_or_table(near: &Neighbourhood<'_>) -> bool {
    let Some(block) = near.block() else { return false };
    if matches!(block.kind, BlockKind::TableRow | BlockKind::ListItem) {
        return true;
    }
    // HTML says itself what a list is.
    if near.sheet.source == DocumentSource::Html {
        return false;
    }
    for index in (1..=MAX_LIST_ITEMS).map_while(|n| near.before(n)) {
        let (Some(block), Some(signals)) = (near.sheet.block(index), near.sheet.signals(index))
        else {
            return false;
        };
        if signals.ending == Ending::Colon {
            return block.n_words >= MIN_LIST_INTRO_WORDS
                && signals.hits.iter().all(|hit| hit.mode == Mode::Has);
        }
        if near.sheet.is_prose(index) {
            return false;
        }
    }
    false
}

/// Whether a line next to it says so too, of the dump or of what is left of it.
fn has_company(near: &Neighbourhood<'_>) -> bool {
    let index = near.index();
    let says = |signals: &Signals| {
        signals.hits.iter().any(|hit| match hit.mode {
            Mode::Line => decides_alone(hit.class),
            Mode::Prefix => is_prompt(hit.class),
            Mode::Suffix | Mode::Has => false,
        })
    };
    let neighbours =
        [index.checked_sub(2), index.checked_sub(1), index.checked_add(1), index.checked_add(2)];
    let left = [near.before(2), near.before(1), near.after(1), near.after(2)];
    let all = neighbours.into_iter().chain(left).flatten();
    all.filter_map(|index| near.sheet.signals(index)).any(says)
}
