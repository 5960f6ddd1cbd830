//! What is measured.

use std::borrow::Cow;
use std::hint::black_box;

use klartext::assemble::assemble;
use klartext::decode::{Decoded, decode};
use klartext::label::label;
use klartext::model::{PageBody, RawPage};
use klartext::parse::html::read_tree;
use klartext::parse::html::tokenizer::{Doctype, Keep, StartTag, State, TokenSink, tokenize};
use klartext::parse::html::tree_builder::{Budget, parse_document};
use klartext::parse::parse;
use klartext::parse::tree::{Attribute, Names, Tag};
use klartext::pipeline::clean;
use klartext::rules::Rules;
use klartext::text::{Skeleton, normalize};

use super::clock::best;
use super::corpus::{Page, synthetic};

/// Rounds over all pages.
const ROUNDS: usize = 5;

/// Each step on all pages, and their sum.
pub(super) fn whole(pages: &[Page], rules: &Rules) {
    let raw: Vec<RawPage<'_>> = pages.iter().filter_map(|page| decoded(page, rules)).collect();
    println!("\n{:24}{:>10}{:>10}", "step", "µs/page", "MB/s");
    line("decode", pages, || {
        for page in pages {
            black_box(decode(&page.record, rules).is_ok());
        }
    });
    line("  tokens", pages, || {
        for html in raw.iter().filter_map(html) {
            tokenize(html, Keep::Lean, &mut Nobody::default());
        }
    });
    line("  tokens, tree", pages, || {
        for html in raw.iter().filter_map(html) {
            let budget = Budget::of_page(html.len(), 512, 500_000);
            black_box(parse_document(html, Keep::Lean, budget).is_ok());
        }
    });
    let trees: Vec<_> = raw
        .iter()
        .filter_map(html)
        .filter_map(|html| parse_document(html, Keep::Lean, Budget::UNLIMITED).ok())
        .collect();
    line("  walk, claims", pages, || {
        for tree in &trees {
            black_box(read_tree(tree, rules));
        }
    });
    drop(trees);
    line("parse", pages, || {
        for page in &raw {
            black_box(parse(page, rules).is_ok());
        }
    });
    let mut documents: Vec<Vec<_>> =
        (0..ROUNDS).map(|_| raw.iter().flat_map(|page| parse(page, rules)).collect()).collect();
    line("label", pages, || {
        for document in documents.pop().unwrap_or_default() {
            black_box(label(document, rules));
        }
    });
    let labelled: Vec<_> = raw
        .iter()
        .filter_map(|page| Some((page, label(parse(page, rules).ok()?, rules))))
        .collect();
    line("assemble", pages, || {
        for (page, document) in &labelled {
            black_box(assemble(page, document, rules).is_ok());
        }
    });
    line("whole", pages, || super::clean_all(pages, rules));
}

fn decoded<'p>(page: &'p Page, rules: &Rules) -> Option<RawPage<'p>> {
    match decode(&page.record, rules) {
        Ok(Decoded::Page(page)) => Some(page),
        _ => None,
    }
}

fn html<'p>(page: &'p RawPage<'_>) -> Option<&'p str> {
    match &page.body {
        PageBody::Html(html) => Some(html),
        PageBody::Text(_) => None,
    }
}

fn line(name: &str, pages: &[Page], work: impl FnMut()) {
    let n_bytes: usize = pages.iter().map(Page::n_bytes).sum();
    let seconds = best(ROUNDS, work);
    let micros = seconds * 1e6 / pages.len() as f64;
    println!("{name:24}{micros:>10.1}{:>10.0}", n_bytes as f64 / 1e6 / seconds);
}

/// How long the slowest pages take beside the median one.
pub(super) fn one_by_one(pages: &[Page], rules: &Rules) {
    let mut times: Vec<f64> = pages
        .iter()
        .map(|page| {
            best(ROUNDS, || {
                black_box(clean(&page.record, rules));
            }) * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "\npages one by one: {:.0} pages/s; median {:.2} ms, p90 {:.2}, p99 {:.2} ({:.1}× the median), slowest {:.2}",
        times.len() as f64 / times.iter().sum::<f64>() * 1e3,
        at(50),
        at(90),
        at(99),
        at(99) / at(50),
        at(100)
    );
}

/// Our own pages by size: the time is to grow as the bytes do.
pub(super) fn by_size(rules: &Rules) {
    println!("\n{:24}{:>10}{:>10}", "page of", "ms", "MB/s");
    for kb in [1, 10, 50, 200, 1_000, 5_000] {
        let page = synthetic(kb * 1000);
        let seconds = best(ROUNDS, || {
            black_box(clean(&page.record, rules));
        });
        let rate = page.n_bytes() as f64 / 1e6 / seconds;
        println!("{:24}{:>10.3}{rate:>10.0}", format!("{kb} kB"), seconds * 1e3);
    }
}

/// Phrases and patterns, and the normal form, on the lines of an article.
pub(super) fn phrases(rules: &Rules) {
    let article = include_str!("../../pages/text-dump/source.txt");
    let lines: Vec<&str> = article.lines().filter(|line| !line.trim().is_empty()).collect();
    let n_bytes: usize = lines.iter().map(|line| line.len()).sum();
    let mut skeleton = Skeleton::default();
    println!("\n{:24}{:>10}", "lines of an article", "MB/s");
    let phrases = best(ROUNDS * 10, || {
        for line in &lines {
            black_box(rules.markers.matcher.read(line, &mut skeleton));
        }
    });
    println!("{:24}{:>10.0}", "phrases, patterns", n_bytes as f64 / 1e6 / phrases);
    let normal = best(ROUNDS * 10, || {
        for line in &lines {
            black_box(normalize(line));
        }
    });
    println!("{:24}{:>10.0}", "normal form", n_bytes as f64 / 1e6 / normal);
}

/// Takes tokens and builds nothing.
#[derive(Default)]
struct Nobody<'p> {
    names: Names<'p>,
    n_tokens: usize,
}

impl<'p> TokenSink<'p> for Nobody<'p> {
    fn names(&mut self) -> &mut Names<'p> {
        &mut self.names
    }

    fn start_tag(&mut self, _tag: StartTag, _attributes: &mut Vec<Attribute<'p>>) -> State {
        self.n_tokens += 1;
        State::Data
    }

    fn end_tag(&mut self, _tag: Tag) {
        self.n_tokens += 1;
    }

    fn text(&mut self, text: Cow<'p, str>) {
        self.n_tokens += usize::from(!text.is_empty());
    }

    fn nul(&mut self) {
        self.n_tokens += 1;
    }

    fn comment(&mut self, _text: Cow<'p, str>) {
        self.n_tokens += 1;
    }

    fn doctype(&mut self, _doctype: Doctype<'p>) {
        self.n_tokens += 1;
    }

    fn end(&mut self) {
        black_box(self.n_tokens);
    }

    fn is_in_foreign_content(&self) -> bool {
        false
    }

    fn wants_more(&mut self, _offset: usize) -> bool {
        true
    }
}
