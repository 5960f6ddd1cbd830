//! HTML → blocks and verdicts, on small pages written by hand: one phenomenon each.

use std::sync::LazyLock;
use std::time::Duration;

use klartext::config::Config;
use klartext::model::{Article, ArticleBlockKind, Record, Rejection};
use klartext::pipeline::read;
use klartext::rules::Rules;
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

/// Two paragraphs that every page needs to be one.
const FIRST: &str = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen.";
const SECOND: &str = "Bürgermeister Jonas Rehm rechnet mit Kosten von drei Millionen Euro, von denen das Land die Hälfte übernimmt.";

fn outcome(html: &str) -> Result<Article, Rejection> {
    let record = Record { value: Some(html.into()), ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result
}

/// An article page with that body.
fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=de><title>Umbau beschlossen | Altenfelder Bote</title><body><nav><a href=/>Start</a></nav>\
         <article><h1>Umbau beschlossen</h1>{body}</article><footer><a href=/i>Impressum</a></footer>"
    )
}

fn texts(html: &str) -> Vec<String> {
    outcome(html).unwrap().blocks.into_iter().map(|block| block.text).collect()
}

/// Checks the blocks of an article whose body is the given HTML.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    assert_eq!(texts(&page(body)), expected);
}

#[test]
fn paragraphs_come_out_without_navigation_footer_and_headline() {
    check(&format!("<p>{FIRST}</p><p>{SECOND}</p>"), &[FIRST, SECOND]);
}

#[test]
fn two_line_breaks_split_a_paragraph_and_one_does_not() {
    check(&format!("<div>{FIRST}<br><br>{SECOND}</div>"), &[FIRST, SECOND]);
    let joined = format!("{FIRST} {SECOND}");
    check(&format!("<p>{FIRST}<br>{SECOND}</p><p>{FIRST}</p>"), &[&joined, FIRST]);
}

#[test]
fn inline_markup_neither_glues_nor_splits_words() {
    let marked = FIRST
        .replace("Altenfeld", "<b>Alten</b><i>feld</i>")
        .replace("Umbau", "<a href=/u>Umbau</a>");
    check(&format!("<p>{marked}</p><p>{SECOND}</p>"), &[FIRST, SECOND]);
}

#[test]
fn a_large_first_letter_joins_its_word() {
    let dropped = FIRST.replacen('D', "<span class=dropcap>D</span>", 1);
    check(&format!("<p>{dropped}</p><p>{SECOND}</p>"), &[FIRST, SECOND]);
}

#[test]
fn a_paywall_class_around_the_article_is_no_reason_to_cut_it() {
    check(
        &format!("<div class='paywall premium video'><p>{FIRST}</p><p>{SECOND}</p></div>"),
        &[FIRST, SECOND],
    );
}

#[test]
fn a_hidden_container_that_is_the_article_is_kept_and_a_hidden_line_is_not() {
    let body = format!("<div hidden><p>{FIRST}</p><p>{SECOND}</p></div>");
    check(&body, &[FIRST, SECOND]);
    check(
        &format!("<p>{FIRST}</p><p style='display: none'>Suchwort</p><p>{SECOND}</p>"),
        &[FIRST, SECOND],
    );
}

#[test]
fn captions_leave_the_text_and_become_images() {
    let body = format!(
        "<p>{FIRST}</p><figure><img src=b.jpg><figcaption>Der alte Bahnhof. <span class=credit>Foto: Mia Lang</span>\
         </figcaption></figure><p>{SECOND}</p>"
    );
    let article = outcome(&page(&body)).unwrap();
    assert_eq!(article.blocks.len(), 2);
    assert!(article.images.iter().any(|i| i.caption.as_deref() == Some("Der alte Bahnhof.")));
}

#[test]
fn links_only_go_and_links_in_sentences_stay() {
    let body = format!(
        "<p>{FIRST}</p><ul class=related><li><a href=/1>Bahnhof: Was Pendler wissen müssen</a></ul><p>{SECOND}</p>\
         <p><a href=/2>Mehr zum Thema: Bahnhof Altenfeld</a></p>"
    );
    check(&body, &[FIRST, SECOND]);
}

