//! What the names of classes and ids say: `config/stems.yaml`, compiled.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use saphyr::{LoadableYamlNode as _, Yaml};

use super::table::Filter;
use super::words::FieldParts;
use super::{FieldName, RulesError, Words};

/// The file, as the binary carries it.
pub(super) const EMBEDDED: &str = include_str!("../../config/stems.yaml");

macro_rules! stem_classes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// What an element is for, if its names are right. Earlier ones win.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StemClass {
            $($(#[$doc])+ $variant,)+
        }

        impl StemClass {
            /// Name in `config/stems.yaml`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Every class, earlier ones first.
            const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The class of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

stem_classes! {
    /// Not shown, or for screen readers only.
    Hidden = "hidden",
    /// Advertising.
    Ad = "ad",
    /// Credit of a picture.
    Credit = "credit",
    /// Reader comments.
    Comments = "comments",
    /// Newsletter form.
    Newsletter = "newsletter",
    /// Share and follow buttons.
    Share = "share",
    /// Links to other articles.
    Related = "related",
    /// Byline, author box.
    Author = "author",
    /// Keywords.
    Tags = "tags",
    /// Path of sections.
    Breadcrumb = "breadcrumb",
    /// Menus.
    Nav = "nav",
    /// Foot of the page.
    Footer = "footer",
    /// Cookie banner.
    Consent = "consent",
    /// Windows over the page.
    Modal = "modal",
    /// Picture galleries.
    Gallery = "gallery",
    /// Players and read-aloud controls.
    Player = "player",
    /// Video, often a teaser, often a page.
    Video = "video",
    /// Caption of a picture.
    Caption = "caption",
    /// Dates and other lines about the article.
    Timestamp = "timestamp",
    /// Polls, ratings, feedback.
    Poll = "poll",
    /// Placeholder of an embedded post.
    EmbedNotice = "embed_notice",
    /// Appeals for money.
    Donation = "donation",
    /// Login forms.
    Login = "login",
    /// Boxes beside the article.
    Widget = "widget",
    /// For print only, or not for print.
    Print = "print",
    /// First letter set large.
    DropCap = "drop_cap",
    /// Line above the headline.
    Kicker = "kicker",
    /// Summary in points: editorial.
    KeyPoints = "key_points",
    /// Fact box: editorial.
    Infobox = "infobox",
}

/// What several names say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StemSet(u32);

const _: () = assert!(StemClass::ALL.len() <= 32, "a class is a bit of a StemSet");

impl StemSet {
    /// Whether one of the names says this.
    #[must_use]
    pub const fn contains(self, class: StemClass) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// The earliest class of [`StemClass`] that the names say.
    #[must_use]
    pub fn first(self) -> Option<StemClass> {
        StemClass::ALL.get(usize::try_from(self.0.trailing_zeros()).ok()?).copied()
    }

    /// The set as a number that the model can carry.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set of [`Self::bits`].
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// What either says.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds what a name says.
    pub const fn insert(&mut self, class: StemClass) {
        self.0 |= 1 << class as u32;
    }
}

/// Where FNV-1a begins.
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, one byte further.
const fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// FNV-1a. Every part of every class of a page is looked up; the table holds our own stems only, so that no page can
/// make them collide.
#[derive(Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(FNV_BASIS)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().copied().fold(self.0, fnv);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Stems and their classes.
#[derive(Debug)]
pub struct Stems {
    classes: HashMap<Box<str>, StemClass, BuildHasherDefault<Fnv>>,
    filter: Filter,
}

impl Stems {
    /// Compiles the embedded file.
    ///
    /// # Errors
    /// It is no mapping of class names to lists of stems.
    pub fn compile() -> Result<Self, RulesError> {
        let wrong = |what: String| RulesError::Stems { what };
        let documents = Yaml::load_from_str(EMBEDDED).map_err(|error| wrong(error.to_string()))?;
        let mapping = documents.first().and_then(Yaml::as_mapping);
        let mapping = mapping.ok_or_else(|| wrong("not a mapping".to_owned()))?;
        let mut classes: HashMap<Box<str>, StemClass, _> = HashMap::default();
        for (name, stems) in mapping {
            let name = name.as_str().unwrap_or_default();
            let class = StemClass::from_name(name)
                .ok_or_else(|| wrong(format!("unknown class `{name}`")))?;
            let stems = stems.as_sequence().ok_or_else(|| wrong(format!("`{name}` is no list")))?;
            for stem in stems.iter().filter_map(Yaml::as_str) {
                classes.entry(Box::from(stem)).or_insert(class);
            }
        }
        let filter = filter_of(classes.keys().map(AsRef::as_ref));
        Ok(Self { classes, filter })
    }

    /// What the names of classes and ids say, blanks between them.
    fn of(&self, words: &Words, names: &str) -> Found {
        let mut found = Found::default();
        for name in names.split_ascii_whitespace() {
            if name.is_ascii() {
                self.of_ascii(words, name, &mut found);
            } else {
                self.of_name(words, name, &mut found);
            }
        }
        found
    }

    /// [`Self::of_name`] without a string: nearly every part of nearly every name is no stem, and the filter says so.
    fn of_ascii(&self, words: &Words, name: &str, found: &mut Found) {
        let mut before: Option<Part> = None;
        let mut part: Option<Part> = None;
        let mut was_lower = false;
        for (at, byte) in name.bytes().enumerate() {
            let is_border =
                !byte.is_ascii_alphanumeric() || (was_lower && byte.is_ascii_uppercase());
            if is_border && let Some(ended) = part.take() {
                self.of_part(words, name, (before, ended), found);
                before = Some(ended);
            }
            if byte.is_ascii_alphanumeric() {
                let begun = || Part {
                    start: at,
                    end: at,
                    alone: FNV_BASIS,
                    paired: before.map_or(FNV_BASIS, |before| fnv(before.alone, b'-')),
                };
                let part = part.get_or_insert_with(begun);
                let lower = byte.to_ascii_lowercase();
                part.end = at + 1;
                part.alone = fnv(part.alone, lower);
                part.paired = fnv(part.paired, lower);
            }
            was_lower = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        }
        if let Some(last) = part {
            self.of_part(words, name, (before, last), found);
        }
    }

    /// What a part says, alone and with the one before it.
    fn of_part(
        &self,
        words: &Words,
        name: &str,
        (before, part): (Option<Part>, Part),
        found: &mut Found,
    ) {
        let lower =
            |part: Part| name.get(part.start..part.end).unwrap_or_default().to_ascii_lowercase();
        if self.filter.may_have(part.alone)
            && let Some(class) = self.classes.get(lower(part).as_str())
        {
            found.stems.insert(*class);
        }
        if words.may_be_field_part(part.alone) {
            found.fields.add(words.field_part(&lower(part)));
        }
        if let Some(before) = before.filter(|_| self.filter.may_have(part.paired))
            && let Some(class) = self.classes.get([lower(before), lower(part)].join("-").as_str())
        {
            found.stems.insert(*class);
        }
    }

    /// What one name says by its parts and its pairs of neighbouring parts.
    fn of_name(&self, words: &Words, name: &str, found: &mut Found) {
        let mut pair = String::new();
        for part in parts(name) {
            let part_start = if pair.is_empty() { 0 } else { pair.len() + 1 };
            if !pair.is_empty() {
                pair.push('-');
            }
            pair.extend(part.chars().map(|c| c.to_ascii_lowercase()));
            let single = pair.get(part_start..).unwrap_or_default();
            if let Some(class) = self.classes.get(single) {
                found.stems.insert(*class);
            }
            found.fields.add(words.field_part(single));
            if part_start > 0
                && let Some(class) = self.classes.get(pair.as_str())
            {
                found.stems.insert(*class);
            }
            pair.drain(..part_start);
        }
    }
}

/// What the parts of names say so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Found {
    stems: StemSet,
    fields: FieldParts,
}

/// A part of a name: where it stands, its hash, and the hash of the part before it, a hyphen and it.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    alone: u64,
    paired: u64,
}

