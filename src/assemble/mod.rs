//! Step 4: [`LabelledDocument`] → [`Article`] or [`Rejection`]: selects, joins, decides whom to believe. Knows no HTML.
//!
//! One file per field; each opens with its order of trust.

mod access;
mod authors;
mod body;
mod conflicts;
mod dates;
mod from_text;
mod images;
mod keywords;
mod language;
mod near_headline;
mod page_kind;
mod placed;
mod quality;
mod rejections;
mod section;
mod site;
mod title;
mod urls;

use crate::model::{
    Article, DocumentSource, LabelledDocument, PageKind, Provenance, RawPage, Rejection, Source,
};
use crate::rules::Rules;
use dates::Dates;

/// Puts the article together, or says why there is none.
///
/// # Errors
/// See [`Rejection`].
pub fn assemble(
    page: &RawPage<'_>,
    document: &LabelledDocument,
    rules: &Rules,
) -> Result<Article, Rejection> {
    let mut claims = from_text::with_visible_claims(document, rules);
    if document.source == DocumentSource::Html {
        placed::claim(document, rules, &mut claims);
        near_headline::claim(page, document, rules, &mut claims);
    }
    let claims = &claims;
    let body = body::of(document);
    rejections::check(document, &body, rules)?;

    let mut provenance = Provenance::default();
    if document.blocks.iter().any(body::is_told_by_the_metadata) {
        provenance.fields.insert("text", Source::JsonLd);
    }
    let words = &rules.words;
    let site = site::of(page, claims, &mut provenance);
    let title = title::of(document, &site, words, &mut provenance);
    let byline = authors::of(page, claims, &site, rules, &mut provenance);
    let dates = Dates::new(page, claims, words);
    let published = dates.published(&mut provenance);
    let modified = dates.modified(published.as_ref(), &mut provenance);
    let language = language::of(&body.text, page, claims, words, &mut provenance);
    let mut quality = quality::of(page, document, &body, title.is_some());
    let canonical = urls::Canonical::of(page, claims, words);
    quality.flags.extend(conflicts::of(document, claims, &dates, &byline, &language, &canonical));
    let page_kind = page_kind::of(page, document, claims, words);
    if page_kind == PageKind::Article && page_kind::holds_several_articles(document) {
        quality.flags.push("several_articles");
    }
    quality.flags.sort_unstable();
    Ok(Article {
        url: page.url.clone(),
        canonical_url: canonical.taken(&mut provenance),
        kicker: title::kicker(document, title.as_deref(), &mut provenance),
        subtitle: title::subtitle(document, claims, &body, &mut provenance),
        section: section::of(claims, &site, title.as_deref(), words, &mut provenance),
        title,
        lead: body.lead,
        authors: byline.authors,
        credited: byline.credited,
        agencies: from_text::agencies(document, claims, rules, &mut provenance),
        dateline: from_text::dateline(document, rules, &mut provenance),
        published,
        modified,
        fetched_at: page.fetched_at,
        language: language.tag,
        keywords: keywords::of(claims, &site, &mut provenance),
        images: images::of(page, document, words, &mut provenance),
        free_access: access::of(claims, &mut provenance),
        page_kind,
        site,
        counts: body.counts,
        blocks: body.blocks,
        quality,
        provenance,
    })
}
