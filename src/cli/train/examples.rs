//! Examples: open blocks of gold pages, and whether their words stand in the right text.

use std::collections::{HashMap, HashSet};

use crate::cli::eval::gold::GoldPage;
use crate::cli::{CommandError, Exit};
use crate::pipeline::{OpenBlock, read_open_blocks};
use crate::rules::Rules;

/// Words in a shingle.
const SHINGLE: usize = 4;
/// Share of a block's shingles in the gold from which it is text, and up to which it is none; between, it teaches nothing.
const MIN_TEXT: f64 = 0.6;
/// See [`MIN_TEXT`].
const MAX_FOREIGN: f64 = 0.3;
/// What a line weighs that a snippet says of: snippets are chosen for hard spots.
const SNIPPET_WEIGHT: f64 = 0.6;
/// What every block weighs; on top comes its share of the gold text, since pages are scored by text, not by blocks.
const BLOCK_WEIGHT: f64 = 0.05;
/// Most that a page weighs: one page of a thousand lines must not outweigh ten articles.
const MAX_PAGE_WEIGHT: f64 = 2.0;
/// Share of the words kept so far that must be gold: below it, the gold means another text than the page's (the first entry
/// of a live blog, one product of a list), and teaches to cut articles.
const MIN_SHARED: f64 = 0.4;

/// One block.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) facts: Vec<f32>,
    pub(super) names: Vec<&'static str>,
    pub(super) is_text: bool,
    pub(super) weight: f64,
    pub(super) fold: u64,
}

/// The examples of all pages with gold text. Sets weigh by the root of their size: a large one does not drown the others.
pub(super) fn of(pages: &[GoldPage], rules: &Rules) -> Result<Vec<Example>, CommandError> {
    let mut sizes: HashMap<&str, u32> = HashMap::new();
    for page in pages {
        *sizes.entry(&page.dataset).or_default() += 1;
    }
    let mut examples = Vec::new();
    for page in pages {
        let Some(gold) = page.gold.text.as_deref().map(Gold::of) else { continue };
        let blocks = read_open_blocks(&page.record()?, rules)
            .map_err(|error| CommandError::message(Exit::DataError, error))?;
        let size = sizes.get(page.dataset.as_str()).copied().unwrap_or(1);
        if means_this_text(&gold, &blocks) {
            examples.extend(of_page(page, &gold, &blocks, f64::from(size).sqrt()));
        }
    }
    Ok(examples)
}

fn means_this_text(gold: &Gold, blocks: &[OpenBlock]) -> bool {
    let (mut all, mut shared) = (0.0, 0.0);
    for block in blocks.iter().filter(|block| block.is_text) {
        let words = words(&block.text);
        all += count(words.len());
        shared += count(words.len()) * gold.share(&words).unwrap_or_default();
    }
    shared >= all * MIN_SHARED
}

fn of_page(page: &GoldPage, gold: &Gold, blocks: &[OpenBlock], root_of_size: f64) -> Vec<Example> {
    let is_silver = page.gold_kind.as_deref().is_some_and(|kind| kind.starts_with("silver"));
    let fold = super::fold_of(&page.domain);
    let mut examples: Vec<Example> = blocks
        .iter()
        .filter_map(|block| {
            let words = words(&block.text);
            let told = page.gold.told_by_snippet(&block.text);
            let share = told.or_else(|| gold.share(&words))?;
            let is_text = share >= MIN_TEXT;
            let is_clear = is_text || share <= MAX_FOREIGN;
            // Another parser's output often lacks lists, quotes and tables: what it lacks there proves nothing.
            let proves =
                is_text || told.is_some() || !is_silver || !block.is_text || !has_form(block);
            let by_length = (BLOCK_WEIGHT + count(words.len()) / gold.n_words).min(1.0);
            let weight = if told.is_some() { SNIPPET_WEIGHT } else { by_length };
            (is_clear && proves).then(|| Example {
                facts: block.facts.iter().map(|(_, value)| *value).collect(),
                names: block.facts.iter().map(|(name, _)| *name).collect(),
                is_text,
                weight,
                fold,
            })
        })
        .collect();
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let scale = (MAX_PAGE_WEIGHT / total.max(MAX_PAGE_WEIGHT)) / root_of_size;
    for example in &mut examples {
        example.weight *= scale;
    }
    examples
}

/// Whether a block is a list item, a quote, a row or preformatted.
fn has_form(block: &OpenBlock) -> bool {
    let forms = ["list_item", "quote", "table_row", "preformatted"];
    block.facts.iter().any(|(name, value)| forms.contains(name) && *value > 0.0)
}

struct Gold {
    shingles: HashSet<Vec<String>>,
    lines: HashSet<Vec<String>>,
    n_words: f64,
}

impl Gold {
    fn of(text: &str) -> Self {
        let all = words(text);
        Self {
            shingles: all.windows(SHINGLE).map(<[String]>::to_vec).collect(),
            lines: text.lines().map(words).collect(),
            n_words: count(all.len()).max(1.0),
        }
    }

    /// Share of the words' shingles; of fewer words, whether they are a line. `None` without a word.
    fn share(&self, words: &[String]) -> Option<f64> {
        if words.is_empty() {
            return None;
        }
        if words.len() < SHINGLE {
            return Some(if self.lines.contains(words) { 1.0 } else { 0.0 });
        }
        let shingles = words.windows(SHINGLE);
        let n_found = shingles.filter(|shingle| self.shingles.contains(*shingle)).count();
        Some(count(n_found) / count(words.len() + 1 - SHINGLE))
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Counts of a page are far below 2^32.
fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
