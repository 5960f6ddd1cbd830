//! What the facts of a block are measured against: sums over the page, the element that holds most of the article, the
//! article's words.

use std::collections::HashMap;
use std::ops::Range;

use super::Ground;
use crate::label::Sheet;
use crate::label::fact::share;
use crate::label::vocabulary::{Compared, SharedWords, long_words};
use crate::model::{Region, Regions};
use crate::text::hash::{self, hash_of};

/// Whether an element holds one paragraph, or a run of text in it; the element around it is the one that holds paragraphs.
fn is_leaf(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "span"
            | "a"
            | "b"
            | "strong"
            | "em"
            | "i"
            | "tr"
            | "td"
            | "figcaption"
    )
}

/// Sums over blocks before a position.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) blocks: u32,
    pub(super) words: u32,
    pub(super) linked: u32,
    pub(super) alive: u32,
    pub(super) alive_words: u32,
    pub(super) prose_words: u32,
}

impl Sums {
    fn minus(self, before: Self) -> Self {
        Self {
            blocks: self.blocks - before.blocks,
            words: self.words - before.words,
            linked: self.linked - before.linked,
            alive: self.alive - before.alive,
            alive_words: self.alive_words - before.alive_words,
            prose_words: self.prose_words - before.prose_words,
        }
    }
}

/// The holder of most running text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Main {
    /// Its region.
    pub(super) holder: u32,
    pub(super) sums: Sums,
    /// Its first block.
    pub(super) start: usize,
    /// Elements around it.
    n_above: u32,
}

impl Main {
    fn of(holder: u32, regions: &Regions, sums: &[Sums]) -> Self {
        let blocks = regions.range(holder);
        let parent = |at: &u32| regions.get(*at).and_then(|region| region.parent);
        let n_above = std::iter::successors(parent(&holder), parent).count();
        Self {
            holder,
            start: blocks.start,
            sums: sums_within(sums, blocks),
            n_above: u32::try_from(n_above).unwrap_or(u32::MAX),
        }
    }
}

/// The way from a block's holder to the main one, up to the element that holds both and down again.
#[derive(Debug, Clone, Copy)]
pub(super) struct WayToMain {
    /// The largest element around the block that does not hold the main holder.
    pub(super) box_idx: Option<u32>,
    pub(super) n_up: u32,
    pub(super) n_down: u32,
}

/// A page under its last look.
#[derive(Debug)]
pub(super) struct Page<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) regions: &'s Regions,
    pub(super) ground: &'s Ground,
    /// The innermost element of each block that holds paragraphs.
    holders: Vec<u32>,
    /// The holder of most running text.
    pub(super) main: Main,
    /// Of each region that holds the main holder, how many steps it is above it.
    above_main: Vec<Option<u32>>,
    sums: Vec<Sums>,
    /// Of all blocks.
    pub(super) total: Sums,
    shared_words: SharedWords,
    /// The name of the element around each block.
    names: Vec<Option<u64>>,
    /// Blocks, and words of running text, by the name of the element around them: sorted by name.
    named: Vec<(u64, (u32, u32))>,
    /// The neighbours that may be text.
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl<'s> Page<'s> {
    /// `None` for a page without running text.
    pub(super) fn of(sheet: &'s Sheet, regions: &'s Regions, ground: &'s Ground) -> Option<Self> {
        let of_regions = holders(regions);
        let holder = |region_idx: u32| {
            let index = usize::try_from(region_idx).ok();
            index.and_then(|index| of_regions.get(index)).copied().unwrap_or(region_idx)
        };
        let holders: Vec<u32> = sheet.blocks.iter().map(|block| holder(block.region_idx)).collect();
        let main = main_holder(sheet, &holders)?;
        let sums = sums(sheet);
        let words_of =
            |index: usize| long_words(sheet.block(index).map_or("", |block| &block.text));
        let is_open = |index: usize| super::is_open(sheet, index);
        let mut page = Self {
            sheet,
            regions,
            ground,
            main: Main::of(main, regions, &sums),
            above_main: above(regions, main),
            holders,
            total: sums.last().copied().unwrap_or_default(),
            sums,
            shared_words: SharedWords::of(sheet, is_open, words_of, WORDS),
            names: Vec::new(),
            named: Vec::new(),
            before: neighbours(sheet, 0..sheet.len()),
            after: Vec::new(),
        };
        let mut after = neighbours(sheet, (0..sheet.len()).rev());
        after.reverse();
        page.after = after;
        page.count_names();
        Some(page)
    }

    fn count_names(&mut self) {
        self.names = (0..self.sheet.len()).map(|index| self.name(index)).collect();
        let words = |index: usize| self.sums_of(index..index + 1).prose_words;
        let named = (0_usize..).zip(&self.names);
        let mut named: Vec<(u64, (u32, u32))> =
            named.filter_map(|(index, name)| Some(((*name)?, (1, words(index))))).collect();
        named.sort_unstable_by_key(|(name, _)| *name);
        named.dedup_by(|(name, more), (known, sum)| {
            let is_same = name == known;
            if is_same {
                *sum = (sum.0 + more.0, sum.1 + more.1);
            }
            is_same
        });
        self.named = named;
    }

    /// Hash of tag and names of the innermost elements around a block.
    fn name(&self, index: usize) -> Option<u64> {
        let region = self.region(self.sheet.block(index)?.region_idx)?;
        let parent = region.parent.and_then(|parent| self.region(parent));
        let parts =
            [region.tag, self.regions.names(region), parent.map_or("", |parent| parent.tag)];
        Some(parts.into_iter().fold(0, |hash, part| hash::with(hash, hash_of(part.as_bytes()))))
    }

    /// Blocks with the same name, and words of running text in them, but for the block itself.
    pub(super) fn namesakes(&self, index: usize) -> (u32, u32) {
        let name = self.names.get(index).copied().flatten();
        let all = name.and_then(|name| find(&self.named, name));
        let (blocks, words) = all.unwrap_or_default();
        let own = self.sums_of(index..index + 1).prose_words;
        (blocks.saturating_sub(1), words.saturating_sub(own))
    }

    pub(super) fn region(&self, region_idx: u32) -> Option<&'s Region> {
        self.regions.get(region_idx)
    }

    /// The element that holds the paragraph.
    pub(super) fn holder(&self, index: usize) -> u32 {
        self.holders.get(index).copied().unwrap_or_default()
    }

    /// How many steps an element is above the main holder, if it holds it or is it.
    fn above_main(&self, region_idx: u32) -> Option<u32> {
        self.above_main.get(usize::try_from(region_idx).ok()?).copied().flatten()
    }

    /// Whether the element holds the main holder, or is it.
    pub(super) fn holds_main(&self, region_idx: u32) -> bool {
        self.above_main(region_idx).is_some()
    }

    /// The way from a block's holder to the main one.
    pub(super) fn way_to_main(&self, index: usize) -> WayToMain {
        let mut at = self.holder(index);
        let mut way = WayToMain { box_idx: None, n_up: 0, n_down: self.main.n_above };
        loop {
            if let Some(n_down) = self.above_main(at) {
                return WayToMain { n_down, ..way };
            }
            way.box_idx = Some(at);
            let Some(parent) = self.region(at).and_then(|region| region.parent) else { return way };
            at = parent;
            way.n_up += 1;
        }
    }

    /// Sums over some blocks.
    pub(super) fn sums_of(&self, blocks: Range<usize>) -> Sums {
        sums_within(&self.sums, blocks)
    }

    /// The neighbours that may be text.
    pub(super) fn neighbours(&self, index: usize) -> [Option<usize>; 2] {
        let at = |list: &[Option<usize>]| list.get(index).copied().flatten();
        [at(&self.before), at(&self.after)]
    }

    /// Share of the block's long words that other running text has too, and their number.
    pub(super) fn shared_words(&self, index: usize) -> (f32, usize) {
        let (shared, all) = self.shared_words.at(index);
        (share(shared, all), all)
    }
}

