//! Elements whose content is characters, not tags: `title`, `textarea`, `style`, `iframe`, `script` …

use memchr::{memchr, memchr2};

use super::tag::Kind;
use super::{RAWTEXT, State, Text, TokenSink, Tokenizer, is_space};

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Text to the end tag of the element that is open.
    pub(super) fn raw_text(&mut self, how: Text) {
        self.finish_raw(self.raw_end(), how);
    }

    /// Where the end tag of the element is, whose content is characters.
    pub(super) fn raw_end(&self) -> usize {
        let mut at = self.at;
        loop {
            let Some(open) = self.find(at, b'<') else { return self.bytes.len() };
            if self.is_own_end_tag(open) {
                return open;
            }
            at = open + 1;
        }
    }

    /// A script to its end tag.
    pub(super) fn script_data(&mut self) {
        let end = self.script_end();
        self.finish_raw(end, RAWTEXT);
    }

    /// Emits the text and the end tag behind it.
    fn finish_raw(&mut self, end: usize, how: Text) {
        if self.drops_raw_text {
            self.at = end;
        } else {
            self.text_until(end, how);
        }
        self.drops_raw_text = false;
        self.state = State::Data;
        if end < self.bytes.len() {
            self.tag(Kind::End, end + 2);
        }
    }

    /// Whether the end tag of the open element is at `open` ("appropriate end tag token").
    fn is_own_end_tag(&self, open: usize) -> bool {
        let name = self.last_start_tag.as_bytes();
        let [b'<', b'/', rest @ ..] = self.rest(open) else { return false };
        let is_named = rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name));
        !name.is_empty() && is_named && rest.get(name.len()).is_some_and(|byte| ends_name(*byte))
    }

    /// Where the end tag of a script is: not inside `<!-- <script> … </script> -->` ("script data escaped state" and the
    /// others of that name).
    pub(super) fn script_end(&self) -> usize {
        let mut escape = Escape::None;
        let mut at = self.at;
        while let Some(found) = self.next_script_mark(at, escape) {
            let rest = self.rest(found);
            let is_end = self.is_own_end_tag(found) && escape != Escape::Double;
            if is_end {
                return found;
            }
            (escape, at) = match escape {
                // The dashes of `<!--` may already belong to `-->`.
                Escape::None if rest.starts_with(b"<!--") => (Escape::Single, found + 2),
                Escape::Single | Escape::Double if rest.starts_with(b"-->") => {
                    (Escape::None, found + 3)
                }
                Escape::Single => inside(rest, b"<", found, (Escape::Double, escape)),
                Escape::Double => inside(rest, b"</", found, (Escape::Single, escape)),
                Escape::None => (escape, found + 1),
            };
        }
        self.bytes.len()
    }

    /// The next byte that can mean something in a script.
    fn next_script_mark(&self, from: usize, escape: Escape) -> Option<usize> {
        let rest = self.rest(from);
        let found = match escape {
            Escape::None => memchr(b'<', rest),
            Escape::Single | Escape::Double => memchr2(b'<', b'-', rest),
        };
        found.map(|n| from + n)
    }
}

/// Whether a script is inside `<!--`, and there inside another `<script>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    Single,
    Double,
}

/// A mark inside `<!--`: where a whole tag named `script` follows the prefix, the first escape, else the second; and where
/// to go on.
fn inside(
    rest: &[u8],
    prefix: &[u8],
    at: usize,
    (on_script, otherwise): (Escape, Escape),
) -> (Escape, usize) {
    let Some(name) = rest.strip_prefix(prefix) else { return (otherwise, at + 1) };
    let n_letters = name.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let next = at + prefix.len() + n_letters;
    let is_script = name.get(..n_letters).is_some_and(|n| n.eq_ignore_ascii_case(b"script"));
    if is_script && name.get(n_letters).is_some_and(|byte| ends_name(*byte)) {
        return (on_script, next + 1);
    }
    (otherwise, next)
}

/// Bytes that end the name of a tag.
pub(super) const fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}
