//! `klartext demo`: what a newcomer sees first.

use std::process::Command;
use std::time::{Duration, Instant};

/// The promise is two seconds for a release build on an idle machine; tests run unoptimised and side by side.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn the_demo_shows_every_kind_of_outcome_and_ends_by_itself() {
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_klartext"))
        .arg("demo")
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap();
    let screen = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{screen}\n{errors}");
    assert!(started.elapsed() < LONGEST, "took {:?}", started.elapsed());
    let account = screen.lines().find(|line| line.starts_with("in 12 = ")).expect("the account");
    assert_eq!(
        account,
        "in 12 = published 8 + rejected 2 (error_page 1, consent_wall 1) + tombstones 1 + dead letters 1 (no_body 1) \
         + given back 0 + in flight 0"
    );
    for shown in [
        "Neue Hafenbrücke öffnet drei Monate früher",
        "Der Dorfladen in Niederau hat seine Türen wieder geöffnet.",
        "[Das Wichtigste in Kürze]",
        "klartext-dlq-error-type: no_body",
    ] {
        assert!(screen.contains(shown), "{shown} is missing in\n{screen}");
    }
    let is_label = |line: &&str| line.trim() == "Anzeige" || line.trim() == "Werbung";
    assert_eq!(screen.lines().find(is_label), None, "no ad label stands in an article");
}
