//! Sets of elements that the standard's rules name.

use crate::parse::tree::{Tag, TagSet};

/// Elements that end a look for the element that an end tag closes ("special").
pub(super) const SPECIAL: TagSet = TagSet::of(&[
    Tag::ADDRESS,
    Tag::APPLET,
    Tag::AREA,
    Tag::ARTICLE,
    Tag::ASIDE,
    Tag::BASE,
    Tag::BASEFONT,
    Tag::BGSOUND,
    Tag::BLOCKQUOTE,
    Tag::BODY,
    Tag::BR,
    Tag::BUTTON,
    Tag::CAPTION,
    Tag::CENTER,
    Tag::COL,
    Tag::COLGROUP,
    Tag::DD,
    Tag::DETAILS,
    Tag::DIR,
    Tag::DIV,
    Tag::DL,
    Tag::DT,
    Tag::EMBED,
    Tag::FIELDSET,
    Tag::FIGCAPTION,
    Tag::FIGURE,
    Tag::FOOTER,
    Tag::FORM,
    Tag::FRAME,
    Tag::FRAMESET,
    Tag::H1,
    Tag::H2,
    Tag::H3,
    Tag::H4,
    Tag::H5,
    Tag::H6,
    Tag::HEAD,
    Tag::HEADER,
    Tag::HGROUP,
    Tag::HR,
    Tag::HTML,
    Tag::IFRAME,
    Tag::IMG,
    Tag::INPUT,
    Tag::ISINDEX,
    Tag::LI,
    Tag::LINK,
    Tag::LISTING,
    Tag::MAIN,
    Tag::MARQUEE,
    Tag::MENU,
    Tag::META,
    Tag::NAV,
    Tag::NOEMBED,
    Tag::NOFRAMES,
    Tag::NOSCRIPT,
    Tag::OBJECT,
    Tag::OL,
    Tag::P,
    Tag::PARAM,
    Tag::PLAINTEXT,
    Tag::PRE,
    Tag::SCRIPT,
    Tag::SECTION,
    Tag::SELECT,
    Tag::SOURCE,
    Tag::STYLE,
    Tag::SUMMARY,
    Tag::TABLE,
    Tag::TBODY,
    Tag::TD,
    Tag::TEMPLATE,
    Tag::TEXTAREA,
    Tag::TFOOT,
    Tag::TH,
    Tag::THEAD,
    Tag::TITLE,
    Tag::TR,
    Tag::TRACK,
    Tag::UL,
    Tag::WBR,
    Tag::XMP,
]);

/// Special elements over which a list item looks for the one before it.
pub(super) const SPECIAL_FOR_ITEMS: TagSet = SPECIAL.without(&[Tag::ADDRESS, Tag::DIV, Tag::P]);

/// Elements whose end tags may be left out.
pub(super) const IMPLIED_END: TagSet = TagSet::of(&[
    Tag::DD,
    Tag::DT,
    Tag::LI,
    Tag::OPTION,
    Tag::OPTGROUP,
    Tag::P,
    Tag::RB,
    Tag::RP,
    Tag::RT,
    Tag::RTC,
]);

/// The same, with those of tables ("generate all implied end tags thoroughly").
pub(super) const ALL_IMPLIED_END: TagSet = IMPLIED_END.or(PART_STARTS.without(&[Tag::COL]));

pub(super) const HEADINGS: TagSet =
    TagSet::of(&[Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6]);

/// Elements in which text does not belong: it goes before the table ("foster parenting").
pub(super) const TABLE_PARTS: TagSet =
    TagSet::of(&[Tag::TABLE, Tag::TBODY, Tag::TFOOT, Tag::THEAD, Tag::TR]);

/// Where a look for a part of a table ends, and what a part of it may stand in.
pub(super) const TABLE_CONTEXT: TagSet = TagSet::of(&[Tag::TABLE, Tag::TEMPLATE, Tag::HTML]);
pub(super) const TABLE_BODY_CONTEXT: TagSet =
    TagSet::of(&[Tag::TBODY, Tag::TFOOT, Tag::THEAD, Tag::TEMPLATE, Tag::HTML]);
pub(super) const TABLE_ROW_CONTEXT: TagSet = TagSet::of(&[Tag::TR, Tag::TEMPLATE, Tag::HTML]);
pub(super) const CELLS: TagSet = TagSet::of(&[Tag::TD, Tag::TH]);

/// Start tags that end an image or a formula.
pub(super) const BREAKS_OUT: TagSet = TagSet::of(&[
    Tag::B,
    Tag::BIG,
    Tag::BLOCKQUOTE,
    Tag::BODY,
    Tag::BR,
    Tag::CENTER,
    Tag::CODE,
    Tag::DD,
    Tag::DIV,
    Tag::DL,
    Tag::DT,
    Tag::EM,
    Tag::EMBED,
    Tag::H1,
    Tag::H2,
    Tag::H3,
    Tag::H4,
    Tag::H5,
    Tag::H6,
    Tag::HEAD,
    Tag::HR,
    Tag::I,
    Tag::IMG,
    Tag::LI,
    Tag::LISTING,
    Tag::MENU,
    Tag::META,
    Tag::NOBR,
    Tag::OL,
    Tag::P,
    Tag::PRE,
    Tag::RUBY,
    Tag::S,
    Tag::SMALL,
    Tag::SPAN,
    Tag::STRONG,
    Tag::STRIKE,
    Tag::SUB,
    Tag::SUP,
    Tag::TABLE,
    Tag::TT,
    Tag::U,
    Tag::UL,
    Tag::VAR,
]);

/// Elements of the head, wherever they stand.
pub(super) const OF_HEAD: TagSet = TagSet::of(&[
    Tag::BASE,
    Tag::BASEFONT,
    Tag::BGSOUND,
    Tag::LINK,
    Tag::META,
    Tag::NOFRAMES,
    Tag::SCRIPT,
    Tag::STYLE,
    Tag::TEMPLATE,
    Tag::TITLE,
]);

/// Start tags of parts of a table.
pub(super) const PART_STARTS: TagSet = TagSet::of(&[
    Tag::CAPTION,
    Tag::COL,
    Tag::COLGROUP,
    Tag::TBODY,
    Tag::TD,
    Tag::TFOOT,
    Tag::TH,
    Tag::THEAD,
    Tag::TR,
]);
