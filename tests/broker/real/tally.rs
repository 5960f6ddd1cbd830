//! Input against output: what must hold for every record, however the processes were treated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::kafka::{Outputs, Read, counts};
use super::pages::{Expected, Page, own_sentence};

/// Every page is in the one place where it belongs, exactly once.
pub(super) fn exactly_once(pages: &[Page], outputs: &Outputs) {
    let places = places(outputs);
    for page in pages {
        let found = places.get(&page.number).map_or(&[][..], Vec::as_slice);
        assert_eq!(
            found,
            [page.expected],
            "page {} ({:?}): in the wrong places",
            page.number,
            page.expected
        );
    }
    assert_eq!(outputs.len(), pages.len(), "more came out than went in");
}

/// Every page is in the place where it belongs, at least once, and in no other.
pub(super) fn at_least_once(pages: &[Page], outputs: &Outputs) {
    let places = places(outputs);
    for page in pages {
        let found: BTreeSet<Expected> =
            places.get(&page.number).into_iter().flatten().copied().collect();
        assert_eq!(
            found,
            BTreeSet::from([page.expected]),
            "page {} ({:?}): in the wrong places",
            page.number,
            page.expected
        );
    }
}

fn places(outputs: &Outputs) -> BTreeMap<usize, Vec<Expected>> {
    let mut places: BTreeMap<usize, Vec<Expected>> = BTreeMap::new();
    let mut put =
        |record: &Read, place| places.entry(record.page_number()).or_default().push(place);
    for record in &outputs.articles {
        put(record, if record.value.is_some() { Expected::Published } else { Expected::Tombstone });
    }
    outputs.rejected.iter().for_each(|record| put(record, Expected::Rejected));
    outputs.dead.iter().for_each(|record| put(record, Expected::DeadLettered));
    places
}

/// The articles of a key stand in the order in which its pages were produced.
pub(super) fn order_is_kept_per_key(articles: &[Read]) {
    let mut last: BTreeMap<&[u8], (i32, usize)> = BTreeMap::new();
    let mut in_order = articles.iter().collect::<Vec<_>>();
    in_order.sort_by_key(|record| (record.partition, record.offset));
    for record in in_order {
        let key = record.key.as_deref().expect("the input's key is kept");
        let number = record.page_number();
        if let Some((partition, before)) = last.insert(key, (record.partition, number)) {
            let key = String::from_utf8_lossy(key);
            assert_eq!(partition, record.partition, "{key} is in two partitions");
            assert!(before < number, "{key}: page {number} comes after page {before}");
        }
    }
}

/// Each article is that of its page, and clean.
pub(super) fn articles_are_those_of_their_pages(articles: &[Read]) {
    for record in articles {
        let Some(value) = &record.value else { continue };
        let number = record.page_number();
        let article: Value = serde_json::from_slice(value).expect("an article is JSON");
        let text = article["text"].as_str().expect("an article has a text");
        assert!(text.contains(&own_sentence(number)), "page {number} became {text:?}");
        assert!(!text.contains("Anzeige"), "page {number}: an advertisement is left in {text:?}");
    }
}

/// The input partition of an article; none for a tombstone.
pub(super) fn source_partition(record: &Read) -> Option<i64> {
    let article: Value =
        serde_json::from_slice(record.value.as_deref()?).expect("an article is JSON");
    let partition = article["provenance"]["source"]["partition"].as_i64();
    Some(partition.expect("an article says where it came from"))
}

/// A dead letter is the input record byte for byte, and says why.
pub(super) fn dead_letters_are_whole(pages: &[Page], dead: &[Read]) {
    for record in dead {
        let page = &pages[record.page_number()];
        assert_eq!(record.key.as_deref(), Some(page.key.as_bytes()), "page {}", page.number);
        assert_eq!(
            record.value, page.value,
            "page {}: the dead letter's value differs",
            page.number
        );
        for (name, value) in &page.headers {
            assert_eq!(
                record.header(name).as_ref(),
                Some(value),
                "page {}: header {name}",
                page.number
            );
        }
        for name in ["topic", "partition", "offset", "stage", "error-type", "error-message"] {
            let header = format!("klartext-dlq-{name}");
            assert!(record.header(&header).is_some(), "page {}: no header {header}", page.number);
        }
    }
}

/// How many records stand more than once in the topics.
pub(super) fn n_repeated(outputs: &Outputs) -> usize {
    let all = outputs.articles.iter().chain(&outputs.rejected).chain(&outputs.dead);
    counts(all).values().filter(|count| **count > 1).count()
}
