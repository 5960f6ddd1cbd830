//! Addresses. Order of trust for the canonical one: `<link rel=canonical>`, `og:url`, JSON-LD, the HTTP header `Link`, text
//! prefix. It is made absolute, freed of what says how a reader came (tracking parameters, AMP, fragment), and refused when it
//! leaves the site, falls back to a front page, or names another article.

use std::fmt::Write as _;

use url::Url;

use crate::model::{Claims, Provenance, RawPage, Source};
use crate::rules::Words;

/// Sources in order of trust.
const TRUST: [Source; 5] =
    [Source::Link, Source::OpenGraph, Source::JsonLd, Source::Message, Source::TextPrefix];
/// Hosts of other forms of a site, by their first label.
const VARIANT_LABELS: [&str; 5] = ["amp", "m", "mobile", "mobil", "touch"];
/// Fewest words of a path's last part that tell what an article is about.
const MIN_SLUG_WORDS: usize = 3;
/// Fewest digits of a number that is an article's id.
const MIN_ID_DIGITS: usize = 5;
/// Last parts of paths of front pages and error pages.
const NO_ARTICLES: [&str; 10] = [
    "index.html",
    "index.htm",
    "index.php",
    "index.jsp",
    "home",
    "startseite",
    "404",
    "error",
    "not-found",
    "page-not-found",
];
/// Longest path that can be a front page's, characters ("/de/", "/news").
const MAX_FRONT_PAGE_CHARS: usize = 3;

/// What the page says of its address.
#[derive(Debug, Default)]
pub(super) struct Canonical {
    /// The address the site calls the right one, and who says so.
    pub(super) address: Option<(Url, Source)>,
    /// Whether the page names an address that cannot be its own.
    pub(super) is_contested: bool,
}

impl Canonical {
    /// Checks what is claimed, each address once: most pages name the same one in several places.
    pub(super) fn of(page: &RawPage<'_>, claims: &Claims, words: &Words) -> Self {
        let mut canonical = Self::default();
        let mut seen: Vec<&str> = Vec::new();
        for (source, claimed) in by_trust(page, claims) {
            let may_contest = matches!(source, Source::Link | Source::OpenGraph);
            if canonical.address.is_some() && !may_contest {
                break;
            }
            if seen.contains(&claimed) {
                continue;
            }
            seen.push(claimed);
            match checked(claimed, page.url.as_ref(), words) {
                Ok(url) if canonical.address.is_none() => canonical.address = Some((url, source)),
                Err(Refused::NotThisPage) => canonical.is_contested |= may_contest,
                Ok(_) | Err(Refused::NotAnAddress) => {}
            }
        }
        canonical
    }

    /// The address, its source noted.
    pub(super) fn taken(self, provenance: &mut Provenance) -> Option<Url> {
        let (url, source) = self.address?;
        provenance.fields.insert("canonical_url", source);
        Some(url)
    }
}

/// Claims in order of trust; the message's header is one.
fn by_trust<'c>(
    page: &'c RawPage<'_>,
    claims: &'c Claims,
) -> impl Iterator<Item = (Source, &'c str)> {
    TRUST.into_iter().flat_map(move |source| {
        let claimed = claims.canonical_urls.iter().filter(move |claim| claim.source == source);
        let header = page.canonical_link.as_deref().filter(|_| source == Source::Message);
        claimed.map(|claim| claim.value.as_str()).chain(header).map(move |value| (source, value))
    })
}

/// Why an address is not the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// It is no address of the web.
    NotAnAddress,
    /// It is another page's.
    NotThisPage,
}

