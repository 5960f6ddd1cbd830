//! What a page says of itself: collected from every source, unjudged.

mod figures;
mod json;
mod json_ld;
mod lenient;
mod meta;
mod microdata;
mod page_context;
mod path;
mod placed;

use std::borrow::Cow;

use url::Url;

use crate::model::{AuthorClaim, BlockKind, Claimed, Claims, Landmark, Source, TextBlock};
use crate::parse::attribute::Attributes;
use crate::parse::tree::{Attr, Edge, Element, Node, NodeRef, Tag};
use crate::rules::{FieldName, Rules, Said};
use crate::text::{decode_entities, normalize};
use json_ld::first_text;
use page_context::PageContext;

/// Most claims of one field: a page that says more says nothing.
const MAX_CLAIMS: usize = 200;
/// Most bytes of JSON-LD that are read: pages carry a few kilobytes, broken ones megabytes.
const MAX_JSON_LD_BYTES: usize = 2 << 20;

/// Where an element stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) landmark: Landmark,
    pub(super) in_link: bool,
    /// Index of the block that its text stands in.
    pub(super) block_idx: usize,
    /// The field that its class or id stands for.
    pub(super) named: Option<FieldName>,
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
pub(super) struct Collector<'t> {
    claims: Claims,
    json_ld: json_ld::Documents<'t>,
    n_json_ld_bytes: usize,
    /// The `n` of a `twitter:labelN` that says that `twitter:dataN` is the author.
    author_label: Option<char>,
}

impl<'t> Collector<'t> {
    /// The head: its elements are no blocks.
    pub(super) fn head(&mut self, head: NodeRef<'t>, rules: &Rules) {
        for node in head.descendants().skip(1) {
            let Node::Element(element) = node.value() else { continue };
            let attributes = Attributes::of(element);
            let names = [attributes.class, attributes.id].into_iter().flatten();
            let place = Place {
                landmark: Landmark::Elsewhere,
                in_link: false,
                block_idx: 0,
                named: names
                    .into_iter()
                    .find_map(|names| Said::of(&rules.stems, &rules.words, names).field),
            };
            self.element(node, element, &attributes, place, rules);
        }
    }

    /// One element.
    pub(super) fn element(
        &mut self,
        node: NodeRef<'t>,
        element: Element<'_>,
        attributes: &Attributes<'_>,
        place: Place,
        rules: &Rules,
    ) {
        match element.tag {
            Tag::HTML => push(
                &mut self.claims.languages,
                element.attribute(Attr::LANG).or(element.attribute(Attr::XML_LANG)),
                Source::HtmlLang,
            ),
            Tag::TITLE
                if !is_foreign(node)
                    && self.claims.titles.iter().all(|c| c.source != Source::TitleElement) =>
            {
                push(&mut self.claims.titles, Some(&text_of(node)), Source::TitleElement);
            }
            Tag::META => return self.meta(element, rules),
            Tag::LINK => self.link(element),
            Tag::SCRIPT => self.script(node, element),
            Tag::FIGURE => figures::read(node, &mut self.claims),
            _ if path::is_named(element, attributes, place, rules) => {
                path::read(node, &mut self.claims);
            }
            _ => placed::read(node, element, attributes, place, &mut self.claims),
        }
        if let Some(properties) = attributes.itemprop.or(attributes.property) {
            microdata::read(node, element, properties, place, &mut self.claims);
        }
    }

    /// `<meta>`, and the pair `twitter:label1`, `twitter:data1`: "Written by", "Rike Olbers".
    fn meta(&mut self, element: Element<'_>, rules: &Rules) {
        meta::read(element, &mut self.claims);
        let name = element.attribute(Attr::NAME).or_else(|| element.attribute(Attr::PROPERTY));
        let Some(rest) = name.and_then(|name| name.strip_prefix("twitter:")) else { return };
        let content = element.attribute(Attr::CONTENT).unwrap_or_default();
        let is_author =
            |label: &str| rules.words.author_labels.contains(&label.trim().to_lowercase());
        if let Some(n) = rest.strip_prefix("label").and_then(|n| n.chars().next()) {
            if is_author(content) {
                self.author_label = Some(n);
            }
        } else if let Some(n) = rest.strip_prefix("data").and_then(|n| n.chars().next())
            && self.author_label == Some(n)
        {
            push_author(&mut self.claims, content, None, Source::Twitter);
        }
    }

