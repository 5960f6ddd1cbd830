//! Rules for single publishers: what they do to a page, what is said when they are wrong, and the command that tests them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use expect_test::{Expect, expect};
use klartext::config::Config;
use klartext::model::{Article, Header, Label, Record};
use klartext::pipeline::{Reading, read};
use klartext::rules::Rules;
use klartext::rules::sites::{Sites, tests};

const FIRST: &str = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen.";
const SECOND: &str = "Bürgermeister Jonas Rehm rechnet mit Kosten von drei Millionen Euro, von denen das Land die Hälfte übernimmt.";

static PLAIN: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

/// Rules with the given file for `bote.example`.
fn rules(yaml: &str) -> Rules {
    let mut rules = Rules::compile(&Config::default()).unwrap();
    rules.sites = sites(&[("bote.example.yaml", yaml)]);
    rules
}

fn sites(files: &[(&str, &str)]) -> Sites {
    let texts = files.iter().map(|(name, yaml)| ((*name).to_owned(), (*yaml).to_owned())).collect();
    Sites::read(&texts).unwrap()
}

fn record(url: &str, html: &str) -> Record {
    let header =
        |name: &str, value: &str| Header { name: name.to_owned(), value: Some(value.into()) };
    let headers = vec![
        header("url", url),
        header("content-type", "text/html"),
        header("fetched-at", "2026-07-01T08:00:00Z"),
    ];
    Record { value: Some(html.into()), headers, ..Record::default() }
}

