//! The commands, as a user runs them: the built binary, its output and its exit codes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn klartext(args: &[&str]) -> Output {
    command(args).output().expect("the binary starts")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_klartext"));
    // What the environment of the tests sets must not change them.
    command.args(args).env_clear();
    command
}

/// Runs a command with something on stdin.
fn klartext_with(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let bytes = stdin.to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    // A command that refuses its input closes the pipe early.
    let _written = writer.join().expect("the writer does not panic");
    output
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

/// A file of a test, in a folder of this process.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let path = folder.join(name);
    fs::write(&path, content).expect("the file can be written");
    path
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A text dump that is an article.
const DUMP: &str = "Der Dorfladen in Niederau hat seine Türen wieder geöffnet. Ein halbes Jahr lang hatten Freiwillige das alte Schulhaus umgebaut.\n\nAb sofort gibt es dort Brot, Gemüse und eine Poststelle. Wer mitarbeiten will, kann sich melden.\n";

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    for args in [["clean", "--no-such-option"], ["no-such-command", ""], ["clean", "--threads=0"]] {
        let output = klartext(&args);
        assert_eq!(output.status.code(), Some(64), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(stderr(&output).contains("error:"), "{args:?}");
    }
}

#[test]
fn clean_without_a_file_is_a_usage_error() {
    assert_eq!(klartext(&["clean"]).status.code(), Some(64));
    assert_eq!(klartext(&["clean", "--jsonl", "page.html"]).status.code(), Some(64));
}

#[test]
fn help_goes_to_stdout_and_is_a_success() {
    let output = klartext(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("Commands:"));
}

#[test]
fn a_broken_configuration_is_exit_code_78_and_says_where() {
    let config = file("broken.yaml", b"input:\n  topic: pages.raw\n");
    let output = klartext(&["check", "--config", path(&config)]);
    assert_eq!(output.status.code(), Some(78));
    assert!(output.stdout.is_empty());
    let message = stderr(&output);
    assert!(message.contains("broken.yaml:2:3"), "{message}");
    assert!(message.contains("did you mean `topics`?"), "{message}");
}

#[test]
fn a_secret_never_reaches_the_error_messages() {
    let config = file(
        "secret.yaml",
        b"kafka: {security: {sasl: {username: hunter1, password: {from_nowhere: hunter2}}}}\nbrokers: hunter3\n",
    );
    let output = command(&["check", "--config", path(&config)])
        .env("KLARTEXT__KAFKA__SECURITY__TLS__KEY_PASSWORD", "[hunter4")
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(78));
    for secret in ["hunter1", "hunter2", "hunter4"] {
        assert!(!stderr(&output).contains(secret), "{}", stderr(&output));
    }
}

#[test]
fn clean_writes_the_article_of_a_file_and_of_stdin_alike() {
    let page = file("page.txt", DUMP.as_bytes());
    let from_file = klartext(&["clean", "--url", "https://zeitung.example/a", path(&page)]);
    assert_eq!(from_file.status.code(), Some(0), "{}", stderr(&from_file));
    let article: Value = serde_json::from_slice(&from_file.stdout).expect("JSON");
    assert_eq!(article["schema"], "klartext/1");
    assert_eq!(article["url"], "https://zeitung.example/a");
    assert!(article["text"].as_str().expect("text").contains("Poststelle"));
    let from_stdin =
        klartext_with(&["clean", "--url", "https://zeitung.example/a", "-"], DUMP.as_bytes());
    assert_eq!(stdout(&from_file), stdout(&from_stdin), "and byte for byte the same");
}

#[test]
fn clean_writes_text_and_markdown() {
    let page = file("form.txt", DUMP.as_bytes());
    let text = klartext(&["clean", "--format", "text", path(&page)]);
    assert!(stdout(&text).contains("geöffnet."));
    assert!(!stdout(&text).contains('{'));
    let markdown = klartext(&["clean", "--format", "markdown", path(&page)]);
    assert!(stdout(&markdown).contains("geöffnet."));
    assert!(stdout(&markdown).ends_with("melden.\n"), "{}", stdout(&markdown));
}

#[test]
fn markdown_has_a_mark_for_each_kind_of_block() {
    let long = "Der Dorfladen in Niederau hat seine Türen wieder geöffnet, und alle sind gekommen.";
    let html = format!(
        "<html lang=de><head><title>Laden</title></head><body><main><article><h1>Ein Laden kehrt zurück</h1>\
         <p>{long}</p><p>1. Mai: *Fest* <b>und</b> Musik, wie {long}</p><h2>Was es gibt</h2>\
         <ul><li>Brot aus der Mühle im Nachbartal</li><li>Gemüse von den Feldern ringsum</li></ul>\
         <blockquote><p>Uns fehlte der Ort, an dem man sich trifft, und jetzt ist er da.</p></blockquote>\
         <p>Wer mitarbeiten will, kann sich montags bis samstags im Laden bei ihr melden.</p></article></main></body></html>"
    );
    let page = file("kinds.html", html.as_bytes());
    let output = klartext(&["clean", "--format", "markdown", path(&page)]);
    let markdown = stdout(&output);
    for part in [
        "# Ein Laden kehrt zurück\n\n",
        "\n\n## Was es gibt\n\n",
        "\n\n- Brot aus der Mühle im Nachbartal\n- Gemüse von den Feldern ringsum\n\n",
        "\n\n> Uns fehlte der Ort, an dem man sich trifft, und jetzt ist er da.\n\n",
        "1\\. Mai: \\*Fest\\* und Musik",
    ] {
        assert!(markdown.contains(part), "{part:?} is missing in\n{markdown}\n{}", stderr(&output));
    }
}

