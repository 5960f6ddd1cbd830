//! Words that decide about fields: `config/words.yaml`.

use std::collections::HashMap;

use saphyr::{LoadableYamlNode as _, Yaml};

use super::RulesError;
use super::table::{ByHash, Filter};
use super::word_list::WordList;
use crate::text::hash::hash_of_folded;

/// The file, as the binary carries it.
pub(super) const EMBEDDED: &str = include_str!("../../config/words.yaml");

macro_rules! word_lists {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// The lists, in the file's order.
        #[derive(Debug, Default)]
        pub struct Words {
            $($(#[$doc])+ pub $name: WordList,)+
            /// Units of relative times, in seconds.
            pub seconds_of: HashMap<String, i64>,
            fields: FieldNames,
        }

        impl Words {
            fn list(&mut self, name: &str) -> Option<&mut WordList> {
                Some(match name {
                    $(stringify!($name) => &mut self.$name,)+
                    _ => return None,
                })
            }
        }
    };
}

word_lists! {
    /// In front of an author's name.
    byline_prefixes,
    /// Between two names.
    name_separators,
    /// Behind the authors: what follows names whose pictures they are.
    picture_marks,
    /// In front of or behind a name, not part of it.
    name_titles,
    /// Small words inside names.
    name_particles,
    /// What somebody is: the name ends before it.
    name_roles,
    /// Ends of words for what somebody is.
    role_endings,
    /// Behind a name: where somebody writes from or for.
    name_ends,
    /// In brackets behind a name, whose picture it is and not whose text.
    picture_roles,
    /// Words that end a seen byline or show that it is none.
    not_in_names,
    /// A "name" with one of these words is an organisation.
    organisations,
    /// The same, of more than one word or with a full stop, wherever they stand in it.
    organisation_phrases,
    /// Values of templates and systems: nobody.
    placeholders,
    /// Labels of a value that is the author.
    author_labels,
    /// Parts of the names of elements that hold the author.
    author_stems,
    /// Parts of names that show that such an element holds something else.
    not_author_stems,
    /// Parts of the names of elements that hold the date of publication.
    date_stems,
    /// Parts of names that show that such an element holds the day of the visit.
    not_date_stems,
    /// Parts of names, and first words, of a date that says when an article was changed.
    update_words,
    /// Words around a date in a line that says when an article was published.
    publication_words,
    /// Beginnings of a sentence that says when an article was published.
    entry_phrases,
    /// Words that say that a date is the publication's.
    published_words,
    /// A "name" with one of these words belongs to a system.
    system_words,
    /// Parts of the names of elements that hold the keywords as links.
    keyword_stems,
    /// Titles that templates and systems leave.
    not_titles,
    /// Parts of the names of elements that hold the line below the headline.
    subtitle_stems,
    /// Parts of the names of elements that hold the path to the article.
    breadcrumb_stems,
    /// Words for the day of the visit.
    today,
    /// Words for the day before.
    yesterday,
    /// Agencies for pictures.
    picture_agencies,
    /// Words for "ago".
    ago,
    /// Entries of a breadcrumb that are no section.
    not_sections,
    /// Query parameters that say where a reader came from; `utm_*` stands for all that begin so.
    tracking_parameters,
    /// Parts of an image's address that show that it is no picture of the article.
    not_images,
    /// In front of a picture's credit.
    credit_prefixes,
    /// Words in titles and addresses that call a page a live blog.
    liveblog_words,
    /// The same in names of elements around its entries, without marks.
    liveblog_stems,
    /// Words in titles and addresses that call a page a gallery.
    gallery_words,
    /// Words that German text is full of, and no other language's.
    german_words,
    /// The same of English.
    english_words,
    /// The same of French.
    french_words,
    /// The same of Spanish.
    spanish_words,
    /// The same of Italian.
    italian_words,
    /// The same of Portuguese.
    portuguese_words,
    /// The same of Dutch.
    dutch_words,
    /// The same of Swedish.
    swedish_words,
    /// The same of Polish.
    polish_words,
    /// The same of Turkish.
    turkish_words,
}

/// A field that the name of an element may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// Who wrote it.
    Author,
    /// When it was published.
    Published,
    /// When it was changed.
    Modified,
    /// Keywords, each a link.
    Keywords,
    /// The line below the headline.
    Subtitle,
    /// The path to the article, each section a link.
    Breadcrumb,
}