#[test]
fn comments_and_what_follows_them_are_no_text() {
    let long = format!("{FIRST} {SECOND} ").repeat(3);
    let body = format!(
        "<p>{long}</p><section class=comments><h2>Kommentare (2)</h2><p>Endlich, das wurde aber auch wirklich Zeit, \
         denn seit Jahren verfällt das Gebäude vor unseren Augen!</p></section>"
    );
    check(&body, &[long.trim()]);
}

#[test]
fn tables_lists_quotes_and_preformatted_text_keep_their_kind() {
    let body = format!(
        "<p>{FIRST}</p><h2>Die Zahlen</h2><table><tr><th>Jahr</th><th>Gäste</th></tr><tr><td>2023</td><td>412</td></tr></table>\
         <ul><li>Wartesaal</li><li>Güterschuppen</li></ul><blockquote><p>Wir bauen.</p></blockquote><pre>a\n  b</pre><p>{SECOND}</p>"
    );
    let article = outcome(&page(&body)).unwrap();
    let kinds: Vec<(&str, &str)> =
        article.blocks.iter().map(|block| (block.kind.as_str(), block.text.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("paragraph", FIRST),
            ("heading", "Die Zahlen"),
            ("table_row", "Jahr\tGäste"),
            ("table_row", "2023\t412"),
            ("list_item", "Wartesaal"),
            ("list_item", "Güterschuppen"),
            ("quote", "Wir bauen."),
            ("preformatted", "a\n  b"),
            ("paragraph", SECOND),
        ]
    );
    assert_eq!(article.blocks.get(1).map(|block| block.kind), Some(ArticleBlockKind::Heading(2)));
}

#[test]
fn a_short_article_outweighs_a_long_cookie_notice() {
    let notice = "Wir verwenden Cookies, um Inhalte zu personalisieren und die Zugriffe auf unsere Website zu analysieren. ".repeat(30);
    let html = page(&format!("<p>{FIRST}</p><p>{SECOND}</p>"))
        + &format!("<div id=onetrust-consent-sdk><p>{notice}</p></div>");
    assert_eq!(texts(&html), [FIRST, SECOND]);
}

#[test]
fn pages_that_are_no_article_say_why() {
    for (html, reason) in [
        ("<html><body></body></html>", Rejection::Empty),
        (
            "<title>404 – Seite nicht gefunden</title><h1>Seite nicht gefunden</h1><p>Zurück zur Startseite.</p>",
            Rejection::ErrorPage,
        ),
        (
            "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>",
            Rejection::Captcha,
        ),
        (
            "<title>Bote</title><div class=cmp><h2>Wir verwenden Cookies</h2><p>Wir und unsere 90 Partner verarbeiten personenbezogene Daten. Mit Klick auf „Alle akzeptieren“ stimmen Sie zu.</p><button>Alle akzeptieren</button></div>",
            Rejection::ConsentWall,
        ),
    ] {
        assert_eq!(outcome(html).unwrap_err(), reason, "{html}");
    }
}

#[test]
fn work_grows_with_the_page_and_not_with_its_square() {
    let unit = format!("<div class=box><p>{FIRST}<p><b>{SECOND}</div>");
    // Of this thread: the clock on the wall also counts what else the machine does.
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs().try_into().unwrap())
    };
    let time = |n: usize| {
        let html = page(&unit.repeat(n));
        let began = now();
        assert!(outcome(&html).is_ok());
        now().saturating_sub(began)
    };
    time(50);
    let (small, large) = (time(200), time(1_600));
    // Eight times the page; three times the slack for a busy machine.
    assert!(large < small * 24 + Duration::from_millis(200), "{small:?} → {large:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_markup_makes_it_panic(
        tags in proptest::collection::vec("</?(p|div|b|table|td|tr|li|ul|span|article|h1|svg|template|noscript|br|a href=x)( hidden| class=ad)?>|[ a-zÄ.&;<>\"]{0,40}", 0..60)
    ) {
        let html = format!("<html><body>{}", tags.concat());
        let record = Record { value: Some(html.into()), ..Record::default() };
        let reading = read(&record, &RULES);
        prop_assert!(reading.is_ok());
    }
}

const THIRD: &str = "Im Erdgeschoss ist ein Wartesaal mit Kiosk geplant, im ersten Stock zieht die Musikschule ein.";

