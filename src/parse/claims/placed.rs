//! Claims of parts of the page, noted with their place: elements whose class or id names a field (`class="byline"`), `<time>`,
//! `rel=author`, microdata and `RDFa` of authors. Whether the place is the article's own, decides `assemble`.

use std::borrow::Cow;

use super::{MAX_CLAIMS, Place, lines_of};
use crate::model::{Claims, Landmark, PlacedClaim, PlacedField, Source};
use crate::parse::attribute::Attributes;
use crate::parse::tree::{Attr, Edge, Element, Namespace, Node, NodeRef, Tag};
use crate::rules::FieldName;
use crate::text::dates;

/// Longest byline, bytes: beyond it the element is the article or a text about the author.
const MAX_BYLINE_BYTES: usize = 240;
/// Longest text of an element that is named for a date, bytes.
const MAX_DATE_BYTES: usize = 120;
/// Most elements inside one that is read.
const MAX_ELEMENTS: usize = 48;
/// Most elements of a list of keywords; a longer one is a menu.
const MAX_LIST_ELEMENTS: usize = 120;
/// Most nodes of any kind that are looked at for them.
const MAX_NODES: usize = 1_000;
/// Most keywords of a list that is the article's.
const MAX_KEYWORDS: usize = 25;
/// Longest line below a headline, bytes.
const MAX_SUBTITLE_BYTES: usize = 300;
/// Longest keyword, bytes.
const MAX_KEYWORD_BYTES: usize = 60;

/// Reads an element that may hold a byline or a date.
pub(super) fn read(
    node: NodeRef<'_>,
    element: Element<'_>,
    attributes: &Attributes<'_>,
    place: Place,
    claims: &mut Claims,
) {
    if matches!(place.landmark, Landmark::Navigation | Landmark::Form) {
        return;
    }
    let (is_time, is_link) = (element.tag == Tag::TIME, element.tag == Tag::A);
    let has_rel = |name: &str| {
        attributes.rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == name))
    };
    // WordPress calls its sections tags as well: `rel="category tag"`.
    let is_tag = is_link && has_rel("tag") && !has_rel("category");
    let named = || {
        if matches!(element.tag, Tag::BYLINE | Tag::AUTHOR) {
            return Some(FieldName::Author);
        }
        place.named
    };
    let (field, source) = match named() {
        Some(FieldName::Modified) if is_time => (PlacedField::Modified, Source::TimeElement),
        _ if is_time => (PlacedField::Published, Source::TimeElement),
        _ if is_link && has_rel("author") => (PlacedField::Author, Source::ElementName),
        Some(FieldName::Author) => (PlacedField::Author, Source::ElementName),
        Some(FieldName::Published) => (PlacedField::Published, Source::ElementName),
        Some(FieldName::Modified) => (PlacedField::Modified, Source::ElementName),
        Some(FieldName::Keywords) => return keywords(node, place, claims),
        Some(FieldName::Subtitle) => (PlacedField::Subtitle, Source::ElementName),
        _ if is_tag => (PlacedField::Keyword, Source::Visible),
        Some(FieldName::Breadcrumb) | None => return,
    };
    match field {
        PlacedField::Author => {
            let url = link_of(node, element);
            author(node, url, source, place, claims);
        }
        PlacedField::Keyword | PlacedField::Subtitle => {
            let max_bytes = if is_tag { MAX_KEYWORD_BYTES } else { MAX_SUBTITLE_BYTES };
            if let Some(value) = short_text(node, max_bytes) {
                let value = value.replace('\n', " ");
                push(
                    claims,
                    PlacedClaim { field, value, url: None, source, block_idx: place.block_idx },
                );
            }
        }
        PlacedField::Published | PlacedField::Modified => {
            if let Some(value) = date_of(node, element) {
                push(
                    claims,
                    PlacedClaim { field, value, url: None, source, block_idx: place.block_idx },
                );
            }
        }
    }
}

/// Notes the links of a list of keywords.
fn keywords(list: NodeRef<'_>, place: Place, claims: &mut Claims) {
    let is_link =
        |node: &NodeRef<'_>| node.value().as_element().is_some_and(|element| element.tag == Tag::A);
    let links: Vec<_> = elements(list).take(MAX_LIST_ELEMENTS).filter(is_link).collect();
    if links.len() > MAX_KEYWORDS {
        return;
    }
    for link in links {
        let Some(value) = short_text(link, MAX_KEYWORD_BYTES) else { continue };
        let claim = PlacedClaim {
            field: PlacedField::Keyword,
            value,
            url: None,
            source: Source::Visible,
            block_idx: place.block_idx,
        };
        push(claims, claim);
    }
}

/// Notes the names in an element.
pub(super) fn author(
    node: NodeRef<'_>,
    url: Option<String>,
    source: Source,
    place: Place,
    claims: &mut Claims,
) {
    let Some(value) = short_text(node, MAX_BYLINE_BYTES) else { return };
    let field = PlacedField::Author;
    push(claims, PlacedClaim { field, value, url, source, block_idx: place.block_idx });
}

