//! What a page would cost as a tree, told by one linear scan of its tags before any tree is built.
//!
//! html5ever's tree builder walks the stack of open elements at many tags, compares every attribute of a tag with all
//! others, and opens unclosed formatting elements again in every paragraph: on hostile input its time is the square of the
//! page's size (32,000 unclosed `<ul><li>`, 256 kB, take ten seconds). Refusing deep, wide and many keeps it linear.

use std::collections::HashMap;

use super::DecodeError;
use crate::rules::Limits;

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 1_000;
/// So many equal formatting elements are kept open (HTML standard, "Noah's Ark clause").
const MAX_EQUAL_FORMATTING: u32 = 3;

/// Elements without end tag.
const VOID: [&[u8]; 14] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr",
];
/// Elements whose content is characters, not tags.
const RAW: [&[u8]; 8] =
    [b"script", b"style", b"textarea", b"title", b"iframe", b"noembed", b"noframes", b"xmp"];
/// Elements that stay open over paragraph borders (HTML standard, "formatting").
const FORMATTING: [&[u8]; 14] = [
    b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike",
    b"strong", b"tt", b"u",
];
/// Names of elements, lower case.
type Names = &'static [&'static [u8]];
/// Start tags that end an open element of the same group without being inside it: each with what may stand between.
const IMPLIED_END: [(Names, Names); 5] = [
    (&[b"li"], &[b"p", b"div", b"span", b"address"]),
    (&[b"dd", b"dt"], &[b"p", b"div", b"span", b"address"]),
    (&[b"option", b"optgroup"], &[]),
    (&[b"td", b"th"], &[b"p", b"div", b"span", b"ul", b"ol", b"li"]),
    (&[b"tr"], &[b"td", b"th", b"p", b"div", b"span", b"ul", b"ol", b"li"]),
];
/// Elements that may stand in an open paragraph; any other start tag ends it.
const PHRASING: [&[u8]; 22] = [
    b"span",
    b"img",
    b"br",
    b"sup",
    b"sub",
    b"label",
    b"time",
    b"abbr",
    b"cite",
    b"q",
    b"mark",
    b"button",
    b"svg",
    b"picture",
    b"source",
    b"input",
    b"video",
    b"audio",
    b"ins",
    b"del",
    b"noscript",
    b"iframe",
];

/// Refuses a page that would be too expensive.
pub(super) fn check(html: &str, limits: &Limits) -> Result<(), DecodeError> {
    let mut scan = Scan {
        limits,
        open: Vec::new(),
        n_open: HashMap::new(),
        formatting: Vec::new(),
        n_nodes: 0,
    };
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let start = at + found;
        if found > 0 {
            scan.n_nodes += 1;
        }
        at = scan.markup(bytes, start)?;
        if scan.n_nodes > limits.dom_nodes {
            return Err(DecodeError::TooManyNodes { limit: limits.dom_nodes });
        }
    }
    Ok(())
}

/// A tag: name and where it ends.
struct Tag<'h> {
    name: Vec<u8>,
    whole: &'h [u8],
    n_attributes: usize,
    is_self_closing: bool,
    end: usize,
}

/// The open elements while scanning.
struct Scan<'l> {
    limits: &'l Limits,
    open: Vec<u64>,
    n_open: HashMap<u64, u32>,
    /// Unclosed formatting elements: name, and hash of the whole tag.
    formatting: Vec<(u64, u64)>,
    n_nodes: usize,
}

