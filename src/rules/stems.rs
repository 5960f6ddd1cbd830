//! What the names of classes and ids say: `config/stems.yaml`, compiled.

use saphyr::{LoadableYamlNode as _, Yaml};

use super::table::{ByHash, Filter};
use super::words::FieldParts;
use super::{FieldName, RulesError, Words};
use crate::text::hash;

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
        self.0 & Self::of(class).0 != 0
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

    /// What a name says.
    #[must_use]
    pub const fn of(class: StemClass) -> Self {
        Self(1 << class as u32)
    }

    /// Adds what other names say.
    pub const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Stems and their classes.
#[derive(Debug)]
pub struct Stems {
    /// By the hashes of the stems.
    classes: ByHash<(Box<str>, StemClass)>,
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
        let mut compiled = Self { classes: ByHash::default(), filter: Filter::default() };
        for (name, stems) in mapping {
            let name = name.as_str().unwrap_or_default();
            let class = StemClass::from_name(name)
                .ok_or_else(|| wrong(format!("unknown class `{name}`")))?;
            let stems = stems.as_sequence().ok_or_else(|| wrong(format!("`{name}` is no list")))?;
            for stem in stems.iter().filter_map(Yaml::as_str) {
                let hash = hash_of_stem(stem);
                compiled.filter.add(hash);
                compiled.classes.entry(hash).or_insert_with(|| (Box::from(stem), class));
            }
        }
        Ok(compiled)
    }

    /// What the names of classes and ids say, blanks between them.
    fn of(&self, words: &Words, names: &str) -> Found {
        let mut found = Found::default();
        if names.is_ascii() {
            self.of_ascii(words, names, &mut found);
        } else {
            self.of_any(words, names, &mut found);
        }
        found
    }

    fn of_any(&self, words: &Words, names: &str, found: &mut Found) {
        for name in names.split_ascii_whitespace() {
            let mut before = None;
            for text in parts(name) {
                let part = Part::of(text);
                self.of_part(words, (before, part), found);
                before = Some(part);
            }
        }
    }

    /// The same without a look at characters.
    fn of_ascii(&self, words: &Words, names: &str, found: &mut Found) {
        let bytes = names.as_bytes();
        let mut before = None;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if !byte.is_ascii_alphanumeric() {
                at += 1;
                // White space ends a name, anything else a part.
                before = before.filter(|_| !byte.is_ascii_whitespace());
                continue;
            }
            let start = at;
            let hash;
            (at, hash) = hash::part_of_name(bytes, start);
            let Some(text) = names.get(start..at) else { return };
            let part = Part { text, hash };
            self.of_part(words, (before, part), found);
            before = Some(part);
        }
    }

    /// What a part says, alone and with the one before it.
    fn of_part(
        &self,
        words: &Words,
        (before, part): (Option<Part<'_>>, Part<'_>),
        found: &mut Found,
    ) {
        // Nearly every part of nearly every name is no stem, and the filters say so.
        if self.filter.may_have(part.hash) {
            let is_it = |stem: &str| stem.eq_ignore_ascii_case(part.text);
            found.stems.add(self.class(part.hash, is_it));
        }
        if let Some(before) = before
            && let hash = hash::with(before.hash, part.hash)
            && self.filter.may_have(hash)
        {
            let both = |(first, second): (&str, &str)| {
                first.eq_ignore_ascii_case(before.text) && second.eq_ignore_ascii_case(part.text)
            };
            let is_it = |stem: &str| stem.split_once('-').is_some_and(both);
            found.stems.add(self.class(hash, is_it));
        }
        if words.may_be_field_part(part.hash) {
            found.fields.add(words.field_part(part.hash, part.text));
        }
    }

    /// What the stem with that hash says, if it is the one that is looked for.
    fn class(&self, hash: u64, is_it: impl Fn(&str) -> bool) -> StemSet {
        let known = self.classes.get(&hash).filter(|(stem, _)| is_it(stem));
        known.map_or_else(StemSet::default, |(_, class)| StemSet::of(*class))
    }
}

/// The hash of a stem: of one part of a name, or of two neighbours.
fn hash_of_stem(stem: &str) -> u64 {
    match stem.split_once('-') {
        Some((first, second)) => hash::with(Part::of(first).hash, Part::of(second).hash),
        None => Part::of(stem).hash,
    }
}

/// A part of a name.
#[derive(Debug, Clone, Copy)]
struct Part<'n> {
    text: &'n str,
    /// Its hash in lower case.
    hash: u64,
}

impl<'n> Part<'n> {
    fn of(text: &'n str) -> Self {
        Self { text, hash: hash::hash_of_folded(text.as_bytes()) }
    }
}

/// What the parts of names say so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Found {
    stems: StemSet,
    fields: FieldParts,
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

/// Names that are remembered, a power of two.
const N_SLOTS: usize = 512;

impl Default for StemMemory<'_> {
    fn default() -> Self {
        // An empty name says nothing: so does a slot that is not used yet.
        Self { slots: vec![("", Said::default()); N_SLOTS] }
    }
}

impl<'n> StemMemory<'n> {
    /// [`Said::of`], looked up once.
    pub fn of(&mut self, stems: &Stems, words: &Words, names: Option<&'n str>) -> Said {
        let Some(names) = names else { return Said::default() };
        match self.slots.get_mut(slot(names)) {
            Some((known, said)) if *known == names => *said,
            Some(slot) => {
                *slot = (names, Said::of(stems, words, names));
                slot.1
            }
            None => Said::of(stems, words, names),
        }
    }
}

/// Where the memory keeps what names say.
fn slot(names: &str) -> usize {
    let lower_bits = hash::hash_of(names.as_bytes()) & u64::from(u32::MAX);
    usize::try_from(lower_bits).unwrap_or_default() % N_SLOTS
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
            " ",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let name = [first, second, third].concat();
                    let [mut plain, mut careful] = [Found::default(); 2];
                    stems.of_ascii(&words, &name, &mut plain);
                    stems.of_any(&words, &name, &mut careful);
                    assert_eq!(plain, careful, "{name}");
                }
            }
        }
        assert_ne!(stems.of(&words, "site__ad-slot").stems, StemSet::default());
    }

    #[test]
    fn every_stem_of_the_file_is_known() {
        let stems = Stems::compile().expect("the embedded file is right");
        let words = Words::compile().expect("the embedded file is right");
        for (stem, class) in stems.classes.values() {
            let is_of_two_parts = stem.matches('-').count() <= 1;
            let is_known = stems.of(&words, stem).stems.contains(*class);
            assert_eq!(is_known, is_of_two_parts, "{stem}");
        }
    }
}
