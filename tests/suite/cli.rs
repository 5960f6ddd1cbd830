//! The commands, as a user runs them: the built binary, its output and its exit codes.

use std::process::{Command, Output};

fn klartext(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_klartext")).args(args).output().expect("the binary starts")
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let output = klartext(&["clean", "--no-such-option"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--no-such-option"));
}

#[test]
fn help_goes_to_stdout_and_is_a_success() {
    let output = klartext(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Commands:"));
}
