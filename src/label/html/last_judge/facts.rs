//! The facts of a block, as numbers: of its text, of the elements around it, of its neighbours, of its place on the page.
//! None of them knows a language, a site or a name that `config/stems.yaml` does not list.

use super::page::{Main, Page, Sums};
use crate::label::fact::{Facts, Letters, count, facts, flag, number, ratio};
use crate::model::{BlockKind, Boilerplate, Landmark, TextBlock};
use crate::rules::markers::Mode;
use crate::rules::{StemClass, StemSet};
use crate::text::Ending;

/// Number of facts of a block.
const N_FACTS: usize = 67;

/// All facts of one block.
#[expect(clippy::too_many_lines, reason = "a list: one line a fact")]
pub(super) fn of(page: &Page<'_>, index: usize) -> Option<Facts<N_FACTS>> {
    let block = page.sheet.block(index)?;
    let signals = page.sheet.signals(index)?;
    let (ending, n_sentences) = match signals.n_chars {
        // What the markup cut was not read yet.
        0 => (crate::text::ending(&block.text), crate::text::count_sentences(&block.text)),
        _ => (signals.ending, signals.n_sentences),
    };
    let text = Letters::of(&block.text, MAX_CHARS);
    let total = page.total;
    let before = page.sums_of(0..index);
    let holder_idx = page.holder(index);
    let holder = page.sums_of(page.regions.range(holder_idx));
    let way = page.way_to_main(index);
    let in_box = way.box_idx.map_or_else(Sums::default, |at| page.sums_of(page.regions.range(at)));
    let Main { sums: main, start: main_start, .. } = page.main;
    let (shared, n_long) = page.shared_words(index);
    let (n_namesakes, namesake_words) = page.namesakes(index);
    let [previous, next] = page.neighbours(index);
    let [cut_before, cut_after] = cut_around(page, index);
    let box_region = way.box_idx.and_then(|at| page.region(at));
    let classes = classes(page, index);
    let has = |wanted: &[StemClass]| flag(wanted.iter().any(|class| classes.contains(*class)));
    let hits =
        |wanted: &[Boilerplate]| flag(signals.hits.iter().any(|hit| wanted.contains(&hit.class)));
    Some(facts![
        ("heading", level(block)),
        ("list_item", flag(block.kind == BlockKind::ListItem)),
        ("quote", flag(block.kind == BlockKind::Quote)),
        ("table_row", flag(block.kind == BlockKind::TableRow)),
        ("preformatted", flag(block.kind == BlockKind::Preformatted)),
        ("words", count(block.n_words)),
        ("link_density", block.link_density()),
        ("linked_words", count(block.n_linked_words)),
        ("button_words", count(block.n_button_words)),
        ("sentences", count(n_sentences)),
        ("ends_sentence", flag(matches!(ending, Ending::Stop | Ending::Query))),
        ("ends_ellipsis", flag(ending == Ending::Ellipsis)),
        ("ends_colon", flag(ending == Ending::Colon)),
        ("starts", text.start),
        ("digits", text.digits),
        ("capitals", text.capitals),
        ("separators", text.separators),
        ("address_words", count(signals.n_address_words)),
        ("consent_words", count(signals.n_consent_words)),
        ("phrases", number(signals.hits.len())),
        ("phrase_strict", flag(signals.hits.iter().any(|hit| hit.mode != Mode::Has))),
        ("phrase_appeal", hits(&APPEALS)),
        ("phrase_teaser", hits(&[Boilerplate::TeaserLabel, Boilerplate::MediaTeaser])),
        ("phrase_credit", hits(&[Boilerplate::CaptionCredit, Boilerplate::Agency])),
        ("phrase_author", hits(&[Boilerplate::AuthorBox, Boilerplate::Timestamp])),
        ("copies", count(signals.n_copies)),
        ("landmark", landmark(block.landmark)),
        ("figure", flag(block.in_figure)),
        ("hidden", flag(block.is_hidden)),
        ("text_before", ratio(before.prose_words, total.prose_words)),
        ("words_before", count(before.prose_words)),
        ("words_after", count(total.prose_words.saturating_sub(before.prose_words))),
        ("page_words", count(total.prose_words)),
        ("page_text_share", ratio(total.alive_words, total.words)),
        ("main_share", ratio(main.prose_words, total.prose_words)),
        ("in_main", flag(holder_idx == page.main.holder)),
        ("holds_main", flag(page.holds_main(holder_idx))),
        ("before_main", flag(index < main_start)),
        ("steps_box", count(way.n_up)),
        ("steps_main", count(way.n_down)),
        ("holder_share", ratio(holder.prose_words, total.prose_words)),
        ("holder_words", count(holder.alive_words)),
        ("holder_blocks", count(holder.alive)),
        ("holder_prose", ratio(holder.prose_words, holder.alive_words)),
        ("holder_links", ratio(holder.linked, holder.words)),
        ("holder_cut", ratio(holder.blocks - holder.alive, holder.blocks)),
        ("box_words", count(in_box.alive_words)),
        ("box_share", ratio(in_box.prose_words, total.prose_words)),
        ("box_links", ratio(in_box.linked, in_box.words)),
        ("box_cut", ratio(in_box.blocks - in_box.alive, in_box.blocks)),
        ("box_tag", box_region.map_or(0.0, |region| tag(region.tag))),
        ("box_images", box_region.map_or(0.0, |region| count(region.n_images))),
        ("holder_images", page.region(holder_idx).map_or(0.0, |region| count(region.n_images))),
        ("names_furniture", flag(classes != StemSet::default())),
        ("names_related", has(&[StemClass::Related, StemClass::Ad, StemClass::Newsletter])),
        ("names_people", has(&[StemClass::Author, StemClass::Comments, StemClass::Timestamp])),
        ("names_media", has(&[StemClass::Caption, StemClass::Video, StemClass::Gallery])),
        ("namesakes", count(n_namesakes)),
        ("namesake_share", ratio(namesake_words, total.prose_words)),
        ("shared_words", shared),
        ("long_words", number(n_long)),
        ("cut_before", cut_before),
        ("cut_after", cut_after),
        ("previous", neighbour(page, index, previous)),
        ("next", neighbour(page, index, next)),
        ("witness", witness(page, index)),
        ("doubtful_rule", super::doubtful_rule(page.sheet, index)),
    ])
}

