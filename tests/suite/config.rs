//! The configuration: the documented file is the defaults, and a broken one says how to mend it.

use klartext::config::schema::{self, Kind};
use klartext::config::{Config, ConfigError, Layers, YamlLayer};
use miette::GraphicalReportHandler;
use proptest::prelude::*;

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
        let (before, _) = DOCUMENTED
            .split_once(&line)
            .unwrap_or_else(|| panic!("`{}` is missing", key.path.join(".")));
        let above = before.lines().last().unwrap_or_default();
        // `security`, `tls` and `sasl` are said by what they hold.
        let needs_comment = !matches!(key.kind, Kind::Section(_)) || key.path.len() == 1;
        assert!(
            above.trim_start().starts_with('#') || !needs_comment,
            "`{}` has no comment above it",
            key.path.join(".")
        );
    }
}

#[test]
fn later_layers_win_and_mappings_are_merged() {
    let first = "input: {topics: [a], group_id: one}\noutput: {topic: x}\nkafka: {options: {a.b: 1, c.d: yes}}\n";
    let second = "input: {topics: [b, c]}\nkafka: {options: {c.d: no}}\n";
    let layers = Layers {
        yaml: [first, second]
            .map(|text| YamlLayer::Text { name: "my.yaml".to_owned(), text: text.to_owned() })
            .to_vec(),
        environment: [
            ("KLARTEXT__INPUT__GROUP_ID".to_owned(), "two".to_owned()),
            ("KLARTEXT__OUTPUT__TOPIC".to_owned(), "y".to_owned()),
        ]
        .into(),
        set: vec!["output.topic=z".to_owned(), "kafka.options.e.f=3".to_owned()],
    };
    let config = Config::load(&layers).expect("it is right");
    assert_eq!(config.input.topics, ["b", "c"], "lists are replaced");
    assert_eq!(config.input.group_id, "two");
    assert_eq!(config.output.topic, "z");
    let options: Vec<(&str, &str)> =
        config.kafka.options.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        options,
        [("a.b", "1"), ("c.d", "no"), ("e.f", "3")],
        "text stays as it was written"
    );
}

#[test]
fn variables_are_replaced_in_values_after_parsing() {
    let yaml = r#"
kafka: {brokers: ["${HOST:-localhost}:9092"], client_id: "${NAME}", options: {a.b: "$${NAME} costs 5 $"}}
workers: {threads: ${THREADS}}
input: {topics: ["^pages\\.(a|b)$"]}
"#
    .replace("{threads: ${THREADS}}", "\n  threads: ${THREADS}");
    // A value can neither add a key nor a line, whatever it is.
    let environment = [("NAME", "x\noutput: {topic: evil}"), ("THREADS", "3")];
    let config = load(&yaml, &environment, &[]).expect("it is right");
    assert_eq!(config.kafka.brokers, ["localhost:9092"]);
    assert_eq!(config.kafka.client_id, "x\noutput: {topic: evil}");
    assert_eq!(config.kafka.options["a.b"], "${NAME} costs 5 $");
    assert_eq!(config.workers.threads, 3);
    assert_eq!(config.output, Config::default().output);
}

#[test]
fn the_environment_itself_is_not_searched_for_variables() {
    let environment = [("KLARTEXT__KAFKA__CLIENT_ID", "a${B}")];
    let config = load("", &environment, &["input.group_id=${C}"]).expect("it is right");
    assert_eq!(config.kafka.client_id, "a${B}");
    assert_eq!(config.input.group_id, "${C}");
}

#[test]
fn secrets_come_from_text_variables_and_files() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("password.txt");
    std::fs::write(&file, "from the file\n").expect("it can be written");
    let yaml = format!(
        "kafka:\n  security:\n    protocol: sasl_ssl\n    tls: {{key_password: 12_34}}\n    sasl:\n      mechanism: PLAIN\n      username: {{from_env: KAFKA_USER}}\n      password: {{from_file: {}}}\n",
        file.display()
    );
    let config = load(&yaml, &[("KAFKA_USER", "from the environment")], &[]).expect("it is right");
    let security = &config.kafka.security;
    let exposed =
        |secret: &Option<klartext::config::Secret>| secret.as_ref().map(|s| s.expose().to_owned());
    assert_eq!(exposed(&security.sasl.username).as_deref(), Some("from the environment"));
    assert_eq!(
        exposed(&security.sasl.password).as_deref(),
        Some("from the file"),
        "without its line end"
    );
    assert_eq!(exposed(&security.tls.key_password).as_deref(), Some("12_34"));
    assert!(!format!("{config:?}").contains("from the"), "and are never shown");
    let over = load(
        &yaml,
        &[("KAFKA_USER", "x"), ("KLARTEXT__KAFKA__SECURITY__SASL__PASSWORD", "p#: $x")],
        &[],
    );
    let over = over.expect("it is right").kafka.security.sasl.password;
    assert_eq!(
        exposed(&over).as_deref(),
        Some("p#: $x"),
        "a password in the environment needs no quotes"
    );
}

#[test]
fn an_empty_section_and_null_have_the_defaults() {
    let config = load("input:\n  # topics: [a]\nrejected: {topic: null}\nkafka: ~\n", &[], &[]);
    assert_eq!(config.expect("it is right"), Config::default());
    let over = load("rejected: {topic: r}", &[("KLARTEXT__REJECTED__TOPIC", "")], &[])
        .expect("it is right");
    assert_eq!(over.rejected.topic, None, "an upper layer can take a value away");
}

