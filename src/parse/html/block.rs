//! Builds blocks from runs of text, and the regions around them.

use super::element::{self, Layout};
use crate::model::{
    BlockKind, Landmark, Region, RegionText, Regions, SiteMark, SiteSays, TextBlock,
};
use crate::parse::attribute::Attributes;
use crate::parse::tree::{Element, Tag};
use crate::rules::{Rules, Said, StemClass, StemMemory, StemSet};
use crate::text::{count_words, decode_entities, normalize};

/// An open element.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each inherited by its own rule"
)]
pub(super) struct Open<'h> {
    pub(super) tag: Tag,
    pub(super) layout: Layout,
    names: RegionNames<'h>,
    pub(super) landmark: Landmark,
    /// The landmark it opens itself.
    own_landmark: Landmark,
    is_ad_slot: bool,
    pub(super) kind: BlockKind,
    pub(super) is_hidden: bool,
    pub(super) is_hidden_itself: bool,
    pub(super) in_link: bool,
    pub(super) in_button: bool,
    pub(super) in_figure: bool,
    pub(super) is_detached: bool,
    pub(super) is_drop_cap: bool,
    /// What its class and id say.
    pub(super) said: Said,
    site_mark: Option<SiteMark>,
    region_idx: Option<u32>,
    /// Pictures of the page before it.
    images_before: u32,
}

/// What a region keeps of an element's attributes.
#[derive(Debug, Clone, Copy)]
struct RegionNames<'h> {
    class: Option<&'h str>,
    id: Option<&'h str>,
    aria_label: Option<&'h str>,
}

impl<'h> RegionNames<'h> {
    const fn of(attributes: &Attributes<'h>) -> Self {
        let &Attributes { class, id, aria_label, .. } = attributes;
        Self { class, id, aria_label }
    }

    /// Writes down class and id, blank between them.
    fn write_class_and_id(&self, regions: &mut Regions) -> RegionText {
        match (self.class, self.id) {
            (Some(class), Some(id)) => regions.write(&[class, " ", id]),
            (Some(one), None) | (None, Some(one)) => regions.write(&[one]),
            (None, None) => RegionText::default(),
        }
    }
}

impl<'h> Open<'h> {
    /// Opens an element inside another (`None` for the root).
    pub(super) fn new(
        element: Element<'h>,
        attributes: &Attributes<'h>,
        outer: Option<&Self>,
        own_mark: Option<SiteMark>,
        rules: &Rules,
        memory: &mut StemMemory<'h>,
    ) -> Self {
        let known = element::known(element);
        let tag = element.tag;
        let layout = element::layout(known, attributes);
        let role = attributes.role.unwrap_or_default();
        // Where a site rule says that the article stands, it is neither hidden nor a menu.
        let is_article = own_mark.is_some_and(is_of_the_article);
        let own_landmark = if is_article {
            Landmark::Article
        } else {
            element::landmark_of_role(role).unwrap_or(known.landmark)
        };
        let is_hidden_itself = !is_article && element::is_hidden(tag, attributes, layout);
        let is_inline = layout == Layout::Inline;
        let mut says = |names: Option<&'h str>| memory.of(&rules.stems, &rules.words, names);
        let (class, id) = (says(attributes.class), says(attributes.id));
        let said = Said { stems: class.stems.union(id.stems), field: class.field.or(id.field) };
        let names = if is_inline { said.stems } else { StemSet::default() };
        let keeps = |landmark: Landmark| {
            // A header inside an article is the article's: it holds headline and lead.
            landmark == Landmark::Header
                && outer.is_some_and(|o| matches!(o.landmark, Landmark::Article | Landmark::Main))
        };
        let landmark = match own_landmark {
            Landmark::Elsewhere => outer.map_or(Landmark::Elsewhere, |o| o.landmark),
            own if keeps(own) => outer.map_or(own, |o| o.landmark),
            own => own,
        };
        Self {
            tag,
            layout,
            landmark,
            own_landmark,
            is_ad_slot: attributes.is_ad_slot || tag == Tag::AMP_AD,
            kind: combine(outer.map(|o| o.kind), known.kind),
            is_hidden: is_hidden_itself || (!is_article && outer.is_some_and(|o| o.is_hidden)),
            is_hidden_itself,
            in_link: tag == Tag::A || outer.is_some_and(|o| o.in_link),
            in_button: matches!(tag, Tag::BUTTON | Tag::LABEL)
                || role == "button"
                || outer.is_some_and(|o| o.in_button),
            in_figure: tag == Tag::FIGURE || outer.is_some_and(|o| o.in_figure),
            is_detached: is_inline
                && (is_hidden_itself
                    || own_mark.is_some_and(|mark| matches!(mark.says, SiteSays::Strip(_)))
                    || element::is_detached(names.first())
                    || outer.is_some_and(|o| o.is_detached)),
            is_drop_cap: names.contains(StemClass::DropCap),
            said,
            names: RegionNames::of(attributes),
            site_mark: innermost(outer.and_then(|o| o.site_mark), own_mark),
            region_idx: None,
            images_before: 0,
        }
    }
}

