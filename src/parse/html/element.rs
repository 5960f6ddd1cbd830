//! What an element means for the text in it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use html5ever::LocalName;

use crate::model::{BlockKind, Landmark};
use crate::parse::attribute::Attributes;
use crate::rules::StemClass;

/// How an element is laid out, as far as text is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Runs with the text around it.
    Inline,
    /// Begins and ends a block.
    Block,
    /// A cell of a table row.
    Cell,
    /// `<br>`.
    LineBreak,
    /// `<hr>`, `<img>`: no text inside.
    Void,
    /// Its content is not shown as text of the page.
    Skipped,
}

/// Elements by name: name and layout.
const ELEMENTS: &[(&str, Layout)] = {
    use Layout::{Block, Cell, Inline, LineBreak, Skipped, Void};
    &[
        ("a", Inline),
        ("abbr", Inline),
        ("acronym", Inline),
        ("address", Block),
        ("article", Block),
        ("aside", Block),
        ("audio", Skipped),
        ("b", Inline),
        ("bdi", Inline),
        ("bdo", Inline),
        ("big", Inline),
        ("blockquote", Block),
        ("body", Block),
        ("br", LineBreak),
        ("button", Inline),
        ("canvas", Skipped),
        ("caption", Block),
        ("center", Block),
        ("cite", Inline),
        ("code", Inline),
        ("data", Inline),
        ("datalist", Skipped),
        ("dd", Block),
        ("del", Inline),
        ("details", Block),
        ("dfn", Inline),
        ("dialog", Block),
        ("dir", Block),
        ("div", Block),
        ("dl", Block),
        ("dt", Block),
        ("em", Inline),
        ("embed", Void),
        ("fieldset", Block),
        ("figcaption", Block),
        ("figure", Block),
        ("font", Inline),
        ("footer", Block),
        ("form", Block),
        ("frameset", Skipped),
        ("h1", Block),
        ("h2", Block),
        ("h3", Block),
        ("h4", Block),
        ("h5", Block),
        ("h6", Block),
        ("head", Skipped),
        ("header", Block),
        ("hgroup", Block),
        ("hr", Block),
        ("html", Block),
        ("i", Inline),
        ("iframe", Skipped),
        ("img", Void),
        ("input", Void),
        ("ins", Inline),
        ("kbd", Inline),
        ("label", Inline),
        ("legend", Block),
        ("li", Block),
        ("link", Void),
        ("main", Block),
        ("map", Inline),
        ("mark", Inline),
        ("math", Inline),
        ("menu", Block),
        ("meta", Void),
        ("meter", Skipped),
        ("nav", Block),
        ("nobr", Inline),
        ("noembed", Skipped),
        ("noframes", Skipped),
        ("noscript", Block),
        ("object", Block),
        ("ol", Block),
        ("optgroup", Skipped),
        ("option", Skipped),
        ("output", Inline),
        ("p", Block),
        ("param", Void),
        ("picture", Inline),
        ("pre", Block),
        ("progress", Skipped),
        ("q", Inline),
        ("rb", Inline),
        ("rp", Skipped),
        ("rt", Skipped),
        ("ruby", Inline),
        ("s", Inline),
        ("samp", Inline),
        ("script", Skipped),
        ("search", Block),
        ("section", Block),
        ("select", Skipped),
        ("slot", Inline),
        ("small", Inline),
        ("source", Void),
        ("span", Inline),
        ("strike", Inline),
        ("strong", Inline),
        ("style", Skipped),
        ("sub", Inline),
        ("summary", Block),
        ("sup", Inline),
        ("svg", Skipped),
        ("table", Block),
        ("tbody", Block),
        ("td", Cell),
        ("template", Skipped),
        ("textarea", Skipped),
        ("tfoot", Block),
        ("th", Cell),
        ("thead", Block),
        ("time", Inline),
        ("title", Skipped),
        ("tr", Block),
        ("track", Void),
        ("tt", Inline),
        ("u", Inline),
        ("ul", Block),
        ("var", Inline),
        ("video", Skipped),
        ("wbr", Void),
    ]
};

/// What an element's name says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The name; `""` where HTML does not know it.
    pub(super) tag: &'static str,
    pub(super) layout: Layout,
    /// The landmark that the element opens.
    pub(super) landmark: Landmark,
    /// The kind that it gives to the text in it, if it does.
    pub(super) kind: Option<BlockKind>,
}

/// What the names say, by interned name.
static KNOWN: LazyLock<HashMap<LocalName, Known, BuildHasherDefault<OfAtom>>> =
    LazyLock::new(|| {
        let known = |&(tag, layout): &(&'static str, Layout)| {
            let known = Known { tag, layout, landmark: landmark(tag), kind: kind(tag) };
            (LocalName::from(tag), known)
        };
        ELEMENTS.iter().map(known).collect()
    });

/// The hash that an interned name already has, its bits mixed. The table holds our own names only.
#[derive(Debug, Default)]
struct OfAtom(u64);

