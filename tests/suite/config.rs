//! The configuration: the documented file is the defaults, and a broken one says how to mend it.

use klartext::config::schema::{self, Kind};
use klartext::config::{Config, ConfigError, Layers, YamlLayer};

/// The file that documents every key.
const DOCUMENTED: &str = include_str!("../../config/klartext.yaml");

fn load(yaml: &str, environment: &[(&str, &str)], set: &[&str]) -> Result<Config, ConfigError> {
    let yaml = if yaml.is_empty() {
        Vec::new()
    } else {
        vec![YamlLayer::Text { name: "my.yaml".to_owned(), text: yaml.to_owned() }]
    };
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let set = set.iter().map(|set| (*set).to_owned()).collect();
    Config::load(&Layers { yaml, environment, set })
}

#[test]
fn the_documented_file_is_the_defaults() {
    assert_eq!(load(DOCUMENTED, &[], &[]).expect("it is right"), Config::default());
}

#[test]
fn every_key_is_documented_with_a_comment() {
    for key in schema::keys() {
        let Some(name) = key.path.last() else { continue };
        let indent = "  ".repeat(key.path.len() - 1);
        let line = format!("\n{indent}{name}:");
        let at =
            DOCUMENTED.find(&line).unwrap_or_else(|| panic!("`{}` is missing", key.path.join(".")));
        let above = DOCUMENTED[..at].lines().last().unwrap_or_default();
        // `security`, `tls` and `sasl` are said by what they hold.
        let needs_comment = !matches!(key.kind, Kind::Section(_)) || key.path.len() == 1;
        assert!(
            above.trim_start().starts_with('#') || !needs_comment,
            "`{}` has no comment above it",
            key.path.join(".")
        );
    }
}
