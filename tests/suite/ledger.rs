//! The ledger: whatever happens in whatever order, nothing unfinished is ever passed, and nothing is counted twice.

use std::collections::BTreeMap;

use klartext::service::ledger::{Ledger, Ticket, TopicPartition};
use proptest::prelude::*;

fn partition(partition: i32) -> TopicPartition {
    TopicPartition { topic: "pages.raw".into(), partition }
}

fn position(ledger: &Ledger<i64>, partition: &TopicPartition) -> Option<i64> {
    ledger.positions().find(|(source, _)| *source == partition).map(|(_, position)| position)
}

fn send_all(ledger: &mut Ledger<i64>) -> Vec<Ticket> {
    let mut sent = Vec::new();
    ledger.send_ready(|ticket, _| {
        sent.push(ticket.clone());
        true
    });
    sent
}

fn pop_all(ledger: &mut Ledger<i64>) -> Vec<i64> {
    let mut popped = Vec::new();
    ledger.pop_settled(|_, offset, _| popped.push(offset));
    popped
}

#[test]
fn an_unfinished_record_holds_back_those_behind_it() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    let tickets: Vec<Ticket> =
        [3, 4, 9].map(|offset| ledger.open(&source, offset, 10).unwrap()).to_vec();
    assert!(ledger.finish(&tickets[2], 9, 1));
    assert!(ledger.finish(&tickets[0], 3, 1));
    assert_eq!(send_all(&mut ledger), tickets[..1], "4 is not finished, so 9 must wait");
    assert!(ledger.acknowledge(&tickets[0]));
    assert!(!ledger.acknowledge(&tickets[2]), "it was not sent");
    assert_eq!(pop_all(&mut ledger), [3]);
    assert_eq!(position(&ledger, &source), Some(4));
    assert_eq!((ledger.n_open(), ledger.n_bytes()), (2, 21));
    assert!(ledger.finish(&tickets[1], 4, 0));
    assert_eq!(send_all(&mut ledger), tickets[1..]);
    assert!(ledger.acknowledge(&tickets[2]));
    assert_eq!(pop_all(&mut ledger), Vec::<i64>::new(), "4 is not acknowledged");
    assert!(ledger.acknowledge(&tickets[1]));
    assert_eq!(pop_all(&mut ledger), [4, 9]);
    assert_eq!(position(&ledger, &source), Some(10), "offsets may have gaps");
    assert_eq!((ledger.n_open(), ledger.n_bytes()), (0, 0));
}

#[test]
fn results_of_an_older_assignment_find_no_slot() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    let old = ledger.open(&source, 5, 1).unwrap();
    assert_eq!(ledger.revoke(&source), 1);
    assert_eq!(ledger.n_open(), 0);
    assert!(ledger.open(&source, 6, 1).is_none(), "it is not ours");
    ledger.assign(source.clone());
    let new = ledger.open(&source, 5, 1).unwrap();
    assert!(!ledger.finish(&old, 5, 0));
    assert!(!ledger.has_ready());
    assert!(ledger.finish(&new, 5, 0));
    assert_eq!(send_all(&mut ledger), [new]);
}

#[test]
fn a_transaction_commits_what_was_sent_and_an_aborted_one_sends_it_again() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    let tickets: Vec<Ticket> = (0..3).map(|n| ledger.open(&source, n, 1).unwrap()).collect();
    assert!(ledger.finish(&tickets[0], 0, 0));
    assert!(ledger.finish(&tickets[1], 1, 0));
    assert_eq!(send_all(&mut ledger).len(), 2);
    assert_eq!(ledger.sent_positions(), [(source.clone(), 2)]);
    ledger.send_all_again();
    assert_eq!(ledger.sent_positions(), []);
    assert_eq!(send_all(&mut ledger).len(), 2);
    ledger.settle_sent();
    assert_eq!(pop_all(&mut ledger), [0, 1]);
    assert_eq!(position(&ledger, &source), Some(2));
}

#[test]
fn what_the_broker_has_committed_is_settled_and_nothing_more() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    let tickets: Vec<Ticket> = (0..4).map(|n| ledger.open(&source, n, 1).unwrap()).collect();
    for ticket in &tickets[..3] {
        assert!(ledger.finish(ticket, ticket.offset, 0));
    }
    ledger.settle_before(&source, 2);
    assert_eq!(pop_all(&mut ledger), [0, 1]);
    assert_eq!(send_all(&mut ledger), tickets[2..3]);
}

#[test]
fn a_record_refused_takes_those_sent_after_it_along() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    let tickets: Vec<Ticket> = (0..3).map(|n| ledger.open(&source, n, 1).unwrap()).collect();
    for ticket in &tickets {
        assert!(ledger.finish(ticket, ticket.offset, 0));
    }
    send_all(&mut ledger);
    assert!(ledger.send_again(&tickets[1]));
    assert_eq!(send_all(&mut ledger), tickets[1..], "in order");
}

#[test]
fn a_partition_made_anew_is_noticed() {
    let mut ledger = Ledger::default();
    let source = partition(0);
    ledger.assign(source.clone());
    assert!(!ledger.is_rewound(&source, 7));
    let ticket = ledger.open(&source, 7, 1).unwrap();
    assert!(ledger.is_rewound(&source, 7));
    assert!(ledger.open(&source, 7, 1).is_none());
    assert!(ledger.finish(&ticket, 7, 0));
    send_all(&mut ledger);
    ledger.settle_sent();
    pop_all(&mut ledger);
    assert!(ledger.is_rewound(&source, 0), "also when nothing is in flight");
    assert!(!ledger.is_rewound(&source, 8));
}

