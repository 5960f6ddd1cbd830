//! The "in body" mode, by which most of a page is read.

use super::sets::{HEADINGS, IMPLIED_END, OF_HEAD, PART_STARTS, SPECIAL, SPECIAL_FOR_ITEMS};
use super::stack::Scope;
use super::{Mode, Next, Token, TreeBuilder};
use crate::parse::html::tokenizer::{StartTag, State};
use crate::parse::tree::{Attr, Namespace, NodeId, Tag, TagSet};

/// Elements that begin a block and have no rule of their own.
const BLOCKS: TagSet = TagSet::of(&[
    Tag::ADDRESS,
    Tag::ARTICLE,
    Tag::ASIDE,
    Tag::BLOCKQUOTE,
    Tag::CENTER,
    Tag::DETAILS,
    Tag::DIALOG,
    Tag::DIR,
    Tag::DIV,
    Tag::DL,
    Tag::FIELDSET,
    Tag::FIGCAPTION,
    Tag::FIGURE,
    Tag::FOOTER,
    Tag::HEADER,
    Tag::HGROUP,
    Tag::MAIN,
    Tag::MENU,
    Tag::NAV,
    Tag::OL,
    Tag::P,
    Tag::SEARCH,
    Tag::SECTION,
    Tag::SUMMARY,
    Tag::UL,
]);

/// Elements whose end tag closes what is open in them.
const CLOSED_BY_END_TAG: TagSet =
    BLOCKS.without(&[Tag::P]).and(&[Tag::BUTTON, Tag::LISTING, Tag::PRE, Tag::SELECT]);

/// Elements that outlive the block they are opened in.
const FORMATTING: TagSet = TagSet::of(&[
    Tag::B,
    Tag::BIG,
    Tag::CODE,
    Tag::EM,
    Tag::FONT,
    Tag::I,
    Tag::S,
    Tag::SMALL,
    Tag::STRIKE,
    Tag::STRONG,
    Tag::TT,
    Tag::U,
]);
const FORMATTING_END: TagSet = FORMATTING.and(&[Tag::A, Tag::NOBR]);

/// Elements in a line of text that hold nothing.
const VOID_IN_LINE: TagSet =
    TagSet::of(&[Tag::AREA, Tag::BR, Tag::EMBED, Tag::IMG, Tag::KEYGEN, Tag::WBR]);

/// Elements that hold formatting in.
const BARRIERS: TagSet = TagSet::of(&[Tag::APPLET, Tag::MARQUEE, Tag::OBJECT]);

