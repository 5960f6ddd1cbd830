//! HTML text → tokens for the tree builder, in one pass over the bytes.
//!
//! A page is at hand as a whole, so the tokenizer jumps from mark to mark (`memchr`) and hands out slices of the page. It is
//! the tokenizer of the HTML standard (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>) without the parse
//! errors: the html5lib tests pass, and its tokens are html5ever's. What [`Keep`] leaves out is left out on purpose.
//!
//! Hostile input: the tokenizer is linear in the bytes; the tree builder behind it is held to a budget.

mod char_ref;
mod doctype;
mod keep;
mod markup;
mod raw;
mod svg;
mod tag;

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

pub use doctype::Doctype;
pub use keep::Keep;

use crate::parse::tree::{Attribute, Names, Tag};
use keep::{Around, Role};

/// A start tag. Its attributes come beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartTag {
    /// The name.
    pub tag: Tag,
    /// Whether it ends in `/>`.
    pub is_self_closing: bool,
}

/// What takes the tokens of a page: the tree builder, or a test.
pub trait TokenSink<'p> {
    /// The names that the page brings.
    fn names(&mut self) -> &mut Names<'p>;

    /// A start tag with its attributes, which may be taken; says how to go on reading.
    fn start_tag(&mut self, tag: StartTag, attributes: &mut Vec<Attribute<'p>>) -> State;

    /// An end tag.
    fn end_tag(&mut self, tag: Tag);

    /// Text, character references read; never empty. Text may come in pieces.
    fn text(&mut self, text: Cow<'p, str>);

    /// A NUL where it depends on the place what becomes of it.
    fn nul(&mut self);

    /// A comment.
    fn comment(&mut self, text: Cow<'p, str>);

    /// A document type.
    fn doctype(&mut self, doctype: Doctype<'p>);

    /// The page ends.
    fn end(&mut self);

    /// Whether the innermost open element is not HTML's: `<![CDATA[` means something there.
    fn is_in_foreign_content(&self) -> bool;

    /// Whether the page is to be read further than to that byte.
    fn wants_more(&mut self, offset: usize) -> bool;
}

/// Where the tokenizer stands (HTML standard, "states"): only those that last longer than one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Text and tags.
    Data,
    /// Text to the end of the page.
    Plaintext,
    /// Text with character references, to the end tag (`title`, `textarea`).
    Rcdata,
    /// Text to the end tag (`style`, `iframe`).
    Rawtext,
    /// A script, to the end tag.
    ScriptData,
    /// Text to `]]>`.
    Cdata,
}

/// Reads a page, gives its tokens to the tree builder (or a test).
pub fn tokenize<'p, S: TokenSink<'p>>(html: &'p str, keep: Keep, sink: &mut S) {
    tokenize_from(html, State::Data, None, keep, sink);
}

/// [`tokenize`] from a state other than the first, as after the start tag `last_start_tag`.
pub fn tokenize_from<'p, S: TokenSink<'p>>(
    html: &'p str,
    state: State,
    last_start_tag: Option<&'p str>,
    keep: Keep,
    sink: &mut S,
) {
    let mut tokenizer = Tokenizer {
        bytes: html.as_bytes(),
        page: html,
        at: 0,
        state,
        last_start_tag: last_start_tag.unwrap_or_default(),
        attributes: Vec::new(),
        next_special: 0,
        drops_raw_text: false,
        around: Around::default(),
        ahead: None,
        swallows: false,
        keep,
        sink,
    };
    tokenizer.run();
}

/// Whether `&amp;` is `&`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum References {
    None,
    InText,
    /// Where `&copy=1` is a parameter of an address.
    InAttribute,
}

/// How text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Text {
    references: References,
    /// Whether NUL is told to the sink, which judges by place, or replaced at once.
    tells_nul: bool,
}

const DATA: Text = Text { references: References::InText, tells_nul: true };
const RCDATA: Text = Text { references: References::InText, tells_nul: false };
const RAWTEXT: Text = Text { references: References::None, tells_nul: false };
const CDATA: Text = Text { references: References::None, tells_nul: true };

/// Says where in the page the tokenizer is and what it must remember.
struct Tokenizer<'p, 's, S> {
    bytes: &'p [u8],
    /// The same as text; what is handed out are slices of it.
    page: &'p str,
    at: usize,
    state: State,
    /// The name of the start tag that came last, as written.
    last_start_tag: &'p str,
    /// The attributes of the tag that is read.
    attributes: Vec<Attribute<'p>>,
    /// Where the next byte stands that may not stand for itself: sought once for all texts and values before it.
    next_special: usize,
    /// Whether the text of the raw element that is open is not wanted.
    drops_raw_text: bool,
    around: Around,
    /// The name of the next tag, where it was looked at before.
    ahead: Option<Ahead>,
    /// Whether the next tag is not handed out: it ends an element that is not.
    swallows: bool,
    keep: Keep,
    sink: &'s mut S,
}

