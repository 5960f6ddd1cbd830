//! Decoding: what a record may look like, and how each bad one is refused.

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use klartext::config::Config;
use klartext::decode::{DecodeError, Decoded, decode};
use klartext::model::{CharsetSource, Header, PageBody, RawPage, Record};
use klartext::pipeline::{Failure, read};
use klartext::rules::Rules;
use proptest::prelude::*;

/// Compiled once: the marker files of two dozen languages take a while without optimisation.
fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());
    &RULES
}

fn record(value: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> Record {
    let headers = headers
        .iter()
        .map(|(name, value)| Header { name: (*name).to_owned(), value: Some((*value).into()) })
        .collect();
    Record { value: Some(value.into()), headers, ..Record::default() }
}

fn page(record: &Record) -> RawPage<'_> {
    match decode(record, rules()).unwrap() {
        Decoded::Page(page) => page,
        Decoded::Tombstone => panic!("a tombstone"),
    }
}

fn refused(value: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> (&'static str, String) {
    let error = read(&record(value, headers), rules()).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string);
    let message = [Some(error.to_string()), source].into_iter().flatten().collect::<Vec<_>>();
    (error.error_type(), message.join(": "))
}

#[test]
fn a_bare_value_is_told_apart_by_its_bytes() {
    let html = record("\u{feff} <!DOCTYPE html><p>Hallo", &[]);
    assert!(matches!(page(&html).body, PageBody::Html(_)));
    let text = record("Hallo < Welt", &[]);
    assert!(matches!(page(&text).body, PageBody::Text(_)));
    let envelope = record(r#"{"text": "Hallo"}"#, &[]);
    assert_eq!(page(&envelope).body.as_str(), "Hallo");
}

#[test]
fn headers_and_key_say_where_a_bare_page_came_from() {
    let mut by_key = record("<p>Hallo", &[("fetched-at", "2024-11-05T09:30:00+01:00")]);
    by_key.key = Some(b"https://www.example.org/a".to_vec());
    let read = page(&by_key);
    assert_eq!(read.url.unwrap().as_str(), "https://www.example.org/a");
    assert_eq!(read.fetched_at.unwrap().to_string(), "2024-11-05T08:30:00Z");
    let by_header = record("<p>Hallo", &[("url", "https://www.example.org/b")]);
    assert_eq!(page(&by_header).url.unwrap().path(), "/b");
}

#[test]
fn a_valid_utf8_page_is_borrowed() {
    let record = record("<p>Grüße", &[("content-type", "text/html; charset=utf-8")]);
    let PageBody::Html(html) = page(&record).body else { panic!("not HTML") };
    assert!(matches!(html, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn the_envelope_carries_body_address_time_and_http_headers() {
    let envelope = r#"{"url": "https://www.example.org/a", "body": "<p>Hallo", "fetched_at": 1730795400,
        "headers": {"Content-Type": ["text/html"], "Content-Language": "de"}, "crawl": 7}"#;
    let record = record(envelope, &[]);
    let read = page(&record);
    assert_eq!(read.body.as_str(), "<p>Hallo");
    assert_eq!(read.fetched_at.unwrap().to_string(), "2024-11-05T08:30:00Z");
    assert_eq!(read.content_language.as_deref(), Some("de"));
    assert!(read.source_fields.is_empty());
}

#[test]
fn unknown_fields_are_kept_when_asked_for() {
    let mut config = Config::default();
    config.input.json.pass_through = true;
    let rules = Rules::compile(&config).unwrap();
    let record = record(r#"{"text": "Hallo", "crawl": 7}"#, &[]);
    let Decoded::Page(page) = decode(&record, &rules).unwrap() else { panic!("a tombstone") };
    assert_eq!(serde_json::to_string(&page.source_fields).unwrap(), r#"{"crawl":7}"#);
}

#[test]
fn compressed_values_are_read() {
    let html = "<p>Grüße aus Kirchau</p>".repeat(100);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(html.as_bytes()).unwrap();
    let compressed = record(gzip.finish().unwrap(), &[("content-encoding", "gzip")]);
    assert_eq!(page(&compressed).body.as_str(), html);
    let compressed =
        record(zstd::encode_all(html.as_bytes(), 1).unwrap(), &[("content-encoding", "zstd")]);
    assert_eq!(page(&compressed).body.as_str(), html);
}

#[test]
fn a_page_is_never_lost_to_its_charset() {
    let windows = b"<meta charset=utf-8><p>Br\xfccke f\xfcr Kirchau \x96 und gr\xfcne B\xe4ume";
    let windows = record(windows.as_slice(), &[]);
    assert!(page(&windows).body.as_str().ends_with("Brücke für Kirchau – und grüne Bäume"));
    assert_eq!(page(&windows).charset.source, CharsetSource::Detected);

    let mislabelled = record("<p>Brücke", &[("content-type", "text/html; charset=iso-8859-1")]);
    assert_eq!(page(&mislabelled).body.as_str(), "<p>Brücke");

    let declared = record(b"<meta charset='koi8-r'><p>\xf0\xd2\xc9\xd7\xc5\xd4".as_slice(), &[]);
    assert!(page(&declared).body.as_str().ends_with("Привет"));
    assert_eq!(page(&declared).charset.source, CharsetSource::Meta);

    let mut patched = "Größe, Höhe, Länge und Brücken über Flüsse".as_bytes().to_vec();
    patched.push(0xff);
    let patched = record(patched, &[]);
    assert!(page(&patched).body.as_str().starts_with("Größe, Höhe"));
    assert!(page(&patched).charset.had_errors);

    let utf16: Vec<u8> = "<html>Grüße".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(page(&record(utf16, &[])).body.as_str(), "<html>Grüße");
}

#[test]
fn an_encoding_that_nobody_names_is_told_by_the_words() {
    let texts = [
        ("windows-1251", "Новый мост через реку откроют в понедельник, сообщила мэрия."),
        ("windows-1250", "Nový most přes řeku otevřou v pondělí, uvedla včera městská rada."),
        ("Shift_JIS", "新しい橋は月曜日に開通する。工事は三か月かかった。"),
        ("EUC-KR", "새 다리는 월요일에 개통된다고 시가 어제 밝혔다."),
        ("Big5", "新橋將於週一通車，工程歷時三個月。市長感謝所有工人。"),
    ];
    let menu = "<li class=\"menu-item\">\n\t<a href=\"/sport\">Sport</a>\r\n</li>".repeat(200);
    for (name, text) in texts {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
        let paragraph = encoding.encode(text).0;
        let value = [menu.as_bytes(), b"<p>", &paragraph, b"</p>", menu.as_bytes()].concat();
        let value = record(value, &[]);
        let page = page(&value);
        assert_eq!((page.charset.name, page.charset.source), (name, CharsetSource::Detected));
        assert!(page.body.as_str().contains(text), "{name}");
    }
}

#[test]
fn a_blank_value_is_a_page_without_text() {
    assert_eq!(page(&record("", &[])).body.as_str(), "");
    assert_eq!(page(&record(r#"{"html": ""}"#, &[])).body.as_str(), "");
}

#[test]
fn what_an_envelope_holds_beside_its_page_is_passed_over() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let envelope =
        format!(r#"{{"crawl": {deep}, "html": "<p>alt", "html": "<p>Hallo", "n": 1e999}}"#);
    assert_eq!(page(&record(envelope, &[])).body.as_str(), "<p>Hallo");
    let (error_type, message) = refused(r#"{"crawl": [1, 2}, "html": "<p>Hallo"}"#, &[]);
    assert_eq!(error_type, "invalid_json", "{message}");
    let (error_type, message) = refused(r#"{"html": "<p>Hallo"} oops"#, &[]);
    assert_eq!(error_type, "invalid_json", "{message}");
}

#[test]
fn every_refusal_names_its_cause() {
    /// Name, value, headers, error type.
    type Case = (&'static str, Vec<u8>, &'static [(&'static str, &'static str)], &'static str);
    let gzip_bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 21 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let cases: [Case; 15] = [
        ("document_too_large", vec![b'x'; 20 << 20], &[], "limits.document_bytes"),
        (
            "decompressed_too_large",
            gzip_bomb,
            &[("content-encoding", "gzip")],
            "limits.decompressed_bytes",
        ),
        ("bad_compression", b"no gzip".to_vec(), &[("content-encoding", "gzip")], "gzip"),
        ("unsupported_content_encoding", b"x".to_vec(), &[("content-encoding", "lzma")], "`lzma`"),
        ("invalid_json", b"{\"html\":\n oops}".to_vec(), &[], "line 2, column 2"),
        ("invalid_json", b"[1]".to_vec(), &[("content-type", "application/json")], "an array"),
        (
            "no_body",
            br#"{"url": "https://example.org/"}"#.to_vec(),
            &[],
            "`html`, `text`, `body`, `body_base64`",
        ),
        ("wrong_field_type", br#"{"html": 7}"#.to_vec(), &[], "`html` of the envelope is a number"),
        ("bad_base64", br#"{"body_base64": "%%%"}"#.to_vec(), &[], "`body_base64`"),
        ("binary_body", b"%PDF-1.7 ...".to_vec(), &[], "a PDF file"),
        ("binary_body", vec![1, 2, 3, 4, 5, 6, 0, 1], &[], "control characters"),
        ("unsupported_media_type", b"x".to_vec(), &[("content-type", "image/png")], "`image/png`"),
        ("too_deep", "<div>".repeat(100_000).into_bytes(), &[], "limits.dom_depth"),
        ("too_many_nodes", "<p>a".repeat(600_000).into_bytes(), &[], "limits.dom_nodes"),
        ("too_many_nodes", "Ein Satz.\n".repeat(600_000).into_bytes(), &[], "limits.dom_nodes"),
    ];
    for (error_type, value, headers, cause) in cases {
        let (actual, message) = refused(value, headers);
        assert_eq!(actual, error_type, "{message}");
        assert!(message.contains(cause), "{message}");
    }
}

#[test]
fn sloppy_markup_is_not_deep() {
    for sloppy in
        ["<p>a", "<p><b>a", "<li>a<p>b", "<table><tr><td>a", "<a href=x>a", "<font size=2>a<p>"]
    {
        let html = format!("<!doctype html>{}", sloppy.repeat(2_000));
        let record = record(html, &[]);
        let read = read(&record, rules());
        let is_table = sloppy.starts_with("<table");
        assert!(read.is_ok() || is_table, "{sloppy}: {}", read.unwrap_err());
    }
    let script = format!("<script>var a = '{}'</script>", "<div>".repeat(2_000));
    assert!(read(&record(script, &[]), rules()).is_ok());
    let svg = format!("<svg>{}</svg>", "<path d=''/>".repeat(2_000));
    assert!(read(&record(svg, &[]), rules()).is_ok());
}

/// `before0after before1after …`
fn numbered(n: usize, before: &str, after: &str) -> String {
    let parts: Vec<String> = (0..n).map(|i| format!("{before}{i}{after}")).collect();
    parts.concat()
}

#[test]
fn what_would_cost_the_square_is_refused_in_time() {
    let distinct_fonts = numbered(32_000, "<font size=", "><p>");
    let attributes = numbered(50_000, " a", "=1");
    let hostile = [
        "<ul><li>".repeat(32_000),
        "<div>".repeat(32_000),
        "<b><p>".repeat(32_000).replace("<b>", "<b x>"),
        distinct_fonts,
        format!("<div{attributes}>"),
    ];
    for html in hostile {
        let record = record(format!("<!doctype html>{html}"), &[]);
        let began = Instant::now();
        let read = read(&record, rules());
        // The square would take minutes here; the bound is wide because tests share a machine with other work.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert!(matches!(read, Ok(Some(_)) | Err(Failure::Parse(_))), "{:?}", read.err());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(value in proptest::collection::vec(any::<u8>(), 0..400)) {
        let record = record(value, &[]);
        let decoded = decode(&record, rules());
        prop_assert!(matches!(decoded, Ok(Decoded::Page(_)) | Err(_)));
    }
}

#[test]
fn bytes_without_order_are_no_text() {
    // xorshift: a fixed stream of bytes that looks random.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    for _ in 0..50 {
        let value: Vec<u8> = (0..600).map(|_| next()).collect();
        let read = decode(&record(value, &[]), rules()).map(|_| ());
        assert!(matches!(read, Err(DecodeError::BinaryBody { .. })), "{read:?}");
    }
}

#[test]
fn a_few_broken_bytes_make_no_page_binary() {
    for page in ["Kurz\u{1}\u{2}\u{3}", "Ein Satz mit\u{0}einem Loch. Der n\u{8}ächste ist heil."]
    {
        assert!(decode(&record(page, &[]), rules()).is_ok(), "{page:?}");
    }
}
