//! Writes a model in the form that `rules::Trees` reads.

use std::fmt::Write as _;

use super::boost::{Model, Node};

/// What stands at the head of the judge's file.
const HEAD: &str = "\
# The model of the last judge: which blocks are text, where the rules leave it open. Not edited by hand: written by
# `klartext train-judge`, which also says how good it is on domains it did not see. Form: src/rules/trees.rs.
";

/// What stands at the head of the file of the judge of lines.
const HEAD_OF_LINES: &str = "\
# The model of the judge of lines: which lines of a dump that is a whole page are text. Not edited by hand: written by
# `klartext train-judge --lines` from the pages that `klartext train-dumps` makes. Form: src/rules/trees.rs.
";

/// The head of the file: which judge it is, and the notes.
pub(super) fn head(of_lines: bool, notes: &[String]) -> String {
    let head = if of_lines { HEAD_OF_LINES } else { HEAD };
    let mut text = head.to_owned();
    for note in notes {
        text.extend(["# ", note, "\n"]);
    }
    text
}

/// The file.
pub(super) fn model(model: &Model, names: &[&str], head: &str, n_examples: usize) -> String {
    let mut text = head.to_owned();
    // Writing to a string cannot fail.
    _ = write!(text, "# {n_examples} blocks\nfacts {}\n", names.join(" "));
    _ = writeln!(text, "base {:.4}", model.base);
    for tree in &model.trees {
        let words: Vec<String> = tree.iter().map(node).collect();
        text.push_str(&words.join(" "));
        text.push('\n');
    }
    text
}

fn node(node: &Node) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    _ = match node.question {
        Some((fact, limit)) => write!(text, "{fact}<={limit}@{:.4}", node.weight),
        None => write!(text, "={:.4}", node.weight),
    };
    text
}