#[test]
fn what_a_script_would_show_is_taken_from_the_metadata() {
    let html = format!(
        r#"<html lang=de><title>Umbau beschlossen</title><script type="application/ld+json">{{"@type":"NewsArticle",
        "headline":"Umbau beschlossen","articleBody":"<p>{FIRST}</p><p>Anzeige</p><p>{SECOND}</p>"}}</script><div id=app></div>"#
    );
    let article = outcome(&html).unwrap();
    let texts: Vec<&str> = article.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, [FIRST, SECOND]);
    assert_eq!(article.provenance.fields["text"].as_str(), "json-ld");
}

#[test]
fn metadata_never_stands_in_for_text_that_the_page_shows() {
    let html = page(&format!("<p>{FIRST}</p>")).replace(
        "<body>",
        &format!(r#"<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{FIRST} {SECOND} {THIRD}"}}</script><body>"#),
    );
    assert_eq!(texts(&html), [FIRST]);
}

#[test]
fn a_ticker_of_linked_headlines_above_the_headline_goes() {
    let teaser = |n: u8| {
        format!(
            "<li><a href=/{n}>Gemeinderat stimmt über Punkt {n} ab</a> ALTENFELD: Der Rat hat am Montag nach langer Debatte \
             über den Punkt abgestimmt, teilte die Verwaltung mit.</li>"
        )
    };
    let ticker: String = (1..=6).map(teaser).collect();
    let html = format!(
        "<html lang=de><title>Umbau beschlossen | Bote</title><div><ul>{ticker}</ul><h2>Umbau beschlossen</h2>\
         <p>{FIRST}</p><p>{SECOND}</p></div>"
    );
    assert_eq!(texts(&html), [FIRST, SECOND]);
}

#[test]
fn the_next_article_that_a_page_loads_is_not_this_one() {
    let html = format!(
        "<html lang=de><title>Umbau beschlossen | Bote</title><div class=story><h1>Umbau beschlossen</h1><p>{FIRST}</p>\
         <p>{SECOND}</p></div><div class=story><h1>Linde am Marktplatz gepflanzt</h1><p>Am Marktplatz steht seit Dienstag \
         eine neue Linde. Die alte war im Herbst vom Sturm entwurzelt worden.</p></div>"
    );
    assert_eq!(texts(&html), [FIRST, SECOND]);
}

#[test]
fn sections_of_an_article_with_headlines_of_their_own_are_no_other_articles() {
    let html = format!(
        "<html lang=de><title>Umbau beschlossen | Bote</title><article><header><h1>Umbau beschlossen</h1></header>\
         <section><p>{FIRST}</p></section><section><h1>Musikschule zieht ein</h1><p>{THIRD}</p></section></article>"
    );
    assert_eq!(texts(&html), [FIRST, "Musikschule zieht ein", THIRD]);
}

#[test]
fn a_line_alone_with_its_picture_is_its_caption() {
    check(
        &format!(
            "<p>{FIRST}</p><div><img src=b.jpg><div>Der Bahnhof im Winter</div></div><p>{SECOND}</p>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn a_box_that_is_called_an_ad_for_those_who_do_not_see_it_is_one() {
    check(
        &format!(
            "<p>{FIRST}</p><section aria-label=Anzeige><p>Das neue Modell jetzt bei Ihrem Händler Probe fahren und sparen.\
             </p></section><p>{SECOND}</p>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn a_sentence_beside_a_form_is_a_prompt() {
    check(
        &format!(
            "<p>{FIRST}</p><p>{THIRD}</p><div><p>Mehr aus der Region gibt es jeden Morgen per Mail.</p>\
             <form><input><button>Anmelden</button></form></div><p>{SECOND}</p>"
        ),
        &[FIRST, THIRD, SECOND],
    );
}

#[test]
fn tables_and_code_between_paragraphs_stay() {
    check(
        &format!(
            "<p>{FIRST}</p><table><tr><th>Jahr<th>Anzeige<tr><td>2024<td>12 Fälle</table><p>{SECOND}</p>\
             <pre>git init\ngit status</pre><p>{THIRD}</p>"
        ),
        &[FIRST, "Jahr\tAnzeige", "2024\t12 Fälle", SECOND, "git init\ngit status", THIRD],
    );
}

#[test]
fn stars_between_paragraphs_are_no_text() {
    check(
        &format!("<p>* * *</p><p>{FIRST}</p><p>* * *</p><p>{SECOND}</p><p>***</p>"),
        &[FIRST, SECOND],
    );
}

#[test]
fn a_page_of_linked_headlines_with_a_line_each_is_no_article() {
    let teaser = |n: u8| {
        format!(
            "<div><h2><a href=/{n}>Meldung {n} aus dem Rat</a></h2><p>Der Rat hat am Montag über Punkt {n} gesprochen.</p></div>"
        )
    };
    let teasers: String = (1..=12).map(teaser).collect();
    let html = format!("<html lang=de><title>Altenfelder Bote</title><main>{teasers}</main>");
    assert_eq!(outcome(&html).unwrap_err(), Rejection::NotAnArticle);
}

#[test]
fn the_last_words_on_the_author_are_none_of_the_text() {
    let html = page(&format!(
        "<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FIRST} {THIRD}</p><p><em>Rike Olbers wohnt in Altenfeld und schreibt über den Ort.</em></p>"
    ))
    .replace("<body>", "<meta name=author content='Rike Olbers'><body>");
    let last = format!("{FIRST} {THIRD}");
    assert_eq!(texts(&html), [FIRST, SECOND, THIRD, &last]);
}

#[test]
fn a_short_text_before_an_offer_is_flagged_as_cut() {
    let wall = "<p>Jetzt 30 Tage kostenlos testen, danach monatlich kündbar</p><a href=/abo>Jetzt abonnieren</a>";
    let article = outcome(&page(&format!("<p>{FIRST}</p>{wall}"))).unwrap();
    assert!(article.quality.flags.contains(&"paywalled"), "{:?}", article.quality.flags);
}

#[test]
fn spans_that_are_boxes_are_paragraphs() {
    check(
        &format!(
            "<div><span style='display: block'>{FIRST}</span><span style='display: block'>{SECOND}</span></div>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn what_asks_for_consent_in_front_of_an_embedded_post_is_no_text() {
    for placeholder in [
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.",
        "Ich bin einverstanden, dass mir Inhalte von YouTube angezeigt werden. Damit können personenbezogene Daten an Drittplattformen übermittelt werden.",
        "Damit werden personenbezogene Daten an Drittplattformen übermittelt.",
        "An dieser Stelle finden Sie einen externen Inhalt von Instagram, der den Artikel ergänzt.",
        "Mit dem Laden des Videos akzeptieren Sie die Datenschutzerklärung von YouTube.",
        "Um diesen Inhalt anzuzeigen, ist Ihre Einwilligung nötig.",
        "Um das Video zu sehen, melden Sie sich bitte an oder registrieren Sie sich.",
        "Wir benötigen Ihre Zustimmung, um den Beitrag des Dienstes zu laden.",
        "Sie können ihn mit einem Klick anzeigen lassen und wieder ausblenden.",
        "Mehr dazu in unserer Datenschutzerklärung.",
        "Link zum YouTube-Inhalt",
        "This article contains content provided by Instagram. We ask for your permission before anything is loaded.",
        "To view this content you need to accept cookies.",
        "I agree to be shown external content.",
        "Pour afficher ce contenu, vous devez accepter les cookies.",
        "Para ver este contenido debes aceptar las cookies.",
        "Per visualizzare questo contenuto è necessario accettare i cookie.",
        "Om deze inhoud te bekijken, moet je cookies accepteren.",
        "Aby zobaczyć tę treść, zaakceptuj pliki cookies.",
        "Para ver este conteúdo, é preciso aceitar os cookies.",
        "For at se dette indhold skal du acceptere cookies.",
        "For å se dette innholdet må du godta informasjonskapsler.",
        "För att se det här innehållet måste du godkänna kakor.",
        "Bu içeriği görüntülemek için çerezleri kabul etmelisiniz.",
    ] {
        check(
            &format!("<p>{FIRST}</p><div><p>{placeholder}</p></div><p>{SECOND}</p>"),
            &[FIRST, SECOND],
        );
    }
}

#[test]
fn sentences_about_consent_and_data_stay() {
    for sentence in [
        "Die Stadt zeigt externe Inhalte erst nach Zustimmung der Besucher.",
        "Um die Karten für das Konzert zu bekommen, muss man sich bis Freitag anmelden.",
        "Damit werden Daten an die Polizei weitergegeben, kritisierte der Datenschützer.",
        "Mit dem Video will die Feuerwehr junge Leute werben.",
        "To see the map of the valley, visitors climb the tower.",
    ] {
        check(
            &format!("<p>{FIRST}</p><p>{sentence}</p><p>{SECOND}</p>"),
            &[FIRST, sentence, SECOND],
        );
    }
}

#[test]
fn text_above_a_section_that_sounds_like_the_title_stays() {
    let third = "Die alte Schalterhalle wird zum Café, auf Gleis drei sollen im Sommer Konzerte stattfinden.";
    let html = format!(
        "<!doctype html><html lang=de><title>Was der Umbau des Bahnhofs kostet</title><body><main><h1>Alles zum Bahnhof</h1>\
         <p>{FIRST}</p><div class=part><h2>Was der Umbau kostet</h2><p>{SECOND} {SECOND}</p></div>\
         <div class=part><h2>Was geplant ist</h2><p>{third}</p></div></main>"
    );
    let texts = texts(&html);
    for text in [FIRST, third] {
        assert!(texts.iter().any(|kept| kept == text), "{text} is not in {texts:?}");
    }
}

#[test]
fn a_short_linked_heading_between_paragraphs_is_the_texts_own() {
    check(
        &format!("<p>{FIRST}</p><h3><a href=/k>Was es kostet</a></h3><p>{SECOND}</p>"),
        &[FIRST, "Was es kostet", SECOND],
    );
    check(
        &format!(
            "<p>{FIRST}</p><h3><a href=/k>Bürgermeister kündigt am Montag seinen Rücktritt an</a></h3><p>{SECOND}</p>"
        ),
        &[FIRST, SECOND],
    );
}

#[test]
fn linked_headlines_with_their_decks_behind_the_text_are_teasers() {
    let teasers: String = ["Schule schließt", "Rat streitet", "Brücke gesperrt"]
        .map(|headline| format!("<li><h3><a href=/t>{headline} am Montag in Altenfeld</a></h3><div>3. 5. 2026 10:14</div><p>{headline}, sagte eine Sprecherin.</p></li>"))
        .concat();
    let text = format!("<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST} {SECOND}</p>");
    check(&format!("{text}<ul>{teasers}</ul>"), &[FIRST, SECOND, &format!("{FIRST} {SECOND}")]);
}

#[test]
fn a_line_directly_behind_a_picture_that_says_whose_it_is_is_its_caption() {
    let caption =
        "Pictured right, is the hall of the old station. The council met there on Monday.";
    for line in [caption, "Source: Stadtarchiv"] {
        check(
            &format!("<p>{FIRST}</p><img src=/b.jpg><p>{line}</p><p>{SECOND}</p>"),
            &[FIRST, SECOND],
        );
    }
    check(&format!("<p>{FIRST}</p><p>{caption}</p><p>{SECOND}</p>"), &[FIRST, caption, SECOND]);
    check(&format!("<p>{FIRST}</p><img src=/b.jpg><p>{SECOND}</p>"), &[FIRST, SECOND]);
}

#[test]
fn linked_questions_behind_the_text_open_their_answers() {
    let answers: String = ["Was kostet das", "Wer zahlt das alles", "Wann geht es los"]
        .map(|question| format!("<h3><a href=#a>{question}, Herr Rehm?</a></h3><p>{question}, ließ er am Montag offen.</p>"))
        .concat();
    let text = format!("<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST} {SECOND}</p>");
    let kept = texts(&page(&format!("{text}{answers}")));
    assert!(
        kept.iter().any(|text| text == "Wer zahlt das alles, ließ er am Montag offen."),
        "{kept:?}"
    );
}

#[test]
fn words_that_a_style_leaves_to_screen_readers_stand_in_no_sentence() {
    let style =
        "border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute;width:1px";
    let linked = FIRST.replace(
        "Umbau",
        &format!("<a href=/u>Umbau<span style='{style}'>, öffnet ein neues Fenster</span></a>"),
    );
    check(&format!("<p>{linked}</p><p>{SECOND}</p>"), &[FIRST, SECOND]);
}

#[test]
fn the_end_mark_of_an_agency_stays_between_paragraphs() {
    check(&format!("<p>{FIRST}</p><p>___</p><p>{SECOND}</p><p>___</p>"), &[FIRST, "___", SECOND]);
}
