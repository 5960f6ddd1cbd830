//! Figures: the address of the picture, and what stands below it.

use super::{MAX_CLAIMS, text_of};
use crate::model::{Claimed, Claims, ImageClaim, Source};
use crate::parse::tree::{Attr, NodeRef, Tag};

/// Most nodes of a figure that are looked at.
const MAX_NODES: usize = 200;
/// Longest text below a picture, bytes.
const MAX_CAPTION_BYTES: usize = 2_000;

/// Notes the picture of a figure with its caption. Whether the figure is the article's, its caption tells.
pub(super) fn read(figure: NodeRef<'_>, claims: &mut Claims) {
    let mut url = None;
    let mut caption = None;
    for node in figure.descendants().skip(1).take(MAX_NODES) {
        let Some(element) = node.value().as_element() else { continue };
        match element.tag {
            Tag::IMG | Tag::AMP_IMG if url.is_none() => {
                let address = element.attribute(Attr::SRC).filter(|src| is_address(src));
                url = address.or_else(|| first_of_set(element.attribute(Attr::SRCSET)?));
            }
            Tag::FIGCAPTION if caption.is_none() => caption = Some(text_of(node)),
            _ => {}
        }
    }
    let caption = caption.filter(|text| !text.is_empty() && text.len() <= MAX_CAPTION_BYTES);
    if let Some((url, caption)) = url.zip(caption)
        && claims.images.len() < MAX_CLAIMS
    {
        let value = ImageClaim { url: url.to_owned(), caption: Some(caption), credit: None };
        claims.images.push(Claimed { value, source: Source::Visible });
    }
}

fn is_address(src: &str) -> bool {
    !src.trim().is_empty() && !src.trim_start().starts_with("data:")
}

/// The first address of `srcset`: "a.jpg 1x, b.jpg 2x".
fn first_of_set(set: &str) -> Option<&str> {
    set.split_whitespace().next().map(|url| url.trim_end_matches(',')).filter(|url| is_address(url))
}