/// Classes of phrases that speak to the reader of the page.
const APPEALS: [Boilerplate; 8] = [
    Boilerplate::Newsletter,
    Boilerplate::Donation,
    Boilerplate::AppChannel,
    Boilerplate::Paywall,
    Boilerplate::CommercialNotice,
    Boilerplate::Comments,
    Boilerplate::Legal,
    Boilerplate::AdLabel,
];

/// What the metadata says of the text: it repeats a body with, or without, this block; or it repeats none.
fn witness(page: &Page<'_>, index: usize) -> f32 {
    match (page.ground.witness.has_body(), page.ground.witness.knows(index)) {
        (_, true) => 1.0,
        (true, false) => -1.0,
        (false, false) => 0.0,
    }
}

/// Classes of the names around a block, up to the elements that hold the main holder too.
fn classes(page: &Page<'_>, index: usize) -> StemSet {
    let mut classes = StemSet::default();
    let mut next = page.sheet.block(index).map(|block| block.region_idx);
    while let Some(at) = next.filter(|at| !page.holds_main(*at)) {
        let mark = usize::try_from(at).ok().and_then(|at| page.ground.names.get(at));
        if let Some(mark) = mark.copied().flatten() {
            classes.add(StemSet::of(mark.class));
        }
        next = page.region(at).and_then(|region| region.parent);
    }
    classes
}

/// Share of blocks cut among the four before, and the four after.
fn cut_around(page: &Page<'_>, index: usize) -> [f32; 2] {
    let cut = |sums: Sums| ratio(sums.blocks - sums.alive, sums.blocks);
    let before = page.sums_of(index.saturating_sub(AROUND)..index);
    let after = page.sums_of(index + 1..index + 1 + AROUND);
    [cut(before), cut(after)]
}

/// Blocks looked at on each side.
const AROUND: usize = 4;

/// What a neighbour is: running text in the same holder 3, elsewhere 2, a heading -1, another short line 0 or 1.
fn neighbour(page: &Page<'_>, index: usize, other: Option<usize>) -> f32 {
    let Some(other) = other else { return -2.0 };
    let same = page.holder(other) == page.holder(index);
    let is_heading =
        page.sheet.block(other).is_some_and(|block| matches!(block.kind, BlockKind::Heading(_)));
    match (page.sheet.is_prose(other), is_heading) {
        (_, true) => -1.0,
        (true, false) => 2.0 + flag(same),
        (false, false) => flag(same),
    }
}

fn level(block: &TextBlock) -> f32 {
    match block.kind {
        BlockKind::Heading(level) => f32::from(level),
        _ => 0.0,
    }
}

const fn landmark(landmark: Landmark) -> f32 {
    match landmark {
        Landmark::Main | Landmark::Article => 1.0,
        Landmark::Elsewhere => 0.0,
        Landmark::Header => -1.0,
        Landmark::Navigation | Landmark::Aside | Landmark::Footer | Landmark::Form => -2.0,
    }
}

fn tag(tag: &str) -> f32 {
    match tag {
        "section" | "article" => 1.0,
        "div" | "" => 2.0,
        "table" | "tbody" => 3.0,
        "header" => 4.0,
        "aside" | "footer" | "nav" | "form" => 5.0,
        _ => 6.0,
    }
}

/// Characters looked at.
const MAX_CHARS: usize = 400;
