//! Language. The text is asked first; where it is too short to tell, the page's own claims are believed in the order
//! `<html lang>`, JSON-LD, OpenGraph, meta, message.

use crate::model::{Claims, Provenance, RawPage, Source};
use crate::rules::{WordList, Words};
use crate::text::is_alphanumeric;

/// Fewest characters from which the text alone decides.
const MIN_TEXT_CHARS: usize = 60;
/// Most bytes of the text that are looked at: some sentences tell, and more cost most of the time a dump takes.
const MAX_TEXT_BYTES: usize = 600;

/// The language, BCP 47, and whether the page claims another one.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub(super) tag: Option<String>,
    pub(super) is_contested: bool,
}

/// The language of a text.
pub(super) fn of(
    text: &str,
    page: &RawPage<'_>,
    claims: &Claims,
    words: &Words,
    provenance: &mut Provenance,
) -> Language {
    let claimed = claimed(page, claims);
    let detected = detect(text, claimed.as_ref().map(|(tag, _)| primary(tag)), words);
    let (tag, source) = match (detected, claimed) {
        (Some(language), Some((claim, source))) if primary(&claim) == language => (claim, source),
        (Some(language), claim) => {
            provenance.fields.insert("language", Source::Text);
            let is_contested = claim.is_some_and(|(claim, _)| !is_same(primary(&claim), language));
            return Language { tag: Some(language.to_owned()), is_contested };
        }
        (None, Some(claim)) => claim,
        (None, None) => return Language::default(),
    };
    provenance.fields.insert("language", source);
    Language { tag: Some(tag), is_contested: false }
}

/// Norwegian has a tag of its own, and one for each of its written forms.
fn is_same(claimed: &str, detected: &str) -> bool {
    claimed == detected || (claimed == "no" && matches!(detected, "nb" | "nn"))
}

/// What the page says, in order of trust.
fn claimed(page: &RawPage<'_>, claims: &Claims) -> Option<(String, Source)> {
    const TRUST: [Source; 5] =
        [Source::HtmlLang, Source::JsonLd, Source::OpenGraph, Source::Meta, Source::Microdata];
    let by_page = TRUST.iter().find_map(|&source| {
        claims
            .languages
            .iter()
            .filter(|claim| claim.source == source)
            .find_map(|claim| Some((tag(&claim.value)?, source)))
    });
    by_page.or_else(|| Some((tag(page.content_language.as_deref()?)?, Source::Message)))
}

/// A well-formed tag in its usual case (`de-AT`), or nothing.
fn tag(value: &str) -> Option<String> {
    let mut subtags = value.trim().split([',', ' ']).next()?.split(['-', '_']);
    let language = subtags.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = language;
    for subtag in subtags {
        if !(2..=4).contains(&subtag.len()) || !subtag.bytes().all(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        tag.push('-');
        match subtag.len() {
            2 => tag.push_str(&subtag.to_ascii_uppercase()),
            _ => tag.push_str(subtag),
        }
    }
    Some(tag)
}

/// The primary subtag.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Words looked at.
const MAX_WORDS: usize = 100;
/// Fewest words that tell.
const MIN_WORDS: usize = 20;
/// Share of words that only one language has from which a text is of that language, percent; most texts have twice as many.
const MIN_OWN_PERCENT: usize = 12;

/// The first words of a text.
#[derive(Debug)]
struct Sample<'t> {
    words: Vec<&'t str>,
}

impl<'t> Sample<'t> {
    /// Of a text with its letters of ASCII in lower case.
    fn of(folded: &'t str) -> Self {
        let words = folded.split(|c: char| !is_alphanumeric(c)).filter(|word| !word.is_empty());
        Self { words: words.take(MAX_WORDS).collect() }
    }

    /// Share of the words that are of a list, percent; nothing of too few words.
    fn percent_of(&self, known: &WordList) -> usize {
        let n_known = self.words.iter().filter(|word| known.contains(word)).count();
        if self.words.len() < MIN_WORDS { 0 } else { n_known * 100 / self.words.len() }
    }
}