/// The site rule that counts: the innermost; but what is kept is kept whether it is selected or not.
fn innermost(outer: Option<SiteMark>, own: Option<SiteMark>) -> Option<SiteMark> {
    match (outer, own) {
        (Some(outer), Some(own))
            if outer.says == SiteSays::Keep && own.says == SiteSays::Inside =>
        {
            Some(outer)
        }
        (outer, own) => own.or(outer),
    }
}

/// Whether a site rule says that an element is the article's.
const fn is_of_the_article(mark: SiteMark) -> bool {
    matches!(mark.says, SiteSays::Inside | SiteSays::Keep)
}

/// The kind of text in nested elements: headings and captions win, a paragraph in a list item stays an item.
fn combine(outer: Option<BlockKind>, own: Option<BlockKind>) -> BlockKind {
    match (outer.unwrap_or_default(), own) {
        (outer, None) | (outer @ (BlockKind::Caption | BlockKind::Heading(_)), Some(_)) => outer,
        (BlockKind::Quote, Some(BlockKind::ListItem)) => BlockKind::Quote,
        (_, Some(own)) => own,
    }
}

/// A run of text that no block border has ended yet.
#[derive(Debug, Default)]
struct Pending {
    raw: String,
    linked: Share,
    button: Share,
    /// Depth of the innermost element that holds all of it.
    depth: usize,
    /// Lowest depth of open elements since the last text.
    low: usize,
    n_breaks: u32,
    has_cell: bool,
    after_drop_cap: bool,
    /// A `<span>` or `<time>` closed, and another element opened, since the last text.
    after_span: SpanBorder,
    /// A picture stands between it and the text before it.
    is_behind_picture: bool,
}

/// How much of a run of text stands in links, or in buttons. Most runs do as a whole or not at all, and need no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Share {
    /// All of it so far, if there is any.
    #[default]
    All,
    /// So many words.
    Words(u32),
}

impl Share {
    /// Notes that a text follows those `before`, and whether it counts.
    fn add(&mut self, before: &str, text: &str, counts: bool) {
        *self = match (*self, counts) {
            (Self::All, true) => Self::All,
            (Self::All, false) if before.is_empty() => Self::Words(0),
            (Self::All, false) => Self::Words(count_words(before)),
            (Self::Words(n), true) => Self::Words(n + count_words(text)),
            (Self::Words(n), false) => Self::Words(n),
        };
    }

    /// So many of the words of the whole run.
    fn of(self, n_words: u32) -> u32 {
        match self {
            Self::All => n_words,
            Self::Words(n) => n,
        }
    }
}

/// What closed and opened since the last text: boxes that look like lines are often spans, or a time and a heading in bold,
/// without a blank between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum SpanBorder {
    #[default]
    None,
    Closed,
    Reopened,
}

impl Pending {
    fn is_blank(&self) -> bool {
        is_blank(&self.raw)
    }
}

/// Builds blocks and regions while the walk tells it what opens, what closes and what text comes.
#[derive(Debug, Default)]
pub(super) struct Builder<'h> {
    pub(super) open: Vec<Open<'h>>,
    pub(super) blocks: Vec<TextBlock>,
    regions: Regions,
    pending: Pending,
    /// Text inside the pending block that is no part of it: emitted after it.
    detached: Vec<TextBlock>,
    /// Pictures so far.
    n_images: u32,
    /// Pictures up to the last text.
    n_images_before_text: u32,
}

/// Nodes for each region, and for each block, that a page has: only so much room is made at once.
const NODES_PER_REGION: usize = 4;
/// See [`NODES_PER_REGION`].
const NODES_PER_BLOCK: usize = 6;

impl<'h> Builder<'h> {
    /// For a page of so many nodes.
    pub(super) fn for_nodes(n_nodes: usize) -> Self {
        Self {
            blocks: Vec::with_capacity(n_nodes / NODES_PER_BLOCK),
            regions: Regions::with_capacity(n_nodes / NODES_PER_REGION),
            ..Self::default()
        }
    }

