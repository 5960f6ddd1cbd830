//! Passing over what is inside `<svg>`.
//!
//! Only where that cannot change the tree around it: every tag up to the end tag must be one that SVG owns. A `<p>` or
//! `<a>` in between breaks out of the image or reaches elements around it, so such an image is read as it stands.

use memchr::{memchr, memchr3};

use super::raw::ends_name;
use super::{TokenSink, Tokenizer};
use crate::parse::tree::{Tag, TagSet};

/// Elements of SVG whose names HTML does not use.
const SVG_ONLY: TagSet = TagSet::of(&[
    Tag::ANIMATE,
    Tag::ANIMATEMOTION,
    Tag::ANIMATETRANSFORM,
    Tag::CIRCLE,
    Tag::CLIPPATH,
    Tag::DEFS,
    Tag::ELLIPSE,
    Tag::FEBLEND,
    Tag::FECOLORMATRIX,
    Tag::FECOMPONENTTRANSFER,
    Tag::FECOMPOSITE,
    Tag::FEFLOOD,
    Tag::FEFUNCA,
    Tag::FEFUNCB,
    Tag::FEFUNCG,
    Tag::FEFUNCR,
    Tag::FEGAUSSIANBLUR,
    Tag::FEMERGE,
    Tag::FEMERGENODE,
    Tag::FEOFFSET,
    Tag::FILTER,
    Tag::G,
    Tag::IMAGE,
    Tag::LINE,
    Tag::LINEARGRADIENT,
    Tag::MARKER,
    Tag::MASK,
    Tag::METADATA,
    Tag::MPATH,
    Tag::PATH,
    Tag::PATTERN,
    Tag::POLYGON,
    Tag::POLYLINE,
    Tag::RADIALGRADIENT,
    Tag::RECT,
    Tag::SET,
    Tag::STOP,
    Tag::SYMBOL,
    Tag::TEXT,
    Tag::TEXTPATH,
    Tag::TSPAN,
    Tag::USE,
    Tag::VIEW,
]);
/// Elements of SVG in which HTML begins: passed over when there is but text in them.
const TEXT_ONLY: TagSet = TagSet::of(&[Tag::DESC, Tag::STYLE, Tag::TITLE]);

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
                None if !is_end && is_one_of(name, &TEXT_ONLY) => {
                    (!is_self_closing).then_some(name)
                }
                None if is_one_of(name, &SVG_ONLY) => None,
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

fn is_one_of(name: &[u8], set: &TagSet) -> bool {
    Tag::known(name).is_some_and(|tag| set.has(tag))
}
