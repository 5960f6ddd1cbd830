//! The last judge: its model fits the program, and each of its verdicts can be told.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{LabelledBlock, Record};
use klartext::pipeline::{read, read_open_blocks, reasons};
use klartext::rules::{Rules, Trees};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

const PAGE: &str = "<!doctype html><title>Fährbetrieb ruht</title><h1>Fährbetrieb ruht</h1>\
    <p>Die Fähre über die Aune fährt bis Donnerstag nicht, weil ein Pfeiler des Anlegers unterspült ist und gesichert wird.</p>\
    <p>Taucher prüfen am Mittwoch.</p>\
    <p>Wer auf die andere Seite will, muss den Umweg über die Brücke in Hohenlind nehmen, sagte der Fährmeister am Morgen.</p>";

fn record() -> Record {
    Record { value: Some(PAGE.into()), ..Record::default() }
}

/// A block, and what decided on it.
type Told = (LabelledBlock, Vec<(&'static str, f32)>);

fn told(record: &Record, rules: &Rules) -> Vec<Told> {
    let blocks = read(record, rules).unwrap().unwrap().document.blocks.into_iter();
    blocks.map(|labelled| (labelled.clone(), reasons(&labelled, rules))).collect()
}

/// The blocks of the page, judged by a model of one question: is the named fact at most so large? Then it is no text.
fn judged_by(fact: &str, limit: f32) -> Vec<Told> {
    let facts = &RULES.judge.facts;
    let number = facts.iter().position(|name| name == fact).unwrap();
    let model = format!("facts {}\nbase 0\n{number}<={limit}@0 =-5 =5\n", facts.join(" "));
    let judge = Trees::parse(&model).unwrap();
    let rules = Rules { judge, ..Rules::compile(&Config::default()).unwrap() };
    told(&record(), &rules)
}

#[test]
fn the_model_asks_for_the_facts_that_the_program_has() {
    let open = read_open_blocks(&record(), &RULES).unwrap();
    let names: Vec<&str> = open[0].facts.iter().map(|(name, _)| *name).collect();
    assert_eq!(RULES.judge.facts, names);
    let values: Vec<f32> = open[0].facts.iter().map(|(_, value)| *value).collect();
    let probability = RULES.judge.probabilities(std::iter::once(&values[..])).next();
    assert!(probability.is_some_and(|p| (0.0..=1.0).contains(&p)));
}

#[test]
fn a_verdict_of_the_judge_names_the_facts_that_decided() {
    let blocks = judged_by("words", 6.0);
    let (cut, others): (Vec<Told>, Vec<Told>) =
        blocks.into_iter().partition(|(labelled, _)| labelled.verdict.rule == "judge.cut");
    assert_eq!(cut.len(), 1);
    assert_eq!(cut[0].0.block.text, "Taucher prüfen am Mittwoch.");
    assert_eq!(cut[0].1, [("words", -5.0)]);
    assert!(others.iter().all(|(_, reasons)| reasons.is_empty()), "{others:?}");
}

#[test]
fn the_judge_leaves_alone_what_the_rules_are_certain_of() {
    let blocks = judged_by("words", 0.0);
    let (headline, _) =
        blocks.iter().find(|(labelled, _)| labelled.block.text == "Fährbetrieb ruht").unwrap();
    assert!(!headline.verdict.label.is_text(), "{:?}", headline.verdict);
}

/// A dump of a whole page: a menu, an article, a footer.
fn dump(n_menu_lines: usize) -> Record {
    dump_with(n_menu_lines, &[])
}

/// The same with some more lines inside the article.
fn dump_with(n_menu_lines: usize, inside: &[&str]) -> Record {
    let menu = [
        "Startseite",
        "Politik",
        "Anmelden",
        "Suche",
        "Impressum",
        "Datenschutz",
        "Newsletter",
        "AGB",
    ];
    let mut lines: Vec<&str> = menu.iter().copied().cycle().take(n_menu_lines).collect();
    lines.extend([
        "Die Fähre über die Aune fährt bis Donnerstag nicht, weil ein Pfeiler unterspült ist. Taucher prüfen ihn.",
        "Wer auf die andere Seite will, muss den Umweg über die Brücke nehmen. Das dauert eine halbe Stunde.",
        "Taucher prüfen am Mittwoch.",
    ]);
    lines.extend(inside);
    lines.extend([
        "Der Fährmeister rechnet mit vielen Beschwerden. Im vergangenen Jahr war die Fähre zweimal ausgefallen.",
        "Teilen",
        "Kontakt",
    ]);
    Record { value: Some(lines.join("\n\n").into()), ..Record::default() }
}

/// The lines of a dump that a model of one question cuts: those of so few words.
fn lines_cut(dump: &Record, max_words: f32) -> Vec<Told> {
    let facts = &RULES.line_judge.facts;
    let number = facts.iter().position(|name| name == "words").unwrap();
    let model = format!("facts {}\nbase 0\n{number}<={max_words}@0 =-5 =5\n", facts.join(" "));
    let line_judge = Trees::parse(&model).unwrap();
    let rules = Rules { line_judge, ..Rules::compile(&Config::default()).unwrap() };
    let lines = told(dump, &rules).into_iter();
    lines.filter(|(labelled, _)| labelled.verdict.rule == "judge.line_cut").collect()
}

#[test]
fn the_model_for_lines_asks_for_the_facts_that_the_program_has() {
    let open = read_open_blocks(&dump(40), &RULES).unwrap();
    let names: Vec<&str> = open[0].facts.iter().map(|(name, _)| *name).collect();
    assert_eq!(RULES.line_judge.facts, names);
}

#[test]
fn a_verdict_on_a_line_names_the_facts_that_decided() {
    let cut = lines_cut(&dump(40), 6.0);
    let texts: Vec<&str> = cut.iter().map(|(labelled, _)| labelled.block.text.as_str()).collect();
    assert_eq!(texts, ["Taucher prüfen am Mittwoch."]);
    assert_eq!(cut[0].1, [("words", -5.0)]);
}

#[test]
fn what_stands_in_the_place_of_an_embed_goes_from_a_list_too() {
    let list = [
        "Die Fähre hält künftig nur noch an zwei Orten:",
        "Norderaue",
        "Empfohlener redaktioneller Inhalt",
        "Süderaue",
    ];
    let cut = lines_cut(&dump_with(40, &list), -1.0);
    let texts: Vec<&str> = cut.iter().map(|(labelled, _)| labelled.block.text.as_str()).collect();
    assert_eq!(texts, ["Empfohlener redaktioneller Inhalt"]);
}

#[test]
fn short_dumps_are_left_to_the_rules_and_no_page_is_emptied() {
    assert!(lines_cut(&dump(8), 6.0).is_empty(), "a dump of 14 lines");
    assert!(lines_cut(&dump(40), 500.0).is_empty(), "nothing would be left");
}

#[test]
fn a_broken_model_says_in_which_line() {
    assert_eq!(Trees::parse("facts a b\nbase x").unwrap_err(), "line 2: no number");
    assert_eq!(Trees::parse("facts a\n7<=1@0 =1 =2").unwrap_err(), "line 2: `7<=1@0` is no node");
    assert_eq!(Trees::parse("facts a\n0<=1@0 =1").unwrap_err(), "line 2: a node is missing");
    assert_eq!(Trees::parse("facts a\n=1 =2").unwrap_err(), "line 2: more nodes than the tree has");
}