/// Makes a claimed address absolute and normal.
fn checked(claimed: &str, page_url: Option<&Url>, words: &Words) -> Result<Url, Refused> {
    let joined = match page_url {
        Some(base) => base.join(claimed.trim()),
        None => Url::parse(claimed.trim()),
    };
    let url = joined.map_err(|_not_an_address| Refused::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(Refused::NotAnAddress);
    }
    let url = normalised(url, page_url, words);
    let Some(page_url) = page_url else { return Ok(url) };
    let is_front_page = is_front_page(&url) && !is_front_page_itself(page_url);
    let is_none = is_front_page || is_no_article(&url, page_url) || is_section_of(&url, page_url);
    if is_none || !is_same_site(&url, page_url) || is_other_article(&url, page_url) {
        return Err(Refused::NotThisPage);
    }
    Ok(url)
}

/// The one form of an address: no user, fragment or tracking parameters, no AMP, percent encoding only where it is needed.
fn normalised(mut url: Url, page_url: Option<&Url>, words: &Words) -> Url {
    url.set_fragment(None);
    // Both only fail for addresses without a host, which were refused before.
    let _without_user = (url.set_username(""), url.set_password(None));
    let path = without_amp(&tidy_percent(url.path()));
    let path = page_url.and_then(|page_url| without_amp_folder(&path, page_url)).unwrap_or(path);
    // Setting a part parses it again.
    if path != url.path() {
        url.set_path(&path);
    }
    let kept: Vec<String> = url
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| !pair.is_empty() && !is_tracking(pair, words))
        .map(tidy_percent)
        .collect();
    let query = Some(kept.join("&")).filter(|query| !query.is_empty());
    if query.as_deref() != url.query() {
        url.set_query(query.as_deref());
    }
    if let Some(host) = page_url.and_then(|page_url| main_host(&url, page_url)) {
        // A host that another address has is a host.
        let _is_host = url.set_host(Some(&host));
    }
    url
}

/// The page's own host, when the claimed one is the AMP or mobile form of it.
fn main_host(url: &Url, page_url: &Url) -> Option<String> {
    let (host, page_host) = (url.host_str()?, page_url.host_str()?);
    let label = |host: &str| host.split('.').next().unwrap_or_default().to_owned();
    let is_variant =
        |host: &str| host.split('.').count() > 2 && VARIANT_LABELS.contains(&label(host).as_str());
    (is_variant(host) && !is_variant(page_host) && is_same_site(url, page_url))
        .then(|| page_host.to_owned())
}

/// A path without what names its AMP form.
fn without_amp(path: &str) -> String {
    let mut path = path.to_owned();
    loop {
        let folded = path.to_ascii_lowercase();
        let shorter = if let Some(stem) = folded.strip_suffix(".amp.html") {
            path.get(..stem.len()).map(|stem| format!("{stem}.html"))
        } else {
            let cut = ["/amp", "/amp/", ".amp", "/amp.html"]
                .iter()
                .find_map(|end| folded.strip_suffix(end));
            cut.filter(|stem| !stem.is_empty())
                .and_then(|stem| path.get(..stem.len()))
                .map(str::to_owned)
        };
        match shorter {
            Some(shorter) => path = shorter,
            None => return path,
        }
    }
}

/// A path without the folder of AMP pages, when the page's own path is the rest.
fn without_amp_folder(path: &str, page_url: &Url) -> Option<String> {
    let rest = path.strip_prefix("/amp").filter(|rest| rest.starts_with('/'))?;
    (without_amp(&tidy_percent(page_url.path())) == rest).then(|| rest.to_owned())
}

/// Whether a parameter says how a reader came.
fn is_tracking(pair: &str, words: &Words) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    words.tracking_parameters.iter().any(|known| match known.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *known,
    })
}

/// Percent encoding in its normal form (RFC 3986, 6.2.2): upper-case digits; letters, digits and `-._~` plain.
fn tidy_percent(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        tidy.push_str(before);
        let byte = from.get(1..3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        // `from_str_radix` also reads "+1".
        let byte = byte.filter(|_| from.bytes().skip(1).take(2).all(|b| b.is_ascii_hexdigit()));
        let n_read = if byte.is_some() { 3 } else { 1 };
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                tidy.push(char::from(byte));
            }
            Some(byte) => {
                let written = write!(tidy, "%{byte:02X}");
                debug_assert!(written.is_ok(), "a String takes everything");
            }
            None => tidy.push('%'),
        }
        rest = from.get(n_read..).unwrap_or_default();
    }
    tidy.push_str(rest);
    tidy
}

