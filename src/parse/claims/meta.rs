//! `<meta>`: OpenGraph, Twitter, Dublin Core and the names that publishers' systems use.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{push, push_author};
use crate::model::{Claimed, Claims, ImageClaim, Source};
use crate::parse::tree::{Attr, Element};

/// Which field a name claims.
#[derive(Debug, Clone, Copy)]
enum Field {
    Title,
    Description,
    Author,
    Published,
    Modified,
    Language,
    SiteName,
    Section,
    Keywords,
    Image,
    ImageAlt,
    Url,
    PageType,
    Kicker,
    FreeAccess,
}

/// Names of `property`, `name`, `itemprop`, `http-equiv`, lower case, with the field they claim and the family they are of.
const NAMES: &[(&str, Field, Source)] = {
    use Field::{
        Author, Description, FreeAccess, Image, ImageAlt, Keywords, Kicker, Language, Modified,
        PageType, Published, Section, SiteName, Title, Url,
    };
    use Source::{Meta, Microdata, OpenGraph, Twitter};
    &[
        ("og:title", Title, OpenGraph),
        ("twitter:title", Title, Twitter),
        ("title", Title, Meta),
        ("dc.title", Title, Meta),
        ("dcterms.title", Title, Meta),
        ("headline", Title, Microdata),
        ("parsely-title", Title, Meta),
        ("sailthru.title", Title, Meta),
        ("citation_title", Title, Meta),
        ("og:description", Description, OpenGraph),
        ("twitter:description", Description, Twitter),
        ("description", Description, Meta),
        ("dc.description", Description, Meta),
        ("author", Author, Meta),
        ("authors", Author, Meta),
        ("article:author", Author, OpenGraph),
        ("og:article:author", Author, OpenGraph),
        ("article:author_name", Author, OpenGraph),
        ("dc.creator", Author, Meta),
        ("dcterms.creator", Author, Meta),
        ("dc.contributor", Author, Meta),
        ("parsely-author", Author, Meta),
        ("sailthru.author", Author, Meta),
        ("citation_author", Author, Meta),
        ("byl", Author, Meta),
        ("cxenseparse:author", Author, Meta),
        ("cxenseparse:recs:author", Author, Meta),
        ("articleauthor", Author, Meta),
        ("article_author", Author, Meta),
        ("dcsext.author", Author, Meta),
        ("shareaholic:article_author_name", Author, Meta),
        ("wt.au", Author, Meta),
        ("article:published_time", Published, OpenGraph),
        ("og:article:published_time", Published, OpenGraph),
        ("og:published_time", Published, OpenGraph),
        ("article:published", Published, OpenGraph),
        ("og:pubdate", Published, OpenGraph),
        ("datepublished", Published, Microdata),
        ("date", Published, Meta),
        ("pubdate", Published, Meta),
        ("publishdate", Published, Meta),
        ("publish-date", Published, Meta),
        ("publish_date", Published, Meta),
        ("publication_date", Published, Meta),
        ("dc.date", Published, Meta),
        ("dc.date.issued", Published, Meta),
        ("dc.date.created", Published, Meta),
        ("dcterms.date", Published, Meta),
        ("dcterms.created", Published, Meta),
        ("dcterms.issued", Published, Meta),
        ("parsely-pub-date", Published, Meta),
        ("sailthru.date", Published, Meta),
        ("cxenseparse:recs:publishtime", Published, Meta),
        ("citation_publication_date", Published, Meta),
        ("bt:pubdate", Published, Meta),
        ("sw-pubdate", Published, Meta),
        ("article.published", Published, Meta),
        ("article_date_original", Published, Meta),
        ("originalpublicationdate", Published, Meta),
        ("date.available", Published, Meta),
        ("published_on", Published, Meta),
        ("published_at", Published, Meta),
        ("published_time", Published, Meta),
        ("published", Published, Meta),
        ("publicationdate", Published, Meta),
        ("publication-date", Published, Meta),
        ("article:publicationdate", Published, Meta),
        ("article-publish-date", Published, Meta),
        ("article.created", Published, Meta),
        ("created", Published, Meta),
        ("datecreated", Published, Microdata),
        ("dc.date.published", Published, Meta),
        ("dcterms.published", Published, Meta),
        ("shareaholic:article_published_time", Published, Meta),
        ("dcterms.available", Published, Meta),
        ("dc.date.available", Published, Meta),
        ("last-modified", Modified, Meta),
        ("article:modified_time", Modified, OpenGraph),
        ("og:article:modified_time", Modified, OpenGraph),
        ("og:updated_time", Modified, OpenGraph),
        ("datemodified", Modified, Microdata),
        ("date.modified", Modified, Meta),
        ("dc.date.modified", Modified, Meta),
        ("dcterms.modified", Modified, Meta),
        ("revised", Modified, Meta),
        ("og:locale", Language, OpenGraph),
        ("content-language", Language, Meta),
        ("language", Language, Meta),
        ("dc.language", Language, Meta),
        ("dcterms.language", Language, Meta),
        ("inlanguage", Language, Microdata),
        ("og:site_name", SiteName, OpenGraph),
        ("application-name", SiteName, Meta),
        ("publisher", SiteName, Meta),
        ("dc.publisher", SiteName, Meta),
        ("citation_journal_title", SiteName, Meta),
        ("article:section", Section, OpenGraph),
        ("parsely-section", Section, Meta),
        ("article:tag", Keywords, OpenGraph),
        ("og:article:tag", Keywords, OpenGraph),
        ("news_keywords", Keywords, Meta),
        ("keywords", Keywords, Meta),
        ("parsely-tags", Keywords, Meta),
        ("og:image", Image, OpenGraph),
        ("og:image:url", Image, OpenGraph),
        ("og:image:alt", ImageAlt, OpenGraph),
        ("twitter:image", Image, Twitter),
        ("og:url", Url, OpenGraph),
        ("og:type", PageType, OpenGraph),
        ("kicker", Kicker, Meta),
        ("article:content_tier", FreeAccess, OpenGraph),
        ("isaccessibleforfree", FreeAccess, Meta),
    ]
};

