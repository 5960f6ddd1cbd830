//! The JSON of the output topics: private, so that no other step can come to depend on it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use url::Url;

use super::{SCHEMA, VERSION};
use crate::model::{
    Article, ArticleBlock, ArticleBlockKind, Author, FuzzyDate, Image, Origin, RawPage, Record,
    Source,
};

/// A clean news article.
///
/// What is not known is null; lists may be empty. Later versions of `klartext/1` may add fields and values, and take none
/// away.
// Field order is the order on the wire.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Article")]
pub(super) struct ArticleMessage<'a> {
    /// Name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// Hash of the canonical URL, else of the URL, else of the text: the same page has the same id.
    id: &'a str,
    /// Address the page was fetched from, as the message says it. Not cleaned: tracking parameters stay.
    /// Example: `https://bote.example/lokales/umbau?utm_source=rss`. From the message alone.
    url: Option<&'a Url>,
    /// The one address of the article: absolute, without tracking parameters and fragment, AMP and mobile variants folded.
    /// Never another host's, another article's or a front page's address. Not a guess: `None` when the page names none.
    /// Example: `https://bote.example/lokales/umbau`. From `<link rel=canonical>`, `og:url`, JSON-LD, the
    /// HTTP header `Link`, text prefix.
    canonical_url: Option<&'a Url>,
    /// Headline of the article as readers see it. Not the name of the site or section, not the kicker, and not a title for
    /// search engines or social networks where the page shows another. Example: "Umbau des Bahnhofs beschlossen".
    /// From the visible headline, JSON-LD, OpenGraph, `<title>`, Twitter, microdata, text prefix, by vote.
    title: Option<&'a str>,
    /// Line above the headline (Dachzeile). Not the section, not part of `title`. Example: "Kommunalpolitik".
    /// From the visible line, the
    /// front of the visible headline where OpenGraph or JSON-LD tell it apart, `<meta name=kicker>`.
    kicker: Option<&'a str>,
    /// Line below the headline (Unterzeile), unless the body has it. Not the description for search engines.
    /// Example: "Im Mai soll es losgehen". From the visible line below the headline and elements that are named for it.
    subtitle: Option<&'a str>,
    /// First block that sums the article up; it is also the first of `blocks`. From the text.
    lead: Option<&'a str>,
    /// The body: the texts of `blocks`, joined by one blank line.
    text: &'a str,
    /// The body, block by block, in the order of the page.
    blocks: Vec<BlockMessage<'a>>,
    /// Persons who wrote it, in the order of the byline, each once. Not photographers, editors of pictures, agencies,
    /// newsrooms or the site. Example: `[{"name": "Rike Olbers"}]`. From JSON-LD, meta, microdata, the visible byline,
    /// elements that are named for the author, OpenGraph, text prefix.
    authors: Vec<AuthorMessage<'a>>,
    /// News agencies the article draws on, by their short names: those that the byline credits first and in its order, then
    /// those that a dateline or the text names as a source. Not newsrooms, not the site. Example: `["dpa", "AFP"]`.
    agencies: &'a [String],
    /// Place, and agency if any, that the report is filed from, as written; the text keeps it too. Not the place of the event.
    /// Example: "Berlin (dpa)". From the text.
    dateline: Option<&'a str>,
    /// When the article was first published, as precise as the page says. Not when it was changed or fetched, not the date of
    /// a teaser, a comment or the event it reports. Example: `2024-11-05T09:30+01:00`. From JSON-LD, meta, OpenGraph,
    /// microdata, `<time>`, elements that are named for the date, text prefix, visible date line, the page's address; an earlier
    /// day that has better evidence wins.
    published: Option<DateMessage<'a>>,
    /// When it was last changed, if the page says so and not before `published`. Not when the page around it was changed.
    /// Example: `2024-11-05T11:00:00+01:00`. From the same sources.
    modified: Option<DateMessage<'a>>,
    /// When the page was fetched, as the message says; klartext has no clock of its own. Example: `2024-11-06T00:00:00Z`.
    fetched_at: Option<Timestamp>,
    /// Language of the text, BCP 47, with the region where the page's claim agrees with the text. Not the language of the
    /// menus. Example: `de-AT`. From the text; where it is too short, `<html lang>`, JSON-LD, OpenGraph, meta, message.
    language: Option<&'a str>,
    /// The site.
    site: SiteMessage<'a>,
    /// Sections the article stands in, outermost first. Not "Home", not the site, not the article itself.
    /// Example: `["Politik", "Kommunales"]`. From the breadcrumb (JSON-LD or visible), JSON-LD,
    /// OpenGraph, meta, text prefix.
    section: &'a [String],
    /// Keywords, each once, in the page's order. Not the authors, the section path or internal codes of the publisher's
    /// system. Example: `["Bahnhof", "Altenfeld"]`. From meta, JSON-LD, OpenGraph, microdata, text prefix,
    /// visible tag lists and links with `rel=tag`.
    keywords: &'a [String],
    /// Images of the article with caption and credit. Not logos, portraits of authors, tracking pixels or teasers.
    /// From JSON-LD, OpenGraph, Twitter, figures of the page with their captions.
    images: Vec<ImageMessage<'a>>,
    /// Whether the article is free to read. Not whether klartext got all of it. `None` when the page does not say.
    /// From `isAccessibleForFree` of JSON-LD, of the article and of its parts, and from `article:content_tier`.
    free_access: Option<bool>,
    /// What kind of page it stands on. From JSON-LD and `og:type`.
    page_kind: &'static str,
    /// Sizes of `text`.
    counts: CountsMessage,
    /// How good the article is, and what was taken away.
    quality: QualityMessage<'a>,
    /// Who made this message of what.
    provenance: ProvenanceMessage<'a>,
    /// Hash of `text`: the same text has the same hash, wherever it stands.
    content_hash: &'a str,
    /// Fields of the input envelope that klartext does not know (`input.json.pass_through`).
    #[serde(skip_serializing_if = "Option::is_none")]
    source_fields: Option<&'a Map<String, Value>>,
}

