//! `klartext explain`: which block of a page was kept or cut, by which rule, on which facts. For the terminal, or as one
//! HTML file to look at and to pass on.

mod html;
mod terminal;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::config_args::ConfigArgs;
use super::page_args::PageArgs;
use super::{CommandError, Exit};
use crate::model::{BlockKind, Boilerplate, Label, LabelledBlock, LabelledDocument, Landmark};
use crate::pipeline::{self, Reading, reasons};
use crate::rules::Rules;

/// Arguments of `klartext explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The page: HTML, a text dump or a JSON envelope; `-` is stdin.
    #[arg(value_name = "PAGE")]
    pub file: PathBuf,

    /// Show only the blocks that were kept, or cut.
    #[arg(long, value_enum)]
    pub only: Option<Only>,

    /// Show whole blocks instead of one line each.
    #[arg(long)]
    pub full: bool,

    /// Write one self-contained HTML file instead.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// What is known of the page.
    #[command(flatten)]
    pub page: PageArgs,

    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Which blocks to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// What is in the article, its metadata included.
    Kept,
    /// What is not.
    Cut,
}

/// Explains a page.
///
/// # Errors
/// The configuration is wrong, the page cannot be read, or the result cannot be written.
pub fn run(args: &ExplainArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let rules = Rules::compile(&config)?;
    let record = args.page.read(&args.file, &rules).map_err(|error| {
        let message = format!("{}: {error}", args.file.display());
        CommandError::message(Exit::NoInput, message)
    })?;
    let reading = pipeline::read(&record, &rules)
        .map_err(|error| CommandError::message(Exit::DataError, error))?
        .ok_or_else(|| CommandError::message(Exit::DataError, "there is no page"))?;
    if let Some(path) = &args.html {
        let page = html::write(&args.file.display().to_string(), &reading, &rules);
        std::fs::write(path, page).map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            CommandError::message(Exit::CannotCreate, message)
        })?;
    } else {
        let mut out = anstream::AutoStream::auto(io::stdout().lock());
        terminal::print(&mut out, &reading, &rules, args.only, args.full)
            .and_then(|()| out.flush())
            .map_err(CommandError::stdout)?;
    }
    Ok(Exit::Success)
}

/// What became of a block, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// In the article's text.
    Text,
    /// In a field of the article (headline, byline, caption), not in its text.
    Field,
    /// Cut.
    Cut(Boilerplate),
}

impl Fate {
    const fn of(label: Label) -> Self {
        match label {
            Label::Boilerplate(class) => Self::Cut(class),
            label if label.is_text() => Self::Text,
            _ => Self::Field,
        }
    }

    const fn is_shown(self, only: Option<Only>) -> bool {
        match only {
            None => true,
            Some(Only::Kept) => !matches!(self, Self::Cut(_)),
            Some(Only::Cut) => matches!(self, Self::Cut(_)),
        }
    }
}

/// Name of a label: the class if it is boilerplate.
const fn label_name(label: Label) -> &'static str {
    match label {
        Label::Kicker => "kicker",
        Label::Headline => "headline",
        Label::Deck => "deck",
        Label::Byline => "byline",
        Label::Dateline => "dateline",
        Label::Lead => "lead",
        Label::KeyPoint => "key_point",
        Label::Body => "body",
        Label::Subheading => "subheading",
        Label::Caption => "caption",
        Label::EditorNote => "editor_note",
        Label::Boilerplate(class) => class.as_str(),
    }
}

/// The facts a rule could see, as name and value; only those that say something.
fn facts(
    labelled: &LabelledBlock,
    document: &LabelledDocument,
    rules: &Rules,
) -> Vec<(&'static str, String)> {
    let block = &labelled.block;
    let mut facts = vec![("words", block.n_words.to_string())];
    if block.n_linked_words > 0 {
        facts.push(("linked", format!("{:.0} %", block.link_density() * 100.0)));
    }
    if block.n_button_words > 0 {
        facts.push(("button words", block.n_button_words.to_string()));
    }
    let kind = kind_name(block.kind);
    if !kind.is_empty() {
        facts.push(("kind", kind));
    }
    if block.landmark != Landmark::Elsewhere {
        facts.push(("landmark", format!("{:?}", block.landmark).to_lowercase()));
    }
    if block.in_figure {
        facts.push(("in", "figure".to_owned()));
    }
    if block.is_behind_picture {
        facts.push(("behind", "a picture".to_owned()));
    }
    if block.is_hidden {
        facts.push(("hidden", "yes".to_owned()));
    }
    facts.extend(block.site_mark.map(|mark| ("site rule", mark.rule.to_owned())));
    facts.extend(block.source_line.map(|line| ("line", line.to_string())));
    let names: Vec<&str> = document
        .regions
        .around(block)
        .map(|region| document.regions.names(region))
        .filter(|names| !names.is_empty())
        .take(3)
        .collect();
    if !names.is_empty() {
        facts.push(("names", names.join(" < ")));
    }
    let reasons = reasons(labelled, rules);
    if !reasons.is_empty() {
        let weighed: Vec<String> =
            reasons.iter().map(|(fact, weight)| format!("{fact} {weight:+.1}")).collect();
        facts.push(("decided by", weighed.join(", ")));
    }
    let path = document.regions.path(block);
    if !path.is_empty() {
        facts.push(("path", path));
    }
    facts
}

fn kind_name(kind: BlockKind) -> String {
    match kind {
        BlockKind::Heading(level) => format!("h{level}"),
        BlockKind::Paragraph => String::new(),
        BlockKind::ListItem => "list item".to_owned(),
        BlockKind::Quote => "quote".to_owned(),
        BlockKind::Caption => "caption".to_owned(),
        BlockKind::TableRow => "table row".to_owned(),
        BlockKind::Preformatted => "preformatted".to_owned(),
    }
}

/// How the page ended, in words.
fn outcome(reading: &Reading<'_>) -> String {
    match &reading.result {
        Ok(article) => {
            let title = article.title.as_deref().unwrap_or("(no title)");
            format!("published: {title}")
        }
        Err(reason) => format!("rejected: {}", reason.as_str()),
    }
}

/// Blocks and characters by fate.
fn totals(document: &LabelledDocument) -> std::collections::BTreeMap<Fate, (usize, usize)> {
    let mut totals = std::collections::BTreeMap::new();
    for labelled in &document.blocks {
        let (n_blocks, n_chars) = totals.entry(Fate::of(labelled.verdict.label)).or_insert((0, 0));
        *n_blocks += 1;
        *n_chars += labelled.block.text.chars().count();
    }
    totals
}
