//! `klartext test`: do the site rules still do what the tests beside them say?

mod compare;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit};
use crate::config::{ConfigError, Subject};
use crate::model::{Header, Record};
use crate::pipeline::{self, Outcome};
use crate::rules::Rules;
use crate::rules::sites::{self, SiteTest, Sites};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();

/// Arguments of `klartext test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Files of site rules; default: all that the configuration loads.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// How many tests ended how.
#[derive(Debug, Default)]
struct Tally {
    n_passed: usize,
    n_failed: usize,
}

/// Runs the tests beside the site rules.
///
/// # Errors
/// The configuration or a file is wrong, or a file cannot be read. A test that fails is [`Exit::SomeFailed`].
pub fn run(args: &TestArgs) -> Result<Exit, CommandError> {
    let config = args.config.load()?;
    let mut rules = Rules::compile(&config)?;
    let files = if args.files.is_empty() {
        sites::texts(config.rules.sites.as_deref())?
    } else {
        read(&args.files)?
    };
    let wrong = |error: ConfigError| CommandError::new(Exit::Config, error);
    let mut tests = Vec::new();
    let mut problems = Vec::new();
    for (name, yaml) in &files {
        match sites::tests(name, yaml) {
            Ok((host, of_file)) => tests.push((name.as_str(), host, of_file)),
            Err(error) => problems.extend(error.problems),
        }
    }
    if !problems.is_empty() {
        return Err(wrong(ConfigError { subject: Subject::Rules, problems }));
    }
    rules.sites = Sites::read(&files).map_err(wrong)?;

    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    let tally = run_all(&mut out, &tests, &rules).map_err(CommandError::stdout)?;
    out.flush().map_err(CommandError::stdout)?;
    Ok(if tally.n_failed == 0 { Exit::Success } else { Exit::SomeFailed })
}

/// The files, by the name they are given by.
fn read(files: &[PathBuf]) -> Result<BTreeMap<String, String>, CommandError> {
    files
        .iter()
        .map(|file| {
            let name = file.display().to_string();
            match std::fs::read_to_string(file) {
                Ok(yaml) => Ok((name, yaml)),
                Err(error) => {
                    let message = format!("cannot read {name}: {error}");
                    Err(CommandError::message(Exit::NoInput, message))
                }
            }
        })
        .collect()
}

fn run_all(
    out: &mut impl Write,
    tests: &[(&str, String, Vec<SiteTest>)],
    rules: &Rules,
) -> io::Result<Tally> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let expired = rules.sites.expired(today);
    let mut tally = Tally::default();
    for (name, host, of_file) in tests {
        let n_failed_before = tally.n_failed;
        let mut report = Vec::new();
        for test in of_file {
            let differences = differences(test, host, rules);
            if differences.is_empty() {
                tally.n_passed += 1;
            } else {
                tally.n_failed += 1;
                report.push((test, differences));
            }
        }
        let is_good = tally.n_failed == n_failed_before;
        let (style, word) = if is_good { (GOOD, "ok") } else { (BAD, "FAILED") };
        writeln!(out, "{style}{word}{style:#} {name} ({} tests)", of_file.len())?;
        for (test, differences) in report {
            print_failed(out, test, &differences)?;
        }
        if of_file.is_empty() {
            writeln!(out, "  {DOUBTFUL}warning{DOUBTFUL:#}: it has no tests")?;
        }
        if expired.contains(name) {
            writeln!(
                out,
                "  {DOUBTFUL}warning{DOUBTFUL:#}: its `valid_until` is over; look at the site and set a new day"
            )?;
        }
    }
    writeln!(
        out,
        "{} site-rule files: {} tests passed, {} failed",
        tests.len(),
        tally.n_passed,
        tally.n_failed
    )?;
    Ok(tally)
}

fn print_failed(out: &mut impl Write, test: &SiteTest, differences: &[String]) -> io::Result<()> {
    let name = if test.name.is_empty() { "a test without a name" } else { &test.name };
    writeln!(out, "  {BAD}✗{BAD:#} {name}")?;
    for difference in differences {
        for line in difference.lines() {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}

/// What came out otherwise than expected, a text each.
fn differences(test: &SiteTest, host: &str, rules: &Rules) -> Vec<String> {
    let record = record_of(test, host);
    let reading = match pipeline::read(&record, rules) {
        Ok(Some(reading)) => reading,
        Ok(None) => return vec!["there is no page".to_owned()],
        Err(error) => return vec![format!("the page cannot be read: {error}")],
    };
    let article = match &reading.result {
        Ok(article) => article,
        Err(reason) => return vec![format!("the page was rejected: {}", reason.as_str())],
    };
    let mut differences = Vec::new();
    if let Some(expected) = &test.blocks {
        let found: Vec<&str> = article.blocks.iter().map(|block| block.text.as_str()).collect();
        differences.extend(compare::blocks(expected, &found, &reading.document));
    }
    if let Some(expected) = &test.flags {
        let found: Vec<String> =
            article.quality.flags.iter().map(|flag| (*flag).to_owned()).collect();
        differences.extend(compare::list("flags", expected, &found));
    }
    if !test.fields.is_empty() {
        match pipeline::clean(&record, rules) {
            Outcome::Published(published) => {
                differences.extend(compare::fields(&test.fields, &published.value));
            }
            _ => differences.push("the article cannot be written down".to_owned()),
        }
    }
    differences
}

fn record_of(test: &SiteTest, host: &str) -> Record {
    let url = test.url.clone().unwrap_or_else(|| format!("https://{host}/"));
    let header = |name: &str, value: String| Header {
        name: name.to_owned(),
        value: Some(value.into_bytes()),
    };
    Record {
        value: Some(test.html.clone().into_bytes()),
        headers: vec![header("url", url), header("content-type", "text/html".to_owned())],
        ..Record::default()
    }
}
