//! Microdata (`itemprop`): the properties of articles, wherever on the page they stand.

use super::{Place, placed, push, text_of};
use crate::model::{Claims, PlacedClaim, PlacedField, Source};
use crate::parse::tree::{Attr, Element, NodeRef, Tag};

/// Longest visible value, bytes: beyond it the element is a container, not a value.
const MAX_VALUE_BYTES: usize = 400;

/// Reads an element with `itemprop`, or with the `property` of `RDFa` (`schema:author`).
pub(super) fn read(
    node: NodeRef<'_>,
    element: Element<'_>,
    properties: &str,
    place: Place,
    claims: &mut Claims,
) {
    if !place.can_be_article() && element.tag != Tag::A {
        return;
    }
    let source = Source::Microdata;
    for property in properties.split_ascii_whitespace() {
        match property.rsplit([':', '/']).next().unwrap_or(property) {
            "headline" => push(&mut claims.titles, value(node, element).as_deref(), source),
            "datePublished" | "dateCreated" => {
                date(PlacedField::Published, node, element, place, claims);
            }
            "dateModified" => date(PlacedField::Modified, node, element, place, claims),
            "author" | "creator" => author(node, element, place, claims),
            "articleSection" => push(&mut claims.sections, value(node, element).as_deref(), source),
            "keywords" => push(&mut claims.keywords, value(node, element).as_deref(), source),
            "inLanguage" => push(&mut claims.languages, value(node, element).as_deref(), source),
            _ => {}
        }
    }
}

fn date(
    field: PlacedField,
    node: NodeRef<'_>,
    element: Element<'_>,
    place: Place,
    claims: &mut Claims,
) {
    let Some(value) = value(node, element) else { return };
    let block_idx = place.block_idx;
    placed::push(
        claims,
        PlacedClaim { field, value, url: None, source: Source::Microdata, block_idx },
    );
}

/// The value of a property: `content`, `datetime`, else the text.
fn value(node: NodeRef<'_>, element: Element<'_>) -> Option<String> {
    let attribute = element.attribute(Attr::CONTENT).or_else(|| element.attribute(Attr::DATETIME));
    let value = attribute.map_or_else(|| text_of(node), |value| super::clean(value).into_owned());
    (value.len() <= MAX_VALUE_BYTES).then_some(value)
}

/// An author: a name, or an item with a `name` in it.
fn author(node: NodeRef<'_>, element: Element<'_>, place: Place, claims: &mut Claims) {
    let names = node.descendants().skip(1).filter_map(|inner| {
        let inner_element = inner.value().as_element()?;
        let property =
            inner_element.attribute(Attr::ITEMPROP).or(inner_element.attribute(Attr::PROPERTY))?;
        matches!(property, "name" | "schema:name").then(|| value(inner, inner_element))?
    });
    let mut names: Vec<String> = names.take(8).collect();
    if names.is_empty() {
        names.extend(value(node, element));
    }
    for value in names {
        let (url, block_idx) = (element.attribute(Attr::HREF).map(str::to_owned), place.block_idx);
        let field = PlacedField::Author;
        placed::push(
            claims,
            PlacedClaim { field, value, url, source: Source::Microdata, block_idx },
        );
    }
}
