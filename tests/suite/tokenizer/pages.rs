//! Whole pages: our samples, and real ones where there are any.
//!
//! `KLARTEXT_BENCH_PAGES` names a folder with `<set>/pages.jsonl`, one page a line, whose `html` is the path of a gzipped
//! page beside it; without it only the samples are read.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use klartext::config::Config;
use klartext::rules::Rules;
use serde_json::Value;

use super::equality::{
    assert_same_document, assert_same_tokens, assert_same_tree, assert_same_when_lean,
    is_same_when_lean,
};

#[test]
fn sample_pages_are_read_as_html5ever_reads_them() {
    let rules = Rules::compile(&Config::default()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "html")).collect();
    assert!(!pages.is_empty());
    for path in pages {
        let html = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let name = path.display().to_string();
        check(&html, &name, &rules);
        assert_same_when_lean(&html, &name, &rules);
    }
}

#[test]
fn real_pages_are_read_as_html5ever_reads_them() {
    let Some(folder) = std::env::var_os("KLARTEXT_BENCH_PAGES").map(PathBuf::from) else {
        eprintln!("skipped: no real pages (set KLARTEXT_BENCH_PAGES to a folder of them)");
        return;
    };
    let rules = Rules::compile(&Config::default()).unwrap();
    let (mut n_pages, mut n_differing, mut n_other_texts) = (0, 0, 0);
    for set in fs::read_dir(folder).unwrap() {
        let set = set.unwrap().path();
        for (name, html) in pages(&set) {
            check(&html, &name, &rules);
            let (is_same, has_same_text) = is_same_when_lean(&html, &rules);
            n_differing += usize::from(!is_same);
            n_other_texts += usize::from(!has_same_text);
            if !has_same_text {
                eprintln!("{name}: another text from the lean tree");
            }
            n_pages += 1;
        }
    }
    assert!(n_pages > 0);
    eprintln!("lean tree: {n_differing} pages read otherwise, {n_other_texts} have another text");
    assert!(n_differing * 10 < n_pages && n_other_texts * 100 < n_pages);
    eprintln!("{n_pages} pages compared");
}

fn check(html: &str, name: &str, rules: &Rules) {
    assert_same_tokens(html, name);
    assert_same_tree(html, name);
    assert_same_document(html, name, rules);
}

/// The HTML pages of a set.
fn pages(set: &Path) -> Vec<(String, String)> {
    let list = fs::read_to_string(set.join("pages.jsonl")).unwrap_or_default();
    let pages = list.lines().filter_map(|line| {
        let page: Value = serde_json::from_str(line).unwrap();
        let file = set.join(page["html"].as_str()?);
        let mut bytes = Vec::new();
        MultiGzDecoder::new(fs::File::open(&file).ok()?).read_to_end(&mut bytes).unwrap();
        Some((file.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()))
    });
    pages.collect()
}
