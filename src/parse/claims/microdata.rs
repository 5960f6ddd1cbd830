//! Microdata (`itemprop`): the properties of articles, wherever on the page they stand.

use super::{Place, placed, push, text_of};
use crate::model::{Claims, PlacedClaim, PlacedField, Source};
use crate::parse::attribute::attribute;
use crate::parse::tree::{Element, NodeRef};

/// Longest visible value, bytes: beyond it the element is a container, not a value.
const MAX_VALUE_BYTES: usize = 400;

/// Reads an element with `itemprop`, or with the `property` of `RDFa` (`schema:author`).
pub(super) fn read(
    node: NodeRef<'_>,
    element: &Element,
    properties: &str,
    place: Place,
    claims: &mut Claims,
) {
    if !place.can_be_article() && element.name() != "a" {
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
    element: &Element,
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
fn value(node: NodeRef<'_>, element: &Element) -> Option<String> {
    let attribute = attribute(element, "content").or_else(|| attribute(element, "datetime"));
    let value = attribute.map_or_else(|| text_of(node), super::clean);
    (value.len() <= MAX_VALUE_BYTES).then_some(value)
}

/// An author: a name, or an item with a `name` in it.
fn author(node: NodeRef<'_>, element: &Element, place: Place, claims: &mut Claims) {
    let names = node.descendants().skip(1).filter_map(|inner| {
        let inner_element = inner.value().as_element()?;
        let property =
            attribute(inner_element, "itemprop").or(attribute(inner_element, "property"))?;
        matches!(property, "name" | "schema:name").then(|| value(inner, inner_element))?
    });
    let mut names: Vec<String> = names.take(8).collect();
    if names.is_empty() {
        names.extend(value(node, element));
    }
    for value in names {
        let (url, block_idx) = (attribute(element, "href").map(str::to_owned), place.block_idx);
        let field = PlacedField::Author;
        placed::push(
            claims,
            PlacedClaim { field, value, url, source: Source::Microdata, block_idx },
        );
    }
}
