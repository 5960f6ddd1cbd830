//! What a page would cost as a tree, told by one linear scan of its tags before any tree is built.
//!
//! html5ever's tree builder walks the stack of open elements at many tags, compares every attribute of a tag with all
//! others, and opens unclosed formatting elements again in every paragraph: on hostile input its time is the square of the
//! page's size (32,000 unclosed `<ul><li>`, 256 kB, take ten seconds). Refusing deep, wide and many keeps it linear.

mod elements;

use memchr::{memchr, memmem};

use self::elements::{A, BUTTON, Facts, MATH, P, SVG, name};
use super::DecodeError;
use crate::rules::Limits;

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 1_000;
/// So many equal formatting elements are kept open (HTML standard, "Noah's Ark clause").
const MAX_EQUAL_FORMATTING: u32 = 3;

/// Fewest bytes of an attribute, with the blank before it.
const BYTES_PER_ATTRIBUTE: usize = 2;

/// Refuses a page that would be too expensive.
pub(super) fn check(html: &str, limits: &Limits) -> Result<(), DecodeError> {
    let mut scan = Scan {
        limits,
        open: Vec::new(),
        n_open: [0; N_COUNTERS],
        formatting: Vec::new(),
        n_nodes: 0,
    };
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'<', rest)) {
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
    name: u64,
    whole: &'h [u8],
    is_self_closing: bool,
    end: usize,
}

/// Counters of open elements; names share them.
const N_COUNTERS: usize = 256;

/// The open elements while scanning.
struct Scan<'l, 'h> {
    limits: &'l Limits,
    open: Vec<u64>,
    /// Open elements by name: nought says that none is open.
    n_open: [u32; N_COUNTERS],
    /// Unclosed formatting elements: name and tag.
    formatting: Vec<(u64, &'h [u8])>,
    n_nodes: usize,
}

impl<'h> Scan<'_, 'h> {
    /// Handles the markup that begins at `start`; returns where to go on.
    fn markup(&mut self, bytes: &'h [u8], start: usize) -> Result<usize, DecodeError> {
        let rest = bytes.get(start..).unwrap_or_default();
        if rest.first_chunk() == Some(b"<!--") {
            self.n_nodes += 1;
            let body = rest.get(4..).unwrap_or_default();
            let end = memmem::find(body, b"-->").map_or(rest.len(), |at| at + 7);
            return Ok(start + end);
        }
        let is_end = rest.get(1) == Some(&b'/');
        let name_at = if is_end { 2 } else { 1 };
        if !rest.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            return Ok(start + 1);
        }
        let tag = read_tag(bytes, start, name_at);
        if is_end {
            self.close(tag.name);
            return Ok(tag.end);
        }
        if has_too_many_attributes(tag.whole) {
            return Err(DecodeError::TooManyAttributes { limit: MAX_ATTRIBUTES, offset: start });
        }
        let facts = Facts::of(tag.name);
        self.start(&tag, facts);
        let depth = self.open.len() + self.formatting.len();
        if depth > self.limits.dom_depth {
            return Err(DecodeError::TooDeep { limit: self.limits.dom_depth, offset: start });
        }
        if facts.is_raw() && !self.is_foreign() {
            self.close(tag.name);
            return Ok(skip_raw(bytes, tag.end, tag.name));
        }
        Ok(tag.end)
    }

    /// A start tag.
    fn start(&mut self, tag: &Tag<'h>, facts: Facts) {
        self.n_nodes += 1;
        let name = tag.name;
        if facts.is_formatting() {
            self.start_formatting(tag);
            return;
        }
        let is_foreign = self.is_foreign();
        if facts.is_void() || (tag.is_self_closing && (is_foreign || name == SVG)) {
            return;
        }
        if !facts.is_phrasing() && !is_foreign {
            if self.has(P) && !self.has(BUTTON) {
                self.close_through(P, &[]);
            }
            // Every unclosed formatting element is opened again in the new block.
            self.n_nodes += self.formatting.len();
        }
        if let Some((group, between)) = facts.implied_end() {
            for sibling in group {
                self.close_through(*sibling, between);
            }
        }
        self.push(name);
    }

    /// A formatting start tag: `a` ends the `a` before it; of equal ones only three stay open.
    fn start_formatting(&mut self, tag: &Tag<'h>) {
        if tag.name == A {
            self.formatting.retain(|(open, _)| *open != A);
        }
        let equal = self.formatting.iter().filter(|(_, open)| *open == tag.whole).count();
        if u32::try_from(equal).is_ok_and(|equal| equal < MAX_EQUAL_FORMATTING) {
            self.formatting.push((tag.name, tag.whole));
        }
    }

    fn push(&mut self, name: u64) {
        self.open.push(name);
        if let Some(n_open) = self.n_open.get_mut(counter(name)) {
            *n_open += 1;
        }
    }

    fn pop(&mut self) {
        if let Some(name) = self.open.pop()
            && let Some(n_open) = self.n_open.get_mut(counter(name))
        {
            *n_open -= 1;
        }
    }

    fn has(&self, name: u64) -> bool {
        self.n_open.get(counter(name)).is_some_and(|n_open| *n_open > 0)
            && self.open.contains(&name)
    }

    fn is_foreign(&self) -> bool {
        self.has(SVG) || self.has(MATH)
    }

    /// An end tag: closes the innermost element of that name, or nothing.
    fn close(&mut self, name: u64) {
        if let Some(at) = self.formatting.iter().rposition(|(open, _)| *open == name) {
            self.formatting.remove(at);
            return;
        }
        if !self.has(name) {
            return;
        }
        while self.open.last().is_some_and(|open| *open != name) {
            self.pop();
        }
        self.pop();
    }

    /// Closes an element that a sibling ends, if only elements of `between` (any phrasing element, when empty) stand open
    /// inside it.
    fn close_through(&mut self, name: u64, between: &[u64]) {
        let may_stand = |open: u64| {
            if between.is_empty() { Facts::of(open).is_phrasing() } else { between.contains(&open) }
        };
        let is_inside = |open: &&u64| **open != name && may_stand(**open);
        let n_inside = self.open.iter().rev().take_while(is_inside).count();
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
    let n_name = rest.iter().take_while(|byte| !ends_name(**byte)).count();
    let name = name(rest.get(..n_name).unwrap_or_default());
    let close = tag_close(bytes, start + name_at + n_name);
    let whole = bytes.get(start..close).unwrap_or_default();
    let end = bytes.len().min(close + 1);
    Tag { name, whole, is_self_closing: whole.last() == Some(&b'/'), end }
}