/// A word counts once.
const WORDS: Compared = Compared { each_once: true, n_first: usize::MAX };

/// The innermost element around each region, or itself, that holds paragraphs. Parents stand before their children.
fn holders(regions: &Regions) -> Vec<u32> {
    let mut holders: Vec<u32> = Vec::with_capacity(regions.len());
    for (at, region) in (0_u32..).zip(regions) {
        let outer = region.parent.filter(|_| is_leaf(region.tag));
        let outer = outer.and_then(|outer| holders.get(usize::try_from(outer).ok()?).copied());
        holders.push(outer.unwrap_or(at));
    }
    holders
}

fn main_holder(sheet: &Sheet, holders: &[u32]) -> Option<u32> {
    let mut words: HashMap<u32, u32> = HashMap::new();
    for index in sheet.alive().filter(|&index| sheet.is_prose(index)) {
        let (Some(holder), Some(block)) = (holders.get(index), sheet.block(index)) else {
            continue;
        };
        *words.entry(*holder).or_default() += block.n_words;
    }
    words.into_iter().max_by_key(|(holder, words)| (*words, u32::MAX - holder)).map(|(at, _)| at)
}

/// Of each region that holds another or is it, how many steps it is above it.
fn above(regions: &Regions, below: u32) -> Vec<Option<u32>> {
    let mut above = vec![None; regions.len()];
    let mut next = Some(below);
    for n_steps in 0.. {
        let Some(at) = next else { break };
        if let Some(known) = usize::try_from(at).ok().and_then(|at| above.get_mut(at)) {
            *known = Some(n_steps);
        }
        next = regions.get(at).and_then(|region| region.parent);
    }
    above
}

/// Sums over some blocks.
fn sums_within(sums: &[Sums], blocks: Range<usize>) -> Sums {
    let at = |index: usize| {
        let last = sums.len().saturating_sub(1);
        sums.get(index.min(last)).copied().unwrap_or_default()
    };
    let end = at(blocks.end.max(blocks.start));
    end.minus(at(blocks.start))
}

fn sums(sheet: &Sheet) -> Vec<Sums> {
    let mut sums = Vec::with_capacity(sheet.len() + 1);
    let mut sum = Sums::default();
    sums.push(sum);
    for (index, block) in sheet.blocks.iter().enumerate() {
        sum.blocks += 1;
        sum.words += block.n_words;
        sum.linked += block.n_linked_words;
        if sheet.is_alive(index) {
            sum.alive += 1;
            sum.alive_words += block.n_words;
            sum.prose_words += if sheet.is_prose(index) { block.n_words } else { 0 };
        }
        sums.push(sum);
    }
    sums
}

/// What stands under a key in a list that is sorted by keys.
fn find<T: Copy>(sorted: &[(u64, T)], key: u64) -> Option<T> {
    let at = sorted.binary_search_by_key(&key, |(known, _)| *known).ok()?;
    sorted.get(at).map(|(_, value)| *value)
}

/// For each block in that order, the last one before it that may be text.
fn neighbours(sheet: &Sheet, order: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
    let mut last = None;
    order
        .map(|index| {
            let before = last;
            if sheet.is_alive(index) {
                last = Some(index);
            }
            before
        })
        .collect()
}
