//! Microdata (`itemprop`): the properties of articles, wherever on the page they stand.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::{Place, push, push_author, text_of};
use crate::model::{Claims, Source};
use crate::parse::attribute::attribute;

/// Longest visible value, bytes: beyond it the element is a container, not a value.
const MAX_VALUE_BYTES: usize = 400;

/// Reads an element with `itemprop`.
pub(super) fn read(node: NodeRef<'_, Node>, element: &Element, place: Place, claims: &mut Claims) {
    if !place.can_be_article() && element.name() != "a" {
        return;
    }
    let source = Source::Microdata;
    for property in attribute(element, "itemprop").unwrap_or_default().split_ascii_whitespace() {
        match property {
            "headline" => push(&mut claims.titles, value(node, element).as_deref(), source),
            "datePublished" | "dateCreated" => {
                push(&mut claims.published, value(node, element).as_deref(), source);
            }
            "dateModified" => push(&mut claims.modified, value(node, element).as_deref(), source),
            "author" | "creator" => author(node, element, claims),
            "articleSection" => push(&mut claims.sections, value(node, element).as_deref(), source),
            "keywords" => push(&mut claims.keywords, value(node, element).as_deref(), source),
            "inLanguage" => push(&mut claims.languages, value(node, element).as_deref(), source),
            _ => {}
        }
    }
}

/// The value of a property: `content`, `datetime`, else the text.
fn value(node: NodeRef<'_, Node>, element: &Element) -> Option<String> {
    let attribute = attribute(element, "content").or_else(|| attribute(element, "datetime"));
    let value = attribute.map_or_else(|| text_of(node), str::to_owned);
    (value.len() <= MAX_VALUE_BYTES).then_some(value)
}

/// An author: a name, or an item with a `name` in it.
fn author(node: NodeRef<'_, Node>, element: &Element, claims: &mut Claims) {
    let names = node.descendants().skip(1).filter_map(|inner| {
        let inner_element = inner.value().as_element()?;
        (attribute(inner_element, "itemprop") == Some("name"))
            .then(|| value(inner, inner_element))?
    });
    let mut names: Vec<String> = names.take(8).collect();
    if names.is_empty() {
        names.extend(value(node, element));
    }
    for name in names {
        push_author(claims, &name, attribute(element, "href"), Source::Microdata);
    }
}
