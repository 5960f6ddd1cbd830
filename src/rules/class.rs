//! A class of boilerplate as rule files name it.

use serde::Deserialize;
use serde::de::{self, Deserializer};

use crate::model::Boilerplate;

/// A class by its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class(pub(super) Boilerplate);

impl<'de> Deserialize<'de> for Class {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Boilerplate::from_name(&name).map(Self).ok_or_else(|| {
            let likeness = |known: &str| strsim::jaro(known, &name);
            let known = Boilerplate::ALL.iter().map(|class| class.as_str());
            let near = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            de::Error::custom(format_args!(
                "there is no class `{name}`; did you mean `{}`?",
                near.unwrap_or_default()
            ))
        })
    }
}
