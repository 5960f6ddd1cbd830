//! Attributes of elements.

use crate::parse::tree::{Attr, Attribute, Element};

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
    pub(super) fn of(element: Element<'e>) -> Self {
        let mut all = Self::default();
        for Attribute { name, value } in element.attributes() {
            let value = Some(&**value);
            match *name {
                Attr::CLASS => all.class = value,
                Attr::ID => all.id = value,
                Attr::ROLE => all.role = value,
                Attr::REL => all.rel = value,
                Attr::STYLE => all.style = value,
                Attr::ITEMPROP => all.itemprop = value,
                Attr::ITEMTYPE => all.itemtype = value,
                Attr::PROPERTY => all.property = value,
                Attr::ARIA_LABEL => all.aria_label = value,
                Attr::ARIA_HIDDEN => all.aria_hidden = value,
                Attr::HIDDEN => all.is_hidden = true,
                Attr::DATA_AD_SLOT
                | Attr::DATA_GOOGLE_QUERY_ID
                | Attr::DATA_AD_CLIENT
                | Attr::DATA_AD_UNIT
                | Attr::DATA_ADUNIT => all.is_ad_slot = true,
                _ => {}
            }
        }
        all
    }
}
