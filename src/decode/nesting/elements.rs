//! What the scan knows of elements: their names as numbers, and how they nest.

/// Elements without end tag.
const VOID: [u64; 14] = names([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
]);
/// Elements whose content is characters, not tags.
const RAW: [u64; 8] =
    names(["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"]);
/// Elements that stay open over paragraph borders (HTML standard, "formatting").
const FORMATTING: [u64; 14] = names([
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
]);
/// Start tags that end an open element of the same group without being inside it: each with what may stand between (any
/// phrasing element, when empty).
const IMPLIED_END: [(&[u64], &[u64]); 5] = [
    (&names(["li"]), &names(["p", "div", "span", "address"])),
    (&names(["dd", "dt"]), &names(["p", "div", "span", "address"])),
    (&names(["option", "optgroup"]), &[]),
    (&names(["td", "th"]), &names(["p", "div", "span", "ul", "ol", "li"])),
    (&names(["tr"]), &names(["td", "th", "p", "div", "span", "ul", "ol", "li"])),
];
/// Elements that may stand in an open paragraph; any other start tag ends it.
const PHRASING: [u64; 22] = names([
    "span", "img", "br", "sup", "sub", "label", "time", "abbr", "cite", "q", "mark", "button",
    "svg", "picture", "source", "input", "video", "audio", "ins", "del", "noscript", "iframe",
]);
pub(super) const A: u64 = name(b"a");
pub(super) const P: u64 = name(b"p");
pub(super) const BUTTON: u64 = name(b"button");
pub(super) const SVG: u64 = name(b"svg");
pub(super) const MATH: u64 = name(b"math");

/// What the lists above say of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts(u8);

impl Facts {
    const VOID: u8 = 1;
    const RAW: u8 = 2;
    const FORMATTING: u8 = 4;
    const PHRASING: u8 = 8;
    /// The number of its group in [`IMPLIED_END`], from 1, stands above the bits.
    const GROUP: u8 = 16;

    /// Those of a name: every tag of a page asks, so it is one look into a table.
    pub(super) fn of(name: u64) -> Self {
        let mut slot = slot(name);
        loop {
            match TABLE.get(slot) {
                Some((known, facts)) if *known == name => return *facts,
                Some((0, _)) | None => return Self(0),
                Some(_) => slot = (slot + 1) % N_SLOTS,
            }
        }
    }

    pub(super) const fn is_void(self) -> bool {
        self.0 & Self::VOID != 0
    }

    pub(super) const fn is_raw(self) -> bool {
        self.0 & Self::RAW != 0
    }

    pub(super) const fn is_formatting(self) -> bool {
        self.0 & Self::FORMATTING != 0
    }

    pub(super) const fn is_phrasing(self) -> bool {
        self.0 & Self::PHRASING != 0
    }

    /// The group of [`IMPLIED_END`] that the name is in.
    pub(super) fn implied_end(self) -> Option<(&'static [u64], &'static [u64])> {
        let number = usize::from(self.0 / Self::GROUP);
        IMPLIED_END.get(number.checked_sub(1)?).copied()
    }
}

/// Slots of the table: most are free, so that a look ends at once.
const N_SLOTS: usize = 512;

/// The facts by name; no name is 0.
#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const TABLE: [(u64, Facts); N_SLOTS] = {
    let mut table = [(0, Facts(0)); N_SLOTS];
    table = with(table, &VOID, Facts::VOID);
    table = with(table, &RAW, Facts::RAW);
    table = with(table, &FORMATTING, Facts::FORMATTING);
    table = with(table, &PHRASING, Facts::PHRASING);
    let (mut at, mut number) = (0, Facts::GROUP);
    while at < IMPLIED_END.len() {
        table = with(table, IMPLIED_END[at].0, number);
        number += Facts::GROUP;
        at += 1;
    }
    table
};

/// The table with a fact about some names.
#[expect(clippy::indexing_slicing, reason = "runs while compiling, where a panic is an error")]
const fn with(
    mut table: [(u64, Facts); N_SLOTS],
    names: &[u64],
    fact: u8,
) -> [(u64, Facts); N_SLOTS] {
    let mut rest = names;
    while let [name, tail @ ..] = rest {
        let mut slot = slot(*name);
        while table[slot].0 != 0 && table[slot].0 != *name {
            slot = (slot + 1) % N_SLOTS;
        }
        table[slot] = (*name, Facts(table[slot].1.0 | fact));
        rest = tail;
    }
    table
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
const fn slot(name: u64) -> usize {
    ((name ^ (name >> 32)) as usize) % N_SLOTS
}

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
