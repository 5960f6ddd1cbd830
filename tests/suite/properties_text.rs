//! What holds of every text dump: cleaning twice is cleaning once, a menu around an article changes none of its
//! paragraphs, the same text gives the same verdicts, and nothing panics.

use klartext::config::Config;
use klartext::label::label;
use klartext::model::{Charset, CharsetSource, Document, LabelledDocument, PageBody, RawPage};
use klartext::parse::parse;
use klartext::rules::Rules;
use proptest::prelude::*;

fn rules() -> &'static Rules {
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    RULES.get_or_init(|| Rules::compile(&Config::default()).unwrap())
}

fn page(text: &str) -> RawPage<'_> {
    RawPage {
        url: None,
        fetched_at: None,
        body: PageBody::Text(text.into()),
        charset: Charset { name: "UTF-8", source: CharsetSource::ValidUtf8, had_errors: false },
        content_language: None,
        canonical_link: None,
        source_fields: serde_json::Map::new(),
    }
}

fn labelled(text: &str) -> LabelledDocument {
    label(parse(&page(text), rules()).unwrap(), rules())
}

/// The texts of the blocks that stay.
fn clean(text: &str) -> Vec<String> {
    let blocks = labelled(text).blocks.into_iter();
    blocks
        .filter(|labelled| labelled.verdict.label.is_text())
        .map(|labelled| labelled.block.text)
        .collect()
}

/// Lines that dumps are made of: sentences, headings, labels, menus, metadata, and what looks like them.
fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Anzeige", "Werbung", "– Anzeige –", "A N Z E I G E", "Advertisement", "Mehr zum Thema", "Facebook", "Teilen",
        "Startseite", "Impressum", "Datenschutz", "3 Kommentare", "Kommentare", "Newsletter", "Anmelden",
        "Von Henning Maas", "Stand: 05.11.2024, 14:12 Uhr", "Foto: Mira Lenz/Bote", "dpa", "Themen: Kirchau, Verkehr",
        "Das Wichtigste in Kürze", "Das Wichtigste in Kürze Der Neubau kostet acht Millionen Euro.",
        "Lesen Sie auch: So teuer wird der Sommer", "Im Video: So sieht die Brücke aus", "Radweg bleibt Streitpunkt",
        "Anzeige erstattet", "Zutaten:", "250 g Mehl", "• Die Brücke wird neu gebaut.", "- Fotos machen",
        "14.20 Uhr: Brücke wieder frei", "Korrektur: In einer früheren Version stand eine falsche Zahl zu den Kosten.",
        "Der Stadtrat hat am Abend den Neubau der alten Brücke beschlossen. Die Arbeiten beginnen im Frühjahr.",
        "Verletzt wurde niemand.", "Der Schaden wird auf 60.000 Euro geschätzt, sagte ein Sprecher der Feuerwehr am Mittag.",
        "Die Polizei erstattete Anzeige.", "AnzeigeDas Gericht hat am Montag entschieden. Anzeige", "https://example.org/a",
        "a\tb\tc", "1. TV Mühlental 12 21:3", "", "", "date 2024-11 Der Fluss steigt weiter an, heißt es.",
    ])
    .prop_map(str::to_owned);
    prop_oneof![8 => known, 1 => "[A-ZÄÖÜ][a-zäöü]{2,9}( [a-zäöüA-Z]{2,9}){0,18}[.!?:]?", 1 => "\\PC{0,80}"]
}

fn dump() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(vec!["\n", "\n\n", "\r\n"]);
    (prop::collection::vec(line(), 0..40), separator)
        .prop_map(|(lines, separator)| lines.join(separator))
}

/// An article no rule doubts: paragraphs of two sentences.
fn article() -> impl Strategy<Value = Vec<String>> {
    let word = "[a-zäöü]{3,11}";
    let sentence = (Just("Die"), prop::collection::vec(word, 8..16))
        .prop_map(|(first, words)| format!("{first} {}.", words.join(" ")));
    let paragraph = prop::collection::vec(sentence, 2..4).prop_map(|sentences| sentences.join(" "));
    prop::collection::vec(paragraph, 3..8)
}