/// A name that was looked at ahead of its tag.
#[derive(Debug)]
struct Ahead {
    /// Where in the page it stands.
    name: Range<usize>,
    tag: Tag,
}

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    fn run(&mut self) {
        while self.at < self.bytes.len() && self.sink.wants_more(self.at) {
            match self.state {
                State::Data => self.data(),
                State::Rcdata => self.raw_text(RCDATA),
                State::Rawtext => self.raw_text(RAWTEXT),
                State::ScriptData => self.script_data(),
                State::Cdata => self.cdata(),
                State::Plaintext => self.text_until(self.bytes.len(), RAWTEXT),
            }
        }
        self.sink.end();
    }

    /// Text up to the next markup, and that markup.
    fn data(&mut self) {
        let text = self.after_space();
        let end = self.next_markup(text);
        if self.keep == Keep::Lean && end > self.at {
            // Between blocks, no text needs white space.
            if end == text && self.around.is_between(self.role_at(end)) {
                self.at = end;
            } else {
                self.text_until(end, DATA);
                self.around.text();
            }
        } else {
            self.text_until(end, DATA);
        }
        if end < self.bytes.len() {
            self.markup();
        }
    }

    /// Where the next byte stands that is no white space: half of all tags stand behind nothing else, most of them indented by
    /// many blanks.
    fn after_space(&self) -> usize {
        let mut rest = self.rest(self.at);
        while let [first, behind @ ..] = rest
            && is_space(*first)
        {
            rest = behind;
            while let Some((b"        ", behind)) = rest.split_first_chunk() {
                rest = behind;
            }
        }
        self.bytes.len() - rest.len()
    }

    /// Where the next `<` is, from a place on, that begins markup ("tag open state"); the others are text.
    fn next_markup(&self, from: usize) -> usize {
        let mut at = from;
        let next = |at| if self.byte(at) == Some(b'<') { Some(at) } else { self.find(at, b'<') };
        while let Some(open) = next(at) {
            let begins =
                |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?');
            if self.byte(open + 1).is_some_and(begins) {
                return open;
            }
            at = open + 1;
        }
        self.bytes.len()
    }

    /// The role of the tag at `open`, whose name is remembered: it is read next.
    fn role_at(&mut self, open: usize) -> Role {
        let is_end = self.byte(open + 1) == Some(b'/');
        let from = open + 1 + usize::from(is_end);
        let name = self.rest(from);
        let n_bytes = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let tag = Tag::known(name.get(..n_bytes).unwrap_or_default());
        self.ahead = tag.map(|tag| Ahead { name: from..from + n_bytes, tag });
        tag.map_or(Role::Other, Role::of)
    }

    /// Emits the text from here to `end`, and goes there.
    fn text_until(&mut self, end: usize, how: Text) {
        let (from, text) = (self.at, self.cut(self.at, end));
        self.at = end;
        if self.is_plain(from, text) {
            self.emit(Cow::Borrowed(text));
        } else if how.tells_nul && text.contains('\0') {
            self.text_with_nuls(text, how.references);
        } else {
            self.emit(decoded(text, how.references));
        }
    }

    /// Whether every byte of a text that begins at a place of the page stands for itself.
    #[inline]
    fn is_plain(&mut self, from: usize, text: &str) -> bool {
        if self.next_special < from {
            let next = special(self.rest(from), References::InText);
            self.next_special = next.map_or(self.bytes.len(), |n_bytes| from + n_bytes);
        }
        self.next_special >= from + text.len()
    }

    /// Text in which every NUL is told.
    fn text_with_nuls(&mut self, text: &'p str, references: References) {
        for (n, part) in text.split('\0').enumerate() {
            if n > 0 {
                self.sink.nul();
            }
            self.emit(decoded(part, references));
        }
    }

    fn emit(&mut self, text: Cow<'p, str>) {
        if !text.is_empty() {
            self.sink.text(text);
        }
    }

    /// A slice of the page. Both ends are at ASCII marks, or the page's.
    fn cut(&self, from: usize, end: usize) -> &'p str {
        self.page.get(from..end).unwrap_or_default()
    }

    fn between(&self, from: usize, end: usize) -> &'p [u8] {
        self.bytes.get(from..end).unwrap_or_default()
    }

    fn rest(&self, from: usize) -> &'p [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Where a byte stands next.
    fn find(&self, from: usize, byte: u8) -> Option<usize> {
        memchr(byte, self.rest(from)).map(|n| from + n)
    }
}

/// A text of the page with its character references read, its NULs replaced and its lines ended by LF.
fn decoded(text: &str, references: References) -> Cow<'_, str> {
    match special(text.as_bytes(), references) {
        None => Cow::Borrowed(text),
        Some(first) => Cow::Owned(rewritten(text, first, references)),
    }
}

/// The same of a text whose first special byte is at that place.
fn rewritten(text: &str, first: usize, references: References) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let (mut rest, mut next) = (text, Some(first));
    while let Some(at) = next {
        let (plain, special_and_after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        rewritten.push_str(plain);
        let n_bytes = push_special(special_and_after, references, &mut rewritten);
        rest = special_and_after.get(n_bytes..).unwrap_or_default();
        next = special(rest.as_bytes(), references);
    }
    rewritten.push_str(rest);
    rewritten
}

/// Appends what the bytes at the beginning of a text stand for, which do not stand for themselves; says how many they are.
fn push_special(text: &str, references: References, decoded: &mut String) -> usize {
    let after = text.get(1..).unwrap_or_default();
    match text.as_bytes() {
        [0, ..] => decoded.push(char::REPLACEMENT_CHARACTER),
        [b'\r', ..] => {
            decoded.push('\n');
            return if after.starts_with('\n') { 2 } else { 1 };
        }
        _ => {
            if let Some(reference) = char_ref::read(after.as_bytes(), references) {
                reference.push_to(decoded);
                return 1 + reference.n_bytes;
            }
            decoded.push('&');
        }
    }
    1
}

/// Where the next byte is that does not stand for itself.
fn special(text: &[u8], references: References) -> Option<usize> {
    match references {
        References::None => memchr2(0, b'\r', text),
        References::InText | References::InAttribute => memchr3(b'&', 0, b'\r', text),
    }
}

/// White space of the HTML standard, and CR, which stands for LF ("preprocessing the input stream").
const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ')
}
