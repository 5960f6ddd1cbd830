//! `<!DOCTYPE …>`: name, public and system identifier, and whether it is broken (HTML standard, "DOCTYPE state" and after).

use std::borrow::Cow;

use super::{References, TokenSink, Tokenizer, decoded, is_space};

/// A document type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doctype<'p> {
    /// Its name, in lower case.
    pub name: Option<Cow<'p, str>>,
    /// Its public identifier.
    pub public_id: Option<Cow<'p, str>>,
    /// Its system identifier.
    pub system_id: Option<Cow<'p, str>>,
    /// Whether it is written so that browsers read the page as an old one ("force-quirks flag").
    pub is_broken: bool,
}

/// Whether a part was read as it should be.
enum Part {
    /// Go on with what follows.
    Read,
    /// What follows is skipped.
    Bogus,
    /// The `>` that ends the doctype was met inside a part.
    Ended,
}

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Reads the doctype from behind its keyword.
    pub(super) fn doctype(&mut self, from: usize) {
        self.at = from;
        let mut doctype = Doctype::default();
        self.skip_spaces();
        self.doctype_name(&mut doctype);
        if !matches!(self.identifiers(&mut doctype), Part::Ended) {
            self.at = self.find(self.at, b'>').map_or(self.bytes.len(), |close| close + 1);
        }
        self.sink.doctype(doctype);
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest(self.at).iter().take_while(|byte| is_space(**byte)).count();
    }

    fn doctype_name(&mut self, doctype: &mut Doctype<'p>) {
        let is_name = |byte: &&u8| !is_space(**byte) && **byte != b'>';
        let end = self.at + self.rest(self.at).iter().take_while(is_name).count();
        if end > self.at {
            let name = decoded(self.cut(self.at, end), References::None);
            doctype.name = Some(Cow::Owned(name.to_ascii_lowercase()));
        }
        doctype.is_broken = end == self.at || end == self.bytes.len();
        self.at = end;
    }

    /// What follows the name ("after DOCTYPE name state").
    fn identifiers(&mut self, doctype: &mut Doctype<'p>) -> Part {
        self.skip_spaces();
        let keyword = self.rest(self.at).get(..6).unwrap_or_default();
        let (is_public, is_system) =
            (keyword.eq_ignore_ascii_case(b"public"), keyword.eq_ignore_ascii_case(b"system"));
        if !is_public && !is_system {
            doctype.is_broken |= self.byte(self.at) != Some(b'>');
            return Part::Bogus;
        }
        self.at += 6;
        if is_public {
            let part = self.identifier(doctype, |doctype| &mut doctype.public_id);
            if !matches!(part, Part::Read) {
                return part;
            }
            self.skip_spaces();
            if self.byte(self.at) == Some(b'>') {
                return Part::Bogus;
            }
        }
        let part = self.identifier(doctype, |doctype| &mut doctype.system_id);
        if matches!(part, Part::Read) {
            self.skip_spaces();
            doctype.is_broken |= self.at == self.bytes.len();
        }
        part
    }

    /// A quoted identifier.
    fn identifier(
        &mut self,
        doctype: &mut Doctype<'p>,
        field: impl for<'d> Fn(&'d mut Doctype<'p>) -> &'d mut Option<Cow<'p, str>>,
    ) -> Part {
        self.skip_spaces();
        let Some(quote @ (b'"' | b'\'')) = self.byte(self.at) else {
            doctype.is_broken = true;
            return Part::Bogus;
        };
        let from = self.at + 1;
        let n_bytes = memchr::memchr2(quote, b'>', self.rest(from));
        let end = n_bytes.map_or(self.bytes.len(), |n| from + n);
        *field(doctype) = Some(decoded(self.cut(from, end), References::None));
        self.at = self.bytes.len().min(end + 1);
        if self.byte(end) == Some(quote) {
            return Part::Read;
        }
        doctype.is_broken = true;
        Part::Ended
    }
}
