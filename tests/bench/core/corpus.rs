//! The pages that are cleaned.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use klartext::model::{Header, Record};

/// Sets of `KLARTEXT_BENCH_PAGES`: folder, or folder and language.
const SETS: &str = "fundus traf:de aeb";

/// A page as the service gets it.
pub(super) struct Page {
    pub(super) record: Record,
    pub(super) url: String,
}

impl Page {
    pub(super) fn n_bytes(&self) -> usize {
        self.record.value.as_ref().map_or(0, Vec::len)
    }
}

/// The pages of the environment's folder, else our own: sizes as pages of news sites have.
pub(super) fn pages() -> Vec<Page> {
    let sets = std::env::var("KLARTEXT_BENCH_SETS").unwrap_or_else(|_| SETS.to_owned());
    match std::env::var_os("KLARTEXT_BENCH_PAGES") {
        Some(folder) => {
            sets.split_whitespace().flat_map(|set| read_set(folder.as_ref(), set)).collect()
        }
        None => {
            [40, 80, 120, 200, 200, 300, 500, 900].iter().map(|kb| synthetic(kb * 1000)).collect()
        }
    }
}

fn read_set(root: &Path, set: &str) -> Vec<Page> {
    let (name, lang) = set.split_once(':').map_or((set, None), |(name, lang)| (name, Some(lang)));
    let folder = root.join(name);
    let lines = BufReader::new(File::open(folder.join("pages.jsonl")).unwrap()).lines();
    let entries = lines.map(|line| serde_json::from_str::<serde_json::Value>(&line.unwrap()));
    let entries = entries.map(Result::unwrap);
    entries
        .filter(|entry| lang.is_none_or(|lang| entry["lang"] == lang))
        .map(|entry| {
            let file = File::open(folder.join(entry["html"].as_str().unwrap())).unwrap();
            let mut bytes = Vec::new();
            flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
            let url = entry["url"].as_str().unwrap_or_default().to_owned();
            Page { record: record(bytes, "text/html", &url), url }
        })
        .collect()
}

/// Writes `0001.html` … and `urls.txt`, a line for each.
pub(super) fn write(pages: &[Page], folder: &Path) {
    let mut urls = String::new();
    for (n, page) in (1..).zip(pages) {
        let bytes = page.record.value.as_deref().unwrap_or_default();
        fs::write(folder.join(format!("{n:04}.html")), bytes).unwrap();
        writeln!(urls, "{}", page.url).unwrap();
    }
    fs::write(folder.join("urls.txt"), urls).unwrap();
}

/// Words of the pages. Invented; no sense is needed, only letters, sentences and umlauts.
const WORDS: &str = "der neue Hafen von Norderkoog wird nach langer Beratung nun doch gebaut sagte die Bürgermeisterin am \
    Abend vor vielen Gästen im Rathaus wo über Kosten Termine und Folgen für das Viertel gestritten wurde während draußen \
    Händler ihre Stände schlossen weil Regen und Wind vom Meer her kamen";

/// A news page of about so many bytes: a quarter scripts, a quarter styles, markup as content management systems write it,
/// and few percent of text.
pub(super) fn synthetic(n_bytes: usize) -> Page {
    /// Share of text and of each of the other parts, percent.
    const TEXT: usize = 7;
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let sentence = |n: usize| {
        let mut text = String::from("Heute");
        for at in 0..14 {
            text.push(' ');
            text.push_str(words[(n * 7 + at * (1 + n % 5)) % words.len()]);
        }
        text.push('.');
        text
    };
    let mut html = String::with_capacity(n_bytes * 2);
    html.push_str(
        "<!DOCTYPE html><html lang=\"de\"><head><meta charset=\"utf-8\"><title>Hafen wird gebaut - \
         Kirchauer Bote</title><meta property=\"og:title\" content=\"Hafen wird gebaut\">\
         <meta property=\"article:published_time\" content=\"2024-05-03T10:00:00+02:00\">\
         <script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Hafen wird gebaut\",\
         \"datePublished\":\"2024-05-03T10:00:00+02:00\",\"author\":{\"@type\":\"Person\",\"name\":\"Ada Beispiel\"}}\
         </script>",
    );
    fill(&mut html, "<style>", "</style>", n_bytes * 23 / 100, |n| {
        format!(".c-{n}__item--wide{{margin:0 {n}px;color:#1a2b3c;display:flex}}\n")
    });
    fill(&mut html, "<script>", "</script>", n_bytes * 28 / 100, |n| {
        format!("window.dl=window.dl||[];dl.push({{id:{n},on:function(e){{return e<{n}}}}});\n")
    });
    html.push_str("</head><body class=\"page\">");
    fill(&mut html, "<nav class=\"c-nav\"><ul>", "</ul></nav>", n_bytes * 12 / 100, |n| {
        format!(
            "<li class=\"c-nav__item c-nav__item--l{}\" data-track=\"nav:{n}\"><a class=\"c-nav__link\" \
             href=\"/ressort/{n}\"><svg viewBox=\"0 0 24 24\"><path d=\"M12 {n}l9 9-9 9z\"/></svg>\
             <span>Ressort {n}</span></a></li>\n",
            n % 3
        )
    });
    html.push_str("<main><article class=\"c-article\"><h1>Hafen wird gebaut</h1>");
    let text = n_bytes * TEXT / 100;
    fill(&mut html, "<div class=\"c-article__body\">", "</div>", text, |n| {
        format!(
            "<p class=\"c-article__text\" data-id=\"{n}\">{} {} <a href=\"/thema/{n}\">Mehr</a> {}</p>\n",
            sentence(n),
            sentence(n + 1),
            sentence(n + 2)
        )
    });
    html.push_str("</article></main>");
    let rest = n_bytes.saturating_sub(html.len());
    fill(&mut html, "<aside class=\"c-teasers\">", "</aside>", rest, |n| {
        format!(
            "<div class=\"c-teaser c-teaser--m\" data-pos=\"{n}\" data-id=\"t{n}\"><!-- teaser {n} -->\
             <a class=\"c-teaser__link\" href=\"/artikel/{n}.html\"><div class=\"c-teaser__image\"><img \
             class=\"lazy\" data-src=\"/bild/{n}.jpg\" alt=\"\"></div><h3 class=\"c-teaser__title\">\
             <span>Thema {n}</span> Ein Titel für Nummer {n}</h3></a></div>\n"
        )
    });
    html.push_str("<footer><p>© 2024 Kirchauer Bote</p></footer></body></html>");
    let url = format!("https://kirchauer-bote.example/artikel/{n_bytes}.html");
    Page { record: record(html.into_bytes(), "text/html; charset=utf-8", &url), url }
}

/// Appends pieces until so many bytes are there.
fn fill(
    html: &mut String,
    open: &str,
    close: &str,
    n_bytes: usize,
    piece: impl Fn(usize) -> String,
) {
    let end = html.len() + n_bytes;
    html.push_str(open);
    let mut n = 0;
    while html.len() + close.len() < end {
        html.push_str(&piece(n));
        n += 1;
    }
    html.push_str(close);
}

/// A record of a page.
fn record(bytes: Vec<u8>, media_type: &str, url: &str) -> Record {
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: Some(value.as_bytes().to_vec()),
    };
    Record {
        value: Some(bytes),
        headers: vec![header("content-type", media_type), header("url", url)],
        ..Record::default()
    }
}