pub(super) fn push(claims: &mut Claims, claim: PlacedClaim) {
    if claims.placed.len() < MAX_CLAIMS && !claim.value.is_empty() {
        claims.placed.push(claim);
    }
}

/// Where the element, or the first link in it, leads.
fn link_of(node: NodeRef<'_>, element: Element<'_>) -> Option<String> {
    let own = element.attribute(Attr::HREF);
    let inner = || {
        let elements =
            elements(node).take(MAX_ELEMENTS).filter_map(|node| node.value().as_element());
        elements.filter(|inner| inner.tag == Tag::A).find_map(|inner| inner.attribute(Attr::HREF))
    };
    own.or_else(inner).map(str::to_owned)
}

/// `datetime`, `content`, `title` if it is a date, else the text.
fn date_of(node: NodeRef<'_>, element: Element<'_>) -> Option<String> {
    let machine = [Attr::DATETIME, Attr::CONTENT, Attr::TITLE]
        .iter()
        .find_map(|name| element.attribute(*name).filter(|value| dates::read(value).is_some()));
    machine.map(str::to_owned).or_else(|| short_text(node, MAX_DATE_BYTES))
}

/// The text of a small element; parts of different blocks, and links, stand on lines of their own. `None` if it is not small.
pub(super) fn short_text(node: NodeRef<'_>, max_bytes: usize) -> Option<String> {
    let mut text = String::new();
    let mut n_elements = 0;
    for (n_edges, edge) in node.traverse().enumerate() {
        if n_edges > 2 * MAX_NODES || n_elements > MAX_ELEMENTS || text.len() > max_bytes * 2 {
            return None;
        }
        if let Edge::Open(inner) = edge {
            n_elements += usize::from(is_counted(&inner));
        }
        match edge {
            Edge::Open(inner) => match inner.value() {
                Node::Text(piece) if !is_unread(inner) => {
                    let mut lines = piece.split('\n');
                    text.push_str(lines.next().unwrap_or_default());
                    for line in lines {
                        text.push(' ');
                        text.push_str(line);
                    }
                }
                Node::Element(element) if is_block(element.tag) => text.push('\n'),
                _ => {}
            },
            Edge::Close(inner) => {
                let tag = inner.value().as_element().map(|element| element.tag);
                if tag.is_some_and(is_block) {
                    text.push('\n');
                } else if matches!(tag, Some(Tag::A | Tag::SPAN)) {
                    text.push(PART_END);
                }
            }
        }
    }
    let text = with_parts_apart(&text);
    let text = lines_of(&text);
    (text.len() <= max_bytes && !text.is_empty()).then_some(text)
}

/// An element and the elements in it, without those that are left out of some trees.
fn elements(node: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    node.descendants().take(MAX_NODES).filter(is_counted)
}

fn is_counted(node: &NodeRef<'_>) -> bool {
    let element = node.value().as_element().filter(|element| element.namespace == Namespace::Html);
    element.is_some_and(|e| !matches!(e.tag, Tag::SCRIPT | Tag::STYLE | Tag::LINK | Tag::SOURCE))
}

/// Where a link or a span ended.
const PART_END: char = '\u{1}';

/// Links and spans one behind the other: two names in full are a list ("Rike Olbers" "Ida Lux"), and without a blank between
/// them they are different things ("Rike Olbers" "Folgen").
fn with_parts_apart(text: &str) -> Cow<'_, str> {
    if !text.contains(PART_END) {
        return text.into();
    }
    let mut apart = String::with_capacity(text.len());
    for part in text.split(PART_END) {
        let is_full = |part: &str| part.split_whitespace().count() >= 2;
        let before = apart.rsplit(['\n', ',']).next().unwrap_or_default();
        let is_upper = part.trim_start().starts_with(char::is_uppercase);
        let is_list = is_upper && is_full(before) && is_full(part);
        let is_glued = part.starts_with(char::is_uppercase) && before.ends_with(char::is_lowercase);
        if is_list {
            apart.push(',');
        } else if is_glued {
            apart.push('\n');
        }
        apart.push_str(part);
    }
    apart.into()
}

/// Elements that begin a line of their own.
pub(super) const fn is_block(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::DIV
            | Tag::P
            | Tag::LI
            | Tag::UL
            | Tag::BR
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::DD
            | Tag::DT
            | Tag::SECTION
            | Tag::TIME
            | Tag::BUTTON
            | Tag::ADDRESS
            | Tag::HEADER
            | Tag::FOOTER
            | Tag::FIGURE
            | Tag::IMG
    )
}

/// Text that nobody sees.
pub(super) fn is_unread(text: NodeRef<'_>) -> bool {
    text.parent().and_then(|parent| parent.value().as_element()).is_some_and(|parent| {
        parent.namespace == Namespace::Svg
            || matches!(parent.tag, Tag::SCRIPT | Tag::STYLE | Tag::NOSCRIPT | Tag::TEMPLATE)
    })
}
