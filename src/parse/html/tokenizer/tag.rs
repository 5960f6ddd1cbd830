//! Tags and their attributes.

use std::borrow::Cow;

use memchr::memchr;

use super::keep::{self, Last, Role};
use super::raw::ends_name;
use super::{Ahead, Keep, References, StartTag, State, TokenSink, Tokenizer, decoded, is_space};
use crate::parse::tree::{Attr, Attribute, MAX_ATTRIBUTES, Tag};
use crate::text::eight;

/// What each byte ends: a look into a table is quicker than to compare with one after the other.
const ENDS: [u8; 256] = {
    let mut ends = [0; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        #[expect(clippy::indexing_slicing, reason = "a byte has no more values")]
        let ends = &mut ends[byte as usize];
        if ends_name(byte) {
            *ends |= TAG_NAME | ATTRIBUTE_NAME;
        }
        if byte == b'=' {
            *ends |= ATTRIBUTE_NAME;
        }
        if is_space(byte) || byte == b'>' {
            *ends |= BARE_VALUE;
        }
        byte += 1;
    }
    ends
};

const TAG_NAME: u8 = 1;
const ATTRIBUTE_NAME: u8 = 2;
/// A value without quotes.
const BARE_VALUE: u8 = 4;

/// Whether a tag opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
}

/// Bytes before the first one that ends a name or a value.
fn length_of(what: u8, bytes: &[u8]) -> usize {
    let ends = |byte: &u8| ENDS.get(usize::from(*byte)).is_some_and(|ends| ends & what != 0);
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// Bytes before the first one of that value. Most values are short: the first bytes are looked at eight at a time, in fewer
/// steps than a search that is made for long texts takes to begin.
fn length_before(end: u8, bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    for (nth, eight) in eights.iter().take(N_EIGHTS).enumerate() {
        if let Some(at) = eight::position(end, u64::from_le_bytes(*eight)) {
            return 8 * nth + at;
        }
    }
    let start = 8 * N_EIGHTS.min(eights.len());
    let rest = bytes.get(start..).unwrap_or_default();
    start + memchr(end, rest).unwrap_or(rest.len())
}

/// See [`length_before`].
const N_EIGHTS: usize = 6;

/// What stands at a place inside a tag.
enum Next {
    /// An attribute begins here.
    Attribute,
    /// `>`, or `/>`.
    End { is_self_closing: bool },
    /// The page ends inside the tag.
    EndOfPage,
}

/// What of the page is not read yet, while a tag is.
#[derive(Debug, Clone, Copy)]
struct Rest<'p>(&'p str);

/// The value of an attribute, as written.
#[derive(Debug, Clone, Copy)]
struct Value<'p> {
    text: &'p str,
    /// From its beginning to the end of the page.
    n_bytes_left: usize,
}