#[test]
fn clean_takes_the_charset_it_is_told() {
    let page = file("latin.txt", &encoding_rs::WINDOWS_1252.encode(DUMP).0);
    let output = klartext(&["clean", "--format", "text", "--charset", "windows-1252", path(&page)]);
    assert!(stdout(&output).contains("geöffnet."), "{}", stdout(&output));
}

#[test]
fn clean_has_an_exit_code_for_each_end() {
    let good = file("good.txt", DUMP.as_bytes());
    let empty = file("empty.txt", b"");
    let binary = file("binary.html", b"%PDF-1.7 \0\0\0");
    let code = |args: &[&Path]| {
        let args: Vec<&str> =
            ["clean"].into_iter().chain(args.iter().map(|arg| path(arg))).collect();
        klartext(&args).status.code()
    };
    assert_eq!(code(&[&good]), Some(0));
    assert_eq!(code(&[&good, &binary]), Some(1), "some failed");
    assert_eq!(code(&[&empty, &binary]), Some(65), "all failed");
    assert_eq!(code(&[&good, Path::new("/no/such/file")]), Some(66), "there is no such file");
}

#[test]
fn clean_never_holds_more_of_a_file_than_the_limit() {
    let large = file("large.txt", &vec![b'a'; 100_000]);
    let output = klartext(&["clean", "--set", "limits.document_bytes=10KB", path(&large)]);
    assert_eq!(output.status.code(), Some(65));
    assert!(stderr(&output).contains("100000 bytes"), "{}", stderr(&output));
}

/// Envelopes, one a line, each with its number in the address.
fn envelopes(n_lines: usize) -> String {
    let envelope = |number: usize| {
        let url = format!("https://zeitung.example/{number}");
        let text = if number % 10 == 3 { String::new() } else { DUMP.repeat(1 + number % 7) };
        serde_json::json!({"url": url, "text": text}).to_string()
    };
    (0..n_lines).map(envelope).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn jsonl_keeps_the_order_with_any_number_of_threads() {
    let input = envelopes(300);
    let one = klartext_with(&["clean", "--jsonl", "--threads", "1"], input.as_bytes());
    let many = klartext_with(&["clean", "--jsonl", "--threads", "7"], input.as_bytes());
    assert_eq!(one.status.code(), Some(1), "some lines have no text: {}", stderr(&one));
    assert_eq!(stdout(&one), stdout(&many));
    assert_eq!(stdout(&one).lines().count(), 300);
    for (number, line) in stdout(&one).lines().enumerate() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["url"], format!("https://zeitung.example/{number}"));
        assert_eq!(line["outcome"].is_string(), number % 10 == 3, "{line}");
    }
}

#[test]
fn jsonl_answers_every_line_whatever_it_is() {
    let long = format!("{{\"text\": \"{}\"}}", "a".repeat(30_000));
    let good = envelopes(1);
    let input = format!("{good}null\n\n{{broken\n[1]\n{long}\n{}", good.trim_end());
    let output = klartext_with(
        &["clean", "--jsonl", "--set", "limits.document_bytes=20KB"],
        input.as_bytes(),
    );
    let outcomes: Vec<String> = stdout(&output)
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("JSON");
            let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
            format!("{} {}", word("outcome"), word("reason"))
        })
        .collect();
    assert_eq!(outcomes.len(), 7, "{outcomes:?}");
    assert_eq!(outcomes[0], "- -");
    assert_eq!(outcomes[1], "tombstone -");
    assert!(
        outcomes[2..6].iter().all(|outcome| outcome.starts_with("dead_letter ")),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[5], "dead_letter document_too_large");
    assert_eq!(outcomes[6], "- -", "the last line needs no line end");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn jsonl_of_nothing_is_nothing() {
    let output = klartext_with(&["clean", "--jsonl"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
}

#[test]
fn jsonl_stops_quietly_when_its_reader_goes_away() {
    let mut child = command(&["clean", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = envelopes(2_000);
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    let _written = writer.join().expect("the writer does not panic");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[test]
fn shells_and_man_are_told_of_every_command() {
    let help = klartext(&["--help"]);
    let (_, commands) = stdout(&help).split_once("Commands:\n").expect("a list of commands");
    let names = commands.lines().take_while(|line| !line.trim().is_empty());
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"run"), "{names:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = klartext(&["completions", shell]);
        assert_eq!(script.status.code(), Some(0), "{shell}");
        assert!(names.iter().all(|name| stdout(&script).contains(name)), "{shell}");
    }
    let page = klartext(&["man"]);
    assert!(stdout(&page).starts_with(".ie") || stdout(&page).contains(".TH klartext"));
    let folder = file("man", b"").with_extension("pages");
    fs::create_dir_all(&folder).expect("the folder can be made");
    assert_eq!(klartext(&["man", "--into", path(&folder)]).status.code(), Some(0));
    for name in names.iter().filter(|name| **name != "help") {
        assert!(folder.join(format!("klartext-{name}.1")).is_file(), "klartext-{name}.1");
    }
}

#[test]
fn schemas_are_printed_as_json() {
    for (of, field) in [("config", "input"), ("output", "blocks"), ("rejected", "reason")] {
        let output = klartext(&["schema", of]);
        assert_eq!(output.status.code(), Some(0), "{of}");
        let schema: Value = serde_json::from_str(stdout(&output)).expect("JSON");
        assert!(schema["properties"][field].is_object(), "{of}");
    }
}
