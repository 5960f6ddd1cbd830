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
    /// `class` and `id` as written, blank between them; [`Regions::names`] has the text.
    pub names: RegionText,
    /// What the rules know of `names`, as `StemSet::bits`: looked up once, while the names are read. 0: nothing.
    pub names_say: u32,
    /// Accessible name (`aria-label`), if any; [`Regions::aria_label`] has the text.
    pub aria_label: Option<RegionText>,
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

/// Where a text stands among those that [`Regions`] keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegionText {
    start: u32,
    end: u32,
}

impl RegionText {
    /// Whether there is no text.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Every region of a page. Empty for a text dump.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Regions {
    list: Vec<Region>,
    /// The texts of all regions, one behind the other: a page has hundreds, and they live and end together.
    texts: String,
}

impl Regions {
    /// None, with room for so many.
    #[must_use]
    pub fn with_capacity(n_regions: usize) -> Self {
        Self { list: Vec::with_capacity(n_regions), texts: String::new() }
    }

    /// Adds a region; it is the last.
    pub fn push(&mut self, region: Region) {
        self.list.push(region);
    }

    /// Keeps a text for a region: these parts, one behind the other.
    pub fn write(&mut self, parts: &[&str]) -> RegionText {
        // All that a page may hold is far below 4 GiB.
        let end = |texts: &str| u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let start = end(&self.texts);
        self.texts.extend(parts.iter().copied());
        RegionText { start, end: end(&self.texts) }
    }

    fn read(&self, text: RegionText) -> &str {
        let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        self.texts.get(index(text.start)..index(text.end)).unwrap_or_default()
    }

    /// `class` and `id` of a region as written, blank between them.
    #[must_use]
    pub fn names(&self, region: &Region) -> &str {
        self.read(region.names)
    }

    /// The accessible name of a region, if it has one.
    #[must_use]
    pub fn aria_label(&self, region: &Region) -> Option<&str> {
        region.aria_label.map(|text| self.read(text))
    }

    /// All regions: parents before their children.
    pub fn iter(&self) -> std::slice::Iter<'_, Region> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The region of that index.
    #[must_use]
    pub fn get(&self, region_idx: u32) -> Option<&Region> {
        self.list.get(usize::try_from(region_idx).ok()?)
    }

    /// The region of that index, to be changed.
    pub fn get_mut(&mut self, region_idx: u32) -> Option<&mut Region> {
        self.list.get_mut(usize::try_from(region_idx).ok()?)
    }

    /// The block's region and its ancestors, innermost first.
    pub fn around<'a>(&'a self, block: &TextBlock) -> impl Iterator<Item = &'a Region> {
        let innermost = if self.is_empty() { None } else { Some(block.region_idx) };
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

impl<'r> IntoIterator for &'r Regions {
    type Item = &'r Region;
    type IntoIter = std::slice::Iter<'r, Region>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