/// A filter of the hashes that the parts of names have while they are read.
pub(super) fn filter_of<'s>(stems: impl Iterator<Item = &'s str>) -> Filter {
    let mut filter = Filter::default();
    for stem in stems {
        filter.add(stem.bytes().fold(FNV_BASIS, fnv));
    }
    filter
}

/// What a class or an id says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// What its element is for.
    pub stems: StemSet,
    /// The field that its element holds.
    pub field: Option<FieldName>,
}

impl Said {
    /// What the names say, blanks between them.
    #[must_use]
    pub fn of(stems: &Stems, words: &Words, names: &str) -> Self {
        let found = stems.of(words, names);
        Self { stems: found.stems, field: found.fields.field() }
    }
}

/// Remembers what the names of one page say: a page has some hundred, which stand at thousands of elements.
///
/// A hash that two names share makes them put each other out, nothing worse: no page can make it slow.
#[derive(Debug)]
pub struct StemMemory<'n> {
    slots: Vec<(&'n str, Said)>,
}

impl Default for StemMemory<'_> {
    fn default() -> Self {
        /// Names that are remembered, a power of two.
        const N_SLOTS: usize = 1024;
        // An empty name says nothing: so does a slot that is not used yet.
        Self { slots: vec![("", Said::default()); N_SLOTS] }
    }
}