#[test]
fn what_the_group_had_committed_is_not_opened_again() {
    let mut ledger: Ledger<i64> = Ledger::default();
    let (placed, new) = (partition(0), partition(1));
    ledger.assign(placed.clone());
    ledger.assign(new.clone());
    assert_eq!(ledger.unplaced().count(), 2);
    ledger.place(&placed, Some(100));
    ledger.place(&new, None);
    assert!(ledger.is_placed(&placed) && ledger.is_placed(&new));
    assert!(ledger.is_rewound(&placed, 99), "settled by whoever had the partition before");
    assert!(ledger.open(&placed, 99, 1).is_none());
    assert!(ledger.open(&placed, 100, 1).is_some());
    assert!(ledger.open(&new, 0, 1).is_some(), "the group had not begun");
    ledger.place(&placed, Some(50));
    assert_eq!(ledger.next(&placed), Some(101), "what was read since counts");
    ledger.revoke(&placed);
    ledger.assign(placed.clone());
    assert!(!ledger.is_placed(&placed), "another process may have gone on with it");
}

/// Something that happens to a ledger; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    Read(i32, i64),
    Finish(usize),
    Send(usize),
    Answer(usize),
    Refuse(usize),
    Restart,
    Pop,
    Revoke(i32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..2_i32, 1..4_i64).prop_map(|(partition, skip)| Step::Read(partition, skip)),
        6 => any::<usize>().prop_map(Step::Finish),
        3 => (0..4_usize).prop_map(Step::Send),
        6 => any::<usize>().prop_map(Step::Answer),
        1 => any::<usize>().prop_map(Step::Refuse),
        1 => Just(Step::Restart),
        3 => Just(Step::Pop),
        1 => (0..2_i32).prop_map(Step::Revoke),
    ]
}

/// What the ledger should say, kept the plain way.
#[derive(Default)]
struct Plain {
    /// Open records by partition and offset: whether their output was acknowledged since it was last sent.
    open: BTreeMap<(i32, i64), bool>,
    next: BTreeMap<i32, i64>,
    popped: BTreeMap<i32, i64>,
}

proptest! {
    #[test]
    fn no_order_of_events_passes_an_unfinished_record(steps in prop::collection::vec(step(), 1..200)) {
        let mut ledger = Ledger::default();
        let mut plain = Plain::default();
        let (mut working, mut sent) = (Vec::<Ticket>::new(), Vec::<Ticket>::new());
        for n in 0..2 {
            ledger.assign(partition(n));
        }
        for step in steps {
            match step {
                Step::Read(n, skip) => {
                    let offset = plain.next.get(&n).copied().unwrap_or(0) + skip - 1;
                    plain.next.insert(n, offset + 1);
                    plain.open.insert((n, offset), false);
                    working.push(ledger.open(&partition(n), offset, 3).unwrap());
                }
                Step::Finish(idx) if !working.is_empty() => {
                    let ticket = working.swap_remove(idx % working.len());
                    ledger.finish(&ticket, ticket.offset, 4);
                }
                Step::Send(n_most) => {
                    let mut n_taken = 0;
                    ledger.send_ready(|ticket, _| {
                        n_taken += 1;
                        if n_taken <= n_most {
                            sent.push(ticket.clone());
                        }
                        n_taken <= n_most
                    });
                }
                Step::Answer(idx) if !sent.is_empty() => {
                    let ticket = sent.swap_remove(idx % sent.len());
                    if ledger.acknowledge(&ticket) {
                        plain.open.insert((ticket.source.partition, ticket.offset), true);
                    }
                }
                Step::Refuse(idx) if !sent.is_empty() => {
                    let ticket = sent.swap_remove(idx % sent.len());
                    ledger.send_again(&ticket);
                }
                Step::Restart => {
                    ledger.send_all_again();
                    sent.clear();
                }
                Step::Pop => ledger.pop_settled(|source, offset, item| {
                    assert_eq!(offset, item);
                    let first = plain.open.range((source.partition, i64::MIN)..).next();
                    assert_eq!(first, Some((&(source.partition, offset), &true)), "in order, and acknowledged");
                    plain.open.remove(&(source.partition, offset));
                    plain.popped.insert(source.partition, offset + 1);
                }),
                Step::Revoke(n) => {
                    let n_open = plain.open.range((n, i64::MIN)..(n + 1, i64::MIN)).count();
                    assert_eq!(ledger.revoke(&partition(n)), n_open);
                    plain.open.retain(|(p, _), _| *p != n);
                    // Its new owner goes on where it was committed; so do we when it comes back.
                    let next = plain.popped.get(&n).copied().unwrap_or(0);
                    plain.next.insert(n, next);
                    plain.popped.remove(&n);
                    ledger.assign(partition(n));
                }
                Step::Finish(_) | Step::Answer(_) | Step::Refuse(_) => {}
            }
            prop_assert_eq!(ledger.n_open(), plain.open.len());
            for n in 0..2 {
                let committed = position(&ledger, &partition(n));
                prop_assert_eq!(committed, plain.popped.get(&n).copied());
                let first_open = plain.open.range((n, i64::MIN)..(n + 1, i64::MIN)).next();
                if let (Some(committed), Some(((_, first_open), _))) = (committed, first_open) {
                    prop_assert!(committed <= *first_open);
                }
            }
        }
        // In the end everything can be settled.
        for ticket in working {
            ledger.finish(&ticket, ticket.offset, 4);
        }
        ledger.send_all_again();
        send_all(&mut ledger);
        ledger.settle_sent();
        pop_all(&mut ledger);
        prop_assert_eq!((ledger.n_open(), ledger.n_bytes()), (0, 0));
    }
}
