//! `klartext check`: is the configuration right, and do the brokers have what it needs?

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::Args;

use super::config_args::ConfigArgs;
use super::{CommandError, Exit, preflight};
use crate::rules::{Rules, RulesError, sites};
use crate::service::probe::{self, Finding, Findings, Severity};

/// Arguments of `klartext check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Print the whole configuration as it is in force: every key, secrets as `***`.
    #[arg(long)]
    pub effective: bool,

    /// As `--effective`, and beside each value where it was written.
    #[arg(long)]
    pub origins: bool,

    /// Ask the brokers too: topics, their limits, what we are allowed to do. Writes nothing, joins no group.
    #[arg(long)]
    pub connect: bool,
}

/// Loads the configuration and compiles the rules; asks the brokers only with `--connect`.
///
/// # Errors
/// Everything that is wrong, each with its place.
pub fn run(args: &CheckArgs) -> Result<Exit, CommandError> {
    let (config, origins) = args.config.load_with_origins()?;
    let rules = preflight::rules(&config, &origins)?;
    let folder = config.rules.sites.as_deref();
    sites::check(&sites::texts(folder)?).map_err(|e| RulesError::from(e.in_folder(folder)))?;
    preflight::options(&config, &origins)?;
    if args.effective || args.origins {
        print(&config.to_yaml(args.origins.then_some(&origins)))?;
    } else {
        print("The configuration is right.\n")?;
        print(&expired(&rules))?;
    }
    if !args.connect {
        return Ok(Exit::Success);
    }
    let findings = probe::probe(&config)
        .map_err(|error| CommandError::because(super::run::exit_of(&error), error))?;
    print(&table(&findings))?;
    Ok(match findings.worst() {
        Severity::Fine | Severity::Warning => Exit::Success,
        Severity::Error if findings.0.iter().any(is_about_rights) => Exit::NoPermission,
        Severity::Error => Exit::Unavailable,
    })
}

/// A warning for each file of site rules whose last day is over: its site may have a new layout.
fn expired(rules: &Rules) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut text = String::new();
    for name in rules.sites.expired(today) {
        let _infallible = writeln!(
            text,
            "warning: the `valid_until` of {name} is over; look at the site and set a new day"
        );
    }
    text
}

fn print(text: &str) -> Result<(), CommandError> {
    io::stdout().write_all(text.as_bytes()).map_err(CommandError::stdout)
}

/// One finding a line, what to do about it below.
fn table(findings: &Findings) -> String {
    let mut text = String::new();
    for Finding { severity, subject, message, help, .. } in &findings.0 {
        let word = match severity {
            Severity::Fine => "ok",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let _infallible = writeln!(text, "{word:<8}{subject}: {message}");
        if !help.is_empty() {
            let _infallible = writeln!(text, "        {help}");
        }
    }
    text
}

/// Whether a finding is that we are not allowed to do something.
fn is_about_rights(finding: &Finding) -> bool {
    finding.severity == Severity::Error && finding.is_refusal
}
