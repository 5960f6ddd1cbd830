//! The last judge: its model fits the program, and each of its verdicts can be told.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{LabelledBlock, Record};
use klartext::pipeline::{read, read_open_blocks};
use klartext::rules::{Rules, Trees};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

const PAGE: &str = "<!doctype html><title>Fährbetrieb ruht</title><h1>Fährbetrieb ruht</h1>\
    <p>Die Fähre über die Aune fährt bis Donnerstag nicht, weil ein Pfeiler des Anlegers unterspült ist und gesichert wird.</p>\
    <p>Taucher prüfen am Mittwoch.</p>\
    <p>Wer auf die andere Seite will, muss den Umweg über die Brücke in Hohenlind nehmen, sagte der Fährmeister am Morgen.</p>";

fn record() -> Record {
    Record { value: Some(PAGE.into()), ..Record::default() }
}

/// The blocks of the page, judged by a model of one question: is the named fact at most so large? Then it is no text.
fn judged_by(fact: &str, limit: f32) -> Vec<LabelledBlock> {
    let facts = &RULES.judge.facts;
    let number = facts.iter().position(|name| name == fact).unwrap();
    let model = format!("facts {}\nbase 0\n{number}<={limit}@0 =-5 =5\n", facts.join(" "));
    let judge = Trees::parse(&model).unwrap();
    let rules = Rules { judge, ..Rules::compile(&Config::default()).unwrap() };
    read(&record(), &rules).unwrap().unwrap().document.blocks
}

#[test]
fn the_model_asks_for_the_facts_that_the_program_has() {
    let open = read_open_blocks(&record(), &RULES).unwrap();
    let names: Vec<&str> = open[0].facts.iter().map(|(name, _)| *name).collect();
    assert_eq!(RULES.judge.facts, names);
    let values = open[0].facts.map(|(_, value)| value);
    assert!(RULES.judge.probability(&values).is_some_and(|p| (0.0..=1.0).contains(&p)));
}

#[test]
fn a_verdict_of_the_judge_names_the_facts_that_decided() {
    let blocks = judged_by("words", 6.0);
    let cut: Vec<&LabelledBlock> =
        blocks.iter().filter(|labelled| labelled.verdict.rule == "judge.cut").collect();
    assert_eq!(cut.len(), 1);
    assert_eq!(cut[0].block.text, "Taucher prüfen am Mittwoch.");
    assert_eq!(cut[0].decided_by, [("words", -5.0)]);
}

#[test]
fn the_judge_leaves_alone_what_the_rules_are_certain_of() {
    let blocks = judged_by("words", 0.0);
    let headline =
        blocks.iter().find(|labelled| labelled.block.text == "Fährbetrieb ruht").unwrap();
    assert!(!headline.verdict.label.is_text(), "{:?}", headline.verdict);
}

#[test]
fn a_broken_model_says_in_which_line() {
    assert_eq!(Trees::parse("facts a b\nbase x").unwrap_err(), "line 2: no number");
    assert_eq!(Trees::parse("facts a\n7<=1@0 =1 =2").unwrap_err(), "line 2: `7<=1@0` is no node");
    assert_eq!(Trees::parse("facts a\n0<=1@0 =1").unwrap_err(), "line 2: a node is missing");
    assert_eq!(Trees::parse("facts a\n=1 =2").unwrap_err(), "line 2: more nodes than the tree has");
}
