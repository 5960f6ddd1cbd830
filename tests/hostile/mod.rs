//! Pages made to be expensive, at any size: each family is one trick, repeated. The bench measures them all, the suite a
//! short form.

mod families;

use bytesize::ByteSize;
use std::hint::black_box;
use std::time::Duration;

use klartext::config::Config;
use klartext::model::{Header, Record};
use klartext::pipeline::{self, Outcome};
use klartext::rules::Rules;

pub(crate) use families::FAMILIES;

/// One trick: what stands before, what is repeated, what stands after. In the repeated piece `{n}` is the number of the
/// repetition.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    /// Media type of the record.
    media: &'static str,
    before: &'static str,
    piece: &'static str,
    after: &'static str,
}

impl Family {
    const fn html(name: &'static str, piece: &'static str) -> Self {
        Self::inside(name, "", piece, "")
    }

    const fn text(name: &'static str, piece: &'static str) -> Self {
        Self { name, media: "text/plain", before: "", piece, after: "" }
    }

    /// HTML with something around the repeated piece.
    const fn inside(
        name: &'static str,
        before: &'static str,
        piece: &'static str,
        after: &'static str,
    ) -> Self {
        Self { name, media: "text/html", before, piece, after }
    }

    /// A JSON envelope.
    const fn json(
        name: &'static str,
        before: &'static str,
        piece: &'static str,
        after: &'static str,
    ) -> Self {
        Self { name, media: "application/json", before, piece, after }
    }

    /// JSON-LD in a page that is otherwise an ordinary one.
    const fn json_ld(
        name: &'static str,
        before: &'static str,
        piece: &'static str,
        after: &'static str,
    ) -> Self {
        Self { name, media: "json-ld", before, piece, after }
    }

    /// A record of about so many bytes.
    pub(crate) fn record(&self, n_bytes: usize) -> Record {
        let mut value = String::with_capacity(n_bytes + 4096);
        let is_json_ld = self.media == "json-ld";
        if is_json_ld {
            value.push_str(
                "<!doctype html><html lang=de><head><script type=\"application/ld+json\">",
            );
        }
        value.push_str(self.before);
        let mut n = 0_u64;
        while value.len() < n_bytes {
            value.push_str(&self.piece.replace("{n}", &n.to_string()));
            n += 1;
        }
        value.push_str(self.after);
        if is_json_ld {
            value.push_str("</script></head><body><article><h1>Brücke gesperrt</h1><p>");
            value.push_str(SENTENCES);
            value.push_str("</p></article></body></html>");
        }
        let media = if is_json_ld { "text/html" } else { self.media };
        record(value.into_bytes(), media)
    }
}

/// What an ordinary article is made of.
pub(crate) const SENTENCES: &str = "Die Brücke bleibt bis zum Herbst gesperrt, teilte die Stadt am Montag mit. Der \
    Verkehr wird über die Nachbargemeinde umgeleitet. Im Frühjahr sollen die Arbeiten beginnen.";

/// A record of a page.
pub(crate) fn record(value: Vec<u8>, media: &str) -> Record {
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: Some(value.as_bytes().to_vec()),
    };
    Record {
        key: Some(b"https://zeitung.example/2024/05/bruecke".to_vec()),
        value: Some(value),
        headers: vec![header("content-type", &format!("{media}; charset=utf-8"))],
        ..Record::default()
    }
}

/// The default configuration; with `is_wide` nothing is refused for its size or number of nodes, so that the steps behind
/// the limits are measured too.
pub(crate) fn config(is_wide: bool) -> Config {
    let mut config = Config::default();
    config.limits.document_bytes = ByteSize::mib(64);
    config.limits.decompressed_bytes = ByteSize::mib(64);
    config.output.max_bytes = ByteSize::mib(256);
    if is_wide {
        config.limits.dom_nodes = 50_000_000;
    }
    config
}

/// CPU time that cleaning a record takes, to the tick of the scheduler (1 to 4 ms), and how it ended.
pub(crate) fn clean(record: &Record, rules: &Rules) -> (Duration, Outcome) {
    let began = cpu_time();
    let outcome = black_box(pipeline::clean(record, rules));
    (cpu_time().saturating_sub(began), outcome)
}

/// CPU time of this thread.
fn cpu_time() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(statistics.split_whitespace().next().unwrap().parse().unwrap())
}
