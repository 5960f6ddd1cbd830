//! All phrases of all languages, found in a line in one pass. A phrase stands between word boundaries, so it is only looked
//! for where a word begins; there a filter says of nearly every word that no phrase begins so. Phrases that begin alike
//! stand side by side in one sorted list, and each knows the longest phrase that it begins with itself: one search finds all
//! that begin at a place.

/// First bytes by which the filter knows a phrase.
const KEY_BYTES: usize = 4;

/// Bits of the filter; it has a few thousand entries.
const FILTER_BITS: usize = 1 << 16;

/// Strings, each with something behind it.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    /// Sorted by their bytes.
    entries: Vec<Entry<T>>,
    filter: Filter,
}

#[derive(Debug)]
struct Entry<T> {
    text: Box<str>,
    /// The longest other string that this one begins with.
    shorter: Option<usize>,
    meaning: T,
}

impl<T> Phrases<T> {
    /// Of strings that differ from each other; empty ones are left out.
    pub(super) fn of(strings: impl IntoIterator<Item = (String, T)>) -> Self {
        let entry =
            |(text, meaning): (String, T)| Entry { text: text.into(), shorter: None, meaning };
        let mut entries: Vec<Entry<T>> =
            strings.into_iter().filter(|(text, _)| !text.is_empty()).map(entry).collect();
        entries.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        let mut filter = Filter::default();
        // The strings that the last one begins with, shortest first.
        let mut open: Vec<usize> = Vec::new();
        for idx in 0..entries.len() {
            let Some(text) = entries.get(idx).map(|entry| entry.text.as_bytes()) else { break };
            filter.add(text);
            let begins = |open: usize| {
                entries.get(open).is_some_and(|shorter| text.starts_with(shorter.text.as_bytes()))
            };
            while open.pop_if(|last| !begins(*last)).is_some() {}
            let shorter = open.last().copied();
            open.push(idx);
            if let Some(entry) = entries.get_mut(idx) {
                entry.shorter = shorter;
            }
        }
        Self { entries, filter }
    }

    /// Calls with every string that begins where a word does, longest first at each place: where it begins, its length in
    /// bytes, what is behind it. Places inside words of other scripts than ASCII's may be among them.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize, &T)) {
        let bytes = text.as_bytes();
        let mut before = b' ';
        for (start, &byte) in bytes.iter().enumerate() {
            let is_inside = before.is_ascii_alphanumeric() && byte.is_ascii_alphanumeric();
            before = byte;
            if is_inside || !self.filter.may_begin(bytes.get(start..).unwrap_or_default()) {
                continue;
            }
            for (length, meaning) in self.at(text.get(start..).unwrap_or_default()) {
                found(start, length, meaning);
            }
        }
    }

    /// The strings that a text begins with, longest first: length in bytes, and what is behind it.
    pub(super) fn at<'p>(&'p self, text: &str) -> impl Iterator<Item = (usize, &'p T)> {
        let n_before = self.entries.partition_point(|entry| *entry.text <= *text);
        let mut next = n_before.checked_sub(1);
        while let Some(entry) = next.and_then(|idx| self.entries.get(idx)) {
            if text.as_bytes().starts_with(entry.text.as_bytes()) {
                break;
            }
            next = entry.shorter;
        }
        std::iter::from_fn(move || {
            let entry = self.entries.get(next?)?;
            next = entry.shorter;
            Some((entry.text.len(), &entry.meaning))
        })
    }
}

/// Says of nearly every place where no string begins that none does.
#[derive(Debug)]
struct Filter {
    bits: Box<[u64]>,
    /// Lengths of the strings that are shorter than a key: 1, 2, 3 bytes.
    has_short: [bool; KEY_BYTES - 1],
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            bits: vec![0; FILTER_BITS / 64].into_boxed_slice(),
            has_short: [false; KEY_BYTES - 1],
        }
    }
}

impl Filter {
    fn add(&mut self, text: &[u8]) {
        let key = text.get(..KEY_BYTES).unwrap_or(text);
        if let Some(has_short) = self.has_short.get_mut(key.len() - 1) {
            *has_short = true;
        }
        let (word, bit) = place(key);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    #[inline]
    fn may_begin(&self, text: &[u8]) -> bool {
        let has = |key: Option<&[u8]>| {
            key.is_some_and(|key| {
                let (word, bit) = place(key);
                self.bits.get(word).is_some_and(|bits| bits & bit != 0)
            })
        };
        let is_short = |length: usize| {
            self.has_short.get(length - 1) == Some(&true) && has(text.get(..length))
        };
        has(text.get(..KEY_BYTES)) || (1..KEY_BYTES).any(is_short)
    }
}

/// Where the filter has the bit of a key of at most four bytes.
#[inline]
fn place(key: &[u8]) -> (usize, u64) {
    let number = key.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    // Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4): the upper bits are the well mixed ones.
    let hash = usize::from((number.wrapping_mul(2_654_435_769) >> 16) as u16) % FILTER_BITS;
    (hash / 64, 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    fn found(text: &str) -> Vec<(usize, &'static str)> {
        let strings =
            ["an", "anzeige", "anzeigen", "anzeige schließen", "(anzeige", "関連記事", "é"];
        let phrases = Phrases::of(strings.map(|text| (text.to_owned(), text)));
        let mut all = Vec::new();
        phrases.find(text, |start, length, meaning| {
            assert_eq!(meaning.len(), length);
            all.push((start, *meaning));
        });
        all
    }

    #[test]
    fn all_that_begin_where_a_word_does_are_found() {
        assert_eq!(found("anzeige"), [(0, "anzeige"), (0, "an")]);
        assert_eq!(
            found("die anzeige schließen"),
            [(4, "anzeige schließen"), (4, "anzeige"), (4, "an")]
        );
        assert_eq!(
            found("(anzeigen)"),
            [(0, "(anzeige"), (1, "anzeigen"), (1, "anzeige"), (1, "an")]
        );
        assert_eq!(found("strafanzeige, ant"), [(14, "an")]);
        assert_eq!(found("の関連記事"), [(3, "関連記事")]);
        assert_eq!(found("à été"), [(3, "é"), (6, "é")]);
        assert_eq!(found(""), []);
    }
}
