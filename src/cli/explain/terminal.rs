//! The explanation for a terminal: a line a block, in page order.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Fate, Only, facts, label_name, outcome, totals};
use crate::model::{LabelledBlock, LabelledDocument};
use crate::pipeline::Reading;
use crate::rules::Rules;

/// Columns of a block's text when only its beginning is shown.
const EXCERPT: usize = 72;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const KEPT: Style = AnsiColor::Green.on_default();
const FIELD: Style = AnsiColor::Cyan.on_default();
const CUT: Style = AnsiColor::Red.on_default();

/// Prints the explanation of a page.
pub(super) fn print(
    out: &mut impl Write,
    reading: &Reading<'_>,
    rules: &Rules,
    only: Option<Only>,
    is_full: bool,
) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", outcome(reading))?;
    for labelled in &reading.document.blocks {
        let fate = Fate::of(labelled.verdict.label);
        if fate.is_shown(only) {
            let facts = facts(labelled, &reading.document, rules);
            print_block(out, labelled, fate, &facts, is_full)?;
        }
    }
    print_totals(out, &reading.document)
}

fn print_block(
    out: &mut impl Write,
    labelled: &LabelledBlock,
    fate: Fate,
    facts: &[(&str, String)],
    is_full: bool,
) -> io::Result<()> {
    let (style, mark) = match fate {
        Fate::Text => (KEPT, '✓'),
        Fate::Field => (FIELD, '→'),
        Fate::Cut(_) => (CUT, '✗'),
    };
    let label = label_name(labelled.verdict.label);
    let rule = labelled.verdict.rule;
    let facts: Vec<String> = facts
        .iter()
        .filter(|(name, _)| is_full || !matches!(*name, "path" | "names"))
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let text = &labelled.block.text;
    if is_full {
        writeln!(
            out,
            "\n{style}{mark} {label}{style:#}  {DIM}{rule} · {}{DIM:#}",
            facts.join(" · ")
        )?;
        return writeln!(out, "{text}");
    }
    let mut excerpt: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).take(EXCERPT).collect();
    if text.chars().nth(EXCERPT).is_some() {
        excerpt.push('…');
    }
    writeln!(out, "{style}{mark} {label:<20}{style:#} {excerpt}")?;
    writeln!(out, "  {DIM}{:<20} {rule} · {}{DIM:#}", "", facts.join(" · "))
}

fn print_totals(out: &mut impl Write, document: &LabelledDocument) -> io::Result<()> {
    writeln!(out, "\n{BOLD}{:<22} {:>6} {:>10}{BOLD:#}", "", "blocks", "characters")?;
    for (fate, (n_blocks, n_chars)) in totals(document) {
        let (style, name) = match fate {
            Fate::Text => (KEPT, "text"),
            Fate::Field => (FIELD, "fields"),
            Fate::Cut(class) => (CUT, class.as_str()),
        };
        writeln!(out, "{style}{name:<22}{style:#} {n_blocks:>6} {n_chars:>10}")?;
    }
    Ok(())
}
