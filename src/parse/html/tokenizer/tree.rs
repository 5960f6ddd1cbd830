//! Tokens → tree: html5ever's tree builder, scraper's tree, held to a budget.

use ego_tree::Tree;
use html5ever::tokenizer::{EOFToken, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};
use scraper::{Html, HtmlTreeSink, Node};

use super::budget::{Budget, Handle, Limited};
use super::{Keep, tokenize};

/// Reads a page into a tree, as far as the budget goes. A byte order mark is no text. Scripting counts as off.
#[must_use]
pub fn parse_document(html: &str, keep: Keep, budget: Budget) -> Html {
    /// Bytes of a news page for each node of its tree: room for most trees is made once.
    const BYTES_PER_NODE: usize = 100;
    let mut tree = Html::new_document();
    tree.tree = Tree::with_capacity(Node::Document, html.len() / BYTES_PER_NODE);
    let limited = Limited::new(HtmlTreeSink::new(tree), budget);
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = Held(TreeBuilder::new(limited, options));
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    tokenize(html, keep, &builder);
    builder.0.sink.finish()
}

/// The tree builder, which hears nothing more but the end once the budget is spent.
struct Held(TreeBuilder<Handle, Limited>);

impl TokenSink for Held {
    type Handle = Handle;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<Handle> {
        if self.0.sink.is_spent() && token != EOFToken {
            return TokenSinkResult::Continue;
        }
        self.0.sink.charge_token(&token);
        self.0.process_token(token, line_number)
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
