//! Tokens → tree: the tree construction of the HTML standard
//! (<https://html.spec.whatwg.org/multipage/parsing.html#tree-construction>), scripting off, held to a budget.
//!
//! html5ever's tree builder is the measure: on every page, and on random markup, the trees are the same. Its tokens own
//! their strings and its questions go through cells and handles, which took a third of the time of a parse; here a tag is a
//! number, and text and attributes are slices of the page.
//!
//! The rules stand as the standard has them, one function for each insertion mode: [`before`](self) the body, `body`,
//! `table`, `after` it, `foreign` content, and `text`. What they share is `insert` (where nodes go), `formatting` (elements
//! that outlive the block they were opened in) and the `stack` of open elements.

mod after;
mod before;
mod body;
mod budget;
mod foreign;
mod formatting;
mod insert;
mod quirks;
mod sets;
mod stack;
mod table;
mod text;

use std::borrow::Cow;

pub use budget::Budget;

use super::tokenizer::{Doctype, Keep, StartTag, State, TokenSink, tokenize};
use crate::parse::ParseError;
use crate::parse::tree::{Attr, Attribute, Names, Namespace, NodeId, Tag, Tree, value_of};
use budget::Spent;
use formatting::Formatting;
use sets::IMPLIED_END;
use stack::{Scope, Stack};

/// Bytes of a news page for each node of its tree: room for most trees is made once.
const BYTES_PER_NODE: usize = 100;

/// Reads a page into a tree. A byte order mark is no text. Scripting counts as off.
///
/// # Errors
/// The tree would cost more than the budget.
pub fn parse_document(html: &str, keep: Keep, budget: Budget) -> Result<Tree<'_>, ParseError> {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let mut builder = TreeBuilder::new(Tree::with_capacity(html.len() / BYTES_PER_NODE), budget);
    tokenize(html, keep, &mut builder);
    match builder.over {
        Some(error) => Err(error),
        None => Ok(builder.tree),
    }
}

/// Which rules a token is read by (HTML standard, 13.2.4.1, "insertion mode").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    InHeadNoscript,
    AfterHead,
    InBody,
    Text,
    InTable,
    InTableText,
    InCaption,
    InColumnGroup,
    InTableBody,
    InRow,
    InCell,
    InTemplate,
    AfterBody,
    InFrameset,
    AfterFrameset,
    AfterAfterBody,
    AfterAfterFrameset,
}

/// A token that is not text. The attributes of a start tag wait in the builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Start(StartTag),
    End(Tag),
    Comment,
    EndOfPage,
}

/// What follows when a rule was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The next token.
    Token,
    /// The same token again, by the rules of the mode that is now in force.
    SameToken,
}

/// Grows the tree, token by token.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags of the standard, each set by its own rules"
)]
struct TreeBuilder<'p> {
    tree: Tree<'p>,
    mode: Mode,
    /// The mode before `Text` or `InTableText`.
    original_mode: Mode,
    template_modes: Vec<Mode>,
    open: Stack,
    formatting: Formatting,
    head: Option<NodeId>,
    form: Option<NodeId>,
    /// Text in a table, until it is known whether there is more than white space.
    table_text: Vec<Cow<'p, str>>,
    /// Whether the page is so old that a table may stand in a paragraph.
    is_quirky: bool,
    may_have_frames: bool,
    drops_line_feed: bool,
    is_foster_parenting: bool,
    /// The attributes of the start tag that is read.
    attributes: Vec<Attribute<'p>>,
    /// What the tokenizer is to read next.
    state: State,
    budget: Budget,
    deepest: usize,
    /// The limit that was passed.
    over: Option<ParseError>,
}

impl<'p> TreeBuilder<'p> {
    fn new(tree: Tree<'p>, budget: Budget) -> Self {
        Self {
            tree,
            mode: Mode::Initial,
            original_mode: Mode::InBody,
            template_modes: Vec::new(),
            open: Stack::default(),
            formatting: Formatting::default(),
            head: None,
            form: None,
            table_text: Vec::new(),
            is_quirky: false,
            may_have_frames: true,
            drops_line_feed: false,
            is_foster_parenting: false,
            attributes: Vec::new(),
            state: State::Data,
            budget,
            deepest: 0,
            over: None,
        }
    }

    /// Reads a token that is not text.
    fn read(&mut self, token: Token) {
        self.drops_line_feed = false;
        if self.mode == Mode::InTableText {
            self.flush_table_text();
        }
        loop {
            let next = if self.is_foreign(token) {
                self.foreign(token)
            } else {
                self.step(self.mode, token)
            };
            if next == Next::Token {
                return;
            }
        }
    }

