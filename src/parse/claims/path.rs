//! The path to the article that readers see ("Startseite › Politik › Kommunales"): sections, outermost first.

use super::placed::short_text;
use super::{Place, push};
use crate::model::{Claims, Source};
use crate::parse::attribute::Attributes;
use crate::parse::tree::{Element, NodeRef, Tag};
use crate::rules::{FieldName, Rules};

/// Most links of a path; a longer one is a menu.
const MAX_LINKS: usize = 8;
/// Most nodes that are looked at.
const MAX_NODES: usize = 160;
/// Longest name of a section, bytes.
const MAX_SECTION_BYTES: usize = 90;

/// Whether an element is the path, by its class, its id, its label or its type.
pub(super) fn is_named(
    element: Element<'_>,
    attributes: &Attributes<'_>,
    place: Place,
    rules: &Rules,
) -> bool {
    let has_type = || attributes.itemtype.is_some_and(|kind| kind.ends_with("BreadcrumbList"));
    let is_labelled = |label: &str| {
        let label = label.trim().to_lowercase();
        rules.words.breadcrumb_stems.contains(&label)
    };
    is_list_or_box(element.tag)
        && (place.named == Some(FieldName::Breadcrumb)
            || attributes.aria_label.is_some_and(is_labelled)
            || has_type())
}

const fn is_list_or_box(tag: Tag) -> bool {
    matches!(tag, Tag::NAV | Tag::OL | Tag::UL | Tag::DIV | Tag::P | Tag::SECTION)
}

/// Notes the links of the page's first path.
pub(super) fn read(path: NodeRef<'_>, claims: &mut Claims) {
    if claims.sections.iter().any(|claim| claim.source == Source::Breadcrumb) {
        return;
    }
    let is_link =
        |node: &NodeRef<'_>| node.value().as_element().is_some_and(|element| element.tag == Tag::A);
    let links: Vec<_> = path.descendants().take(MAX_NODES).filter(is_link).collect();
    if links.len() > MAX_LINKS {
        return;
    }
    for link in links {
        let section = short_text(link, MAX_SECTION_BYTES);
        push(&mut claims.sections, section.as_deref(), Source::Breadcrumb);
    }
}
