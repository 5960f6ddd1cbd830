//! HTML text → tokens for html5ever's tree builder, in one pass over the bytes.
//!
//! html5ever builds trees well, but its tokenizer goes character by character through buffers that can grow; more than
//! half of the time of a parse is spent there. A page is at hand as a whole, so this one jumps from mark to mark
//! (`memchr`) and hands out slices of the page that share its memory. It is the tokenizer of the HTML standard
//! (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>) without the parse errors: the html5lib tests
//! pass, and its tokens are html5ever's. What [`Keep`] leaves out is left out on purpose.
//!
//! Hostile input: the tokenizer is linear in the bytes; the tree builder behind it is held to a [`Budget`].

mod budget;
mod build;
mod char_ref;
mod doctype;
mod keep;
mod markup;
mod names;
mod raw;
mod sink;
mod svg;
mod tag;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, EOFToken, NullCharacterToken, Token, TokenSink, TokenSinkResult,
};
use memchr::{memchr, memchr2};

pub use budget::Budget;
pub use build::parse_document;
pub use keep::Keep;
pub(super) use keep::is_read;

use keep::{Around, Role};
use names::Names;

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
pub fn tokenize<S: TokenSink>(html: &str, keep: Keep, sink: &S) {
    tokenize_from(html, State::Data, None, keep, sink);
}

/// [`tokenize`] from a state other than the first, as after the start tag `last_start_tag`.
pub fn tokenize_from<S: TokenSink>(
    html: &str,
    state: State,
    last_start_tag: Option<LocalName>,
    keep: Keep,
    sink: &S,
) {
    let page = unify_newlines(readable(html));
    let mut tokenizer = Tokenizer {
        bytes: page.as_bytes(),
        page: &page,
        at: 0,
        state,
        last_start_tag,
        drops_raw_text: false,
        around: Around::default(),
        swallows: false,
        names: Names::default(),
        keep,
        sink,
    };
    tokenizer.run();
}

/// The page, not more of it than a `StrTendril` can address.
fn readable(html: &str) -> &str {
    let most = usize::try_from(u32::MAX).unwrap_or(usize::MAX);
    html.get(..html.floor_char_boundary(most)).unwrap_or(html)
}

