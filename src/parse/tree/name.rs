//! Names of elements and attributes, as numbers: those that HTML or klartext knows are constants, the others are numbered
//! in the order in which the page brings them. Two names of one page are the same when their numbers are.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::text::eight;
use crate::text::hash;

/// Makes a kind of name with its constants.
macro_rules! names {
    ($(#[$doc:meta])* $Name:ident, $Number:ident { $($CONSTANT:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $Name(u32);

        #[expect(clippy::upper_case_acronyms, non_camel_case_types, reason = "numbers the constants")]
        enum $Number { $($CONSTANT),* }

        impl $Name {
            $(
                #[doc = concat!("`", $text, "`")]
                pub const $CONSTANT: Self = Self($Number::$CONSTANT as u32);
            )*

            /// The known names, by number.
            pub(in crate::parse) const TEXTS: &'static [&'static str] = &[$($text),*];
            /// Number of the known names.
            pub(in crate::parse) const N_KNOWN: usize = Self::TEXTS.len();
            /// The name that is written so, in whatever case, if it is known.
            pub(in crate::parse) fn known(text: &[u8]) -> Option<Self> {
                static TABLE: Table = Table::of($Name::TEXTS);
                TABLE.find(text, Self::TEXTS).map(Self)
            }

            /// Its number; those of the known names come first.
            pub(in crate::parse) const fn number(self) -> usize {
                self.0 as usize
            }

            /// How it is written, if it is known.
            pub(in crate::parse) fn known_text(self) -> Option<&'static str> {
                Self::TEXTS.get(self.number()).copied()
            }

            fn of_number(number: usize) -> Self {
                Self(u32::try_from(number).unwrap_or(u32::MAX))
            }
        }
    };
}

names! {
    /// The name of an element.
    Tag, TagNumber {
        A = "a", ABBR = "abbr", ACRONYM = "acronym", ADDRESS = "address", AMP_AD = "amp-ad",
        AMP_CONSENT = "amp-consent", AMP_IMG = "amp-img", AMP_LIGHTBOX = "amp-lightbox", AMP_SIDEBAR = "amp-sidebar",
        AMP_USER_NOTIFICATION = "amp-user-notification", ANIMATE = "animate", ANIMATEMOTION = "animatemotion",
        ANIMATETRANSFORM = "animatetransform", ANNOTATION_XML = "annotation-xml", APPLET = "applet", AREA = "area",
        ARTICLE = "article", ASIDE = "aside", AUDIO = "audio", AUTHOR = "author", B = "b", BASE = "base",
        BASEFONT = "basefont", BDI = "bdi", BDO = "bdo", BGSOUND = "bgsound", BIG = "big", BLOCKQUOTE = "blockquote",
        BODY = "body", BR = "br", BUTTON = "button", BYLINE = "byline", CANVAS = "canvas", CAPTION = "caption",
        CENTER = "center", CIRCLE = "circle", CITE = "cite", CLIPPATH = "clippath", CODE = "code", COL = "col",
        COLGROUP = "colgroup", DATA = "data", DATALIST = "datalist", DD = "dd", DEFS = "defs", DEL = "del",
        DESC = "desc", DETAILS = "details", DFN = "dfn", DIALOG = "dialog", DIR = "dir", DIV = "div", DL = "dl",
        DT = "dt", ELLIPSE = "ellipse", EM = "em", EMBED = "embed", FEBLEND = "feblend",
        FECOLORMATRIX = "fecolormatrix", FECOMPONENTTRANSFER = "fecomponenttransfer", FECOMPOSITE = "fecomposite",
        FEFLOOD = "feflood", FEFUNCA = "fefunca", FEFUNCB = "fefuncb", FEFUNCG = "fefuncg", FEFUNCR = "fefuncr",
        FEGAUSSIANBLUR = "fegaussianblur", FEMERGE = "femerge", FEMERGENODE = "femergenode", FEOFFSET = "feoffset",
        FIELDSET = "fieldset", FIGCAPTION = "figcaption", FIGURE = "figure", FILTER = "filter", FONT = "font",
        FOOTER = "footer", FOREIGN_OBJECT = "foreignobject", FORM = "form", FRAME = "frame", FRAMESET = "frameset",
        G = "g", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", HEAD = "head", HEADER = "header",
        HGROUP = "hgroup", HR = "hr", HTML = "html", I = "i", IFRAME = "iframe", IMAGE = "image", IMG = "img",
        INPUT = "input", INS = "ins", ISINDEX = "isindex", KBD = "kbd", KEYGEN = "keygen", LABEL = "label",
        LEGEND = "legend", LI = "li", LINE = "line", LINEARGRADIENT = "lineargradient", LINK = "link",
        LISTING = "listing", MAIN = "main", MALIGNMARK = "malignmark", MAP = "map", MARK = "mark", MARKER = "marker",
        MARQUEE = "marquee", MASK = "mask", MATH = "math", MENU = "menu", META = "meta", METADATA = "metadata",
        METER = "meter", MGLYPH = "mglyph", MI = "mi", MN = "mn", MO = "mo", MPATH = "mpath", MS = "ms",
        MTEXT = "mtext", NAV = "nav", NOBR = "nobr", NOEMBED = "noembed", NOFRAMES = "noframes", NOSCRIPT = "noscript",
        OBJECT = "object", OL = "ol", OPTGROUP = "optgroup", OPTION = "option", OUTPUT = "output", P = "p",
        PARAM = "param", PATH = "path", PATTERN = "pattern", PICTURE = "picture", PLAINTEXT = "plaintext",
        POLYGON = "polygon", POLYLINE = "polyline", PRE = "pre", PROGRESS = "progress", Q = "q",
        RADIALGRADIENT = "radialgradient", RB = "rb", RECT = "rect", RP = "rp", RT = "rt", RTC = "rtc", RUBY = "ruby",
        S = "s", SAMP = "samp", SCRIPT = "script", SEARCH = "search", SECTION = "section", SELECT = "select",
        SET = "set", SLOT = "slot", SMALL = "small", SOURCE = "source", SPAN = "span", STOP = "stop", STRIKE = "strike",
        STRONG = "strong", STYLE = "style", SUB = "sub", SUMMARY = "summary", SUP = "sup", SVG = "svg",
        SYMBOL = "symbol", TABLE = "table", TBODY = "tbody", TD = "td", TEMPLATE = "template", TEXT = "text",
        TEXTAREA = "textarea", TEXTPATH = "textpath", TFOOT = "tfoot", TH = "th", THEAD = "thead", TIME = "time",
        TITLE = "title", TR = "tr", TRACK = "track", TSPAN = "tspan", TT = "tt", U = "u", UL = "ul", USE = "use",
        VAR = "var", VIDEO = "video", VIEW = "view", WBR = "wbr", XMP = "xmp",
    }
}

