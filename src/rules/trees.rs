//! The models of the last judge and of the judge of lines: gradient-boosted trees, read from `config/judge.txt` and
//! `config/judge-lines.txt`.
//!
//! The file: comments (`#`), one line `facts NAME…`, one line `base LOG-ODDS`, then one line a tree, its nodes in
//! preorder: `FACT<=LIMIT@WEIGHT` for a question (`FACT` counts in the line of facts; the branch for "yes" stands first),
//! `=WEIGHT` for a leaf. A question's weight is what a block weighs on average that comes there: the difference to the next
//! node's is what the answer says, so every verdict can be told fact by fact (Saabas, "Interpreting random forests", 2014).

use super::RulesError;

/// The file, as the binary carries it.
pub(super) const EMBEDDED: &str = include_str!("../../config/judge.txt");

/// The same for lines of dumps.
pub(super) const EMBEDDED_FOR_LINES: &str = include_str!("../../config/judge-lines.txt");

/// Deepest tree.
const MAX_DEPTH: usize = 8;

/// Depth to which flatter trees are filled up.
const MIN_DEPTH: usize = 4;

/// Facts that a model may have: as many as a byte can number, so that no number leads beyond.
const MAX_FACTS: usize = 1 << u8::BITS;

/// Blocks that go through the trees together: a tree comes out of the slower memory once for all of them.
pub const TOGETHER: usize = 16;

/// A node of a tree as the file has it.
#[derive(Debug, Clone, Copy)]
enum Node {
    /// A question about a fact. The branch for "yes" is the next node, that for "no" so many further.
    Question { fact: u8, no: u16, limit: f32 },
    /// What the answers weigh.
    Leaf { weight: f32 },
}

/// The same trees for walking: every open block of every page goes through some hundred of them. All are filled up to the
/// depth of the deepest, level by level, so that a walk has so many steps and nothing that the processor could guess wrong:
/// half of the time that jumping from node to node took.
#[derive(Debug)]
struct FullTrees {
    depth: usize,
    /// 2^depth of each tree: the root is the second, and below the nth are the 2n-th and the one behind it.
    questions: Vec<Question>,
    /// 2^depth of each tree.
    leaves: Vec<f32>,
}

/// Whether a fact is at most so much.
#[derive(Debug, Clone, Copy)]
struct Question {
    limit: Rank,
    fact: u8,
}

/// Stands above a leaf that is higher up in the file: both of its branches are that leaf.
const EITHER_WAY: Question = Question { limit: Rank::MAX, fact: 0 };

/// A number that is greater than another where the value it stands for is: fewer steps of a walk wait for each other than with
/// values (whole pages as dumps were cleaned some percent faster).
type Rank = u32;

/// The rank of a value; no fact is NaN.
fn rank(value: f32) -> Rank {
    // Of the two zeros, one.
    let bits = (value + 0.0).to_bits();
    let is_negative = bits >> 31 == 1;
    if is_negative { !bits } else { bits | 1 << 31 }
}

/// Trees whose weights add up to the log-odds of a block being text.
#[derive(Debug, Default)]
pub struct Trees {
    /// Names of the facts, as the model numbers them.
    pub facts: Vec<String>,
    base: f32,
    /// `None` without a model.
    full: Option<FullTrees>,
    roots: Vec<usize>,
    nodes: Vec<Node>,
    /// What a block weighs on average that comes to each node.
    weights: Vec<f32>,
}

impl Trees {
    /// Reads the embedded file.
    pub(super) fn compile() -> Result<Self, RulesError> {
        Self::parse(EMBEDDED).map_err(|what| RulesError::Judge { what })
    }

