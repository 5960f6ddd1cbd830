//! Input for the tests: news pages of many kinds, made up here, each with its outcome.

use std::fmt::Write as _;
use std::ops::Range;

use serde_json::json;

/// How a page must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    Published,
    Rejected,
    DeadLettered,
    Tombstone,
}

/// One input record.
#[derive(Debug, Clone)]
pub(super) struct Page {
    /// Its number; unique, also written into its text.
    pub(super) number: usize,
    pub(super) key: String,
    pub(super) value: Option<Vec<u8>>,
    /// Headers besides `page-number`.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) expected: Expected,
}

/// Keys repeat so that the order of a key's records can be checked; a prime, so that every key meets every kind.
const N_KEYS: usize = 97;

/// A mix as a news crawler delivers it: three forms of articles, 2 % error pages, 2.5 % tombstones, 1 % broken records.
pub(super) fn mixed(numbers: Range<usize>) -> Vec<Page> {
    numbers.map(mixed_page).collect()
}

fn mixed_page(number: usize) -> Page {
    if number % 100 == 37 {
        return broken(number);
    }
    if number % 50 == 11 {
        return html(number, error_page(number), Expected::Rejected);
    }
    if number % 40 == 7 {
        return page(number, None, Vec::new(), Expected::Tombstone);
    }
    match number % 3 {
        0 => html(number, news_page(number), Expected::Published),
        1 => text_dump(number),
        _ => envelope(number),
    }
}

fn page(
    number: usize,
    value: Option<Vec<u8>>,
    headers: Vec<(&'static str, String)>,
    expected: Expected,
) -> Page {
    Page { number, key: format!("key-{}", number % N_KEYS), value, headers, expected }
}

/// The sentence that only this page has.
pub(super) fn own_sentence(number: usize) -> String {
    format!("Die Kennziffer dieser Meldung lautet {number}.")
}

fn url(number: usize) -> String {
    format!("https://www.beispielzeitung.example/lokales/meldung-{number}.html")
}

fn html(number: usize, html: String, expected: Expected) -> Page {
    let headers =
        vec![("url", url(number)), ("content-type", "text/html; charset=utf-8".to_owned())];
    page(number, Some(html.into_bytes()), headers, expected)
}

fn envelope(number: usize) -> Page {
    let value = json!({
        "url": url(number),
        "html": news_page(number),
        "fetched_at": "2026-03-14T09:26:53Z",
        "crawl": { "run": number },
    });
    page(number, Some(value.to_string().into_bytes()), Vec::new(), Expected::Published)
}

fn text_dump(number: usize) -> Page {
    let mut text = format!(
        " date 2026-03 {} Nach langer Beratung hat der Stadtrat entschieden, was viele überrascht.\n\nAnzeige\n\n",
        SUBJECTS[number % SUBJECTS.len()]
    );
    for paragraph in paragraphs(number) {
        write!(text, "{paragraph}\n\nAnzeige\n\n").expect("a string takes all");
    }
    let headers =
        vec![("url", url(number)), ("content-type", "text/plain; charset=utf-8".to_owned())];
    page(number, Some(text.into_bytes()), headers, Expected::Published)
}

/// The ways a record can be beyond reading, in turn.
fn broken(number: usize) -> Page {
    let (value, headers) = match (number / 100) % 3 {
        0 => (json!({ "url": url(number), "status": 200 }).to_string().into_bytes(), Vec::new()),
        1 => (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\0\x08\x06\0\0\0".to_vec(),
            Vec::new(),
        ),
        _ => (b"not gzip at all".to_vec(), vec![("content-encoding", "gzip".to_owned())]),
    };
    page(number, Some(value), headers, Expected::DeadLettered)
}

/// What a gateway answers when the site behind it is away: no text at all.
fn error_page(number: usize) -> String {
    format!(
        "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>\
         <h1>502 Bad Gateway</h1><p>The server of page {number} could not be reached. Try again later.</p></body></html>"
    )
}

fn news_page(number: usize) -> String {
    let subject = SUBJECTS[number % SUBJECTS.len()];
    let mut body = String::new();
    for paragraph in paragraphs(number) {
        write!(body, "<p>{paragraph}</p>\n<div class=\"ad\"><span>Anzeige</span></div>\n")
            .expect("a string takes all");
    }
    let url = url(number);
    format!(
        "<!doctype html>\n<html lang=\"de\"><head><meta charset=\"utf-8\"><title>{subject} – Beispielzeitung</title>\n\
         <link rel=\"canonical\" href=\"{url}\"><meta property=\"og:title\" content=\"{subject}\">\n\
         <meta property=\"article:published_time\" content=\"2026-03-14T08:00:00+01:00\"></head>\n\
         <body><header><nav><ul><li><a href=\"/politik\">Politik</a></li><li><a href=\"/sport\">Sport</a></li>\
         <li><a href=\"/lokales\">Lokales</a></li></ul></nav></header>\n\
         <main><article><h1>{subject}</h1>\n{body}</article></main>\n\
         <aside><h2>Lesen Sie auch</h2><ul><li><a href=\"/a\">Brücke bleibt bis Mai gesperrt</a></li>\
         <li><a href=\"/b\">Freibad öffnet später</a></li></ul></aside>\n\
         <footer><a href=\"/impressum\">Impressum</a> <a href=\"/datenschutz\">Datenschutz</a></footer></body></html>"
    )
}

const SUBJECTS: [&str; 5] = [
    "Stadtrat beschließt neuen Radweg am Flussufer",
    "Feuerwehr rettet drei Rehkitze aus dem Kanal",
    "Theater eröffnet die Spielzeit mit einem Stück von hier",
    "Bäckerei im Dorfkern findet nach Jahren eine Nachfolgerin",
    "Schule zieht für die Zeit des Umbaus in das alte Rathaus",
];

const SENTENCES: [&str; 8] = [
    "Der Beschluss fiel am Dienstagabend mit deutlicher Mehrheit, nachdem zwei Stunden lang beraten worden war.",
    "Viele Menschen waren gekommen, um die Entscheidung mitzuerleben und ihre Fragen zu stellen.",
    "„Wir haben lange darauf gewartet“, sagte eine Anwohnerin nach der Sitzung im großen Saal.",
    "Die Kosten liegen nach Angaben der Verwaltung bei rund vier Millionen Euro und verteilen sich auf drei Jahre.",
    "Kritik kam von einem Verein, der sich seit langem für den Erhalt der alten Bäume am Ufer einsetzt.",
    "Mit den Arbeiten soll im Herbst begonnen werden, sofern das Wetter es zulässt und die Aufträge vergeben sind.",
    "Bis dahin bleibt die Straße für den Durchgangsverkehr an den Wochenenden gesperrt.",
    "Im Frühjahr will die Stadt über die ersten Ergebnisse berichten und weitere Schritte vorstellen.",
];

fn paragraphs(number: usize) -> Vec<String> {
    let sentence = |idx: usize| SENTENCES[(number + idx) % SENTENCES.len()];
    let mut paragraphs: Vec<String> = (0..4 + number % 5)
        .map(|idx| [sentence(idx), sentence(idx + 3), sentence(idx + 5)].join(" "))
        .collect();
    paragraphs[1].push(' ');
    paragraphs[1].push_str(&own_sentence(number));
    paragraphs
}
