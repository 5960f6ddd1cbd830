//! The clean article: what the output message says, before it is written down.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use super::{BlockKind, Boilerplate, Claimed, Source};

/// A clean article. A field that is not known is `None` or empty: nothing is ever invented.
///
/// `provenance.fields` names the source that each metadata field was taken from; which source is believed first is written
/// on top of the field's file in `assemble`.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Address the page was fetched from, as the message says it. Not cleaned: tracking parameters stay.
    /// Example: `https://bote.example/lokales/umbau?utm_source=rss`. From the message alone.
    pub url: Option<Url>,
    /// The one address of the article: absolute, without tracking parameters and fragment, AMP and mobile variants folded.
    /// Never another host's, another article's or a front page's address. Not a guess: `None` when the page names none.
    /// Example: `https://bote.example/lokales/umbau`. From `<link rel=canonical>`, `og:url`, JSON-LD, the
    /// HTTP header `Link`, text prefix.
    pub canonical_url: Option<Url>,
    /// Headline of the article as readers see it. Not the name of the site or section, not the kicker, and not a title for
    /// search engines or social networks where the page shows another. Example: "Umbau des Bahnhofs beschlossen".
    /// From the visible headline, JSON-LD, OpenGraph, `<title>`, Twitter, microdata, text prefix, by vote.
    pub title: Option<String>,
    /// Line above the headline (Dachzeile). Not the section, not part of `title`. Example: "Kommunalpolitik".
    /// From the visible line, the
    /// front of the visible headline where OpenGraph or JSON-LD tell it apart, `<meta name=kicker>`.
    pub kicker: Option<String>,
    /// Line below the headline (Unterzeile), unless the body has it. Not the description for search engines.
    /// Example: "Im Mai soll es losgehen". From the visible line below the headline and elements that are named for it.
    pub subtitle: Option<String>,
    /// First block that sums the article up; it is also the first of `blocks`. From the text.
    pub lead: Option<String>,
    /// The body, in order. Never empty. No headline, captions, bylines or date lines: they are fields of their own.
    pub blocks: Vec<ArticleBlock>,
    /// Persons who wrote it, in the order of the byline, each once. Not photographers, editors of pictures, agencies,
    /// newsrooms or the site. Example: `[{"name": "Rike Olbers"}]`. From JSON-LD, meta, microdata, the visible byline,
    /// elements that are named for the author, OpenGraph, text prefix.
    pub authors: Vec<Author>,
    /// News agencies the article draws on, by their short names: those that the byline credits first and in its order, then
    /// those that a dateline or the text names as a source. Not newsrooms, not the site. Example: `["dpa", "AFP"]`.
    pub agencies: Vec<String>,
    /// Everybody whom the byline or the claim of authorship credits, in its order and as it names them: the persons of
    /// `authors`, agencies, newsrooms ("Redaktion"), the site itself. Not agencies that only the text names. Not published;
    /// `klartext eval` compares it with gold that counts organisations as authors.
    /// Example: `["Rike Olbers", "dpa"]`.
    pub credited: Vec<String>,
    /// Place, and agency if any, that the report is filed from, as written; the text keeps it too. Not the place of the event.
    /// Example: "Berlin (dpa)". From the text.
    pub dateline: Option<String>,
    /// When the article was first published, as precise as the page says. Not when it was changed or fetched, not the date of
    /// a teaser, a comment or the event it reports. Example: `2024-11-05T09:30+01:00`. From JSON-LD, meta, OpenGraph,
    /// microdata, `<time>`, elements that are named for the date, text prefix, visible date line, the page's address; an earlier
    /// day that has better evidence wins.
    pub published: Option<FuzzyDate>,
    /// When it was last changed, if the page says so and not before `published`. Not when the page around it was changed.
    /// Example: `2024-11-05T11:00:00+01:00`. From the same sources.
    pub modified: Option<FuzzyDate>,
    /// When the page was fetched, as the message says; klartext has no clock of its own. Example: `2024-11-06T00:00:00Z`.
    pub fetched_at: Option<Timestamp>,
    /// Language of the text, BCP 47, with the region where the page's claim agrees with the text. Not the language of the
    /// menus. Example: `de-AT`. From the text; where it is too short, `<html lang>`, JSON-LD, OpenGraph, meta, message.
    pub language: Option<String>,
    /// The site the article stands on.
    pub site: Site,
    /// Sections the article stands in, outermost first. Not "Home", not the site, not the article itself.
    /// Example: `["Politik", "Kommunales"]`. From the breadcrumb (JSON-LD or visible), JSON-LD,
    /// OpenGraph, meta, text prefix.
    pub section: Vec<String>,
    /// Keywords, each once, in the page's order. Not the authors, the section path or internal codes of the publisher's
    /// system. Example: `["Bahnhof", "Altenfeld"]`. From meta, JSON-LD, OpenGraph, microdata, text prefix,
    /// visible tag lists and links with `rel=tag`.
    pub keywords: Vec<String>,
    /// Images of the article with caption and credit. Not logos, portraits of authors, tracking pixels or teasers.
    /// From JSON-LD, OpenGraph, Twitter, figures of the page with their captions.
    pub images: Vec<Image>,
    /// Whether the article is free to read. Not whether klartext got all of it. `None` when the page does not say.
    /// From `isAccessibleForFree` of JSON-LD, of the article and of its parts, and from `article:content_tier`.
    pub free_access: Option<bool>,
    /// What kind of page it stands on. From JSON-LD and `og:type`.
    pub page_kind: PageKind,
    /// Sizes of the text.
    pub counts: Counts,
    /// How sure klartext is, and what it removed.
    pub quality: Quality,
    /// Which source each field was taken from.
    pub provenance: Provenance,
}

