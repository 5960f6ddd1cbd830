//! What a site-rule file says, and how it is read: strict, with a place in every message.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::css;
use crate::model::Boilerplate;
use crate::rules::class::Class;

/// A whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SiteFile {
    pub(super) valid_until: Option<Day>,
    pub(super) select: Vec<Css>,
    pub(super) keep: Vec<Css>,
    pub(super) strip: Vec<Strip>,
    pub(super) fields: BTreeMap<Field, FieldSelector>,
    /// By the beginning of the page's path.
    pub(super) paths: BTreeMap<PathPrefix, PathRules>,
    pub(super) tests: Vec<SiteTest>,
}

/// What is different on some of the site's pages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PathRules {
    pub(super) select: Vec<Css>,
    pub(super) keep: Vec<Css>,
    pub(super) strip: Vec<Strip>,
    pub(super) fields: BTreeMap<Field, FieldSelector>,
}

/// A page of the site, or a part of one, and what is to be read of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteTest {
    /// What it shows.
    pub name: String,
    /// Address of the page; default: the site's front page.
    pub url: Option<String>,
    /// The page.
    pub html: String,
    /// The article's blocks, in order; not looked at when absent.
    pub blocks: Option<Vec<String>>,
    /// Fields of the output message that are to have these values.
    pub fields: BTreeMap<TestField, Expected>,
    /// `quality.flags`; not looked at when absent.
    pub flags: Option<Vec<String>>,
}

macro_rules! fields {
    ($(#[$doc:meta])* $enum:ident: $($(#[$variant_doc:meta])+ $variant:ident = $name:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $enum {
            $($(#[$variant_doc])+ $variant,)+
        }

        impl $enum {
            /// Name in the file.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

fields! {
    /// A field that a selector may fill.
    Field:
    /// Headline.
    Title = "title",
    /// Line above the headline.
    Kicker = "kicker",
    /// Line below the headline.
    Subtitle = "subtitle",
    /// Persons.
    Authors = "authors",
    /// Time of publication.
    Published = "published",
    /// Time of the last change.
    Modified = "modified",
    /// Sections, outermost first.
    Section = "section",
    /// Keywords.
    Keywords = "keywords",
}

fields! {
    /// A field of the output message that a test may look at.
    TestField:
    /// Headline.
    Title = "title",
    /// Line above the headline.
    Kicker = "kicker",
    /// Line below the headline.
    Subtitle = "subtitle",
    /// First block that sums up.
    Lead = "lead",
    /// Persons.
    Authors = "authors",
    /// Time of publication.
    Published = "published",
    /// Time of the last change.
    Modified = "modified",
    /// Language.
    Language = "language",
    /// Sections.
    Section = "section",
    /// Keywords.
    Keywords = "keywords",
}

/// What a test expects of a field: one text, or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected(pub Vec<String>);

/// A selector that compiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Css(pub(super) String);

/// A selector, and the class that its elements are counted under.
#[derive(Debug, Clone)]
pub(super) struct Strip {
    pub(super) css: Css,
    pub(super) class: Boilerplate,
}

/// `h1.headline`, or `time.pub @datetime`: the text of the elements, or one of their attributes.
#[derive(Debug, Clone)]
pub(super) struct FieldSelector {
    pub(super) css: Css,
    pub(super) attribute: Option<String>,
}

/// A day, `2027-06-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(pub(super) Date);

/// The beginning of a path, `/sport/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PathPrefix(pub(super) String);

impl<'de> Deserialize<'de> for Css {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(String::deserialize(deserializer)?)
    }
}

fn checked<E: de::Error>(css: String) -> Result<Css, E> {
    css::compile(&css).map_err(E::custom)?;
    Ok(Css(css))
}

impl<'de> Deserialize<'de> for FieldSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c))
        };
        let parts = written.rsplit_once('@').filter(|(_, name)| is_name(name.trim()));
        let (css, attribute) = match parts {
            Some((css, name)) => (css.trim().to_owned(), Some(name.trim().to_ascii_lowercase())),
            None => (written, None),
        };
        Ok(Self { css: checked(css)?, attribute })
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let day = written.parse().map_err(|_no_day| {
            de::Error::custom(format_args!("`{written}` is no day; write it as `2027-06-30`"))
        });
        day.map(Self)
    }
}

impl<'de> Deserialize<'de> for PathPrefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = String::deserialize(deserializer)?;
        if !path.starts_with('/') {
            let message = format!("`{path}` is no path; write its beginning, `/sport/`");
            return Err(de::Error::custom(message));
        }
        Ok(Self(path))
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Expected;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Expected, E> {
                Ok(Expected(vec![text.to_owned()]))
            }

            // `2026` and the like.
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Expected, E> {
                Ok(Expected(vec![number.to_string()]))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Expected, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element::<String>()? {
                    texts.push(text);
                }
                Ok(Expected(texts))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

impl<'de> Deserialize<'de> for Strip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StripVisitor;
        impl<'de> Visitor<'de> for StripVisitor {
            type Value = Strip;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a CSS selector, or `{css: SELECTOR, class: CLASS}`; a selector that begins with `#` or `[` needs quotes")
            }

            fn visit_str<E: de::Error>(self, css: &str) -> Result<Strip, E> {
                Ok(Strip { css: checked(css.to_owned())?, class: Boilerplate::OutsideArticle })
            }

            fn visit_unit<E: de::Error>(self) -> Result<Strip, E> {
                Err(E::custom("a CSS selector is missing; one that begins with `#` needs quotes"))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Strip, A::Error> {
                let (mut css, mut class) = (None, Boilerplate::OutsideArticle);
                while let Some(key) = entries.next_key::<StripKey>()? {
                    match key {
                        StripKey::Css => css = Some(entries.next_value::<Css>()?),
                        StripKey::Class => class = entries.next_value::<Class>()?.0,
                    }
                }
                let css = css.ok_or_else(|| {
                    de::Error::custom("`css` is missing; write `{css: SELECTOR, class: CLASS}`")
                })?;
                Ok(Strip { css, class })
            }
        }
        deserializer.deserialize_any(StripVisitor)
    }
}

/// The keys of a `strip` entry that names its class.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum StripKey {
    Css,
    Class,
}