    /// Reads the embedded file for lines of dumps.
    pub(super) fn compile_for_lines() -> Result<Self, RulesError> {
        Self::parse(EMBEDDED_FOR_LINES)
            .map_err(|what| RulesError::Judge { what: format!("judge-lines.txt: {what}") })
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
        trees.full = (!trees.roots.is_empty()).then(|| trees.filled_up());
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
            self.push(Node::Leaf { weight: number(weight)? }, number(weight)?);
            return Ok(());
        }
        let (fact, rest) = word.split_once("<=").ok_or_else(wrong)?;
        let (limit, weight) = rest.split_once('@').ok_or_else(wrong)?;
        let is_known = |fact: &u8| usize::from(*fact) < self.facts.len();
        let fact = fact.parse().ok().filter(is_known).ok_or_else(wrong)?;
        let (limit, weight) = (number(limit)?, number(weight)?);
        let at = self.nodes.len();
        self.push(Node::Leaf { weight }, weight);
        self.read_node(words, depth + 1)?;
        // A tree that is `MAX_DEPTH` deep has fewer nodes than 2^16.
        let no = u16::try_from(self.nodes.len() - at).map_err(|_error| wrong())?;
        self.read_node(words, depth + 1)?;
        if let Some(node) = self.nodes.get_mut(at) {
            *node = Node::Question { fact, no, limit };
        }
        Ok(())
    }

    fn push(&mut self, node: Node, weight: f32) {
        self.nodes.push(node);
        self.weights.push(weight);
    }

    /// Probabilities that blocks with these facts are text of the article, in their order; none without a model. Of more than
    /// [`TOGETHER`] only so many are looked at.
    pub fn probabilities<'f>(
        &self,
        blocks: impl Iterator<Item = &'f [f32]>,
    ) -> impl Iterator<Item = f32> {
        let blocks: Vec<[Rank; MAX_FACTS]> = match self.full {
            Some(_) => blocks.take(TOGETHER).map(ranks).collect(),
            None => Vec::new(),
        };
        let mut sums = [0.0; TOGETHER];
        self.full.iter().for_each(|full| full.add_to(&mut sums, &blocks));
        sums.into_iter().take(blocks.len()).map(|sum| self.probability_of(sum))
    }

    fn probability_of(&self, sum: f32) -> f32 {
        1.0 / (1.0 + (-self.base - sum).exp())
    }

    /// What each fact weighed: the sum of the steps that its answers led to, over all trees.
    #[must_use]
    pub fn weights(&self, facts: &[f32]) -> Vec<f32> {
        let mut weights = vec![0.0; facts.len()];
        let weight_of = |at: usize| self.weights.get(at).copied().unwrap_or_default();
        for root in &self.roots {
            let mut at = *root;
            while let Some(&Node::Question { fact, no, limit }) = self.nodes.get(at) {
                let next = next(at, facts, fact, no, limit);
                if let Some(weight) = weights.get_mut(usize::from(fact)) {
                    *weight += weight_of(next) - weight_of(at);
                }
                at = next;
            }
        }
        weights
    }

    fn filled_up(&self) -> FullTrees {
        let depth = self.depth().max(MIN_DEPTH);
        let mut full = FullTrees { depth, questions: Vec::new(), leaves: Vec::new() };
        for &root in &self.roots {
            // No question is the first.
            full.questions.push(EITHER_WAY);
            let levels =
                (0..depth).flat_map(|level| (0..1 << level).map(move |path| (level, path)));
            full.questions.extend(levels.map(
                |(level, path)| match self.node_at(root, level, path) {
                    Node::Question { fact, limit, .. } => Question { limit: rank(limit), fact },
                    Node::Leaf { .. } => EITHER_WAY,
                },
            ));
            full.leaves.extend((0..1 << depth).map(|path| match self.node_at(root, depth, path) {
                Node::Leaf { weight } => weight,
                Node::Question { .. } => 0.0,
            }));
        }
        full
    }

    /// Steps of the longest way from a root to a leaf.
    fn depth(&self) -> usize {
        let is_question = |root: usize, depth: usize, path: usize| {
            matches!(self.node_at(root, depth, path), Node::Question { .. })
        };
        let goes_on = |depth: usize| {
            self.roots
                .iter()
                .any(|root| (0..1 << depth).any(|path| is_question(*root, depth, path)))
        };
        (0..MAX_DEPTH).find(|depth| !goes_on(*depth)).unwrap_or(MAX_DEPTH)
    }

    /// The node so many steps below a root, or the leaf above it. The steps are the bits of `path`, the last one lowest; one
    /// stands for "no".
    fn node_at(&self, root: usize, n_steps: usize, path: usize) -> Node {
        let mut at = root;
        for step in (0..n_steps).rev() {
            match self.nodes.get(at) {
                Some(&Node::Question { no, .. }) => {
                    at += if path >> step & 1 == 0 { 1 } else { usize::from(no) };
                }
                _ => break,
            }
        }
        self.nodes.get(at).copied().unwrap_or(Node::Leaf { weight: 0.0 })
    }
}

impl FullTrees {
    /// Adds the weights of the leaves that the answers lead to, in the order of the trees, to the sums of some blocks.
    fn add_to(&self, sums: &mut [f32], blocks: &[[Rank; MAX_FACTS]]) {
        match self.depth {
            MIN_DEPTH => self.add_of::<{ 1 << MIN_DEPTH }>(sums, blocks),
            5 => self.add_of::<{ 1 << 5 }>(sums, blocks),
            6 => self.add_of::<{ 1 << 6 }>(sums, blocks),
            7 => self.add_of::<{ 1 << 7 }>(sums, blocks),
            _ => self.add_of::<{ 1 << MAX_DEPTH }>(sums, blocks),
        }
    }

    /// The same of trees of so many leaves, a number that the compiler knows: no step has to ask whether it leads too far.
    fn add_of<const N_LEAVES: usize>(&self, sums: &mut [f32], blocks: &[[Rank; MAX_FACTS]]) {
        let (questions, _) = self.questions.as_chunks::<N_LEAVES>();
        let (leaves, _) = self.leaves.as_chunks::<N_LEAVES>();
        for (questions, leaves) in questions.iter().zip(leaves) {
            for (sum, facts) in sums.iter_mut().zip(blocks) {
                let mut at = 1;
                for _ in 0..N_LEAVES.ilog2() {
                    let Question { limit, fact } =
                        questions.get(at % N_LEAVES).copied().unwrap_or(EITHER_WAY);
                    let rank = facts.get(usize::from(fact)).copied().unwrap_or_default();
                    at = 2 * at + usize::from(limit < rank);
                }
                *sum += leaves.get(at % N_LEAVES).copied().unwrap_or_default();
            }
        }
    }
}

/// The ranks of facts; behind them stand those that no model asks for.
fn ranks(facts: &[f32]) -> [Rank; MAX_FACTS] {
    let mut ranks = [0; MAX_FACTS];
    ranks.iter_mut().zip(facts).for_each(|(padded, fact)| *padded = rank(*fact));
    ranks
}

/// The node that an answer leads to.
fn next(at: usize, facts: &[f32], fact: u8, no: u16, limit: f32) -> usize {
    let is_yes = facts.get(usize::from(fact)).copied().unwrap_or_default() <= limit;
    at + if is_yes { 1 } else { usize::from(no) }
}