names! {
    /// The name of an attribute. The known ones are those that somebody reads: the walk (layout, landmarks, hidden parts,
    /// advertising slots), the claims (meta, microdata, links, times), selectors of rules (`class`, `id` …) and the tree
    /// builder (`type`, `encoding`, `color`, `face`, `size`).
    Attr, AttrNumber {
        ALT = "alt", ARIA_HIDDEN = "aria-hidden", ARIA_LABEL = "aria-label", ARIA_LABELLEDBY = "aria-labelledby",
        ARIA_LEVEL = "aria-level", ARIA_MODAL = "aria-modal", CHARSET = "charset", CITE = "cite", CLASS = "class",
        COLOR = "color", CONTENT = "content", DATA_AD_CLIENT = "data-ad-client", DATA_AD_SLOT = "data-ad-slot",
        DATA_AD_UNIT = "data-ad-unit", DATA_ADUNIT = "data-adunit", DATA_GOOGLE_QUERY_ID = "data-google-query-id",
        DATETIME = "datetime", ENCODING = "encoding", FACE = "face", FORM = "form", HEIGHT = "height",
        HIDDEN = "hidden", HREF = "href", HREFLANG = "hreflang", HTTP_EQUIV = "http-equiv", ID = "id",
        ITEMID = "itemid", ITEMPROP = "itemprop", ITEMSCOPE = "itemscope", ITEMTYPE = "itemtype", LANG = "lang",
        NAME = "name", PROPERTY = "property", REL = "rel", ROLE = "role", SHADOWROOTMODE = "shadowrootmode",
        SIZE = "size", SRC = "src", SRCSET = "srcset", STYLE = "style", TITLE = "title", TYPE = "type",
        WIDTH = "width", XML_LANG = "xml:lang",
    }
}

/// A set of known elements.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct TagSet([u64; 4]);

impl TagSet {
    /// The set of these.
    #[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
    pub(in crate::parse) const fn of(tags: &[Tag]) -> Self {
        let mut words = [0; 4];
        let mut rest = tags;
        while let [tag, tail @ ..] = rest {
            words[(tag.0 / 64) as usize] |= 1 << (tag.0 % 64);
            rest = tail;
        }
        Self(words)
    }

    /// The set and these.
    pub(in crate::parse) const fn and(self, tags: &[Tag]) -> Self {
        self.or(Self::of(tags))
    }

    /// The elements of both sets.
    pub(in crate::parse) const fn or(self, Self(more): Self) -> Self {
        let [zero, one, two, three] = self.0;
        Self([zero | more[0], one | more[1], two | more[2], three | more[3]])
    }

    /// The set without these.
    pub(in crate::parse) const fn without(self, tags: &[Tag]) -> Self {
        let ([zero, one, two, three], Self(gone)) = (self.0, Self::of(tags));
        Self([zero & !gone[0], one & !gone[1], two & !gone[2], three & !gone[3]])
    }

