//! What a page says of itself: collected from every source, unjudged.

mod json_ld;
mod lenient;
mod meta;
mod microdata;

use ego_tree::NodeRef;
use html5ever::local_name;
use scraper::Node;
use scraper::node::Element;

use crate::model::{AuthorClaim, BlockKind, Claimed, Claims, Landmark, Source, TextBlock};
use crate::parse::attribute::{Attributes, attribute};
use crate::text::{decode_entities, normalize};

/// Most claims of one field: a page that says more says nothing.
const MAX_CLAIMS: usize = 200;
/// Most bytes of JSON-LD that are read: pages carry a few kilobytes, broken ones megabytes.
const MAX_JSON_LD_BYTES: usize = 2 << 20;

/// Where an element stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) landmark: Landmark,
    pub(super) in_link: bool,
}

impl Place {
    /// Whether the article itself can stand there.
    const fn can_be_article(self) -> bool {
        !self.in_link
            && !matches!(self.landmark, Landmark::Navigation | Landmark::Aside | Landmark::Footer)
    }
}

/// Collects claims while the walk passes the elements.
#[derive(Debug, Default)]
pub(super) struct Collector {
    claims: Claims,
    json_ld: json_ld::Documents,
    n_json_ld_bytes: usize,
}

impl Collector {
    /// The head: its elements are no blocks.
    pub(super) fn head(&mut self, head: NodeRef<'_, Node>) {
        let place = Place { landmark: Landmark::Elsewhere, in_link: false };
        for node in head.descendants().skip(1) {
            if let Node::Element(element) = node.value() {
                self.element(node, element, &Attributes::of(element), place);
            }
        }
    }

    /// One element.
    pub(super) fn element(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        attributes: &Attributes<'_>,
        place: Place,
    ) {
        let name = &element.name.local;
        match *name {
            local_name!("html") => push(
                &mut self.claims.languages,
                attribute(element, "lang").or(attribute(element, "xml:lang")),
                Source::HtmlLang,
            ),
            local_name!("title")
                if !is_foreign(node)
                    && self.claims.titles.iter().all(|c| c.source != Source::TitleElement) =>
            {
                push(&mut self.claims.titles, Some(&text_of(node)), Source::TitleElement);
            }
            local_name!("meta") => meta::read(element, &mut self.claims),
            local_name!("link") => self.link(element),
            local_name!("script") => self.script(node, element),
            local_name!("time") if place.can_be_article() => self.time(element),
            _ => {}
        }
        if attributes.itemprop.is_some() && *name != local_name!("meta") {
            microdata::read(node, element, place, &mut self.claims);
        } else if *name == local_name!("a")
            && attributes
                .rel
                .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author"))
            && !matches!(place.landmark, Landmark::Navigation | Landmark::Aside | Landmark::Footer)
        {
            let name = text_of(node);
            push_author(&mut self.claims, &name, attribute(element, "href"), Source::Visible);
        }
    }

    fn link(&mut self, element: &Element) {
        let rel = attribute(element, "rel").unwrap_or_default().to_ascii_lowercase();
        if rel.split_ascii_whitespace().any(|rel| rel == "canonical") {
            push(&mut self.claims.canonical_urls, attribute(element, "href"), Source::Link);
        }
    }

    fn script(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let is_json_ld = attribute(element, "type").is_some_and(|kind| {
            kind.trim().to_ascii_lowercase().starts_with("application/ld+json")
        });
        if !is_json_ld {
            return;
        }
        let text = raw_text(node);
        self.n_json_ld_bytes += text.len();
        if self.n_json_ld_bytes <= MAX_JSON_LD_BYTES {
            self.json_ld.add(&text);
        }
    }

    fn time(&mut self, element: &Element) {
        let Some(datetime) = attribute(element, "datetime") else { return };
        let is_update = ["class", "itemprop", "id"].iter().any(|name| {
            attribute(element, name).is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                value.contains("modif") || value.contains("updat")
            })
        });
        let field = if is_update { &mut self.claims.modified } else { &mut self.claims.published };
        push(field, Some(datetime), Source::TimeElement);
    }

    /// Adds what can only be told in the end.
    pub(super) fn finish(mut self, blocks: &[TextBlock]) -> Claims {
        let mut claims = Claims::default();
        self.json_ld.claim(&mut claims);
        // JSON-LD first: within one field claims stand in the order of reading, and it is read as a whole.
        append(claims, &mut self.claims);
        for block in blocks {
            if block.kind == BlockKind::Heading(1) && !block.is_hidden {
                push(&mut self.claims.titles, Some(&block.text), Source::Visible);
            }
        }
        self.claims
    }
}

/// Puts the claims of `first` before those of `all`.
fn append(first: Claims, all: &mut Claims) {
    fn join<T>(mut first: Vec<T>, all: &mut Vec<T>) {
        first.append(all);
        *all = first;
    }
    join(first.titles, &mut all.titles);
    join(first.kickers, &mut all.kickers);
    join(first.descriptions, &mut all.descriptions);
    join(first.authors, &mut all.authors);
    join(first.published, &mut all.published);
    join(first.modified, &mut all.modified);
    join(first.languages, &mut all.languages);
    join(first.canonical_urls, &mut all.canonical_urls);
    join(first.site_names, &mut all.site_names);
    join(first.sections, &mut all.sections);
    join(first.keywords, &mut all.keywords);
    join(first.images, &mut all.images);
    join(first.free_access, &mut all.free_access);
    join(first.page_types, &mut all.page_types);
    join(first.article_bodies, &mut all.article_bodies);
}

/// Adds a claim, cleaned: entities decoded (attributes and JSON-LD are often escaped twice), blanks folded.
fn push(field: &mut Vec<Claimed<String>>, value: Option<&str>, source: Source) {
    let Some(value) = value.map(clean).filter(|value| !value.is_empty()) else { return };
    if field.len() < MAX_CLAIMS {
        field.push(Claimed { value, source });
    }
}

/// Adds an author.
fn push_author(claims: &mut Claims, name: &str, url: Option<&str>, source: Source) {
    let name = clean(name);
    if !name.is_empty() && claims.authors.len() < MAX_CLAIMS {
        let url = url.map(str::to_owned);
        claims.authors.push(Claimed { value: AuthorClaim { name, url }, source });
    }
}

/// A claim's text in its normal form. Twice decoded where it was escaped twice.
fn clean(value: &str) -> String {
    let once = decode_entities(value);
    let twice = decode_entities(&once);
    normalize(&twice).into_owned()
}

/// The text of an element, white space folded.
fn text_of(node: NodeRef<'_, Node>) -> String {
    normalize(&raw_text(node)).into_owned()
}

/// The text of an element as written.
fn raw_text(node: NodeRef<'_, Node>) -> String {
    let texts = node.descendants().filter_map(|node| node.value().as_text());
    texts.fold(String::new(), |mut all, text| {
        all.push_str(text);
        all
    })
}

/// Whether an element belongs to an SVG image: its `title` is none of the page's.
fn is_foreign(node: NodeRef<'_, Node>) -> bool {
    node.parent()
        .and_then(|parent| parent.value().as_element())
        .is_some_and(|parent| matches!(parent.name(), "svg" | "g" | "symbol" | "path" | "a"))
}
