//! Images. Order of trust: JSON-LD, OpenGraph, Twitter, each address once; then the figures of the page whose captions are the
//! article's, which also give their captions to images of the same address; then captions that belong to none.
//! Logos, portraits, placeholders and tracking pixels are no images; a credit stands apart from its caption.

use url::Url;

use crate::model::{
    Claimed, Image, ImageClaim, Label, LabelledDocument, Provenance, RawPage, Source,
};
use crate::rules::Words;

/// Most images an article is given: a gallery's worth.
const MAX_IMAGES: usize = 50;
/// Longest credit, characters; a longer one is a caption.
const MAX_CREDIT_CHARS: usize = 90;

/// The images.
pub(super) fn of(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    words: &Words,
    provenance: &mut Provenance,
) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    let (figures, claims): (Vec<&Claimed<ImageClaim>>, Vec<_>) =
        document.claims.images.iter().partition(|claim| claim.source == Source::Visible);
    for claim in claims {
        let Some(image) = claimed(claim, page.url.as_ref(), words) else { continue };
        let is_known = images.iter().any(|known| known.url == image.url);
        if !is_known && images.len() < MAX_IMAGES {
            provenance.fields.entry("images").or_insert(claim.source);
            images.push(image);
        }
    }
    let mut captions = Captions { images: &mut images, last: None };
    for (at, labelled) in document.blocks.iter().enumerate() {
        if labelled.verdict.label == Label::Caption {
            let text = labelled.block.text.as_str();
            let holds = |claim: &&&Claimed<ImageClaim>| {
                claim.value.caption.as_deref().is_some_and(|caption| caption.contains(text))
            };
            let figure = figures.iter().find(holds);
            let url = figure.and_then(|claim| {
                absolute(&claim.value.url, page.url.as_ref())
                    .filter(|url| !is_decoration(url, words))
            });
            captions.add(at, url, apart(text, words));
        }
    }
    if captions.last.is_some() {
        provenance.fields.entry("images").or_insert(Source::Visible);
    }
    images
}

/// Images, while the captions of the page are given to them.
struct Captions<'i> {
    images: &'i mut Vec<Image>,
    /// The last block that was a caption, and the image it went to.
    last: Option<(usize, usize)>,
}

impl Captions<'_> {
    fn add(&mut self, block_idx: usize, url: Option<Url>, said: (Option<String>, Option<String>)) {
        let (caption, credit) = said;
        let with_url = |image: &Image| {
            let bare = |url: &Url| (url.host_str().map(str::to_owned), url.path().to_owned());
            url.as_ref().zip(image.url.as_ref()).is_some_and(|(a, b)| bare(a) == bare(b))
        };
        let of_url = self.images.iter().position(with_url);
        let before = self.last.filter(|(at, _)| at + 1 == block_idx).map(|(_, image)| image);
        let of_caption = caption
            .as_ref()
            .and_then(|_| self.images.iter().position(|known| known.caption == caption));
        // A line that is only a credit belongs to the caption above it.
        let is_credit_below = caption.is_none() && url.is_none();
        let known = of_url.or(of_caption).or(before.filter(|_| is_credit_below));
        if let Some((at, image)) = known.and_then(|at| Some((at, self.images.get_mut(at)?))) {
            if image.caption.is_none() {
                image.caption = caption;
            }
            if image.credit.is_none() {
                image.credit = credit;
            }
            self.last = Some((block_idx, at));
        } else if self.images.len() < MAX_IMAGES {
            self.images.push(Image { url, caption, credit });
            self.last = Some((block_idx, self.images.len() - 1));
        }
    }
}

fn claimed(claim: &Claimed<ImageClaim>, base: Option<&Url>, words: &Words) -> Option<Image> {
    let url = absolute(&claim.value.url, base).filter(|url| !is_decoration(url, words))?;
    let (caption, credit_in_caption) =
        claim.value.caption.as_deref().map_or((None, None), |caption| apart(caption, words));
    let claimed_credit = claim.value.credit.as_deref().map(|credit| bare_credit(credit, words));
    let credit = claimed_credit.filter(|credit| !credit.is_empty()).or(credit_in_caption);
    Some(Image { url: Some(url), caption, credit })
}

