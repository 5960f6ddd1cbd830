//! The messages on the wire: field by field, byte by byte.

use std::collections::BTreeMap;

use expect_test::expect;
use klartext::config::Config;
use klartext::encode::{EncodeError, Published, encode_article, encode_rejection};
use klartext::model::{
    Article, ArticleBlock, ArticleBlockKind, Author, Boilerplate, Charset, CharsetSource, Counts,
    FuzzyDate, Image, Origin, PageBody, PageKind, Precision, Provenance, Quality, RawPage, Record,
    Rejection, Site, Source,
};
use klartext::rules::Rules;
use serde_json::Value;

fn rules_with(change: impl FnOnce(&mut Rules)) -> Rules {
    let mut rules = Rules::compile(&Config::default()).unwrap();
    "0123456789ab".clone_into(&mut rules.hash);
    "ba9876543210".clone_into(&mut rules.config_hash);
    change(&mut rules);
    rules
}

fn record() -> Record {
    let origin = Origin { topic: "pages.raw".to_owned(), partition: 3, offset: 42 };
    Record { key: Some(b"page-1".to_vec()), origin: Some(origin), ..Record::default() }
}

fn page() -> RawPage<'static> {
    RawPage {
        url: Some("https://www.kuestenbote.example/a?utm_source=feed".parse().unwrap()),
        fetched_at: Some("2026-05-12T07:00:00Z".parse().unwrap()),
        body: PageBody::Text("".into()),
        charset: Charset { name: "UTF-8", source: CharsetSource::ValidUtf8, had_errors: false },
        content_language: None,
        canonical_link: None,
        source_fields: serde_json::Map::new(),
    }
}

fn article() -> Article {
    let block = |kind, text: &str, group: Option<&str>| ArticleBlock {
        kind,
        text: text.to_owned(),
        group: group.map(str::to_owned),
    };
    Article {
        url: page().url,
        canonical_url: Some("https://www.kuestenbote.example/a".parse().unwrap()),
        title: Some("Neue Brücke".to_owned()),
        kicker: None,
        subtitle: None,
        lead: Some("Sie öffnet.".to_owned()),
        blocks: vec![
            block(ArticleBlockKind::Lead, "Sie öffnet.", None),
            block(ArticleBlockKind::KeyPoint, "Im Juni.", Some("In Kürze")),
            block(ArticleBlockKind::Heading(2), "Radweg", None),
            block(ArticleBlockKind::Paragraph, "Er fehlt.", None),
        ],
        authors: vec![Author { name: "Merle Petersen".to_owned(), url: None }],
        agencies: vec!["dpa".to_owned()],
        credited: Vec::new(),
        dateline: None,
        published: Some(FuzzyDate {
            value: "2026-05".to_owned(),
            precision: Precision::Month,
            source: Source::TextPrefix,
        }),
        modified: None,
        fetched_at: page().fetched_at,
        language: Some("de".to_owned()),
        site: Site { name: None, host: Some("www.kuestenbote.example".to_owned()) },
        section: vec!["Lokales".to_owned()],
        keywords: vec![],
        images: vec![Image {
            url: None,
            caption: Some("Die Brücke".to_owned()),
            credit: Some("Foto: Jonte Claasen".to_owned()),
        }],
        free_access: Some(true),
        page_kind: PageKind::Article,
        counts: Counts { chars: 38, words: 6, paragraphs: 3 },
        quality: Quality {
            score: 0.876_543,
            flags: vec!["charset_errors"],
            removed: BTreeMap::from([(Boilerplate::AdLabel, 2)]),
        },
        provenance: Provenance { fields: BTreeMap::from([("published", Source::TextPrefix)]) },
    }
}

fn encode(rules: &Rules) -> Published {
    encode_article(&record(), &page(), &article(), rules).expect("it is small enough")
}

