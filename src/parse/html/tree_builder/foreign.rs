//! Images (SVG) and formulas (`MathML`): "the rules for parsing tokens in foreign content". Names in them stay in lower case.

use super::sets::BREAKS_OUT;
use super::stack::Open;
use super::{Next, Token, TreeBuilder};
use crate::parse::tree::{Attr, Namespace, Tag};

impl TreeBuilder<'_> {
    /// Whether an element is open that is not HTML's.
    pub(super) fn is_at_foreign(&self) -> bool {
        self.open.last().is_some_and(|open| open.namespace != Namespace::Html)
    }

    /// Whether a token is read by the rules for foreign content.
    pub(super) fn is_foreign(&self, token: Token) -> bool {
        let Some(open) = self.open.last().filter(|open| open.namespace != Namespace::Html) else {
            return false;
        };
        let tag = match token {
            Token::EndOfPage => return false,
            Token::Start(start) => start.tag,
            Token::End(_) | Token::Comment => return true,
        };
        let is_html = (open.is_math_text() && !matches!(tag, Tag::MGLYPH | Tag::MALIGNMARK))
            || open.is_html_in_svg()
            || (is_annotation(open) && tag == Tag::SVG);
        !is_html
    }

    /// Whether text is read by the rules for foreign content.
    pub(super) fn is_foreign_text(&self) -> bool {
        self.open.last().is_some_and(|open| {
            open.namespace != Namespace::Html && !open.is_math_text() && !open.is_html_in_svg()
        })
    }

    pub(super) fn foreign(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) => {
                let is_html_font = start.tag == Tag::FONT
                    && [Attr::COLOR, Attr::FACE, Attr::SIZE]
                        .iter()
                        .any(|name| self.attribute(*name).is_some());
                if BREAKS_OUT.has(start.tag) || is_html_font {
                    return self.break_out(token);
                }
                let namespace = self.open.last().map_or(Namespace::Html, |open| open.namespace);
                self.insert_foreign(start.tag, namespace, start.is_self_closing);
            }
            Token::End(Tag::BR | Tag::P) => return self.break_out(token),
            Token::End(tag) => return self.end_foreign(tag),
            Token::EndOfPage => {}
        }
        Next::Token
    }

    /// Inserts an element of an image or a formula.
    pub(super) fn insert_foreign(&mut self, tag: Tag, namespace: Namespace, is_self_closing: bool) {
        let open = self.insert(tag, namespace);
        if !is_self_closing {
            self.open.push(open);
        }
    }

    /// Closes the image, in which HTML has begun.
    fn break_out(&mut self, token: Token) -> Next {
        let holds_html = |open: &Open| {
            open.namespace == Namespace::Html || open.is_math_text() || open.is_html_in_svg()
        };
        while self.open.last().is_some_and(|open| !holds_html(open)) {
            self.open.pop();
        }
        self.step(self.mode, token)
    }

    /// Closes the element of that name, or has HTML's rules read the tag if an HTML element is open inside of it.
    fn end_foreign(&mut self, tag: Tag) -> Next {
        let innermost = self.open.len().saturating_sub(1);
        let is_asked = |(at, open): &(usize, &Open)| {
            // The innermost is foreign, or this rule would not be asked.
            open.tag == tag || (*at < innermost && open.namespace == Namespace::Html)
        };
        let found = self.open.innermost_first().find(is_asked).map(|(at, open)| (at, *open));
        self.open.step(self.open.len() - found.map_or(0, |(at, _)| at));
        match found {
            None | Some((0, _)) => Next::Token,
            Some((at, open)) if at < innermost && open.namespace == Namespace::Html => {
                self.step(self.mode, Token::End(tag))
            }
            Some((at, _)) => {
                self.open.truncate(at);
                Next::Token
            }
        }
    }
}

/// A formula's note, in which an image may stand.
fn is_annotation(open: &Open) -> bool {
    open.tag == Tag::ANNOTATION_XML && open.namespace == Namespace::MathMl
}
