//! Words that decide about fields: `config/words.yaml`.

use saphyr::{LoadableYamlNode as _, Yaml};

use super::RulesError;

/// The file, as the binary carries it.
const EMBEDDED: &str = include_str!("../../config/words.yaml");

/// The lists, in the file's order.
#[derive(Debug, Default)]
pub struct Words {
    /// In front of an author's name.
    pub byline_prefixes: Vec<String>,
    /// Between two names.
    pub name_separators: Vec<String>,
    /// In front of or behind a name, not part of it.
    pub name_titles: Vec<String>,
    /// A "name" with one of these words is no person.
    pub not_a_person: Vec<String>,
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
        for (name, list) in mapping {
            let name = name.as_str().unwrap_or_default();
            let field = words.field(name).ok_or_else(|| wrong(format!("unknown list `{name}`")))?;
            let list = list.as_sequence().ok_or_else(|| wrong(format!("`{name}` is no list")))?;
            field.extend(list.iter().filter_map(Yaml::as_str).map(str::to_owned));
        }
        Ok(words)
    }

    fn field(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "byline_prefixes" => &mut self.byline_prefixes,
            "name_separators" => &mut self.name_separators,
            "name_titles" => &mut self.name_titles,
            "not_a_person" => &mut self.not_a_person,
            _ => return None,
        })
    }
}
