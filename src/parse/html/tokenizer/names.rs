//! Names of tags and attributes, interned.

use html5ever::LocalName;

use super::keep::{self, Role};

/// Slots of the memory: a page uses some hundred names.
const N_SLOTS: usize = 512;

/// A name of the page.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) local: LocalName,
    /// Whether somebody reads the attribute of this name.
    pub(super) is_read: bool,
    /// Whether text or claims are read from it.
    pub(super) is_for_text: bool,
    /// What a tag of this name means.
    pub(super) role: Role,
}

/// Remembers the names of the page: html5ever's own interning hashes every name with `SipHash`.
#[derive(Debug)]
pub(super) struct Names {
    slots: Vec<Option<Name>>,
    /// The slot of a name that has none; every hash has one.
    spare: Option<Name>,
}

impl Default for Names {
    fn default() -> Self {
        Self { slots: vec![None; N_SLOTS], spare: None }
    }
}

impl Names {
    /// A name as the standard has it: in lower case, NUL replaced.
    pub(super) fn intern(&mut self, name: &[u8]) -> &Name {
        let slot = self.slots.get_mut(hash(name) % N_SLOTS).unwrap_or(&mut self.spare);
        if slot.as_ref().is_none_or(|known| known.local.as_bytes() != name) {
            *slot = None;
        }
        slot.get_or_insert_with(|| new(name))
    }
}

fn new(name: &[u8]) -> Name {
    let text = String::from_utf8_lossy(name);
    let is_normal = !name.iter().any(|byte| byte.is_ascii_uppercase() || *byte == 0);
    let local = if is_normal {
        LocalName::from(text.as_ref())
    } else {
        LocalName::from(text.to_ascii_lowercase().replace('\0', "\u{fffd}"))
    };
    let is_read = keep::is_read(&local);
    let (is_for_text, role) = (keep::is_for_text(&local), Role::of(local.as_bytes()));
    Name { local, is_read, is_for_text, role }
}

/// Tells names apart by length and some of their bytes. Names that meet in a slot put each other out, nothing worse.
fn hash(name: &[u8]) -> usize {
    let n_bytes = name.len();
    let places = [0, n_bytes / 2, n_bytes.wrapping_sub(2), n_bytes.wrapping_sub(1)];
    places.iter().fold(n_bytes, |hash, at| {
        hash.wrapping_mul(31).wrapping_add(usize::from(name.get(*at).copied().unwrap_or(0)))
    })
}
