//! Marker files of one's own: a file of a known name replaces the embedded one, a new name adds a language, a wrong one
//! stops the start and says where and what may be meant.

use std::path::PathBuf;

use klartext::config::Config;
use klartext::model::Boilerplate;
use klartext::rules::markers::Mode;
use klartext::rules::{Rules, RulesError};
use klartext::text::Skeleton;

/// A folder with one marker file, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, yaml: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("klartext-markers-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), yaml).unwrap();
        Self(folder)
    }

    fn compile(&self) -> Result<Rules, RulesError> {
        let mut config = Config::default();
        config.rules.markers = Some(self.0.clone());
        Rules::compile(&config)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn says(rules: &Rules, line: &str) -> Vec<(Boilerplate, Mode)> {
    let wording = rules.markers.matcher.read(line, &mut Skeleton::default());
    wording.hits.iter().map(|hit| (hit.class, hit.mode)).collect()
}

#[test]
fn a_new_file_adds_a_language_and_a_known_name_replaces() {
    let added = Folder::with(
        "eo.yaml",
        "language: eo\nclasses:\n  ad_label:\n    line:\n      \"Reklamo\": {}\n",
    );
    let rules = added.compile().unwrap();
    assert_eq!(says(&rules, "– REKLAMO –"), [(Boilerplate::AdLabel, Mode::Line)]);
    assert_eq!(says(&rules, "Annons"), [(Boilerplate::AdLabel, Mode::Line)]);

    let replaced = Folder::with("sv.yaml", "language: sv\n");
    assert!(says(&replaced.compile().unwrap(), "Annons").is_empty());
}

#[test]
fn a_wrong_file_stops_the_start_with_file_line_and_suggestion() {
    let cases = [
        ("class.yaml", "classes:\n  ad_labell:\n    line: {}\n", 2, "did you mean `ad_label`?"),
        ("mode.yaml", "classes:\n  ad_label:\n    lines: {}\n", 3, "did you mean `line`?"),
        ("key.yaml", "classes: {}\npattern: {}\n", 2, "did you mean `patterns`?"),
        (
            "gold.yaml",
            "classes:\n  ad_label:\n    line:\n      \"X\": {gold: many}\n",
            4,
            "two counts",
        ),
        ("regex.yaml", "patterns:\n  a:\n    class: nav\n    regex: '('\n", 4, "does not compile"),
        ("yaml.yaml", "classes: [\n", 2, ""),
    ];
    for (name, yaml, line, hint) in cases {
        let Err(RulesError::Files(error)) = Folder::with(name, yaml).compile() else {
            panic!("{name} is wrong")
        };
        let error = error.on_one_line();
        assert!(error.contains(&format!("{name}:{line}:")) && error.contains(hint), "{error}");
    }
}