/// The page in shared memory; CR LF and CR become LF (HTML standard, "preprocessing the input stream").
fn unify_newlines(html: &str) -> StrTendril {
    let Some(first) = memchr(b'\r', html.as_bytes()) else { return StrTendril::from_slice(html) };
    let mut unified = StrTendril::with_capacity(u32::try_from(html.len()).unwrap_or(0));
    let (before, mut rest) = html.split_at_checked(first).unwrap_or((html, ""));
    unified.push_slice(before);
    while let Some(after) = rest.strip_prefix('\r') {
        unified.push_char('\n');
        let line = after.strip_prefix('\n').unwrap_or(after);
        let end = memchr(b'\r', line.as_bytes()).unwrap_or(line.len());
        let (line, next) = line.split_at_checked(end).unwrap_or((line, ""));
        unified.push_slice(line);
        rest = next;
    }
    unified
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
struct Tokenizer<'p, S> {
    bytes: &'p [u8],
    /// The same text; what is handed out shares its memory.
    page: &'p StrTendril,
    at: usize,
    state: State,
    last_start_tag: Option<LocalName>,
    /// Whether the text of the raw element that is open is not wanted.
    drops_raw_text: bool,
    around: Around,
    /// Whether the next tag is not handed out: it ends an element that is not.
    swallows: bool,
    names: Names,
    keep: Keep,
    sink: &'p S,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match self.state {
                State::Data => self.data(),
                State::Rcdata => self.raw_text(RCDATA),
                State::Rawtext => self.raw_text(RAWTEXT),
                State::ScriptData => self.script_data(),
                State::Cdata => self.cdata(),
                State::Plaintext => self.text_until(self.bytes.len(), RAWTEXT),
            }
        }
        self.feed(EOFToken);
        self.sink.end();
    }

    /// Text up to the next markup, and that markup.
    fn data(&mut self) {
        let end = self.next_markup();
        if self.keep == Keep::Lean && end > self.at {
            if self.is_between_blocks(end) {
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

    /// Where the next `<` is that begins markup ("tag open state"); the others are text.
    fn next_markup(&self) -> usize {
        let mut at = self.at;
        while let Some(open) = self.find(at, b'<') {
            let begins =
                |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?');
            if self.byte(open + 1).is_some_and(begins) {
                return open;
            }
            at = open + 1;
        }
        self.bytes.len()
    }

    /// Whether what stands before `end` is white space that no text needs.
    fn is_between_blocks(&self, end: usize) -> bool {
        self.between(self.at, end).iter().all(|byte| is_space(*byte))
            && self.around.is_between(self.role_at(end))
    }

    /// The role of the tag at `open`.
    fn role_at(&self, open: usize) -> Role {
        let name = self.rest(open + 1);
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let n_bytes = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        Role::of(name.get(..n_bytes).unwrap_or_default())
    }

    /// Emits the text from here to `end`, and goes there.
    fn text_until(&mut self, end: usize, how: Text) {
        let from = self.at;
        self.at = end;
        let rest = self.between(from, end);
        match special(rest, how.references) {
            None if from == end => {}
            None => self.feed(CharacterTokens(self.cut(from, end))),
            Some(_) if !how.tells_nul => {
                let text = self.decoded(from, end, how.references);
                self.feed(CharacterTokens(text));
            }
            Some(_) => self.text_with_nuls(from, end, how),
        }
    }

    /// Text in which every NUL is a token of its own.
    fn text_with_nuls(&mut self, from: usize, end: usize, how: Text) {
        let mut from = from;
        while from < end {
            let nul = memchr(0, self.between(from, end)).map_or(end, |n| from + n);
            if nul > from {
                let text = self.decoded(from, nul, how.references);
                self.feed(CharacterTokens(text));
            }
            if nul < end {
                self.feed(NullCharacterToken);
            }
            from = nul + 1;
        }
    }

    /// The text between two places, with its character references read and its NULs replaced.
    fn decoded(&self, from: usize, end: usize, references: References) -> StrTendril {
        let mut text = StrTendril::new();
        let mut from = from;
        loop {
            let rest = self.between(from, end);
            let Some(special) = special(rest, references) else { break };
            text.push_tendril(&self.cut(from, from + special));
            let after = rest.get(special + 1..).unwrap_or_default();
            from += special + 1;
            if rest.get(special) == Some(&0) {
                text.push_char(char::REPLACEMENT_CHARACTER);
            } else if let Some(reference) = char_ref::read(after, references) {
                reference.push_to(&mut text);
                from += reference.n_bytes;
            } else {
                text.push_char('&');
            }
        }
        text.push_tendril(&self.cut(from, end));
        text
    }

    /// Gives a token to the sink and follows what it says.
    fn feed(&mut self, token: Token) {
        // Where html5ever's tokenizer says the line, ours says the byte: what is wrong with a page is found by it.
        let offset = u64::try_from(self.at).unwrap_or(u64::MAX);
        match self.sink.process_token(token, offset) {
            TokenSinkResult::Continue
            | TokenSinkResult::Script(_)
            | TokenSinkResult::EncodingIndicator(_) => {}
            TokenSinkResult::Plaintext => self.state = State::Plaintext,
            TokenSinkResult::RawData(RawKind::Rcdata) => self.state = State::Rcdata,
            TokenSinkResult::RawData(RawKind::Rawtext) => self.state = State::Rawtext,
            TokenSinkResult::RawData(RawKind::ScriptData | RawKind::ScriptDataEscaped(_)) => {
                self.state = State::ScriptData;
            }
        }
    }

    /// A slice of the page as a token's text.
    fn cut(&self, from: usize, end: usize) -> StrTendril {
        // Both are byte offsets in a page that `readable` cut to what `u32` can count, at ASCII marks.
        let offset = u32::try_from(from).unwrap_or(u32::MAX);
        let length = u32::try_from(end.saturating_sub(from)).unwrap_or(0);
        self.page.try_subtendril(offset, length).unwrap_or_default()
    }

    fn between(&self, from: usize, end: usize) -> &[u8] {
        self.bytes.get(from..end).unwrap_or_default()
    }

    fn rest(&self, from: usize) -> &[u8] {
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

/// Where the next byte is that does not stand for itself.
fn special(text: &[u8], references: References) -> Option<usize> {
    match references {
        References::None => memchr(0, text),
        References::InText | References::InAttribute => memchr2(b'&', 0, text),
    }
}

/// White space of the HTML standard; CR is none, it has become LF.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b' ')
}
