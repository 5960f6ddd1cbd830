//! What `eval` prints: means by set, the worst pages, and what changed.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::time::Duration;

use super::gold::GoldPage;
use super::prediction::Prediction;
use super::score::{PageScore, f1, mean};

/// Smaller changes of a page's body score are noise to the reader.
const CHANGE: f64 = 0.005;

/// A row a set, and one for all.
pub(super) fn print_means(
    out: &mut impl Write,
    pages: &[GoldPage],
    predictions: &[Prediction],
    scores: &[PageScore],
    took: Duration,
) -> io::Result<()> {
    let mut by_set: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (idx, page) in pages.iter().enumerate() {
        by_set.entry(&page.dataset).or_default().push(idx);
    }
    writeln!(
        out,
        "{:<20} {:>5} {:>5} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7}",
        "set", "n", "empty", "P4", "R4", "F4", "title", "auth", "date", "lang", "ms/page"
    )?;
    for (set, rows) in &by_set {
        print_row(out, set, rows, predictions, scores)?;
    }
    if by_set.len() > 1 {
        let all: Vec<usize> = (0..pages.len()).collect();
        print_row(out, "all", &all, predictions, scores)?;
    }
    let seconds: f64 = predictions.iter().map(|prediction| prediction.seconds).sum();
    writeln!(
        out,
        "{:.0} pages/s in the core (one thread); {:.1} s in all",
        count(pages.len()) / seconds.max(1e-9),
        took.as_secs_f64()
    )
}

fn print_row(
    out: &mut impl Write,
    name: &str,
    rows: &[usize],
    predictions: &[Prediction],
    scores: &[PageScore],
) -> io::Result<()> {
    let scores = || rows.iter().filter_map(|idx| scores.get(*idx));
    let predictions = || rows.iter().filter_map(|idx| predictions.get(*idx));
    let precision = mean(scores().map(|score| score.precision));
    let recall = mean(scores().map(|score| score.recall));
    let body = precision.zip(recall).map(|(precision, recall)| f1(precision, recall));
    let n_empty = predictions().filter(|prediction| prediction.text.is_empty()).count();
    let ms = mean(predictions().map(|prediction| Some(prediction.seconds * 1000.0)));
    writeln!(
        out,
        "{name:<20} {:>5} {n_empty:>5} {} {} {} {} {} {} {} {:>7.2}",
        rows.len(),
        cell(precision),
        cell(recall),
        cell(body),
        cell(mean(scores().map(|score| score.title))),
        cell(mean(scores().map(|score| score.authors))),
        cell(mean(scores().map(|score| score.date))),
        cell(mean(scores().map(|score| score.lang))),
        ms.unwrap_or_default(),
    )
}

/// The worst pages by body text.
pub(super) fn print_worst(
    out: &mut impl Write,
    pages: &[GoldPage],
    predictions: &[Prediction],
    scores: &[PageScore],
    n: usize,
) -> io::Result<()> {
    let mut ranked: Vec<_> = pages
        .iter()
        .zip(predictions)
        .zip(scores)
        .filter_map(|((page, prediction), score)| Some((score.body()?, page, prediction, score)))
        .collect();
    ranked.sort_by(|(left, ..), (right, ..)| left.total_cmp(right));
    writeln!(out, "\nworst pages by body text:")?;
    for (body, page, prediction, score) in ranked.into_iter().take(n) {
        let error = prediction.error.as_deref().unwrap_or_default();
        let (precision, recall) = (cell(score.precision), cell(score.recall));
        writeln!(out, "  F4 {body:.3}  P4 {precision}  R4 {recall}  {} {error}", page.id)?;
    }
    Ok(())
}

/// Pages whose body text got better or worse.
pub(super) fn print_changes(
    out: &mut impl Write,
    pages: &[GoldPage],
    scores: &[PageScore],
    earlier: &HashMap<String, Prediction>,
) -> io::Result<()> {
    let mut changes: Vec<(f64, f64, &str)> = pages
        .iter()
        .zip(scores)
        .filter_map(|(page, score)| {
            let before = PageScore::of(&page.gold, earlier.get(&page.id)?).body()?;
            Some((before, score.body()?, page.id.as_str()))
        })
        .filter(|(before, after, _)| (after - before).abs() >= CHANGE)
        .collect();
    changes.sort_by(|left, right| (left.1 - left.0).total_cmp(&(right.1 - right.0)));
    let n_worse = changes.iter().filter(|(before, after, _)| after < before).count();
    writeln!(out, "\n{} pages better, {n_worse} worse:", changes.len() - n_worse)?;
    for (before, after, id) in changes {
        writeln!(out, "  {:+.3}  {before:.3} → {after:.3}  {id}", after - before)?;
    }
    Ok(())
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| format!("{:>6}", "-"), |value| format!("{value:>6.3}"))
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}