fn with_reading<T>(html: &str, rules: &Rules, look: impl FnOnce(&Reading<'_>) -> T) -> T {
    let record = record("https://www.bote.example/lokales/1.html", html);
    look(&read(&record, rules).unwrap().unwrap())
}

fn article(html: &str, rules: &Rules) -> Article {
    with_reading(html, rules, |reading| reading.result.clone().unwrap())
}

fn texts(html: &str, rules: &Rules) -> Vec<String> {
    article(html, rules).blocks.into_iter().map(|block| block.text).collect()
}

fn page(body: &str) -> String {
    format!("<html lang=de><body><article><h1>Umbau beschlossen</h1>{body}</article></body></html>")
}

#[test]
fn what_a_rule_strips_goes_and_the_verdict_names_file_and_rule() {
    let rules = rules("strip: [{css: div.tipp, class: newsletter}]");
    let html =
        page(&format!("<p>{FIRST}</p><div class=tipp><p>{SECOND}</p></div><p>{SECOND} Ja.</p>"));
    assert_eq!(texts(&html, &rules), [FIRST, &format!("{SECOND} Ja.")]);
    with_reading(&html, &rules, |reading| {
        let mut removed = reading.document.removed();
        let (removed, class) = removed.find(|(removed, _)| removed.block.text == SECOND).unwrap();
        assert_eq!(removed.verdict.rule, "site.bote.example.yaml strip div.tipp");
        assert_eq!(class.as_str(), "newsletter");
    });
}

#[test]
fn what_a_rule_keeps_stays_though_name_wording_and_place_speak_against_it() {
    let html = format!(
        "{}<aside class=newsletter><p>Anzeige</p><p>Lesen Sie auch: alles über den Bahnhof</p></aside>",
        page(&format!("<p>{FIRST}</p><p>{SECOND}</p>"))
    );
    assert_eq!(texts(&html, &PLAIN), [FIRST, SECOND]);
    let kept = texts(&html, &rules("keep: [aside.newsletter]"));
    assert_eq!(kept, [FIRST, SECOND, "Anzeige", "Lesen Sie auch: alles über den Bahnhof"]);
}

#[test]
fn the_innermost_element_that_a_rule_names_decides() {
    let rules = rules("strip: [div.box]\nkeep: [div.box p.fact]");
    let html = page(&format!(
        "<p>{FIRST}</p><div class=box><p>{SECOND}</p><p class=fact>Baujahr 1911</p></div><p>{SECOND}</p>"
    ));
    assert_eq!(texts(&html, &rules), [FIRST, "Baujahr 1911", SECOND]);
}

#[test]
fn a_stripped_piece_of_a_sentence_leaves_the_sentence_whole() {
    let rules = rules("strip: [span.hint]");
    let html = page(&format!(
        "<p>Der Umbau <span class=hint>Karte öffnen</span> beginnt im Mai und dauert zwei Jahre.</p><p>{SECOND}</p>"
    ));
    assert_eq!(texts(&html, &rules)[0], "Der Umbau beginnt im Mai und dauert zwei Jahre.");
}

#[test]
fn text_outside_of_what_is_selected_goes_and_ad_labels_inside_too() {
    let rules = rules("select: [div.text]");
    let html = page(&format!(
        "<p>{SECOND}</p><div class=text><p>{FIRST}</p><p>Anzeige</p><p>{SECOND}</p></div><p>{FIRST} Nein.</p>"
    ));
    assert_eq!(texts(&html, &rules), [FIRST, SECOND]);
    with_reading(&html, &rules, |reading| {
        let outside = &reading.document.blocks.last().unwrap().verdict;
        assert!(matches!(outside.label, Label::Boilerplate(_)));
        assert_eq!(outside.rule, "site.bote.example.yaml select div.text");
    });
}

#[test]
fn what_is_selected_is_the_article_though_the_page_hides_it_and_calls_it_a_teaser() {
    let rules = rules("select: ['#content']");
    let html = format!(
        "<html lang=de><body><nav id=content class=teaser-list style='display:none'><p>{FIRST}</p><p>{SECOND}</p></nav></body></html>"
    );
    assert_eq!(texts(&html, &rules), [FIRST, SECOND]);
}

#[test]
fn rules_read_attributes_that_nobody_else_reads() {
    let rules = rules("strip: ['p[data-kind=promo]']\nfields: {published: 'b @data-When'}");
    let html = page(&format!(
        "<b data-when='2026-03-04T06:10:00Z'></b><p>{FIRST}</p><p data-kind=promo>{SECOND}</p><p>{SECOND} Ja.</p>"
    ));
    let article = article(&html, &rules);
    assert_eq!(article.blocks.len(), 2);
    assert_eq!(article.published.unwrap().value, "2026-03-04T06:10:00Z");
    assert_eq!(article.provenance.fields["published"].as_str(), "site-rule");
}

#[test]
fn a_page_with_a_new_layout_comes_out_with_a_flag_and_not_empty() {
    let html = page(&format!("<p>{FIRST}</p><p>{SECOND}</p>"));
    for (yaml, flags) in [
        ("select: [div.no-more]", &["site_rules_unmatched"][..]),
        ("strip: [div.no-more]", &["site_rules_unmatched"]),
        ("strip: [article]", &["site_rules_emptied"]),
        ("strip: [h1]\nvalid_until: 2026-06-30", &["site_rules_expired"]),
        ("strip: [h1]\nvalid_until: 2026-07-01", &[]),
    ] {
        let article = article(&html, &rules(yaml));
        assert_eq!(article.quality.flags, flags, "{yaml}");
        assert_eq!(article.blocks.len(), 2, "{yaml}");
    }
}

#[test]
fn rules_are_those_of_the_host_else_of_the_domain_above_and_of_the_longest_path() {
    let sites = sites(&[
        (
            "bote.example.yaml",
            "strip: [a]\npaths: {/sport/: {strip: [b]}, /sport/live/: {select: [c]}}",
        ),
        ("live.bote.example.yaml", "strip: [d, e, f]"),
    ]);
    let n_rules = |url: &str| {
        let of = sites.of(&url.parse().unwrap())?;
        Some((of.rules.select.len(), of.rules.strip.len()))
    };
    assert_eq!(n_rules("https://bote.example/"), Some((0, 1)));
    assert_eq!(n_rules("https://WWW.bote.example/lokales"), Some((0, 1)));
    assert_eq!(n_rules("https://www.bote.example/sport/1"), Some((0, 2)));
    assert_eq!(n_rules("https://www.bote.example/sport/live/1"), Some((1, 1)));
    assert_eq!(n_rules("https://live.bote.example/sport/1"), Some((0, 3)));
    assert_eq!(n_rules("https://m.live.bote.example/"), Some((0, 3)));
    assert_eq!(n_rules("https://notbote.example/"), None);
    assert_eq!(n_rules("https://example/"), None);
}

#[test]
fn rules_of_one_site_touch_no_other() {
    let html = page(&format!("<p>{FIRST}</p><p>{SECOND}</p>"));
    let record = record("https://anzeiger.example/1", &html);
    let rules = rules("strip: [p]");
    let reading = read(&record, &rules).unwrap().unwrap();
    assert_eq!(reading.result.unwrap().blocks.len(), 2);
}

/// The message for a wrong file.
#[track_caller]
fn wrong(name: &str, yaml: &str, expected: &Expect) {
    let error = Sites::read(&BTreeMap::from([(name.to_owned(), yaml.to_owned())])).unwrap_err();
    let handler =
        miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor());
    // A first line without indentation keeps that of the others.
    let mut shown = "wrong:\n".to_owned();
    for problem in &error.problems {
        handler.render_report(&mut shown, problem).unwrap();
    }
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_selector_that_is_none_is_shown_with_file_line_and_caret() {
    wrong(
        "bote.example.yaml",
        "keep: [p]\nstrip:\n  - 'div[class='\n",
        &expect![[r#"
            wrong:
              × `strip[0]`: `div[class=` is no CSS selector
               ╭─[bote.example.yaml:3:5]
             3 │   - 'div[class='
               ·     ────────────
               ╰────
              help: look at brackets, quotes and colons, for example `div.teaser > a[href]`"#]],
    );
}

#[test]
fn an_unknown_key_is_shown_with_what_was_meant() {
    wrong(
        "bote.example.yaml",
        "strp: [p]\n",
        &expect![[r#"
            wrong:
              × `strp`: unknown key
               ╭─[bote.example.yaml:1:1]
             1 │ strp: [p]
               · ────
               ╰────
              help: did you mean `strip`?"#]],
    );
}

#[test]
fn an_unknown_field_is_shown_with_what_was_meant() {
    wrong(
        "bote.example.yaml",
        "fields: {autor: p}\n",
        &expect![[r#"
            wrong:
              × `fields.autor`: unknown key
               ╭─[bote.example.yaml:1:10]
             1 │ fields: {autor: p}
               ·          ─────
               ╰────
              help: did you mean `authors`?"#]],
    );
}

#[test]
fn an_unknown_class_is_shown_with_what_was_meant() {
    wrong(
        "bote.example.yaml",
        "strip: [{css: p, class: news_letter}]\n",
        &expect![[r#"
            wrong:
              × `strip[0].class`: there is no class `news_letter`
               ╭─[bote.example.yaml:1:25]
             1 │ strip: [{css: p, class: news_letter}]
               ·                         ───────────
               ╰────
              help: did you mean `newsletter`?"#]],
    );
}

#[test]
fn a_selector_that_is_a_comment_for_yaml_is_told() {
    wrong(
        "bote.example.yaml",
        "strip:\n  - #teaser\n",
        &expect![[r#"
            wrong:
              × `strip[0]`: a CSS selector is missing
               ╭─[bote.example.yaml:2:12]
             2 │   - #teaser
               ╰────
              help: one that begins with `#` needs quotes"#]],
    );
}

#[test]
fn a_selector_that_takes_too_long_on_hostile_pages_is_refused() {
    wrong(
        "bote.example.yaml",
        "strip: ['h2 ~ p']\n",
        &expect![[r#"
            wrong:
              × `strip[0]`: `~` is too slow for hostile pages
               ╭─[bote.example.yaml:1:9]
             1 │ strip: ['h2 ~ p']
               ·         ────────
               ╰────
              help: use `+` for the next element, or `:nth-child()`"#]],
    );
}

#[test]
fn a_day_that_is_none_is_told() {
    wrong(
        "bote.example.yaml",
        "valid_until: 30.06.2027\n",
        &expect![[r#"
            wrong:
              × `valid_until`: `30.06.2027` is no day
               ╭─[bote.example.yaml:1:14]
             1 │ valid_until: 30.06.2027
               ·              ──────────
               ╰────
              help: write it as `2027-06-30`"#]],
    );
}

#[test]
fn a_file_that_is_named_after_no_domain_is_told() {
    wrong(
        "bote.yaml",
        "strip: [p]\n",
        &expect![[r#"
            wrong:
              × bote.yaml: `bote` is no domain
              help: a site-rule file is named after its site: `example.org.yaml`"#]],
    );
}

#[test]
fn keys_behind_the_tests_are_read_too() {
    let sites = sites(&[("bote.example.yaml", "tests:\n- name: x\nstrip: [p]\n")]);
    let url = "https://bote.example/".parse().unwrap();
    assert_eq!(sites.of(&url).unwrap().rules.strip.len(), 1);
}

#[test]
fn the_shipped_files_are_for_sites_that_do_not_exist_and_have_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sites");
    let mut n_files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "README.md" {
            continue;
        }
        let (host, tests) = tests(name, &fs::read_to_string(&path).unwrap()).unwrap();
        assert!(host.ends_with(".example"), "{name}: rules for a real publisher are no examples");
        assert!(!tests.is_empty(), "{name} has no tests");
        n_files += 1;
    }
    assert!(n_files >= 3);
}

fn klartext(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_klartext")).args(args).env_clear().output().unwrap()
}

fn file(name: &str, content: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sites-{}", std::process::id()));
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn the_tests_beside_the_shipped_rules_pass() {
    let output = klartext(&["test"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.ends_with("0 failed\n"), "{said}");
}

#[test]
fn a_test_that_fails_says_what_is_missing_and_what_is_too_much_and_by_which_rule() {
    let yaml = format!(
        "strip: [p.a]\ntests:\n  - name: the first stays\n    html: |\n      <article><p class=a>{FIRST}</p><p>{SECOND}</p></article>\n    blocks: ['{FIRST}']\n    fields: {{title: Umbau}}\n"
    );
    let file = file("zeitung.example.yaml", &yaml);
    let output = klartext(&["test", file.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let said = said.replace(file.to_str().unwrap(), "zeitung.example.yaml");
    expect![[r#"
        FAILED zeitung.example.yaml (1 tests)
          ✗ the first stays
              missing: Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen.
                 cut by: site.zeitung.example.yaml strip p.a
              too much: Bürgermeister Jonas Rehm rechnet mit Kosten von drei Millionen Euro, von denen das Land die Hälfte übernimmt.
               kept by: default.body
              title: expected Umbau
              title: found    nothing
        1 site-rule files: 0 tests passed, 1 failed
    "#]].assert_eq(&said);
}

#[test]
fn wrong_site_rules_stop_the_start() {
    let file = file("wrong.example.yaml", "selcet: [p]\n");
    let folder = file.parent().unwrap().to_str().unwrap();
    let output = klartext(&["check", "--set", &format!("rules.sites={folder}")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(
        said.contains("wrong.example.yaml:1:1") && said.contains("did you mean `select`?"),
        "{said}"
    );
}

#[test]
fn rules_whose_last_day_is_over_are_told_by_check() {
    let file = file("over/old.example.yaml", "strip: [p]\nvalid_until: 2020-01-31\n");
    let folder = file.parent().unwrap().to_str().unwrap();
    let output = klartext(&["check", "--set", &format!("rules.sites={folder}")]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(said.contains("`valid_until` of old.example.yaml is over"), "{said}");
}
