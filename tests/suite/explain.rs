//! `klartext explain`: every block is shown with what became of it and who said so.

use std::io::Write as _;
use std::process::{Command, Stdio};

const PAGE: &str = "Der Bus kommt nun öfter\n\nAnzeige\n\nVon Montag an fährt die Linie 7 alle zehn Minuten. \
    Das teilten die <Stadtwerke> & Partner am Freitag mit.\n\nAnzeige\n\nNachts bleibt es beim alten Takt. \
    Der Fahrplan hängt an den Haltestellen aus.\n";

fn explain(args: &[&str]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_klartext"))
        .args(["explain", "-", "--media-type", "text/plain"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(PAGE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_block_is_shown_with_its_label_and_the_rule_that_gave_it() {
    let shown = explain(&[]);
    let lines: Vec<&str> = shown.lines().collect();
    let ad =
        lines.iter().position(|line| line.starts_with("✗ ad_label")).expect("the label is cut");
    assert!(lines[ad].ends_with("Anzeige"), "{shown}");
    assert!(lines[ad + 1].contains("ad_label") && lines[ad + 1].contains("line 3"), "{shown}");
    assert!(shown.contains("✓ body") && shown.contains("alle zehn Minuten"), "{shown}");
    let totals = lines.iter().find(|line| line.starts_with("ad_label")).expect("a total by class");
    assert_eq!(totals.split_whitespace().collect::<Vec<_>>(), ["ad_label", "2", "14"]);
}

#[test]
fn only_cut_blocks_or_only_kept_ones_can_be_asked_for() {
    let cut = explain(&["--only", "cut"]);
    assert!(cut.contains("✗ ad_label") && !cut.contains("✓"), "{cut}");
    let kept = explain(&["--only", "kept"]);
    assert!(!kept.contains("✗") && kept.contains("✓"), "{kept}");
}

#[test]
fn the_html_is_one_file_without_scripts_or_addresses_and_shows_the_page_as_text() {
    let folder = std::env::temp_dir().join(format!("klartext-explain-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("page.html");
    explain(&["--html", file.to_str().unwrap()]);
    let html = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(html.contains("die &lt;Stadtwerke&gt; &amp; Partner"), "text is escaped");
    assert!(html.contains("<div class=\"block cut\""), "{html}");
    for forbidden in ["<script", "src=", "href=", "http:", "https:", "@import"] {
        assert!(!html.contains(forbidden), "the page is to be self-contained: {forbidden}");
    }
}
