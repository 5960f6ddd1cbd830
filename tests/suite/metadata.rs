//! Each field of the metadata, and each way it goes wrong on pages.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{Article, Header, Precision, Record, Source};
use klartext::pipeline::read;
use klartext::rules::Rules;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

const TEXT: &str = "<p>Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es \
    losgehen, wenn das Land seinen Anteil rechtzeitig bewilligt und die Handwerker Zeit haben.</p><p>Die Bürgermeisterin \
    sprach von einem guten Tag für den Ort, der seit zwölf Jahren auf den Beschluss gewartet habe.</p>";

const URL: &str = "https://www.bote.example/lokales/umbau-des-bahnhofs-beschlossen";

/// A page: its head, what stands around headline and text, and headers of its message.
#[derive(Default)]
struct Page<'p> {
    head: &'p str,
    above: &'p str,
    below: &'p str,
    end: &'p str,
    headers: &'p [(&'p str, &'p str)],
}

impl Page<'_> {
    fn article(&self) -> Article {
        let Self { head, above, below, end, headers } = self;
        let html = format!(
            "<!doctype html><html lang=de><head>{head}</head><body><main>{above}<h1>Umbau des Bahnhofs beschlossen</h1>\
             {below}{TEXT}{end}</main>"
        );
        let mut all = vec![("url", URL)];
        all.extend_from_slice(headers);
        let headers = all.iter().map(|(name, value)| Header {
            name: (*name).to_owned(),
            value: Some(value.as_bytes().to_vec()),
        });
        let record =
            Record { value: Some(html.into()), headers: headers.collect(), ..Record::default() };
        read(&record, &RULES).unwrap().unwrap().result.unwrap()
    }
}

fn with_head(head: &str) -> Article {
    Page { head, ..Page::default() }.article()
}

fn below(below: &str) -> Article {
    Page { below, ..Page::default() }.article()
}

fn names(article: &Article) -> Vec<&str> {
    article.authors.iter().map(|author| author.name.as_str()).collect()
}

fn published(article: &Article) -> Option<(&str, Source)> {
    article.published.as_ref().map(|date| (date.value.as_str(), date.source))
}