/// Makes an address absolute; only `http` and `https` are addresses of images.
fn absolute(claimed: &str, base: Option<&Url>) -> Option<Url> {
    let url = match base {
        Some(base) => base.join(claimed.trim()).ok()?,
        None => Url::parse(claimed.trim()).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Whether an address is a logo's, a portrait's or a pixel's: by the words of the file's name and its folder.
fn is_decoration(url: &Url, words: &Words) -> bool {
    let mut segments = url.path_segments().map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    let name = segments.pop().unwrap_or_default().to_ascii_lowercase();
    let folder = segments.pop().unwrap_or_default().to_ascii_lowercase();
    let is_listed = |part: &str| words.not_images.contains(part);
    let in_name = name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_listed);
    let is_drawing = matches!(name.rsplit('.').next(), Some("svg" | "ico"));
    in_name || is_listed(&folder) || is_drawing
}

/// Caption and credit: "Der Bahnhof im Herbst (Foto: Ida Lux)", "Der Bahnhof. © Ida Lux/dpa", "Foto: Ida Lux".
fn apart(text: &str, words: &Words) -> (Option<String>, Option<String>) {
    let Some(at) = credit_start(text, words).or_else(|| agency_start(text, words)) else {
        return (some(text), None);
    };
    let (caption, credit) = text.split_at(at);
    let credit = bare_credit(credit, words);
    if credit.is_empty() || credit.chars().count() > MAX_CREDIT_CHARS {
        return (some(text), None);
    }
    (
        some(caption.trim_end_matches(|c: char| c.is_whitespace() || "(|[–-/•".contains(c))),
        Some(credit),
    )
}

/// Where the credit begins: at the last "Foto:", "©", "(c)" that stands as a word.
fn credit_start(text: &str, words: &Words) -> Option<usize> {
    let is_start = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let is_word_start = before.is_none_or(|before| !before.is_alphanumeric());
        is_word_start && text.get(at..).is_some_and(|rest| strip_prefix(rest, words).is_some())
    };
    text.char_indices().map(|(at, _)| at).rfind(|at| is_start(*at))
}

/// Where brackets at the end begin that name an agency for pictures.
fn agency_start(text: &str, words: &Words) -> Option<usize> {
    let inside = text.trim_end_matches(['.', ' ']).strip_suffix([')', ']'])?;
    let (at, _) = inside.char_indices().rfind(|(_, c)| matches!(c, '(' | '['))?;
    let folded = inside.get(at + 1..)?.to_lowercase();
    let is_word = |name: &str| {
        folded.match_indices(name).any(|(start, _)| {
            let before = folded.get(..start).and_then(|before| before.chars().next_back());
            let after = folded.get(start + name.len()..).and_then(|after| after.chars().next());
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        })
    };
    words.picture_agencies.iter().any(|name| is_word(name)).then_some(at)
}

/// What follows a word like "Foto:"; signs like "©" need no colon.
fn strip_prefix<'t>(text: &'t str, words: &Words) -> Option<&'t str> {
    let first = text.chars().next()?.to_lowercase().next()?;
    let mut encoded = [0; 4];
    let first_byte = first.encode_utf8(&mut encoded).bytes().next()?;
    if !words.credit_prefixes.may_begin_with(first_byte) {
        return None;
    }
    let begins_so = |prefix: &&String| prefix.starts_with(first);
    words.credit_prefixes.iter().filter(begins_so).find_map(|prefix| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        let is_sign =
            !prefix.contains(char::is_alphabetic) || prefix == "(c)" || prefix.contains(' ');
        let is_head = || head.chars().flat_map(char::to_lowercase).eq(prefix.chars());
        ((is_sign || rest.starts_with(':')) && is_head()).then_some(rest)
    })
}

/// A credit without "Foto:" and brackets.
fn bare_credit(credit: &str, words: &Words) -> String {
    let mut credit = credit.trim_matches(['(', ')', '[', ']', ' ']);
    while let Some(rest) = strip_prefix(credit, words) {
        credit = rest.trim_start_matches([':', ' ', ')']);
    }
    credit.trim_matches([' ', '(', ')', '[', ']', ':']).to_owned()
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
