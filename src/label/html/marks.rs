//! Elements that their name, tag or role calls furniture, checked against what they hold.

use super::Known;
use super::Verdicts;
use super::boilerplate;
use super::container::Container;
use super::prose::Prose;
use crate::model::{Boilerplate, Document, Label, Landmark, Region, RuleName, Verdict};
use crate::rules::markers::Mode;
use crate::rules::{Rules, StemClass, StemSet};
use crate::text::Skeleton;

/// Most running text that furniture may hold, percent of the article's (`boilerplate.md`, principle 2).
const MAX_PROSE_PERCENT: usize = 30;
/// Most running text that all elements of one class may hold together: where a name wraps every paragraph, it says nothing.
const MAX_CLASS_PERCENT: usize = 50;
/// Share of linked words from which a box of links is one, percent.
const MIN_LINK_PERCENT: u32 = 20;
/// Longest byline, characters; longer ones are boxes about the author.
const MAX_BYLINE_CHARS: usize = 90;

/// What an element was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) class: StemClass,
    pub(super) rule: RuleName,
}

/// What each region is called. Several questions are asked of it: it is found out once.
pub(super) fn names(document: &Document, rules: &Rules) -> Vec<Option<Mark>> {
    let regions = document.regions.iter();
    let mut names: Vec<Option<Mark>> =
        regions.map(|region| name_of(document, region, rules)).collect();
    name_what_holds_a_form(document, &mut names);
    names
}

/// Most blocks, and words, of a box that is nothing but a form and its words.
const MAX_FORM_BLOCKS: u32 = 6;
/// See [`MAX_FORM_BLOCKS`].
const MAX_FORM_WORDS: u32 = 60;
/// Elements looked at above a form.
const MAX_FORM_STEPS: usize = 3;

/// "Jeden Morgen das Wichtigste im Newsletter" beside a field for the address: a small box around a form is a prompt.
fn name_what_holds_a_form(document: &Document, names: &mut [Option<Mark>]) {
    for form in document.regions.iter().filter(|region| region.tag == "form") {
        let mut next = form.parent;
        for _ in 0..MAX_FORM_STEPS {
            let Some(at) = next else { break };
            let Some(region) = document.regions.get(at) else { break };
            let n_blocks = region.blocks.end - region.blocks.start;
            let blocks = document.blocks.get(document.regions.range(at)).unwrap_or_default();
            let n_words: u32 = blocks.iter().map(|block| block.n_words).sum();
            let is_page = matches!(region.tag, "html" | "body" | "main" | "article");
            if is_page || n_blocks > MAX_FORM_BLOCKS || n_words > MAX_FORM_WORDS {
                break;
            }
            if let Some(name) = usize::try_from(at).ok().and_then(|at| names.get_mut(at)) {
                let rule = "structure.holds_a_form";
                *name = name.or(Some(Mark { class: StemClass::Newsletter, rule }));
            }
            next = region.parent;
        }
    }
}

/// Whether each region is under a name that lowers its worth while the container is looked for. The name is not believed of
/// an element that holds the headline or text that the page's metadata repeats; names that often wrap articles are not
/// believed of an element that holds most of the page's text.
pub(super) fn suspects(
    document: &Document,
    prose: &Prose,
    known: &Known<'_>,
    suspicion: Suspicion,
) -> Vec<bool> {
    let total = prose.total();
    let mut suspects: Vec<bool> = Vec::with_capacity(document.regions.len());
    for ((region_idx, region), name) in (0_u32..).zip(&document.regions).zip(known.names) {
        let inherited = parent_of(region, &suspects).copied().unwrap_or_default();
        let is_suspect = inherited || {
            let blocks = document.regions.range(region_idx);
            name.is_some_and(|mark| {
                let is_most = prose.within(&blocks) * 2 > total;
                let holds_headline = known.headline.is_some_and(|at| blocks.contains(&at));
                let is_suspicious = match suspicion {
                    Suspicion::Any => is_furniture(mark.class),
                    Suspicion::Certain => is_never_the_article(mark.class),
                };
                let is_wrapper = is_most && wraps_articles(mark.class);
                let holds_article = holds_headline || known.witness.knows_any(&blocks);
                is_suspicious && !is_wrapper && !holds_article
            })
        };
        suspects.push(is_suspect);
    }
    suspects
}

