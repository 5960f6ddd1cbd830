//! Images. Claimed ones first (JSON-LD, OpenGraph), then captions of the page that belong to none.

use crate::model::{Image, Label, LabelledDocument, Provenance, RawPage};
use url::Url;

/// Most images an article is given: a gallery's worth.
const MAX_IMAGES: usize = 50;

/// The images.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    provenance: &mut Provenance,
) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    for claim in &document.claims.images {
        let Some(url) = absolute(&claim.value.url, page.url.as_ref()) else { continue };
        if images.iter().any(|known| known.url.as_ref() == Some(&url)) || images.len() == MAX_IMAGES
        {
            continue;
        }
        provenance.fields.entry("images").or_insert(claim.source);
        let (caption, credit) = (claim.value.caption.clone(), claim.value.credit.clone());
        images.push(Image { url: Some(url), caption, credit });
    }
    for labelled in document.blocks.iter().filter(|l| l.verdict.label == Label::Caption) {
        let caption = &labelled.block.text;
        let is_known = images.iter().any(|known| known.caption.as_ref() == Some(caption));
        if !is_known && images.len() < MAX_IMAGES {
            images.push(Image { caption: Some(caption.clone()), ..Image::default() });
        }
    }
    images
}

/// Makes an address absolute; only `http` and `https` are addresses of images.
fn absolute(claimed: &str, base: Option<&Url>) -> Option<Url> {
    let url = match base {
        Some(base) => base.join(claimed.trim()).ok()?,
        None => Url::parse(claimed.trim()).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}
