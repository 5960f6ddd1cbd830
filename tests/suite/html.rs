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
