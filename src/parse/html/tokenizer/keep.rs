//! What of a page is worth carrying into the tree.
//!
//! Two thirds of a news page are scripts, styles, images in SVG, comments and attributes for scripts. No reader of the tree
//! looks at them, so the tokenizer passes over them. Where a site's own rules may ask for any element, elements and comments
//! themselves stay: the tree has the same shape. Else those go too that neither text nor claims can come from, and the white
//! space that indents the markup: a third of all nodes.

use super::tag::Kind;
use crate::parse::tree::{Attr, Attribute, Tag, value_of};

/// What is carried into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything: the tree of the HTML standard.
    All,
    /// What is read: without the text of comments, of `style` and of scripts other than JSON-LD, without what is inside
    /// `svg`, without attributes that are not known ([`Attr`]).
    Read,
    /// As [`Keep::Read`], with all attributes: for pages whose site has rules that ask for others.
    ReadWithAttributes,
    /// As [`Keep::Read`], without comments, elements that hold neither text nor claims, white space between blocks, and
    /// attributes that only selectors of rules ask for: for pages whose site has no rules.
    Lean,
}

/// What the name of a tag means for what may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Begins and ends a block wherever it stands: white space beside it is none of a text's.
    Block,
    /// White space in it counts.
    Preformatted,
    /// `script`.
    Script,
    /// `style`.
    Style,
    /// `link`.
    Link,
    /// `source`.
    Source,
    /// `svg`.
    Svg,
    /// `head`.
    Head,
    /// What else stands in a head.
    HeadPart,
    /// Anything else.
    Other,
}

impl Role {
    pub(super) const fn of(tag: Tag) -> Self {
        match tag {
            Tag::DIV
            | Tag::P
            | Tag::LI
            | Tag::UL
            | Tag::SECTION
            | Tag::HEADER
            | Tag::FOOTER
            | Tag::FIGURE
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::DT
            | Tag::DD
            | Tag::ADDRESS => Self::Block,
            Tag::PRE | Tag::LISTING => Self::Preformatted,
            Tag::SCRIPT => Self::Script,
            Tag::STYLE => Self::Style,
            Tag::LINK => Self::Link,
            Tag::SOURCE => Self::Source,
            Tag::SVG => Self::Svg,
            Tag::HEAD => Self::Head,
            Tag::META | Tag::TITLE | Tag::BASE | Tag::NOSCRIPT => Self::HeadPart,
            _ => Self::Other,
        }
    }
}

/// Whether a start tag opens an element that holds neither text nor claims.
pub(super) fn is_idle(role: Role, attributes: &[Attribute<'_>]) -> bool {
    let is_property =
        || attributes.iter().any(|own| matches!(own.name, Attr::ITEMPROP | Attr::PROPERTY));
    match role {
        Role::Script => !is_json_ld(attributes) && !is_property(),
        Role::Link => !is_canonical(attributes) && !is_property(),
        Role::Source => !is_property(),
        Role::Style | Role::Svg => true,
        _ => false,
    }
}

/// Whether a `link` names the page's own address.
fn is_canonical(attributes: &[Attribute<'_>]) -> bool {
    value_of(attributes, Attr::REL)
        .is_some_and(|rel| rel.to_ascii_lowercase().contains("canonical"))
}

/// Where white space counts: what was seen last, and what is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) last: Last,
    in_head: bool,
    n_preformatted: u32,
}

/// What was handed out last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Text.
    Text,
    /// A tag that begins or ends a block.
    Border,
    /// Anything else.
    Other,
}

impl Default for Around {
    fn default() -> Self {
        Self { last: Last::Other, in_head: false, n_preformatted: 0 }
    }
}

impl Around {
    /// Notes a tag that was handed out.
    pub(super) fn tag(&mut self, kind: Kind, role: Role) {
        self.last = if role == Role::Block { Last::Border } else { Last::Other };
        match (kind, role) {
            (Kind::Start, Role::Head) => self.in_head = true,
            (Kind::Start, Role::Script | Role::Style | Role::Link | Role::HeadPart) => {}
            (Kind::Start, Role::Preformatted) => {
                self.n_preformatted += 1;
                self.in_head = false;
            }
            (Kind::End, Role::Preformatted) => self.n_preformatted = 0,
            (Kind::End, Role::Head) | (Kind::Start, _) => self.in_head = false,
            (Kind::End, _) => {}
        }
    }

    /// Notes text that was handed out.
    pub(super) fn text(&mut self) {
        self.last = Last::Text;
        self.in_head = false;
    }

    /// Whether white space is between blocks, when a tag of that role follows.
    pub(super) fn is_between(self, next: Role) -> bool {
        let is_border = || self.last == Last::Border || next == Role::Block;
        self.n_preformatted == 0 && self.last != Last::Text && (self.in_head || is_border())
    }
}

impl Keep {
    /// Whether what nobody reads is passed over.
    pub(super) fn is_partial(self) -> bool {
        self != Self::All
    }

    /// Whether the text of a raw-text element is carried.
    pub(super) fn keeps_text_of(self, tag: Tag, attributes: &[Attribute<'_>]) -> bool {
        self == Self::All
            || match tag {
                Tag::STYLE => false,
                Tag::SCRIPT => is_json_ld(attributes),
                _ => true,
            }
    }
}

/// For each first byte, the lengths of the known attributes that begin with it, as bits.
#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const LENGTHS: [u64; 256] = {
    let mut lengths = [0; 256];
    let mut rest = Attr::TEXTS;
    while let [name, tail @ ..] = rest {
        let name = name.as_bytes();
        lengths[name[0] as usize] |= 1 << name.len();
        rest = tail;
    }
    lengths
};

/// Whether an attribute, as written, may be one that is read: most that are not are told by first byte and length.
pub(super) fn may_be_read(name: &[u8]) -> bool {
    let first = name.first().map_or(0, u8::to_ascii_lowercase);
    let lengths = LENGTHS.get(usize::from(first)).copied().unwrap_or(0);
    u32::try_from(name.len())
        .is_ok_and(|n_bytes| lengths.checked_shr(n_bytes).unwrap_or(0) & 1 == 1)
}

/// Whether text or claims are read from a known attribute, not selectors of rules alone.
pub(super) const fn is_for_text(name: Attr) -> bool {
    !matches!(
        name,
        Attr::ALT
            | Attr::ARIA_LABELLEDBY
            | Attr::ARIA_LEVEL
            | Attr::ARIA_MODAL
            | Attr::CITE
            | Attr::HEIGHT
            | Attr::HREFLANG
            | Attr::ITEMID
            | Attr::ITEMSCOPE
            | Attr::WIDTH
    )
}

/// Whether a script holds metadata and not code.
fn is_json_ld(attributes: &[Attribute<'_>]) -> bool {
    value_of(attributes, Attr::TYPE)
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
}
