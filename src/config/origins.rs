//! Where each value of a configuration was written.

use std::collections::BTreeMap;

use super::tree::{Data, Place};
use super::written::Written;

/// Where each value was written: `my.yaml:12`, `environment variable KLARTEXT__INPUT__TOPICS`, `--set log.level`. What is
/// not here has its default.
#[derive(Debug)]
pub struct Origins {
    by_key: BTreeMap<Vec<String>, String>,
    /// The values as they were written.
    pub written: Written,
}

impl Origins {
    /// Where the value of a key was written; `None`: it has its default.
    #[must_use]
    pub fn of_key(&self, path: &[String]) -> Option<&str> {
        self.by_key.get(path).map(String::as_str)
    }

    /// Reads the origins off the merged tree. The first `n_yaml` sources are files, which have lines.
    pub(super) fn of(written: Written, n_yaml: usize) -> Self {
        let describe = |place: Place| {
            let source = written.sources.get(place.source)?;
            if place.source >= n_yaml {
                return Some(source.name.clone());
            }
            let before = source.text.bytes().take(place.start);
            let line = before.filter(|byte| *byte == b'\n').count() + 1;
            Some(format!("{}:{line}", source.name))
        };
        let mut origins = BTreeMap::new();
        let mut open = vec![(Vec::new(), &written.tree)];
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
        Self { by_key: origins, written }
    }
}
