//! Tokens → tree: html5ever's tree builder, held to a budget.

use std::cell::Cell;

use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};

use super::budget::Budget;
use super::sink::Sink;
use super::{Keep, tokenize};
use crate::parse::ParseError;
use crate::parse::tree::{NodeId, Tree};

/// Bytes of a news page for each node of its tree: room for most trees is made once.
const BYTES_PER_NODE: usize = 100;

/// Reads a page into a tree. A byte order mark is no text. Scripting counts as off.
///
/// # Errors
/// The tree would cost more than the budget.
pub fn parse_document(html: &str, keep: Keep, budget: Budget) -> Result<Tree, ParseError> {
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let sink = Sink::new(Tree::with_capacity(html.len() / BYTES_PER_NODE));
    let builder = Held { builder: TreeBuilder::new(sink, options), budget, over: Cell::new(None) };
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    tokenize(html, keep, &builder);
    match builder.over.get() {
        Some(error) => Err(error),
        None => Ok(builder.builder.sink.finish()),
    }
}

/// The tree builder, which hears nothing more once the budget is spent.
struct Held {
    builder: TreeBuilder<NodeId, Sink>,
    budget: Budget,
    /// The limit that was passed.
    over: Cell<Option<ParseError>>,
}

impl TokenSink for Held {
    type Handle = NodeId;

    /// The tokenizer says the byte where html5ever's would say the line.
    fn process_token(&self, token: Token, offset: u64) -> TokenSinkResult<NodeId> {
        /// The tree builder only passes it on to a sink that does not care.
        const NO_LINE: u64 = 1;
        if self.over.get().is_some() {
            return TokenSinkResult::Continue;
        }
        self.builder.sink.charge_token(&token);
        let answer = self.builder.process_token(token, NO_LINE);
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        self.over.set(self.budget.exceeded(self.builder.sink.spent(), offset));
        answer
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
