//! What is compared with html5ever: tokens, trees, and what the walk reads from them.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, ParseError, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};
use html5ever::{QualName, TokenizerResult, ns};
use klartext::model::{Document, TextBlock};
use klartext::parse::html::read_tree;
use klartext::parse::html::tokenizer::{Keep, tokenize};
use klartext::parse::html::tree_builder::{Budget, parse_document};
use klartext::parse::tree::{Edge, Namespace, Node, Tree};
use klartext::rules::Rules;
use scraper::{Html, HtmlTreeSink};
use serde_json::Value;

use super::{Collector, OurCollector};

/// Wants the same tokens as html5ever's.
pub(crate) fn assert_same_tokens(html: &str, name: &str) {
    let collector = Collector { follows_tags: true, ..Collector::default() };
    let mut collector = OurCollector::new(collector);
    tokenize(html, Keep::All, &mut collector);
    let ours = collector.collector.tokens.into_inner();
    let collector = Collector { follows_tags: true, ..Collector::default() };
    let theirs = html5ever_feeds(html, collector).tokens.into_inner();
    assert_same(&ours, &theirs, name);
}

fn assert_same(ours: &[Value], theirs: &[Value], name: &str) {
    let differing = ours.iter().zip(theirs).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differing, None, "{name}: left ours, right html5ever's");
    assert_eq!(ours.len(), theirs.len(), "{name}: number of tokens");
}

/// Wants the same tree as html5ever's.
pub(crate) fn assert_same_tree(html: &str, name: &str) {
    let ours = outline(&parse_document(html, Keep::All, Budget::UNLIMITED).unwrap());
    let theirs = outline_of_theirs(&html5ever_tree(html));
    let differing = ours.iter().zip(&theirs).find(|(o, t)| o != t);
    assert_eq!(differing, None, "{name}: left ours, right html5ever's");
    assert_eq!(ours.len(), theirs.len(), "{name}: number of nodes");
}

/// Every node where it begins and where it ends, attributes in order of their names.
fn outline(tree: &Tree<'_>) -> Vec<String> {
    let edges = tree.root().traverse().map(|edge| match edge {
        Edge::Close(_) => "end".to_owned(),
        Edge::Open(node) => match node.value() {
            Node::Element(element) => {
                let namespace = match element.namespace {
                    Namespace::Html => "html",
                    Namespace::Svg => "svg",
                    Namespace::MathMl => "mathml",
                };
                let names = element.names();
                let attributes = element.attributes().iter();
                let attributes = attributes
                    .map(|own| (names.text_of_attr(own.name).to_owned(), &*own.value))
                    .collect();
                describe(namespace, element.name(), attributes)
            }
            Node::Text(text) => format!("{text:?}"),
            Node::Other => "other".to_owned(),
        },
    });
    edges.collect()
}

fn outline_of_theirs(tree: &Html) -> Vec<String> {
    let edges = tree.tree.root().traverse().map(|edge| match edge {
        ego_tree::iter::Edge::Close(_) => "end".to_owned(),
        ego_tree::iter::Edge::Open(node) => match node.value() {
            scraper::Node::Element(element) => {
                let namespace = match element.name.ns {
                    ns!(html) => "html",
                    ns!(svg) => "svg",
                    _ => "mathml",
                };
                let attributes = element.attrs.iter();
                let attributes =
                    attributes.map(|(name, value)| (as_written(name), &**value)).collect();
                describe(namespace, &element.name.local.to_ascii_lowercase(), attributes)
            }
            scraper::Node::Text(text) => format!("{:?}", &**text),
            _ => "other".to_owned(),
        },
    });
    edges.collect()
}

/// The name of an attribute as the page has it, but in lower case: html5ever gives those of images and formulas back the
/// capitals that SVG asks for, and namespaces, which nobody reads.
fn as_written(name: &QualName) -> String {
    let local = name.local.to_ascii_lowercase();
    match &name.prefix {
        Some(prefix) if !prefix.is_empty() => format!("{}:{local}", &**prefix),
        _ => local.to_string(),
    }
}

fn describe(namespace: &str, name: &str, mut attributes: Vec<(String, &str)>) -> String {
    attributes.sort_unstable();
    format!("{namespace} {name} {attributes:?}")
}

/// What is read from the tree of a page.
fn document(html: &str, keep: Keep, budget: Budget, rules: &Rules) -> Document {
    read_tree(&parse_document(html, keep, budget).unwrap(), rules)
}

/// Wants the same blocks, regions and claims from the whole tree as from what is kept of it.
pub(super) fn assert_same_document(html: &str, name: &str, rules: &Rules) {
    let budget = Budget::of_page(html.len(), rules.limits.dom_depth, rules.limits.dom_nodes);
    let whole = document(html, Keep::All, Budget::UNLIMITED, rules);
    let kept = document(html, Keep::Read, budget, rules);
    assert_eq!(whole.blocks, kept.blocks, "{name}: left from the whole tree");
    assert_eq!(whole.claims, kept.claims, "{name}: left from the whole tree");
    assert_eq!(whole.regions, kept.regions, "{name}: left from the whole tree");
}

/// Wants the same blocks, regions and claims whether elements stay that hold neither text nor claims, or go.
pub(super) fn assert_same_when_lean(html: &str, name: &str, rules: &Rules) {
    let read = |keep| document(html, keep, Budget::UNLIMITED, rules);
    let (kept, lean) = (read(Keep::Read), read(Keep::Lean));
    assert_eq!(kept.blocks, lean.blocks, "{name}: right from the lean tree");
    assert_eq!(kept.claims, lean.claims, "{name}: right from the lean tree");
    assert_eq!(kept.regions, lean.regions, "{name}: right from the lean tree");
}

/// What a page reads the same without those elements: everything, and its text. It need not be everything where formatting is left open: html5ever opens it
/// again at the first text or image behind, white space or not, so that it may hold a block or stand in it.
pub(super) fn is_same_when_lean(html: &str, rules: &Rules) -> (bool, bool) {
    let read = |keep| document(html, keep, Budget::UNLIMITED, rules);
    let (kept, lean) = (read(Keep::Read), read(Keep::Lean));
    let is_same =
        kept.blocks == lean.blocks && kept.claims == lean.claims && kept.regions == lean.regions;
    let text = |blocks: &[TextBlock]| -> String {
        blocks.iter().flat_map(|block| block.text.split_whitespace()).collect()
    };
    (is_same, text(&kept.blocks) == text(&lean.blocks))
}

/// html5ever's tree, as the standard has it: html5ever lets a parse error stand between `<pre>` and the line feed that is
/// dropped after it, the standard does not, so its tree builder is not told of errors.
fn html5ever_tree(html: &str) -> Html {
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let sink = HtmlTreeSink::new(Html::new_document());
    html5ever_feeds(html, WithoutErrors(TreeBuilder::new(sink, options))).0.sink.finish()
}

fn html5ever_feeds<S: TokenSink>(html: &str, sink: S) -> S {
    // A byte order mark is the decoder's; html5ever would also drop one after a script.
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(sink, options);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

struct WithoutErrors<S>(S);

impl<S: TokenSink> TokenSink for WithoutErrors<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        match token {
            ParseError(_) => TokenSinkResult::Continue,
            token => self.0.process_token(token, line),
        }
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