/// Which names are suspicious.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// All that furniture has.
    Any,
    /// Only those that never wrap an article.
    Certain,
}

/// Names of what is never the article, however much text it holds.
const fn is_never_the_article(class: StemClass) -> bool {
    matches!(
        class,
        StemClass::Consent
            | StemClass::Comments
            | StemClass::Footer
            | StemClass::Newsletter
            | StemClass::Donation
    )
}

/// Names that pages also give to the element around the whole article (`stems.tsv`, column wrap).
const fn wraps_articles(class: StemClass) -> bool {
    matches!(
        class,
        StemClass::Hidden
            | StemClass::Ad
            | StemClass::Related
            | StemClass::Widget
            | StemClass::Gallery
            | StemClass::Player
            | StemClass::Tags
            | StemClass::Share
            | StemClass::Login
            | StemClass::Author
            | StemClass::Modal
    )
}

/// The mark of each region, inherited from the elements around it.
pub(super) fn of(
    document: &Document,
    prose: &Prose,
    container: &Container,
    names: &[Option<Mark>],
) -> Vec<Option<Mark>> {
    let refused = refused_rules(document, prose, container, names);
    let mut marks: Vec<Option<Mark>> = Vec::with_capacity(names.len());
    for ((region_idx, region), name) in (0_u32..).zip(&document.regions).zip(names) {
        let inherited = parent_of(region, &marks).copied().flatten();
        // Most elements have no name of their own, and need no look at what they hold.
        let own = || {
            let mark = (*name)?;
            let blocks = document.regions.range(region_idx);
            let most = most_percent(document, region, prose, mark);
            let holds_article = prose.within(&blocks) * 100 > container.prose_chars * most
                || (blocks.start <= container.blocks.start && blocks.end >= container.blocks.end);
            let is_furniture = !holds_article
                && !refused.contains(&mark.rule)
                && has_the_content(mark, prose, &blocks);
            is_furniture.then_some(mark)
        };
        marks.push(inherited.or_else(own));
    }
    marks
}

/// Most running text that a gallery may hold in which every text has a picture of its own, percent: they are captions.
const MAX_CAPTIONS_PERCENT: usize = 50;
/// Pictures of such a gallery at least.
const MIN_PICTURES: u32 = 3;

/// How much of the article an element of that name may hold and still be furniture, percent.
fn most_percent(document: &Document, region: &Region, prose: &Prose, mark: Mark) -> usize {
    if mark.class != StemClass::Gallery || region.n_images < MIN_PICTURES {
        return MAX_PROSE_PERCENT;
    }
    let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let blocks = index(region.blocks.start)..index(region.blocks.end).min(document.blocks.len());
    let n_texts = u32::try_from(blocks.filter(|at| prose.at(*at) > 0).count()).unwrap_or(u32::MAX);
    if n_texts <= region.n_images { MAX_CAPTIONS_PERCENT } else { MAX_PROSE_PERCENT }
}

/// Rules whose elements hold most of the article together.
fn refused_rules(
    document: &Document,
    prose: &Prose,
    container: &Container,
    own: &[Option<Mark>],
) -> Vec<RuleName> {
    let mut held: Vec<(RuleName, usize)> = Vec::new();
    for ((region_idx, _), mark) in (0_u32..).zip(&document.regions).zip(own) {
        let Some(mark) = mark else { continue };
        let blocks = document.regions.range(region_idx);
        let is_inside =
            blocks.start >= container.blocks.start && blocks.end <= container.blocks.end;
        if !is_inside {
            continue;
        }
        let chars = prose.within(&blocks);
        match held.iter_mut().find(|(rule, _)| *rule == mark.rule) {
            Some((_, sum)) => *sum += chars,
            None => held.push((mark.rule, chars)),
        }
    }
    held.retain(|(_, chars)| chars * 100 > container.prose_chars * MAX_CLASS_PERCENT);
    held.into_iter().map(|(rule, _)| rule).collect()
}

/// Whether an element holds what its name promises: boxes of links hold links.
fn has_the_content(mark: Mark, prose: &Prose, blocks: &std::ops::Range<usize>) -> bool {
    if mark.class != StemClass::Related || mark.rule == NESTED_ARTICLE {
        return true;
    }
    let (words, linked) = prose.words_within(blocks);
    linked * 100 >= words * MIN_LINK_PERCENT
}

