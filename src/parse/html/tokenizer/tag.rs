//! Tags and their attributes.

use std::borrow::Cow;

use super::keep::{self, Last, Role};
use super::raw::ends_name;
use super::{Keep, References, StartTag, State, TokenSink, Tokenizer, is_space, special};
use crate::parse::tree::{Attr, Attribute, MAX_ATTRIBUTES, Tag};

/// Whether a tag opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
}

/// What stands at a place inside a tag.
enum Next {
    /// An attribute begins here.
    Attribute,
    /// `>`, or `/>`.
    End { is_self_closing: bool },
    /// The page ends inside the tag.
    EndOfPage,
}

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Reads a tag from its name on and hands it out. A tag that the page's end cuts off is none.
    pub(super) fn tag(&mut self, kind: Kind, name_at: usize) {
        let n_bytes = self.rest(name_at).iter().take_while(|byte| !ends_name(**byte)).count();
        self.at = name_at + n_bytes;
        let written = self.cut(name_at, self.at);
        self.attributes.clear();
        let is_self_closing = loop {
            match self.next_in_tag() {
                Next::Attribute => self.attribute(kind),
                Next::End { is_self_closing } => break is_self_closing,
                Next::EndOfPage => return,
            }
        };
        if std::mem::take(&mut self.swallows) {
            return;
        }
        let tag = self.sink.names().tag(written);
        let role = Role::of(tag);
        if kind == Kind::End {
            self.sink.end_tag(tag);
        } else {
            self.last_start_tag = written;
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

    /// Skips white space and single slashes ("before attribute name state", "self-closing start tag state").
    fn next_in_tag(&mut self) -> Next {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'>' => {
                    self.at += 1;
                    return Next::End { is_self_closing: false };
                }
                b'/' if self.byte(self.at + 1) == Some(b'>') => {
                    self.at += 2;
                    return Next::End { is_self_closing: true };
                }
                b'/' => self.at += 1,
                byte if is_space(byte) => self.at += 1,
                _ => return Next::Attribute,
            }
        }
        Next::EndOfPage
    }

    /// Reads an attribute ("attribute name state" and after). Those of end tags mean nothing.
    fn attribute(&mut self, kind: Kind) {
        let from = self.at;
        // The first byte is part of the name whatever it is: `<a =x>` has an attribute `=x`.
        let name = self.rest(from + 1).iter();
        let n_bytes = 1 + name.take_while(|byte| !ends_name(**byte) && **byte != b'=').count();
        self.at = from + n_bytes;
        let value = self.value_place();
        if kind == Kind::End || self.swallows {
            return;
        }
        let Some(name) = self.wanted(self.cut(from, from + n_bytes)) else { return };
        if self.attributes.len() >= MAX_ATTRIBUTES
            || self.attributes.iter().any(|attribute| attribute.name == name)
        {
            return;
        }
        let value = value.map_or(Cow::Borrowed(""), |(from, end)| self.value(from, end));
        self.attributes.push(Attribute { name, value });
    }

    /// The name of an attribute, if that is kept.
    fn wanted(&mut self, written: &'p str) -> Option<Attr> {
        match self.keep {
            Keep::All | Keep::ReadWithAttributes => Some(self.sink.names().attr(written)),
            Keep::Read | Keep::Lean if !keep::may_be_read(written.as_bytes()) => None,
            Keep::Read => Attr::known(written.as_bytes()),
            Keep::Lean => Attr::known(written.as_bytes()).filter(|name| keep::is_for_text(*name)),
        }
    }

    /// Goes behind the value that follows an attribute's name, if one does; says where it stands.
    fn value_place(&mut self) -> Option<(usize, usize)> {
        let mut at = self.at + self.n_spaces(self.at);
        if self.byte(at) != Some(b'=') {
            self.at = at;
            return None;
        }
        at += 1;
        at += self.n_spaces(at);
        let (from, end, next) = match self.byte(at)? {
            b'>' => (at, at, at),
            quote @ (b'"' | b'\'') => {
                let end = self.find(at + 1, quote).unwrap_or(self.bytes.len());
                (at + 1, end, self.bytes.len().min(end + 1))
            }
            _ => {
                let is_value = |byte: &&u8| !is_space(**byte) && **byte != b'>';
                let end = at + self.rest(at).iter().take_while(is_value).count();
                (at, end, end)
            }
        };
        self.at = next;
        Some((from, end))
    }

    fn n_spaces(&self, at: usize) -> usize {
        self.rest(at).iter().take_while(|byte| is_space(**byte)).count()
    }

    fn value(&self, from: usize, end: usize) -> Cow<'p, str> {
        match special(self.between(from, end), References::InAttribute) {
            None => Cow::Borrowed(self.cut(from, end)),
            Some(_) => Cow::Owned(self.decoded(from, end, References::InAttribute)),
        }
    }
}
