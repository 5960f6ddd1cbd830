//! Tags and their attributes.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{EndTag, StartTag, Tag, TagKind, TagToken, TokenSink};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use memchr::memchr2;

use super::keep::{Last, Role};
use super::raw::ends_name;
use super::{Keep, References, Tokenizer, is_space, keep};

/// Most attributes of one tag; the tree builder compares them with each other, and no honest page comes near.
const MAX_ATTRIBUTES: usize = 1_000;

/// Room for the attributes that most tags have.
const USUAL_ATTRIBUTES: usize = 4;

/// What stands at a place inside a tag.
enum Next {
    /// An attribute begins here.
    Attribute,
    /// `>`, or `/>`.
    End { is_self_closing: bool },
    /// The page ends inside the tag.
    EndOfPage,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Reads a tag from its name on and emits it. A tag that the page's end cuts off is none.
    pub(super) fn tag(&mut self, kind: TagKind, name_at: usize) {
        self.at = name_at;
        let (name, role) = self.tag_name();
        let mut tag = Tag {
            kind,
            name,
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        loop {
            match self.next_in_tag() {
                Next::Attribute => self.attribute(&mut tag),
                Next::End { is_self_closing } => {
                    tag.self_closing = is_self_closing;
                    break;
                }
                Next::EndOfPage => return,
            }
        }
        if std::mem::take(&mut self.swallows) {
            return;
        }
        if kind == StartTag {
            if self.keep == Keep::Lean && keep::is_idle(&tag, role) && self.skip_idle(&tag, role) {
                return;
            }
            self.start_tag(tag);
        } else {
            self.feed(TagToken(tag));
        }
        self.around.tag(kind, role);
    }

    /// Goes behind an element that has just begun and is not handed out; `false` where it must be: beside text, which would
    /// grow together, inside an image, where names mean something else.
    fn skip_idle(&mut self, tag: &Tag, role: Role) -> bool {
        if self.around.last == Last::Text
            || self.sink.adjusted_current_node_present_but_not_in_html_namespace()
        {
            return false;
        }
        let end = match role {
            Role::Script | Role::Style => {
                self.last_start_tag = Some(tag.name.clone());
                if role == Role::Script { self.script_end() } else { self.raw_end() }
            }
            Role::Svg if !tag.self_closing => match self.svg_end() {
                Some(end) => end,
                None => return false,
            },
            _ => return true,
        };
        self.at = end;
        if end < self.bytes.len() {
            self.swallows = true;
            self.tag(EndTag, end + 2);
        }
        true
    }

    fn start_tag(&mut self, tag: Tag) {
        self.last_start_tag = Some(tag.name.clone());
        self.drops_raw_text = !self.keep.keeps_text_of(&tag);
        let may_skip =
            self.keep.is_partial() && tag.name == local_name!("svg") && !tag.self_closing;
        self.feed(TagToken(tag));
        if may_skip {
            self.skip_svg();
        }
    }

    fn tag_name(&mut self) -> (LocalName, Role) {
        let from = self.at;
        let n_bytes = self.rest(from).iter().take_while(|byte| !ends_name(**byte)).count();
        self.at = from + n_bytes;
        let name = self.names.intern(self.bytes.get(from..self.at).unwrap_or_default());
        (name.local.clone(), name.role)
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

    /// Reads an attribute ("attribute name state" and after).
    fn attribute(&mut self, tag: &mut Tag) {
        let from = self.at;
        // The first byte is part of the name whatever it is: `<a =x>` has an attribute `=x`.
        let name = self.rest(from + 1).iter();
        let n_bytes = 1 + name.take_while(|byte| !ends_name(**byte) && **byte != b'=').count();
        self.at = from + n_bytes;
        let value = self.value_place();
        let name = self.bytes.get(from..from + n_bytes).unwrap_or_default();
        if matches!(self.keep, Keep::Read | Keep::Lean) && !keep::may_be_read(name) {
            return;
        }
        let name = self.names.intern(name);
        let is_wanted = match self.keep {
            Keep::All | Keep::ReadWithAttributes => true,
            Keep::Read => name.is_read,
            Keep::Lean => name.is_for_text,
        };
        if !is_wanted || tag.attrs.len() >= MAX_ATTRIBUTES {
            return;
        }
        let name = name.local.clone();
        if tag.attrs.iter().any(|attribute| attribute.name.local == name) {
            tag.had_duplicate_attributes = true;
            return;
        }
        let value = value.map_or_else(StrTendril::new, |(from, end)| self.value(from, end));
        if tag.attrs.is_empty() {
            // A vector that grows by itself takes a longer way to the allocator.
            tag.attrs = Vec::with_capacity(USUAL_ATTRIBUTES);
        }
        tag.attrs.push(Attribute { name: QualName::new(None, ns!(), name), value });
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

    fn value(&self, from: usize, end: usize) -> StrTendril {
        match memchr2(b'&', 0, self.between(from, end)) {
            None => self.cut(from, end),
            Some(_) => self.decoded(from, end, References::InAttribute),
        }
    }
}