    /// Whether an element is in it.
    pub(in crate::parse) fn has(&self, tag: Tag) -> bool {
        let word = self.0.get(tag.number() / 64).copied().unwrap_or(0);
        word >> (tag.0 % 64) & 1 == 1
    }
}

/// The names of a page that are not known.
#[derive(Debug, Default)]
pub struct Names<'p> {
    texts: Vec<Cow<'p, str>>,
    numbers: HashMap<Cow<'p, str>, usize>,
}

impl<'p> Names<'p> {
    /// The element that is written so.
    pub fn tag(&mut self, written: &'p str) -> Tag {
        let known = Tag::known(written.as_bytes());
        known.unwrap_or_else(|| Tag::of_number(Tag::N_KNOWN + self.number(written)))
    }

    /// The attribute that is written so.
    pub fn attr(&mut self, written: &'p str) -> Attr {
        let known = Attr::known(written.as_bytes());
        known.unwrap_or_else(|| Attr::of_number(Attr::N_KNOWN + self.number(written)))
    }

    /// How the name of an element is written, in lower case.
    #[must_use]
    pub fn text_of_tag(&self, tag: Tag) -> &str {
        tag.known_text().unwrap_or_else(|| self.text(tag.number() - Tag::N_KNOWN))
    }

    /// How the name of an attribute is written, in lower case.
    #[must_use]
    pub fn text_of_attr(&self, attr: Attr) -> &str {
        attr.known_text().unwrap_or_else(|| self.text(attr.number() - Attr::N_KNOWN))
    }

    fn text(&self, number: usize) -> &str {
        self.texts.get(number).map_or("", |text| text)
    }

    fn number(&mut self, written: &'p str) -> usize {
        let text = in_lower_case(written);
        let next = self.texts.len();
        let number = *self.numbers.entry(text.clone()).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        number
    }
}

/// A name as the standard has it: in lower case, NUL replaced.
fn in_lower_case(written: &str) -> Cow<'_, str> {
    if written.bytes().any(|byte| byte.is_ascii_uppercase() || byte == 0) {
        written.to_ascii_lowercase().replace('\0', "\u{fffd}").into()
    } else {
        written.into()
    }
}

/// Slots of a table: a few for each name, so that most names are found at the first.
const N_SLOTS: usize = 512;

/// Finds known names by their first bytes, which tell nearly all apart and are compared as one number.
struct Table {
    slots: [Slot; N_SLOTS],
}

/// A known name.
#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    n_bytes: u32,
    /// One more than the number of the name; 0 where there is none.
    number: u32,
}

impl Table {
    #[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
    #[expect(clippy::cast_possible_truncation, reason = "there are few names, and short ones")]
    const fn of(texts: &[&str]) -> Self {
        assert!(texts.len() < N_SLOTS / 2, "too full to be fast");
        let mut slots = [Slot { key: 0, n_bytes: 0, number: 0 }; N_SLOTS];
        let mut number = 0;
        while number < texts.len() {
            let name = texts[number].as_bytes();
            let mut slot = slot_of(key(name), name.len());
            while slots[slot].number != 0 {
                slot = (slot + 1) % N_SLOTS;
            }
            number += 1;
            slots[slot] =
                Slot { key: key(name), n_bytes: name.len() as u32, number: number as u32 };
        }
        Self { slots }
    }

    /// The number of a name.
    fn find(&self, name: &[u8], texts: &[&str]) -> Option<u32> {
        let key = key(name);
        let mut at = slot_of(key, name.len());
        loop {
            let slot = self.slots.get(at)?;
            let number = slot.number.checked_sub(1)?;
            let is_it = slot.key == key && usize::try_from(slot.n_bytes) == Ok(name.len());
            if is_it && (name.len() <= KEY_BYTES || is_tail_of(name, texts, number)) {
                return Some(number);
            }
            at = (at + 1) % N_SLOTS;
        }
    }
}

/// Whether the bytes of a long name that are not in its key are those of a known name.
fn is_tail_of(name: &[u8], texts: &[&str], number: u32) -> bool {
    let text = usize::try_from(number).ok().and_then(|number| texts.get(number));
    text.is_some_and(|text| text.as_bytes().eq_ignore_ascii_case(name))
}

/// Bytes of a name that make its key.
const KEY_BYTES: usize = 8;

/// The first bytes of a name, in lower case; zeros behind a short one.
const fn key(name: &[u8]) -> u64 {
    eight::in_lower_case(match name.first_chunk::<KEY_BYTES>() {
        Some(first) => u64::from_le_bytes(*first),
        None => hash::number_of(name),
    })
}

/// Where a name of that key and length is looked for first: the upper bits of the hash are the well mixed ones.
const fn slot_of(key: u64, n_bytes: usize) -> usize {
    (hash::with(n_bytes as u64, key) >> 32) as usize % N_SLOTS
}