impl Scan<'_> {
    /// Handles the markup that begins at `start`; returns where to go on.
    fn markup(&mut self, bytes: &[u8], start: usize) -> Result<usize, DecodeError> {
        let rest = bytes.get(start..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            self.n_nodes += 1;
            let body = rest.get(4..).unwrap_or_default();
            let end = memchr::memmem::find(body, b"-->").map_or(rest.len(), |at| at + 7);
            return Ok(start + end);
        }
        let is_end = rest.get(1) == Some(&b'/');
        let name_at = if is_end { 2 } else { 1 };
        if !rest.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            return Ok(start + 1);
        }
        let tag = read_tag(bytes, start, name_at);
        if is_end {
            self.close(hash(&tag.name));
            return Ok(tag.end);
        }
        if tag.n_attributes > MAX_ATTRIBUTES {
            return Err(DecodeError::TooManyAttributes { limit: MAX_ATTRIBUTES, offset: start });
        }
        self.start(&tag);
        let depth = self.open.len() + self.formatting.len();
        if depth > self.limits.dom_depth {
            return Err(DecodeError::TooDeep { limit: self.limits.dom_depth, offset: start });
        }
        let in_foreign = self.has(b"svg") || self.has(b"math");
        if RAW.contains(&tag.name.as_slice()) && !in_foreign {
            let end = skip_raw(bytes, tag.end, &tag.name);
            self.close(hash(&tag.name));
            return Ok(end);
        }
        Ok(tag.end)
    }

    /// A start tag.
    fn start(&mut self, tag: &Tag<'_>) {
        self.n_nodes += 1;
        let name = tag.name.as_slice();
        if FORMATTING.contains(&name) {
            self.start_formatting(tag);
            return;
        }
        let is_foreign = self.has(b"svg") || self.has(b"math");
        if VOID.contains(&name) || (tag.is_self_closing && (is_foreign || name == b"svg")) {
            return;
        }
        if !PHRASING.contains(&name) && !is_foreign {
            if self.has(b"p") && !self.has(b"button") {
                self.close_through(hash(b"p"), &[]);
            }
            // Every unclosed formatting element is opened again in the new block.
            self.n_nodes += self.formatting.len();
        }
        for (group, between) in IMPLIED_END {
            if group.contains(&name) {
                for sibling in group {
                    self.close_through(hash(sibling), between);
                }
            }
        }
        self.push(hash(name));
    }

    /// A formatting start tag: `a` ends the `a` before it; of equal ones only three stay open.
    fn start_formatting(&mut self, tag: &Tag<'_>) {
        let (name, whole) = (hash(&tag.name), hash(tag.whole));
        if tag.name == b"a" {
            self.formatting.retain(|(open, _)| *open != name);
        }
        let equal = self.formatting.iter().filter(|(_, open)| *open == whole).count();
        if u32::try_from(equal).is_ok_and(|equal| equal < MAX_EQUAL_FORMATTING) {
            self.formatting.push((name, whole));
        }
    }

    fn push(&mut self, name: u64) {
        self.open.push(name);
        *self.n_open.entry(name).or_default() += 1;
    }

    fn pop(&mut self) {
        if let Some(name) = self.open.pop()
            && let Some(n_open) = self.n_open.get_mut(&name)
        {
            *n_open -= 1;
        }
    }

    fn has(&self, name: &[u8]) -> bool {
        self.n_open.get(&hash(name)).is_some_and(|n_open| *n_open > 0)
    }

    /// An end tag: closes the innermost element of that name, or nothing.
    fn close(&mut self, name: u64) {
        if let Some(at) = self.formatting.iter().rposition(|(open, _)| *open == name) {
            self.formatting.remove(at);
            return;
        }
        if self.n_open.get(&name).is_none_or(|n_open| *n_open == 0) {
            return;
        }
        while self.open.last().is_some_and(|open| *open != name) {
            self.pop();
        }
        self.pop();
    }

    /// Closes an element that a sibling ends, if only elements of `between` (any phrasing element, when empty) stand open
    /// inside it.
    fn close_through(&mut self, name: u64, between: &[&[u8]]) {
        let allowed = if between.is_empty() { &PHRASING[..] } else { between };
        let is_between = |open: &u64| allowed.iter().any(|known| hash(known) == *open);
        let n_inside =
            self.open.iter().rev().take_while(|open| **open != name && is_between(open)).count();
        let at = self.open.len().checked_sub(n_inside + 1);
        if at.and_then(|at| self.open.get(at)) == Some(&name) {
            for _ in 0..=n_inside {
                self.pop();
            }
        }
    }
}

/// Reads a tag with its attributes; quotes may hold `>`.
fn read_tag(bytes: &[u8], start: usize, name_at: usize) -> Tag<'_> {
    let rest = bytes.get(start + name_at..).unwrap_or_default();
    let is_name = |b: &u8| !matches!(b, b'>' | b'/') && !b.is_ascii_whitespace();
    let n_name = rest.iter().take_while(|b| is_name(b)).count();
    let name = rest.get(..n_name).unwrap_or_default().to_ascii_lowercase();
    let mut at = start + name_at + n_name;
    let mut quote: Option<u8> = None;
    let (mut n_attributes, mut was_space, mut after_equals) = (0, false, false);
    while let Some(&byte) = bytes.get(at) {
        match quote {
            Some(mark) => quote = (byte != mark).then_some(mark),
            None if byte == b'>' => break,
            None if matches!(byte, b'"' | b'\'') && after_equals => quote = Some(byte),
            None => {
                n_attributes +=
                    usize::from(was_space && !byte.is_ascii_whitespace() && byte != b'/');
            }
        }
        was_space =
            quote.is_none() && (byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'/'));
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
        at += 1;
    }
    let whole = bytes.get(start..at).unwrap_or_default();
    let end = bytes.len().min(at + 1);
    Tag { name, whole, n_attributes, is_self_closing: whole.ends_with(b"/"), end }
}

/// Where the content of an element ends whose content is characters.
fn skip_raw(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"</")) {
        at += found + 2;
        let is_end = bytes.get(at..at + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        if is_end {
            let tail = bytes.get(at..).unwrap_or_default();
            return memchr::memchr(b'>', tail).map_or(bytes.len(), |end| at + end + 1);
        }
    }
    bytes.len()
}

/// FNV-1a: names are short, and an attacker who finds two that collide only confuses the scan of his own page.
fn hash(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
