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

/// Whether a text has so many words of a language that no other needs to be thought of.
fn is_told_by_words(text: &str, known: &WordList) -> bool {
    let sample = text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or(text);
    let sample = sample.to_ascii_lowercase();
    let words = sample.split(|c: char| !is_alphanumeric(c)).filter(|word| !word.is_empty());
    let (mut n_words, mut n_known) = (0, 0);
    for word in words.take(MAX_WORDS) {
        n_words += 1;
        n_known += usize::from(known.contains(word));
    }
    n_words >= MIN_WORDS && n_known * 100 >= n_words * MIN_OWN_PERCENT
}

/// Languages whose small words tell where the page claims none: no other language has them.
const UNCLAIMED: [&str; 2] = ["de", "en"];

/// The small words of a language, where they are known; and its tag.
fn own_words<'w>(language: &str, words: &'w Words) -> Option<(&'static str, &'w WordList)> {
    Some(match language {
        "de" => ("de", &words.german_words),
        "en" => ("en", &words.english_words),
        "fr" => ("fr", &words.french_words),
        "es" => ("es", &words.spanish_words),
        "it" => ("it", &words.italian_words),
        "pt" => ("pt", &words.portuguese_words),
        "nl" => ("nl", &words.dutch_words),
        "sv" => ("sv", &words.swedish_words),
        "pl" => ("pl", &words.polish_words),
        "tr" => ("tr", &words.turkish_words),
        _ => return None,
    })
}

/// Asks the text. Where it is full of the small words of the language that the page claims, that is enough; so it is where its
/// beginning and its longest paragraph are full of those of another that is often served under a wrong claim. whatlang, which
/// weighs all languages, is asked of the rest: of its beginning, and where that is unsure or the page claims another language,
/// its longest paragraph too. Where the two disagree the text is mixed: the claim decides if it is one of them, else the longest
/// paragraph.
fn detect(text: &str, claimed: Option<&str>, words: &Words) -> Option<&'static str> {
    let longest = || text.split('\n').max_by_key(|paragraph| paragraph.len());
    let told = |text: &str, language: &str| {
        let (language, own) = own_words(language, words)?;
        is_told_by_words(text, own).then_some(language)
    };
    let of_another = |language: &&str| {
        claimed != Some(*language)
            && told(text, language).is_some()
            && (claimed.is_none() || longest().is_some_and(|text| told(text, language).is_some()))
    };
    let by_words = claimed
        .and_then(|claimed| told(text, claimed))
        .or_else(|| UNCLAIMED.into_iter().find(of_another));
    if by_words.is_some() {
        return by_words;
    }
    let beginning = detect_sample(text);
    if beginning.is_some() && (claimed.is_none() || beginning == claimed) {
        return beginning;
    }
    let longest = longest().and_then(detect_sample);
    match (beginning, longest) {
        (Some(beginning), Some(longest)) if beginning != longest => {
            Some(if claimed == Some(beginning) { beginning } else { longest })
        }
        (beginning, longest) => beginning.or(longest),
    }
}

/// Asks the first sentences of a text.
fn detect_sample(text: &str) -> Option<&'static str> {
    if text.chars().take(MIN_TEXT_CHARS).count() < MIN_TEXT_CHARS {
        return None;
    }
    let sample = text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or(text);
    let info = whatlang::detect(sample)?;
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
