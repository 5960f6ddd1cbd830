//! Addresses. Order of trust for the canonical one: `<link rel=canonical>`, `og:url`, JSON-LD; made absolute, and refused
//! when it leaves the site or falls back to its front page.

use url::Url;

use crate::model::{Claims, Provenance, RawPage, Source};

/// Sources in order of trust.
const TRUST: [Source; 4] = [Source::Link, Source::OpenGraph, Source::JsonLd, Source::Microdata];

/// The address the site calls the right one.
pub(super) fn canonical(
    page: &RawPage<'_>,
    claims: &Claims,
    provenance: &mut Provenance,
) -> Option<Url> {
    for source in TRUST {
        let claimed = claims.canonical_urls.iter().filter(|claim| claim.source == source);
        for claim in claimed {
            if let Some(url) = checked(&claim.value, page.url.as_ref()) {
                provenance.fields.insert("canonical_url", source);
                return Some(url);
            }
        }
    }
    None
}

/// Makes a claimed address absolute; `None` when it cannot be the address of this page.
fn checked(claimed: &str, page_url: Option<&Url>) -> Option<Url> {
    let mut url = match page_url {
        Some(base) => base.join(claimed.trim()).ok()?,
        None => Url::parse(claimed.trim()).ok()?,
    };
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_fragment(None);
    if let Some(page_url) = page_url {
        let is_front_page = url.path() == "/" && url.query().is_none();
        let page_is_deeper = page_url.path() != "/";
        if (is_front_page && page_is_deeper) || !is_same_site(&url, page_url) {
            return None;
        }
    }
    Some(url)
}

/// Whether two hosts share their last two labels (three under a short second level as in `co.uk`).
fn is_same_site(a: &Url, b: &Url) -> bool {
    let (Some(a), Some(b)) = (a.host_str(), b.host_str()) else { return false };
    registered(a) == registered(b)
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