    fn link(&mut self, element: Element<'_>) {
        let rel = element.attribute(Attr::REL).unwrap_or_default().to_ascii_lowercase();
        if rel.split_ascii_whitespace().any(|rel| rel == "canonical") {
            push(&mut self.claims.canonical_urls, element.attribute(Attr::HREF), Source::Link);
        }
    }

    fn script(&mut self, node: NodeRef<'t>, element: Element<'_>) {
        let is_json_ld = element.attribute(Attr::TYPE).is_some_and(|kind| {
            kind.trim().to_ascii_lowercase().starts_with("application/ld+json")
        });
        if !is_json_ld {
            return;
        }
        let text = raw_text(node);
        self.n_json_ld_bytes += text.len();
        if self.n_json_ld_bytes <= MAX_JSON_LD_BYTES {
            self.json_ld.add(text);
        }
    }

    /// Adds what can only be told in the end.
    pub(super) fn finish(mut self, blocks: &[TextBlock], page_url: Option<&Url>) -> Claims {
        let headings =
            blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(1 | 2)));
        let shown = headings.map(|block| block.text.as_str());
        let mut claims = Claims::default();
        self.json_ld.claim(&PageContext::new(&self.claims, shown, page_url), &mut claims);
        self.claims.has_foreign_json_ld = claims.has_foreign_json_ld;
        if claims.sections.iter().any(|claim| claim.source == Source::Breadcrumb) {
            self.claims.sections.retain(|claim| claim.source != Source::Breadcrumb);
        }
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
    join(first.placed, &mut all.placed);
}

/// Adds a claim, cleaned: entities decoded (attributes and JSON-LD are often escaped twice), blanks folded.
fn push(field: &mut Vec<Claimed<String>>, value: Option<&str>, source: Source) {
    let Some(value) = value.map(clean).filter(|value| !value.is_empty()) else { return };
    if field.len() < MAX_CLAIMS {
        field.push(Claimed { value: value.into_owned(), source });
    }
}

/// Adds a text of more than one line, each in its normal form.
fn push_lines(field: &mut Vec<Claimed<String>>, value: Option<&str>, source: Source) {
    let Some(value) = value.map(lines_of) else { return };
    if !value.is_empty() && field.len() < MAX_CLAIMS {
        field.push(Claimed { value, source });
    }
}

/// The lines of a text, each in its normal form; empty ones go.
fn lines_of(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.lines().map(clean).filter(|line| !line.is_empty()) {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&line);
    }
    lines
}

/// Adds an author.
fn push_author(claims: &mut Claims, name: &str, url: Option<&str>, source: Source) {
    let name = clean(name).into_owned();
    if !name.is_empty() && claims.authors.len() < MAX_CLAIMS {
        let url = url.map(str::to_owned);
        claims.authors.push(Claimed { value: AuthorClaim { name, url }, source });
    }
}

/// A claim's text in its normal form. Twice decoded where it was escaped twice.
fn clean(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', value.as_bytes()).is_none() {
        return normalize(value);
    }
    let once = decode_entities(value);
    let twice = decode_entities(&once);
    normalize(&twice).into_owned().into()
}

/// The text of an element that is read on the page, white space folded; the texts of two blocks never grow together.
fn text_of(node: NodeRef<'_>) -> String {
    let mut text = String::new();
    for edge in node.traverse() {
        let (Edge::Open(inner) | Edge::Close(inner)) = edge;
        match (inner.value(), edge) {
            (Node::Text(piece), Edge::Open(_)) if !placed::is_unread(inner) => text.push_str(piece),
            (Node::Element(element), _) if placed::is_block(element.tag) => text.push(' '),
            _ => {}
        }
    }
    normalize(&text).into_owned()
}

/// The text of an element as written.
fn raw_text(node: NodeRef<'_>) -> Cow<'_, str> {
    let texts = node.descendants().filter_map(|node| node.value().as_text());
    texts.fold(Cow::Borrowed(""), |all, text| all + text)
}

/// Whether an element belongs to an SVG image: its `title` is none of the page's.
fn is_foreign(node: NodeRef<'_>) -> bool {
    node.parent().and_then(|parent| parent.value().as_element()).is_some_and(|parent| {
        matches!(parent.tag, Tag::SVG | Tag::G | Tag::SYMBOL | Tag::PATH | Tag::A)
    })
}