/// One block of the body.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Block")]
struct BlockMessage<'a> {
    /// `lead`, `heading`, `paragraph`, `list_item`, `quote`, `key_point`, `table_row` (cells joined by a tab),
    /// `preformatted`, `verse`, `editor_note`.
    kind: &'static str,
    /// Its text.
    text: &'a str,
    /// Level of a heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 6))]
    level: Option<u8>,
    /// Label of the box it belongs to ("Das Wichtigste in Kürze").
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
}

/// A person.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Author")]
struct AuthorMessage<'a> {
    /// Name as the page writes it, without "Von", title (Dr.), role, e-mail address, place and date. Initials stay initials.
    /// Example: "Rike Olbers".
    name: &'a str,
    /// Page of the person, absolute, if the claim names one. Example: `https://bote.example/autoren/rike-olbers`.
    url: Option<&'a Url>,
}

/// A point in time that keeps the precision it was given with: `2024-11` stays a month.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Date")]
struct DateMessage<'a> {
    /// ISO 8601 text of exactly that precision; with an offset only if the source had one: a time without offset is the
    /// site's local time. Examples: `2024-11`, `2024-11-05T09:30`, `2024-11-05T09:30:00+01:00`.
    value: &'a str,
    /// How much is known.
    #[schemars(extend("enum" = ["year", "month", "day", "minute", "second"]))]
    precision: &'static str,
    /// Where it was read; the values are those of `provenance.fields`.
    source: &'static str,
}

/// The site an article stands on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Site")]
struct SiteMessage<'a> {
    /// Its name as it calls itself. Not a slogan. Example: "Altenfelder Bote". From `og:site_name`, JSON-LD, meta.
    name: Option<&'a str>,
    /// Host of the page's address, lower case, international names in their ASCII form. Example: `www.bote.example`.
    host: Option<&'a str>,
}

/// An image of the article.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Image")]
struct ImageMessage<'a> {
    /// Its absolute address; `None` when only the caption is known (text dumps).
    /// Example: `https://bote.example/img/bahnhof.jpg`.
    url: Option<&'a Url>,
    /// Caption without the credit. Example: "Der alte Bahnhof im Herbst".
    caption: Option<&'a str>,
    /// Who made it or owns it, without "Foto:". Example: "Ida Lux/dpa".
    credit: Option<&'a str>,
}

/// Sizes of `text`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
struct CountsMessage {
    /// Unicode scalar values.
    chars: usize,
    /// Unicode words.
    words: usize,
    /// Blocks that are not headings.
    paragraphs: usize,
}

/// How good the article is, and what was taken away.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Quality")]
struct QualityMessage<'a> {
    /// From 0 (doubtful) to 1 (sure).
    #[serde(serialize_with = "two_decimals")]
    #[schemars(range(min = 0, max = 1))]
    score: f32,
    /// What a reader of the message should know, sorted: `paywalled` (the text may be cut), `charset_errors` (some characters
    /// are lost), `several_articles` (the page holds others beside this one), and where sources contradict each other: `title_conflict`, `authors_conflict`, `published_conflict`,
    /// `language_conflict`, `canonical_conflict`, `json_ld_of_another_page`.
    flags: &'a [&'static str],
    /// Removed blocks: class → number.
    removed: BTreeMap<&'static str, u32>,
}

/// Who made a message of what.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Provenance")]
struct ProvenanceMessage<'a> {
    /// Version of klartext.
    version: &'static str,
    /// Hash of the rules.
    rules: &'a str,
    /// Hash of the configuration.
    config: &'a str,
    /// The input record; null where there was none.
    source: Option<SourceMessage<'a>>,
    /// Field → where it was read: `json-ld`, `open-graph`, `meta`, `visible`, …
    fields: BTreeMap<&'static str, &'static str>,
}

