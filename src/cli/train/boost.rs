//! Gradient boosting of small trees on log loss (Friedman, "Greedy Function Approximation", 2001), with histograms and
//! second-order gains (Chen and Guestrin, "`XGBoost`", 2016). Deterministic: the samples come from a fixed sequence.

use super::examples::Example;

/// Fewest examples of a leaf.
const MIN_EXAMPLES: u32 = 100;
/// Penalty on a leaf's weight, in mean examples.
const RIDGE: f64 = 2.0;
/// Most limits tried for a fact.
const MAX_BINS: usize = 64;
/// Of ten examples, and of ten facts, a tree sees so many.
const SEEN_OF_TEN: u64 = 7;

/// A node, children behind it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) weight: f64,
    /// Fact and limit; then the "yes" branch follows, then the other.
    pub(super) question: Option<(usize, f32)>,
}

/// What was learnt: the base rate, and the trees in preorder.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) base: f64,
    pub(super) trees: Vec<Vec<Node>>,
}

/// How much is learnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Trees. More fit the pages they saw better and others no better (measured by domain).
    pub(super) n_trees: usize,
    /// How far each tree goes.
    pub(super) rate: f64,
    /// Questions on one path.
    pub(super) depth: usize,
}

/// Learns.
pub(super) fn boost(examples: &[&Example], size: Size) -> Model {
    let n = f64::from(u32::try_from(examples.len()).unwrap_or(u32::MAX)).max(1.0);
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let text: f64 = examples.iter().filter(|e| e.is_text).map(|e| e.weight).sum();
    let base = (text.max(f64::MIN_POSITIVE) / (total - text).max(f64::MIN_POSITIVE)).ln();
    let mean = (total / n).max(f64::MIN_POSITIVE);
    let bins = Bins::of(examples);
    let mut odds = vec![base; examples.len()];
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut trees = Vec::with_capacity(size.n_trees);
    for _ in 0..size.n_trees {
        let steps: Vec<Step> = examples
            .iter()
            .zip(&odds)
            .map(|(example, odds)| {
                let p = 1.0 / (1.0 + (-odds).exp());
                let y = if example.is_text { 1.0 } else { 0.0 };
                let weight = example.weight / mean;
                Step { gradient: weight * (y - p), hessian: weight * p * (1.0 - p), count: 1 }
            })
            .collect();
        let mut rows = Vec::with_capacity(examples.len());
        rows.extend((0..examples.len()).filter(|_| chance.happens()));
        let facts: Vec<usize> = (0..bins.limits.len()).filter(|_| chance.happens()).collect();
        let mut tree = Vec::new();
        grow(
            &mut tree,
            &Ground { bins: &bins, steps: &steps, facts: &facts, rate: size.rate },
            rows,
            size.depth,
        );
        for (example, odds) in examples.iter().zip(&mut odds) {
            *odds += answer(&tree, &example.facts);
        }
        trees.push(tree);
    }
    Model { base, trees }
}

/// A fixed sequence of chances (xorshift64).
struct Chance(u64);

impl Chance {
    fn happens(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % 10 < SEEN_OF_TEN
    }
}

/// What one example, or many, ask of the next tree.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    gradient: f64,
    hessian: f64,
    count: u32,
}

impl Step {
    fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            hessian: self.hessian + other.hessian,
            count: self.count + other.count,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            count: self.count - other.count,
        }
    }

    fn score(self) -> f64 {
        self.gradient * self.gradient / (self.hessian + RIDGE)
    }

    fn weight(self, rate: f64) -> f64 {
        rate * self.gradient / (self.hessian + RIDGE)
    }
}

/// The facts of all examples as numbers of their bins.
struct Bins {
    /// Upper limits of each fact's bins but the last.
    limits: Vec<Vec<f32>>,
    /// Bin of each example, by fact.
    bins: Vec<Vec<u8>>,
}

