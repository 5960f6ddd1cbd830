//! What comes in comes out, in order, once more after a restart, and everything is accounted for.

use klartext::model::Record;
use klartext::pipeline;
use klartext::service::Settlement;

use super::bench::{Bench, page};

fn keys(records: &[Record]) -> Vec<i32> {
    let key = |r: &Record| String::from_utf8(r.key.clone().unwrap()).unwrap().parse().unwrap();
    records.iter().map(key).collect()
}

#[test]
fn an_article_comes_out_with_its_key_and_headers() {
    let bench = Bench::new(1);
    let mut record = page("a");
    record.headers.push(super::bench::header("content-type", b"text/html; charset=utf-8"));
    record.headers.push(super::bench::header("traceparent", b"00-1-2-01"));
    record.headers.push(klartext::model::Header { name: "leer".to_owned(), value: None });
    record.headers.push(super::bench::header("traceparent", b"00-1-3-01"));
    bench.put(0, &record);
    bench.flush();
    let running = bench.start_with(pipeline::clean);
    running.wait_for(1);
    let settled = running.settled();
    let account = running.stop();
    assert_eq!(account.received, 1);
    let (topic, settlement) = if account.published == 1 {
        ("articles.clean", Settlement::Published)
    } else {
        ("articles.rejected", settled[0].2)
    };
    assert_eq!(settled, [(0, 0, settlement)]);
    let out = &bench.read(topic, 1)[0];
    assert_eq!(out.key.as_deref(), Some(b"a".as_slice()));
    let names: Vec<&str> = out.headers.iter().map(|header| header.name.as_str()).collect();
    assert_eq!(names[..4], ["url", "traceparent", "leer", "traceparent"]);
    assert_eq!(out.headers[2].value, None);
    assert_eq!(out.header("content-type"), Some("application/json"));
    assert_eq!(out.header("klartext-source-topic"), Some("pages.raw"));
    assert_eq!(out.header("klartext-source-partition"), Some("0"));
    assert_eq!(out.header("klartext-source-offset"), Some("0"));
    assert_eq!(out.header("klartext-version"), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_record_of_every_partition_is_settled_in_order() {
    let bench = Bench::new(4);
    bench.put_pages(4, 0..400);
    let running = bench.start();
    running.wait_for(400);
    let settled = running.settled();
    let account = running.stop();
    assert_eq!((account.received, account.n_rejected()), (400, 400));
    for partition in 0..4 {
        let offsets: Vec<i64> = settled
            .iter()
            .filter(|(p, ..)| *p == partition)
            .map(|(_, offset, _)| *offset)
            .collect();
        assert_eq!(offsets, (0..100).collect::<Vec<i64>>());
        assert_eq!(bench.committed(partition), Some(100));
    }
    let mut out = keys(&bench.read("articles.rejected", 400));
    for partition in 0..4 {
        let of_partition: Vec<i32> =
            out.iter().copied().filter(|key| key % 4 == partition).collect();
        assert!(of_partition.is_sorted(), "the order of a partition is kept");
    }
    out.sort_unstable();
    assert_eq!(out, (0..400).collect::<Vec<i32>>());
}

#[test]
fn a_restart_goes_on_at_the_committed_offset() {
    let bench = Bench::new(1);
    bench.put_pages(1, 0..30);
    let first = bench.start();
    first.wait_for(30);
    assert_eq!(first.stop().received, 30);
    assert_eq!(bench.committed(0), Some(30));
    bench.put_pages(1, 30..50);
    let second = bench.start();
    second.wait_for(20);
    assert_eq!(second.stop().received, 20);
    assert_eq!(keys(&bench.read("articles.rejected", 50)), (0..50).collect::<Vec<i32>>());
}

#[test]
fn without_a_rejected_topic_rejections_are_counted_and_committed() {
    let mut bench = Bench::new(1);
    bench.config.rejected.topic = None;
    bench.put_pages(1, 0..10);
    let running = bench.start();
    running.wait_for(10);
    assert_eq!(running.stop().n_rejected(), 10);
    assert_eq!(bench.committed(0), Some(10));
    assert_eq!(bench.read("articles.rejected", 0).len(), 0);
}
