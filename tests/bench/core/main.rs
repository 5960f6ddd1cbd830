//! How fast the core is, one thread: `cargo bench --bench core`.
//!
//! The pages are our own; with `KLARTEXT_BENCH_PAGES=FOLDER` those of `FOLDER/SET/pages.jsonl`, by default the sets that
//! `KLARTEXT_BENCH_SETS` names (`fundus traf:de aeb`). All times are the thread's CPU time, the best of several rounds.
//!
//! - without arguments: the steps, whole pages by size, page by page, phrases;
//! - `profile N`: cleans all pages N times and prints nothing, for a profiler;
//! - `rounds`: cleans all pages once for each line on stdin and prints the seconds: `tests/bench/compare` drives it;
//! - `write FOLDER`: writes the pages down, for other programs to read.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a measuring program"
)]

mod clock;
mod corpus;
mod steps;

use std::hint::black_box;
use std::io::BufRead as _;

use klartext::config::Config;
use klartext::pipeline::clean;
use klartext::rules::Rules;

use corpus::Page;

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let rules = Rules::compile(&Config::default()).unwrap();
    let pages = corpus::pages();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["profile", n_rounds] => {
            for _ in 0..n_rounds.parse().unwrap() {
                clean_all(&pages, &rules);
            }
        }
        ["rounds"] => {
            println!("ready {}", pages.len());
            for _line in std::io::stdin().lock().lines() {
                let begun = clock::cpu();
                clean_all(&pages, &rules);
                println!("{:.6}", clock::cpu().saturating_sub(begun).as_secs_f64());
            }
        }
        ["write", folder] => corpus::write(&pages, folder.as_ref()),
        _ => report(&pages, &rules),
    }
}

fn clean_all(pages: &[Page], rules: &Rules) {
    for page in pages {
        black_box(clean(&page.record, rules));
    }
}

fn report(pages: &[Page], rules: &Rules) {
    let n_bytes: usize = pages.iter().map(Page::n_bytes).sum();
    println!("{} pages, mean {} kB", pages.len(), n_bytes / pages.len() / 1000);
    steps::whole(pages, rules);
    steps::one_by_one(pages, rules);
    steps::by_size(rules);
    steps::phrases(rules);
}
