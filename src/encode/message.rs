//! The JSON of the output topics: private, so that no other step can come to depend on it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use url::Url;

use super::{SCHEMA, VERSION};
use crate::model::{
    Article, ArticleBlock, ArticleBlockKind, Author, FuzzyDate, Image, Origin, RawPage, Record,
    Source,
};

/// The output message. Field order is the order on the wire.
#[derive(Serialize)]
pub(super) struct ArticleMessage<'a> {
    schema: &'static str,
    id: &'a str,
    url: Option<&'a Url>,
    canonical_url: Option<&'a Url>,
    title: Option<&'a str>,
    kicker: Option<&'a str>,
    subtitle: Option<&'a str>,
    lead: Option<&'a str>,
    text: &'a str,
    blocks: Vec<BlockMessage<'a>>,
    authors: Vec<AuthorMessage<'a>>,
    agencies: &'a [String],
    dateline: Option<&'a str>,
    published: Option<DateMessage<'a>>,
    modified: Option<DateMessage<'a>>,
    fetched_at: Option<Timestamp>,
    language: Option<&'a str>,
    site: SiteMessage<'a>,
    section: &'a [String],
    keywords: &'a [String],
    images: Vec<ImageMessage<'a>>,
    free_access: Option<bool>,
    page_kind: &'static str,
    counts: CountsMessage,
    quality: QualityMessage<'a>,
    provenance: ProvenanceMessage<'a>,
    content_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_fields: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
struct BlockMessage<'a> {
    kind: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
}

#[derive(Serialize)]
struct AuthorMessage<'a> {
    name: &'a str,
    url: Option<&'a Url>,
}

#[derive(Serialize)]
struct DateMessage<'a> {
    value: &'a str,
    precision: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct SiteMessage<'a> {
    name: Option<&'a str>,
    host: Option<&'a str>,
}

#[derive(Serialize)]
struct ImageMessage<'a> {
    url: Option<&'a Url>,
    caption: Option<&'a str>,
    credit: Option<&'a str>,
}

#[derive(Serialize)]
struct CountsMessage {
    chars: usize,
    words: usize,
    paragraphs: usize,
}

#[derive(Serialize)]
struct QualityMessage<'a> {
    #[serde(serialize_with = "two_decimals")]
    score: f32,
    flags: &'a [&'static str],
    removed: BTreeMap<&'static str, u32>,
}

#[derive(Serialize)]
struct ProvenanceMessage<'a> {
    version: &'static str,
    rules: &'a str,
    config: &'a str,
    source: Option<SourceMessage<'a>>,
    fields: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
pub(super) struct SourceMessage<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
}

#[derive(Serialize)]
pub(super) struct RejectionMessage<'a> {
    pub(super) schema: &'static str,
    pub(super) outcome: &'static str,
    pub(super) reason: &'static str,
    pub(super) url: Option<&'a Url>,
    pub(super) fetched_at: Option<Timestamp>,
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