/// [`NAMES`] by name; of two the first counts.
static BY_NAME: LazyLock<HashMap<&'static str, (Field, Source)>> = LazyLock::new(|| {
    NAMES.iter().rev().map(|&(name, field, source)| (name, (field, source))).collect()
});

/// Reads one `<meta>`.
pub(super) fn read(element: Element<'_>, claims: &mut Claims) {
    let Some(content) =
        element.attribute(Attr::CONTENT).filter(|content| !content.trim().is_empty())
    else {
        return;
    };
    let names = [Attr::PROPERTY, Attr::NAME, Attr::ITEMPROP, Attr::HTTP_EQUIV];
    let name = names.iter().find_map(|name| element.attribute(*name)).unwrap_or_default();
    let name = name.trim().to_ascii_lowercase();
    let Some(&(field, source)) = BY_NAME.get(name.as_str()) else { return };
    claim(field, source, content, claims);
}

fn claim(field: Field, source: Source, content: &str, claims: &mut Claims) {
    match field {
        Field::Title => push(&mut claims.titles, Some(content), source),
        Field::Description => push(&mut claims.descriptions, Some(content), source),
        Field::Author => push_author(claims, content, None, source),
        Field::Published => push(&mut claims.published, Some(content), source),
        Field::Modified => push(&mut claims.modified, Some(content), source),
        Field::Language => push(&mut claims.languages, Some(content), source),
        Field::SiteName => push(&mut claims.site_names, Some(content), source),
        Field::Section => push(&mut claims.sections, Some(content), source),
        Field::Keywords => push(&mut claims.keywords, Some(content), source),
        Field::Url => push(&mut claims.canonical_urls, Some(content), source),
        Field::PageType => push(&mut claims.page_types, Some(content), source),
        Field::Kicker => push(&mut claims.kickers, Some(content), source),
        Field::Image => {
            let value = ImageClaim { url: content.trim().to_owned(), ..ImageClaim::default() };
            claims.images.push(Claimed { value, source });
        }
        Field::FreeAccess => {
            let value = match content.trim().to_ascii_lowercase().as_str() {
                "free" | "true" => true,
                "locked" | "false" => false,
                _ => return,
            };
            claims.free_access.push(Claimed { value, source });
        }
        Field::ImageAlt => {}
    }
}
