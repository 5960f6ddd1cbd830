//! The elements around the blocks: what a page's markup says about stretches of text.

use std::ops::Range;

use super::{Landmark, TextBlock};

/// An element that holds text, flattened: parents stand before their children, and the blocks an element holds are one
/// range. That makes every question about an element's content a subtraction (see [`Regions::range`]).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Region {
    /// Index of the enclosing region; `None` for the root.
    pub parent: Option<u32>,
    /// Element name, lower case; `""` for names that HTML does not know.
    pub tag: &'static str,
    /// `class` and `id` as written, blank between them.
    pub names: Box<str>,
    /// What the rules know of `names`, as `StemSet::bits`: looked up once, while the names are read. 0: nothing.
    pub names_say: u32,
    /// Accessible name (`aria-label`), if any.
    pub aria_label: Option<Box<str>>,
    /// `itemprop`, if any.
    pub itemprop: Option<Box<str>>,
    /// The landmark this element itself opens, [`Landmark::Elsewhere`] if none.
    pub landmark: Landmark,
    /// Whether this element itself is hidden (`hidden`, `display:none`, `aria-hidden`).
    pub is_hidden: bool,
    /// Whether an attribute says that an advertising script fills it (`data-ad-slot`, `data-google-query-id`).
    pub is_ad_slot: bool,
    /// Pictures inside.
    pub n_images: u32,
    /// Blocks inside, by index into the document's blocks.
    pub blocks: Range<u32>,
}

/// Every region of a page. Empty for a text dump.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Regions(pub Vec<Region>);

impl Regions {
    /// The region of that index.
    #[must_use]
    pub fn get(&self, region_idx: u32) -> Option<&Region> {
        self.0.get(usize::try_from(region_idx).ok()?)
    }

    /// The block's region and its ancestors, innermost first.
    pub fn around<'a>(&'a self, block: &TextBlock) -> impl Iterator<Item = &'a Region> {
        let innermost = if self.0.is_empty() { None } else { Some(block.region_idx) };
        let mut next = innermost.and_then(|region_idx| self.get(region_idx));
        std::iter::from_fn(move || {
            let region = next?;
            next = region.parent.and_then(|region_idx| self.get(region_idx));
            Some(region)
        })
    }

    /// Tag names from the root to the block, joined by `/`: for people.
    #[must_use]
    pub fn path(&self, block: &TextBlock) -> String {
        let mut tags: Vec<&str> = self.around(block).map(|region| region.tag).collect();
        tags.reverse();
        tags.join("/")
    }

    /// The blocks a region holds, as indexes.
    #[must_use]
    pub fn range(&self, region_idx: u32) -> Range<usize> {
        let blocks = self.get(region_idx).map_or(0..0, |region| region.blocks.clone());
        let index = |block_idx: u32| usize::try_from(block_idx).unwrap_or(usize::MAX);
        index(blocks.start)..index(blocks.end)
    }
}
