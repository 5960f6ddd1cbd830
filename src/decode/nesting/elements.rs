//! What the scan knows of elements: their names as numbers, and how they nest.

/// Elements without end tag.
pub(super) const VOID: [u64; 14] = names([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
]);
/// Elements whose content is characters, not tags.
pub(super) const RAW: [u64; 8] =
    names(["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"]);
/// Elements that stay open over paragraph borders (HTML standard, "formatting").
pub(super) const FORMATTING: [u64; 14] = names([
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
]);
/// Start tags that end an open element of the same group without being inside it: each with what may stand between (any
/// phrasing element, when empty).
pub(super) const IMPLIED_END: [(&[u64], &[u64]); 5] = [
    (&names(["li"]), &names(["p", "div", "span", "address"])),
    (&names(["dd", "dt"]), &names(["p", "div", "span", "address"])),
    (&names(["option", "optgroup"]), &[]),
    (&names(["td", "th"]), &names(["p", "div", "span", "ul", "ol", "li"])),
    (&names(["tr"]), &names(["td", "th", "p", "div", "span", "ul", "ol", "li"])),
];
/// Elements that may stand in an open paragraph; any other start tag ends it.
pub(super) const PHRASING: [u64; 22] = names([
    "span", "img", "br", "sup", "sub", "label", "time", "abbr", "cite", "q", "mark", "button",
    "svg", "picture", "source", "input", "video", "audio", "ins", "del", "noscript", "iframe",
]);
pub(super) const A: u64 = name(b"a");
pub(super) const P: u64 = name(b"p");
pub(super) const BUTTON: u64 = name(b"button");
pub(super) const SVG: u64 = name(b"svg");
pub(super) const MATH: u64 = name(b"math");

/// A name as a number, whatever its case. FNV-1a: names are short, and an attacker who finds two that collide only
/// confuses the scan of his own page.
pub(super) const fn name(name: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = name;
    while let [byte, tail @ ..] = rest {
        hash = (hash ^ byte.to_ascii_lowercase() as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    hash
}

#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const fn names<const N: usize>(texts: [&str; N]) -> [u64; N] {
    let mut names = [0; N];
    let mut at = 0;
    while at < N {
        names[at] = name(texts[at].as_bytes());
        at += 1;
    }
    names
}
