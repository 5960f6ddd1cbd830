//! The last judge's model: gradient-boosted trees, read from `config/judge.txt`.
//!
//! The file: comments (`#`), one line `facts NAME…`, one line `base LOG-ODDS`, then one line a tree, its nodes in
//! preorder: `FACT<=LIMIT@WEIGHT` for a question (`FACT` counts in the line of facts; the branch for "yes" stands first),
//! `=WEIGHT` for a leaf. A question's weight is what a block weighs on average that comes there: the difference to the next
//! node's is what the answer says, so every verdict can be told fact by fact (Saabas, "Interpreting random forests", 2014).

use super::RulesError;

/// The file, as the binary carries it.
pub(super) const EMBEDDED: &str = include_str!("../../config/judge.txt");

/// Deepest tree.
const MAX_DEPTH: usize = 8;

/// A node of a tree.
#[derive(Debug, Clone, Copy)]
struct Node {
    weight: f32,
    question: Option<Question>,
}

/// A question about a fact. The branch for "yes" is the next node.
#[derive(Debug, Clone, Copy)]
struct Question {
    fact: usize,
    limit: f32,
    no: usize,
}

/// Trees whose weights add up to the log-odds of a block being text.
#[derive(Debug, Default)]
pub struct Trees {
    /// Names of the facts, as the model numbers them.
    pub facts: Vec<String>,
    base: f32,
    roots: Vec<usize>,
    nodes: Vec<Node>,
}

impl Trees {
    /// Reads the embedded file.
    pub(super) fn compile() -> Result<Self, RulesError> {
        Self::parse(EMBEDDED).map_err(|what| RulesError::Judge { what })
    }

    /// Reads a model.
    ///
    /// # Errors
    /// It is not in the form that the head of this file describes; the message names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut trees = Self::default();
        for (number, line) in (1_usize..).zip(text.lines()) {
            let mut words = line.split_ascii_whitespace().peekable();
            match words.peek() {
                None | Some(&"#") => {}
                Some(&"facts") => trees.facts = words.skip(1).map(str::to_owned).collect(),
                Some(&"base") => {
                    let base = words.nth(1).and_then(|word| word.parse().ok());
                    trees.base = base.ok_or_else(|| format!("line {number}: no number"))?;
                }
                Some(_) => {
                    trees.roots.push(trees.nodes.len());
                    trees
                        .read_node(&mut words, 0)
                        .map_err(|what| format!("line {number}: {what}"))?;
                    if words.next().is_some() {
                        return Err(format!("line {number}: more nodes than the tree has"));
                    }
                }
            }
        }
        Ok(trees)
    }

    /// Reads a node and what hangs below it; [`MAX_DEPTH`] bounds the recursion.
    fn read_node<'t>(
        &mut self,
        words: &mut impl Iterator<Item = &'t str>,
        depth: usize,
    ) -> Result<(), String> {
        let word = words.next().ok_or("a node is missing")?;
        if depth > MAX_DEPTH {
            return Err(format!("deeper than {MAX_DEPTH}"));
        }
        let wrong = || format!("`{word}` is no node");
        let number = |text: &str| text.parse::<f32>().map_err(|_error| wrong());
        if let Some(weight) = word.strip_prefix('=') {
            self.nodes.push(Node { weight: number(weight)?, question: None });
            return Ok(());
        }
        let (fact, rest) = word.split_once("<=").ok_or_else(wrong)?;
        let (limit, weight) = rest.split_once('@').ok_or_else(wrong)?;
        let fact = fact.parse().ok().filter(|fact| *fact < self.facts.len()).ok_or_else(wrong)?;
        let (limit, weight) = (number(limit)?, number(weight)?);
        let at = self.nodes.len();
        self.nodes.push(Node { weight, question: None });
        self.read_node(words, depth + 1)?;
        let no = self.nodes.len();
        self.read_node(words, depth + 1)?;
        if let Some(node) = self.nodes.get_mut(at) {
            node.question = Some(Question { fact, limit, no });
        }
        Ok(())
    }

    /// Probability that a block with these facts is text of the article; `None` without a model.
    #[must_use]
    pub fn probability(&self, facts: &[f32]) -> Option<f32> {
        if self.roots.is_empty() {
            return None;
        }
        let sum: f32 = self.roots.iter().map(|root| self.leaf(*root, facts, |_, _| ())).sum();
        Some(1.0 / (1.0 + (-self.base - sum).exp()))
    }

    /// What each fact weighed: the sum of the steps that its answers led to, over all trees.
    #[must_use]
    pub fn weights(&self, facts: &[f32]) -> Vec<f32> {
        let mut weights = vec![0.0; facts.len()];
        for root in &self.roots {
            self.leaf(*root, facts, |fact, step| {
                if let Some(weight) = weights.get_mut(fact) {
                    *weight += step;
                }
            });
        }
        weights
    }

    /// The weight of the leaf that the answers lead to. Children stand behind their parent, so the walk ends.
    fn leaf(&self, root: usize, facts: &[f32], mut step: impl FnMut(usize, f32)) -> f32 {
        let mut at = root;
        let mut weight = 0.0;
        while let Some(node) = self.nodes.get(at) {
            weight = node.weight;
            let Some(Question { fact, limit, no }) = node.question else { break };
            let is_yes = facts.get(fact).copied().unwrap_or_default() <= limit;
            at = if is_yes { at + 1 } else { no };
            step(fact, self.nodes.get(at).map_or(0.0, |next| next.weight) - weight);
        }
        weight
    }
}
