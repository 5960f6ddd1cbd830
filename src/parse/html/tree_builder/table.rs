//! The modes inside a table.

use super::sets::{
    CELLS, IMPLIED_END, PART_STARTS, TABLE_BODY_CONTEXT, TABLE_CONTEXT, TABLE_ROW_CONTEXT,
};
use super::stack::Scope;
use super::{Mode, Next, Token, TreeBuilder};
use crate::parse::tree::{Tag, TagSet};

/// Start tags of parts of a table that hold rows, or describe it.
const SECTION_STARTS: TagSet = PART_STARTS.without(&[Tag::TD, Tag::TH, Tag::TR]);
/// End tags that mean nothing inside of a table's parts unless a rule says otherwise.
const STRAY_ENDS: TagSet = PART_STARTS.and(&[Tag::BODY, Tag::HTML]);
const SECTIONS: TagSet = TagSet::of(&[Tag::TBODY, Tag::TFOOT, Tag::THEAD]);

impl TreeBuilder<'_> {
    pub(super) fn in_table(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::EndOfPage => return self.in_body(token),
            Token::Start(start) => match start.tag {
                Tag::CAPTION => {
                    self.open.pop_to_one_of(&TABLE_CONTEXT);
                    self.formatting.mark();
                    self.insert_html(start.tag);
                    self.mode = Mode::InCaption;
                }
                Tag::COLGROUP => {
                    self.open.pop_to_one_of(&TABLE_CONTEXT);
                    self.insert_html(start.tag);
                    self.mode = Mode::InColumnGroup;
                }
                Tag::COL => {
                    self.open.pop_to_one_of(&TABLE_CONTEXT);
                    self.insert_implied(Tag::COLGROUP);
                    return self.again(Mode::InColumnGroup);
                }
                Tag::TBODY | Tag::TFOOT | Tag::THEAD => {
                    self.open.pop_to_one_of(&TABLE_CONTEXT);
                    self.insert_html(start.tag);
                    self.mode = Mode::InTableBody;
                }
                Tag::TD | Tag::TH | Tag::TR => {
                    self.open.pop_to_one_of(&TABLE_CONTEXT);
                    self.insert_implied(Tag::TBODY);
                    return self.again(Mode::InTableBody);
                }
                Tag::TABLE => {
                    if self.end_table() {
                        return Next::SameToken;
                    }
                }
                Tag::STYLE | Tag::SCRIPT | Tag::TEMPLATE => return self.in_head(token),
                Tag::INPUT if self.is_hidden_input() => {
                    self.insert_void(start.tag);
                }
                Tag::FORM => {
                    if !self.open.has(Tag::TEMPLATE) && self.form.is_none() {
                        self.form = Some(self.insert_void(start.tag));
                    }
                }
                _ => return self.foster(token),
            },
            Token::End(Tag::TABLE) => {
                self.end_table();
            }
            Token::End(Tag::TEMPLATE) => return self.in_head(token),
            Token::End(tag) if STRAY_ENDS.has(tag) => {}
            Token::End(_) => return self.foster(token),
        }
        Next::Token
    }

    /// Closes the table; `false` if none is open.
    fn end_table(&mut self) -> bool {
        let is_open = self.open.has_in_scope(Scope::Table, Tag::TABLE);
        if is_open {
            self.open.pop_through(Tag::TABLE);
            self.reset_mode();
        }
        is_open
    }

    /// Reads what does not belong in a table as in the body; it goes before the table.
    fn foster(&mut self, token: Token) -> Next {
        self.is_foster_parenting = true;
        let next = self.in_body(token);
        self.is_foster_parenting = false;
        next
    }

    pub(super) fn in_caption(&mut self, token: Token) -> Next {
        let ends = match token {
            Token::Start(start) => PART_STARTS.has(start.tag),
            Token::End(tag) => matches!(tag, Tag::TABLE | Tag::CAPTION),
            Token::Comment | Token::EndOfPage => false,
        };
        if ends {
            if !self.open.has_in_scope(Scope::Table, Tag::CAPTION) {
                return Next::Token;
            }
            self.open.pop_all_of(&IMPLIED_END);
            self.open.pop_through(Tag::CAPTION);
            self.formatting.clear_to_marker();
            self.mode = Mode::InTable;
            let is_own = token == Token::End(Tag::CAPTION);
            return if is_own { Next::Token } else { Next::SameToken };
        }
        match token {
            Token::End(tag) if STRAY_ENDS.has(tag) => Next::Token,
            _ => self.in_body(token),
        }
    }

    pub(super) fn in_column_group(&mut self, token: Token) -> Next {
        match token {
            Token::Comment => self.insert_comment(),
            Token::EndOfPage => return self.in_body(token),
            Token::Start(start) if start.tag == Tag::HTML => return self.in_body(token),
            Token::Start(start) if start.tag == Tag::COL => {
                self.insert_void(Tag::COL);
            }
            Token::Start(start) if start.tag == Tag::TEMPLATE => return self.in_head(token),
            Token::End(Tag::TEMPLATE) => return self.in_head(token),
            Token::End(Tag::COL) => {}
            Token::Start(_) | Token::End(_) => {
                if self.open.is_at(Tag::COLGROUP) {
                    self.open.pop();
                    self.mode = Mode::InTable;
                    let is_own = token == Token::End(Tag::COLGROUP);
                    return if is_own { Next::Token } else { Next::SameToken };
                }
            }
        }
        Next::Token
    }

    pub(super) fn in_table_body(&mut self, token: Token) -> Next {
        /// What must be open for another part to end it.
        const OUTER: TagSet = TagSet::of(&[Tag::TABLE, Tag::TBODY, Tag::TFOOT]);
        match token {
            Token::Start(start) if start.tag == Tag::TR => {
                self.open.pop_to_one_of(&TABLE_BODY_CONTEXT);
                self.insert_html(Tag::TR);
                self.mode = Mode::InRow;
                return Next::Token;
            }
            Token::Start(start) if CELLS.has(start.tag) => {
                self.open.pop_to_one_of(&TABLE_BODY_CONTEXT);
                self.insert_implied(Tag::TR);
                return self.again(Mode::InRow);
            }
            Token::End(tag) if SECTIONS.has(tag) => {
                if self.open.has_in_scope(Scope::Table, tag) {
                    self.open.pop_to_one_of(&TABLE_BODY_CONTEXT);
                    self.open.pop();
                    self.mode = Mode::InTable;
                }
                return Next::Token;
            }
            _ => {}
        }
        let ends = match token {
            Token::Start(start) => SECTION_STARTS.has(start.tag),
            Token::End(tag) => tag == Tag::TABLE,
            Token::Comment | Token::EndOfPage => false,
        };
        if ends {
            if !self.open.has_one_in_scope(Scope::Table, &OUTER) {
                return Next::Token;
            }
            self.open.pop_to_one_of(&TABLE_BODY_CONTEXT);
            self.open.pop();
            return self.again(Mode::InTable);
        }
        match token {
            Token::End(tag) if STRAY_ENDS.has(tag) => Next::Token,
            _ => self.in_table(token),
        }
    }

    pub(super) fn in_row(&mut self, token: Token) -> Next {
        match token {
            Token::Start(start) if CELLS.has(start.tag) => {
                self.open.pop_to_one_of(&TABLE_ROW_CONTEXT);
                self.insert_html(start.tag);
                self.mode = Mode::InCell;
                self.formatting.mark();
                return Next::Token;
            }
            Token::End(Tag::TR) => {
                self.end_row();
                return Next::Token;
            }
            Token::End(tag) if SECTIONS.has(tag) => {
                let ends = self.open.has_in_scope(Scope::Table, tag) && self.end_row();
                return if ends { Next::SameToken } else { Next::Token };
            }
            _ => {}
        }
        let ends = match token {
            Token::Start(start) => SECTION_STARTS.has(start.tag) || start.tag == Tag::TR,
            Token::End(tag) => tag == Tag::TABLE,
            Token::Comment | Token::EndOfPage => false,
        };
        if ends {
            return if self.end_row() { Next::SameToken } else { Next::Token };
        }
        match token {
            Token::End(tag) if STRAY_ENDS.has(tag) => Next::Token,
            _ => self.in_table(token),
        }
    }

    /// Closes the row; `false` if none is open.
    fn end_row(&mut self) -> bool {
        let is_open = self.open.has_in_scope(Scope::Table, Tag::TR);
        if is_open {
            self.open.pop_to_one_of(&TABLE_ROW_CONTEXT);
            self.open.pop();
            self.mode = Mode::InTableBody;
        }
        is_open
    }

    pub(super) fn in_cell(&mut self, token: Token) -> Next {
        match token {
            Token::End(tag) if CELLS.has(tag) => {
                if self.open.has_in_scope(Scope::Table, tag) {
                    self.open.pop_all_of(&IMPLIED_END);
                    self.open.pop_through(tag);
                    self.formatting.clear_to_marker();
                    self.mode = Mode::InRow;
                }
                Next::Token
            }
            Token::Start(start) if PART_STARTS.has(start.tag) => {
                if !self.open.has_one_in_scope(Scope::Table, &CELLS) {
                    return Next::Token;
                }
                self.close_cell()
            }
            Token::End(tag) if SECTIONS.has(tag) || matches!(tag, Tag::TABLE | Tag::TR) => {
                if !self.open.has_in_scope(Scope::Table, tag) {
                    return Next::Token;
                }
                self.close_cell()
            }
            Token::End(tag) if STRAY_ENDS.has(tag) => Next::Token,
            _ => self.in_body(token),
        }
    }

    /// Closes the cell, and has the token read in the row.
    fn close_cell(&mut self) -> Next {
        self.open.pop_all_of(&IMPLIED_END);
        self.open.pop_through_one_of(&CELLS);
        self.formatting.clear_to_marker();
        self.again(Mode::InRow)
    }
}