fn parent_of<'v, T>(region: &Region, values: &'v [T]) -> Option<&'v T> {
    region.parent.and_then(|parent| values.get(usize::try_from(parent).ok()?))
}

/// What an element is called: by attribute, role and tag first, by class and id second.
fn name_of(document: &Document, region: &Region, rules: &Rules) -> Option<Mark> {
    let by_tag = |class, rule| Some(Mark { class, rule });
    if region.is_ad_slot {
        return by_tag(StemClass::Ad, "attribute.ad_slot");
    }
    if region.is_hidden {
        return by_tag(StemClass::Hidden, "attribute.hidden");
    }
    if let Some(mark) = label_mark(document, region, rules) {
        return Some(mark);
    }
    let by_name = stem_mark(region);
    // Its name says more than its tag, except for tags that are always furniture.
    if let Some(mark) = by_name {
        return Some(mark);
    }
    match (region.landmark, region.tag) {
        (Landmark::Navigation, _) => by_tag(StemClass::Nav, "landmark.navigation"),
        (Landmark::Footer, _) => by_tag(StemClass::Footer, "landmark.footer"),
        // A fact box is editorial, wherever it stands.
        (Landmark::Aside, _) if is_editorial(region) => None,
        (Landmark::Aside, _) => by_tag(StemClass::Widget, "landmark.aside"),
        (Landmark::Form, _) => by_tag(StemClass::Newsletter, "landmark.form"),
        (Landmark::Article, _) if is_inside_article(document, region) => {
            by_tag(StemClass::Related, NESTED_ARTICLE)
        }
        (_, "noscript") => by_tag(StemClass::Hidden, "tag.noscript"),
        _ => None,
    }
}

/// An `article` inside another `article` or `main`: a teaser, an entry of a live blog, a comment. The check against what it
/// holds tells them apart.
const NESTED_ARTICLE: RuleName = "tag.nested_article";

fn is_inside_article(document: &Document, region: &Region) -> bool {
    if region.tag != "article" {
        return false;
    }
    let mut parent = region.parent.and_then(|parent| document.regions.get(parent));
    while let Some(outer) = parent {
        if matches!(outer.landmark, Landmark::Article) {
            return true;
        }
        parent = outer.parent.and_then(|parent| document.regions.get(parent));
    }
    false
}

/// Longest accessible name that is read, bytes.
const MAX_LABEL_BYTES: usize = 40;

/// What a box is called for those who do not see it: "Anzeige", "Mehr zum Thema".
fn label_mark(document: &Document, region: &Region, rules: &Rules) -> Option<Mark> {
    let is_box = matches!(region.tag, "section" | "div" | "aside" | "article" | "ul" | "ol");
    let label = document.regions.aria_label(region)?;
    if !is_box || label.len() > MAX_LABEL_BYTES {
        return None;
    }
    let hits = rules.markers.matcher.read(label, &mut Skeleton::default()).hits;
    let hit = hits.iter().find(|hit| hit.mode == Mode::Line && !hit.is_doubtful)?;
    let class = match hit.class {
        Boilerplate::AdLabel => StemClass::Ad,
        Boilerplate::TeaserLabel => StemClass::Related,
        Boilerplate::Newsletter => StemClass::Newsletter,
        Boilerplate::ShareBar => StemClass::Share,
        Boilerplate::Comments => StemClass::Comments,
        _ => return None,
    };
    Some(Mark { class, rule: "attribute.aria_label" })
}

/// Whether class and id call an element the article's own: a fact box, a summary.
fn is_editorial(region: &Region) -> bool {
    let says = StemSet::from_bits(region.names_say);
    says.contains(StemClass::Infobox) || says.contains(StemClass::KeyPoints)
}

/// What its class and id say; editorial names say that it stays.
fn stem_mark(region: &Region) -> Option<Mark> {
    if region.names_say == 0 || matches!(region.tag, "html" | "body") {
        return None;
    }
    let says = StemSet::from_bits(region.names_say);
    let class = says.first().filter(|_| !is_editorial(region))?;
    Some(Mark { class, rule: rule_of(class)? })
}