/// Whether an address is a site's or a language's front page.
fn is_front_page(url: &Url) -> bool {
    let path = url.path().trim_matches('/');
    url.query().is_none() && path.chars().count() < MAX_FRONT_PAGE_CHARS
}

/// Whether an address is an error page's or a front page's by its name, and the page's own is not.
fn is_no_article(url: &Url, page_url: &Url) -> bool {
    let name = |url: &Url| {
        let mut segments = url.path_segments()?;
        let last = segments.rfind(|segment| !segment.is_empty())?;
        NO_ARTICLES.iter().find(|name| last.eq_ignore_ascii_case(name)).copied()
    };
    url.query().is_none() && name(url).is_some() && name(url) != name(page_url)
}

/// Whether an address is a folder above the page, and what the page's own has more tells what the article is about.
fn is_section_of(url: &Url, page_url: &Url) -> bool {
    let folder = url.path().trim_end_matches('/');
    let below = page_url.path().strip_prefix(folder).and_then(|below| below.strip_prefix('/'));
    let n_words =
        |part: &str| part.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    let is_slug = |below: &str| below.split('/').any(|part| n_words(part) >= MIN_SLUG_WORDS);
    // Numbers and codes name an article, small words a section.
    let is_word = |c: char| c.is_lowercase() || c == '-';
    let last = folder.rsplit('/').next().unwrap_or_default();
    url.query().is_none()
        && below.is_some_and(is_slug)
        && last.chars().all(is_word)
        && n_words(last) < MIN_SLUG_WORDS
}

fn is_front_page_itself(url: &Url) -> bool {
    url.path() == "/"
}

/// Whether two addresses tell of different things: both in words, without one in common, and without a common number.
fn is_other_article(url: &Url, page_url: &Url) -> bool {
    let (claimed, own) = (slug(url), slug(page_url));
    if claimed == own {
        return false;
    }
    let words = |slug: &str| -> Vec<String> {
        let words =
            slug.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        words
            .filter(|word| !word.chars().all(|c| c.is_ascii_digit()))
            .map(str::to_lowercase)
            .collect()
    };
    let (claimed_words, own_words) = (words(claimed), words(own));
    let shares_id = {
        let ids = |text: &str| -> Vec<String> {
            let numbers = text.split(|c: char| !c.is_ascii_digit());
            numbers.filter(|number| number.len() >= MIN_ID_DIGITS).map(str::to_owned).collect()
        };
        let own_ids = ids(page_url.as_str());
        ids(url.as_str()).iter().any(|id| own_ids.contains(id))
    };
    claimed_words.len() >= MIN_SLUG_WORDS
        && own_words.len() >= MIN_SLUG_WORDS
        && !shares_id
        && !claimed_words.iter().any(|word| own_words.contains(word))
}

/// The part of a path that has the most words.
fn slug(url: &Url) -> &str {
    let segments = url.path_segments().into_iter().flatten();
    let n_words = |segment: &&str| segment.split(['-', '_']).count();
    segments.max_by_key(n_words).unwrap_or_default()
}

/// Whether two hosts share their last two labels (three under a short second level as in `co.uk`).
fn is_same_site(a: &Url, b: &Url) -> bool {
    let (Some(a), Some(b)) = (a.host_str(), b.host_str()) else { return false };
    a == b || registered(a) == registered(b)
}

/// The registered part of a host: a guess without the public suffix list, right for the hosts of publishers.
fn registered(host: &str) -> String {
    let labels: Vec<&str> = host.trim_end_matches('.').rsplit('.').collect();
    let n_labels = match labels.get(1) {
        Some(second) if second.len() <= 3 && labels.len() > 2 => 3,
        _ => 2,
    };
    labels.into_iter().take(n_labels).collect::<Vec<_>>().join(".").to_ascii_lowercase()
}