impl<'p> Rest<'p> {
    /// Takes so many bytes; they end at an ASCII mark.
    fn take(&mut self, n_bytes: usize) -> &'p str {
        let (taken, rest) = self.0.split_at_checked(n_bytes).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    /// Takes the name or the value that begins here.
    fn take_whole(&mut self, what: u8) -> &'p str {
        self.take(length_of(what, self.0.as_bytes()))
    }

    fn skip_spaces(&mut self) {
        while self.0.bytes().next().is_some_and(is_space) {
            self.take(1);
        }
    }

    /// Skips white space and single slashes ("before attribute name state", "self-closing start tag state").
    fn next(&mut self) -> Next {
        loop {
            let (next, n_bytes) = match self.0.as_bytes() {
                [] => (Next::EndOfPage, 0),
                [b'>', ..] => (Next::End { is_self_closing: false }, 1),
                [b'/', b'>', ..] => (Next::End { is_self_closing: true }, 2),
                [byte, ..] if *byte == b'/' || is_space(*byte) => {
                    self.take(1);
                    continue;
                }
                _ => (Next::Attribute, 0),
            };
            self.take(n_bytes);
            return next;
        }
    }

    /// Takes the name of an attribute ("attribute name state"). Its first byte is part of it whatever it is: `<a =x>` has an
    /// attribute `=x`.
    fn attribute_name(&mut self) -> &'p str {
        let rest = self.0.as_bytes().get(1..).unwrap_or_default();
        self.take(1 + length_of(ATTRIBUTE_NAME, rest))
    }

    /// Takes the value that follows an attribute's name, if one does.
    fn attribute_value(&mut self) -> Option<Value<'p>> {
        self.skip_spaces();
        self.0.bytes().next().filter(|byte| *byte == b'=')?;
        self.take(1);
        self.skip_spaces();
        let [quote @ (b'"' | b'\''), quoted @ ..] = self.0.as_bytes() else {
            let n_bytes_left = self.0.len();
            let text = self.take_whole(BARE_VALUE);
            return Some(Value { text, n_bytes_left });
        };
        let n_bytes = length_before(*quote, quoted);
        let n_bytes_left = quoted.len();
        self.take(1);
        let text = self.take(n_bytes);
        self.take(1);
        Some(Value { text, n_bytes_left })
    }
}

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Reads a tag from its name on and hands it out. A tag that the page's end cuts off is none.
    pub(super) fn tag(&mut self, kind: Kind, name_at: usize) {
        let mut rest = Rest(self.page.get(name_at..).unwrap_or_default());
        let name = rest.take_whole(TAG_NAME);
        self.attributes.clear();
        let end = loop {
            match rest.next() {
                Next::Attribute => {
                    let (name, value) = (rest.attribute_name(), rest.attribute_value());
                    // Those of end tags mean nothing.
                    if kind == Kind::Start {
                        self.attribute(name, value);
                    }
                }
                end => break end,
            }
        };
        self.at = self.page.len() - rest.0.len();
        let Next::End { is_self_closing } = end else { return };
        if std::mem::take(&mut self.swallows) {
            return;
        }
        let is_same = |ahead: &Ahead| ahead.name == (name_at..name_at + name.len());
        let tag = match self.ahead.take().filter(is_same) {
            Some(ahead) => ahead.tag,
            None => self.sink.names().tag(name),
        };
        let role = Role::of(tag);
        if kind == Kind::End {
            self.sink.end_tag(tag);
        } else {
            self.last_start_tag = name;
            let start = StartTag { tag, is_self_closing };
            if self.keep == Keep::Lean
                && keep::is_idle(role, &self.attributes)
                && self.skip_idle(start, role)
            {
                return;
            }
            self.start_tag(start);
        }
        self.around.tag(kind, role);
    }

    /// Goes behind an element that has just begun and is not handed out; `false` where it must be: beside text, which would
    /// grow together, inside an image, where names mean something else.
    fn skip_idle(&mut self, start: StartTag, role: Role) -> bool {
        if self.around.last == Last::Text || self.sink.is_in_foreign_content() {
            return false;
        }
        let end = match role {
            Role::Script => self.script_end(),
            Role::Style => self.raw_end(),
            Role::Svg if !start.is_self_closing => match self.svg_end() {
                Some(end) => end,
                None => return false,
            },
            _ => return true,
        };
        self.at = end;
        if end < self.bytes.len() {
            self.swallows = true;
            self.tag(Kind::End, end + 2);
        }
        true
    }

    fn start_tag(&mut self, start: StartTag) {
        self.drops_raw_text = !self.keep.keeps_text_of(start.tag, &self.attributes);
        let state = self.sink.start_tag(start, &mut self.attributes);
        if state != State::Data {
            self.state = state;
        }
        if self.keep.is_partial() && start.tag == Tag::SVG && !start.is_self_closing {
            self.skip_svg();
        }
    }

    /// Notes an attribute, if it is kept and the tag has none of that name.
    fn attribute(&mut self, name: &'p str, value: Option<Value<'p>>) {
        let Some(name) = self.wanted(name) else { return };
        if self.attributes.len() >= MAX_ATTRIBUTES
            || self.attributes.iter().any(|attribute| attribute.name == name)
        {
            return;
        }
        let value = value.map_or(Cow::Borrowed(""), |value| self.value(value));
        self.attributes.push(Attribute { name, value });
    }

    fn value(&mut self, Value { text, n_bytes_left }: Value<'p>) -> Cow<'p, str> {
        if self.is_plain(self.page.len() - n_bytes_left, text) {
            Cow::Borrowed(text)
        } else {
            decoded(text, References::InAttribute)
        }
    }

    /// The name of an attribute, if that is kept.
    fn wanted(&mut self, name: &'p str) -> Option<Attr> {
        let known = || Attr::known(name.as_bytes());
        match self.keep {
            Keep::All | Keep::ReadWithAttributes => Some(self.sink.names().attr(name)),
            Keep::Read | Keep::Lean if !keep::may_be_read(name.as_bytes()) => None,
            Keep::Read => known(),
            Keep::Lean => known().filter(|name| keep::is_for_text(*name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::length_before;

    #[test]
    fn a_quote_is_found_wherever_it_stands() {
        for at in 0..100 {
            let mut value = vec![b'#'; 120];
            assert_eq!(length_before(b'"', &value[..at]), at, "there is none");
            value[at..].fill(b'"');
            assert_eq!(length_before(b'"', &value), at);
            // One bit from a quote, on both sides.
            value[..at].fill(b'#');
            value[at / 2] = b'!';
            assert_eq!(length_before(b'"', &value), if at == 0 { 1 } else { at });
        }
    }
}
