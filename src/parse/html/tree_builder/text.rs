//! Text, and the "text" mode: what each mode makes of characters.

use std::borrow::Cow;

use super::sets::TABLE_PARTS;
use super::{Mode, Next, Token, TreeBuilder};
use crate::parse::tree::Tag;

/// What a mode does with a run of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// White space goes.
    Drop,
    /// It stands where it stands.
    Insert,
    /// It is read as in the body.
    AsInBody,
}

impl<'p> TreeBuilder<'p> {
    /// Reads text.
    pub(super) fn read_text(&mut self, text: Cow<'p, str>) {
        let drops = std::mem::take(&mut self.drops_line_feed) && text.starts_with('\n');
        let text = if drops { without_first_byte(text) } else { text };
        if text.is_empty() {
            return;
        }
        if self.space_rule().is_none() {
            return self.whole_text(text);
        }
        match text {
            Cow::Borrowed(text) => self.read_runs(text, Cow::Borrowed),
            Cow::Owned(text) => self.read_runs(&text, |run| Cow::Owned(run.to_owned())),
        }
    }

    /// Reads text where white space is told from the rest, run by run; the first that is not white space may change that.
    fn read_runs<'a>(&mut self, text: &'a str, run_of: impl Fn(&'a str) -> Cow<'p, str>) {
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            let space_rule = if self.is_foreign_text() { None } else { self.space_rule() };
            let Some(space_rule) = space_rule else { return self.whole_text(run_of(rest)) };
            let is_space = first.is_ascii_whitespace();
            let n_bytes =
                rest.bytes().take_while(|byte| byte.is_ascii_whitespace() == is_space).count();
            let (run, after) = rest.split_at_checked(n_bytes).unwrap_or((rest, ""));
            if is_space {
                self.space(run_of(run), space_rule);
            } else if self.open_body_for_text() {
                self.whole_text(run_of(run));
            }
            rest = after;
        }
    }

    /// Reads a NUL, which is no text but has its place.
    pub(super) fn read_nul(&mut self) {
        self.drops_line_feed = false;
        if self.is_foreign_text() {
            return self.insert_text("\u{fffd}".into());
        }
        if self.mode != Mode::InTemplate && self.open_body_for_text() {
            match self.mode {
                Mode::InTable | Mode::InTableBody | Mode::InRow
                    if self.open.is_at_one_of(&TABLE_PARTS) =>
                {
                    self.original_mode = self.mode;
                    self.mode = Mode::InTableText;
                }
                _ => {}
            }
        }
    }

    /// What the mode does with white space that stands alone; `None` where it does not tell it from other text.
    const fn space_rule(&self) -> Option<Run> {
        match self.mode {
            Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead => Some(Run::Drop),
            Mode::InHead
            | Mode::InHeadNoscript
            | Mode::AfterHead
            | Mode::InColumnGroup
            | Mode::InFrameset
            | Mode::AfterFrameset => Some(Run::Insert),
            Mode::AfterBody | Mode::AfterAfterBody | Mode::AfterAfterFrameset => {
                Some(Run::AsInBody)
            }
            _ => None,
        }
    }

    fn space(&mut self, run: Cow<'p, str>, rule: Run) {
        match rule {
            Run::Drop => {}
            Run::Insert => self.insert_text(run),
            Run::AsInBody => self.text_in_body(run),
        }
    }

    /// Goes to the mode in which text is read, opening what is missing; `false` where text has no place.
    fn open_body_for_text(&mut self) -> bool {
        loop {
            match self.mode {
                Mode::Initial => {
                    self.is_quirky = true;
                    self.mode = Mode::BeforeHtml;
                }
                Mode::BeforeHtml => self.imply_root(),
                Mode::BeforeHead => self.imply_head(),
                Mode::InHead => {
                    self.end_head();
                }
                Mode::InHeadNoscript => {
                    self.open.pop();
                    self.mode = Mode::InHead;
                }
                Mode::AfterHead => {
                    self.imply_body();
                }
                Mode::AfterBody | Mode::AfterAfterBody => self.mode = Mode::InBody,
                Mode::InColumnGroup if self.open.is_at(Tag::COLGROUP) => {
                    self.open.pop();
                    self.mode = Mode::InTable;
                }
                Mode::InColumnGroup
                | Mode::InFrameset
                | Mode::AfterFrameset
                | Mode::AfterAfterFrameset => return false,
                _ => return true,
            }
        }
    }

    /// Text where white space is not told from the rest.
    fn whole_text(&mut self, text: Cow<'p, str>) {
        if self.is_foreign_text() {
            self.may_have_frames &= !has_ink(&text);
            return self.insert_text(text);
        }
        match self.mode {
            Mode::Text => self.insert_text(text),
            Mode::InTableText => self.table_text.push(text),
            Mode::InTable | Mode::InTableBody | Mode::InRow => {
                if self.open.is_at_one_of(&TABLE_PARTS) {
                    self.original_mode = self.mode;
                    self.mode = Mode::InTableText;
                    self.table_text.push(text);
                } else {
                    self.foster_text(text);
                }
            }
            _ => self.text_in_body(text),
        }
    }

    fn text_in_body(&mut self, text: Cow<'p, str>) {
        self.reconstruct();
        self.may_have_frames &= !has_ink(&text);
        self.insert_text(text);
    }

    fn foster_text(&mut self, text: Cow<'p, str>) {
        self.is_foster_parenting = true;
        self.text_in_body(text);
        self.is_foster_parenting = false;
    }

    /// Puts the text of a table into it, or before it if there is more than white space.
    pub(super) fn flush_table_text(&mut self) {
        let texts = std::mem::take(&mut self.table_text);
        let is_fostered = texts.iter().any(|text| has_ink(text));
        for text in texts {
            if is_fostered {
                self.foster_text(text);
            } else {
                self.insert_text(text);
            }
        }
        self.mode = self.original_mode;
    }

    /// The "text" mode: an element whose content is characters ends.
    pub(super) fn in_text(&mut self, token: Token) -> Next {
        self.open.pop();
        self.mode = self.original_mode;
        if token == Token::EndOfPage { Next::SameToken } else { Next::Token }
    }
}

/// Whether there is more than white space.
fn has_ink(text: &str) -> bool {
    text.bytes().any(|byte| !byte.is_ascii_whitespace())
}

fn without_first_byte(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => text.get(1..).unwrap_or_default().into(),
        Cow::Owned(text) => text.get(1..).unwrap_or_default().to_owned().into(),
    }
}