impl Hasher for OfAtom {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        /// An odd number whose bits look random (the golden ratio's).
        const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.0 ^ number).wrapping_mul(MIX);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What an element's name says. Names that HTML does not know are blocks when they are custom elements (`site-teaser`),
/// which pages use as boxes, and else inline, as browsers have it.
pub(super) fn known(name: &LocalName) -> Known {
    KNOWN.get(name).copied().unwrap_or_else(|| Known {
        tag: "",
        layout: if name.contains('-') { Layout::Block } else { Layout::Inline },
        landmark: Landmark::Elsewhere,
        kind: None,
    })
}

/// The landmark that a role opens, if it does.
pub(super) fn landmark_of_role(role: &str) -> Option<Landmark> {
    Some(match role {
        "main" => Landmark::Main,
        "article" => Landmark::Article,
        "navigation" | "menu" | "menubar" | "tablist" => Landmark::Navigation,
        "banner" => Landmark::Header,
        "contentinfo" => Landmark::Footer,
        "complementary" => Landmark::Aside,
        "dialog" | "alertdialog" | "search" | "form" | "toolbar" => Landmark::Form,
        _ => return None,
    })
}

/// The landmark that a tag opens.
fn landmark(tag: &str) -> Landmark {
    match tag {
        "main" => Landmark::Main,
        "article" => Landmark::Article,
        "nav" | "menu" => Landmark::Navigation,
        "header" => Landmark::Header,
        "footer" => Landmark::Footer,
        "aside" => Landmark::Aside,
        "form" | "fieldset" | "dialog" | "search" => Landmark::Form,
        _ => Landmark::Elsewhere,
    }
}

/// The kind that an element gives to the text in it, if it does.
fn kind(tag: &str) -> Option<BlockKind> {
    Some(match tag {
        "h1" => BlockKind::Heading(1),
        "h2" => BlockKind::Heading(2),
        "h3" => BlockKind::Heading(3),
        "h4" => BlockKind::Heading(4),
        "h5" => BlockKind::Heading(5),
        "h6" => BlockKind::Heading(6),
        "li" | "dt" | "dd" => BlockKind::ListItem,
        "blockquote" => BlockKind::Quote,
        "figcaption" | "caption" => BlockKind::Caption,
        "pre" => BlockKind::Preformatted,
        "td" | "th" => BlockKind::TableRow,
        _ => return None,
    })
}

/// How an element is laid out: what its name says, unless its style makes a box of it.
pub(super) fn layout(known: Known, attributes: &Attributes<'_>) -> Layout {
    match known.layout {
        Layout::Inline if attributes.style.is_some_and(is_boxed) => Layout::Block,
        layout => layout,
    }
}

/// Whether a style makes a box of an inline element.
fn is_boxed(style: &str) -> bool {
    let mut declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations.any(|(name, value)| {
        let is = |word: &str| value.trim().eq_ignore_ascii_case(word);
        name.trim().eq_ignore_ascii_case("display") && (is("block") || is("flex") || is("grid"))
    })
}

/// Elements of AMP that are out of sight until a script shows them.
const HIDDEN_UNTIL_SCRIPTED: [&str; 4] =
    ["amp-consent", "amp-lightbox", "amp-sidebar", "amp-user-notification"];

/// Whether an element is hidden by its own attributes. `aria-hidden` on an inline element is an ornament that is seen.
pub(super) fn is_hidden(name: &str, attributes: &Attributes<'_>, layout: Layout) -> bool {
    (attributes.is_hidden && !is_streamed(attributes))
        || (layout != Layout::Inline && attributes.aria_hidden == Some("true"))
        || attributes.style.is_some_and(hides)
        || (name.starts_with("amp-") && HIDDEN_UNTIL_SCRIPTED.contains(&name))
}

/// Whether an element is hidden only until a script puts it into its place: React sends parts of a page late, as
/// `<div hidden id="S:0">`.
fn is_streamed(attributes: &Attributes<'_>) -> bool {
    let number = attributes.id.and_then(|id| id.strip_prefix("S:"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a style hides its element, or leaves it to screen readers alone.
fn hides(style: &str) -> bool {
    // Most styles are sizes and colours: two of the words have a `y`.
    if memchr::memchr2(b'y', b'Y', style.as_bytes()).is_none() && !style.contains("clip") {
        return false;
    }
    let compact: String =
        style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    let hiding = ["display:none", "visibility:hidden", "clip:rect(0", "clip-path:inset(50%)"];
    hiding.iter().any(|declaration| compact.contains(declaration))
}

/// Whether an inline element's text is no part of the sentence around it: text for screen readers, ad labels, credits.
pub(super) const fn is_detached(class: Option<StemClass>) -> bool {
    matches!(class, Some(StemClass::Hidden | StemClass::Ad | StemClass::Credit | StemClass::Kicker))
}
