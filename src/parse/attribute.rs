//! Attributes of elements.

use html5ever::{Attribute, ns};

use crate::parse::tree::Element;

/// The value of an attribute, by its name in lower case.
///
/// An element has so few attributes that comparing the names is faster than interning the one that is asked for.
pub(super) fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let is_asked = |known: &html5ever::QualName| known.local == *name && known.ns == ns!();
    element.attributes.iter().find(|own| is_asked(&own.name)).map(|own| &*own.value)
}

/// The attributes that are asked of every element, found in one pass over all it has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Attributes<'e> {
    pub(super) class: Option<&'e str>,
    pub(super) id: Option<&'e str>,
    pub(super) role: Option<&'e str>,
    pub(super) rel: Option<&'e str>,
    pub(super) style: Option<&'e str>,
    pub(super) itemprop: Option<&'e str>,
    pub(super) property: Option<&'e str>,
    pub(super) aria_label: Option<&'e str>,
    pub(super) aria_hidden: Option<&'e str>,
    /// Whether there is `hidden`, whatever its value.
    pub(super) is_hidden: bool,
    /// Whether there is an attribute that advertising scripts look for.
    pub(super) is_ad_slot: bool,
}

impl<'e> Attributes<'e> {
    /// Those of an element.
    pub(super) fn of(element: &'e Element) -> Self {
        let mut all = Self::default();
        for Attribute { name, value } in &element.attributes {
            if name.ns != ns!() {
                continue;
            }
            let value = Some(&**value);
            match &*name.local {
                "class" => all.class = value,
                "id" => all.id = value,
                "role" => all.role = value,
                "rel" => all.rel = value,
                "style" => all.style = value,
                "itemprop" => all.itemprop = value,
                "property" => all.property = value,
                "aria-label" => all.aria_label = value,
                "aria-hidden" => all.aria_hidden = value,
                "hidden" => all.is_hidden = true,
                "data-ad-slot"
                | "data-google-query-id"
                | "data-ad-client"
                | "data-ad-unit"
                | "data-adunit" => all.is_ad_slot = true,
                _ => {}
            }
        }
        all
    }

    /// Class and id as written, blank between them.
    pub(super) fn names(&self) -> Box<str> {
        match (self.class, self.id) {
            (Some(class), Some(id)) => [class, " ", id].concat().into(),
            (Some(one), None) | (None, Some(one)) => one.into(),
            (None, None) => Box::default(),
        }
    }
}
