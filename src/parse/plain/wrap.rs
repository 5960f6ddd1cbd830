//! Hard-wrapped dumps: lines that were one paragraph are joined, hyphenation is undone, stanzas stay stanzas.

use std::borrow::Cow;

use super::PlainLine;
use crate::model::BlockKind;
use crate::text::{Ending, ending};

/// Widths at which mailers, editors and `html2text` wrap, characters.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 40..=110;

/// Share of a group's line ends at which the next word would not have fitted, above which the group is wrapped.
const MIN_WRAPPED_SHARE: f32 = 0.75;

/// Fewest lines of a group that can show a wrap width.
const MIN_WRAPPED_LINES: usize = 3;

/// Longest line of verse, characters.
const MAX_VERSE_CHARS: usize = 60;

/// Lines of a stanza.
const STANZA_LINES: std::ops::RangeInclusive<usize> = 3..=14;

/// Words that follow a hyphen that stays ("Vor- und Nachteile").
const CONJUNCTIONS: [&str; 10] =
    ["und", "oder", "bzw.", "beziehungsweise", "sowie", "bis", "and", "or", "en", "och"];

/// How two neighbouring lines belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seam {
    /// One sentence goes on.
    Blank,
    /// One word goes on: the hyphen goes.
    Hyphen,
}

/// Joins what was wrapped.
pub(super) fn rejoin(lines: Vec<PlainLine<'_>>) -> Vec<PlainLine<'_>> {
    let mut joined: Vec<PlainLine<'_>> = Vec::with_capacity(lines.len());
    let mut group = Vec::new();
    for line in lines {
        if !group.is_empty() && (line.blank_lines_before > 0 || !is_running(&line)) {
            join_group(&mut joined, &mut group);
        }
        group.push(line);
        if group.last().is_some_and(|line| !is_running(line)) {
            join_group(&mut joined, &mut group);
        }
    }
    join_group(&mut joined, &mut group);
    joined
}

fn is_running(line: &PlainLine<'_>) -> bool {
    line.kind == BlockKind::Paragraph
}

/// Joins the lines of a group (no empty line inside) and moves them to `joined`.
fn join_group<'t>(joined: &mut Vec<PlainLine<'t>>, group: &mut Vec<PlainLine<'t>>) {
    if group.len() < 2 {
        joined.append(group);
        return;
    }
    if is_stanza(group) {
        joined.extend(stanza(group));
        group.clear();
        return;
    }
    let mut seams = seams(group).into_iter();
    for line in group.drain(..) {
        let seam = seams.next().flatten();
        match (seam, joined.last_mut()) {
            (Some(Seam::Blank), Some(before)) => before.text.to_mut().extend([" ", &line.text]),
            (Some(Seam::Hyphen), Some(before)) => {
                before.text.to_mut().pop();
                before.text.to_mut().push_str(&line.text);
            }
            _ => joined.push(line),
        }
    }
}

