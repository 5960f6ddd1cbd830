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
        ("Rike Olbers, Senior Correspondent", "Rike Olbers"),
        ("Rike Olbers, Reporterin in Kirchau", "Rike Olbers"),
        ("Politikredakteurin Rike Olbers", "Rike Olbers"),
        ("Von Rike Olbers in Berlin", "Rike Olbers"),
        ("Rike Olbers, 05.11.2024", "Rike Olbers"),
        ("Rike Olbers (Text) und Ida Lux (Foto)", "Rike Olbers"),
        ("Text: Rike Olbers, Fotos: Ida Lux", "Rike Olbers"),
        ("Text von Rike Olbers Illustration von Ida Lux", "Rike Olbers"),
        ("Text &amp; Fotos: Ida Lux", "Ida Lux"),
        ("Ayşe Demir ve Can Kaya", "Ayşe Demir+Can Kaya"),
        ("Maria E Souza", "Maria E Souza"),
        ("RIKE OLBERS UND IDA LUX", "RIKE OLBERS+IDA LUX"),
        ("Karl-Heinz von der Mühlen", "Karl-Heinz von der Mühlen"),
        ("Author Name", ""),
        ("undefined undefined", ""),
        ("{{author}}", ""),
        ("Senior Editor", ""),
        ("rike.olbers@bote.example", ""),
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