    /// Opens an element.
    pub(super) fn enter(&mut self, mut open: Open<'h>) {
        open.images_before = self.n_images;
        match open.layout {
            Layout::Block => self.flush(),
            Layout::Cell if !self.pending.is_blank() => {
                self.pending.raw.push('\t');
                self.pending.has_cell = true;
            }
            _ => {}
        }
        if matches!(open.tag, Tag::SPAN | Tag::STRONG | Tag::B | Tag::TIME)
            && self.pending.after_span == SpanBorder::Closed
        {
            self.pending.after_span = SpanBorder::Reopened;
        }
        self.open.push(open);
    }

    /// Index of the block that the first text of an element opened now will stand in.
    pub(super) fn next_block_idx(&self, layout: Layout) -> usize {
        let ends_one = layout == Layout::Block && !self.pending.is_blank();
        self.blocks.len() + usize::from(ends_one)
    }

    /// `<img>`.
    pub(super) fn image(&mut self) {
        self.n_images += 1;
    }

    /// Closes the innermost element.
    pub(super) fn leave(&mut self) {
        let ends_block = self.open.last().is_some_and(|open| open.layout == Layout::Block);
        if ends_block {
            self.flush();
        }
        let Some(closed) = self.open.pop() else { return };
        if matches!(closed.tag, Tag::SPAN | Tag::TIME) {
            self.pending.after_span = SpanBorder::Closed;
        }
        let depth = self.open.len();
        let holds_pending =
            self.pending.depth.min(self.pending.low) > depth && !self.pending.is_blank();
        self.pending.low = self.pending.low.min(depth);
        if let Some(region) = closed.region_idx.and_then(|at| self.regions.get_mut(at)) {
            region.blocks.end = count(self.blocks.len()) + u32::from(holds_pending);
            region.n_images = self.n_images - closed.images_before;
        }
    }

    /// `<br>`: the second in a row ends the block.
    pub(super) fn line_break(&mut self) {
        if self.is_preformatted() {
            self.pending.raw.push('\n');
            return;
        }
        self.pending.n_breaks += 1;
        if self.pending.n_breaks > 1 {
            self.flush();
        } else {
            self.pending.raw.push(' ');
        }
    }

    fn is_preformatted(&self) -> bool {
        self.open.last().is_some_and(|open| open.kind == BlockKind::Preformatted)
    }

    /// Text of the page.
    pub(super) fn text(&mut self, text: &str) {
        let Some(innermost) = self.open.last() else { return };
        if is_blank(text) {
            if !self.pending.raw.is_empty() {
                self.pending.raw.push_str(if self.is_preformatted() { text } else { " " });
            }
            return;
        }
        let (in_link, in_button) = (innermost.in_link, innermost.in_button);
        let is_drop_cap = innermost.is_drop_cap && text.trim().chars().count() <= 2;
        if innermost.is_detached && !is_drop_cap {
            self.detach(text);
            return;
        }
        self.materialise();
        let depth = self.open.len();
        let is_first = self.pending.is_blank();
        let is_behind_picture = self.n_images > self.n_images_before_text;
        self.n_images_before_text = self.n_images;
        let pending = &mut self.pending;
        if is_first {
            pending.is_behind_picture = is_behind_picture;
        }
        pending.linked.add(&pending.raw, text, in_link);
        pending.button.add(&pending.raw, text, in_button);
        if pending.after_span == SpanBorder::Reopened && is_word_border(&pending.raw, text) {
            pending.raw.push(' ');
        }
        pending.after_span = SpanBorder::None;
        pending.depth = if is_first { depth } else { pending.depth.min(pending.low) };
        pending.low = depth;
        pending.n_breaks = 0;
        if pending.after_drop_cap && text.trim_start().starts_with(char::is_lowercase) {
            pending.raw.truncate(pending.raw.trim_end().len());
            pending.raw.push_str(text.trim_start());
        } else {
            pending.raw.push_str(text);
        }
        pending.after_drop_cap = is_drop_cap;
    }

    /// Text inside a sentence that is no part of it becomes a block of its own, after the block it stands in.
    fn detach(&mut self, text: &str) {
        self.materialise();
        let text = normalize(text).into_owned();
        if !text.is_empty() {
            let depth = self.open.len();
            let in_link = self.open.last().is_some_and(|open| open.in_link);
            let linked = if in_link { Share::All } else { Share::Words(0) };
            let mut block = self.block(text, depth, linked);
            block.is_hidden |= self.open.last().is_some_and(|open| open.is_hidden);
            self.detached.push(block);
        }
        // What it stood between does not grow together.
        self.pending.after_span = SpanBorder::Reopened;
        if self.pending.raw.is_empty() {
            self.emit_detached();
        }
    }