/// A language whose small words are known.
type Known<'w> = (&'static str, &'w WordList);

/// German and English, of whose words other languages have next to none; and those that share some with each other.
fn known_languages(words: &Words) -> ([Known<'_>; 2], [Known<'_>; 8]) {
    let apart = [("de", &words.german_words), ("en", &words.english_words)];
    let akin = [
        ("fr", &words.french_words),
        ("es", &words.spanish_words),
        ("it", &words.italian_words),
        ("pt", &words.portuguese_words),
        ("nl", &words.dutch_words),
        ("sv", &words.swedish_words),
        ("pl", &words.polish_words),
        ("tr", &words.turkish_words),
    ];
    (apart, akin)
}

/// The language that a sample is full of the small words of; one that has kin among the others only where it is not half as full
/// of any of theirs.
fn told_by_words(sample: &Sample<'_>, words: &Words) -> Option<&'static str> {
    let (apart, akin) = known_languages(words);
    let is_told = |(_, own): &Known<'_>| sample.percent_of(own) >= MIN_OWN_PERCENT;
    if let Some((language, _)) = apart.into_iter().find(is_told) {
        return Some(language);
    }
    let mut shares = akin.map(|(language, own)| (sample.percent_of(own), language));
    shares.sort_unstable();
    let [.., (second, _), (most, language)] = shares;
    (most >= MIN_OWN_PERCENT && second * 2 <= most).then_some(language)
}

/// Asks the text. Where it is full of the small words of the language that the page claims, that is enough; so it is where its
/// beginning, and if the page claims another one its longest paragraph too, are full of those of one language. whatlang, which
/// weighs all languages, is asked of the rest: of its beginning, and where that is unsure or the page claims another language,
/// its longest paragraph too. Where the two disagree the text is mixed: the claim decides if it is one of them, else the longest
/// paragraph.
fn detect(text: &str, claimed: Option<&str>, words: &Words) -> Option<&'static str> {
    let longest = || text.split('\n').max_by_key(|paragraph| paragraph.len()).unwrap_or_default();
    let folded = beginning(text).to_ascii_lowercase();
    let sample = Sample::of(&folded);
    let (apart, akin) = known_languages(words);
    let claim = apart.into_iter().chain(akin).find(|(language, _)| claimed == Some(*language));
    let by_claim = claim.filter(|(_, own)| sample.percent_of(own) >= MIN_OWN_PERCENT);
    let by_words = by_claim.map(|(language, _)| language).or_else(|| {
        let told = told_by_words(&sample, words)?;
        let is_so_throughout = || {
            let folded = beginning(longest()).to_ascii_lowercase();
            told_by_words(&Sample::of(&folded), words) == Some(told)
        };
        (claimed.is_none() || is_so_throughout()).then_some(told)
    });
    if by_words.is_some() {
        return by_words;
    }
    let first = detect_sample(text);
    if first.is_some() && (claimed.is_none() || first == claimed) {
        return first;
    }
    match (first, detect_sample(longest())) {
        (Some(first), Some(longest)) if first != longest => {
            Some(if claimed == Some(first) { first } else { longest })
        }
        (first, longest) => first.or(longest),
    }
}

/// What is looked at of a text.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or(text)
}

/// Asks the first sentences of a text.
fn detect_sample(text: &str) -> Option<&'static str> {
    if text.chars().take(MIN_TEXT_CHARS).count() < MIN_TEXT_CHARS {
        return None;
    }
    let info = whatlang::detect(beginning(text))?;
    if !info.is_reliable() {
        return None;
    }
    two_letters(info.lang())
}

/// ISO 639-3 → ISO 639-1, which BCP 47 wants where there is one; the languages that whatlang tells apart, sorted.
const TWO_LETTERS: [(&str, &str); 70] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

fn two_letters(lang: whatlang::Lang) -> Option<&'static str> {
    let idx = TWO_LETTERS.binary_search_by_key(&lang.code(), |(three, _)| three).ok()?;
    TWO_LETTERS.get(idx).map(|(_, two)| *two)
}
