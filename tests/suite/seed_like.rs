//! A dump in the shape this project began with: metadata prefix, a key-points label glued to its first point, repeated ad
//! labels, a media teaser that looks like a sub-heading. The text is our own.

use expect_test::expect;
use klartext::config::Config;
use klartext::model::{Article, Boilerplate, Precision, Record, Source};
use klartext::pipeline::{Outcome, clean, read};
use klartext::rules::Rules;

fn rules() -> &'static Rules {
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    RULES.get_or_init(|| Rules::compile(&Config::default()).unwrap())
}

fn record(text: &str) -> Record {
    Record { value: Some(text.as_bytes().to_vec()), ..Record::default() }
}

fn article(text: &str) -> Article {
    read(&record(text), rules()).unwrap().unwrap().result.unwrap()
}

const SOURCE: &str = include_str!("../pages/text-dump/source.txt");

#[test]
fn blocks_have_their_kinds_and_nothing_else_is_left() {
    let article = article(SOURCE);
    let blocks: Vec<String> = article
        .blocks
        .iter()
        .map(|block| {
            let start: String = block.text.chars().take(44).collect();
            format!("{:9} {:24} {start}", block.kind.as_str(), block.group.as_deref().unwrap_or(""))
        })
        .collect();
    expect![[r"
        lead                               Fährt die Fähre bald wieder? Nach Angaben de
        key_point Das Wichtigste in Kürze  Der Hafenbehörde zufolge könnte die Fähre na
        key_point Das Wichtigste in Kürze  Die Inselgemeinde rechnet mit bis zu 400 Fah
        key_point Das Wichtigste in Kürze  Reederin Wiebke Thomsen soll das Schiff bere
        paragraph                          Seit dem Brand im Maschinenraum liegt die al
        heading                            Thomsen: Probefahrt könnte kurz bevorstehen
        paragraph                          Das berichtet die Deutsche Presse-Agentur am
        paragraph                          Aktuell habe die Behörde noch keine Freigabe
        heading                            Fahrplan noch unklar
        paragraph                          Wie oft die Fähre fahren wird, ist noch unkl
        paragraph                          Nach Angaben von Insulaner:innen ist es jedo
        heading                            Norderkoog wirbt um Gäste vom Festland
        paragraph                          Unterdessen wendet sich Bürgermeister Hauke 
        heading                            Behörde bestreitet Verzögerung nicht
        paragraph                          Nach übereinstimmenden Angaben aus Husum, Tö"]]
    .assert_eq(&blocks.join("\n"));
    for block in &article.blocks {
        assert!(
            SOURCE.contains(&block.text),
            "{:?} is not in the source as it stands there",
            block.text
        );
    }
}

#[test]
fn metadata_is_what_the_dump_says_and_no_more() {
    let article = article(SOURCE);
    assert_eq!(article.title, None, "a title is never invented");
    let published = article.published.unwrap();
    assert_eq!((published.value.as_str(), published.precision), ("2023-04", Precision::Month));
    assert_eq!(published.source, Source::TextPrefix);
    assert_eq!(article.lead.as_ref(), article.blocks.first().map(|block| &block.text));
    assert_eq!(article.agencies, ["dpa"]);
    assert_eq!(article.language.as_deref(), Some("de"));
    assert!(article.authors.is_empty() && article.keywords.is_empty());
}

#[test]
fn every_removal_has_its_class_its_rule_and_its_line() {
    let record = record(SOURCE);
    let reading = read(&record, rules()).unwrap().unwrap();
    let quality = reading.result.unwrap().quality;
    let removed: Vec<(Boilerplate, u32)> = quality.removed.into_iter().collect();
    let expected = [
        (Boilerplate::AdLabel, 7),
        (Boilerplate::MediaTeaser, 1),
        (Boilerplate::KeyPointsLabel, 1),
        (Boilerplate::MetadataPrefix, 1),
    ];
    assert_eq!(removed, expected);
    let is_teaser = |class| class == Boilerplate::MediaTeaser;
    let (teaser, _) = reading.document.removed().find(|(_, class)| is_teaser(*class)).unwrap();
    assert_eq!((teaser.verdict.rule, teaser.block.source_line), ("marker.media_teaser", Some(41)));
}

#[test]
fn two_runs_are_byte_identical_and_cleaning_twice_is_cleaning_once() {
    let published = |outcome| match outcome {
        Outcome::Published(published) => published.value,
        other => panic!("{other:?}"),
    };
    let record = record(SOURCE);
    assert_eq!(published(clean(&record, rules())), published(clean(&record, rules())));
    let texts =
        |article: Article| article.blocks.into_iter().map(|block| block.text).collect::<Vec<_>>();
    let once = texts(article(SOURCE));
    assert_eq!(texts(article(&once.join("\n\n"))), once);
}
