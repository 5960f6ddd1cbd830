//! The configuration as a tree that knows where each of its values was written.

/// The source of items that were taken out of their list.
const GONE: usize = usize::MAX - 1;

/// Where something stands: bytes `start..end` of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Index in the list of sources.
    pub(super) source: usize,
    /// First byte.
    pub(super) start: usize,
    /// After the last byte.
    pub(super) end: usize,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// What was written.
    pub(super) data: Data,
    /// Where it was written.
    pub(super) place: Place,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(super) enum Data {
    /// Text; the type that is read decides what it means.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in order.
    Mapping(Vec<Entry>),
}

/// A piece of text.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    /// The text, without quotes.
    pub(super) text: String,
    /// How it was written.
    pub(super) style: Style,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes: may be a number, a truth value, null.
    Plain,
    /// In quotes or as a block: always text.
    Quoted,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key.
    pub(super) key: String,
    /// Where the key stands.
    pub(super) key_place: Place,
    /// The value.
    pub(super) value: Node,
}

impl Entry {
    /// The place to point at when the value is wrong: the value if it is a visible scalar, else the key.
    pub(super) fn place(&self) -> Place {
        match &self.value.data {
            Data::Scalar(_) if self.value.place.end > self.value.place.start => self.value.place,
            _ => self.key_place,
        }
    }
}

impl Scalar {
    /// Whether this is YAML's null.
    pub(super) fn is_null(&self) -> bool {
        self.style == Style::Plain
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Node {
    /// Whether this is YAML's null.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar(scalar) if scalar.is_null())
    }

    /// Whether this item was taken out of its list.
    pub(super) const fn is_gone(&self) -> bool {
        self.place.source == GONE
    }

    /// What this is, for messages.
    pub(super) fn description(&self) -> String {
        match &self.data {
            Data::Scalar(scalar) if scalar.is_null() => "nothing".to_owned(),
            Data::Scalar(scalar) => format!("`{}`", scalar.text),
            Data::Sequence(_) => "a list".to_owned(),
            Data::Mapping(_) => "a mapping".to_owned(),
        }
    }

    /// The entry of a key.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.data {
            Data::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            Data::Scalar(_) | Data::Sequence(_) => None,
        }
    }

    /// Lays `upper` over this tree: mappings are merged key by key, everything else is replaced.
    pub(super) fn lay_over(&mut self, upper: Self) {
        let Self { data: Data::Mapping(lower_entries), .. } = self else {
            *self = upper;
            return;
        };
        let upper_entries = match upper {
            // A reference to a secret is one value, though it is written as a mapping.
            Self { data: Data::Mapping(entries), .. } if !is_secret_reference(&entries) => entries,
            other => {
                *self = other;
                return;
            }
        };
        for entry in upper_entries {
            match lower_entries.iter_mut().find(|lower| lower.key == entry.key) {
                Some(lower) => {
                    lower.key_place = entry.key_place;
                    lower.value.lay_over(entry.value);
                }
                None => lower_entries.push(entry),
            }
        }
    }

    /// Whether a path was written down. Items of lists count as written when their list is.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.keys()
            .iter()
            .try_fold(self, |node, key| node.entry(key).map(|entry| &entry.value))
            .is_some()
    }

    /// The place of a path, or of the nearest thing above it that was written down.
    pub(super) fn place_of(&self, path: &Path) -> Option<Place> {
        let mut node = self;
        let mut place = None;
        for step in &path.0 {
            match (step, &node.data) {
                (Step::Key(key), Data::Mapping(_)) => {
                    let Some(entry) = node.entry(key) else { return place };
                    place = Some(entry.place());
                    node = &entry.value;
                }
                (Step::Item(index), Data::Sequence(items)) => {
                    let Some(item) = items.get(*index) else { return place };
                    place = Some(item.place);
                    node = item;
                }
                _ => return place,
            }
        }
        place
    }

    /// Takes the value at a path out of the tree; false if there is none.
    pub(super) fn remove(&mut self, path: &Path) -> bool {
        let Some((last, above)) = path.0.split_last() else { return false };
        let mut node = self;
        for step in above {
            let next = match (step, &mut node.data) {
                (Step::Key(key), Data::Mapping(entries)) => {
                    entries.iter_mut().find(|entry| entry.key == *key).map(|entry| &mut entry.value)
                }
                (Step::Item(index), Data::Sequence(items)) => items.get_mut(*index),
                _ => None,
            };
            let Some(next) = next else { return false };
            node = next;
        }
        match (last, &mut node.data) {
            (Step::Key(key), Data::Mapping(entries)) => {
                let before = entries.len();
                entries.retain(|entry| entry.key != *key);
                entries.len() < before
            }
            // It keeps its place, so that the numbers of the others stay right.
            (Step::Item(index), Data::Sequence(items)) => {
                let item = items.get_mut(*index).filter(|item| !item.is_gone());
                item.map(|item| item.place.source = GONE).is_some()
            }
            _ => false,
        }
    }
}

/// Whether a mapping is `{from_env: …}` or `{from_file: …}`.
fn is_secret_reference(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.key == "from_env" || entry.key == "from_file")
}

/// The way from the root to a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(pub(super) Vec<Step>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item of a list.
    Item(usize),
}

impl Path {
    /// Reads a path as the code writes it: `kafka.brokers`.
    pub(super) fn of(dotted: &str) -> Self {
        Self(dotted.split('.').map(|key| Step::Key(key.to_owned())).collect())
    }

    /// The path one step deeper.
    pub(super) fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// Whether this is the other path or leads to something inside it.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The keys, without positions in lists.
    pub(super) fn keys(&self) -> Vec<String> {
        self.0
            .iter()
            .filter_map(|step| match step {
                Step::Key(key) => Some(key.clone()),
                Step::Item(_) => None,
            })
            .collect()
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match step {
                Step::Key(key) if key.contains('.') => write!(f, "{dot}\"{key}\"")?,
                Step::Key(key) => write!(f, "{dot}{key}")?,
                Step::Item(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
