//! The modes behind the body, and those of frames.

use super::{Mode, Next, Token, TreeBuilder};
use crate::parse::tree::{NodeId, Tag};

impl TreeBuilder<'_> {
    pub(super) fn after_body(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => {
                let root = self.open.get(0).map_or(NodeId::DOCUMENT, |root| root.id);
                self.append_comment(root);
            }
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::End(Tag::HTML) => self.mode = Mode::AfterAfterBody,
            Token::EndOfPage => {}
            Token::Start(_) | Token::End(_) => return self.again(Mode::InBody),
        }
        Next::Token
    }

    pub(super) fn after_after_body(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.append_comment(NodeId::DOCUMENT),
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::EndOfPage => {}
            Token::Start(_) | Token::End(_) => return self.again(Mode::InBody),
        }
        Next::Token
    }

    pub(super) fn in_frameset(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) => match start.tag {
                Tag::HTML => return self.in_body(token),
                Tag::FRAMESET => {
                    self.insert_html(Tag::FRAMESET);
                }
                Tag::FRAME => {
                    self.insert_void(Tag::FRAME);
                }
                Tag::NOFRAMES => return self.in_head(token),
                _ => {}
            },
            Token::End(Tag::FRAMESET) if self.open.len() > 1 => {
                self.open.pop();
                if !self.open.is_at(Tag::FRAMESET) {
                    self.mode = Mode::AfterFrameset;
                }
            }
            Token::End(_) | Token::EndOfPage => {}
        }
        Next::Token
    }

    pub(super) fn after_frameset(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::Start(start) if start.tag == Tag::NOFRAMES => return self.in_head(token),
            Token::End(Tag::HTML) => self.mode = Mode::AfterAfterFrameset,
            Token::Start(_) | Token::End(_) | Token::EndOfPage => {}
        }
        Next::Token
    }

    pub(super) fn after_after_frameset(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.append_comment(NodeId::DOCUMENT),
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::Start(start) if start.tag == Tag::NOFRAMES => return self.in_head(token),
            Token::Start(_) | Token::End(_) | Token::EndOfPage => {}
        }
        Next::Token
    }
}