/// What parts of element names stand for.
#[derive(Debug, Default)]
struct FieldNames {
    /// Finds out quickly that a part does not count: nearly all do not.
    filter: Filter,
    /// By the hashes of the parts.
    parts: ByHash<(String, FieldParts)>,
}

/// What the parts of an element's names stand for together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FieldParts(u8);

impl FieldParts {
    const AUTHOR: Self = Self(1);
    /// What speaks against an author.
    const NOT_AUTHOR: Self = Self(2);
    const DATE: Self = Self(4);
    const UPDATE: Self = Self(8);
    const KEYWORDS: Self = Self(16);
    /// What speaks against a date of the article.
    const NOT_DATE: Self = Self(32);
    const SUBTITLE: Self = Self(64);
    const BREADCRUMB: Self = Self(128);

    pub(super) const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    const fn has(self, part: Self) -> bool {
        self.0 & part.0 != 0
    }

    /// The field.
    pub(super) const fn field(self) -> Option<FieldName> {
        if self.has(Self::AUTHOR) && !self.has(Self::NOT_AUTHOR) {
            Some(FieldName::Author)
        } else if self.has(Self::UPDATE) {
            Some(FieldName::Modified)
        } else if self.has(Self::DATE) && !self.has(Self::NOT_DATE) {
            Some(FieldName::Published)
        } else if self.has(Self::KEYWORDS) {
            Some(FieldName::Keywords)
        } else if self.has(Self::SUBTITLE) {
            Some(FieldName::Subtitle)
        } else if self.has(Self::BREADCRUMB) {
            Some(FieldName::Breadcrumb)
        } else {
            None
        }
    }
}

impl Words {
    /// Reads the embedded file.
    ///
    /// # Errors
    /// It is no mapping of known names to lists of strings.
    pub fn compile() -> Result<Self, RulesError> {
        let wrong = |what: String| RulesError::Words { what };
        let documents = Yaml::load_from_str(EMBEDDED).map_err(|error| wrong(error.to_string()))?;
        let mapping = documents.first().and_then(Yaml::as_mapping);
        let mapping = mapping.ok_or_else(|| wrong("not a mapping".to_owned()))?;
        let mut words = Self::default();
        for (name, value) in mapping {
            let name = name.as_str().unwrap_or_default();
            if name == "seconds_of" {
                words.seconds_of = units(value)
                    .ok_or_else(|| wrong("`seconds_of` maps words to numbers".to_owned()))?;
                continue;
            }
            let list = words.list(name).ok_or_else(|| wrong(format!("unknown list `{name}`")))?;
            let sequence =
                value.as_sequence().ok_or_else(|| wrong(format!("`{name}` is no list")))?;
            *list = sequence.iter().filter_map(Yaml::as_str).map(str::to_owned).collect();
        }
        words.fields = FieldNames::of(&words);
        Ok(words)
    }

    /// Whether a part of a name with that hash may stand for something.
    pub(super) fn may_be_field_part(&self, hash: u64) -> bool {
        self.fields.filter.may_have(hash)
    }

    /// What a part of a name with that hash stands for.
    pub(super) fn field_part(&self, hash: u64, part: &str) -> FieldParts {
        let known = self.fields.parts.get(&hash);
        let known = known.filter(|(name, _)| name.eq_ignore_ascii_case(part));
        known.map(|(_, part)| *part).unwrap_or_default()
    }
}

impl FieldNames {
    fn of(words: &Words) -> Self {
        let lists = [
            (&words.not_author_stems, FieldParts::NOT_AUTHOR),
            (&words.not_date_stems, FieldParts::NOT_DATE),
            (&words.subtitle_stems, FieldParts::SUBTITLE),
            (&words.breadcrumb_stems, FieldParts::BREADCRUMB),
            (&words.author_stems, FieldParts::AUTHOR),
            (&words.date_stems, FieldParts::DATE),
            (&words.update_words, FieldParts::UPDATE),
            (&words.keyword_stems, FieldParts::KEYWORDS),
        ];
        let mut names = Self::default();
        for (list, part) in lists {
            for name in list.iter() {
                let hash = hash_of_folded(name.as_bytes());
                names.filter.add(hash);
                names.parts.insert(hash, (name.clone(), part));
            }
        }
        names
    }
}

fn units(value: &Yaml<'_>) -> Option<HashMap<String, i64>> {
    let mapping = value.as_mapping()?;
    mapping.iter().map(|(unit, n)| Some((unit.as_str()?.to_owned(), n.as_integer()?))).collect()
}
