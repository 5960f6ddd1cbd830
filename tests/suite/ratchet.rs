//! The ratchet: our own pages in `tests/pages/golden`, each with its right answer. What is found of each page today stands in
//! `floors.tsv`; a figure that falls fails the test and names the page, and `cargo bless` writes down figures that rose, never
//! ones that fell.
//!
//! The pages are in the format of `klartext eval`: `klartext eval --pages tests/pages/golden/pages.jsonl --worst 5`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use klartext::config::Config;
use klartext::model::{Header, Record};
use klartext::pipeline::{Outcome, clean};
use klartext::rules::Rules;
use serde_json::Value;

/// What is measured of a page, in thousandths.
const FIGURES: [&str; 6] = ["F4", "title", "authors", "date", "lang", "rejected"];

/// Least mean of each figure over all pages, in thousandths: new pages may be hard, but not all of them.
const MEANS: [u32; 6] = [985, 980, 970, 970, 990, 1000];

/// Words in a shingle, as everywhere where bodies are compared.
const SHINGLE: usize = 4;

type Figures = [Option<u32>; 6];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/golden")
}

#[test]
fn no_page_of_ours_comes_out_worse_than_before() {
    let rules = Rules::compile(&Config::default()).unwrap();
    let floors = read_floors();
    let mut complaints = String::new();
    let mut has_risen = false;
    let mut new_floors = String::from("page");
    for figure in FIGURES {
        write!(new_floors, "\t{figure}").unwrap();
    }
    new_floors.push('\n');
    let mut all: Vec<Figures> = Vec::new();
    for page in pages() {
        let id = page["id"].as_str().unwrap().to_owned();
        let found = clean_page(&page, &rules);
        let figures = figures_of(&page["gold"], &found);
        let floor = floors.get(&id).copied().unwrap_or_default();
        for ((name, figure), floor) in FIGURES.iter().zip(figures).zip(floor) {
            if figure < floor {
                let (figure, floor) = (figure.unwrap_or(0), floor.unwrap_or(0));
                writeln!(complaints, "{id}: {name} fell from {floor} to {figure} thousandths")
                    .unwrap();
                complaints.push_str(&differences(&page["gold"], &found));
            }
            has_risen |= figure > floor;
        }
        let kept: Vec<String> =
            figures.iter().zip(floor).map(|(new, old)| shown((*new).max(old))).collect();
        writeln!(new_floors, "{id}\t{}", kept.join("\t")).unwrap();
        all.push(figures);
    }
    for (idx, (name, least)) in FIGURES.iter().zip(MEANS).enumerate() {
        let known: Vec<u32> = all.iter().filter_map(|figures| figures[idx]).collect();
        let mean = known.iter().sum::<u32>() / u32::try_from(known.len()).unwrap().max(1);
        println!("{name}: {mean} thousandths over {} pages", known.len());
        if mean < least {
            writeln!(complaints, "all pages: the mean of {name} is {mean}, below {least}").unwrap();
        }
    }
    assert!(complaints.is_empty(), "\n{complaints}");
    if has_risen && std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(folder().join("floors.tsv"), new_floors).unwrap();
    } else {
        assert!(
            !has_risen,
            "figures rose: `cargo bless` writes them down, so that they cannot fall again"
        );
    }
}

#[test]
fn there_is_a_page_for_each_language_and_each_has_a_floor() {
    let floors = read_floors();
    let pages = pages();
    assert!(pages.len() >= 36);
    for lang in ["de", "en", "fr", "es", "it", "nl", "pl", "tr"] {
        assert!(pages.iter().any(|page| page["lang"] == lang), "no page in {lang}");
    }
    let ids: Vec<&str> = pages.iter().map(|page| page["id"].as_str().unwrap()).collect();
    let known: Vec<&str> = floors.keys().map(String::as_str).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, known, "left: pages.jsonl; right: floors.tsv");
}

