//! "Did you mean …?"

use super::error::Subject;
use super::schema::{self, Key};
use super::tree::Path;

/// Least similarity (Jaro-Winkler, 0 to 1) at which a word is offered; below it the offers were mostly noise on the
/// broken configurations of the tests.
const MIN_SIMILARITY: f64 = 0.82;

/// Names under which other programs know our keys.
const SYNONYMS: [(&str, &str); 9] = [
    ("bootstrap_servers", "kafka.brokers"),
    ("seed_brokers", "kafka.brokers"),
    ("consumer_group", "input.group_id"),
    ("auto_offset_reset", "input.start"),
    ("group_instance_id", "input.instance_id"),
    ("security_protocol", "kafka.security.protocol"),
    ("sasl_mechanism", "kafka.security.sasl.mechanism"),
    ("compression_type", "output.compression"),
    ("dlq", "dead_letter"),
];

/// Help for a key that does not exist at this place.
pub(super) fn for_unknown_key(path: &Path, known: &[&'static str], subject: Subject) -> String {
    let above = path.keys();
    let Some((key, above)) = above.split_last() else { return String::new() };
    let plain = plain_name(key);
    if let Some(near) = nearest(&plain, known) {
        return format!("did you mean `{near}`?");
    }
    let elsewhere = match subject {
        Subject::Configuration => elsewhere(&plain),
        Subject::Rules => Vec::new(),
    };
    if !elsewhere.is_empty() {
        return format!("did you mean {}?", either(&elsewhere));
    }
    let place = if above.is_empty() {
        "at the top level".to_owned()
    } else {
        format!("in `{}`", above.join("."))
    };
    format!("the keys {place} are {}", quoted_list(known))
}

/// Help for a word that is not among those allowed.
pub(super) fn for_unknown_word(word: &str, allowed: &[&'static str]) -> String {
    let list = format!("one of {}", quoted_list(allowed));
    let folded = plain_name(word);
    let same = allowed.iter().find(|allowed| plain_name(allowed) == folded).copied();
    match same.or_else(|| nearest(&folded, allowed)) {
        Some(near) => format!("did you mean `{near}`? ({list})"),
        None => list,
    }
}

/// Full names of the keys that are called so at another place.
fn elsewhere(name: &str) -> Vec<String> {
    if let Some((_, ours)) = SYNONYMS.iter().find(|(theirs, _)| *theirs == name) {
        return vec![(*ours).to_owned()];
    }
    let keys = schema::keys();
    let named = |is_it: &dyn Fn(&str) -> bool| -> Vec<String> {
        let full_name = |key: &Key| key.path.join(".");
        keys.iter()
            .filter(|key| key.path.last().is_some_and(|last| is_it(last)))
            .map(full_name)
            .collect()
    };
    let exact = named(&|last| last == name);
    if exact.is_empty() { named(&|last| strsim::jaro_winkler(last, name) > 0.93) } else { exact }
}

/// The most similar word, if it is similar enough.
fn nearest(word: &str, candidates: &[&'static str]) -> Option<&'static str> {
    candidates
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// `groupId`, `group-id`, `group.id` → `group_id`.
fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if matches!(c, '-' | '.' | ' ') {
            plain.push('_');
        } else {
            if c.is_uppercase() && after_lower {
                plain.push('_');
            }
            plain.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    plain
}

/// `a`, `b`, `c`.
pub(super) fn quoted_list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// `a`, `b` or `c`.
fn either(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => format!("`{last}`"),
        Some((last, others)) => {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            format!("{} or `{last}`", quoted_list(&others))
        }
        None => String::new(),
    }
}
