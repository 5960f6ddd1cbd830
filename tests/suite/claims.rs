//! What a page says of itself, and whom klartext believes.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{Article, Header, Precision, Record, Source};
use klartext::pipeline::read;
use klartext::rules::Rules;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

const TEXT: &str = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen, \
    wenn das Land seinen Anteil rechtzeitig bewilligt und die Handwerker Zeit haben.";

/// The article of a page with that head and that line under its headline.
fn article(head: &str, below: &str) -> Article {
    article_in("de-AT", head, below)
}

/// The same of a page that says that it is in that language.
fn article_in(language: &str, head: &str, below: &str) -> Article {
    let html = format!(
        "<!doctype html><html lang={language}><head>{head}</head><body><article><h1>Umbau beschlossen</h1>{below}<p>{TEXT}</p></article>"
    );
    let url = Some(b"https://www.bote.example/politik/2024/11/05/umbau?ref=x".to_vec());
    let headers = vec![Header { name: "url".to_owned(), value: url }];
    let record = Record { value: Some(html.into()), headers, ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result.unwrap()
}

fn names(article: &Article) -> Vec<&str> {
    article.authors.iter().map(|author| author.name.as_str()).collect()
}

const JSON_LD: &str = r#"<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
    {"@type": "WebSite", "name": "Bote"},
    {"@type": "NewsArticle", "headline": "Umbau beschlossen", "datePublished": "2024-11-05T09:30:00+01:00",
     "dateModified": "2024-11-05T11:00:00+01:00", "author": [{"@id": "_:rike"}, "Von Henning Maas und Ida Lux, Berlin"],
     "publisher": {"@type": "Organization", "name": "Altenfelder Bote"}, "isAccessibleForFree": "False",
     "keywords": ["Bahnhof", "Altenfeld", "bahnhof"], "articleSection": "Lokales",},
    {"@type": "Person", "@id": "_:rike", "name": "Dr. Rike Olbers"}]}</script>"#;

#[test]
fn json_ld_is_read_through_graphs_references_and_stray_commas() {
    let article = article(JSON_LD, "");
    assert_eq!(article.title.as_deref(), Some("Umbau beschlossen"));
    assert_eq!(names(&article), ["Rike Olbers", "Henning Maas", "Ida Lux"]);
    let published = article.published.unwrap();
    assert_eq!(published.value, "2024-11-05T09:30:00+01:00");
    assert_eq!((published.precision, published.source), (Precision::Second, Source::JsonLd));
    assert_eq!(article.modified.unwrap().value, "2024-11-05T11:00:00+01:00");
    assert_eq!(article.site.name.as_deref(), Some("Altenfelder Bote"));
    assert_eq!(article.free_access, Some(false));
    assert_eq!(article.keywords, ["Bahnhof", "Altenfeld"]);
    assert_eq!(article.section, ["Lokales"]);
    assert_eq!(article.provenance.fields.get("authors"), Some(&Source::JsonLd));
}

#[test]
fn the_sites_name_leaves_the_title_by_evidence_only() {
    let titled = |head: &str| article(head, "").title.unwrap();
    assert_eq!(titled("<title>Umbau beschlossen | Bote</title>"), "Umbau beschlossen");
    let both = "<title>Bahnhof - ein Drama | Bote</title><meta property=og:title content='Bahnhof - ein Drama'>\
                <meta name=twitter:title content='Bahnhof - ein Drama'>";
    assert_eq!(titled(both), "Bahnhof - ein Drama");
}

#[test]
fn agencies_and_sites_are_no_persons() {
    let head = "<meta property=og:site_name content='Altenfelder Bote'><meta name=author content='dpa'>\
                <meta name=author content='Altenfelder Bote'><meta name=author content='https://bote.example/redaktion'>";
    let article = article(head, "");
    assert_eq!(names(&article), [""; 0]);
    assert_eq!(article.agencies, ["dpa"]);
}

#[test]
fn a_byline_and_a_date_line_under_the_headline_are_the_last_resort() {
    let below =
        "<div class=byline>Von Rike Olbers</div><div class=date>5. November 2024, 9:30 Uhr</div>";
    let visible = article("", below);
    assert_eq!(names(&visible), ["Rike Olbers"]);
    assert_eq!(visible.published.unwrap().value, "2024-11-05T09:30");
    let by_address = article("", "").published.unwrap();
    assert_eq!((by_address.value.as_str(), by_address.source), ("2024-11-05", Source::Url));
}

#[test]
fn impossible_dates_are_not_believed() {
    let head = "<meta property=article:published_time content='1970-01-01T00:00:00Z'>";
    assert_eq!(article(head, "").published.unwrap().source, Source::Url);
}

#[test]
fn the_canonical_address_is_absolute_and_stays_on_the_site() {
    let canonical = |href: &str| {
        article(&format!("<link rel=canonical href='{href}'>"), "").canonical_url.map(String::from)
    };
    assert_eq!(
        canonical("/politik/umbau#top").as_deref(),
        Some("https://www.bote.example/politik/umbau")
    );
    assert_eq!(
        canonical("https://amp.bote.example/umbau").as_deref(),
        Some("https://www.bote.example/umbau")
    );
    assert_eq!(canonical("https://www.anders.example/umbau"), None);
    assert_eq!(canonical("https://www.bote.example/"), None);
}

#[test]
fn the_text_decides_the_language_and_the_claim_its_region() {
    assert_eq!(article("", "").language.as_deref(), Some("de-AT"));
    let lies = article("<meta property=og:locale content=en_US>", "");
    assert_eq!(lies.language.as_deref(), Some("de-AT"));
}

#[test]
fn a_page_in_another_language_than_it_says_is_found_out_and_a_mixed_one_believed() {
    assert_eq!(article_in("en", "", "").language.as_deref(), Some("de"));
    let english = "The council of Altenfeld has decided on Monday that the old station is to be rebuilt, \
        and the work will begin in May if the state approves its share in time, if the builders are there \
        by then, and if nobody who lives in the street goes to court about the noise that it would make.";
    let mixed = article_in("en", "", &format!("<p>{TEXT} {TEXT}</p><p>{english} {english}</p>"));
    assert_eq!(mixed.language.as_deref(), Some("en"));
}

#[test]
fn a_dateline_with_an_agency_is_copied_and_stays_in_the_text() {
    let dateline = |sentence: &str| {
        let article = article("", &format!("<p>{sentence} {TEXT}</p>"));
        assert!(article.blocks[0].text.starts_with(sentence), "{:?}", article.blocks);
        article.dateline
    };
    assert_eq!(dateline("Altenfeld (dpa) - Ein Beschluss.").as_deref(), Some("Altenfeld (dpa)"));
    assert_eq!(dateline("Wien/Graz (APA) – Ein Beschluss.").as_deref(), Some("Wien/Graz (APA)"));
    assert_eq!(dateline("Altenfeld – Ein Beschluss."), None, "a place alone is no dateline");
    assert_eq!(dateline("Die Zentralbank (EZB) - sie tagt heute."), None);
}
