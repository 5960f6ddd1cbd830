//! What of a page is worth carrying into the tree.
//!
//! Two thirds of a news page are scripts, styles, images in SVG, comments and attributes for scripts. No reader of the tree
//! looks at them, so the tokenizer passes over them. Where a site's own rules may ask for any element, elements and comments
//! themselves stay: the tree has the same shape. Else those go too that neither text nor claims can come from, and the white
//! space that indents the markup: a third of all nodes.

use html5ever::local_name;
use html5ever::tokenizer::{Tag, TagKind};

/// The attributes that somebody reads, in lower case: the walk (layout, landmarks, hidden parts, advertising slots), the
/// claims (meta, microdata, links, times), selectors of rules (`class`, `id`, `data-testid` …) and the tree builder
/// (`type`, `form`, `encoding`, `color`, `face`, `size`, `shadowrootmode`, `charset`).
const ATTRIBUTES: &[&str] = &[
    "alt",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "aria-level",
    "aria-modal",
    "charset",
    "cite",
    "class",
    "color",
    "content",
    "data-ad-client",
    "data-ad-slot",
    "data-ad-unit",
    "data-adunit",
    "data-google-query-id",
    "datetime",
    "encoding",
    "face",
    "form",
    "height",
    "hidden",
    "href",
    "hreflang",
    "http-equiv",
    "id",
    "itemid",
    "itemprop",
    "itemscope",
    "itemtype",
    "lang",
    "name",
    "property",
    "rel",
    "role",
    "shadowrootmode",
    "size",
    "src",
    "srcset",
    "style",
    "title",
    "type",
    "width",
    "xml:lang",
];

/// What is carried into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Everything: the tree of the HTML standard.
    All,
    /// What is read: without the text of comments, of `style` and of scripts other than JSON-LD, without what is inside
    /// `svg`, without attributes that are not in [`ATTRIBUTES`].
    Read,
    /// As [`Keep::Read`], with all attributes: for pages whose site has rules that ask for others.
    ReadWithAttributes,
    /// As [`Keep::Read`], without comments, elements that hold neither text nor claims, white space between blocks, and
    /// attributes that only selectors of rules ask for: for pages whose site has no rules.
    Lean,
}

/// Attributes of [`ATTRIBUTES`] that nobody but a selector asks for.
const FOR_SELECTORS: &[&str] = &[
    "alt",
    "aria-labelledby",
    "aria-level",
    "aria-modal",
    "cite",
    "height",
    "hreflang",
    "itemid",
    "itemscope",
    "width",
];

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
    /// That of a name in lower case.
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"div" | b"p" | b"li" | b"ul" | b"section" | b"header" | b"footer" | b"figure"
            | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"dd" | b"address" => Self::Block,
            b"pre" | b"listing" => Self::Preformatted,
            b"script" => Self::Script,
            b"style" => Self::Style,
            b"link" => Self::Link,
            b"source" => Self::Source,
            b"svg" => Self::Svg,
            b"head" => Self::Head,
            b"meta" | b"title" | b"base" | b"noscript" => Self::HeadPart,
            _ => Self::Other,
        }
    }
}

/// Whether a start tag opens an element that holds neither text nor claims.
pub(super) fn is_idle(tag: &Tag, role: Role) -> bool {
    let has = |name: &str| tag.attrs.iter().any(|attribute| attribute.name.local == *name);
    let is_property = || has("itemprop") || has("property");
    match role {
        Role::Script => !is_json_ld(tag) && !is_property(),
        Role::Link => !is_canonical(tag) && !is_property(),
        Role::Source => !is_property(),
        Role::Style | Role::Svg => true,
        _ => false,
    }
}

/// Whether a `link` names the page's own address.
fn is_canonical(link: &Tag) -> bool {
    let rel = link.attrs.iter().find(|attribute| attribute.name.local == local_name!("rel"));
    rel.is_some_and(|rel| rel.value.to_ascii_lowercase().contains("canonical"))
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
    pub(super) fn tag(&mut self, kind: TagKind, role: Role) {
        self.last = if role == Role::Block { Last::Border } else { Last::Other };
        match (kind, role) {
            (TagKind::StartTag, Role::Head) => self.in_head = true,
            (TagKind::StartTag, Role::Script | Role::Style | Role::Link | Role::HeadPart) => {}
            (TagKind::StartTag, Role::Preformatted) => {
                self.n_preformatted += 1;
                self.in_head = false;
            }
            (TagKind::EndTag, Role::Preformatted) => self.n_preformatted = 0,
            (TagKind::EndTag, Role::Head) | (TagKind::StartTag, _) => self.in_head = false,
            (TagKind::EndTag, _) => {}
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
    pub(super) fn keeps_text_of(self, tag: &Tag) -> bool {
        self == Self::All
            || match tag.name {
                local_name!("style") => false,
                local_name!("script") => is_json_ld(tag),
                _ => true,
            }
    }
}

/// For each first byte, the lengths of the attributes that begin with it, as bits.
#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const LENGTHS: [u64; 256] = {
    let mut lengths = [0; 256];
    let mut rest = ATTRIBUTES;
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

/// Whether text or claims are read from an attribute.
pub(super) fn is_for_text(name: &str) -> bool {
    is_read(name) && FOR_SELECTORS.binary_search(&name).is_err()
}

/// Whether somebody reads an attribute.
pub(in crate::parse::html) fn is_read(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// Whether a script holds metadata and not code.
fn is_json_ld(script: &Tag) -> bool {
    let kind = script.attrs.iter().find(|attribute| attribute.name.local == local_name!("type"));
    kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("ld+json"))
}
