//! What the demonstration prints: progress, then each page's outcome, then the account.

use std::io::{self, Write};
use std::time::Duration;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use textwrap::{Options, fill};

use super::broker::Published;
use super::samples::Sample;
use crate::cli::CommandError;
use crate::config::Config;
use crate::model::{Boilerplate, LabelledBlock, LabelledDocument, Rejection};
use crate::pipeline;
use crate::rules::Rules;
use crate::service::{Account, Settlement};

/// Columns of the text: comfortable to read, and fits most terminals.
const WIDTH: usize = 96;

/// Columns of a removed text; the rest is cut.
const REMOVED_WIDTH: usize = 52;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const CUT: Style = AnsiColor::Red.on_default();
const NOTE: Style = AnsiColor::Yellow.on_default();
const HEADING: Style = AnsiColor::Cyan.on_default().bold();

/// Standard output, coloured where it is a terminal.
pub(super) struct Screen {
    out: AutoStream<io::Stdout>,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { out: AutoStream::auto(io::stdout()) }
    }

    /// What is about to happen.
    pub(super) fn introduce(
        &mut self,
        config: &Config,
        n_samples: usize,
    ) -> Result<(), CommandError> {
        let Config { input, output, rejected, dead_letter, .. } = config;
        let rejected = rejected.topic.as_deref().unwrap_or("-");
        self.print(&format!(
            "{BOLD}klartext demo{BOLD:#}: the service of `klartext run`, on a broker inside this process\n\n  \
             {n_samples} pages ─▶ {} ─▶ {BOLD}klartext{BOLD:#} ─▶ {} · {rejected} · {}\n",
            input.topics.join(", "),
            output.topic,
            dead_letter.topic,
        ))
    }

    /// One page is settled.
    pub(super) fn progress(
        &mut self,
        n: usize,
        of: usize,
        name: &str,
        settlement: Settlement,
    ) -> Result<(), CommandError> {
        let (style, mark) = match settlement {
            Settlement::Published => (GOOD, '✓'),
            Settlement::Rejected(_) | Settlement::Tombstone => (NOTE, '–'),
            Settlement::DeadLettered(_) => (CUT, '✗'),
        };
        let reason = settlement.reason().map(|reason| format!(" ({reason})")).unwrap_or_default();
        self.print(&format!(
            "  {n:>2}/{of} {style}{mark} {}{reason}{style:#} {name}",
            settlement.outcome()
        ))
    }

    /// One page: what came out, what was removed.
    pub(super) fn page(
        &mut self,
        sample: &Sample,
        outputs: &[&Published],
        rules: &Rules,
    ) -> Result<(), CommandError> {
        let rule = "─".repeat(WIDTH.saturating_sub(sample.name.chars().count() + 4));
        self.print(&format!("\n{HEADING}── {} {rule}{HEADING:#}", sample.name))?;
        self.print(&format!("{DIM}{}{DIM:#}\n", sample.shows))?;
        for output in outputs {
            self.output(output)?;
        }
        if let Ok(Some(reading)) = pipeline::read(&sample.record, rules)
            && reading.result.is_ok()
        {
            self.removals(&reading.document)?;
        }
        Ok(())
    }

    fn output(&mut self, output: &Published) -> Result<(), CommandError> {
        if !output.header("klartext-dlq-error-type").is_empty() {
            return self.dead_letter(output);
        }
        match output.value.as_deref().map(serde_json::from_slice::<Value>) {
            None => self.print(&format!("{NOTE}tombstone{NOTE:#} passed on to {}", output.topic)),
            Some(Ok(message)) if message.get("outcome").is_some() => self.rejected(&message),
            Some(Ok(message)) => self.article(&message),
            Some(Err(error)) => self.print(&format!("{CUT}not JSON: {error}{CUT:#}")),
        }
    }

    /// The account.
    pub(super) fn conclude(
        &mut self,
        account: &Account,
        took: Duration,
    ) -> Result<(), CommandError> {
        let Account { received, published, tombstones, discarded, in_flight, .. } = account;
        let rejected = account.n_rejected();
        let dead_lettered = account.n_dead_lettered();
        let reasons =
            counted(account.rejected.iter().map(|(reason, n)| (Rejection::as_str(*reason), *n)));
        let errors = counted(account.dead_lettered.iter().map(|(error, n)| (*error, *n)));
        self.print(&format!("\n{HEADING}── account {}{HEADING:#}", "─".repeat(WIDTH - 11)))?;
        self.print(&format!(
            "in {BOLD}{received}{BOLD:#} = published {GOOD}{published}{GOOD:#} + rejected \
             {NOTE}{rejected}{NOTE:#}{reasons} + tombstones {NOTE}{tombstones}{NOTE:#} + dead letters \
             {CUT}{dead_lettered}{CUT:#}{errors} + given back {discarded} + in flight {in_flight}"
        ))?;
        self.print(&format!("from joining the group to the last commit: {} ms", took.as_millis()))?;
        self.print(&format!(
            "\n{DIM}Next: `klartext clean FILE` for a page of your own, `klartext run` for your Kafka; see README.md.{DIM:#}"
        ))
    }

    fn article(&mut self, message: &Value) -> Result<(), CommandError> {
        if let Some(title) = text(message, "/title") {
            let kicker =
                text(message, "/kicker").map(|kicker| format!("{kicker}: ")).unwrap_or_default();
            self.print(&wrapped(&format!("{BOLD}{kicker}{title}{BOLD:#}"), "", ""))?;
        }
        let facts = facts(message);
        if !facts.is_empty() {
            self.print(&wrapped(&format!("{DIM}{}{DIM:#}", facts.join(" · ")), "", ""))?;
        }
        let blocks =
            message.pointer("/blocks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut group = None;
        for block in blocks {
            let block_group = text(block, "/group");
            if block_group != group
                && let Some(label) = block_group
            {
                self.print(&format!("\n{DIM}[{label}]{DIM:#}"))?;
            }
            group = block_group;
            self.block(block)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Value) -> Result<(), CommandError> {
        let body = text(block, "/text").unwrap_or_default();
        let shown = match text(block, "/kind") {
            Some("heading") => format!("\n{BOLD}{body}{BOLD:#}"),
            Some("key_point" | "list_item") => wrapped(body, "  • ", "    "),
            Some("quote") => wrapped(body, "  > ", "  > "),
            _ => wrapped(&format!("\n{body}"), "", ""),
        };
        self.print(&shown)
    }

    fn rejected(&mut self, message: &Value) -> Result<(), CommandError> {
        let reason = text(message, "/reason").unwrap_or_default();
        let url = text(message, "/url").unwrap_or("(no URL)");
        self.print(&format!("{NOTE}rejected{NOTE:#}: {BOLD}{reason}{BOLD:#} {DIM}{url}{DIM:#}"))
    }

    fn dead_letter(&mut self, output: &Published) -> Result<(), CommandError> {
        let size = output.value.as_ref().map_or(0, Vec::len);
        self.print(&format!(
            "{CUT}dead letter{CUT:#} in {} with its {size} original bytes and:",
            output.topic
        ))?;
        for (name, value) in
            output.headers.iter().filter(|(name, _)| name.starts_with("klartext-dlq-"))
        {
            self.print(&wrapped(&format!("{DIM}{name}{DIM:#}: {value}"), "  ", "    "))?;
        }
        Ok(())
    }

    /// Equal removals in a row are one line with a count.
    fn removals(&mut self, document: &LabelledDocument) -> Result<(), CommandError> {
        let mut counted: Vec<(&LabelledBlock, Boilerplate, usize)> = Vec::new();
        for (removed, class) in document.removed() {
            let is_known = |known: &LabelledBlock| {
                known.block.text == removed.block.text && known.verdict.rule == removed.verdict.rule
            };
            match counted.iter_mut().find(|(known, ..)| is_known(known)) {
                Some((.., n)) => *n += 1,
                None => counted.push((removed, class, 1)),
            }
        }
        if counted.is_empty() {
            return Ok(());
        }
        self.print(&format!("\n{DIM}removed{DIM:#}"))?;
        for (removed, class, n) in counted {
            let times = if n > 1 { format!("{n}×") } else { "−".to_owned() };
            let cut = cut(&removed.block.text, REMOVED_WIDTH);
            let pad = " ".repeat(REMOVED_WIDTH.saturating_sub(cut.chars().count()));
            self.print(&format!(
                "{CUT}{times:>3}{CUT:#} {cut}{pad} {DIM}{} ({}){DIM:#}",
                class.as_str(),
                removed.verdict.rule
            ))?;
        }
        Ok(())
    }

    fn print(&mut self, line: &str) -> Result<(), CommandError> {
        writeln!(self.out, "{line}").map_err(CommandError::stdout)
    }
}

/// Byline, date, language, site: what is known of them.
fn facts(message: &Value) -> Vec<String> {
    let names = |pointer: &str| -> Vec<String> {
        let list =
            message.pointer(pointer).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let name = |item: &Value| item.as_str().or_else(|| text(item, "/name")).map(str::to_owned);
        list.iter().filter_map(name).collect()
    };
    let single = |pointer: &str| text(message, pointer).map(str::to_owned);
    let mut facts = names("/authors");
    facts.extend(names("/agencies"));
    facts.extend(single("/published/value"));
    facts.extend(single("/language"));
    facts.extend(single("/site/name").or_else(|| single("/site/host")));
    facts
}

fn text<'m>(message: &'m Value, pointer: &str) -> Option<&'m str> {
    message.pointer(pointer).and_then(Value::as_str)
}

fn wrapped(text: &str, first: &str, rest: &str) -> String {
    fill(text, Options::new(WIDTH).initial_indent(first).subsequent_indent(rest))
}

fn cut(text: &str, width: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= width {
        return one_line;
    }
    one_line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

fn counted(reasons: impl Iterator<Item = (&'static str, u64)>) -> String {
    let list: Vec<String> = reasons.map(|(reason, n)| format!("{reason} {n}")).collect();
    if list.is_empty() { String::new() } else { format!(" ({})", list.join(", ")) }
}
