//! `<!DOCTYPE …>`: name, public and system identifier, and whether it is broken (HTML standard, "DOCTYPE state" and after).

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, DoctypeToken, TokenSink};

use super::{References, Tokenizer, is_space};

/// Whether a part was read as it should be.
enum Part {
    /// Go on with what follows.
    Read,
    /// What follows is skipped.
    Bogus,
    /// The `>` that ends the doctype was met inside a part.
    Ended,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Reads the doctype from behind its keyword.
    pub(super) fn doctype(&mut self, from: usize) {
        self.at = from;
        let mut doctype = Doctype::default();
        self.skip_spaces();
        self.doctype_name(&mut doctype);
        if !matches!(self.identifiers(&mut doctype), Part::Ended) {
            self.at = self.find(self.at, b'>').map_or(self.bytes.len(), |close| close + 1);
        }
        self.feed(DoctypeToken(doctype));
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest(self.at).iter().take_while(|byte| is_space(**byte)).count();
    }

    fn doctype_name(&mut self, doctype: &mut Doctype) {
        let is_name = |byte: &&u8| !is_space(**byte) && **byte != b'>';
        let end = self.at + self.rest(self.at).iter().take_while(is_name).count();
        if end > self.at {
            let name = self.decoded(self.at, end, References::None);
            doctype.name = Some(StrTendril::from(name.to_ascii_lowercase()));
        }
        doctype.force_quirks = end == self.at || end == self.bytes.len();
        self.at = end;
    }

    /// What follows the name ("after DOCTYPE name state").
    fn identifiers(&mut self, doctype: &mut Doctype) -> Part {
        self.skip_spaces();
        let keyword = self.rest(self.at).get(..6).unwrap_or_default();
        let (is_public, is_system) =
            (keyword.eq_ignore_ascii_case(b"public"), keyword.eq_ignore_ascii_case(b"system"));
        if !is_public && !is_system {
            doctype.force_quirks |= self.byte(self.at) != Some(b'>');
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
            doctype.force_quirks |= self.at == self.bytes.len();
        }
        part
    }

    /// A quoted identifier.
    fn identifier(
        &mut self,
        doctype: &mut Doctype,
        field: impl Fn(&mut Doctype) -> &mut Option<StrTendril>,
    ) -> Part {
        self.skip_spaces();
        let Some(quote @ (b'"' | b'\'')) = self.byte(self.at) else {
            doctype.force_quirks = true;
            return Part::Bogus;
        };
        let from = self.at + 1;
        let n_bytes = memchr::memchr2(quote, b'>', self.rest(from));
        let end = n_bytes.map_or(self.bytes.len(), |n| from + n);
        *field(doctype) = Some(self.decoded(from, end, References::None));
        self.at = self.bytes.len().min(end + 1);
        if self.byte(end) == Some(quote) {
            return Part::Read;
        }
        doctype.force_quirks = true;
        Part::Ended
    }
}
