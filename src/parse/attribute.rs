//! Attributes of elements.

use html5ever::{Attribute, local_name, ns};

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
    pub(super) itemtype: Option<&'e str>,
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
            match name.local {
                local_name!("class") => all.class = value,
                local_name!("id") => all.id = value,
                local_name!("role") => all.role = value,
                local_name!("rel") => all.rel = value,
                local_name!("style") => all.style = value,
                local_name!("itemprop") => all.itemprop = value,
                local_name!("itemtype") => all.itemtype = value,
                local_name!("property") => all.property = value,
                local_name!("aria-label") => all.aria_label = value,
                local_name!("aria-hidden") => all.aria_hidden = value,
                local_name!("hidden") => all.is_hidden = true,
                ref other => all.is_ad_slot |= is_for_advertising(other),
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

/// Whether advertising scripts look for an attribute.
fn is_for_advertising(name: &str) -> bool {
    name.starts_with("data-")
        && matches!(
            name,
            "data-ad-slot"
                | "data-google-query-id"
                | "data-ad-client"
                | "data-ad-unit"
                | "data-adunit"
        )
}
