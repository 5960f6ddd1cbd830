//! What kind of page it is, told by the page itself: live blogs, galleries, and pages that are no article. Every page is
//! invented.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{Article, PageKind, Record, Rejection};
use klartext::pipeline::read;
use klartext::rules::Rules;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

const FIRST: &str = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen.";
const SECOND: &str = "Bürgermeister Jonas Rehm rechnet mit Kosten von drei Millionen Euro, von denen das Land die Hälfte übernimmt.";

/// What happens during a storm: the newest first.
const ENTRIES: [(&str, &str, &str); 6] = [
    (
        "16:40",
        "Deich hält",
        "Der Deichgraf hat die Strecke am Nachmittag noch einmal abfahren lassen. Die Grasnarbe sei überall heil, sagte er.",
    ),
    (
        "15:55",
        "Strom ist wieder da",
        "In Husendorf brennen seit wenigen Minuten die Lampen. Ein Monteur hatte den Ast aus der Leitung geholt.",
    ),
    (
        "14:20",
        "Baum auf den Gleisen",
        "Zwischen Klanxwarf und Husendorf fährt kein Zug mehr. Die Bahn setzt Busse ein, bittet aber um Geduld.",
    ),
    (
        "12:05",
        "Schule schließt früher",
        "Der Unterricht endet heute überall nach der vierten Stunde. Wer mit dem Bus fährt, wird betreut.",
    ),
    (
        "10:30",
        "Erste Fähre bleibt liegen",
        "Das Schiff nach Norderkoog hat am Vormittag nicht abgelegt. Die Karten gelten noch bis zum Monatsende.",
    ),
    (
        "09:12",
        "Warnung vor Böen",
        "Der Wetterdienst rechnet an der Küste mit Böen von hundertzehn Kilometern in der Stunde. Am Abend lasse der Wind nach.",
    ),
];

const INTRO: &str =
    "Ein Orkan drückt das Wasser gegen die Deiche. Was seit dem Morgen geschah, steht hier.";

