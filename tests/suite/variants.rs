//! The classes of boilerplate in thirteen languages, in other words than the cases have (`tests/pages/variants.json`): lines
//! that must go from an article, wherever they stand, and lines that look like them and must stay.

use klartext::config::Config;
use klartext::model::{Header, Record};
use klartext::pipeline::read;
use klartext::rules::Rules;
use serde_json::Value;

fn variants() -> Value {
    serde_json::from_str(include_str!("../pages/variants.json")).unwrap()
}

fn rules() -> &'static Rules {
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    RULES.get_or_init(|| Rules::compile(&Config::default()).unwrap())
}

/// The paragraphs of a dump's article.
fn clean(lines: &[String]) -> Vec<String> {
    let header = Header {
        name: "content-type".to_owned(),
        value: Some(b"text/plain; charset=utf-8".to_vec()),
    };
    let value = Some(lines.join("\n\n").into_bytes());
    let record = Record { value, headers: vec![header], ..Record::default() };
    let article = read(&record, rules()).unwrap().unwrap().result;
    article.map_or_else(
        |_| Vec::new(),
        |article| article.blocks.into_iter().map(|block| block.text).collect(),
    )
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    }
}

/// The article of a language with lines above, inside or below it.
fn dump(article: &[String], place: &str, lines: &[String]) -> Vec<String> {
    let at = match place {
        "above" => 0,
        "inside" => 1,
        _ => article.len(),
    };
    [&article[..at], lines, &article[at..]].concat()
}

/// The entries of an object.
fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap().iter()
}

#[test]
fn lines_of_every_class_go_in_every_language() {
    let variants = variants();
    let places = entries(&variants["go"]).flat_map(|(class, places)| {
        entries(places).map(move |(place, languages)| (class, place, languages))
    });
    let all = places.flat_map(|(class, place, languages)| {
        entries(languages).map(move |(language, all)| (class, place, language, all))
    });
    let mut failed = Vec::new();
    for (class, place, language, all) in all {
        let article = strings(&variants["articles"][language]);
        for lines in all.as_array().unwrap().iter().map(strings) {
            let cleaned = clean(&dump(&article, place, &lines));
            if cleaned != article {
                failed.push(format!("{class} {language} {place} {lines:?}: {cleaned:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn what_only_looks_like_them_stays() {
    let variants = variants();
    let all = entries(&variants["stay"]).flat_map(|(class, languages)| {
        entries(languages).map(move |(language, all)| (class, language, all))
    });
    let mut failed = Vec::new();
    for (class, language, all) in all {
        let article = strings(&variants["articles"][language]);
        for lines in all.as_array().unwrap().iter().map(strings) {
            let dump = dump(&article, "inside", &lines);
            if clean(&dump) != dump {
                failed.push(format!("{class} {language} {lines:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}:\n{}", failed.len(), failed.join("\n"));
}
