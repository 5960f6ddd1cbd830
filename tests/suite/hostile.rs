//! No page costs more than its bytes: a short form of `cargo bench --bench hostile`, which measures what this only guards.

#[path = "../hostile/mod.rs"]
mod pages;

use std::time::Duration;

use klartext::rules::Rules;
use pages::{FAMILIES, Family};

/// Sizes to compare. What is quadratic would take 256 times as long for the larger one.
const SMALL: usize = 4_000;
const LARGE: usize = 64_000;
/// How much longer the larger one may take. Linear is 16; the rest is for busy machines.
const MOST: u32 = 64;
/// Below this the clock does not tell.
const TICK: Duration = Duration::from_millis(4);

fn dear_families(families: &[Family]) -> Vec<String> {
    let rules = Rules::compile(&pages::config(true)).unwrap();
    let mut dear = Vec::new();
    for family in families {
        let took = |n_bytes| pages::clean(&family.record(n_bytes), &rules).0.max(TICK);
        let (small, large) = (took(SMALL), took(LARGE));
        if large > small * MOST {
            dear.push(format!("{}: {small:?}, then {large:?}", family.name));
        }
    }
    dear
}

#[test]
fn a_hostile_page_of_16_times_the_size_takes_about_16_times_as_long() {
    let (html, rest) = FAMILIES.split_at(FAMILIES.len() / 2);
    let dear = std::thread::scope(|scope| {
        let html = scope.spawn(|| dear_families(html));
        let mut dear = dear_families(rest);
        dear.extend(html.join().unwrap());
        dear
    });
    assert!(dear.is_empty(), "{dear:#?}");
}

#[test]
fn the_names_of_the_families_are_unique() {
    let mut names: Vec<&str> = FAMILIES.iter().map(|family| family.name).collect();
    names.sort_unstable();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names);
}