/// A record's place in Kafka.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Position")]
pub(super) struct SourceMessage<'a> {
    /// Topic.
    topic: &'a str,
    /// Partition.
    partition: i32,
    /// Offset.
    offset: i64,
}

/// A page that was not published, by decision.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RejectedPage")]
pub(super) struct RejectionMessage<'a> {
    /// Name and version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: &'static str,
    /// `rejected`.
    pub(super) outcome: &'static str,
    /// Why: `empty`, `error_page`, `captcha`, `consent_wall`, `paywall_stub`, `not_an_article`.
    pub(super) reason: &'static str,
    /// Address the page was fetched from.
    pub(super) url: Option<&'a Url>,
    /// When it was fetched.
    pub(super) fetched_at: Option<Timestamp>,
    /// The input record; null where there was none.
    pub(super) source: Option<SourceMessage<'a>>,
}

impl<'a> ArticleMessage<'a> {
    pub(super) fn new(
        article: &'a Article,
        text: &'a str,
        id: &'a str,
        content_hash: &'a str,
    ) -> Self {
        let Article { counts, quality, provenance, .. } = article;
        Self {
            schema: SCHEMA,
            id,
            url: article.url.as_ref(),
            canonical_url: article.canonical_url.as_ref(),
            title: article.title.as_deref(),
            kicker: article.kicker.as_deref(),
            subtitle: article.subtitle.as_deref(),
            lead: article.lead.as_deref(),
            text,
            blocks: article.blocks.iter().map(BlockMessage::from).collect(),
            authors: article.authors.iter().map(AuthorMessage::from).collect(),
            agencies: &article.agencies,
            dateline: article.dateline.as_deref(),
            published: article.published.as_ref().map(DateMessage::from),
            modified: article.modified.as_ref().map(DateMessage::from),
            fetched_at: article.fetched_at,
            language: article.language.as_deref(),
            site: SiteMessage {
                name: article.site.name.as_deref(),
                host: article.site.host.as_deref(),
            },
            section: &article.section,
            keywords: &article.keywords,
            images: article.images.iter().map(ImageMessage::from).collect(),
            free_access: article.free_access,
            page_kind: article.page_kind.as_str(),
            counts: CountsMessage {
                chars: counts.chars,
                words: counts.words,
                paragraphs: counts.paragraphs,
            },
            quality: QualityMessage {
                score: quality.score,
                flags: &quality.flags,
                removed: quality.removed.iter().map(|(class, n)| (class.as_str(), *n)).collect(),
            },
            provenance: ProvenanceMessage {
                version: VERSION,
                rules: "",
                config: "",
                source: None,
                fields: provenance
                    .fields
                    .iter()
                    .map(|(name, source)| (*name, Source::as_str(*source)))
                    .collect(),
            },
            content_hash,
            source_fields: None,
        }
    }

    pub(super) fn with_record(mut self, record: &'a Record, page: &'a RawPage<'_>) -> Self {
        self.provenance.source = record.origin.as_ref().map(SourceMessage::from);
        self.source_fields = (!page.source_fields.is_empty()).then_some(&page.source_fields);
        self
    }

    pub(super) fn with_rules(mut self, rules: &'a str, config: &'a str) -> Self {
        self.provenance.rules = rules;
        self.provenance.config = config;
        self
    }
}

impl<'a> From<&'a ArticleBlock> for BlockMessage<'a> {
    fn from(block: &'a ArticleBlock) -> Self {
        let level = match block.kind {
            ArticleBlockKind::Heading(level) => Some(level),
            _ => None,
        };
        Self { kind: block.kind.as_str(), text: &block.text, level, group: block.group.as_deref() }
    }
}

impl<'a> From<&'a Author> for AuthorMessage<'a> {
    fn from(author: &'a Author) -> Self {
        Self { name: &author.name, url: author.url.as_ref() }
    }
}

impl<'a> From<&'a FuzzyDate> for DateMessage<'a> {
    fn from(date: &'a FuzzyDate) -> Self {
        Self {
            value: &date.value,
            precision: date.precision.as_str(),
            source: date.source.as_str(),
        }
    }
}

impl<'a> From<&'a Image> for ImageMessage<'a> {
    fn from(image: &'a Image) -> Self {
        Self {
            url: image.url.as_ref(),
            caption: image.caption.as_deref(),
            credit: image.credit.as_deref(),
        }
    }
}

impl<'a> From<&'a Origin> for SourceMessage<'a> {
    fn from(origin: &'a Origin) -> Self {
        Self { topic: &origin.topic, partition: origin.partition, offset: origin.offset }
    }
}

/// A score is a judgement, not a measurement: more digits would only make messages differ.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn two_decimals<S: Serializer>(score: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*score) * 100.0).round() / 100.0)
}
