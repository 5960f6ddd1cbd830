//! How fast text dumps are cleaned, one thread: `cargo bench --bench text`.
//!
//! Prints megabytes of source text a second of CPU time, the best of several runs, for each step and for the whole path from the
//! characters to the article. The aim is 50 MB/s for the whole path.
//!
//! The pages are our own; with `KLARTEXT_BENCH_PAGES=FOLDER` the dumps of `FOLDER/SET/pages.jsonl` are measured too, by default
//! of the sets that `KLARTEXT_BENCH_DUMPS` names (`fundus-text`).
//!
//! - with an argument: only the measurements whose name ends with it;
//! - `profile CORPUS N`: cleans all pages of a corpus N times and prints nothing, for a profiler.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measuring program"
)]

#[path = "core/clock.rs"]
mod clock;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read as _;
use std::path::Path;

use klartext::assemble::assemble;
use klartext::config::Config;
use klartext::label::label;
use klartext::model::{Charset, CharsetSource, PageBody, RawPage};
use klartext::parse::parse;
use klartext::rules::Rules;
use klartext::text::Skeleton;

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds of each measurement.
const ROUNDS: usize = 12;

/// Whole pages in one corpus.
const N_PAGES: usize = 200;

/// Sets of `KLARTEXT_BENCH_PAGES`.
const SETS: &str = "fundus-text";

/// The dump of an article, as it is.
const ARTICLE: &str = include_str!("../pages/text-dump/source.txt");

/// Lines around it on a whole page.
const MENU: &str = "Zum Inhalt springen\nMenü\nStartseite\nPolitik\nWirtschaft\nSport\nKultur\nWissen\nAbo\nAnmelden\nNewsletter\n";
const FOOTER: &str = "\nTeilen\nFacebook\n3 Kommentare\nDas könnte Sie auch interessieren\nSieben Tipps für den Garten\n\
    Impressum\nDatenschutz\nAGB\nKontakt\n© 2024 Kirchauer Bote. Alle Rechte vorbehalten.\n";

/// Dumps that are measured together, and their name.
type Corpus = (String, Vec<String>);

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rules = Rules::compile(&Config::default()).unwrap();
    if let ["profile", wanted, n_rounds] = arguments.as_slice() {
        for (_, corpus) in corpora().iter().filter(|(name, _)| name == wanted) {
            // What is compiled when it is first needed is not counted.
            for text in corpus {
                clean(text, &rules);
            }
            for _ in 0..n_rounds.parse().unwrap() {
                clean_all(corpus, &rules);
            }
        }
        return;
    }
    report(arguments.first().copied(), &rules);
}

fn report(wanted: Option<&str>, rules: &Rules) {
    let corpora = corpora();
    for (name, corpus) in &corpora {
        let n_bytes: usize = corpus.iter().map(String::len).sum();
        println!("{name}: {} pages, mean {} bytes", corpus.len(), n_bytes / corpus.len());
        let measure = |step: &str, work: &dyn Fn(&str)| {
            measure(wanted, &format!("{name}: {step}"), corpus, work);
        };
        measure("parse", &|text| {
            black_box(parse(&page(text), rules).unwrap());
        });
        measure("parse, label", &|text| {
            black_box(label(parse(&page(text), rules).unwrap(), rules));
        });
        measure("parse, label, assemble", &|text| clean(text, rules));
    }
    let mut skeleton = Skeleton::default();
    let articles = corpora.first().map_or(&[][..], |(_, articles)| articles);
    measure(wanted, "phrases and patterns, by line", articles, |text| {
        for line in text.lines() {
            black_box(rules.markers.matcher.read(line, &mut skeleton));
        }
    });
}

/// Runs `work` over the corpus again and again; megabytes a second of CPU time in the best run.
fn measure(wanted: Option<&str>, name: &str, corpus: &[String], mut work: impl FnMut(&str)) {
    if wanted.is_some_and(|wanted| !name.ends_with(wanted)) {
        return;
    }
    let n_bytes: usize = corpus.iter().map(String::len).sum();
    let best = clock::best(ROUNDS, || corpus.iter().for_each(|text| work(text)));
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = n_bytes as f64 / best / 1e6;
    println!("{name:40} {rate:8.1} MB/s");
}

/// A function of its own, so that a profiler can be told to look at nothing else.
#[inline(never)]
fn clean_all(corpus: &[String], rules: &Rules) {
    for text in corpus {
        clean(text, rules);
    }
}

/// The whole path: what comes out is nobody's business but the optimiser's.
fn clean(text: &str, rules: &Rules) {
    let page = page(text);
    let labelled = label(parse(&page, rules).unwrap(), rules);
    black_box(assemble(&page, &labelled, rules).is_ok());
}

fn page(text: &str) -> RawPage<'_> {
    RawPage {
        url: None,
        fetched_at: None,
        body: PageBody::Text(text.into()),
        charset: Charset { name: "UTF-8", source: CharsetSource::ValidUtf8, had_errors: false },
        content_language: None,
        canonical_link: None,
        source_fields: serde_json::Map::new(),
    }
}

/// Our own pages, and those of the environment's folder.
fn corpora() -> Vec<Corpus> {
    // Every page differs, so that nothing is measured that a cache of pages would hold.
    let articles: Vec<String> =
        (0..N_PAGES).map(|n| ARTICLE.replace("Norderkoog", &format!("Norderkoog {n}"))).collect();
    let pages = articles.iter().map(|article| format!("{MENU}{article}{FOOTER}")).collect();
    let mut corpora = vec![("article".to_owned(), articles), ("whole page".to_owned(), pages)];
    if let Some(folder) = std::env::var_os("KLARTEXT_BENCH_PAGES") {
        let sets = std::env::var("KLARTEXT_BENCH_DUMPS").unwrap_or_else(|_| SETS.to_owned());
        let folder = Path::new(&folder);
        corpora.extend(sets.split_whitespace().flat_map(|set| read_set(folder, set)));
    }
    corpora
}

/// The dumps of a set, by variant: articles alone, and whole pages.
fn read_set(root: &Path, set: &str) -> Vec<Corpus> {
    let folder = root.join(set);
    let mut corpora: Vec<Corpus> = Vec::new();
    for line in fs::read_to_string(folder.join("pages.jsonl")).unwrap().lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = format!("{set}/{}", entry["variant"].as_str().unwrap_or("all"));
        let file = File::open(folder.join(entry["text_file"].as_str().unwrap())).unwrap();
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match corpora.iter_mut().find(|(known, _)| *known == name) {
            Some((_, corpus)) => corpus.push(text),
            None => corpora.push((name, vec![text])),
        }
    }
    corpora
}