const fn ends_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace()
}

/// The next mark that can end a tag or open a value. It is near: a loop is faster than a search with a start-up.
fn mark(rest: &[u8]) -> Option<usize> {
    rest.iter().position(|byte| matches!(byte, b'>' | b'"' | b'\''))
}

/// Where the `>` of a tag is, or the page's end. A quote opens a value only behind `=`.
fn tag_close(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(mark) {
        let mark_at = at + found;
        let Some(mark @ (b'"' | b'\'')) = bytes.get(mark_at).copied() else { return mark_at };
        let before = bytes.get(at..mark_at).unwrap_or_default().trim_ascii_end();
        at = mark_at + 1;
        if before.last() == Some(&b'=') {
            let value = bytes.get(at..).unwrap_or_default();
            let Some(n_bytes) = memchr(mark, value) else { return bytes.len() };
            at += n_bytes + 1;
        }
    }
    bytes.len()
}

/// Counts what stands behind blanks, quotes and slashes outside of values; only in a tag that is long enough.
fn has_too_many_attributes(tag: &[u8]) -> bool {
    if tag.len() < MAX_ATTRIBUTES * BYTES_PER_ATTRIBUTE {
        return false;
    }
    let is_border = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'/');
    let mut n_attributes = 0;
    let (mut quote, mut after_border, mut after_equals) = (None, false, false);
    for &byte in tag {
        match quote {
            Some(mark) => quote = (byte != mark).then_some(mark),
            None if matches!(byte, b'"' | b'\'') && after_equals => quote = Some(byte),
            None => n_attributes += usize::from(after_border && !is_border(byte)),
        }
        after_border = quote.is_none() && is_border(byte);
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    n_attributes > MAX_ATTRIBUTES
}

/// Where the content of an element ends whose content is characters.
fn skip_raw(bytes: &[u8], from: usize, own: u64) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'<', rest)) {
        at += found + 1;
        let Some([b'/', tail @ ..]) = bytes.get(at..) else { continue };
        let n_name = tail.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if tail.get(..n_name).is_some_and(|n| name(n) == own) {
            return memchr(b'>', tail).map_or(bytes.len(), |close| at + 1 + close + 1);
        }
    }
    bytes.len()
}

/// The counter of a name.
fn counter(name: u64) -> usize {
    usize::from(u8::try_from(name >> 56).unwrap_or(0))
}
