//! How near a prediction is to the right answer.
//!
//! Body: 4-gram shingles as in scrapinghub's article-extraction-benchmark: multiset precision and recall a page, the F1 of
//! their means over the pages.

use std::collections::HashMap;

use super::gold::Gold;
use super::prediction::Prediction;

/// Words in a shingle.
const SHINGLE: usize = 4;

/// The scores of one page; `None` where the gold has nothing to compare with.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageScore {
    /// Share of the output that is right; `None` also for an empty output.
    pub(super) precision: Option<f64>,
    /// Share of the gold that was found.
    pub(super) recall: Option<f64>,
    /// Whether the title is right but for case and white space.
    pub(super) title: Option<f64>,
    /// F1 of the two sets of authors.
    pub(super) authors: Option<f64>,
    /// Whether the day is right.
    pub(super) date: Option<f64>,
    /// Whether the language is right.
    pub(super) lang: Option<f64>,
}

impl PageScore {
    pub(super) fn of(gold: &Gold, prediction: &Prediction) -> Self {
        let text = gold.text.as_deref().filter(|text| !text.trim().is_empty());
        let (precision, recall) =
            text.map_or((None, None), |text| precision_recall(text, &prediction.text));
        let title = gold.title.as_deref().filter(|title| !title.is_empty());
        let authors = gold.authors.as_deref().filter(|authors| !authors.is_empty());
        let date = gold.date.as_deref().filter(|date| date.len() >= 10);
        let lang = gold.lang.as_deref().filter(|lang| !lang.is_empty());
        Self {
            precision,
            recall,
            title: title.map(|gold| {
                hit(prediction.title.as_deref().is_some_and(|title| folded(title) == folded(gold)))
            }),
            authors: authors.map(|gold| set_f1(gold, &prediction.authors)),
            date: date.map(|gold| {
                hit(prediction.date.as_deref().is_some_and(|date| date.get(..10) == gold.get(..10)))
            }),
            lang: lang.map(|gold| {
                hit(prediction.lang.as_deref().is_some_and(|lang| primary(lang) == primary(gold)))
            }),
        }
    }

    /// F1 of the body on this page; an empty output is 0.
    pub(super) fn body(&self) -> Option<f64> {
        Some(f1(self.precision.unwrap_or(0.0), self.recall?))
    }
}

/// The harmonic mean.
pub(super) fn f1(precision: f64, recall: f64) -> f64 {
    let sum = precision + recall;
    if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }
}

/// The mean of what is there.
pub(super) fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, n) = values.flatten().fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

fn precision_recall(gold: &str, predicted: &str) -> (Option<f64>, Option<f64>) {
    let gold_words = words(gold);
    let words = words(predicted);
    let gold = shingles(&gold_words);
    let predicted = shingles(&words);
    let shared: u32 = predicted
        .iter()
        .map(|(shingle, n)| (*n).min(gold.get(shingle).copied().unwrap_or(0)))
        .sum();
    let share = |of: u32| (of > 0).then(|| f64::from(shared) / f64::from(of));
    (share(predicted.values().sum()), share(gold.values().sum()))
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect()
}

fn shingles<'t, 'w>(words: &'w [&'t str]) -> HashMap<&'w [&'t str], u32> {
    let mut shingles = HashMap::new();
    if words.len() < SHINGLE {
        if !words.is_empty() {
            shingles.insert(words, 1);
        }
        return shingles;
    }
    for shingle in words.windows(SHINGLE) {
        *shingles.entry(shingle).or_default() += 1;
    }
    shingles
}

fn set_f1(gold: &[String], predicted: &[String]) -> f64 {
    let gold: Vec<String> = gold.iter().map(|name| folded(name)).collect();
    let predicted: Vec<String> = predicted.iter().map(|name| folded(name)).collect();
    let share = |of: &[String], within: &[String]| {
        mean(of.iter().map(|name| Some(hit(within.contains(name))))).unwrap_or(0.0)
    };
    f1(share(&predicted, &gold), share(&gold, &predicted))
}

fn hit(is_right: bool) -> f64 {
    if is_right { 1.0 } else { 0.0 }
}

/// Case and white space do not count.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn primary(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or(lang)
}