    /// Reads a token by the rules of a mode.
    fn step(&mut self, mode: Mode, token: Token) -> Next {
        match mode {
            Mode::Initial => self.initial(token),
            Mode::BeforeHtml => self.before_html(token),
            Mode::BeforeHead => self.before_head(token),
            Mode::InHead => self.in_head(token),
            Mode::InHeadNoscript => self.in_head_noscript(token),
            Mode::AfterHead => self.after_head(token),
            Mode::InBody => self.in_body(token),
            Mode::Text => self.in_text(token),
            Mode::InTable | Mode::InTableText => self.in_table(token),
            Mode::InCaption => self.in_caption(token),
            Mode::InColumnGroup => self.in_column_group(token),
            Mode::InTableBody => self.in_table_body(token),
            Mode::InRow => self.in_row(token),
            Mode::InCell => self.in_cell(token),
            Mode::InTemplate => self.in_template(token),
            Mode::AfterBody => self.after_body(token),
            Mode::InFrameset => self.in_frameset(token),
            Mode::AfterFrameset => self.after_frameset(token),
            Mode::AfterAfterBody => self.after_after_body(token),
            Mode::AfterAfterFrameset => self.after_after_frameset(token),
        }
    }

    /// Has the token read again, by other rules.
    fn again(&mut self, mode: Mode) -> Next {
        self.mode = mode;
        Next::SameToken
    }

    /// Goes to the mode that the open elements ask for ("reset the insertion mode appropriately").
    fn reset_mode(&mut self) {
        self.mode = self.mode_of_open();
    }

    fn mode_of_open(&mut self) -> Mode {
        self.open.step(self.open.len());
        for (at, open) in self.open.innermost_first() {
            if open.namespace != Namespace::Html {
                continue;
            }
            return match open.tag {
                Tag::TD | Tag::TH if at > 0 => Mode::InCell,
                Tag::TR => Mode::InRow,
                Tag::TBODY | Tag::THEAD | Tag::TFOOT => Mode::InTableBody,
                Tag::CAPTION => Mode::InCaption,
                Tag::COLGROUP => Mode::InColumnGroup,
                Tag::TABLE => Mode::InTable,
                Tag::TEMPLATE => self.template_modes.last().copied().unwrap_or(Mode::InBody),
                Tag::HEAD if at > 0 => Mode::InHead,
                Tag::BODY => Mode::InBody,
                Tag::FRAMESET => Mode::InFrameset,
                Tag::HTML if self.head.is_none() => Mode::BeforeHead,
                Tag::HTML => Mode::AfterHead,
                _ => continue,
            };
        }
        Mode::InBody
    }

    /// Opens an element whose content is characters.
    fn open_raw(&mut self, tag: Tag, state: State) -> Next {
        self.insert_html(tag);
        self.original_mode = self.mode;
        self.mode = Mode::Text;
        self.state = state;
        Next::Token
    }

    /// Closes elements whose end tags may be left out, but none of that name.
    fn close_implied_but(&mut self, tag: Tag) {
        while self.open.is_at_one_of(&IMPLIED_END) && !self.open.is_at(tag) {
            self.open.pop();
        }
    }

    /// Closes the paragraph.
    fn close_paragraph(&mut self) {
        self.close_implied_but(Tag::P);
        self.open.pop_through(Tag::P);
    }

    /// Closes the paragraph that a block cannot stand in.
    fn close_paragraph_in_scope(&mut self) {
        if self.open.has_in_scope(Scope::Button, Tag::P) {
            self.close_paragraph();
        }
    }

    /// The value of an attribute of the start tag that is read.
    fn attribute(&self, name: Attr) -> Option<&str> {
        value_of(&self.attributes, name)
    }

    /// Notes that the budget is spent.
    fn check_budget(&mut self, offset: usize) {
        let n_steps = self.formatting.take_steps();
        self.open.n_steps = self.open.n_steps.saturating_add(n_steps);
        let spent =
            Spent { depth: self.deepest, nodes: self.tree.n_nodes(), steps: self.open.n_steps };
        if self.over.is_none() {
            self.over = self.budget.exceeded(spent, offset);
        }
    }
}

impl<'p> TokenSink<'p> for TreeBuilder<'p> {
    fn names(&mut self) -> &mut Names<'p> {
        self.tree.names_mut()
    }

    fn start_tag(&mut self, tag: StartTag, attributes: &mut Vec<Attribute<'p>>) -> State {
        std::mem::swap(&mut self.attributes, attributes);
        self.open.step(1 + self.attributes.len());
        self.state = State::Data;
        self.read(Token::Start(tag));
        self.attributes.clear();
        std::mem::swap(&mut self.attributes, attributes);
        self.state
    }

    fn end_tag(&mut self, tag: Tag) {
        self.read(Token::End(tag));
    }

    fn text(&mut self, text: Cow<'p, str>) {
        self.read_text(text);
    }

    fn nul(&mut self) {
        self.read_nul();
    }

    fn comment(&mut self, _text: Cow<'p, str>) {
        self.read(Token::Comment);
    }

    fn doctype(&mut self, doctype: Doctype<'p>) {
        self.drops_line_feed = false;
        if self.mode == Mode::Initial {
            let node = self.tree.create_other();
            self.append(NodeId::DOCUMENT, node);
            self.is_quirky = quirks::is_quirky(&doctype);
            self.mode = Mode::BeforeHtml;
        }
    }

    fn end(&mut self) {
        self.read(Token::EndOfPage);
    }

    fn is_in_foreign_content(&self) -> bool {
        self.is_at_foreign()
    }

    fn wants_more(&mut self, offset: usize) -> bool {
        self.check_budget(offset);
        self.over.is_none()
    }
}
