//! What begins with `<` and is no tag: comments, CDATA sections, and `<` itself.

use std::borrow::Cow;

use memchr::memmem;

use super::keep::Last;
use super::tag::Kind;
use super::{CDATA, Keep, References, State, TokenSink, Tokenizer, decoded};

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Reads the markup whose `<` is here ("tag open state").
    pub(super) fn markup(&mut self) {
        let open = self.at;
        match (self.byte(open + 1), self.byte(open + 2)) {
            (Some(b'/'), Some(b'>')) => self.at = open + 3,
            (Some(b'/'), Some(byte)) if byte.is_ascii_alphabetic() => self.tag(Kind::End, open + 2),
            (Some(b'/'), Some(_)) => self.bogus_comment(open + 2),
            (Some(b'!'), _) => self.declaration(open + 2),
            (Some(b'?'), _) => self.bogus_comment(open + 1),
            (Some(byte), _) if byte.is_ascii_alphabetic() => self.tag(Kind::Start, open + 1),
            // `</` ends the page. (What else begins no markup `next_markup` passes over.)
            _ => self.literal(open + 2),
        }
    }

    /// Emits marks that turned out to be text.
    fn literal(&mut self, end: usize) {
        let text = self.cut(self.at, end);
        self.at = end;
        self.sink.text(Cow::Borrowed(text));
        self.around.text();
    }

    /// What stands behind `<!` ("markup declaration open state").
    fn declaration(&mut self, from: usize) {
        let rest = self.rest(from);
        let is_doctype = rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"));
        if rest.starts_with(b"--") {
            self.comment(from + 2);
        } else if is_doctype {
            self.doctype(from + 7);
        } else if rest.starts_with(b"[CDATA[") && self.sink.is_in_foreign_content() {
            self.at = from + 7;
            self.state = State::Cdata;
        } else {
            self.bogus_comment(from);
        }
    }

    /// Text to `]]>` ("CDATA section state").
    pub(super) fn cdata(&mut self) {
        let end = memmem::find(self.rest(self.at), b"]]>").map(|n| self.at + n);
        self.text_until(end.unwrap_or(self.bytes.len()), CDATA);
        self.at += if end.is_some() { 3 } else { 0 };
        self.state = State::Data;
    }

    /// A comment, from behind `<!--`.
    fn comment(&mut self, from: usize) {
        let (end, next) = self.comment_end(from);
        self.emit_comment(from, end, next);
    }

    /// Where a comment's text ends, and where to go on.
    fn comment_end(&self, from: usize) -> (usize, usize) {
        let rest = self.rest(from);
        // `<!-->` and `<!--->` are whole comments.
        for short in [&b">"[..], b"->"] {
            if rest.starts_with(short) {
                return (from, from + short.len());
            }
        }
        let mut at = from;
        while let Some(close) = self.find(at, b'>') {
            let text = self.between(from, close);
            for mark in [&b"--"[..], b"--!"] {
                if text.ends_with(mark) {
                    return (close - mark.len(), close + 1);
                }
            }
            at = close + 1;
        }
        // The page ends inside: what could have been the end mark is no text.
        let n_marks = match rest {
            [.., b'-', b'-', b'!'] => 3,
            [.., b'-', b'-'] => 2,
            [.., b'-'] => 1,
            _ => 0,
        };
        let end = self.bytes.len();
        (end - n_marks, end)
    }

    /// What is no comment but is treated as one, to the next `>`.
    fn bogus_comment(&mut self, from: usize) {
        let end = self.find(from, b'>').unwrap_or(self.bytes.len());
        self.emit_comment(from, end, end + 1);
    }

    /// Without its text a comment still parts the text around it.
    fn emit_comment(&mut self, from: usize, end: usize, next: usize) {
        self.at = next;
        let text = match self.keep {
            Keep::All => decoded(self.cut(from, end), References::None),
            Keep::Lean if self.around.last != Last::Text => return,
            Keep::Read | Keep::ReadWithAttributes | Keep::Lean => Cow::Borrowed(""),
        };
        self.sink.comment(text);
        self.around.last = Last::Other;
    }
}
