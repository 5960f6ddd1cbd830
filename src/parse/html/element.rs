//! What an element means for the text in it.

use crate::model::{BlockKind, Landmark};
use crate::parse::attribute::Attributes;
use crate::parse::tree::{Element, Tag, TagSet};
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
const ELEMENTS: &[(Tag, Layout)] = {
    use Layout::{Block, Cell, Inline, LineBreak, Skipped, Void};
    &[
        (Tag::A, Inline),
        (Tag::ABBR, Inline),
        (Tag::ACRONYM, Inline),
        (Tag::ADDRESS, Block),
        (Tag::ARTICLE, Block),
        (Tag::ASIDE, Block),
        (Tag::AUDIO, Skipped),
        (Tag::B, Inline),
        (Tag::BDI, Inline),
        (Tag::BDO, Inline),
        (Tag::BIG, Inline),
        (Tag::BLOCKQUOTE, Block),
        (Tag::BODY, Block),
        (Tag::BR, LineBreak),
        (Tag::BUTTON, Inline),
        (Tag::CANVAS, Skipped),
        (Tag::CAPTION, Block),
        (Tag::CENTER, Block),
        (Tag::CITE, Inline),
        (Tag::CODE, Inline),
        (Tag::DATA, Inline),
        (Tag::DATALIST, Skipped),
        (Tag::DD, Block),
        (Tag::DEL, Inline),
        (Tag::DETAILS, Block),
        (Tag::DFN, Inline),
        (Tag::DIALOG, Block),
        (Tag::DIR, Block),
        (Tag::DIV, Block),
        (Tag::DL, Block),
        (Tag::DT, Block),
        (Tag::EM, Inline),
        (Tag::EMBED, Void),
        (Tag::FIELDSET, Block),
        (Tag::FIGCAPTION, Block),
        (Tag::FIGURE, Block),
        (Tag::FONT, Inline),
        (Tag::FOOTER, Block),
        (Tag::FORM, Block),
        (Tag::FRAMESET, Skipped),
        (Tag::H1, Block),
        (Tag::H2, Block),
        (Tag::H3, Block),
        (Tag::H4, Block),
        (Tag::H5, Block),
        (Tag::H6, Block),
        (Tag::HEAD, Skipped),
        (Tag::HEADER, Block),
        (Tag::HGROUP, Block),
        (Tag::HR, Block),
        (Tag::HTML, Block),
        (Tag::I, Inline),
        (Tag::IFRAME, Skipped),
        (Tag::IMG, Void),
        (Tag::INPUT, Void),
        (Tag::INS, Inline),
        (Tag::KBD, Inline),
        (Tag::LABEL, Inline),
        (Tag::LEGEND, Block),
        (Tag::LI, Block),
        (Tag::LINK, Void),
        (Tag::MAIN, Block),
        (Tag::MAP, Inline),
        (Tag::MARK, Inline),
        (Tag::MATH, Inline),
        (Tag::MENU, Block),
        (Tag::META, Void),
        (Tag::METER, Skipped),
        (Tag::NAV, Block),
        (Tag::NOBR, Inline),
        (Tag::NOEMBED, Skipped),
        (Tag::NOFRAMES, Skipped),
        (Tag::NOSCRIPT, Block),
        (Tag::OBJECT, Block),
        (Tag::OL, Block),
        (Tag::OPTGROUP, Skipped),
        (Tag::OPTION, Skipped),
        (Tag::OUTPUT, Inline),
        (Tag::P, Block),
        (Tag::PARAM, Void),
        (Tag::PICTURE, Inline),
        (Tag::PRE, Block),
        (Tag::PROGRESS, Skipped),
        (Tag::Q, Inline),
        (Tag::RB, Inline),
        (Tag::RP, Skipped),
        (Tag::RT, Skipped),
        (Tag::RUBY, Inline),
        (Tag::S, Inline),
        (Tag::SAMP, Inline),
        (Tag::SCRIPT, Skipped),
        (Tag::SEARCH, Block),
        (Tag::SECTION, Block),
        (Tag::SELECT, Skipped),
        (Tag::SLOT, Inline),
        (Tag::SMALL, Inline),
        (Tag::SOURCE, Void),
        (Tag::SPAN, Inline),
        (Tag::STRIKE, Inline),
        (Tag::STRONG, Inline),
        (Tag::STYLE, Skipped),
        (Tag::SUB, Inline),
        (Tag::SUMMARY, Block),
        (Tag::SUP, Inline),
        (Tag::SVG, Skipped),
        (Tag::TABLE, Block),
        (Tag::TBODY, Block),
        (Tag::TD, Cell),
        (Tag::TEMPLATE, Skipped),
        (Tag::TEXTAREA, Skipped),
        (Tag::TFOOT, Block),
        (Tag::TH, Cell),
        (Tag::THEAD, Block),
        (Tag::TIME, Inline),
        (Tag::TITLE, Skipped),
        (Tag::TR, Block),
        (Tag::TRACK, Void),
        (Tag::TT, Inline),
        (Tag::U, Inline),
        (Tag::UL, Block),
        (Tag::VAR, Inline),
        (Tag::VIDEO, Skipped),
        (Tag::WBR, Void),
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

/// What the known names say, by their numbers.
static KNOWN: [Known; Tag::N_KNOWN] = known_names();

#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const fn known_names() -> [Known; Tag::N_KNOWN] {
    let mut all = [UNKNOWN; Tag::N_KNOWN];
    let mut number = 0;
    while number < Tag::N_KNOWN {
        if has_dash(Tag::TEXTS[number]) {
            all[number] = CUSTOM;
        }
        number += 1;
    }
    let mut rest = ELEMENTS;
    while let [(tag, layout), tail @ ..] = rest {
        all[tag.number()] = Known {
            tag: Tag::TEXTS[tag.number()],
            layout: *layout,
            landmark: landmark(*tag),
            kind: kind(*tag),
        };
        rest = tail;
    }
    all
}

const fn has_dash(name: &str) -> bool {
    let mut rest = name.as_bytes();
    while let [byte, tail @ ..] = rest {
        if *byte == b'-' {
            return true;
        }
        rest = tail;
    }
    false
}

/// An element that HTML does not know.
const UNKNOWN: Known =
    Known { tag: "", layout: Layout::Inline, landmark: Landmark::Elsewhere, kind: None };
/// A custom element (`site-teaser`): pages use them as boxes.
const CUSTOM: Known = Known { layout: Layout::Block, ..UNKNOWN };

/// What an element's name says. Names that HTML does not know are blocks when they are custom elements, and else inline, as
/// browsers have it.
pub(super) fn known(element: Element<'_>) -> &'static Known {
    let is_custom = || element.name().contains('-');
    KNOWN.get(element.tag.number()).unwrap_or_else(|| if is_custom() { &CUSTOM } else { &UNKNOWN })
}

/// The name of an element; `""` where HTML does not know it.
pub(super) fn name(tag: Tag) -> &'static str {
    KNOWN.get(tag.number()).map_or("", |known| known.tag)
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
const fn landmark(tag: Tag) -> Landmark {
    match tag {
        Tag::MAIN => Landmark::Main,
        Tag::ARTICLE => Landmark::Article,
        Tag::NAV | Tag::MENU => Landmark::Navigation,
        Tag::HEADER => Landmark::Header,
        Tag::FOOTER => Landmark::Footer,
        Tag::ASIDE => Landmark::Aside,
        Tag::FORM | Tag::FIELDSET | Tag::DIALOG | Tag::SEARCH => Landmark::Form,
        _ => Landmark::Elsewhere,
    }
}

/// The kind that an element gives to the text in it, if it does.
const fn kind(tag: Tag) -> Option<BlockKind> {
    Some(match tag {
        Tag::H1 => BlockKind::Heading(1),
        Tag::H2 => BlockKind::Heading(2),
        Tag::H3 => BlockKind::Heading(3),
        Tag::H4 => BlockKind::Heading(4),
        Tag::H5 => BlockKind::Heading(5),
        Tag::H6 => BlockKind::Heading(6),
        Tag::LI | Tag::DT | Tag::DD => BlockKind::ListItem,
        Tag::BLOCKQUOTE => BlockKind::Quote,
        Tag::FIGCAPTION | Tag::CAPTION => BlockKind::Caption,
        Tag::PRE => BlockKind::Preformatted,
        Tag::TD | Tag::TH => BlockKind::TableRow,
        _ => return None,
    })
}

/// How an element is laid out: what its name says, unless its style makes a box of it.
pub(super) fn layout(known: &Known, attributes: &Attributes<'_>) -> Layout {
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
const HIDDEN_UNTIL_SCRIPTED: TagSet = TagSet::of(&[
    Tag::AMP_CONSENT,
    Tag::AMP_LIGHTBOX,
    Tag::AMP_SIDEBAR,
    Tag::AMP_USER_NOTIFICATION,
]);

/// Whether an element is hidden by its own attributes. `aria-hidden` on an inline element is an ornament that is seen.
pub(super) fn is_hidden(tag: Tag, attributes: &Attributes<'_>, layout: Layout) -> bool {
    (attributes.is_hidden && !is_streamed(attributes))
        || (layout != Layout::Inline && attributes.aria_hidden == Some("true"))
        || attributes.style.is_some_and(hides)
        || HIDDEN_UNTIL_SCRIPTED.has(tag)
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