impl<'n> StemMemory<'n> {
    /// [`Said::of`], looked up once.
    pub fn of(&mut self, stems: &Stems, words: &Words, names: Option<&'n str>) -> Said {
        let Some(names) = names else { return Said::default() };
        let slot = slot(names.as_bytes(), self.slots.len());
        match self.slots.get_mut(slot) {
            Some((known, said)) if *known == names => *said,
            Some(slot) => {
                *slot = (names, Said::of(stems, words, names));
                slot.1
            }
            None => Said::of(stems, words, names),
        }
    }
}

/// The slot of a name, eight bytes at a time.
fn slot(name: &[u8], n_slots: usize) -> usize {
    /// An odd number whose bits look random (the golden ratio's).
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (chunks, rest) = name.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let chunks = chunks.iter().chain([&last]);
    let hash = chunks.fold(0_u64, |hash, chunk| {
        (hash.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(MIX)
    });
    usize::try_from(hash >> 32).unwrap_or(0) & n_slots.saturating_sub(1)
}

/// The parts of one name: `adContainer-top_2` → `ad`, `Container`, `top`, `2`.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(humps).filter(|part| !part.is_empty())
}

/// Splits before an upper-case letter that follows a lower-case one or a digit.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut was_lower = false;
        let border = rest.char_indices().find(|(_, c)| {
            let is_border = was_lower && c.is_uppercase();
            was_lower = c.is_lowercase() || c.is_ascii_digit();
            is_border
        });
        let (part, after) = rest.split_at(border.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::{Found, StemSet, Stems};
    use crate::rules::Words;

    #[test]
    fn names_in_ascii_say_what_the_careful_reading_says() {
        let stems = Stems::compile().expect("the embedded file is right");
        let words = Words::compile().expect("the embedded file is right");
        let pieces = [
            "ad",
            "Ad",
            "AD",
            "share",
            "Bar",
            "x2",
            "related",
            "-",
            "_",
            "__",
            ":",
            "Teaser",
            "9",
            "newsletter",
            "author",
            "Date",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let name = [first, second, third].concat();
                    let mut careful = Found::default();
                    stems.of_name(&words, &name, &mut careful);
                    assert_eq!(stems.of(&words, &name), careful, "{name}");
                }
            }
        }
        assert_ne!(stems.of(&words, "site__ad-slot").stems, StemSet::default());
    }
}