fn json_ld(fields: &str) -> String {
    format!(r#"<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>"#)
}

#[test]
fn names_come_without_what_stands_around_them() {
    let authors = |claim: &str| {
        let article = with_head(&format!("<meta name=author content='{claim}'>"));
        names(&article).join("+")
    };
    for (claim, expected) in [
        ("Von Rike Olbers und Henning Maas", "Rike Olbers+Henning Maas"),
        ("Dr. Rike Olbers (Text), Henning Maas", "Rike Olbers+Henning Maas"),
        ("Rike Olbers, Berlin", "Rike Olbers"),
        ("Olbers, Rike", "Rike Olbers"),
        ("Rike Olbers &amp; Henning Maas", "Rike Olbers+Henning Maas"),
        ("par Élodie Brun et Luc Petit", "Élodie Brun+Luc Petit"),
        ("Rike Olbers, dpa", "Rike Olbers"),
        ("Rike Olbers rike@bote.example", "Rike Olbers"),
        ("Author Name", ""),
        ("admin", ""),
        ("https://bote.example/autoren/rike", ""),
        ("Redaktion", ""),
    ] {
        assert_eq!(authors(claim), expected, "{claim}");
    }
}

#[test]
fn agencies_of_a_byline_are_credited_in_its_order_and_are_no_authors() {
    let article = with_head("<meta name=author content='Rike Olbers, dpa und AFP'>");
    assert_eq!(names(&article), ["Rike Olbers"]);
    assert_eq!(article.agencies, ["dpa", "AFP"]);
    assert_eq!(article.credited, ["Rike Olbers", "dpa", "AFP"]);
    assert_eq!(article.provenance.fields.get("agencies"), Some(&Source::Meta));
}

#[test]
fn a_byline_is_found_by_the_name_of_its_element() {
    let link = "<p class=entry-meta>By <a class='author vcard' href='/autoren/rike'>Rike Olbers</a> | 3 Kommentare</p>";
    let article = below(link);
    assert_eq!(names(&article), ["Rike Olbers"]);
    let url = article.authors[0].url.as_ref().map(ToString::to_string);
    assert_eq!(url.as_deref(), Some("https://www.bote.example/autoren/rike"));
    let spans =
        below("<div class='article-byline'><span>Rike Olbers</span> <span>Ida Lux</span></div>");
    assert_eq!(names(&spans), ["Rike Olbers", "Ida Lux"]);
    let role = below("<div class=author><b>Rike Olbers</b><br>Senior Editor</div>");
    assert_eq!(names(&role), ["Rike Olbers"]);
}

#[test]
fn authors_of_comments_and_teasers_are_not_the_articles() {
    let comments = "<div class=comments><div class=comment><b class=author>Ute Kern</b><p>Sehr schön, endlich!</p></div></div>";
    assert_eq!(names(&Page { end: comments, ..Page::default() }.article()), [""; 0]);
    let teaser = "<aside class=related><a href=/x>Neues Rathaus</a><span class=author>Ute Kern</span></aside>";
    assert_eq!(names(&Page { end: teaser, ..Page::default() }.article()), [""; 0]);
}

#[test]
fn a_user_name_gives_way_to_the_name_that_readers_see() {
    let head =
        json_ld(r#""headline": "Umbau des Bahnhofs beschlossen", "author": {"name": "rolbers"}"#);
    let seen = "<span class=author>Rike Olbers</span>";
    let article = Page { head: &head, below: seen, ..Page::default() }.article();
    assert_eq!(names(&article), ["Rike Olbers"]);
    assert_eq!(names(&with_head(&head)), ["rolbers"]);
}

#[test]
fn twitters_labels_name_the_author() {
    let head = "<meta name=twitter:label1 content='Verfasst von'><meta name=twitter:data1 content='Rike Olbers'>\
                <meta name=twitter:label2 content='Lesezeit'><meta name=twitter:data2 content='3 Minuten'>";
    assert_eq!(names(&with_head(head)), ["Rike Olbers"]);
}

#[test]
fn json_ld_of_another_article_is_not_believed() {
    let head = json_ld(
        r#""headline": "Hochwasser an der Elster nimmt zu", "url": "https://www.bote.example/wetter/hochwasser",
           "datePublished": "2021-01-02", "author": {"name": "Ute Kern"}"#,
    );
    let article = with_head(&head);
    assert_eq!((names(&article), published(&article)), (vec![], None));
    assert_eq!(article.title.as_deref(), Some("Umbau des Bahnhofs beschlossen"));
    assert!(article.quality.flags.contains(&"json_ld_of_another_page"));
    let own =
        json_ld(r#""headline": "Bahnhof: Umbau beschlossen", "author": {"name": "Rike Olbers"}"#);
    assert_eq!(names(&with_head(&format!("{head}{own}"))), ["Rike Olbers"]);
}

#[test]
fn dates_are_found_where_readers_see_them() {
    for (line, expected, source) in [
        (
            "<time class='entry-date published'>5. November 2024</time>",
            "2024-11-05",
            Source::TimeElement,
        ),
        (
            "<a href=/x><time datetime='2024-11-05T09:30:00+01:00'>Di</time></a>",
            "2024-11-05T09:30:00+01:00",
            Source::TimeElement,
        ),
        ("<span class=post-date>05.11.24</span>", "2024-11-05", Source::ElementName),
        ("<div>Veröffentlicht am 05.11.2024, 9:30 Uhr</div>", "2024-11-05T09:30", Source::Visible),
        ("<p>Lokales, 5. November 2024</p>", "2024-11-05", Source::Visible),
    ] {
        assert_eq!(published(&below(line)), Some((expected, source)), "{line}");
    }
    let foot = "<p>Dieser Artikel wurde am 5. November 2024 um 14:48 geschrieben</p>";
    let article = Page { end: foot, ..Page::default() }.article();
    assert_eq!(published(&article), Some(("2024-11-05T14:48", Source::Visible)));
}

#[test]
fn a_change_is_no_publication() {
    let article = below("<p>Aktualisiert: 06.11.2024, 8:00 Uhr</p>");
    assert_eq!(article.published, None);
    assert_eq!(article.modified.unwrap().value, "2024-11-06T08:00");
    let earlier = "<meta property=article:published_time content=2024-11-05>\
                   <meta property=article:modified_time content=2024-11-04>";
    assert_eq!(with_head(earlier).modified, None, "nothing is changed before it is published");
}

#[test]
fn hours_ago_is_a_date_only_when_the_fetch_is_known() {
    let line = "<span class=date>vor 3 Stunden</span>";
    assert_eq!(published(&below(line)), None);
    let headers = [("fetched-at", "2024-11-05T10:00:00Z")];
    let article = Page { below: line, headers: &headers, ..Page::default() }.article();
    assert_eq!(published(&article), Some(("2024-11-05", Source::ElementName)));
    assert_eq!(article.published.unwrap().precision, Precision::Day);
}

#[test]
fn dates_of_the_future_of_templates_and_of_comments_are_refused() {
    let headers = [("fetched-at", "2024-11-05T10:00:00Z")];
    let head = "<meta property=article:published_time content=2031-01-01>\
                <meta name=date content=1970-01-01><meta name=pubdate content=2024-11-04>";
    let article = Page { head, headers: &headers, ..Page::default() }.article();
    assert_eq!(published(&article), Some(("2024-11-04", Source::Meta)));
    let comment = "<div class=comments><div class=comment><time datetime=2024-12-24>24.12.</time><p>Schön.</p></div></div>";
    assert_eq!(published(&Page { end: comment, ..Page::default() }.article()), None);
}

#[test]
fn american_pages_put_the_month_first() {
    let head = "<meta property=og:locale content=en_US><meta name=date content='3/9/2024'>";
    assert_eq!(published(&with_head(head)).map(|(date, _)| date), Some("2024-03-09"));
    let head = "<meta name=date content='3/9/2024'>";
    assert_eq!(published(&with_head(head)).map(|(date, _)| date), Some("2024-09-03"));
}

#[test]
fn the_canonical_address_is_the_articles_own_and_clean() {
    let canonical = |href: &str| {
        let head = format!("<link rel=canonical href='{href}'>");
        with_head(&head).canonical_url.map(String::from)
    };
    let own = Some(URL.to_owned());
    assert_eq!(canonical(&format!("{URL}?utm_source=rss&fbclid=1#top")), own);
    assert_eq!(canonical(&format!("{URL}/amp/")), own);
    assert_eq!(canonical("https://m.bote.example/lokales/umbau-des-bahnhofs-beschlossen"), own);
    assert_eq!(canonical("/lokales/umbau%2ddes%2Dbahnhofs-beschlossen"), own);
    assert_eq!(canonical(&format!("{URL}?page=2")), Some(format!("{URL}?page=2")));
    assert_eq!(canonical("https://www.bote.example/"), None, "a front page");
    assert_eq!(
        canonical("https://www.bote.example/wetter/hochwasser-an-der-elster"),
        None,
        "another article"
    );
    assert_eq!(canonical("javascript:void(0)"), None);
    let headers =
        [("link", "<https://www.bote.example/lokales/umbau-des-bahnhofs>; rel=\"canonical\"")];
    let article = Page { headers: &headers, ..Page::default() }.article();
    assert_eq!(article.canonical_url.unwrap().path(), "/lokales/umbau-des-bahnhofs");
    assert_eq!(article.provenance.fields["canonical_url"], Source::Message);
}

#[test]
fn sections_and_keywords_are_the_readers_not_the_systems() {
    let breadcrumb = r#"<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": [
        {"name": "Startseite"}, {"name": "Lokales"}, {"name": "Umbau des Bahnhofs beschlossen"}]}</script>"#;
    assert_eq!(with_head(breadcrumb).section, ["Lokales"]);
    let head = "<meta property=og:site_name content=Bote><meta name=keywords \
                content='Bahnhof, bahnhof, location/altenfeld, Bote, 98be933f-38cf-4fba-b6c6-ad438e82010a'>";
    assert_eq!(with_head(head).keywords, ["Bahnhof", "altenfeld"]);
    let tags =
        "<ul class=article-tags><li><a href=/t/1>Bahnhof</a><li><a href=/t/2>Altenfeld</a></ul>";
    let article = Page { end: tags, ..Page::default() }.article();
    assert_eq!(article.keywords, ["Bahnhof", "Altenfeld"]);
}

#[test]
fn logos_and_pixels_are_no_images_and_credits_stand_apart() {
    let head = json_ld(
        r#""headline": "Umbau des Bahnhofs beschlossen", "image": [{"url": "/img/logo.png"}, {"url": "/img/pixel.gif"},
           {"url": "/img/bahnhof.jpg", "caption": "Der alte Bahnhof (Foto: Ida Lux/dpa)"}]"#,
    );
    let images = with_head(&head).images;
    assert_eq!(images.len(), 1);
    assert_eq!(
        images[0].url.as_ref().map(url::Url::as_str),
        Some("https://www.bote.example/img/bahnhof.jpg")
    );
    assert_eq!(images[0].caption.as_deref(), Some("Der alte Bahnhof"));
    assert_eq!(images[0].credit.as_deref(), Some("Ida Lux/dpa"));
}

#[test]
fn a_claim_that_the_text_contradicts_is_flagged() {
    let head = "<meta property=article:published_time content=2024-11-05><meta name=date content=2019-01-01>\
                <link rel=canonical href=https://www.anders.example/umbau>";
    let flags = with_head(head).quality.flags;
    assert!(
        flags.contains(&"published_conflict") && flags.contains(&"canonical_conflict"),
        "{flags:?}"
    );
    assert_eq!(with_head("").quality.flags, [""; 0]);
}
