//! Passing over what is inside `<svg>`.
//!
//! Only where that cannot change the tree around it: every tag up to the end tag must be one that SVG owns. A `<p>` or
//! `<a>` in between breaks out of the image or reaches elements around it, so such an image is read as it stands.

use memchr::{memchr, memchr3};

use super::raw::ends_name;
use super::{TokenSink, Tokenizer};

/// Elements of SVG whose names HTML does not use, in lower case.
const SVG_ONLY: &[&str] = &[
    "animate",
    "animatemotion",
    "animatetransform",
    "circle",
    "clippath",
    "defs",
    "ellipse",
    "feblend",
    "fecolormatrix",
    "fecomponenttransfer",
    "fecomposite",
    "feflood",
    "fefunca",
    "fefuncb",
    "fefuncg",
    "fefuncr",
    "fegaussianblur",
    "femerge",
    "femergenode",
    "feoffset",
    "filter",
    "g",
    "image",
    "line",
    "lineargradient",
    "marker",
    "mask",
    "metadata",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "set",
    "stop",
    "symbol",
    "text",
    "textpath",
    "tspan",
    "use",
    "view",
];
/// Elements of SVG in which HTML begins: passed over when there is but text in them.
const TEXT_ONLY: &[&str] = &["desc", "style", "title"];

impl<'p, S: TokenSink<'p>> Tokenizer<'p, '_, S> {
    /// Goes to the end tag of the image that has just begun, if nothing in it can matter.
    pub(super) fn skip_svg(&mut self) {
        if self.sink.is_in_foreign_content()
            && let Some(end) = self.svg_end()
        {
            self.at = end;
        }
    }

    /// Where the end tag of the image is.
    pub(super) fn svg_end(&self) -> Option<usize> {
        let mut at = self.at;
        let mut text_only: Option<&[u8]> = None;
        loop {
            let open = self.find(at, b'<')?;
            let is_end = self.byte(open + 1) == Some(b'/');
            let name_at = open + if is_end { 2 } else { 1 };
            let rest = self.rest(name_at);
            let n_bytes = rest.iter().position(|byte| ends_name(*byte))?;
            let name = rest.get(..n_bytes)?;
            at = self.tag_end(name_at + n_bytes)?;
            let is_self_closing = self.byte(at.checked_sub(2)?) == Some(b'/');
            text_only = match text_only {
                Some(own) if is_end && own == name => None,
                None if is_end && name == b"svg" => return Some(open),
                None if !is_end && is_one_of(name, TEXT_ONLY) => (!is_self_closing).then_some(name),
                None if is_one_of(name, SVG_ONLY) => None,
                _ => return None,
            };
        }
    }

    /// Behind the `>` that ends a tag; quotes may hold another. `None` where that is not plain to see.
    fn tag_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let mark = at + memchr3(b'>', b'"', b'\'', self.rest(at))?;
            let quote = match self.byte(mark)? {
                b'>' => return Some(mark + 1),
                quote => quote,
            };
            // A quote that does not follow `=` opens nothing.
            if self.byte(mark.checked_sub(1)?) != Some(b'=') {
                return None;
            }
            at = mark + 1 + memchr(quote, self.rest(mark + 1))? + 1;
        }
    }
}

/// Whether a name, whatever its case, is on a sorted list.
fn is_one_of(name: &[u8], list: &[&str]) -> bool {
    if name.iter().any(u8::is_ascii_uppercase) {
        let name = name.to_ascii_lowercase();
        return list.binary_search_by(|known| known.as_bytes().cmp(&name)).is_ok();
    }
    list.binary_search_by(|known| known.as_bytes().cmp(name)).is_ok()
}
