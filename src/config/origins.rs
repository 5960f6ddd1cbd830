//! Where each value of a configuration was written.

use std::collections::BTreeMap;

use super::error::Source;
use super::tree::{Data, Node, Place};

/// Where each value was written: `my.yaml:12`, `environment variable KLARTEXT__INPUT__TOPICS`, `--set log.level`. What is
/// not here has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<Vec<String>, String>);

impl Origins {
    /// Where the value of a key was written; `None`: it has its default.
    #[must_use]
    pub fn of_key(&self, path: &[String]) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Reads the origins off the merged tree. The first `n_yaml` sources are files, which have lines.
    pub(super) fn of(tree: &Node, sources: &[Source], n_yaml: usize) -> Self {
        let describe = |place: Place| {
            let source = sources.get(place.source)?;
            if place.source >= n_yaml {
                return Some(source.name.clone());
            }
            let before = source.text.bytes().take(place.start);
            let line = before.filter(|byte| *byte == b'\n').count() + 1;
            Some(format!("{}:{line}", source.name))
        };
        let mut origins = BTreeMap::new();
        let mut open = vec![(Vec::new(), tree)];
        while let Some((path, node)) = open.pop() {
            let Data::Mapping(entries) = &node.data else { continue };
            for entry in entries {
                let mut below: Vec<String> = path.clone();
                below.push(entry.key.clone());
                if let Some(origin) = describe(entry.key_place) {
                    origins.insert(below.clone(), origin);
                }
                open.push((below, &entry.value));
            }
        }
        Self(origins)
    }
}