fn pages() -> Vec<Value> {
    let lines = fs::read_to_string(folder().join("pages.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read_floors() -> BTreeMap<String, Figures> {
    let text = fs::read_to_string(folder().join("floors.tsv")).unwrap_or_default();
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = line.split('\t');
        let id = cells.next().unwrap().to_owned();
        (id, std::array::from_fn(|_| cells.next().and_then(|cell| cell.parse().ok())))
    });
    rows.collect()
}

fn shown(figure: Option<u32>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string())
}

/// The output message; `{"rejected": reason}` where there is none.
fn clean_page(page: &Value, rules: &Rules) -> Value {
    let html = fs::read(folder().join(page["html"].as_str().unwrap())).unwrap();
    let header =
        |name: &str, value: &str| Header { name: name.to_owned(), value: Some(value.into()) };
    let headers =
        vec![header("url", page["url"].as_str().unwrap()), header("content-type", "text/html")];
    match clean(&Record { value: Some(html), headers, ..Record::default() }, rules) {
        Outcome::Published(published) => serde_json::from_slice(&published.value).unwrap(),
        Outcome::Rejected(rejected) => serde_json::json!({"rejected": rejected.reason.as_str()}),
        other => panic!("{}: {other:?}", page["id"]),
    }
}

fn figures_of(gold: &Value, found: &Value) -> Figures {
    let hit = |is_right: bool| if is_right { 1000 } else { 0 };
    if let Some(reason) = gold.get("rejected") {
        return [None, None, None, None, None, Some(hit(found.get("rejected") == Some(reason)))];
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let field = |key: &str, is_right: &dyn Fn(&Value) -> bool| {
        gold.get(key).map(|gold| hit(is_right(gold)))
    };
    let names: Vec<&Value> =
        found["authors"].as_array().into_iter().flatten().map(|a| &a["name"]).collect();
    [
        Some(f1(&text(&gold["text"]), &text(&found["text"]))),
        field("title", &|gold| *gold == found["title"]),
        field("authors", &|gold| gold.as_array().unwrap().iter().eq(names.iter().copied())),
        field("date", &|gold| text(&found["published"]["value"]).get(..10) == gold.as_str()),
        field("lang", &|gold| text(&found["language"]).get(..2) == gold.as_str()),
        None,
    ]
}

/// F1 of the multisets of shingles, in thousandths, rounded down.
fn f1(gold: &str, found: &str) -> u32 {
    let (gold, found) = (shingles(gold), shingles(found));
    let n = |bag: &HashMap<Vec<String>, u32>| bag.values().sum::<u32>();
    let shared: u32 =
        gold.iter().map(|(shingle, n)| (*n).min(found.get(shingle).copied().unwrap_or(0))).sum();
    (2000 * shared).checked_div(n(&gold) + n(&found)).unwrap_or(0)
}

fn shingles(text: &str) -> HashMap<Vec<String>, u32> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut bag = HashMap::new();
    for shingle in words.windows(SHINGLE.min(words.len().max(1))) {
        *bag.entry(shingle.to_vec()).or_default() += 1;
    }
    bag
}

/// What of the text is missing or too much, and fields that differ.
fn differences(gold: &Value, found: &Value) -> String {
    let mut said = String::new();
    if let Some(reason) = found.get("rejected") {
        writeln!(said, "    rejected: {reason}").unwrap();
    }
    let paragraphs = |value: &Value| -> Vec<String> {
        value["text"].as_str().unwrap_or_default().split("\n\n").map(str::to_owned).collect()
    };
    let (wanted, got) = (paragraphs(gold), paragraphs(found));
    for missing in wanted.iter().filter(|text| !got.contains(text)) {
        writeln!(said, "    missing:  {missing}").unwrap();
    }
    for surplus in got.iter().filter(|text| !wanted.contains(text)) {
        writeln!(said, "    too much: {surplus}").unwrap();
    }
    writeln!(
        said,
        "    title {} · authors {} · published {} · language {}",
        found["title"], found["authors"], found["published"]["value"], found["language"]
    )
    .unwrap();
    said
}
