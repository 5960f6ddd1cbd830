//! The options of every command that takes a configuration.

use std::path::PathBuf;

use clap::Args;

use super::CommandError;
use super::Exit;
use crate::config::{Config, Layers, Origins, YamlLayer};

/// Where the configuration comes from. Later layers win: defaults, files in order, environment, `--set`.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArgs {
    /// Configuration file (YAML); repeat it to lay one over the other.
    #[arg(id = "config", short = 'c', long = "config", value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Set one key, for example `--set input.topics='[pages.a, pages.b]'`; environment variables such as
    /// `KLARTEXT__INPUT__TOPICS` do the same.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

impl ConfigArgs {
    /// Loads and validates the configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn load(&self) -> Result<Config, CommandError> {
        self.load_with_origins().map(|(config, _)| config)
    }

    /// As [`ConfigArgs::load`], and says where each value was written.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn load_with_origins(&self) -> Result<(Config, Origins), CommandError> {
        let layers = Layers {
            yaml: self.files.iter().cloned().map(YamlLayer::File).collect(),
            // A variable that is not Unicode can neither set a key nor be named by a value.
            environment: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            set: self.set.clone(),
        };
        Config::load_with_origins(&layers).map_err(|error| CommandError::new(Exit::Config, error))
    }
}
