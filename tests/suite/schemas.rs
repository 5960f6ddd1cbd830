//! The JSON Schemas: what we ship and what we write is what they say.

use std::fs;
use std::path::Path;

use boon::{Compiler, SchemaIndex, Schemas};
use expect_test::expect_file;
use klartext::config::{Config, json_schema};
use klartext::encode;
use klartext::model::{Origin, Record};
use klartext::pipeline::{self, Outcome};
use klartext::rules::Rules;
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

use crate::cases;

/// A schema that is ready to judge.
struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn new(schema: Value) -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.add_resource("klartext.json", schema).expect("a schema is JSON");
        let index = compiler.compile("klartext.json", &mut schemas).expect("the schema is right");
        Self { schemas, index }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }

    fn must_accept(&self, name: &str, value: &Value) {
        if let Err(error) = self.schemas.validate(value, self.index) {
            panic!("{name} is not what the schema says:\n{error:#}\n{value:#}");
        }
    }
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A YAML file as an editor sees it.
fn yaml(text: &str) -> Value {
    let documents = Yaml::load_from_str(text).expect("YAML");
    json_of(&documents[0])
}

fn json_of(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(truth)) => json!(truth),
        Yaml::Value(Scalar::Integer(number)) => json!(number),
        Yaml::Value(Scalar::FloatingPoint(number)) => json!(number.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(items) => items.iter().map(json_of).collect(),
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
                (key.as_str().expect("keys are text").to_owned(), json_of(value))
            };
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        other => panic!("unexpected in a configuration: {other:?}"),
    }
}

#[test]
fn the_schema_beside_the_configuration_is_the_one_of_the_types() {
    let printed = format!("{:#}\n", json_schema::of_the_configuration());
    expect_file!["../../config/klartext.schema.json"].assert_eq(&printed);
}

#[test]
fn every_configuration_we_ship_is_what_the_schema_says() {
    let judge = Judge::new(json_schema::of_the_configuration());
    let text = fs::read_to_string(folder("config/klartext.yaml")).expect("it is readable");
    judge.must_accept("config/klartext.yaml", &yaml(&text));
    let manifest =
        fs::read_to_string(folder("deploy/kubernetes/klartext.yaml")).expect("it is readable");
    let (_, config) = manifest.split_once("klartext.yaml: |\n").expect("the ConfigMap is there");
    let config: Vec<&str> = config.lines().map_while(|line| line.strip_prefix("    ")).collect();
    judge.must_accept("deploy/kubernetes/klartext.yaml", &yaml(&config.join("\n")));
}

#[test]
fn the_editor_is_told_where_the_schema_is() {
    let text = fs::read_to_string(folder("config/klartext.yaml")).expect("it is readable");
    let first = text.lines().next().expect("a line");
    let schema = first.strip_prefix("# yaml-language-server: $schema=").expect("the hint");
    assert!(folder("config").join(schema).is_file(), "{schema}");
}

#[test]
fn the_schema_takes_what_the_loader_takes_and_no_more() {
    let judge = Judge::new(json_schema::of_the_configuration());
    for right in [
        "kafka: ~",
        "workers: {threads: \"${THREADS}\", in_flight_bytes: 1.5 GiB}",
        "delivery: ${DELIVERY:-exactly_once}",
        "commit: {interval: 1m 30s}",
        "kafka: {options: {a.b: 1, c.d: true}}",
        "kafka: {security: {sasl: {password: {from_env: X}}, tls: {key_password: text}}}",
        "rejected: {topic: null}",
    ] {
        judge.must_accept(right, &yaml(right));
    }
    for wrong in [
        "kafka: {broker: [a]}",
        "kafka: {brokers: a}",
        "delivery: at_most_once",
        "workers: {threads: many}",
        "commit: {interval: 200}",
        "commit: {interval: 5 minutes}",
        "limits: {document_bytes: 10 megs}",
        "kafka: {security: {sasl: {password: {from_vault: X}}}}",
        "input: {json: {pass_through: maybe}}",
    ] {
        assert!(!judge.accepts(&yaml(wrong)), "the schema takes `{wrong}`");
    }
}

#[test]
fn defaults_are_in_the_schema() {
    let schema = json_schema::of_the_configuration();
    let pointer = |path: &str| schema.pointer(path).unwrap_or_else(|| panic!("no {path}")).clone();
    assert_eq!(pointer("/$defs/Commit/properties/interval/default"), "200ms");
    assert_eq!(pointer("/$defs/Limits/properties/document_bytes/default"), "10MiB");
    assert_eq!(pointer("/$defs/Input/properties/topics/default"), json!(["pages.raw"]));
}

/// Everything that the cleaner makes of our own pages.
#[test]
fn every_article_we_write_is_what_the_schema_says() {
    let article = Judge::new(encode::article_schema());
    let rejected = Judge::new(encode::rejection_schema());
    let rules = Rules::compile(&Config::default()).expect("the defaults are right");
    let mut n_articles = 0;
    for (name, record) in records() {
        match pipeline::clean(&record, &rules) {
            Outcome::Published(page) => {
                n_articles += 1;
                let value = serde_json::from_slice(&page.value).expect("JSON");
                article.must_accept(&name, &value);
                let mut more = value.clone();
                more["invented"] = json!(1);
                assert!(article.accepts(&more), "readers must bear fields that come later");
                let mut less = value;
                less.as_object_mut().expect("an object").remove("text");
                assert!(!article.accepts(&less), "but a missing one is a mistake");
            }
            Outcome::Rejected(page) => {
                rejected.must_accept(&name, &serde_json::from_slice(&page.value).expect("JSON"));
            }
            Outcome::Tombstone | Outcome::DeadLettered(_) => {}
        }
    }
    assert!(n_articles >= 20, "only {n_articles} articles");
}

/// The pages of the cases and of the demo.
fn records() -> Vec<(String, Record)> {
    let of_case = |case: &Value| {
        (case["id"].as_str().expect("a case has a name").to_owned(), cases::record(case))
    };
    let mut records: Vec<(String, Record)> = cases::cases().iter().map(of_case).collect();
    for entry in fs::read_dir(folder("config/demo")).expect("a folder").flatten() {
        let value = Some(fs::read(entry.path()).expect("it is readable"));
        let record = Record { value, ..Record::default() };
        records.push((entry.path().display().to_string(), record));
    }
    for (_, record) in &mut records {
        record.origin = Some(Origin { topic: "pages.raw".to_owned(), partition: 1, offset: 7 });
    }
    records
}
