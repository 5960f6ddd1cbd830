//! What the fuzzer was given and what it found, on the toolchain that everyone has: `tests/fuzz/corpus`.

#[path = "../fuzz/targets/mod.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets are a crate of their own")]
mod targets;

use std::fs;
use std::path::Path;

fn run(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty(), "there is nothing for {name}");
    for file in files {
        let data = fs::read(&file).unwrap();
        // Cut short too: the end of a page may be anywhere.
        target(&data[..data.len() / 2]);
        target(&data);
    }
}

#[test]
fn decode_holds_on_the_corpus() {
    run("decode", targets::decode);
}

#[test]
fn html_holds_on_the_corpus() {
    run("html", targets::html);
}

#[test]
fn text_holds_on_the_corpus() {
    run("text", targets::text);
}

#[test]
fn metadata_holds_on_the_corpus() {
    run("metadata", targets::metadata);
}

#[test]
fn config_holds_on_the_corpus() {
    run("config", targets::config);
}

#[test]
fn letter_holds_on_the_corpus() {
    run("letter", targets::letter);
}
