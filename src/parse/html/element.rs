//! What an element means for the text in it.

use scraper::node::Element;

use crate::model::{BlockKind, Landmark};
use crate::parse::attribute::attribute;
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

/// Name and layout of an element. Names that HTML does not know are blocks when they are custom elements (`site-teaser`),
/// which pages use as boxes, and else inline, as browsers have it.
pub(super) fn layout(name: &str) -> (&'static str, Layout) {
    match ELEMENTS.binary_search_by(|(known, _)| (*known).cmp(name)) {
        Ok(at) => ELEMENTS.get(at).copied().unwrap_or(("", Layout::Inline)),
        Err(_) if name.contains('-') => ("", Layout::Block),
        Err(_) => ("", Layout::Inline),
    }
}

/// The landmark an element opens itself.
pub(super) fn landmark(tag: &str, element: &Element) -> Landmark {
    let role = attribute(element, "role").unwrap_or_default();
    match role {
        "main" => return Landmark::Main,
        "article" => return Landmark::Article,
        "navigation" | "menu" | "menubar" | "tablist" => return Landmark::Navigation,
        "banner" => return Landmark::Header,
        "contentinfo" => return Landmark::Footer,
        "complementary" => return Landmark::Aside,
        "dialog" | "alertdialog" | "search" | "form" | "toolbar" => return Landmark::Form,
        _ => {}
    }
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
pub(super) fn kind(tag: &str) -> Option<BlockKind> {
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

/// Elements of AMP that are out of sight until a script shows them.
const HIDDEN_UNTIL_SCRIPTED: [&str; 4] =
    ["amp-consent", "amp-lightbox", "amp-sidebar", "amp-user-notification"];

/// Whether an element is hidden by its own attributes. `aria-hidden` on an inline element is an ornament that is seen.
pub(super) fn is_hidden(element: &Element, layout: Layout) -> bool {
    if HIDDEN_UNTIL_SCRIPTED.contains(&element.name()) {
        return true;
    }
    if attribute(element, "hidden").is_some() {
        return true;
    }
    if layout != Layout::Inline && attribute(element, "aria-hidden") == Some("true") {
        return true;
    }
    attribute(element, "style").is_some_and(|style| {
        let compact: String =
            style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
        compact.contains("display:none") || compact.contains("visibility:hidden")
    })
}

/// Attributes that advertising scripts look for.
const AD_ATTRIBUTES: [&str; 5] =
    ["data-ad-slot", "data-google-query-id", "data-ad-client", "data-ad-unit", "data-adunit"];

/// Whether an attribute says that an advertising script fills the element.
pub(super) fn is_ad_slot(element: &Element) -> bool {
    element.name() == "amp-ad"
        || AD_ATTRIBUTES.iter().any(|name| attribute(element, name).is_some())
}

/// Class and id as written, blank between them.
pub(super) fn names(element: &Element) -> String {
    match (attribute(element, "class"), attribute(element, "id")) {
        (Some(class), Some(id)) => format!("{class} {id}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// Whether an inline element's text is no part of the sentence around it: text for screen readers, ad labels, credits.
pub(super) const fn is_detached(class: Option<StemClass>) -> bool {
    matches!(class, Some(StemClass::Hidden | StemClass::Ad | StemClass::Credit | StemClass::Kicker))
}
