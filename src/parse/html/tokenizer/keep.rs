//! What of a page is worth carrying into the tree.
//!
//! Two thirds of a news page are scripts, styles, images in SVG, comments and attributes for scripts. No reader of the tree
//! looks at them, so the tokenizer passes over them. Elements and comments themselves stay: the tree has the same shape.

use html5ever::local_name;
use html5ever::tokenizer::Tag;

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

/// Whether somebody reads an attribute.
pub(in crate::parse::html) fn is_read(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// Whether a script holds metadata and not code.
fn is_json_ld(script: &Tag) -> bool {
    let kind = script.attrs.iter().find(|attribute| attribute.name.local == local_name!("type"));
    kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("ld+json"))
}