impl Bins {
    fn of(examples: &[&Example]) -> Self {
        let (mut all_limits, mut all_bins) = (Vec::new(), Vec::new());
        let n_facts = examples.first().map_or(0, |example| example.facts.len());
        for fact in 0..n_facts {
            let value = |example: &&Example| example.facts.get(fact).copied().unwrap_or_default();
            let mut values: Vec<f32> = examples.iter().map(value).collect();
            values.sort_by(f32::total_cmp);
            let mut limits: Vec<f32> = (1..MAX_BINS)
                .filter_map(|bin| values.get(values.len() * bin / MAX_BINS).copied())
                .collect();
            limits.dedup();
            if limits.last() == values.last() {
                limits.pop();
            }
            let bin_of = |value: f32| limits.partition_point(|limit| *limit < value);
            let bins = examples
                .iter()
                .map(|example| u8::try_from(bin_of(value(example))).unwrap_or(u8::MAX))
                .collect();
            all_limits.push(limits);
            all_bins.push(bins);
        }
        Self { limits: all_limits, bins: all_bins }
    }

    fn bin(&self, fact: usize, row: usize) -> usize {
        self.bins.get(fact).and_then(|bins| bins.get(row)).map_or(0, |bin| usize::from(*bin))
    }
}

struct Ground<'g> {
    bins: &'g Bins,
    steps: &'g [Step],
    facts: &'g [usize],
    rate: f64,
}

/// Grows a node and what hangs below it; `depth` bounds the recursion.
fn grow(tree: &mut Vec<Node>, ground: &Ground<'_>, rows: Vec<usize>, depth: usize) {
    let sum = rows.iter().filter_map(|row| ground.steps.get(*row)).fold(Step::default(), add);
    let best = if depth == 0 { None } else { best_question(ground, &rows, sum) };
    let Some((fact, bin, limit)) = best else {
        tree.push(Node { weight: sum.weight(ground.rate), question: None });
        return;
    };
    tree.push(Node { weight: sum.weight(ground.rate), question: Some((fact, limit)) });
    let (yes, no) = rows.into_iter().partition(|row| ground.bins.bin(fact, *row) <= bin);
    grow(tree, ground, yes, depth - 1);
    grow(tree, ground, no, depth - 1);
}

fn add(sum: Step, step: &Step) -> Step {
    sum.plus(*step)
}

/// The question that divides best: fact, bin, limit.
fn best_question(ground: &Ground<'_>, rows: &[usize], sum: Step) -> Option<(usize, usize, f32)> {
    let mut best = None;
    let mut best_gain = 1e-6;
    for &fact in ground.facts {
        let mut histogram = [Step::default(); MAX_BINS];
        for &row in rows {
            let slot = histogram.get_mut(ground.bins.bin(fact, row));
            if let (Some(slot), Some(step)) = (slot, ground.steps.get(row)) {
                *slot = slot.plus(*step);
            }
        }
        let mut yes = Step::default();
        let limits = ground.bins.limits.get(fact).map_or(&[][..], Vec::as_slice);
        for (bin, (step, limit)) in histogram.iter().zip(limits).enumerate() {
            yes = yes.plus(*step);
            let no = sum.minus(yes);
            let gain = yes.score() + no.score() - sum.score();
            if yes.count >= MIN_EXAMPLES && no.count >= MIN_EXAMPLES && gain > best_gain {
                best_gain = gain;
                best = Some((fact, bin, *limit));
            }
        }
    }
    best
}

/// The weight of the leaf that the facts lead to.
fn answer(tree: &[Node], facts: &[f32]) -> f64 {
    let mut at = 0;
    while let Some(node) = tree.get(at) {
        let Some((fact, limit)) = node.question else { return node.weight };
        let is_yes = facts.get(fact).copied().unwrap_or_default() <= limit;
        at = if is_yes { at + 1 } else { end_of(tree, at + 1) };
    }
    0.0
}

/// Where the subtree that begins at a node ends.
fn end_of(tree: &[Node], start: usize) -> usize {
    let (mut at, mut open) = (start, 1_usize);
    while let Some(node) = tree.get(at).filter(|_| open > 0) {
        open = if node.question.is_some() { open + 1 } else { open - 1 };
        at += 1;
    }
    at
}
