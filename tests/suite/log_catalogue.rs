//! `deploy/LOGS.md` names every event that the program logs, with its level and fields.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::layers::sources;

/// An event: its levels, and the fields of all places that log it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Event {
    levels: BTreeSet<String>,
    fields: BTreeSet<String>,
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The events as the sources have them.
fn logged() -> BTreeMap<String, Event> {
    let constants = fs::read_to_string(package().join("src/service/events.rs")).expect("events");
    let constant = Regex::new(r#"pub const (\w+): &str =\s*"([^"]+)""#).expect("a pattern");
    let names: BTreeMap<&str, &str> = constant
        .captures_iter(&constants)
        .map(|c| (c.get(1).expect("a name").as_str(), c.get(2).expect("a value").as_str()))
        .collect();
    assert!(names.len() > 20, "events.rs is not read rightly: {names:?}");
    let begin = Regex::new(r"\b(error|warn|info|debug)!\(").expect("a pattern");
    let name = Regex::new(r"event\.name = (?:\w+::)*([A-Z_]+)").expect("a pattern");
    let field = Regex::new(r#"(?m)(?:^|, )\s*"?([a-z_]+(?:\.[a-z0-9_]+)*)"?(?: = |,$)"#)
        .expect("a pattern");
    let mut events: BTreeMap<String, Event> = BTreeMap::new();
    for file in sources(&package().join("src")) {
        let text = without_comments(&fs::read_to_string(&file).expect("a source is readable"));
        for call in begin.captures_iter(&text) {
            let all = call.get(0).expect("a match");
            let body = in_parentheses(text.split_at(all.end()).1);
            let constant = name.captures(body);
            let constant = constant.unwrap_or_else(|| panic!("{}: no event.name", file.display()));
            let event = names.get(&constant[1]).unwrap_or_else(|| panic!("{}", &constant[1]));
            let event = events.entry((*event).to_owned()).or_default();
            event.levels.insert(call[1].to_uppercase());
            let fields = field.captures_iter(body).map(|field| field[1].to_owned());
            event.fields.extend(fields.filter(|field| field != "event.name"));
        }
    }
    let unused: Vec<&&str> = names.values().filter(|name| !events.contains_key(**name)).collect();
    assert!(unused.is_empty(), "events.rs names events that nobody logs: {unused:?}");
    events
}

fn without_comments(source: &str) -> String {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).fold(
        String::new(),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}

/// The text up to the parenthesis that closes the one before it.
fn in_parentheses(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    text.split_at(end.expect("the parentheses of a source are closed")).0
}

/// The events as the catalogue has them.
fn catalogued() -> BTreeMap<String, Event> {
    let text = fs::read_to_string(package().join("deploy/LOGS.md")).expect("the catalogue");
    let quoted = Regex::new("`([a-z_]+(?:\\.[a-z0-9_]+)*)`").expect("a pattern");
    let mut events = BTreeMap::new();
    for section in text.split("\n### ").skip(1) {
        let (title, body) = section.split_once('\n').expect("a body below the title");
        let (name, levels) = title.split_once(" · ").expect("`name` · LEVEL");
        let (_, fields) = body.split_once("\nFields: ").unwrap_or_else(|| panic!("{name}: Fields"));
        let (fields, to_do) =
            fields.split_once("\nWhat to do: ").unwrap_or_else(|| panic!("{name}: What to do"));
        assert!(to_do.trim().len() > 5, "{name} does not say what to do");
        let event = Event {
            levels: levels.split(", ").map(str::to_owned).collect(),
            fields: quoted.captures_iter(fields).map(|field| field[1].to_owned()).collect(),
        };
        events.insert(name.trim_matches('`').to_owned(), event);
    }
    events
}

#[test]
fn the_catalogue_names_every_event_with_its_level_and_fields() {
    let (logged, catalogued) = (logged(), catalogued());
    let mut problems = Vec::new();
    for (name, event) in &logged {
        match catalogued.get(name) {
            None => {
                problems.push(format!("`{name}` is missing: add its section to deploy/LOGS.md"));
            }
            Some(described) => {
                if described.levels != event.levels {
                    problems.push(format!("`{name}` is logged as {:?}", event.levels));
                }
                let missing: Vec<&String> = event.fields.difference(&described.fields).collect();
                if !missing.is_empty() {
                    problems.push(format!("`{name}` lacks the fields {missing:?}"));
                }
                let gone: Vec<&String> = described.fields.difference(&event.fields).collect();
                if !gone.is_empty() {
                    problems.push(format!("`{name}` is said to have {gone:?}, and has not"));
                }
            }
        }
    }
    for name in catalogued.keys().filter(|name| !logged.contains_key(*name)) {
        problems.push(format!("`{name}` is in deploy/LOGS.md, and nobody logs it"));
    }
    assert!(problems.is_empty(), "deploy/LOGS.md:\n{}", problems.join("\n"));
}

#[test]
fn what_is_logged_about_a_record_tells_which() {
    for (name, event) in logged() {
        let is_about_a_record =
            name.starts_with("klartext.document.") || name == "klartext.output.refused";
        if !is_about_a_record {
            continue;
        }
        for field in [
            "messaging.destination.name",
            "messaging.destination.partition.id",
            "messaging.kafka.offset",
        ] {
            assert!(event.fields.contains(field), "`{name}` does not say `{field}`");
        }
        if event.levels.contains("WARN") || event.levels.contains("ERROR") {
            for field in ["klartext.key_hash", "url.full"] {
                assert!(event.fields.contains(field), "`{name}` does not say `{field}`");
            }
        }
    }
}
