//! Broken configurations, and what is said about each: enough to mend it without the manual.
//! `UPDATE_EXPECT=1 cargo test` writes the messages anew; read the difference.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};
use klartext::config::{Config, ConfigError, Layers, YamlLayer};
use miette::{GraphicalReportHandler, GraphicalTheme};

fn rendered(error: &ConfigError) -> String {
    rendered_within(100, error)
}

fn rendered_within(width: usize, error: &ConfigError) -> String {
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(width);
    let mut text = String::new();
    handler.render_report(&mut text, error).expect("a string takes everything");
    // Blanks at the end of lines would not survive an editor.
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[expect(clippy::needless_pass_by_value, reason = "expect! makes a value")]
fn check(yaml: &str, expected: Expect) {
    check_layers(&layers(yaml, &[], &[]), &expected);
}

fn check_layers(layers: &Layers, expected: &Expect) {
    let error = Config::load(layers).expect_err("it is broken");
    expected.assert_eq(&rendered(&error));
}

fn layers(yaml: &str, environment: &[(&str, &str)], set: &[&str]) -> Layers {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Layers {
        yaml: vec![YamlLayer::Text { name: "my.yaml".to_owned(), text: yaml.to_owned() }],
        environment: environment.iter().map(pair).collect(),
        set: set.iter().map(|set| (*set).to_owned()).collect(),
    }
}

#[test]
fn a_misspelt_key() {
    check(
        r#"kafka:
  broker: ["kafka-1:9092"]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.broker`: unknown key
               ╭─[my.yaml:2:3]
             2 │   broker: ["kafka-1:9092"]
               ·   ──────
               ╰────
              help: did you mean `brokers`?
        "#]],
    );
}

#[test]
fn a_key_at_the_wrong_level() {
    check(
        r#"topic: articles
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `topic`: unknown key
               ╭─[my.yaml:1:1]
             1 │ topic: articles
               · ─────
               ╰────
              help: did you mean `output.topic`, `rejected.topic` or `dead_letter.topic`?
        "#]],
    );
}

#[test]
fn a_key_in_another_spelling() {
    check(
        r#"input:
  groupId: klartext
  auto.offset.reset: latest
"#,
        expect![[r#"
              × the configuration has 2 problems

            Error:
              × `input.groupId`: unknown key
               ╭─[my.yaml:2:3]
             2 │   groupId: klartext
               ·   ───────
               ╰────
              help: did you mean `group_id`?

            Error:
              × `input."auto.offset.reset"`: unknown key
               ╭─[my.yaml:3:3]
             3 │   auto.offset.reset: latest
               ·   ─────────────────
               ╰────
              help: did you mean `input.start`?
        "#]],
    );
}

#[test]
fn a_key_under_kafkas_own_name() {
    check(
        r#"bootstrap.servers: kafka-1:9092
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `"bootstrap.servers"`: unknown key
               ╭─[my.yaml:1:1]
             1 │ bootstrap.servers: kafka-1:9092
               · ─────────────────
               ╰────
              help: did you mean `kafka.brokers`?
        "#]],
    );
}

#[test]
fn a_key_that_resembles_nothing() {
    check(
        r#"output:
  frobnicate: 3
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.frobnicate`: unknown key
               ╭─[my.yaml:2:3]
             2 │   frobnicate: 3
               ·   ──────────
               ╰────
              help: the keys in `output` are `topic`, `key`, `max_bytes`, `compression`
        "#]],
    );
}

#[test]
fn a_word_where_a_list_belongs() {
    check(
        r#"input:
  topics: pages.raw
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.topics`: expected a list, found `pages.raw`
               ╭─[my.yaml:2:11]
             2 │   topics: pages.raw
               ·           ─────────
               ╰────
              help: write it in brackets: `[pages.raw]`
        "#]],
    );
}

#[test]
fn a_list_where_keys_belong() {
    check(
        r#"log: [json, info]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `log`: expected keys with values, found a list
               ╭─[my.yaml:1:1]
             1 │ log: [json, info]
               · ───
               ╰────
              help: write the keys below it, indented by two blanks
        "#]],
    );
}

#[test]
fn a_mapping_where_text_belongs() {
    check(
        r#"output:
  topic: {name: articles}
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.topic`: expected text, found a mapping
               ╭─[my.yaml:2:3]
             2 │   topic: {name: articles}
               ·   ─────
               ╰────
        "#]],
    );
}

#[test]
fn a_key_without_a_value() {
    check(
        r#"output:
  topic:
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.topic`: expected text, found nothing
               ╭─[my.yaml:2:3]
             2 │   topic:
               ·   ─────
               ╰────
              help: give it a value, or delete the line to have the default
        "#]],
    );
}

#[test]
fn a_duration_without_a_unit() {
    check(
        r#"commit:
  interval: 200
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `commit.interval`: `200` is not a duration
               ╭─[my.yaml:2:13]
             2 │   interval: 200
               ·             ───
               ╰────
              help: write its unit: `200ms`, `200s`, `200m`
        "#]],
    );
}

#[test]
fn a_duration_in_words() {
    check(
        r#"shutdown:
  drain_timeout: 25 seconds
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `shutdown.drain_timeout`: `25 seconds` is not a duration
               ╭─[my.yaml:2:18]
             2 │   drain_timeout: 25 seconds
               ·                  ──────────
               ╰────
              help: did you mean `25s`?
        "#]],
    );
}

#[test]
fn a_duration_that_is_none() {
    check(
        r#"shutdown:
  drain_timeout: soon
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `shutdown.drain_timeout`: `soon` is not a duration
               ╭─[my.yaml:2:18]
             2 │   drain_timeout: soon
               ·                  ────
               ╰────
              help: write a number with its unit: `200ms`, `5s`, `2m`, `1h`
        "#]],
    );
}

#[test]
fn a_size_with_a_wrong_unit() {
    check(
        r#"limits:
  document_bytes: 10 megs
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `limits.document_bytes`: `10 megs` is not a size
               ╭─[my.yaml:2:19]
             2 │   document_bytes: 10 megs
               ·                   ───────
               ╰────
              help: write a number with its unit: `512KiB`, `8MiB`, `1GiB` (1024s) or `8MB` (1000s)
        "#]],
    );
}

#[test]
fn a_size_of_zero() {
    check(
        r#"output:
  max_bytes: 0
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.max_bytes`: must be larger than 0
               ╭─[my.yaml:2:14]
             2 │   max_bytes: 0
               ·              ─
               ╰────
              help: the default is `1MiB`
        "#]],
    );
}

#[test]
fn a_negative_number() {
    check(
        r#"limits:
  dom_depth: -1
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `limits.dom_depth`: `-1` is out of range
               ╭─[my.yaml:2:14]
             2 │   dom_depth: -1
               ·              ──
               ╰────
              help: the least is 0
        "#]],
    );
}

#[test]
fn a_number_in_quotes() {
    check(
        r#"workers:
  threads: "4"
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `workers.threads`: expected a number, not text, found `4`
               ╭─[my.yaml:2:12]
             2 │   threads: "4"
               ·            ───
               ╰────
              help: remove the quotes: `4`
        "#]],
    );
}

#[test]
fn a_number_that_is_none() {
    check(
        r#"workers:
  threads: many
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `workers.threads`: expected a whole number, found `many`
               ╭─[my.yaml:2:12]
             2 │   threads: many
               ·            ────
               ╰────
        "#]],
    );
}

#[test]
fn a_truth_value_of_another_language() {
    check(
        r#"input:
  json:
    pass_through: yes
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.json.pass_through`: expected `true` or `false`, found `yes`
               ╭─[my.yaml:3:19]
             3 │     pass_through: yes
               ·                   ───
               ╰────
              help: write `true`
        "#]],
    );
}

#[test]
fn a_misspelt_word() {
    check(
        r#"delivery: exactly-once
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `delivery`: `exactly-once` is not a possible value
               ╭─[my.yaml:1:11]
             1 │ delivery: exactly-once
               ·           ────────────
               ╰────
              help: did you mean `exactly_once`? (one of `exactly_once`, `at_least_once`)
        "#]],
    );
}

#[test]
fn a_word_of_another_kind() {
    check(
        r#"output:
  compression: brotli
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.compression`: `brotli` is not a possible value
               ╭─[my.yaml:2:16]
             2 │   compression: brotli
               ·                ──────
               ╰────
              help: one of `none`, `gzip`, `snappy`, `lz4`, `zstd`
        "#]],
    );
}

#[test]
fn a_sasl_mechanism_in_lower_case() {
    check(
        r#"kafka:
  security:
    protocol: sasl_ssl
    sasl: {mechanism: scram-sha-512, username: u, password: p}
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.sasl.mechanism`: `scram-sha-512` is not a possible value
               ╭─[my.yaml:4:23]
             4 │     sasl: {mechanism: scram-sha-512, username: u, password: p}
               ·                       ─────────────
               ╰────
              help: did you mean `SCRAM-SHA-512`? (one of `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512`,
                    `OAUTHBEARER`)
        "#]],
    );
}

#[test]
fn a_key_set_twice() {
    check(
        r#"input:
  topics: [a]
  group_id: x
  topics: [b]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × the key `topics` is set twice
               ╭─[my.yaml:4:3]
             4 │   topics: [b]
               ·   ──────
               ╰────
              help: it is already set on line 2; keep one of them
        "#]],
    );
}

#[test]
fn a_tab() {
    check(
        "input:\n\ttopics: [a]\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × this is not YAML: tabs disallowed within this context (block indentation)
           ╭─[my.yaml:2:2]
         2 │     topics: [a]
           ·     ▲
           ╰────
          help: YAML indents with blanks, never with tabs
    "#]],
    );
}

#[test]
fn a_bracket_that_is_not_closed() {
    check(
        r#"input:
  topics: [a, b
output:
  topic: c
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × this is not YAML: illegal placement of ':' indicator
               ╭─[my.yaml:3:7]
             3 │ output:
               ·       ▲
               ╰────
              help: look at the indentation, the quotes and the brackets here and in the line above; a text
                    with `: `, ` #` or a special first character needs quotes
        "#]],
    );
}

#[test]
fn a_root_that_is_a_list() {
    check(
        r#"- kafka
- input
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × a configuration is keys with values, not a list
               ╭─[my.yaml:1:1]
             1 │ - kafka
               · ▲
               ╰────
              help: begin with a key: `kafka:`
        "#]],
    );
}

#[test]
fn a_root_that_is_text() {
    check(
        r#"kafka
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × a configuration is keys with values, not `kafka`
               ╭─[my.yaml:1:1]
             1 │ kafka
               · ─────
               ╰────
              help: begin with a key: `kafka:`
        "#]],
    );
}

#[test]
fn a_file_with_comments_only() {
    check(
        r#"# nothing here
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `my.yaml` has no keys at all
               ╭─[my.yaml:1:1]
             1 │ # nothing here
               · ▲
               ╰────
              help: write at least one key, or leave the file out: every key has a default
        "#]],
    );
}

#[test]
fn several_documents() {
    check(
        r#"version: 1
---
version: 1
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × a second YAML document begins here
               ╭─[my.yaml:2:1]
             2 │ ---
               · ───
               ╰────
              help: a configuration is one document; remove the `---`, or put the second part into its own
                    file and give both: `--config a.yaml --config b.yaml`
        "#]],
    );
}

#[test]
fn a_version_of_the_future() {
    check(
        r#"version: 2
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `version`: version 2 of the format does not exist
               ╭─[my.yaml:1:10]
             1 │ version: 2
               ·          ─
               ╰────
              help: write `version: 1`
        "#]],
    );
}

#[test]
fn a_broker_without_a_port() {
    check(
        r#"kafka:
  brokers: ["kafka-1:9092", kafka-2, "ssl://kafka-3:9093", "a:1,b:2", "c:99999"]
"#,
        expect![[r#"
              × the configuration has 4 problems

            Error:
              × `kafka.brokers[1]`: `kafka-2` is not a broker's address: the port is missing
               ╭─[my.yaml:2:29]
             2 │   brokers: ["kafka-1:9092", kafka-2, "ssl://kafka-3:9093", "a:1,b:2", "c:99999"]
               ·                             ───────
               ╰────
              help: write `host:port`, for example `kafka-1.example:9092`

            Error:
              × `kafka.brokers[2]`: `ssl://kafka-3:9093` is not a broker's address: it has a scheme;
              │ `kafka.security.protocol` says how to connect
               ╭─[my.yaml:2:38]
             2 │   brokers: ["kafka-1:9092", kafka-2, "ssl://kafka-3:9093", "a:1,b:2", "c:99999"]
               ·                                      ────────────────────
               ╰────
              help: write `host:port`, for example `kafka-1.example:9092`

            Error:
              × `kafka.brokers[3]`: `a:1,b:2` is not a broker's address: these are several; each is an item of
              │ the list
               ╭─[my.yaml:2:60]
             2 │   brokers: ["kafka-1:9092", kafka-2, "ssl://kafka-3:9093", "a:1,b:2", "c:99999"]
               ·                                                            ─────────
               ╰────
              help: write `host:port`, for example `kafka-1.example:9092`

            Error:
              × `kafka.brokers[4]`: `c:99999` is not a broker's address: the port must be a number from 1
              │ to 65535
               ╭─[my.yaml:2:71]
             2 │   brokers: ["kafka-1:9092", kafka-2, "ssl://kafka-3:9093", "a:1,b:2", "c:99999"]
               ·                                                                       ─────────
               ╰────
              help: write `host:port`, for example `kafka-1.example:9092`
        "#]],
    );
}

#[test]
fn no_broker_at_all() {
    check(
        r#"kafka:
  brokers: []
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.brokers`: there is no broker
               ╭─[my.yaml:2:3]
             2 │   brokers: []
               ·   ───────
               ╰────
              help: write `brokers: ["host:9092"]`
        "#]],
    );
}

#[test]
fn a_topic_with_a_blank() {
    check(
        r#"input:
  topics: [pages raw]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.topics[0]`: `pages raw` is not a topic name: it has a ' '
               ╭─[my.yaml:2:12]
             2 │   topics: [pages raw]
               ·            ─────────
               ╰────
              help: a name has letters, digits, `.`, `_` and `-`; a pattern begins with `^`
        "#]],
    );
}

#[test]
fn a_pattern_that_does_not_compile() {
    check(
        r#"input:
  topics: ["^pages\\.(raw"]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.topics[0]`: `^pages\.(raw` is not a pattern: unclosed group
               ╭─[my.yaml:2:12]
             2 │   topics: ["^pages\\.(raw"]
               ·            ───────────────
               ╰────
              help: a name that begins with `^` is a regular expression
        "#]],
    );
}

#[test]
fn a_pattern_that_matches_the_output() {
    check(
        r#"input:
  topics: ["^articles\\..*"]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.topics[0]`: klartext would read what it writes: `articles.clean` is `output.topic`
               ╭─[my.yaml:2:12]
             2 │   topics: ["^articles\\..*"]
               ·            ────────────────
               ╰────
              help: read and write different topics
        "#]],
    );
}

#[test]
fn the_same_topic_for_input_and_output() {
    check(
        r#"input:
  topics: [articles]
output:
  topic: articles
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.topics[0]`: klartext would read what it writes: `articles` is `output.topic`
               ╭─[my.yaml:2:12]
             2 │   topics: [articles]
               ·            ────────
               ╰────
              help: read and write different topics
        "#]],
    );
}

#[test]
fn the_same_topic_for_articles_and_dead_letters() {
    check(
        r#"output:
  topic: articles
dead_letter:
  topic: articles
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `dead_letter.topic`: `articles` is the topic of `output.topic` too
               ╭─[my.yaml:4:10]
             4 │   topic: articles
               ·          ────────
               ╰────
              help: give each kind of record a topic of its own
        "#]],
    );
}

#[test]
fn sasl_without_a_mechanism() {
    check(
        r#"kafka:
  security:
    protocol: sasl_ssl
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.protocol`: the protocol wants SASL, but `sasl.mechanism` is not set
               ╭─[my.yaml:3:15]
             3 │     protocol: sasl_ssl
               ·               ────────
               ╰────
              help: write `sasl: {mechanism: SCRAM-SHA-512, username: …, password: {from_env: …}}`
        "#]],
    );
}

#[test]
fn sasl_that_is_not_used() {
    check(
        r#"kafka:
  security:
    sasl:
      mechanism: PLAIN
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.sasl`: `sasl` is set, but the protocol does not use it
               ╭─[my.yaml:3:5]
             3 │     sasl:
               ·     ────
               ╰────
              help: write `protocol: sasl_ssl` or `sasl_plaintext`, or remove `sasl`
        "#]],
    );
}

#[test]
fn sasl_without_a_password() {
    check(
        r#"kafka:
  security:
    protocol: sasl_ssl
    sasl:
      mechanism: SCRAM-SHA-256
      username: me
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.sasl.mechanism`: this mechanism needs `username` and `password`
               ╭─[my.yaml:5:18]
             5 │       mechanism: SCRAM-SHA-256
               ·                  ─────────────
               ╰────
              help: set both; `{from_env: NAME}` and `{from_file: PATH}` keep them out of this file
        "#]],
    );
}

#[test]
fn tls_that_is_not_used() {
    check(
        r#"kafka:
  security:
    tls:
      ca_file: ca.pem
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.tls`: `tls` is set, but the protocol does not use it
               ╭─[my.yaml:3:5]
             3 │     tls:
               ·     ───
               ╰────
              help: write `protocol: ssl`, or remove `tls`
        "#]],
    );
}

#[test]
fn a_certificate_without_its_key() {
    check(
        r#"kafka:
  security:
    protocol: ssl
    tls:
      cert_file: me.pem
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.tls.cert_file`: a client certificate and its key belong together
               ╭─[my.yaml:5:18]
             5 │       cert_file: me.pem
               ·                  ──────
               ╰────
              help: set both `cert_file` and `key_file`, or neither
        "#]],
    );
}

#[test]
fn options_that_are_ours() {
    check(
        r#"kafka:
  options:
    enable.auto.commit: true
    group.id: x
  producer_options:
    enable.idempotence: false
    linger_ms: 5
"#,
        expect![[r#"
              × the configuration has 4 problems

            Error:
              × `kafka.options."enable.auto.commit"`: klartext sets `enable.auto.commit` itself
               ╭─[my.yaml:3:25]
             3 │     enable.auto.commit: true
               ·                         ────
               ╰────
              help: remove it and use `delivery`

            Error:
              × `kafka.options."group.id"`: klartext sets `group.id` itself
               ╭─[my.yaml:4:15]
             4 │     group.id: x
               ·               ─
               ╰────
              help: remove it and use `input.group_id`

            Error:
              × `kafka.producer_options."enable.idempotence"`: `delivery: exactly_once` needs an idempotent
              │ producer
               ╭─[my.yaml:6:25]
             6 │     enable.idempotence: false
               ·                         ─────
               ╰────
              help: remove it, or write `delivery: at_least_once`

            Error:
              × `kafka.producer_options.linger_ms`: librdkafka has no option `linger_ms`
               ╭─[my.yaml:7:16]
             7 │     linger_ms: 5
               ·                ─
               ╰────
              help: its names have dots: `linger.ms`
        "#]],
    );
}

#[test]
fn a_transaction_that_cannot_finish() {
    check(
        r#"commit:
  interval: 1m
  transaction_timeout: 30s
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `commit.transaction_timeout`: a transaction of 1m (`commit.interval`) does not fit into a
              │ timeout of 30s
               ╭─[my.yaml:3:24]
             3 │   transaction_timeout: 30s
               ·                        ───
               ╰────
              help: make `commit.transaction_timeout` several times as long as `commit.interval`
        "#]],
    );
}

#[test]
fn a_budget_that_no_page_fits_into() {
    check(
        r#"workers:
  in_flight_bytes: 1MiB
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `workers.in_flight_bytes`: only 1.0 MiB may be in flight, but one page may have 10.0 MiB
              │ (`limits.document_bytes`)
               ╭─[my.yaml:2:20]
             2 │   in_flight_bytes: 1MiB
               ·                    ────
               ╰────
              help: let at least one page fit: raise `workers.in_flight_bytes` or lower
                    `limits.document_bytes`
        "#]],
    );
}

#[test]
fn two_fields_of_the_same_name() {
    check(
        r#"input:
  json:
    html: content
    text: content
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `input.json.text`: `content` is the field of `input.json.html` too
               ╭─[my.yaml:4:11]
             4 │     text: content
               ·           ───────
               ╰────
              help: one field of the envelope can hold only one of them; rename the other
        "#]],
    );
}

#[test]
fn a_variable_that_is_not_set() {
    check(
        r#"output:
  topic: "${TOPIC_PREFIX}.clean"
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.topic`: the environment variable `TOPIC_PREFIX` is not set
               ╭─[my.yaml:2:10]
             2 │   topic: "${TOPIC_PREFIX}.clean"
               ·          ───────────────────────
               ╰────
              help: set it, or give a default: `${TOPIC_PREFIX:-…}`
        "#]],
    );
}

#[test]
fn a_variable_that_is_not_closed() {
    check(
        r#"output:
  topic: "${TOPIC_PREFIX.clean"
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `output.topic`: `${` has no `}`
               ╭─[my.yaml:2:10]
             2 │   topic: "${TOPIC_PREFIX.clean"
               ·          ──────────────────────
               ╰────
              help: write `${NAME}` or `${NAME:-default}`; a literal `${` is written `$${`
        "#]],
    );
}

#[test]
fn a_secret_from_a_variable_that_is_not_set() {
    check(
        r#"kafka:
  security:
    protocol: sasl_ssl
    sasl:
      mechanism: PLAIN
      username: me
      password: {from_env: KAFKA_PASSWORD}
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.sasl.password`: the environment variable `KAFKA_PASSWORD` is not set (my.yaml,
              │ line 7)
              help: set it before klartext starts
        "#]],
    );
}

#[test]
fn a_secret_from_nowhere() {
    check(
        r#"kafka:
  security:
    protocol: sasl_ssl
    sasl:
      mechanism: PLAIN
      username: me
      password: {from_vault: kafka}
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.sasl.password`: `from_vault` is not a source of secrets (my.yaml, line 7)
              help: write `{from_env: NAME}` or `{from_file: PATH}`
        "#]],
    );
}

#[test]
fn aliases_that_multiply() {
    check(
        r#"a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
"#,
        expect![[r#"
              × the configuration has a problem

            Error:
              × more than 100000 values
               ╭─[my.yaml:5:36]
             5 │ e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
               ·                                    ──
               ╰────
              help: aliases repeat aliases here; write the values out
        "#]],
    );
}

#[test]
fn several_mistakes_at_once() {
    check(
        r#"verson: 1
kafka: {brokers: localhost}
commit: {interval: 5}
output: {key: uri}
"#,
        expect![[r#"
              × the configuration has 4 problems

            Error:
              × `verson`: unknown key
               ╭─[my.yaml:1:1]
             1 │ verson: 1
               · ──────
               ╰────
              help: did you mean `version`?

            Error:
              × `kafka.brokers`: expected a list, found `localhost`
               ╭─[my.yaml:2:18]
             2 │ kafka: {brokers: localhost}
               ·                  ─────────
               ╰────
              help: write it in brackets: `[localhost]`

            Error:
              × `commit.interval`: `5` is not a duration
               ╭─[my.yaml:3:20]
             3 │ commit: {interval: 5}
               ·                    ─
               ╰────
              help: write its unit: `5ms`, `5s`, `5m`

            Error:
              × `output.key`: `uri` is not a possible value
               ╭─[my.yaml:4:15]
             4 │ output: {key: uri}
               ·               ───
               ╰────
              help: did you mean `url`? (one of `keep`, `url`, `id`)
        "#]],
    );
}

#[test]
fn values_from_the_environment_and_the_command_line() {
    let environment = [
        ("KLARTEXT__INPUT__TOPICS", "pages.raw"),
        ("KLARTEXT__KAFKA__SECURITY__SASL__PASSWORD", "[secret"),
        ("KLARTEXT__NOPE", "1"),
        ("KLARTEXT_TEST_BROKERS", "is none of ours"),
    ];
    let set =
        ["output.topic='a", "workers.threads=x", "commit.interval", "kafka.options.group.id=x"];
    check_layers(
        &layers("version: 1", &environment, &set),
        &expect![[r#"
              × the configuration has 7 problems

            Error:
              × `--set commit.interval` sets nothing
              help: write `--set key.below=value`

            Error:
              × `input.topics`: expected a list, found `pages.raw`
               ╭─[environment variable KLARTEXT__INPUT__TOPICS:1:1]
             1 │ pages.raw
               · ─────────
               ╰────
              help: write it in brackets: `[pages.raw]`

            Error:
              × `kafka.security.sasl.password`: this is not YAML: while parsing a flow sequence, expected ','
              │ or ']' (environment variable KLARTEXT__KAFKA__SECURITY__SASL__PASSWORD, line 1)
              help: a value that begins with a bracket, a brace or a quote is read as YAML; put it in quotes
                    if it is text

            Error:
              × `nope`: unknown key
               ╭─[environment variable KLARTEXT__NOPE:1:1]
             1 │ 1
               · ─
               ╰────
              help: the keys at the top level are `version`, `delivery`, `kafka`, `input`, `output`,
                    `rejected`, `dead_letter`, `commit`, `workers`, `limits`, `rules`, `shutdown`, `log`,
                    `health`

            Error:
              × `output.topic`: this is not YAML: while scanning a quoted scalar, found unexpected end of
              │ stream
               ╭─[--set output.topic:1:1]
             1 │ 'a
               · ▲
               ╰────
              help: a value that begins with a bracket, a brace or a quote is read as YAML; put it in quotes
                    if it is text

            Error:
              × `workers.threads`: expected a whole number, found `x`
               ╭─[--set workers.threads:1:1]
             1 │ x
               · ─
               ╰────

            Error:
              × `kafka.options."group.id"`: klartext sets `group.id` itself
               ╭─[--set kafka.options.group.id:1:1]
             1 │ x
               · ─
               ╰────
              help: remove it and use `input.group_id`
        "#]],
    );
}

#[test]
fn files_that_cannot_be_read() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let latin = folder.join("latin-1.yaml");
    std::fs::write(&latin, b"kafka:\n  client_id: K\xe4fer\n").expect("it can be written");
    let missing = folder.join("missing.yaml");
    let yaml = [missing, latin].map(YamlLayer::File).to_vec();
    let error = Config::load(&Layers { yaml, ..Layers::default() }).expect_err("it is broken");
    // Wide, so that no line is folded however long the path of the folder is.
    let text = rendered_within(10_000, &error).replace(folder.to_str().expect("UTF-8"), "");
    expect![[r#"
          × the configuration has 2 problems

        Error:
          × cannot read `/missing.yaml`: No such file or directory (os error 2)
          help: check the path; it is relative to the working directory

        Error:
          × `/latin-1.yaml` is not UTF-8: byte 0xE4 on line 2
          help: save the file as UTF-8
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_health_address_without_a_port() {
    check(
        "health: {address: localhost}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `health.address`: `localhost` is not an address with a port
           ╭─[my.yaml:1:19]
         1 │ health: {address: localhost}
           ·                   ─────────
           ╰────
          help: write for example `0.0.0.0:8080`, `127.0.0.1:8080` or `[::]:8080`
    "#]],
    );
}

#[test]
fn a_health_port_alone() {
    check(
        "health:\n  address: 8080\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `health.address`: `8080` is not an address with a port
           ╭─[my.yaml:2:12]
         2 │   address: 8080
           ·            ────
           ╰────
          help: write for example `0.0.0.0:8080`, `127.0.0.1:8080` or `[::]:8080`
    "#]],
    );
}

#[test]
fn a_group_that_hears_from_us_too_seldom() {
    check(
        "kafka: {consumer_options: {max.poll.interval.ms: 28000}}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `kafka.consumer_options."max.poll.interval.ms"`: the group takes our partitions away after a
          │ silence of 28s (`max.poll.interval.ms`), and `commit.transaction_timeout` lets one last 30s
           ╭─[my.yaml:1:50]
         1 │ kafka: {consumer_options: {max.poll.interval.ms: 28000}}
           ·                                                  ─────
           ╰────
          help: keep `commit.transaction_timeout` well below, or raise
                `kafka.consumer_options.max.poll.interval.ms`
    "#]],
    );
}

#[test]
fn a_drain_that_the_group_does_not_wait_for() {
    check(
        "shutdown: {drain_timeout: 10m}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `shutdown.drain_timeout`: the group takes our partitions away after a silence of 5m
          │ (`max.poll.interval.ms`), and `shutdown.drain_timeout` lets one last 10m
           ╭─[my.yaml:1:27]
         1 │ shutdown: {drain_timeout: 10m}
           ·                           ───
           ╰────
          help: keep `shutdown.drain_timeout` well below, or raise
                `kafka.consumer_options.max.poll.interval.ms`
    "#]],
    );
}

#[test]
fn articles_that_not_all_replicas_have() {
    check(
        "kafka: {producer_options: {acks: 1}}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `kafka.producer_options.acks`: an article that only some replicas have is lost with them
           ╭─[my.yaml:1:34]
         1 │ kafka: {producer_options: {acks: 1}}
           ·                                  ─
           ╰────
          help: remove it: klartext waits for all of them; `min.insync.replicas` of the topic says how
                many that are at least
    "#]],
    );
}

#[test]
fn names_that_are_empty() {
    check(
        "commit: {transactional_id: \"\"}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `commit.transactional_id`: the name is empty
           ╭─[my.yaml:1:28]
         1 │ commit: {transactional_id: ""}
           ·                            ──
           ╰────
          help: give it a name, unique per process and stable over restarts, or delete the line to have
                the default
    "#]],
    );
}

#[test]
fn a_field_that_every_line_has() {
    check(
        "log: {static_fields: {level: x}}\n",
        expect![[r#"
          × the configuration has a problem

        Error:
          × `log.static_fields.level`: klartext writes a field of this name itself
           ╭─[my.yaml:1:30]
         1 │ log: {static_fields: {level: x}}
           ·                              ─
           ╰────
          help: take another name, for example `deployment.environment`
    "#]],
    );
}