impl TreeBuilder<'_> {
    pub(super) fn in_body(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::Start(start) => return self.start_in_body(start),
            Token::End(tag) => return self.end_in_body(tag),
            Token::EndOfPage if self.template_modes.is_empty() => {}
            Token::EndOfPage => return self.in_template(token),
        }
        Next::Token
    }

    fn start_in_body(&mut self, start: StartTag) -> Next {
        let tag = start.tag;
        match tag {
            _ if BLOCKS.has(tag) => {
                self.close_paragraph_in_scope();
                self.insert_html(tag);
            }
            Tag::LI | Tag::DD | Tag::DT => self.item(tag),
            _ if HEADINGS.has(tag) => self.heading(tag),
            Tag::A => {
                self.close_link();
                self.reconstruct();
                self.insert_formatting(tag);
            }
            _ if FORMATTING.has(tag) => {
                self.reconstruct();
                self.insert_formatting(tag);
            }
            _ if VOID_IN_LINE.has(tag) => self.void_in_line(tag),
            Tag::IMAGE => self.void_in_line(Tag::IMG),
            Tag::PARAM | Tag::SOURCE | Tag::TRACK => {
                self.insert_void(tag);
            }
            Tag::MATH => self.image(start, Namespace::MathMl),
            Tag::SVG => self.image(start, Namespace::Svg),
            Tag::PRE | Tag::LISTING => self.preformatted(tag),
            Tag::TABLE => self.table(),
            Tag::HR => self.rule(),
            Tag::RB | Tag::RTC => self.ruby_part(&[], tag),
            Tag::RP | Tag::RT => self.ruby_part(&[Tag::RTC], tag),
            Tag::NOBR => self.nobr(),
            Tag::FORM => self.form(),
            Tag::BUTTON => self.button(),
            Tag::INPUT => self.input(),
            Tag::SELECT => self.select(),
            Tag::OPTION => self.option(&[Tag::OPTGROUP], tag),
            Tag::OPTGROUP => self.option(&[], tag),
            Tag::HTML | Tag::BODY | Tag::FRAMESET => self.page_part(tag),
            Tag::TEXTAREA | Tag::XMP | Tag::IFRAME | Tag::NOEMBED => self.raw_in_body(tag),
            Tag::PLAINTEXT => self.plaintext(),
            Tag::FRAME | Tag::HEAD => {}
            _ if PART_STARTS.has(tag) => {}
            _ if OF_HEAD.has(tag) => return self.in_head(Token::Start(start)),
            _ => {
                self.reconstruct();
                self.insert_html(tag);
                if BARRIERS.has(tag) {
                    self.formatting.mark();
                    self.may_have_frames = false;
                }
            }
        }
        Next::Token
    }

    fn heading(&mut self, tag: Tag) {
        self.close_paragraph_in_scope();
        if self.open.is_at_one_of(&HEADINGS) {
            self.open.pop();
        }
        self.insert_html(tag);
    }

    fn preformatted(&mut self, tag: Tag) {
        self.close_paragraph_in_scope();
        self.insert_html(tag);
        self.drops_line_feed = true;
        self.may_have_frames = false;
    }

    fn table(&mut self) {
        if !self.is_quirky {
            self.close_paragraph_in_scope();
        }
        self.insert_html(Tag::TABLE);
        self.may_have_frames = false;
        self.mode = Mode::InTable;
    }

    /// An item of a list ends the one before it.
    fn item(&mut self, tag: Tag) {
        const LIST: TagSet = TagSet::of(&[Tag::LI]);
        const DEFINITIONS: TagSet = TagSet::of(&[Tag::DD, Tag::DT]);
        self.may_have_frames = false;
        let items = if tag == Tag::LI { &LIST } else { &DEFINITIONS };
        let mut n_steps = 0;
        let ends = self.open.innermost_first().find(|(_, open)| {
            n_steps += 1;
            open.is_in(items) || open.is_in(&SPECIAL_FOR_ITEMS)
        });
        let before = ends.map(|(_, open)| *open).filter(|open| open.is_in(items));
        self.open.step(n_steps);
        if let Some(before) = before {
            self.close_implied_but(before.tag);
            self.open.pop_through(before.tag);
        }
        self.close_paragraph_in_scope();
        self.insert_html(tag);
    }

    fn nobr(&mut self) {
        self.reconstruct();
        if self.open.has_in_scope(Scope::Default, Tag::NOBR) {
            self.end_formatting(Tag::NOBR);
            self.reconstruct();
        }
        self.insert_formatting(Tag::NOBR);
    }

    fn void_in_line(&mut self, tag: Tag) {
        self.reconstruct();
        self.insert_void(tag);
        self.may_have_frames = false;
    }

    fn rule(&mut self) {
        self.close_paragraph_in_scope();
        if self.open.has_in_scope(Scope::Default, Tag::SELECT) {
            self.open.pop_all_of(&IMPLIED_END);
        }
        self.insert_void(Tag::HR);
        self.may_have_frames = false;
    }

    fn form(&mut self) {
        let in_template = self.open.has(Tag::TEMPLATE);
        if self.form.is_some() && !in_template {
            return;
        }
        self.close_paragraph_in_scope();
        let form = self.insert_html(Tag::FORM);
        if !in_template {
            self.form = Some(form);
        }
    }

    fn button(&mut self) {
        if self.open.has_in_scope(Scope::Default, Tag::BUTTON) {
            self.open.pop_all_of(&IMPLIED_END);
            self.open.pop_through(Tag::BUTTON);
        }
        self.reconstruct();
        self.insert_html(Tag::BUTTON);
        self.may_have_frames = false;
    }

    fn input(&mut self) {
        if self.open.has_in_scope(Scope::Default, Tag::SELECT) {
            self.open.pop_through(Tag::SELECT);
        }
        let is_hidden = self.is_hidden_input();
        self.reconstruct();
        self.insert_void(Tag::INPUT);
        self.may_have_frames &= is_hidden;
    }

    pub(super) fn is_hidden_input(&self) -> bool {
        self.attribute(Attr::TYPE).is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
    }

    fn select(&mut self) {
        if self.open.has_in_scope(Scope::Default, Tag::SELECT) {
            self.open.pop_through(Tag::SELECT);
        } else {
            self.reconstruct();
            self.insert_html(Tag::SELECT);
            self.may_have_frames = false;
        }
    }

    /// An option, or a group of them, ends what is open in the list but for `kept`.
    fn option(&mut self, kept: &[Tag], tag: Tag) {
        if self.open.has_in_scope(Scope::Default, Tag::SELECT) {
            self.open.pop_all_of(&IMPLIED_END.without(kept));
        } else if self.open.is_at(Tag::OPTION) {
            self.open.pop();
        }
        self.reconstruct();
        self.insert_html(tag);
    }

    /// A part of a ruby ends what is open in it but for `kept`.
    fn ruby_part(&mut self, kept: &[Tag], tag: Tag) {
        if self.open.has_in_scope(Scope::Default, Tag::RUBY) {
            self.open.pop_all_of(&IMPLIED_END.without(kept));
        }
        self.insert_html(tag);
    }

    /// `<svg>`, `<math>`.
    fn image(&mut self, start: StartTag, namespace: Namespace) {
        self.reconstruct();
        self.insert_foreign(start.tag, namespace, start.is_self_closing);
    }

    /// A second `<html>` or `<body>` adds its attributes to the first; frames replace a body that is still empty.
    fn page_part(&mut self, tag: Tag) {
        let in_template = self.open.has(Tag::TEMPLATE);
        let body = self.open.get(1).filter(|open| open.is(Tag::BODY)).map(|open| open.id);
        let root = self.open.get(0).map(|root| root.id);
        match (tag, root, body) {
            (Tag::HTML, Some(root), _) if !in_template => self.add_attributes(root),
            (Tag::BODY, _, Some(body)) if !in_template => {
                self.may_have_frames = false;
                self.add_attributes(body);
            }
            (Tag::FRAMESET, _, Some(body)) if self.may_have_frames => {
                self.tree.detach(body);
                self.open.truncate(1);
                self.insert_html(tag);
                self.mode = Mode::InFrameset;
            }
            _ => {}
        }
    }

    fn add_attributes(&mut self, id: NodeId) {
        /// Steps of looking whether an attribute is there, and of putting it there.
        const INSERTION: usize = 1_000;
        self.open.step(self.attributes.len() * INSERTION);
        self.tree.add_missing(id, &mut self.attributes);
    }

    /// Elements whose content is characters.
    fn raw_in_body(&mut self, tag: Tag) {
        match tag {
            Tag::TEXTAREA => self.drops_line_feed = true,
            Tag::XMP => {
                self.close_paragraph_in_scope();
                self.reconstruct();
            }
            _ => {}
        }
        self.may_have_frames &= tag == Tag::NOEMBED;
        self.open_raw(tag, if tag == Tag::TEXTAREA { State::Rcdata } else { State::Rawtext });
    }

    /// From here on all is text.
    fn plaintext(&mut self) {
        self.close_paragraph_in_scope();
        self.insert_html(Tag::PLAINTEXT);
        self.state = State::Plaintext;
    }

    fn end_in_body(&mut self, tag: Tag) -> Next {
        match tag {
            Tag::P => {
                if !self.open.has_in_scope(Scope::Button, Tag::P) {
                    self.insert_implied(Tag::P);
                }
                self.close_paragraph();
            }
            _ if CLOSED_BY_END_TAG.has(tag) => {
                if self.open.has_in_scope(Scope::Default, tag) {
                    self.open.pop_all_of(&IMPLIED_END);
                    self.open.pop_through(tag);
                }
            }
            _ if FORMATTING_END.has(tag) => self.end_formatting(tag),
            Tag::LI => self.end_item(Scope::ListItem, tag),
            Tag::DD | Tag::DT => self.end_item(Scope::Default, tag),
            _ if HEADINGS.has(tag) => {
                if self.open.has_one_in_scope(Scope::Default, &HEADINGS) {
                    self.open.pop_all_of(&IMPLIED_END);
                    self.open.pop_through_one_of(&HEADINGS);
                }
            }
            Tag::BODY | Tag::HTML => {
                if self.open.has_in_scope(Scope::Default, Tag::BODY) {
                    self.mode = Mode::AfterBody;
                    if tag == Tag::HTML {
                        return Next::SameToken;
                    }
                }
            }
            Tag::FORM => self.end_form(),
            Tag::BR => self.void_in_line(Tag::BR),
            Tag::TEMPLATE => return self.in_head(Token::End(tag)),
            _ if BARRIERS.has(tag) => {
                if self.open.has_in_scope(Scope::Default, tag) {
                    self.open.pop_all_of(&IMPLIED_END);
                    self.open.pop_through(tag);
                    self.formatting.clear_to_marker();
                }
            }
            _ => self.end_other(tag),
        }
        Next::Token
    }

    fn end_item(&mut self, scope: Scope, tag: Tag) {
        if self.open.has_in_scope(scope, tag) {
            self.close_implied_but(tag);
            self.open.pop_through(tag);
        }
    }

    fn end_form(&mut self) {
        if self.open.has(Tag::TEMPLATE) {
            if self.open.has_in_scope(Scope::Default, Tag::FORM) {
                self.open.pop_all_of(&IMPLIED_END);
                self.open.pop_through(Tag::FORM);
            }
            return;
        }
        let Some(form) = self.form.take() else { return };
        if self.open.is_in_scope(Scope::Default, |open| open.id == form) {
            self.open.pop_all_of(&IMPLIED_END);
            if let Some(at) = self.open.place_of(form) {
                self.open.remove(at);
            }
        }
    }

    /// An end tag without a rule of its own closes the innermost element of its name, if no special one stands between.
    pub(super) fn end_other(&mut self, tag: Tag) {
        let mut n_steps = 0;
        let ends = self.open.innermost_first().find(|(_, open)| {
            n_steps += 1;
            open.is(tag) || open.is_in(&SPECIAL)
        });
        let found = ends.filter(|(_, open)| open.is(tag)).map(|(at, _)| at);
        self.open.step(n_steps);
        if let Some(at) = found {
            self.close_implied_but(tag);
            self.open.truncate(at);
        }
    }
}