fn outcome_of(value: &str, url: &str) -> Result<Article, Rejection> {
    let url = if url.is_empty() { String::new() } else { format!(r#""url":{url:?},"#) };
    let key = if value.trim_start().starts_with('<') { "html" } else { "text" };
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let envelope = format!(r#"{{{url}"{key}":"{value}"}}"#);
    let record = Record { value: Some(envelope.into()), ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result
}

fn article(value: &str) -> Article {
    outcome_of(value, "").unwrap()
}

/// A page of that title with that body.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=de><title>{title} | Seewarte</title><body><nav><a href=/>Start</a></nav>\
         <main><h1>{title}</h1>{body}</main><footer><a href=/i>Impressum</a></footer>"
    )
}

/// Writes an entry from its time, heading and text.
type WriteEntry = fn(&str, &str, &str) -> String;

/// Writes a picture from its number and caption.
type WriteSlide = fn(usize, &str) -> String;

/// The entries, each written by `write` from its time, heading and text.
fn entries(write: impl Fn(&str, &str, &str) -> String) -> String {
    ENTRIES.iter().map(|(time, heading, text)| write(time, heading, text)).collect()
}

#[track_caller]
fn assert_liveblog(article: &Article) {
    assert_eq!(article.page_kind, PageKind::Liveblog, "{:#?}", article.blocks);
    for (_, _, text) in ENTRIES {
        let is_kept = article.blocks.iter().any(|block| block.text.contains(text));
        assert!(is_kept, "{text:?} is not in {:#?}", article.blocks);
    }
}

#[test]
fn a_live_blog_is_known_by_entries_that_each_have_their_time() {
    let forms: [(&str, WriteEntry); 7] = [
        ("a box with a <time>", |time, heading, text| {
            format!(
                "<div class=entry><time datetime=2026-01-17T{time}>{time} Uhr</time><h3>{heading}</h3><p>{text}</p></div>"
            )
        }),
        ("articles in the article", |time, heading, text| {
            format!(
                "<article><header><time>{time}</time><h2>{heading}</h2></header><p>{text}</p></article>"
            )
        }),
        ("a time in the heading", |time, heading, text| {
            format!("<h2>{time} Uhr: {heading}</h2><p>{text}</p>")
        }),
        ("a list", |time, heading, text| {
            format!(
                "<li><span class=zeit>{time}</span><strong>{heading}</strong><p>{text}</p></li>"
            )
        }),
        ("plus signs", |time, heading, text| {
            format!("<p><b>+++ {time} Uhr +++ {heading} +++</b></p><p>{text}</p>")
        }),
        ("a time before the text", |time, _, text| format!("<p><time>{time}</time> – {text}</p>")),
        ("time and author behind the text", |time, heading, text| {
            format!(
                "<section><h3>{heading}</h3><p>{text}</p><div>Momme Jessen, 17. Januar 2026, {time} Uhr</div></section>"
            )
        }),
    ];
    for (form, write) in forms {
        let html = page("Sturm über der Küste", &format!("<p>{INTRO}</p>{}", entries(write)));
        println!("{form}");
        assert_liveblog(&article(&html));
    }
}

#[test]
fn a_page_that_calls_itself_live_needs_fewer_entries_and_may_run_forward() {
    let mut three: Vec<String> = ENTRIES
        .iter()
        .take(3)
        .map(|(time, heading, text)| format!("<h2>{time} Uhr: {heading}</h2><p>{text}</p>"))
        .collect();
    three.reverse();
    let body = format!("<p>{INTRO}</p>{}", three.concat());
    let kind = |title: &str, url: &str| outcome_of(&page(title, &body), url).unwrap().page_kind;
    assert_eq!(kind("Sturmticker: Böen über der Küste", ""), PageKind::Liveblog);
    assert_eq!(kind("Sturm über der Küste – live", ""), PageKind::Liveblog);
    assert_eq!(
        kind("Sturm über der Küste", "https://seewarte.example/live-blog/1"),
        PageKind::Liveblog
    );
    // Without such a word it is a chronicle.
    assert_eq!(kind("Sturm über der Küste", ""), PageKind::Article);
    // "Live" in a word is none.
    assert_eq!(kind("Olivenernte an der Küste", ""), PageKind::Article);
}

#[test]
fn a_box_may_call_its_entries_live() {
    let three = ENTRIES.iter().take(3).map(|(time, _, text)| {
        format!("<div class=live-blog__item><span>{time}</span><p>{text}</p></div>")
    });
    let body = format!("<p>{INTRO}</p><div>{}</div>", three.collect::<String>());
    assert_eq!(article(&page("Sturm über der Küste", &body)).page_kind, PageKind::Liveblog);
}

#[test]
fn a_live_blog_is_known_in_a_dump_too() {
    let lines = entries(|time, heading, text| format!("{time} Uhr: {heading}\n\n{text}\n\n"));
    assert_liveblog(&article(&format!("Sturm über der Küste\n\n{INTRO}\n\n{lines}")));
    let lines = entries(|time, heading, text| format!("{time}\n{heading}\n{text}\n\n"));
    assert_liveblog(&article(&format!("Liveblog: Sturm über der Küste\n\n{INTRO}\n\n{lines}")));
}

#[test]
fn articles_with_times_are_no_live_blogs() {
    let mut forward: Vec<String> =
        ENTRIES.iter().map(|(time, _, text)| format!("<p><b>{time} Uhr:</b> {text}</p>")).collect();
    forward.reverse();
    let chronicle = format!("<p>{INTRO}</p>{}", forward.concat());
    let programme = format!(
        "<p>{FIRST}</p><p>{SECOND}</p><ul><li>20:00 Uhr: Konzert im Saal</li><li>18:30 Uhr: Empfang</li><li>17:00 Uhr: Führung</li>\
         <li>15:00 Uhr: Kaffee</li><li>11:00 Uhr: Eröffnung</li></ul>"
    );
    let comments = entries(|time, _, text| {
        format!("<div class=comment><b>Rike</b><time>{time}</time><p>{text}</p></div>")
    });
    let commented = format!(
        "<article><p>{FIRST}</p><p>{SECOND}</p></article><section id=comments><h2>6 Kommentare</h2>{comments}</section>"
    );
    for body in [chronicle, programme, commented] {
        assert_eq!(
            article(&page("Umbau beschlossen", &body)).page_kind,
            PageKind::Article,
            "{body}"
        );
    }
    let teasers = entries(|time, heading, text| {
        format!(
            "<div><span>{time}</span><h3><a href=/n>{heading} am Nachmittag gemeldet</a></h3><p>{text}</p></div>"
        )
    });
    let kind =
        outcome_of(&page("Neues von der Küste", &teasers), "").map(|article| article.page_kind);
    assert_ne!(kind, Ok(PageKind::Liveblog));
}

/// Texts under the pictures of a market.
const CAPTIONS: [&str; 6] = [
    "Bemalte Eier aus dem Kloster am Fuß des Berges",
    "Korbflechter Emil Haas bei der Arbeit an einem Wäschekorb",
    "Der Esel, der nicht über die Brücke wollte",
    "Um drei Uhr waren die Brote von Bäcker Thoma ausverkauft",
    "Die Kapelle spielte vor dem Rathaus bis in den Abend",
    "Am Brunnen sammelten die Pfadfinder für ihr neues Dach",
];

fn slides(write: impl Fn(usize, &str) -> String) -> String {
    CAPTIONS.iter().enumerate().map(|(at, caption)| write(at + 1, caption)).collect()
}

#[test]
fn a_gallery_is_known_by_a_run_of_pictures_with_their_texts() {
    let forms: [(&str, WriteSlide); 3] = [
        ("figures", |at, caption| {
            format!("<figure><img src=/{at}.jpg><figcaption>{caption}</figcaption></figure>")
        }),
        ("slides with counters", |at, caption| {
            format!(
                "<div class=slide><img src=/{at}.jpg><span>{at} / 6</span><div class=caption>{caption}</div></div>"
            )
        }),
        ("a list", |at, caption| {
            format!(
                "<li class=photo><figure><img src=/{at}.jpg><figcaption>{caption}</figcaption></figure></li>"
            )
        }),
    ];
    let intro = "<p>Vierzig Stände, Sonne und ein störrischer Esel: Der Ostermarkt lockte am Wochenende viele Besucher an.</p>";
    for (form, write) in forms {
        let body = format!("{intro}<div>{}</div>", slides(write));
        let article = article(&page("Der Ostermarkt in Bergheim", &body));
        assert_eq!(article.page_kind, PageKind::Gallery, "{form}");
        let captions: Vec<&str> =
            article.images.iter().filter_map(|image| image.caption.as_deref()).collect();
        assert_eq!(captions, CAPTIONS, "{form}");
    }
}

#[test]
fn a_page_that_is_called_a_gallery_may_have_text_beside_its_pictures() {
    let body = slides(|at, caption| {
        format!(
            "<div class=bild><img src=/{at}.jpg><p>{caption}. Viele blieben lange stehen und sahen zu.</p></div>"
        )
    });
    let kind = |title: &str| article(&page(title, &body)).page_kind;
    assert_eq!(kind("Bildergalerie: Der Ostermarkt in Bergheim"), PageKind::Gallery);
    assert_eq!(kind("Sechs Gründe, den Ostermarkt zu besuchen"), PageKind::Article);
}

#[test]
fn articles_with_pictures_are_no_galleries() {
    let text = entries(|_, heading, text| format!("<h2>{heading}</h2><p>{text}</p>"));
    let with_pictures = slides(|at, caption| {
        let (_, _, text) = ENTRIES[at - 1];
        format!(
            "<p>{text} Mehr ließ sich am Montag nicht erfahren.</p><figure><img src=/{at}.jpg><figcaption>{caption}</figcaption></figure>"
        )
    });
    let related = slides(|at, caption| {
        format!("<div class=card><img src=/{at}.jpg><a href=/{at}>{caption}</a></div>")
    });
    let with_related = format!("<article>{text}</article><aside>{related}</aside>");
    for body in [with_pictures, with_related] {
        assert_eq!(article(&page("Umbau beschlossen", &body)).page_kind, PageKind::Article);
    }
}

#[test]
fn what_is_no_article_is_rejected_with_its_reason() {
    let index = (1..20).fold(String::new(), |links, n| {
        links + &format!("<div class=teaser><h2><a href=/{n}>Meldung {n} aus dem Rat der Stadt</a></h2></div>")
    });
    let stub = "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false}</script>\
        <p>Der Rat tagt.</p><div class=paywall><p>Dieser Artikel ist nur für Abonnenten lesbar. Jetzt abonnieren und sofort weiterlesen.</p></div>";
    let missing = "<p>Die Seite wurde nicht gefunden. Vielleicht hilft die Suche weiter.</p>";
    for (title, body, rejection) in [
        ("Nachrichten aus Altenfeld", index.as_str(), Rejection::NotAnArticle),
        ("Umbau beschlossen", stub, Rejection::PaywallStub),
        ("Fehler 404: Seite nicht gefunden", missing, Rejection::ErrorPage),
    ] {
        assert_eq!(
            outcome_of(&page(title, body), "").map(|article| article.title),
            Err(rejection),
            "{title}"
        );
    }
}

#[test]
fn a_page_with_several_articles_is_flagged() {
    let post = |heading: &str, from: usize| {
        let paragraphs =
            ENTRIES.iter().skip(from).take(3).map(|(_, _, text)| format!("<p>{text}</p>"));
        format!(
            "<article class=post><h2>{heading}</h2>{}</article>",
            paragraphs.collect::<String>()
        )
    };
    let posts = [post("Sturm am Morgen", 3), post("Wieder Strom in Husendorf", 0)].concat();
    let blog = format!(
        "<!doctype html><html lang=de><title>Blog der Seewarte</title><body><h1>Blog der Seewarte</h1><main>{posts}</main>"
    );
    assert_eq!(article(&blog).quality.flags, ["several_articles"]);
    // Pages that load the next article below this one: it is left out, and the page says so.
    let endless = format!(
        "<!doctype html><html lang=de><title>Sturm am Morgen</title><meta property=og:title content='Sturm am Morgen'><body><main>{}</main>",
        posts.replace("<h2>", "<h1>").replace("</h2>", "</h1>")
    );
    let first = article(&endless);
    assert_eq!(first.quality.flags, ["several_articles"]);
    assert!(first.blocks.iter().all(|block| block.text != ENTRIES[0].2), "{:#?}", first.blocks);
    let body = format!("<article><p>{FIRST}</p><p>{SECOND}</p></article>");
    assert!(article(&page("Umbau beschlossen", &body)).quality.flags.is_empty());
}
