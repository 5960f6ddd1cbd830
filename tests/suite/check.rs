//! `klartext check`, as a user runs it: what only librdkafka, the file system and the rule files can tell, with its place.
//! `UPDATE_EXPECT=1 cargo test` writes the messages anew; read the difference.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
#![expect(clippy::too_many_lines, reason = "messages are long")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::{Expect, expect};

/// A folder with files, gone afterwards; the command runs in it, so that messages hold no path of this machine.
struct Folder(PathBuf);

impl Folder {
    fn with(test: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("check-{}-{test}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
        Self(folder)
    }

    /// What `klartext check` says on stderr, and its exit code.
    fn check(&self) -> (String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_klartext"))
            .args(["check", "--config", "my.yaml"])
            .env_clear()
            .current_dir(&self.0)
            .output()
            .expect("the binary starts");
        let text = String::from_utf8(output.stderr).expect("UTF-8");
        // Blanks at the end of lines would not survive an editor.
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        (lines.join("\n"), output.status.code().expect("an exit code"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("the folder can be removed");
    }
}

#[expect(clippy::needless_pass_by_value, reason = "expect! makes a value")]
fn refused(name: &str, files: &[(&str, &str)], expected: Expect) {
    let (text, code) = Folder::with(name, files).check();
    expected.assert_eq(&text);
    assert_eq!(code, 78, "{text}");
}

#[test]
fn an_option_that_librdkafka_does_not_have_and_a_value_that_it_does_not_take() {
    refused(
        "option",
        &[(
            "my.yaml",
            r#"kafka:
  options: {socket.keepalive.enabled: true}
  producer_options: {linger.ms: soon}
"#,
        )],
        expect![[r#"
              × the configuration has 2 problems

            Error:
              × `kafka.options."socket.keepalive.enabled"`: librdkafka has no option
              │ `socket.keepalive.enabled`
               ╭─[my.yaml:2:39]
             2 │   options: {socket.keepalive.enabled: true}
               ·                                       ────
               ╰────
              help: all options and their values: https://github.com/confluentinc/librdkafka/blob/v2.12.1/
                    CONFIGURATION.md

            Error:
              × `kafka.producer_options."linger.ms"`: librdkafka does not take this value
               ╭─[my.yaml:3:33]
             3 │   producer_options: {linger.ms: soon}
               ·                                 ────
               ╰────
              help: all options and their values: https://github.com/confluentinc/librdkafka/blob/v2.12.1/
                    CONFIGURATION.md
        "#]],
    );
}

#[test]
fn options_that_contradict_each_other() {
    refused(
        "contradiction",
        &[(
            "my.yaml",
            r#"kafka:
  consumer_options:
    max.poll.interval.ms: 60000
    session.timeout.ms: 90000
  producer_options:
    max.in.flight.requests.per.connection: 10
"#,
        )],
        expect![[r#"
              × the configuration has 2 problems

            Error:
              × `kafka.consumer_options."max.poll.interval.ms"`: `max.poll.interval.ms` must be >=
              │ `session.timeout.ms`
               ╭─[my.yaml:3:27]
             3 │     max.poll.interval.ms: 60000
               ·                           ─────
               ╰────
              help: change one of them, or remove it to have klartext's own; `klartext check --effective`
                    prints what is set

            Error:
              × `kafka.producer_options."max.in.flight.requests.per.connection"`: `max.in.flight` must be set
              │ <= 5 when `enable.idempotence` is true
               ╭─[my.yaml:6:44]
             6 │     max.in.flight.requests.per.connection: 10
               ·                                            ──
               ╰────
              help: change one of them, or remove it to have klartext's own; `klartext check --effective`
                    prints what is set
        "#]],
    );
}

#[test]
fn authorities_in_a_file_that_is_not_there() {
    refused(
        "authorities",
        &[(
            "my.yaml",
            r#"kafka:
  security:
    protocol: ssl
    tls: {ca_file: ca.pem}
"#,
        )],
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.tls.ca_file`: `ca.pem` cannot be read: No such file or directory (os error 2)
               ╭─[my.yaml:4:20]
             4 │     tls: {ca_file: ca.pem}
               ·                    ──────
               ╰────
              help: the path is relative to the working directory, and klartext's user must be allowed to read
                    the file
        "#]],
    );
}

#[test]
fn a_certificate_that_is_none() {
    refused(
        "certificate",
        &[
            (
                "my.yaml",
                r#"kafka:
  security:
    protocol: ssl
    tls: {cert_file: me.pem, key_file: me.pem}
"#,
            ),
            ("me.pem", "not a certificate\n"),
        ],
        expect![[r#"
              × the configuration has a problem

            Error:
              × `kafka.security.tls.cert_file`: ssl.certificate.location failed: error:0A080009:SSL
              │ routines::PEM lib
               ╭─[my.yaml:4:22]
             4 │     tls: {cert_file: me.pem, key_file: me.pem}
               ·                      ──────
               ╰────
              help: the file must be PEM: text that begins with `-----BEGIN `
        "#]],
    );
}

#[test]
fn a_folder_of_rules_that_is_not_there() {
    refused(
        "folder",
        &[("my.yaml", "rules:\n  sites: rulez\n")],
        expect![[r#"
          × the configuration has a problem

        Error:
          × `rules.sites`: `rulez` cannot be read: No such file or directory (os error 2)
           ╭─[my.yaml:2:10]
         2 │   sites: rulez
           ·          ─────
           ╰────
          help: it names a folder of YAML files; the path is relative to the working directory, and
                klartext's user must be allowed to read it
    "#]],
    );
}

#[test]
fn marker_files_with_mistakes_of_every_kind() {
    refused(
        "markers",
        &[
            ("my.yaml", "rules: {markers: markers}\n"),
            (
                "markers/eo.yaml",
                r#"language: eo
classes:
  ad_labell:
    line: {"Reklamo": {}}
  newsletter:
    lines: {"Abonu": {}}
    prefix:
      "Abonu nian": {gold: multaj}
      "Legu ankaŭ": {count: 3}
patterns:
  premo: {class: teaser, regex: "^(Legu|Vidu"}
  sen_klaso: {regex: "^Reklamo$"}
words: {adress: [vi]}
readers: {byline: ["^de (.+", "(?<=x)y"]}
prefix_keys: {dato: publikigita}
agencies: dpa
"#,
            ),
        ],
        expect![[r#"
              × the rules have 9 problems

            Error:
              × `classes.ad_labell`: there is no class `ad_labell`
               ╭─[markers/eo.yaml:3:3]
             3 │   ad_labell:
               ·   ─────────
               ╰────
              help: did you mean `ad_label`?

            Error:
              × `classes.newsletter.lines`: unknown key
               ╭─[markers/eo.yaml:6:5]
             6 │     lines: {"Abonu": {}}
               ·     ─────
               ╰────
              help: did you mean `line`?

            Error:
              × `classes.newsletter.prefix.Abonu nian.gold`: `multaj` is not two counts
               ╭─[markers/eo.yaml:8:28]
             8 │       "Abonu nian": {gold: multaj}
               ·                            ──────
               ╰────
              help: write hits that were text of an article, and all hits: `0/49`

            Error:
              × `classes.newsletter.prefix.Legu ankaŭ.count`: unknown key
               ╭─[markers/eo.yaml:9:23]
             9 │       "Legu ankaŭ": {count: 3}
               ·                      ─────
               ╰────
              help: the keys in `classes.newsletter.prefix.Legu ankaŭ` are `n`, `domains`, `gold`

            Error:
              × `patterns.premo.class`: there is no class `teaser`
                ╭─[markers/eo.yaml:11:18]
             11 │   premo: {class: teaser, regex: "^(Legu|Vidu"}
                ·                  ──────
                ╰────
              help: did you mean `teaser_label`?

            Error:
              × `patterns.sen_klaso`: a pattern needs `class` and `regex`
                ╭─[markers/eo.yaml:12:3]
             12 │   sen_klaso: {regex: "^Reklamo$"}
                ·   ─────────
                ╰────
              help: add what is missing

            Error:
              × `words.adress`: unknown key
                ╭─[markers/eo.yaml:13:9]
             13 │ words: {adress: [vi]}
                ·         ──────
                ╰────
              help: did you mean `address`?

            Error:
              × `prefix_keys.dato`: `publikigita` is not a possible value
                ╭─[markers/eo.yaml:15:21]
             15 │ prefix_keys: {dato: publikigita}
                ·                     ───────────
                ╰────
              help: one of `published`, `title`, `author`, `url`, `description`, `site`, `language`,
                    `keywords`, `ignored`

            Error:
              × `agencies`: expected keys with values, found `dpa`
                ╭─[markers/eo.yaml:16:11]
             16 │ agencies: dpa
                ·           ───
                ╰────
              help: write the keys below it, indented by two blanks
        "#]],
    );
}

#[test]
fn regular_expressions_of_marker_files_that_do_not_compile() {
    refused(
        "regex",
        &[
            ("my.yaml", "rules: {markers: markers}\n"),
            (
                "markers/eo.yaml",
                r#"patterns:
  premo: {class: teaser_label, regex: "^(Legu|Vidu"}
readers:
  byline:
    - "^de (.+)$"
    - "(?<=de )(.+)"
"#,
            ),
        ],
        expect![[r#"
              × the rules have 2 problems

            Error:
              × `patterns.premo.regex`: the regular expression does not compile: unclosed group
               ╭─[markers/eo.yaml:2:39]
             2 │   premo: {class: teaser_label, regex: "^(Legu|Vidu"}
               ·                                       ─────────────
               ╰────
              help: the syntax is that of the crate `regex`: no look-around, no references back

            Error:
              × `readers.byline[1]`: the regular expression does not compile: look-around, including look-
              │ ahead and look-behind, is not supported
               ╭─[markers/eo.yaml:6:7]
             6 │     - "(?<=de )(.+)"
               ·       ──────────────
               ╰────
              help: the syntax is that of the crate `regex`: no look-around, no references back
        "#]],
    );
}

#[test]
fn site_rules_with_mistakes_of_every_kind() {
    refused(
        "sites",
        &[
            ("my.yaml", "rules: {sites: sites}\n"),
            (
                "sites/bote.example.yaml",
                r#"site: bote.example
select: ["div.text["]
strip:
  - {css: div.box, class: newsleter}
  - {css: "div:has(p)"}
  - #teaser
keep: aside.fact
fields: {titel: h1, published: "time @datetime"}
valid_until: 30.6.2027
paths:
  sport: {strip: [div.odds]}
tests:
  - name: one
    page: <p>x</p>
"#,
            ),
            ("sites/readme.yaml", "select: [p]\n"),
        ],
        expect![[r#"
              × the rules have 10 problems

            Error:
              × `site`: unknown key
               ╭─[sites/bote.example.yaml:1:1]
             1 │ site: bote.example
               · ────
               ╰────
              help: the keys at the top level are `valid_until`, `select`, `keep`, `strip`, `fields`, `paths`,
                    `tests`

            Error:
              × `select[0]`: `div.text[` is no CSS selector
               ╭─[sites/bote.example.yaml:2:10]
             2 │ select: ["div.text["]
               ·          ───────────
               ╰────
              help: look at brackets, quotes and colons, for example `div.teaser > a[href]`

            Error:
              × `strip[0].class`: there is no class `newsleter`
               ╭─[sites/bote.example.yaml:4:27]
             4 │   - {css: div.box, class: newsleter}
               ·                           ─────────
               ╰────
              help: did you mean `newsletter`?

            Error:
              × `strip[1].css`: `:has(` is too slow for hostile pages
               ╭─[sites/bote.example.yaml:5:11]
             5 │   - {css: "div:has(p)"}
               ·           ────────────
               ╰────
              help: name the element itself, or strip what is in it

            Error:
              × `strip[2]`: a CSS selector is missing
               ╭─[sites/bote.example.yaml:6:12]
             6 │   - #teaser
               ╰────
              help: one that begins with `#` needs quotes

            Error:
              × `keep`: expected a list, found `aside.fact`
               ╭─[sites/bote.example.yaml:7:7]
             7 │ keep: aside.fact
               ·       ──────────
               ╰────
              help: write it in brackets: `[aside.fact]`

            Error:
              × `fields.titel`: unknown key
               ╭─[sites/bote.example.yaml:8:10]
             8 │ fields: {titel: h1, published: "time @datetime"}
               ·          ─────
               ╰────
              help: did you mean `title`?

            Error:
              × `valid_until`: `30.6.2027` is no day
               ╭─[sites/bote.example.yaml:9:14]
             9 │ valid_until: 30.6.2027
               ·              ─────────
               ╰────
              help: write it as `2027-06-30`

            Error:
              × `paths.sport`: `sport` is no path
                ╭─[sites/bote.example.yaml:11:3]
             11 │   sport: {strip: [div.odds]}
                ·   ─────
                ╰────
              help: write its beginning, `/sport/`

            Error:
              × readme.yaml: `readme` is no domain
              help: a site-rule file is named after its site: `example.org.yaml`
        "#]],
    );
}

#[test]
fn a_rule_file_is_no_configuration() {
    refused(
        "subject",
        &[
            ("my.yaml", "rules: {sites: sites, markers: markers}\n"),
            ("sites/a.example.yaml", "- div.text\n"),
            ("sites/b.example.yaml", "select: [p]\n---\nkeep: [q]\n"),
            ("markers/eo.yaml", "# nothing yet\n"),
        ],
        expect![[r#"
              × the rules have 3 problems

            Error:
              × `eo.yaml` has no keys at all
               ╭─[markers/eo.yaml:1:1]
             1 │ # nothing yet
               · ▲
               ╰────
              help: write at least one key, or remove the file

            Error:
              × a rule file is keys with values, not a list
               ╭─[sites/a.example.yaml:1:1]
             1 │ - div.text
               · ▲
               ╰────
              help: begin with a key; README.md in the folder of the built-in rules has them all

            Error:
              × a second YAML document begins here
               ╭─[sites/b.example.yaml:2:1]
             2 │ ---
               · ───
               ╰────
              help: a rule file is one document; remove the `---`, or put the second part into a file of its
                    own
        "#]],
    );
}

#[test]
fn what_is_right_is_said_to_be() {
    let files = [("my.yaml", "rules: {sites: sites}\n"), ("sites/a.example.yaml", "keep: [p]\n")];
    let (text, code) = Folder::with("right", &files).check();
    assert_eq!((text.as_str(), code), ("", 0));
}
