//! Words that decide about fields: `config/words.yaml`.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use saphyr::{LoadableYamlNode as _, Yaml};

use super::RulesError;
use super::stems::parts;

/// The file, as the binary carries it.
pub(super) const EMBEDDED: &str = include_str!("../../config/words.yaml");

macro_rules! word_lists {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// The lists, in the file's order.
        #[derive(Debug, Default)]
        pub struct Words {
            $($(#[$doc])+ pub $name: Vec<String>,)+
            /// Units of relative times, in seconds.
            pub seconds_of: HashMap<String, i64>,
            fields: FieldNames,
        }

        impl Words {
            fn list(&mut self, name: &str) -> Option<&mut Vec<String>> {
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
    /// In front of or behind a name, not part of it.
    name_titles,
    /// Small words inside names.
    name_particles,
    /// What somebody is: the name ends before it.
    name_roles,
    /// Words that end a seen byline or show that it is none.
    not_in_names,
    /// A "name" with one of these words is an organisation.
    organisations,
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
    /// Parts of names, and first words, of a date that says when an article was changed.
    update_words,
    /// Words around a date in a line that says when an article was published.
    publication_words,
    /// A "name" with one of these words belongs to a system.
    system_words,
    /// Parts of the names of elements that hold the keywords as links.
    keyword_stems,
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
}

/// What parts of element names stand for; `None` for those that speak against an author.
#[derive(Debug, Default)]
struct FieldNames {
    /// Finds out quickly that a name holds no part that counts: nearly all do not.
    any: Option<AhoCorasick>,
    parts: HashMap<String, Option<FieldName>>,
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
            list.extend(sequence.iter().filter_map(Yaml::as_str).map(str::to_owned));
        }
        words.fields = FieldNames::of(&words).map_err(|source| RulesError::Automaton { source })?;
        Ok(words)
    }

    /// The field that an element's names (classes, ids) stand for.
    #[must_use]
    pub fn field_named(&self, names: &str) -> Option<FieldName> {
        if !self.fields.any.as_ref()?.is_match(names) {
            return None;
        }
        let (mut is_author, mut is_other, mut is_date, mut is_update) =
            (false, false, false, false);
        let mut has_keywords = false;
        for part in names.split_ascii_whitespace().flat_map(parts) {
            match self.fields.parts.get(&part.to_ascii_lowercase()) {
                Some(Some(FieldName::Author)) => is_author = true,
                Some(Some(FieldName::Published)) => is_date = true,
                Some(Some(FieldName::Modified)) => is_update = true,
                Some(Some(FieldName::Keywords)) => has_keywords = true,
                Some(None) => is_other = true,
                None => {}
            }
        }
        match (is_author, is_date, is_update) {
            (true, ..) if !is_other => Some(FieldName::Author),
            (_, true, false) => Some(FieldName::Published),
            (_, _, true) => Some(FieldName::Modified),
            _ if has_keywords => Some(FieldName::Keywords),
            _ => None,
        }
    }
}

impl FieldNames {
    fn of(words: &Words) -> Result<Self, aho_corasick::BuildError> {
        let lists = [
            (&words.author_stems, Some(FieldName::Author)),
            (&words.date_stems, Some(FieldName::Published)),
            (&words.update_words, Some(FieldName::Modified)),
            (&words.keyword_stems, Some(FieldName::Keywords)),
        ];
        let named: HashMap<String, Option<FieldName>> = lists
            .iter()
            .flat_map(|(list, field)| list.iter().map(|part| (part.clone(), *field)))
            .collect();
        let any = AhoCorasick::builder().ascii_case_insensitive(true).build(named.keys())?;
        let against = words.not_author_stems.iter().map(|part| (part.clone(), None));
        Ok(Self { any: Some(any), parts: against.chain(named).collect() })
    }
}

fn units(value: &Yaml<'_>) -> Option<HashMap<String, i64>> {
    let mapping = value.as_mapping()?;
    mapping.iter().map(|(unit, n)| Some((unit.as_str()?.to_owned(), n.as_integer()?))).collect()
}
