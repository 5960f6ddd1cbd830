//! The modes before the body: "initial" to "after head", and "in template".

use super::sets::{ALL_IMPLIED_END, OF_HEAD};
use super::stack::Open;
use super::{Mode, Next, Token, TreeBuilder};
use crate::parse::html::tokenizer::State;
use crate::parse::tree::{Namespace, NodeId, Tag};

impl TreeBuilder<'_> {
    pub(super) fn initial(&mut self, token: Token) -> Next {
        if token == Token::Comment {
            self.append_comment(NodeId::DOCUMENT);
            return Next::Token;
        }
        self.is_quirky = true;
        self.again(Mode::BeforeHtml)
    }

    pub(super) fn before_html(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.append_comment(NodeId::DOCUMENT),
            Token::Start(start) if start.tag == Tag::HTML => {
                self.insert_root();
                self.mode = Mode::BeforeHead;
            }
            Token::End(tag) if !is_end_of_page_part(tag) => {}
            Token::Start(_) | Token::End(_) | Token::EndOfPage => {
                self.imply_root();
                return Next::SameToken;
            }
        }
        Next::Token
    }

    /// The root, if no tag stands for it.
    pub(super) fn imply_root(&mut self) {
        let mut attributes = std::mem::take(&mut self.attributes);
        self.insert_root();
        self.attributes.append(&mut attributes);
        self.mode = Mode::BeforeHead;
    }

    pub(super) fn before_head(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::Start(start) if start.tag == Tag::HEAD => {
                self.head = Some(self.insert_html(Tag::HEAD));
                self.mode = Mode::InHead;
            }
            Token::End(tag) if !is_end_of_page_part(tag) => {}
            Token::Start(_) | Token::End(_) | Token::EndOfPage => {
                self.imply_head();
                return Next::SameToken;
            }
        }
        Next::Token
    }

    /// The head, if no tag stands for it.
    pub(super) fn imply_head(&mut self) {
        self.head = Some(self.insert_implied(Tag::HEAD));
        self.mode = Mode::InHead;
    }

    pub(super) fn in_head(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) => match start.tag {
                Tag::HTML => return self.in_body(token),
                Tag::BASE | Tag::BASEFONT | Tag::BGSOUND | Tag::LINK | Tag::META => {
                    self.insert_void(start.tag);
                }
                Tag::TITLE => return self.open_raw(start.tag, State::Rcdata),
                Tag::NOFRAMES | Tag::STYLE => return self.open_raw(start.tag, State::Rawtext),
                Tag::NOSCRIPT => {
                    self.insert_html(start.tag);
                    self.mode = Mode::InHeadNoscript;
                }
                Tag::SCRIPT => return self.open_raw(start.tag, State::ScriptData),
                Tag::TEMPLATE => self.open_template(),
                Tag::HEAD => {}
                _ => return self.end_head(),
            },
            Token::End(Tag::HEAD) => {
                self.end_head();
            }
            Token::End(Tag::BODY | Tag::HTML | Tag::BR) | Token::EndOfPage => {
                return self.end_head();
            }
            Token::End(Tag::TEMPLATE) => self.close_template(),
            Token::End(_) => {}
        }
        Next::Token
    }

    /// Closes the head, and has the token read behind it.
    pub(super) fn end_head(&mut self) -> Next {
        self.open.pop();
        self.again(Mode::AfterHead)
    }

    fn open_template(&mut self) {
        self.formatting.mark();
        self.may_have_frames = false;
        self.mode = Mode::InTemplate;
        self.template_modes.push(Mode::InTemplate);
        self.insert_html(Tag::TEMPLATE);
    }

    fn close_template(&mut self) {
        if !self.open.has(Tag::TEMPLATE) {
            return;
        }
        self.open.pop_all_of(&ALL_IMPLIED_END);
        self.leave_template();
    }

    fn leave_template(&mut self) {
        self.open.pop_through(Tag::TEMPLATE);
        self.formatting.clear_to_marker();
        self.template_modes.pop();
        self.reset_mode();
    }

    pub(super) fn in_head_noscript(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => return self.in_head(token),
            Token::End(Tag::NOSCRIPT) => {
                self.open.pop();
                self.mode = Mode::InHead;
                return Next::Token;
            }
            Token::End(tag) if tag != Tag::BR => return Next::Token,
            Token::Start(start) => match start.tag {
                Tag::HTML => return self.in_body(token),
                Tag::BASEFONT
                | Tag::BGSOUND
                | Tag::LINK
                | Tag::META
                | Tag::NOFRAMES
                | Tag::STYLE => return self.in_head(token),
                Tag::HEAD | Tag::NOSCRIPT => return Next::Token,
                _ => {}
            },
            Token::End(_) | Token::EndOfPage => {}
        }
        self.open.pop();
        self.again(Mode::InHead)
    }

    pub(super) fn after_head(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) => match start.tag {
                Tag::HTML => return self.in_body(token),
                Tag::BODY => {
                    self.insert_html(Tag::BODY);
                    self.may_have_frames = false;
                    self.mode = Mode::InBody;
                }
                Tag::FRAMESET => {
                    self.insert_html(Tag::FRAMESET);
                    self.mode = Mode::InFrameset;
                }
                tag if OF_HEAD.has(tag) => return self.in_late_head(token),
                Tag::HEAD => {}
                _ => return self.imply_body(),
            },
            Token::End(Tag::TEMPLATE) => return self.in_head(token),
            Token::End(Tag::BODY | Tag::HTML | Tag::BR) | Token::EndOfPage => {
                return self.imply_body();
            }
            Token::End(_) => {}
        }
        Next::Token
    }

    /// What belongs in the head and comes behind it goes there.
    fn in_late_head(&mut self, token: Token) -> Next {
        let Some(id) = self.head else { return Next::Token };
        self.open.push(Open { id, tag: Tag::HEAD, namespace: Namespace::Html });
        let next = self.in_head(token);
        if let Some(at) = self.open.place_of(id) {
            self.open.remove(at);
        }
        next
    }

    /// The body, if no tag stands for it.
    pub(super) fn imply_body(&mut self) -> Next {
        self.insert_implied(Tag::BODY);
        self.again(Mode::InBody)
    }

    pub(super) fn in_template(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.in_body(token),
            Token::Start(start) => match start.tag {
                tag if OF_HEAD.has(tag) => self.in_head(token),
                Tag::CAPTION | Tag::COLGROUP | Tag::TBODY | Tag::TFOOT | Tag::THEAD => {
                    self.go_on_in_template(Mode::InTable)
                }
                Tag::COL => self.go_on_in_template(Mode::InColumnGroup),
                Tag::TR => self.go_on_in_template(Mode::InTableBody),
                Tag::TD | Tag::TH => self.go_on_in_template(Mode::InRow),
                _ => self.go_on_in_template(Mode::InBody),
            },
            Token::End(Tag::TEMPLATE) => self.in_head(token),
            Token::End(_) => Next::Token,
            Token::EndOfPage => {
                if !self.open.has(Tag::TEMPLATE) {
                    return Next::Token;
                }
                self.leave_template();
                Next::SameToken
            }
        }
    }

    fn go_on_in_template(&mut self, mode: Mode) -> Next {
        self.template_modes.pop();
        self.template_modes.push(mode);
        self.again(mode)
    }
}

/// End tags that stand for parts of the page that no tag has opened.
fn is_end_of_page_part(tag: Tag) -> bool {
    matches!(tag, Tag::HEAD | Tag::BODY | Tag::HTML | Tag::BR)
}
