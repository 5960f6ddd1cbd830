//! `klartext replay show`.

use std::io::{self, Write};

use clap::Args;

use super::histogram::shown;
use super::{ConfigArgs, FilterArgs, Found, each_letter, filter::Offsets};
use crate::cli::{CommandError, Exit};

/// Characters of a value that are shown.
const MAX_SHOWN: usize = 2_000;

/// Arguments of `klartext replay show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The letter: PARTITION:OFFSET in the topic of the dead letters, as `klartext replay list --each` says.
    #[arg(value_name = "PARTITION:OFFSET")]
    at: Offsets,
    /// Where the configuration comes from.
    #[command(flatten)]
    config: ConfigArgs,
    /// Only the value, byte for byte: for a file, or for `klartext explain -`.
    #[arg(long)]
    value: bool,
}

pub(super) fn run(args: &ShowArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let filter = FilterArgs::of_offsets(args.at).filter();
    let mut out = io::stdout().lock();
    let mut n_found = 0;
    each_letter(&config, &filter, |found| {
        n_found += 1;
        let written = if args.value {
            out.write_all(found.record.value.as_deref().unwrap_or_default())
        } else {
            write_letter(&mut out, &found)
        };
        written.map_err(CommandError::stdout)
    })?;
    match n_found {
        0 => Err(CommandError::message(
            Exit::NoInput,
            format_args!(
                "there is no dead letter at {} of `{}`; `klartext replay list --each` begins each line with PARTITION:OFFSET",
                args.at, config.dead_letter.topic
            ),
        )),
        _ => Ok(Exit::Success),
    }
}

fn write_letter(out: &mut impl Write, found: &Found) -> io::Result<()> {
    let Found { record, at, .. } = found;
    writeln!(out, "{}[{}] offset {}", at.topic, at.partition, at.offset)?;
    match &record.key {
        None => writeln!(out, "key: null")?,
        Some(key) => writeln!(out, "key: {}", beginning(key))?,
    }
    for header in &record.headers {
        let name: String = header.name.chars().flat_map(shown).collect();
        match &header.value {
            None => writeln!(out, "{name}: null")?,
            Some(value) => writeln!(out, "{name}: {}", beginning(value))?,
        }
    }
    match &record.value {
        None => writeln!(out, "\nnull"),
        Some(value) => writeln!(out, "\n{} bytes:\n{}", value.len(), lines(value)),
    }
}

/// The beginning, on one line.
fn beginning(bytes: &[u8]) -> String {
    text(bytes).chars().flat_map(shown).collect()
}

/// The beginning, with its line breaks.
fn lines(bytes: &[u8]) -> String {
    let show = |c: char| -> String { if c == '\n' { "\n".into() } else { shown(c).collect() } };
    text(bytes).chars().map(show).collect()
}

fn text(bytes: &[u8]) -> String {
    // A character has four bytes at most.
    let bytes = bytes.get(..MAX_SHOWN * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
