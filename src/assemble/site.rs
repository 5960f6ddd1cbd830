//! The site. Order of trust for its name: `og:site_name`, JSON-LD publisher, `application-name`, microdata. A name in words is
//! believed before one that is only the address.

use crate::model::{Claimed, Claims, Provenance, RawPage, Site, Source};

/// Sources in order of trust.
const TRUST: [Source; 5] =
    [Source::OpenGraph, Source::JsonLd, Source::Meta, Source::Microdata, Source::TextPrefix];

/// Longest name of a site, characters: longer ones are slogans.
const MAX_NAME_CHARS: usize = 80;

/// Name and host.
pub(super) fn of(page: &RawPage<'_>, claims: &Claims, provenance: &mut Provenance) -> Site {
    let by_trust = TRUST.iter().flat_map(|&source| {
        claims.site_names.iter().filter(move |claim| {
            let chars = claim.value.trim().chars().count();
            claim.source == source && (1..=MAX_NAME_CHARS).contains(&chars)
        })
    });
    let names: Vec<&Claimed<String>> = by_trust.collect();
    let is_address = |name: &str| name.contains('.') && !name.trim().contains(' ');
    let in_words = names.iter().find(|claim| !is_address(&claim.value));
    let name = in_words.or(names.first()).map(|claim| (*claim).clone());
    Site {
        name: provenance.take("site", name).map(|name| name.trim().to_owned()),
        host: page.url.as_ref().and_then(|url| url.host_str()).map(str::to_owned),
    }
}