fn titled(head: &str, headline: &str) -> Article {
    let html = format!(
        "<!doctype html><html lang=de><head>{head}</head><body><main><h1>{headline}</h1>{TEXT}</main>"
    );
    let url = Some(URL.as_bytes().to_vec());
    let headers = vec![Header { name: "url".to_owned(), value: url }];
    let record = Record { value: Some(html.into()), headers, ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result.unwrap()
}

fn title_and_kicker(article: &Article) -> (Option<&str>, Option<&str>) {
    (article.title.as_deref(), article.kicker.as_deref())
}

#[test]
fn a_kicker_in_the_headlines_own_heading_stands_apart_by_evidence() {
    let expected = (Some("Umbau des Bahnhofs beschlossen"), Some("Nach langem Streit"));
    let social = "<meta property=og:title content='Umbau des Bahnhofs beschlossen'>";
    let by_social = titled(social, "Nach langem Streit: Umbau des Bahnhofs beschlossen");
    assert_eq!(title_and_kicker(&by_social), expected);
    let colon = json_ld(r#""headline": "Nach langem Streit: Umbau des Bahnhofs beschlossen""#);
    let spans = "<span>Nach langem Streit</span> <span>Umbau des Bahnhofs beschlossen</span>";
    assert_eq!(title_and_kicker(&titled(&colon, spans)), expected);
    let named = "<span class=kicker>Nach langem Streit</span> Umbau des Bahnhofs beschlossen";
    assert_eq!(title_and_kicker(&titled("", named)), expected);
    // Without a witness the colon is the headline's own, and so is a quotation.
    let whole = "Nach langem Streit: Umbau des Bahnhofs beschlossen";
    assert_eq!(title_and_kicker(&titled("", whole)), (Some(whole), None));
    let quote = "\"Endlich\": Umbau des Bahnhofs beschlossen";
    assert_eq!(titled(social, quote).title.as_deref(), Some(quote));
}

#[test]
fn the_headline_that_readers_see_outweighs_the_title_for_search_engines() {
    let search = "<title>Bahnhof Altenfeld: alle Infos zum Umbau</title>\
                  <meta property=og:title content='Bahnhof Altenfeld: alle Infos zum Umbau'>";
    let article = titled(search, "Umbau des Bahnhofs beschlossen");
    assert_eq!(article.title.as_deref(), Some("Umbau des Bahnhofs beschlossen"));
    assert_eq!(article.provenance.fields["title"], Source::Visible);
}

#[test]
fn a_masthead_is_no_headline_and_a_template_no_title() {
    let head = "<title>Umbau des Bahnhofs beschlossen | Bote am Abend</title>\
                <meta property=og:site_name content='Bote am Abend'>";
    let article = titled(head, "Bote am Abend");
    assert_eq!(article.title.as_deref(), Some("Umbau des Bahnhofs beschlossen"));
    let template = "<title>undefined</title><meta property=og:title content=undefined>\
                    <meta name=twitter:title content=undefined>";
    let article = titled(template, "Umbau des Bahnhofs beschlossen");
    assert_eq!(article.title.as_deref(), Some("Umbau des Bahnhofs beschlossen"));
    assert_eq!(titled("<title>Untitled</title>", "").title, None);
}

#[test]
fn the_line_below_the_headline_is_subtitle_or_text_and_never_both_or_lost() {
    let line = "Im Mai soll es losgehen";
    let article = below(&format!("<p class=subtitle>{line}</p>"));
    let is_text = article.blocks.iter().any(|block| block.text == line);
    assert_ne!(article.subtitle.as_deref() == Some(line), is_text);
    let far = format!("<div class=teaser><p class=subtitle>{line}</p></div>");
    assert_eq!(Page { end: &far, ..Page::default() }.article().subtitle, None);
}

#[test]
fn an_earlier_day_with_better_evidence_is_the_publication() {
    let later = "<meta property=article:published_time content='2024-11-20T08:00:00+01:00'>";
    let page = |below: &str| {
        let article = Page { head: later, below, ..Page::default() }.article();
        let published = published(&article).map(|(date, source)| (date.to_owned(), source));
        (published.unwrap(), article.quality.flags.contains(&"published_conflict"))
    };
    let labelled = page("<p>Veröffentlicht am 5. November 2024</p>");
    assert_eq!(labelled, (("2024-11-05".to_owned(), Source::Visible), true));
    let shown_twice =
        page("<div class=date><time datetime=2024-11-05>5. November 2024</time></div>");
    assert_eq!(shown_twice.0.0, "2024-11-05");
    // One bare date may be anything: a day on which something happened.
    let bare = page("<p>5. November 2024</p>");
    assert_eq!(bare, (("2024-11-20T08:00:00+01:00".to_owned(), Source::OpenGraph), false));
}

#[test]
fn a_date_that_nothing_else_names_yields_to_one_that_two_sources_name() {
    let page = |modified: &str| {
        let head = format!("<meta name=date content=2024-10-01>{modified}");
        let below = "<time itemprop=datePublished datetime=2024-11-05>5. November 2024</time>";
        let article = Page { head: &head, below, ..Page::default() }.article();
        published(&article).map(|(date, _)| date.to_owned())
    };
    assert_eq!(page("").as_deref(), Some("2024-11-05"));
    let change = "<meta property=article:modified_time content=2024-11-05>";
    assert_eq!(page(change).as_deref(), Some("2024-10-01"), "the other is the last change");
}

#[test]
fn dates_of_posts_in_the_text_and_of_the_visit_are_not_the_articles() {
    let post = "<blockquote class=instagram-media><p>Schöner Tag <time datetime=2020-03-27>27. März</time></p></blockquote>";
    assert_eq!(published(&below(post)), None);
    let visit = "<div class=header-date>Freitag, 6. Dezember 2024</div>";
    let menu = "<p>Ressort</p>".repeat(14);
    let above = format!("{visit}<div>{menu}</div>");
    assert_eq!(published(&Page { above: &above, ..Page::default() }.article()), None);
    let today = "<p id=todays-date>Freitag, 6. Dezember 2024</p>";
    let article = Page { above: today, ..Page::default() }.article();
    assert_ne!(published(&article).map(|(_, source)| source), Some(Source::ElementName));
}

#[test]
fn a_label_before_a_date_says_that_it_is_the_change() {
    let article = below("<p>Zuletzt geändert am:</p><p class=date>06.11.2024</p>");
    assert_eq!(article.published, None);
    assert_eq!(article.modified.unwrap().value, "2024-11-06");
}

#[test]
fn a_midnight_in_utc_is_the_day_that_the_page_shows() {
    let head = "<meta property=article:published_time content=2024-11-04T23:00Z>";
    let shown = Page { head, below: "<p class=date>5. November 2024</p>", ..Page::default() };
    let published = shown.article().published.unwrap();
    assert_eq!((published.value.as_str(), published.precision), ("2024-11-05", Precision::Day));
    assert_eq!(with_head(head).published.unwrap().value, "2024-11-04T23:00Z");
}

#[test]
fn another_date_of_the_page_tells_which_number_is_the_month() {
    let head = "<meta property=article:published_time content=03-09-2024>";
    let page = Page { head, below: "<p>Veröffentlicht am 9. März 2024</p>", ..Page::default() };
    assert_eq!(
        published(&page.article()).map(|(date, _)| date.to_owned()).as_deref(),
        Some("2024-03-09")
    );
    let headers = [("fetched-at", "2024-04-01T00:00:00Z")];
    let page = Page { head, headers: &headers, ..Page::default() }.article();
    assert_eq!(published(&page).map(|(date, _)| date), Some("2024-03-09"), "the other is to come");
}

#[test]
fn days_by_name_are_dates_only_when_the_fetch_is_known() {
    let headers = [("fetched-at", "2024-11-06T10:00:00Z")];
    for (line, expected) in [
        ("heute, 9:12 Uhr", "2024-11-06T09:12"),
        ("gestern", "2024-11-05"),
        ("Gestern, 14:12 Uhr", "2024-11-05T14:12"),
    ] {
        let line = format!("<span class=date>{line}</span>");
        let article = Page { below: &line, headers: &headers, ..Page::default() }.article();
        assert_eq!(published(&article).map(|(date, _)| date), Some(expected), "{line}");
        assert_eq!(published(&below(&line)), None, "{line}");
    }
}

#[test]
fn addresses_tell_a_day_or_a_month() {
    let at = |path: &str| {
        let html = format!("<html lang=de><body><main><h1>Umbau beschlossen</h1>{TEXT}</main>");
        let url = Some(format!("https://www.bote.example{path}").into_bytes());
        let headers = vec![Header { name: "url".to_owned(), value: url }];
        let record = Record { value: Some(html.into()), headers, ..Record::default() };
        let article = read(&record, &RULES).unwrap().unwrap().result.unwrap();
        article.published.map(|date| date.value)
    };
    assert_eq!(at("/2024/11/05/umbau").as_deref(), Some("2024-11-05"));
    assert_eq!(at("/2024/1/5/umbau").as_deref(), Some("2024-01-05"));
    assert_eq!(at("/umbau-2024-11-05-altenfeld").as_deref(), Some("2024-11-05"));
    assert_eq!(at("/2024/11/3-fragen-an-rike-olbers").as_deref(), Some("2024-11"));
    assert_eq!(at("/2024/umbau"), None);
    assert_eq!(at("/2024/13/umbau"), None);
}

#[test]
fn a_canonical_address_of_a_section_or_an_error_page_is_refused() {
    let canonical = |href: &str| {
        with_head(&format!("<link rel=canonical href='{href}'>")).canonical_url.map(String::from)
    };
    for refused in ["/lokales/", "/404", "/index.html", "/home"] {
        assert_eq!(canonical(refused), None, "{refused}");
    }
    assert_eq!(canonical(&URL.replace("/lokales", "/amp/lokales")).as_deref(), Some(URL));
    assert_eq!(
        canonical(&URL.replace("https://", "//").replace("https:", "")).as_deref(),
        Some(URL)
    );
    let code = "https://www.bote.example/lokales/123456";
    assert_eq!(canonical(code).as_deref(), Some(code), "a number is an article");
}

#[test]
fn the_path_that_readers_see_names_the_sections() {
    let path = "<nav class=breadcrumb><ol><li><a href=/>Startseite</a></li><li><a href=/p>Politik</a></li>\
                <li><a href=/p/k>Kommunales</a></li><li>Umbau des Bahnhofs beschlossen</li></ol></nav>";
    let article = Page { above: path, ..Page::default() }.article();
    assert_eq!(article.section, ["Politik", "Kommunales"]);
    assert_eq!(article.provenance.fields["section"], Source::Breadcrumb);
    let data = r#"<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": [{"name": "Lokales"}]}</script>"#;
    let article = Page { head: data, above: path, ..Page::default() }.article();
    assert_eq!(article.section, ["Lokales"], "one path, not two in one");
}

#[test]
fn links_that_are_tags_are_keywords_and_categories_are_not() {
    let end = "<p>Mehr: <a rel=tag href=/t/b>Bahnhof</a>, <a rel=tag href=/t/a>Altenfeld</a>, \
               <a rel='category tag' href=/c>Allgemein</a></p>";
    let article = Page { end, ..Page::default() }.article();
    assert_eq!(article.keywords, ["Bahnhof", "Altenfeld"]);
}

#[test]
fn a_figure_gives_its_caption_and_credit_to_its_picture() {
    let figure = |caption: &str| {
        let below =
            format!("<figure><img src=/img/b.jpg><figcaption>{caption}</figcaption></figure>");
        let images = Page { below: &below, ..Page::default() }.article().images;
        assert_eq!(images.len(), 1, "{images:?}");
        let url = images[0].url.as_ref().map(ToString::to_string);
        assert_eq!(url.as_deref(), Some("https://www.bote.example/img/b.jpg"));
        (
            images[0].caption.clone().unwrap_or_default(),
            images[0].credit.clone().unwrap_or_default(),
        )
    };
    let apart = |caption: &str, credit: &str| (caption.to_owned(), credit.to_owned());
    let span = "Der Bahnhof im Morgenlicht. <span class=credit>Foto: Mira Lenz</span>";
    assert_eq!(figure(span), apart("Der Bahnhof im Morgenlicht.", "Mira Lenz"));
    let agency = "Der Bahnhof im Morgenlicht. (picture alliance/dpa/Mira Lenz)";
    assert_eq!(
        figure(agency),
        apart("Der Bahnhof im Morgenlicht.", "picture alliance/dpa/Mira Lenz")
    );
    assert_eq!(figure("Der Bahnhof (rechts)."), apart("Der Bahnhof (rechts).", ""));
    let head = "<meta property=og:image content='/img/b.jpg?w=1200'>";
    let below =
        "<figure><img src=/img/b.jpg><figcaption>Der Bahnhof im Morgenlicht</figcaption></figure>";
    let images = Page { head, below, ..Page::default() }.article().images;
    assert_eq!(images.len(), 1, "one picture: {images:?}");
    assert_eq!(images[0].caption.as_deref(), Some("Der Bahnhof im Morgenlicht"));
}

#[test]
fn what_costs_money_is_told_by_any_part_of_the_page() {
    let part = json_ld(
        r#""headline": "Umbau des Bahnhofs beschlossen", "isAccessibleForFree": true,
           "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}"#,
    );
    assert_eq!(with_head(&part).free_access, Some(false));
    let tier = |tier: &str| {
        with_head(&format!("<meta property=article:content_tier content={tier}>")).free_access
    };
    assert_eq!((tier("free"), tier("locked"), tier("metered")), (Some(true), Some(false), None));
    assert_eq!(with_head("").free_access, None);
}

#[test]
fn json_ld_is_read_though_it_is_broken() {
    let article =
        |script: &str| with_head(&format!("<script type='application/ld+json'>{script}</script>"));
    for script in [
        r#"{"@type": "NewsArticle", "headline": "Umbau des Bahnhofs beschlossen", "author": "Rike Olbers","#,
        r#"{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "Umbau des Bahnhofs beschlossen", "author": "Rike Olbers"}"#,
        r#"{"@type": "NewsArticle", "headline": "Umbau des "Bahnhofs" beschlossen", "author": "Rike Olbers"}"#,
        r#"<!-- {"@type": "NewsArticle", "headline": "Umbau des Bahnhofs beschlossen", "author": "Rike Olbers",} -->"#,
        "[{\"@type\": \"NewsArticle\", \"headline\": \"Umbau des\nBahnhofs beschlossen\", \"author\": {\"name\": \"Rike Olbers\"}}]",
    ] {
        assert_eq!(names(&article(script)), ["Rike Olbers"], "{script}");
    }
    assert_eq!(names(&article("nothing of the kind")), [""; 0]);
}

#[test]
fn a_sites_name_in_words_is_believed_before_its_address() {
    let head = "<meta property=og:site_name content=bote.example><meta name=application-name content='Altenfelder Bote'>";
    assert_eq!(with_head(head).site.name.as_deref(), Some("Altenfelder Bote"));
    let address = "<meta property=og:site_name content=bote.example>";
    assert_eq!(with_head(address).site.name.as_deref(), Some("bote.example"));
}

/// What is read from a text dump.
fn dump(text: &str, fetched_at: Option<&str>) -> Article {
    let kind = Header { name: "content-type".to_owned(), value: Some(b"text/plain".to_vec()) };
    let fetched =
        fetched_at.map(|time| Header { name: "fetched-at".to_owned(), value: Some(time.into()) });
    let headers = std::iter::once(kind).chain(fetched).collect();
    let record = Record { value: Some(text.into()), headers, ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result.unwrap()
}

const FIRST: &str = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen.";
const SECOND: &str = "Die Bürgermeisterin sprach von einem guten Tag für den Ort, der seit zwölf Jahren auf den Beschluss gewartet habe.";

/// The start of a report, in languages whose small words are known.
const REPORTS: [(&str, &str); 10] = [
    (
        "de",
        "Der Rat hat am Montag beschlossen, dass die alte Brücke über die Aune nicht abgerissen wird. Sie soll bis zum Herbst saniert werden, wenn das Geld reicht und die Bürger einverstanden sind.",
    ),
    (
        "en",
        "The council decided on Monday that the old bridge over the river will not be torn down. It is to be repaired by autumn, if there is enough money and if the people of the town agree.",
    ),
    (
        "fr",
        "Le conseil a décidé lundi que le vieux pont sur la rivière ne sera pas détruit. Les travaux pour sa rénovation dureront une année, selon la mairie, et les habitants du quartier sont inquiets pour leur sommeil.",
    ),
    (
        "es",
        "El consejo decidió el lunes que el viejo puente sobre el río no será derribado. Las obras para su reforma durarán un año, según el ayuntamiento, y los vecinos del barrio ya están preocupados por el ruido.",
    ),
    (
        "it",
        "Il consiglio ha deciso lunedì che il vecchio ponte sul fiume non sarà abbattuto. I lavori della ristrutturazione sono previsti per un anno, e gli abitanti del quartiere, anche nel centro, temono il rumore delle macchine.",
    ),
    (
        "pt",
        "O conselho decidiu na segunda-feira que a velha ponte da cidade não será demolida. As obras vão durar um ano, com uma pausa no verão, e os moradores dos bairros também são contra o barulho das máquinas.",
    ),
    (
        "nl",
        "De raad heeft maandag besloten dat de oude brug over de rivier niet wordt gesloopt. Het werk aan de brug duurt een jaar, zegt de burgemeester, maar de buurt vreest ook voor het lawaai bij nacht.",
    ),
    (
        "sv",
        "Rådet beslutade i måndags att den gamla bron över ån inte ska rivas. Arbetet är planerat för ett år, och de boende vid vattnet har också oroat sig för bullret från maskinerna under natten.",
    ),
    (
        "pl",
        "Rada zdecydowała w poniedziałek, że stary most na rzece nie zostanie zburzony. Remont potrwa rok, a mieszkańcy dzielnicy są zaniepokojeni, bo hałas jest dla nich uciążliwy, także w nocy oraz przez weekend.",
    ),
    (
        "tr",
        "Meclis pazartesi günü nehrin üzerindeki eski köprünün yıkılmayacağına karar verdi. Onarım için bir yıl gerekiyor ve bu süre mahalle için çok uzun. Başkan ise gürültü gibi sorunların daha az olacağını söyledi.",
    ),
];

/// The same in languages beside them, which have some of their small words.
const BESIDE: [(&str, &str); 6] = [
    (
        "da",
        "Rådet besluttede mandag, at den gamle bro over åen ikke skal rives ned. Arbejdet er planlagt til at vare et år, og beboerne ved vandet har også været bekymrede for støjen fra maskinerne om natten under byggeriet.",
    ),
    (
        "nb",
        "Rådet vedtok mandag at den gamle broen over elva ikke skal rives. Arbeidet er planlagt til å vare et år, og beboerne ved vannet har også vært bekymret for støyen fra maskinene om natten under byggingen.",
    ),
    (
        "ca",
        "El consell va decidir dilluns que el vell pont sobre el riu no serà enderrocat. Les obres per a la seva reforma duraran un any, segons l'ajuntament, i els veïns del barri ja estan preocupats pel soroll de les màquines.",
    ),
    (
        "id",
        "Dewan memutuskan pada hari Senin bahwa jembatan tua di atas sungai itu tidak akan dibongkar. Pekerjaan perbaikan di kota ini akan berlangsung selama satu tahun, dan warga di sekitar jembatan khawatir tentang kebisingan.",
    ),
    (
        "ro",
        "Consiliul a decis luni că podul vechi de peste râu nu va fi demolat. Lucrările de renovare vor dura un an, iar locuitorii din cartier sunt îngrijorați de zgomotul mașinilor, mai ales în timpul nopții.",
    ),
    (
        "cs",
        "Rada v pondělí rozhodla, že starý most přes řeku nebude zbourán. Oprava potrvá rok a obyvatelé čtvrti se obávají hluku ze stavby, který by je mohl rušit i v noci, zvláště když se bude pracovat o víkendu.",
    ),
];

#[test]
fn a_text_tells_its_language_where_the_page_does_not() {
    let told = |text: &str| dump(&format!("{text}\n\n{text}"), None).language;
    for (language, text) in REPORTS {
        assert_eq!(told(text).as_deref(), Some(language), "{text}");
    }
    for (language, text) in BESIDE {
        let told = told(text);
        assert!(told.as_deref().is_none_or(|told| told == language), "{told:?}: {text}");
    }
}

#[test]
fn bylines_of_dumps_are_read_like_those_of_pages() {
    for (line, expected) in [
        ("Von Henning Maas und Rike Olbers", "Henning Maas+Rike Olbers"),
        ("Von Dr. Rike Olbers, Altenfeld", "Rike Olbers"),
        ("VON RIKE OLBERS", "RIKE OLBERS"),
        ("Von Rike Olbers (dpa)", "Rike Olbers"),
        ("Von Rike Olbers, dpa", "Rike Olbers"),
        ("Von Rike Olbers und Agenturen", "Rike Olbers"),
        ("Von Rike Olbers | 05.11.2024", "Rike Olbers"),
        ("Von Redakteurin Rike Olbers", "Rike Olbers"),
    ] {
        let article = dump(&format!("{line}\n\n{FIRST}\n\n{SECOND}\n"), None);
        assert_eq!(names(&article).join("+"), expected, "{line}");
        assert_eq!(article.blocks[0].text, FIRST, "{line}");
    }
}

#[test]
fn date_lines_of_dumps_keep_their_time() {
    for (line, expected) in [
        ("Stand: 05.11.2024, 14:12 Uhr", "2024-11-05T14:12"),
        ("05. Nov. 2024, 14:12", "2024-11-05T14:12"),
        ("05.11.2024 | 14:12", "2024-11-05T14:12"),
        ("2024-11-05T14:12:00+01:00", "2024-11-05T14:12:00+01:00"),
    ] {
        let article = dump(&format!("{line}\n\n{FIRST}\n\n{SECOND}\n"), None);
        assert_eq!(published(&article).map(|(date, _)| date), Some(expected), "{line}");
    }
    let both = format!(
        "Veröffentlicht am 05.11.2024\n\nAktualisiert: 06.11.2024, 8:30 Uhr\n\n{FIRST}\n\n{SECOND}\n"
    );
    let article = dump(&both, None);
    assert_eq!(published(&article).map(|(date, _)| date), Some("2024-11-05"));
    assert_eq!(article.modified.unwrap().value, "2024-11-06T08:30");
    let ago = format!("vor 3 Stunden\n\n{FIRST}\n\n{SECOND}\n");
    assert_eq!(published(&dump(&ago, None)), None);
    let fetched = dump(&ago, Some("2024-11-05T12:00:00Z"));
    assert_eq!(published(&fetched).map(|(date, _)| date), Some("2024-11-05"));
}

#[test]
fn initials_are_resolved_only_where_the_page_says_whose_they_are() {
    let head = json_ld(r#""headline": "Umbau des Bahnhofs beschlossen", "author": {"name": "ro"}"#);
    let seen = "<p class=byline>Von Rike Olbers (ro)</p>";
    assert_eq!(
        names(&Page { head: &head, below: seen, ..Page::default() }.article()),
        ["Rike Olbers"]
    );
    assert_eq!(names(&with_head(&head)), ["ro"]);
}

#[test]
fn every_field_says_where_it_was_read() {
    let head = json_ld(
        r#""headline": "Umbau des Bahnhofs beschlossen", "author": "Rike Olbers", "datePublished": "2024-11-05",
           "dateModified": "2024-11-06", "keywords": "Bahnhof", "articleSection": "Lokales",
           "publisher": {"name": "Altenfelder Bote"}, "isAccessibleForFree": true, "image": "/img/b.jpg",
           "url": "https://www.bote.example/lokales/umbau-des-bahnhofs-beschlossen""#,
    );
    let below = "<p>Altenfeld (dpa) - Der Rat hat am Montag lange über den Umbau des Bahnhofs beraten und dann abgestimmt.</p>";
    let article = Page { head: &head, below, ..Page::default() }.article();
    let fields: Vec<&str> = article.provenance.fields.keys().copied().collect();
    let expected = [
        "agencies",
        "authors",
        "canonical_url",
        "dateline",
        "free_access",
        "images",
        "keywords",
        "language",
        "modified",
        "published",
        "section",
        "site",
        "title",
    ];
    assert_eq!(fields, expected);
}