/// The rule of a class; `None` for names that do not make an element furniture.
const fn rule_of(class: StemClass) -> Option<RuleName> {
    Some(match class {
        StemClass::Hidden => "stem.hidden",
        StemClass::Ad => "stem.ad",
        StemClass::Credit => "stem.credit",
        StemClass::Comments => "stem.comments",
        StemClass::Newsletter => "stem.newsletter",
        StemClass::Share => "stem.share",
        StemClass::Related => "stem.related",
        StemClass::Author => "stem.author",
        StemClass::Tags => "stem.tags",
        StemClass::Breadcrumb => "stem.breadcrumb",
        StemClass::Nav => "stem.nav",
        StemClass::Footer => "stem.footer",
        StemClass::Consent => "stem.consent",
        StemClass::Modal => "stem.modal",
        StemClass::Gallery => "stem.gallery",
        StemClass::Player => "stem.player",
        StemClass::Video => "stem.video",
        StemClass::Caption => "stem.caption",
        StemClass::Timestamp => "stem.timestamp",
        StemClass::Poll => "stem.poll",
        StemClass::EmbedNotice => "stem.embed_notice",
        StemClass::Donation => "stem.donation",
        StemClass::Login => "stem.login",
        StemClass::Widget => "stem.widget",
        StemClass::Print => "stem.print",
        StemClass::Kicker => "stem.kicker",
        StemClass::DropCap | StemClass::KeyPoints | StemClass::Infobox => return None,
    })
}

/// Classes of elements that stand beside the article, not in it: their text counts against a stretch.
const fn is_furniture(class: StemClass) -> bool {
    !matches!(
        class,
        StemClass::Timestamp
            | StemClass::Video
            | StemClass::Caption
            | StemClass::Print
            | StemClass::Kicker
    )
}

/// Verdicts on marked blocks, and on what is outside the container.
pub(super) fn verdicts(
    document: &Document,
    prose: &Prose,
    marks: &[Option<Mark>],
    container: &Container,
) -> Verdicts {
    document
        .blocks
        .iter()
        .enumerate()
        .map(|(block_idx, block)| {
            let region_idx = usize::try_from(block.region_idx).unwrap_or(usize::MAX);
            let mark = marks.get(region_idx).copied().flatten();
            let marked = mark.and_then(|mark| verdict(mark, prose.length(block_idx)));
            let outside = boilerplate(Boilerplate::OutsideArticle, "container.outside");
            marked.or_else(|| (!container.holds(block_idx)).then_some(outside))
        })
        .collect()
}

/// The verdict that a mark means for a block of so many characters; some marks are only believed of short blocks.
fn verdict(mark: Mark, length: usize) -> Option<Verdict> {
    let class = match mark.class {
        StemClass::Hidden => Boilerplate::Hidden,
        StemClass::Ad => Boilerplate::AdLabel,
        StemClass::Credit | StemClass::Caption => {
            return Some(Verdict { label: Label::Caption, rule: mark.rule });
        }
        StemClass::Comments => Boilerplate::Comments,
        StemClass::Newsletter => Boilerplate::Newsletter,
        StemClass::Share => Boilerplate::ShareBar,
        StemClass::Related => Boilerplate::TeaserLabel,
        StemClass::Author if length <= MAX_BYLINE_CHARS => {
            return Some(Verdict { label: Label::Byline, rule: mark.rule });
        }
        StemClass::Author => Boilerplate::AuthorBox,
        StemClass::Tags => Boilerplate::Tags,
        StemClass::Breadcrumb | StemClass::Nav => Boilerplate::Nav,
        StemClass::Footer => Boilerplate::Legal,
        StemClass::Consent | StemClass::Modal => Boilerplate::Consent,
        StemClass::Gallery | StemClass::Video => Boilerplate::MediaTeaser,
        StemClass::Player => Boilerplate::Player,
        StemClass::Timestamp | StemClass::Kicker if length > MAX_BYLINE_CHARS => return None,
        StemClass::Timestamp => Boilerplate::Timestamp,
        StemClass::Poll => Boilerplate::RatingPoll,
        StemClass::EmbedNotice => Boilerplate::EmbedPlaceholder,
        StemClass::Donation => Boilerplate::Donation,
        StemClass::Login => Boilerplate::Paywall,
        StemClass::Widget => Boilerplate::OutsideArticle,
        StemClass::Print => Boilerplate::Leftover,
        StemClass::Kicker => {
            return Some(Verdict { label: Label::Kicker, rule: mark.rule });
        }
        StemClass::DropCap | StemClass::KeyPoints | StemClass::Infobox => return None,
    };
    Some(boilerplate(class, mark.rule))
}
