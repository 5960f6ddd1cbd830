//! What holds for every date, name and address, not only for those somebody thought of.

use std::sync::LazyLock;

use klartext::config::Config;
use klartext::model::{Article, Header, Precision, Record};
use klartext::pipeline::read;
use klartext::rules::Rules;
use klartext::text::dates;
use proptest::prelude::*;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(&Config::default()).unwrap());

/// The article of a page with that head.
fn article(head: &str) -> Article {
    let text = "Der Gemeinderat von Altenfeld hat am Montag den Umbau des alten Bahnhofs beschlossen. Im Mai soll es losgehen, \
                wenn das Land seinen Anteil rechtzeitig bewilligt und die Handwerker Zeit haben.";
    let html = format!("<html><head>{head}</head><body><h1>Umbau beschlossen</h1><p>{text}</p>");
    let url = Some(b"https://www.bote.example/lokales/umbau".to_vec());
    let headers = vec![Header { name: "url".to_owned(), value: url }];
    let record = Record { value: Some(html.into()), headers, ..Record::default() };
    read(&record, &RULES).unwrap().unwrap().result.unwrap()
}

const MONTHS: [(&str, [&str; 12]); 4] = [
    (
        "de",
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ),
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "fr",
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    ),
    (
        "es",
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    ),
];

/// A date, every form it is written in, and what is read.
fn written() -> impl Strategy<Value = Vec<(String, String, Precision)>> {
    (1995_i16..2090, 1_usize..=12, 1_i8..=28, 0_i8..24, 0_i8..60, -12_i8..=14).prop_map(
        |(year, month, day, hour, minute, offset)| {
            let iso = format!("{year}-{month:02}-{day:02}");
            let mut forms = vec![
                (format!("{year}-{month:02}"), format!("{year}-{month:02}"), Precision::Month),
                (iso.clone(), iso.clone(), Precision::Day),
                (format!("{day:02}.{month:02}.{year}"), iso.clone(), Precision::Day),
                (format!("{day}. {month}. {year}"), iso.clone(), Precision::Day),
                (format!("{year}年{month}月{day}日"), iso.clone(), Precision::Day),
            ];
            let clock = format!("{iso}T{hour:02}:{minute:02}");
            let sign = if offset < 0 { '-' } else { '+' };
            let zone = format!("{sign}{:02}:00", offset.abs());
            forms.push((
                format!("{day:02}.{month:02}.{year}, {hour}:{minute:02} Uhr"),
                clock.clone(),
                Precision::Minute,
            ));
            forms.push((
                format!("{clock}:07{zone}"),
                format!("{clock}:07{zone}"),
                Precision::Second,
            ));
            forms.push((format!("{clock}Z"), format!("{clock}Z"), Precision::Minute));
            let compact = format!("{year}{month:02}{day:02}");
            forms.push((compact.clone(), iso.clone(), Precision::Day));
            forms.push((
                format!("{compact}T{hour:02}{minute:02}Z"),
                format!("{clock}Z"),
                Precision::Minute,
            ));
            forms.push((format!("{year}/{month:02}/{day:02}"), iso.clone(), Precision::Day));
            for (language, names) in MONTHS {
                let name = names[month - 1];
                forms.push((format!("{day} {name} {year}"), iso.clone(), Precision::Day));
                forms.push((
                    format!("{name} {year}"),
                    format!("{year}-{month:02}"),
                    Precision::Month,
                ));
                if language == "en" {
                    forms.push((format!("{name} {day}, {year}"), iso.clone(), Precision::Day));
                }
            }
            forms
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_written_form_is_read_back_with_its_precision(forms in written()) {
        for (form, iso, precision) in forms {
            let read = dates::read(&form);
            prop_assert_eq!(read.map(|date| date.to_iso()), Some(iso.clone()), "{}", form);
            prop_assert_eq!(read.map(|date| date.precision()), Some(precision), "{}", form);
            // What is written down is read as the same.
            prop_assert_eq!(dates::read(&iso).map(|date| date.to_iso()), Some(iso));
        }
    }

    #[test]
    fn no_text_is_a_date_that_does_not_exist(text in "\\PC{0,40}|[0-9./: -]{0,24}") {
        if let Some(date) = dates::read(&text) {
            prop_assert!(date.seconds().is_some(), "{}", text);
            prop_assert_eq!(dates::read(&date.to_iso()).map(|again| again.to_iso()), Some(date.to_iso()));
        }
    }

    #[test]
    fn a_canonical_address_is_normal_after_once_and_never_another_host(
        path in "(/[a-zA-Z0-9%._~äß -]{1,12}){1,4}(/amp/?|\\.amp\\.html)?",
        query in "(\\?(utm_source=x|page=2|q=%c3%bc|fbclid=1)(&[a-z]{1,5}=[a-z0-9]{1,5}){0,3})?",
        host in "(www\\.|amp\\.|m\\.)?bote\\.example|anders\\.example|[a-z]{3,8}\\.test",
    ) {
        let canonical = |href: &str| {
            let head = format!("<link rel=canonical href=\"{}\">", href.replace('&', "&amp;"));
            article(&head).canonical_url
        };
        if let Some(once) = canonical(&format!("https://{host}{path}{query}")) {
            prop_assert!(once.host_str().is_some_and(|host| host.ends_with("bote.example")), "{}", once);
            prop_assert!(!once.as_str().contains("utm_") && once.fragment().is_none(), "{}", once);
            prop_assert_eq!(canonical(once.as_str()), Some(once));
        }
    }

    #[test]
    fn two_written_forms_of_a_day_are_the_same_day_and_no_other(forms in written(), later in 2_i8..20) {
        let days: Vec<_> = forms.iter().filter_map(|(form, ..)| dates::read(form)).collect();
        let days: Vec<_> = days.into_iter().filter(|date| date.precision() >= Precision::Day).collect();
        for (day, other) in days.iter().zip(days.iter().skip(1)) {
            prop_assert!(day.is_same_day(other) && other.is_same_day(day), "{:?} {:?}", day, other);
            let other_year = dates::read(&format!("1994-03-{later:02}"));
            prop_assert!(!other_year.is_some_and(|date| date.is_same_day(day)), "{:?}", day);
        }
    }

    #[test]
    fn a_name_is_clean_after_once(claim in "(Von |By |Dr\\. )?[A-ZÄÖ][a-zäö]{2,8} [A-Z][a-z]{2,8}(, Berlin| und [A-Z][a-z]{2,6} [A-Z][a-z]{3,6})?") {
        let names = |claim: &str| {
            let authors = article(&format!("<meta name=author content='{claim}'>")).authors;
            authors.into_iter().map(|author| author.name).collect::<Vec<_>>()
        };
        let once = names(&claim);
        prop_assert_eq!(names(&once.join(" und ")), once);
    }
}