const MENU: [&str; 12] = [
    "Zum Inhalt springen",
    "Menü",
    "Startseite",
    "Politik",
    "Wirtschaft",
    "Sport",
    "Kultur",
    "Wissen",
    "Reise",
    "Abo",
    "Anmelden",
    "Newsletter",
];

const FOOTER: [&str; 11] = [
    "Teilen",
    "Facebook",
    "Kommentare",
    "Das könnte Sie auch interessieren",
    "Sieben Tipps für den Garten",
    "So wird das Wetter am Wochenende",
    "Impressum",
    "Datenschutz",
    "AGB",
    "Kontakt",
    "© 2024 Kirchauer Bote. Alle Rechte vorbehalten.",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in dump()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once.join("\n\n")), once);
    }

    #[test]
    fn a_menu_and_a_footer_change_no_paragraph(paragraphs in article()) {
        let article = paragraphs.join("\n\n");
        prop_assert_eq!(clean(&article), paragraphs.clone());
        let whole = format!("{}\n\n{article}\n\n{}", MENU.join("\n"), FOOTER.join("\n"));
        prop_assert_eq!(clean(&whole), paragraphs);
    }

    #[test]
    fn any_text_is_read_and_labelled_the_same_twice(text in "(\\PC|\\n|\\t| ){0,300}") {
        let Document { blocks, .. } = parse(&page(&text), rules()).unwrap();
        let first = labelled(&text);
        prop_assert_eq!(first.blocks.len(), blocks.len());
        prop_assert_eq!(first.blocks, labelled(&text).blocks);
    }
}

/// What random dumps found, one in thousands: lists lose their bullets, and what stood between two lines is gone.
#[test]
fn cleaning_twice_is_cleaning_once_where_lists_lose_their_bullets() {
    for text in [
        "Abc def ghi jkl mno pqr stu vwx yza üa:\n• Die Brücke wird neu gebaut.\nAnzeige\nAnzeige\nAnzeige\nஒ",
        "Radweg bleibt Streitpunkt\nRadweg bleibt Streitpunkt\nRadweg bleibt Streitpunkt\nஜ\n• Die Brücke wird neu \
         gebaut.\nKorrektur: In einer früheren Version stand eine falsche Zahl zu den Kosten.",
        "- Fotos machen\nLesen Sie auch: So teuer wird der Sommer\n- Fotos machen",
        "- Fotos machen\nDas Wichtigste in Kürze\n- Zeugen notieren",
        "- Fotos machen\n– Anzeige –\nAnzeige\nAnzeige\nAnzeige\nAnzeige\n- Fotos machen",
        "Was soll nun aus dem alten Haus am Markt werden?\nAnmelden\nAbc def ghi jkl mno pqr stu vwx yza üa:\n\
         Von Henning Maas\nAnzeige",
    ] {
        let once = clean(text);
        assert_eq!(clean(&once.join("\n\n")), once);
    }
}

#[test]
fn twenty_thousand_labels_and_long_lines_are_linear() {
    let started = std::time::Instant::now();
    clean(&"Anzeige\n\n".repeat(20_000));
    clean(&"Anzeige ".repeat(50_000));
    clean(&"A N Z E I G E ".repeat(20_000));
    clean(&"Er ging. Anzeige Sie kam. ".repeat(10_000));
    clean(&"Ein.Satz ".repeat(20_000));
    clean(&"a".repeat(500_000));
    clean(&"&amp;".repeat(100_000));
    clean(&"Ã¼".repeat(100_000));
    // Generous: a test build does about 2 MB a second; quadratic work would take minutes.
    assert!(started.elapsed().as_secs() < 30, "took {:?}", started.elapsed());
}