fn pretty(json: &[u8]) -> String {
    let value: Value = serde_json::from_slice(json).expect("JSON");
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a message is shown whole")]
fn an_article_is_one_json_object_in_which_nothing_unknown_is_invented() {
    expect![[r#"
        {
          "schema": "klartext/1",
          "id": "a3a266b6bb0c965f02f1cd744a417053",
          "url": "https://www.kuestenbote.example/a?utm_source=feed",
          "canonical_url": "https://www.kuestenbote.example/a",
          "title": "Neue Brücke",
          "kicker": null,
          "subtitle": null,
          "lead": "Sie öffnet.",
          "text": "Sie öffnet.\n\nIm Juni.\n\nRadweg\n\nEr fehlt.",
          "blocks": [
            {
              "kind": "lead",
              "text": "Sie öffnet."
            },
            {
              "kind": "key_point",
              "text": "Im Juni.",
              "group": "In Kürze"
            },
            {
              "kind": "heading",
              "text": "Radweg",
              "level": 2
            },
            {
              "kind": "paragraph",
              "text": "Er fehlt."
            }
          ],
          "authors": [
            {
              "name": "Merle Petersen",
              "url": null
            }
          ],
          "agencies": [
            "dpa"
          ],
          "dateline": null,
          "published": {
            "value": "2026-05",
            "precision": "month",
            "source": "text-prefix"
          },
          "modified": null,
          "fetched_at": "2026-05-12T07:00:00Z",
          "language": "de",
          "site": {
            "name": null,
            "host": "www.kuestenbote.example"
          },
          "section": [
            "Lokales"
          ],
          "keywords": [],
          "images": [
            {
              "url": null,
              "caption": "Die Brücke",
              "credit": "Foto: Jonte Claasen"
            }
          ],
          "free_access": true,
          "page_kind": "article",
          "counts": {
            "chars": 38,
            "words": 6,
            "paragraphs": 3
          },
          "quality": {
            "score": 0.88,
            "flags": [
              "charset_errors"
            ],
            "removed": {
              "ad_label": 2
            }
          },
          "provenance": {
            "version": "0.1.0",
            "rules": "0123456789ab",
            "config": "ba9876543210",
            "source": {
              "topic": "pages.raw",
              "partition": 3,
              "offset": 42
            },
            "fields": {
              "published": "text-prefix"
            }
          },
          "content_hash": "adfef5a8a40e0193dfaadef90c978b95"
        }"#]]
    .assert_eq(&pretty(&encode(&rules_with(|_| {})).value));
}

#[test]
fn a_rejection_is_a_short_record_of_reason_address_and_position() {
    let rejected = encode_rejection(&record(), &page(), Rejection::ConsentWall);
    expect![[r#"
        {
          "schema": "klartext/1",
          "outcome": "rejected",
          "reason": "consent_wall",
          "url": "https://www.kuestenbote.example/a?utm_source=feed",
          "fetched_at": "2026-05-12T07:00:00Z",
          "source": {
            "topic": "pages.raw",
            "partition": 3,
            "offset": 42
          }
        }"#]]
    .assert_eq(&pretty(&rejected.value));
    assert_eq!(rejected.host.as_deref(), Some("www.kuestenbote.example"));
}

#[test]
fn the_key_is_what_the_configuration_says() {
    use klartext::config::OutputKey;
    let key = |which| encode(&rules_with(|rules| rules.output_key = which)).key.unwrap();
    let id = encode(&rules_with(|_| {})).document_id;
    assert_eq!(key(OutputKey::Keep), b"page-1");
    assert_eq!(key(OutputKey::Url), b"https://www.kuestenbote.example/a");
    assert_eq!(key(OutputKey::Id), id.as_bytes());
    assert_eq!(id.len(), 32);
}

#[test]
fn the_id_is_that_of_the_canonical_address_else_of_the_address_else_of_the_text() {
    let id = |change: fn(&mut Article)| {
        let mut article = article();
        change(&mut article);
        encode_article(&record(), &page(), &article, &rules_with(|_| {})).unwrap().document_id
    };
    let of_canonical = id(|_| {});
    let of_url = id(|article| article.canonical_url = None);
    let of_text = id(|article| (article.canonical_url, article.url) = (None, None));
    assert_eq!(of_canonical, id(|article| article.url = None));
    assert_ne!(of_canonical, of_url);
    assert_ne!(of_url, of_text);
    let of_other_text = id(|article| {
        (article.canonical_url, article.url) = (None, None);
        article.blocks[0].text.push('!');
    });
    assert_ne!(of_text, of_other_text);
}

#[test]
fn an_article_over_the_limit_is_refused_with_both_sizes() {
    let whole = encode(&rules_with(|_| {})).value.len();
    let fits = rules_with(|rules| rules.output_max_bytes = whole);
    assert!(encode_article(&record(), &page(), &article(), &fits).is_ok());
    let tight = rules_with(|rules| rules.output_max_bytes = whole - 1);
    let error = encode_article(&record(), &page(), &article(), &tight).expect_err("too large");
    assert!(
        matches!(error, EncodeError::TooLarge { bytes, limit } if bytes == whole && limit == whole - 1)
    );
    assert_eq!(error.error_type(), "output_too_large");
}

#[test]
fn fields_klartext_does_not_know_pass_through_when_asked_for() {
    let mut page = page();
    page.source_fields.insert("crawl".to_owned(), Value::from("c-7"));
    let published = encode_article(&record(), &page, &article(), &rules_with(|_| {})).unwrap();
    let message: Value = serde_json::from_slice(&published.value).unwrap();
    assert_eq!(message["source_fields"]["crawl"], "c-7");
}