/// One block of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleBlock {
    /// What it is.
    pub kind: ArticleBlockKind,
    /// Its text.
    pub text: String,
    /// Label of the box it belongs to ("Das Wichtigste in Kürze").
    pub group: Option<String>,
}

/// Kinds of body blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArticleBlockKind {
    /// First paragraph that sums up.
    Lead,
    /// Sub-heading with its level (2–6).
    Heading(u8),
    /// Paragraph.
    Paragraph,
    /// List item.
    ListItem,
    /// Block quote.
    Quote,
    /// Point of a summary box.
    KeyPoint,
    /// Table row, cells joined by a tab.
    TableRow,
    /// Text whose line ends count.
    Preformatted,
    /// Poem or lyrics: line ends count.
    Verse,
    /// Correction or editors' note.
    EditorNote,
}

impl ArticleBlockKind {
    /// Stable name in the output message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Heading(_) => "heading",
            Self::Paragraph => "paragraph",
            Self::ListItem => "list_item",
            Self::Quote => "quote",
            Self::KeyPoint => "key_point",
            Self::TableRow => "table_row",
            Self::Preformatted => "preformatted",
            Self::Verse => "verse",
            Self::EditorNote => "editor_note",
        }
    }
}

impl From<BlockKind> for ArticleBlockKind {
    fn from(kind: BlockKind) -> Self {
        match kind {
            BlockKind::Heading(level) => Self::Heading(level.clamp(2, 6)),
            BlockKind::Paragraph | BlockKind::Caption => Self::Paragraph,
            BlockKind::ListItem => Self::ListItem,
            BlockKind::Quote => Self::Quote,
            BlockKind::TableRow => Self::TableRow,
            BlockKind::Preformatted => Self::Preformatted,
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Name as the page writes it, without "Von", title (Dr.), role, e-mail address, place and date. Initials stay initials.
    /// Example: "Rike Olbers".
    pub name: String,
    /// Page of the person, absolute, if the claim names one. Example: `https://bote.example/autoren/rike-olbers`.
    pub url: Option<Url>,
}

/// A point in time that keeps the precision it was given with: `2024-11` stays a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FuzzyDate {
    /// ISO 8601 text of exactly that precision; with an offset only if the source had one: a time without offset is the
    /// site's local time. Examples: `2024-11`, `2024-11-05T09:30`, `2024-11-05T09:30:00+01:00`.
    pub value: String,
    /// How much of it is known.
    pub precision: Precision,
    /// Who said so. Example: `json-ld`.
    pub source: Source,
}

/// Precision of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-11`
    Month,
    /// `2024-11-01`
    Day,
    /// `2024-11-01T17:05`
    Minute,
    /// `2024-11-01T17:05:09`
    Second,
}

impl Precision {
    /// Stable name in the output message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}

/// The site an article stands on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// Its name as it calls itself. Not a slogan. Example: "Altenfelder Bote". From `og:site_name`, JSON-LD, meta.
    pub name: Option<String>,
    /// Host of the page's address, lower case, international names in their ASCII form. Example: `www.bote.example`.
    pub host: Option<String>,
}

/// An image of the article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// Its absolute address; `None` when only the caption is known (text dumps).
    /// Example: `https://bote.example/img/bahnhof.jpg`.
    pub url: Option<Url>,
    /// Caption without the credit. Example: "Der alte Bahnhof im Herbst".
    pub caption: Option<String>,
    /// Who made it or owns it, without "Foto:". Example: "Ida Lux/dpa".
    pub credit: Option<String>,
}

/// What kind of page an article stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum PageKind {
    /// One article.
    #[default]
    Article,
    /// A live blog.
    Liveblog,
    /// A gallery.
    Gallery,
}

impl PageKind {
    /// Stable name in the output message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Liveblog => "liveblog",
            Self::Gallery => "gallery",
        }
    }
}

/// Sizes of an article's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Unicode scalar values in `text`.
    pub chars: usize,
    /// Unicode words in `text`.
    pub words: usize,
    /// Blocks that are not headings.
    pub paragraphs: usize,
}

/// How good the article is, and what was taken away.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quality {
    /// From 0.0 (doubtful) to 1.0 (sure).
    pub score: f32,
    /// What a reader of the message should know, sorted: `paywalled` (the text may be cut), `charset_errors` (some characters
    /// are lost), `several_articles` (the page holds others beside this one), and where sources contradict each other: `title_conflict`, `authors_conflict`, `published_conflict`,
    /// `language_conflict`, `canonical_conflict`, `json_ld_of_another_page`.
    pub flags: Vec<&'static str>,
    /// Removed blocks by class.
    pub removed: BTreeMap<Boilerplate, u32>,
}

/// Which source a field was taken from: field name → source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Field name → source.
    pub fields: BTreeMap<&'static str, Source>,
}

impl Provenance {
    /// Notes the source of a field and hands out the bare value.
    pub fn take<T>(&mut self, field: &'static str, claimed: Option<Claimed<T>>) -> Option<T> {
        let Claimed { value, source } = claimed?;
        self.fields.insert(field, source);
        Some(value)
    }
}
