//! How fast text dumps are cleaned, one thread: `cargo bench --bench text`. The pages are our own.
//!
//! Prints megabytes of source text a second of CPU time, the best of several runs, for each step and for the whole path from the
//! characters to the article. The aim is 50 MB/s for the whole path.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program")]

#[path = "core/clock.rs"]
mod clock;

use std::hint::black_box;

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

/// The dump of an article, as it is.
const ARTICLE: &str = include_str!("../pages/text-dump/source.txt");

/// Lines around it on a whole page.
const MENU: &str = "Zum Inhalt springen\nMenü\nStartseite\nPolitik\nWirtschaft\nSport\nKultur\nWissen\nAbo\nAnmelden\nNewsletter\n";
const FOOTER: &str = "\nTeilen\nFacebook\n3 Kommentare\nDas könnte Sie auch interessieren\nSieben Tipps für den Garten\n\
    Impressum\nDatenschutz\nAGB\nKontakt\n© 2024 Kirchauer Bote. Alle Rechte vorbehalten.\n";

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

/// Runs `work` over the corpus again and again; megabytes a second of CPU time in the best run.
fn measure(name: &str, corpus: &[String], mut work: impl FnMut(&str)) {
    // `cargo bench` adds `--bench`.
    let wanted = std::env::args().skip(1).find(|argument| argument != "--bench");
    if wanted.is_some_and(|wanted| !name.ends_with(&wanted)) {
        return;
    }
    let n_bytes: usize = corpus.iter().map(String::len).sum();
    let best = clock::best(ROUNDS, || corpus.iter().for_each(|text| work(text)));
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = n_bytes as f64 / best / 1e6;
    println!("{name:40} {rate:8.1} MB/s");
}

fn main() {
    let rules = Rules::compile(&Config::default()).unwrap();
    // Every page differs, so that nothing is measured that a cache of pages would hold.
    let articles: Vec<String> =
        (0..N_PAGES).map(|n| ARTICLE.replace("Norderkoog", &format!("Norderkoog {n}"))).collect();
    let pages: Vec<String> =
        articles.iter().map(|article| format!("{MENU}{article}{FOOTER}")).collect();
    for (name, corpus) in [("article", &articles), ("whole page", &pages)] {
        measure(&format!("{name}: parse"), corpus, |text| {
            black_box(parse(&page(text), &rules).unwrap());
        });
        measure(&format!("{name}: parse, label"), corpus, |text| {
            black_box(label(parse(&page(text), &rules).unwrap(), &rules));
        });
        measure(&format!("{name}: parse, label, assemble"), corpus, |text| {
            let page = page(text);
            black_box(
                assemble(&page, &label(parse(&page, &rules).unwrap(), &rules), &rules).unwrap(),
            );
        });
    }
    let mut skeleton = Skeleton::default();
    measure("phrases and patterns, by line", &articles, |text| {
        for line in text.lines() {
            black_box(rules.markers.matcher.read(line, &mut skeleton));
        }
    });
}