/// How each line belongs to the one before it; `None` where it does not.
fn seams(group: &[PlainLine<'_>]) -> Vec<Option<Seam>> {
    let width = wrap_width(group);
    let mut seams = vec![None];
    seams.extend(group.windows(2).map(|pair| match pair {
        [before, line] => hyphen_seam(&before.text, &line.text).or_else(|| {
            width.filter(|&width| is_full(&before.text, &line.text, width)).map(|_| Seam::Blank)
        }),
        _ => None,
    }));
    seams
}

/// "Neu-" + "bau" is one word; "Vor-" + "und Nachteile" are two.
fn hyphen_seam(before: &str, line: &str) -> Option<Seam> {
    let stem = before.strip_suffix(['-', '\u{2010}'])?;
    let is_word = stem.chars().next_back().is_some_and(char::is_lowercase);
    if !is_word || !line.chars().next()?.is_lowercase() {
        return None;
    }
    let first_word = line.split(' ').next().unwrap_or_default();
    if CONJUNCTIONS.contains(&first_word) { Some(Seam::Blank) } else { Some(Seam::Hyphen) }
}

/// The width a group is wrapped at, if it is: at nearly every line end, the next word would not have fitted.
fn wrap_width(group: &[PlainLine<'_>]) -> Option<usize> {
    if group.len() < MIN_WRAPPED_LINES {
        return None;
    }
    let width = group.iter().map(|line| line.text.chars().count()).max()?;
    if !WRAP_WIDTHS.contains(&width) {
        return None;
    }
    let n_full = group.windows(2).filter(|pair| match pair {
        [before, line] => is_full(&before.text, &line.text, width),
        _ => false,
    });
    // Line counts are far below 2^24, where f32 stops being exact.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    let share = n_full.count() as f32 / (group.len() - 1) as f32;
    (share >= MIN_WRAPPED_SHARE).then_some(width)
}

/// Whether the first word of `line` would not have fitted behind `before`.
fn is_full(before: &str, line: &str, width: usize) -> bool {
    let first_word = line.split(' ').next().unwrap_or_default();
    before.chars().count() + 1 + first_word.chars().count() > width
}

/// Whether the lines are verse: short, and the sentence runs over their ends.
fn is_stanza(group: &[PlainLine<'_>]) -> bool {
    let Some((last, before)) = group.split_last() else { return false };
    let is_short = |line: &PlainLine<'_>| line.text.chars().count() <= MAX_VERSE_CHARS;
    let runs_on = |line: &PlainLine<'_>| matches!(ending(&line.text), Ending::None | Ending::Open);
    let begins_lower =
        |line: &&PlainLine<'_>| line.text.chars().next().is_some_and(char::is_lowercase);
    let n_lower = group.iter().skip(1).filter(begins_lower).count();
    STANZA_LINES.contains(&group.len())
        && group.iter().all(is_short)
        && before.iter().all(runs_on)
        && matches!(ending(&last.text), Ending::Stop | Ending::Query | Ending::Ellipsis)
        && before.iter().all(|line| hyphen_seam(&line.text, "x").is_none())
        && n_lower * 2 >= before.len()
}

/// The stanza as one block whose line ends count.
fn stanza<'t>(group: &[PlainLine<'t>]) -> Option<PlainLine<'t>> {
    let first = group.first()?;
    let texts: Vec<&str> = group.iter().map(|line| line.text.as_ref()).collect();
    Some(PlainLine { text: Cow::Owned(texts.join("\n")), kind: BlockKind::Preformatted, ..*first })
}

#[cfg(test)]
mod tests {
    use super::{PlainLine, rejoin};
    use crate::model::BlockKind;

    fn joined(text: &str) -> Vec<String> {
        let lines = text.split('\n').map(|line| PlainLine {
            text: line.into(),
            kind: BlockKind::Paragraph,
            number: 1,
            blank_lines_before: 0,
        });
        rejoin(lines.collect()).into_iter().map(|line| line.text.into_owned()).collect()
    }

    #[test]
    fn wrapped_lines_are_one_paragraph_and_hyphens_go() {
        let text = "Der Kreistag hat am Dienstag beschlossen, die alte Strecke\n\
                    zwischen den beiden Städten im Herbst wieder für Züge zu öff-\n\
                    nen. Die Vor- und Nachteile waren zwei Jahre lang umstritten.\n\
                    Nun soll es schnell gehen.";
        assert_eq!(
            joined(text),
            [
                "Der Kreistag hat am Dienstag beschlossen, die alte Strecke zwischen den beiden Städten \
            im Herbst wieder für Züge zu öffnen. Die Vor- und Nachteile waren zwei Jahre lang umstritten. Nun soll es \
            schnell gehen."
            ]
        );
        assert_eq!(
            joined("Der Neu-\nbau beginnt im Früh-\njahr."),
            ["Der Neubau beginnt im Frühjahr."]
        );
        assert_eq!(joined("die Vor-\nund Nachteile"), ["die Vor- und Nachteile"]);
    }

    #[test]
    fn lists_and_menus_stay_lines() {
        for text in ["Startseite\nPolitik\nWirtschaft\nSport", "250 g Mehl\n3 Eier\n150 g Zucker"] {
            assert_eq!(joined(text).len(), text.split('\n').count());
        }
    }

    #[test]
    fn a_stanza_is_one_block_with_line_ends() {
        let stanza =
            "Der Fluss trägt Licht\nund trägt es fort,\ndie Brücke spricht\nkein einzig Wort.";
        assert_eq!(joined(stanza), [stanza]);
    }
}
