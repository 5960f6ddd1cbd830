//! What the names of classes and ids say: `config/stems.yaml`, compiled.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use saphyr::{LoadableYamlNode as _, Yaml};

use super::RulesError;

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

/// FNV-1a. Every part of every class of a page is looked up; the table holds our own stems only, so that no page can
/// make them collide.
#[derive(Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Stems and their classes.
#[derive(Debug)]
pub struct Stems {
    classes: HashMap<Box<str>, StemClass, BuildHasherDefault<Fnv>>,
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
        let mut classes = HashMap::default();
        for (name, stems) in mapping {
            let name = name.as_str().unwrap_or_default();
            let class = StemClass::from_name(name)
                .ok_or_else(|| wrong(format!("unknown class `{name}`")))?;
            let stems = stems.as_sequence().ok_or_else(|| wrong(format!("`{name}` is no list")))?;
            for stem in stems.iter().filter_map(Yaml::as_str) {
                classes.entry(Box::from(stem)).or_insert(class);
            }
        }
        Ok(Self { classes })
    }

    /// The class that an element's names say, the earliest one of [`StemClass`] if several; and whether they say that it
    /// holds a large first letter.
    #[must_use]
    pub fn class_and_drop_cap(&self, names: &str) -> (Option<StemClass>, bool) {
        let (mut found, mut is_drop_cap) = (None, false);
        self.for_each(names, |class| {
            is_drop_cap |= class == StemClass::DropCap;
            if found.is_none_or(|best| class < best) {
                found = Some(class);
            }
        });
        (found, is_drop_cap)
    }

    /// Calls back for every class that the names say.
    pub fn for_each(&self, names: &str, mut callback: impl FnMut(StemClass)) {
        let mut pair = String::new();
        for name in names.split_ascii_whitespace() {
            pair.clear();
            for part in parts(name) {
                let part_start = if pair.is_empty() { 0 } else { pair.len() + 1 };
                if !pair.is_empty() {
                    pair.push('-');
                }
                pair.extend(part.chars().map(|c| c.to_ascii_lowercase()));
                let single = pair.get(part_start..).unwrap_or_default();
                if let Some(class) = self.classes.get(single) {
                    callback(*class);
                }
                if part_start > 0
                    && let Some(class) = self.classes.get(pair.as_str())
                {
                    callback(*class);
                }
                pair.drain(..part_start);
            }
        }
    }
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
