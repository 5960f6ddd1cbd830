//! Attributes of elements.

use html5ever::ns;
use scraper::node::Element;

/// The value of an attribute, by its name in lower case.
///
/// `Element::attr` interns the name at every call, for names html5ever does not know under a lock that all threads share;
/// an element has so few attributes that comparing the names is faster.
pub(super) fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let is_asked = |known: &html5ever::QualName| known.local == *name && known.ns == ns!();
    element.attrs.iter().find(|(known, _)| is_asked(known)).map(|(_, value)| &**value)
}
