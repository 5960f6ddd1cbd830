//! The clean article: what the output message says, before it is written down.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use super::{BlockKind, Boilerplate, Claimed, Source};

/// A clean article. A field that is not known is `None` or empty: nothing is ever invented.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Address the page was fetched from.
    pub url: Option<Url>,
    /// Address the site calls the right one.
    pub canonical_url: Option<Url>,
    /// Headline.
    pub title: Option<String>,
    /// Line above the headline.
    pub kicker: Option<String>,
    /// Line below the headline.
    pub subtitle: Option<String>,
    /// First block that sums the article up; it is also the first of `blocks`.
    pub lead: Option<String>,
    /// The body, in order. Never empty.
    pub blocks: Vec<ArticleBlock>,
    /// Persons who wrote it.
    pub authors: Vec<Author>,
    /// News agencies it draws on.
    pub agencies: Vec<String>,
    /// Place (and agency) the report is filed from.
    pub dateline: Option<String>,
    /// When it was published.
    pub published: Option<FuzzyDate>,
    /// When it was last changed.
    pub modified: Option<FuzzyDate>,
    /// When it was fetched.
    pub fetched_at: Option<Timestamp>,
    /// Language, BCP 47.
    pub language: Option<String>,
    /// The site.
    pub site: Site,
    /// Sections, outermost first.
    pub section: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Images with caption and credit.
    pub images: Vec<Image>,
    /// Whether it is free to read.
    pub free_access: Option<bool>,
    /// What kind of page it stands on.
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
    /// Name without title, role or "Von".
    pub name: String,
    /// Profile page.
    pub url: Option<Url>,
}

/// A point in time that keeps the precision it was given with: `2024-11` stays a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FuzzyDate {
    /// ISO 8601 text of exactly that precision; with an offset only if the source had one.
    pub value: String,
    /// How much of it is known.
    pub precision: Precision,
    /// Who said so.
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
    /// Its name as it calls itself.
    pub name: Option<String>,
    /// Host of the page's address.
    pub host: Option<String>,
}

/// An image of the article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// Its address; `None` when only the caption is known (text dumps).
    pub url: Option<Url>,
    /// Caption without credit.
    pub caption: Option<String>,
    /// Credit.
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
    /// `paywalled`, `charset_errors`, … sorted.
    pub flags: Vec<&'static str>,
    /// Removed blocks by class.
    pub removed: BTreeMap<Boilerplate, u32>,
    /// Every removal with its reason, in page order; shown by `clean`, `demo` and `explain`, not published.
    pub removals: Vec<Removal>,
}

/// One removed block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Its text.
    pub text: String,
    /// Its class.
    pub class: Boilerplate,
    /// The rule that said so.
    pub rule: &'static str,
    /// Line of the source (dumps).
    pub source_line: Option<u32>,
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