    /// Makes regions of all open elements: now they hold text.
    fn materialise(&mut self) {
        let first =
            self.open.iter().rposition(|open| open.region_idx.is_some()).map_or(0, |at| at + 1);
        let mut parent = first.checked_sub(1).and_then(|at| self.open.get(at)?.region_idx);
        let begin = count(self.blocks.len());
        for open in self.open.iter_mut().skip(first) {
            let region_idx = count(self.regions.len());
            let names = open.names.write_class_and_id(&mut self.regions);
            let aria_label = open.names.aria_label.map(|label| self.regions.write(&[label]));
            self.regions.push(Region {
                parent,
                tag: element::name(open.tag),
                names,
                names_say: open.said.stems.bits(),
                aria_label,
                landmark: open.own_landmark,
                is_hidden: open.is_hidden_itself,
                is_ad_slot: open.is_ad_slot,
                n_images: 0,
                blocks: begin..begin,
            });
            open.region_idx = Some(region_idx);
            parent = Some(region_idx);
        }
    }

    /// Ends the pending block.
    pub(super) fn flush(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        if !pending.is_blank() {
            let depth = pending.depth.min(self.open.len()).max(1);
            let text = clean(&pending, self.kind_at(depth));
            if !text.is_empty() {
                let is_row = pending.has_cell && text.contains('\t');
                let mut block = self.block(text, depth, pending.linked);
                block.n_button_words = pending.button.of(block.n_words);
                block.is_behind_picture = pending.is_behind_picture;
                if is_row {
                    block.kind = BlockKind::TableRow;
                }
                if block.kind == BlockKind::TableRow
                    && !pending.has_cell
                    && block.n_words > LAYOUT_CELL_WORDS
                {
                    block.kind = BlockKind::Paragraph;
                }
                self.blocks.push(block);
            }
        }
        self.emit_detached();
        // The buffer serves all blocks.
        pending.raw.clear();
        self.pending.raw = pending.raw;
        self.pending.low = self.open.len();
    }

    fn emit_detached(&mut self) {
        self.blocks.append(&mut self.detached);
    }

    fn kind_at(&self, depth: usize) -> BlockKind {
        depth
            .checked_sub(1)
            .and_then(|at| self.open.get(at))
            .map_or_else(BlockKind::default, |o| o.kind)
    }

    /// A block held by the element at that depth.
    fn block(&self, text: String, depth: usize, linked: Share) -> TextBlock {
        let Some(holder) = depth.checked_sub(1).and_then(|at| self.open.get(at)) else {
            return TextBlock { text, ..TextBlock::default() };
        };
        let n_words = count_words(&text);
        TextBlock {
            kind: holder.kind,
            landmark: holder.landmark,
            region_idx: holder.region_idx.unwrap_or(0),
            n_words,
            n_linked_words: linked.of(n_words).min(n_words.max(1)),
            in_figure: holder.in_figure,
            is_hidden: holder.is_hidden,
            site_mark: holder.site_mark,
            text,
            ..TextBlock::default()
        }
    }

    /// Ends the last block and hands everything out.
    pub(super) fn finish(mut self) -> (Vec<TextBlock>, Regions) {
        self.flush();
        while !self.open.is_empty() {
            self.leave();
        }
        (self.blocks, self.regions)
    }
}

/// Whether a text is nothing but white space. The first byte tells of nearly every text that it is more.
#[inline]
fn is_blank(text: &str) -> bool {
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic)
        && text.chars().all(char::is_whitespace)
}

/// Whether a new word begins: after a lower-case letter, a digit or a mark, with an upper-case letter.
fn is_word_border(before: &str, after: &str) -> bool {
    let ends = before.chars().next_back();
    ends.is_some_and(|c| {
        c.is_lowercase() || c.is_ascii_digit() || matches!(c, ':' | '.' | '!' | '?')
    }) && after.starts_with(char::is_uppercase)
}

/// A single table cell with more words is running text in a layout table.
const LAYOUT_CELL_WORDS: u32 = 20;

/// The text of a block in its normal form; lines of preformatted text and cells of a row stay apart.
fn clean(pending: &Pending, kind: BlockKind) -> String {
    if kind == BlockKind::Preformatted {
        let lines: Vec<&str> = pending.raw.lines().map(str::trim_end).collect();
        return lines.join("\n").trim_matches('\n').to_owned();
    }
    let has = |byte| memchr::memchr(byte, pending.raw.as_bytes()).is_some();
    let has_reference = has(b'&') && has(b';');
    let decoded =
        if has_reference { decode_entities(&pending.raw) } else { pending.raw.as_str().into() };
    if pending.has_cell {
        let cells: Vec<String> = decoded
            .split('\t')
            .map(|cell| normalize(cell).into_owned())
            .filter(|cell| !cell.is_empty())
            .collect();
        return cells.join("\t");
    }
    normalize(&decoded).into_owned()
}

/// Documents have fewer blocks than 2^32: `limits.dom_nodes` bounds them.
fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