#[test]
fn durations_and_sizes_are_read_with_their_units() {
    let yaml = "commit: {interval: 1m 30s, transaction_timeout: 15m}\nshutdown: {drain_timeout: 1500ms}\nlimits: {document_bytes: 2MB, decompressed_bytes: 3 MiB}\n";
    let config = load(yaml, &[], &[]).expect("it is right");
    assert_eq!(config.commit.interval.as_millis(), 90_000);
    assert_eq!(config.shutdown.drain_timeout.as_millis(), 1_500);
    assert_eq!(config.limits.document_bytes.as_u64(), 2_000_000);
    assert_eq!(config.limits.decompressed_bytes.as_u64(), 3 * 1024 * 1024);
}

#[test]
fn a_fingerprint_tells_what_is_written_and_not_who_writes_it() {
    let base = Config::default().fingerprint();
    assert_eq!(base.len(), 12);
    assert!(base.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let with = |set: &str| load("", &[], &[set]).expect("it is right").fingerprint();
    assert_eq!(with("input.instance_id=pod-7"), base);
    assert_eq!(with("log.level=debug"), base);
    assert_ne!(with("output.topic=other"), base);
    assert_ne!(with("limits.dom_depth=100"), base);
    let secret = |password: &str| {
        let set = [
            "kafka.security.protocol=sasl_ssl",
            "kafka.security.sasl.mechanism=PLAIN",
            "kafka.security.sasl.username=u",
        ];
        let password = format!("kafka.security.sasl.password={password}");
        load("", &[], &[set[0], set[1], set[2], &password]).expect("it is right").fingerprint()
    };
    assert_eq!(secret("a"), secret("b"));
}

#[test]
fn nesting_and_hosts_of_mistakes_are_bounded() {
    for opening in ["[", "{a: ", "a:\n- ", "- "] {
        assert!(load(&opening.repeat(50_000), &[], &[]).is_err());
    }
    let deep: String = (0..500).map(|depth| " ".repeat(depth) + "a:\n").collect();
    assert!(load(&deep, &[], &[]).is_err());
    assert!(load("a: &a [*a]", &[], &[]).is_err());
    let keys: String = (0..20_000).map(|number| number.to_string() + "x: 1\n").collect();
    let error = load(&keys, &[], &[]).expect_err("no key is known");
    assert!(error.problems.len() <= 50);
}

proptest! {
    #[test]
    fn any_text_is_a_configuration_or_refused(text in "[a-z:\\[\\]{}&*!|>'\"%@`#,? \n\t\u{e4}$-]{0,80}") {
        // Whatever it says, this returns, and its problems can be drawn.
        if let Err(error) = load(&text, &[], &[]) {
            let mut drawn = String::new();
            GraphicalReportHandler::new().render_report(&mut drawn, &error).expect("a string takes everything");
        }
    }

    #[test]
    fn any_value_of_a_variable_is_only_a_value(value in ".*") {
        let config = load("kafka: {client_id: \"x${NAME}\"}", &[("NAME", &value)], &[]).expect("it is right");
        prop_assert_eq!(config.kafka.client_id, format!("x{value}"));
    }
}

#[test]
fn the_effective_configuration_says_where_each_value_was_written() {
    let yaml = "input:\n  topics: [a, b]\n  group_id: one\nkafka:\n  options: {sasl.oauthbearer.client.secret: s3cret, a.b: 1}\n  security:\n    protocol: sasl_ssl\n    sasl: {mechanism: PLAIN, username: me, password: s3cret}\n";
    let layers = Layers {
        yaml: vec![YamlLayer::Text { name: "my.yaml".to_owned(), text: yaml.to_owned() }],
        environment: [("KLARTEXT__INPUT__GROUP_ID".to_owned(), "two".to_owned())].into(),
        set: vec!["log.level=debug".to_owned()],
    };
    let (config, origins) = Config::load_with_origins(&layers).expect("it is right");
    let text = config.to_yaml(Some(&origins));
    let line = |key: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{key}: ")));
        let line = line.unwrap_or_else(|| panic!("no {key} in\n{text}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("topics"), "topics: [a, b] # my.yaml:2");
    assert_eq!(line("group_id"), "group_id: two # environment variable KLARTEXT__INPUT__GROUP_ID");
    assert_eq!(line("level"), "level: debug # --set log.level");
    assert_eq!(line("interval"), "interval: 200ms # default");
    assert_eq!(line("in_flight_bytes"), "in_flight_bytes: 128MiB # default");
    assert_eq!(line("password"), "password: \"***\" # my.yaml:8");
    assert_eq!(line("a.b"), "a.b: \"1\" # my.yaml:5");
    assert!(!text.contains("s3cret"), "secrets are masked:\n{text}");
}

#[test]
fn the_effective_configuration_is_a_configuration() {
    let set = ["limits.document_bytes=1234567", "shutdown.drain_timeout=90s", "kafka.client_id=no"];
    let config = load("input: {topics: [\"^pages\\\\.x\"]}", &[], &set).expect("it is right");
    let text = config.to_yaml(None);
    assert_eq!(load(&text, &[], &[]).unwrap_or_else(|error| panic!("{error:?}\n{text}")), config);
    for key in schema::keys().iter().filter(|key| !matches!(key.kind, Kind::Section(_))) {
        let name = key.path.last().expect("not the root");
        assert!(text.contains(&format!("{name}: ")), "`{name}` is missing in\n{text}");
    }
}
