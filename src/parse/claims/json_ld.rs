//! JSON-LD: the article among everything else a page describes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::json::{Json, Object};
use super::page_context::{PageContext, Relation};
use super::{MAX_CLAIMS, lenient, push, push_author, push_lines};
use crate::model::{Claimed, Claims, ImageClaim, Source};

/// Most objects that are looked at: a graph of a page has some dozens.
const MAX_OBJECTS: usize = 5_000;

/// Types of pages that are articles, lower case, without their namespace. Any other type that ends in `article` counts too.
const ARTICLE_TYPES: [&str; 8] = [
    "blogposting",
    "liveblogposting",
    "report",
    "socialmediaposting",
    "discussionforumposting",
    "posting",
    "review",
    "recipe",
];
/// Types that describe the page around an article, in a weaker voice.
const PAGE_TYPES: [&str; 5] =
    ["webpage", "itempage", "videoobject", "imagegallery", "mediagallery"];

/// Keys under which other articles stand, or parts of this one.
const FOREIGN_KEYS: [&str; 12] = [
    "itemListElement",
    "isPartOf",
    "hasPart",
    "liveBlogUpdate",
    "mentions",
    "citation",
    "comment",
    "relatedLink",
    "about",
    "publisher",
    "author",
    "isBasedOn",
];

/// Every JSON-LD document of a page.
#[derive(Debug, Default)]
pub(super) struct Documents<'t>(Vec<Json<'t>>);

impl<'t> Documents<'t> {
    /// Adds the text of a script.
    pub(super) fn add(&mut self, text: Cow<'t, str>) {
        match text {
            Cow::Borrowed(text) => self.0.extend(lenient::parse(text)),
            Cow::Owned(text) => {
                self.0.extend(lenient::parse(&text).into_iter().map(Json::into_owned));
            }
        }
    }

    /// Claims what the page's article (or, failing that, the page) says.
    pub(super) fn claim(&self, context: &PageContext<'_>, claims: &mut Claims) {
        let objects = self.objects();
        let by_id: HashMap<&str, &Object<'_>> = objects
            .iter()
            .filter(|object| object.len() > 1)
            .filter_map(|object| Some((object.get("@id")?.as_str()?, *object)))
            .collect();
        let (article, is_foreign) = main_article(&objects, context);
        claims.has_foreign_json_ld = is_foreign;
        let page =
            objects.iter().copied().find(|object| types(object).any(|t| is_one_of(t, &PAGE_TYPES)));
        for (object, is_article) in [(article, true), (page, false)] {
            if let Some(object) = object {
                Reader { by_id: &by_id, claims }.object(object, is_article);
            }
        }
        for object in &objects {
            if types(object).any(|t| t.eq_ignore_ascii_case("BreadcrumbList")) {
                breadcrumb(object, &by_id, claims);
                break;
            }
        }
        let organisations = ["NewsMediaOrganization", "WebSite"];
        let named = objects.iter().find(|o| types(o).any(|t| organisations.contains(&t)));
        if let Some(name) = named.and_then(|object| object.get("name")).and_then(Json::as_str) {
            push(&mut claims.site_names, Some(name), Source::JsonLd);
        }
    }

    /// Every object that stands for itself, in the order of reading, breadth first.
    fn objects(&self) -> Vec<&Object<'t>> {
        let mut objects = Vec::new();
        let mut queue: std::collections::VecDeque<&Json<'t>> = self.0.iter().collect();
        let mut n_seen = 0_usize;
        while let Some(value) = queue.pop_front() {
            n_seen += 1;
            if n_seen > MAX_OBJECTS {
                break;
            }
            match value {
                Json::Array(values) => queue.extend(values),
                Json::Object(object) => {
                    objects.push(object);
                    let inner = object.iter().filter(|(key, _)| !FOREIGN_KEYS.contains(key));
                    queue.extend(
                        inner
                            .map(|(_, value)| value)
                            .filter(|v| matches!(v, Json::Object(_) | Json::Array(_))),
                    );
                }
                _ => {}
            }
        }
        objects
    }
}

/// The types of an object, without their namespace.
fn types<'o>(object: &'o Object<'_>) -> impl Iterator<Item = &'o str> {
    let types = object.get("@type");
    let list = types.and_then(Json::as_array).unwrap_or_default();
    let all = types.into_iter().chain(list);
    all.filter_map(Json::as_str).map(|t| t.rsplit(['/', '#', ':']).next().unwrap_or(t))
}

fn is_one_of(name: &str, types: &[&str]) -> bool {
    types.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an object is an article.
fn is_article(object: &Object<'_>) -> bool {
    types(object).any(|t| {
        let lower = t.to_ascii_lowercase();
        lower.ends_with("article") || ARTICLE_TYPES.contains(&lower.as_str())
    })
}

/// The page's article: the one that knows the page's title or address, of several the one that says most, the first of
/// them; and whether all that there are describe other pages.
fn main_article<'o, 't>(
    objects: &[&'o Object<'t>],
    context: &PageContext<'_>,
) -> (Option<&'o Object<'t>>, bool) {
    let mut best: Option<(&Object<'t>, (Relation, usize))> = None;
    for object in objects.iter().filter(|object| is_article(object)) {
        let keys = ["headline", "datePublished", "author", "articleBody", "image"];
        let n_keys = keys.iter().filter(|key| object.has(key)).count();
        let score = (context.relation(object), n_keys);
        if best.is_none_or(|(_, best)| score > best) {
            best = Some((object, score));
        }
    }
    match best {
        Some((_, (Relation::Foreign, _))) => (None, true),
        Some((object, _)) => (Some(object), false),
        None => (None, false),
    }
}

/// Reads one object.
struct Reader<'o, 'c> {
    by_id: &'c HashMap<&'o str, &'o Object<'o>>,
    claims: &'c mut Claims,
}

impl<'o> Reader<'o, '_> {
    fn object(&mut self, object: &'o Object<'o>, is_article: bool) {
        let source = Source::JsonLd;
        let text = |key: &str| object.get(key).and_then(first_text);
        let claims = &mut *self.claims;
        push(&mut claims.titles, text("headline"), source);
        if is_article {
            if !object.has("headline") {
                push(&mut claims.titles, text("name"), source);
            }
            push(&mut claims.kickers, text("alternativeHeadline"), source);
            push_lines(&mut claims.article_bodies, text("articleBody"), source);
        }
        push(&mut claims.descriptions, text("description"), source);
        push(&mut claims.published, text("datePublished").or_else(|| text("uploadDate")), source);
        if is_article && !object.has("datePublished") {
            push(&mut claims.published, text("dateCreated"), source);
        }
        push(&mut claims.modified, text("dateModified"), source);
        push(&mut claims.languages, text("inLanguage"), source);
        push(&mut claims.canonical_urls, text("url"), source);
        for kind in types(object) {
            push(&mut claims.page_types, Some(kind), source);
        }
        for section in texts(object.get("articleSection")) {
            push(&mut claims.sections, Some(section), source);
        }
        for keyword in texts(object.get("keywords")) {
            push(&mut claims.keywords, Some(keyword), source);
        }
        let parts = object.get("hasPart").map_or(&[][..], |parts| match parts {
            Json::Array(parts) => parts,
            part => std::slice::from_ref(part),
        });
        let parts = parts.iter().filter_map(Json::as_object);
        for part in std::iter::once(object).chain(parts).take(MAX_CLAIMS) {
            if let Some(value) = part.get("isAccessibleForFree").and_then(truth) {
                claims.free_access.push(Claimed { value, source });
            }
        }
        self.authors(object);
        self.publisher(object);
        self.images(object);
    }

    fn authors(&mut self, object: &'o Object<'o>) {
        let mut queue: Vec<&'o Json<'o>> = Vec::new();
        for key in ["author", "creator"] {
            queue.extend(object.get(key));
            if !queue.is_empty() {
                break;
            }
        }
        queue.reverse();
        let mut n_seen = 0;
        while let Some(value) = queue.pop() {
            n_seen += 1;
            if n_seen > MAX_CLAIMS {
                return;
            }
            match value {
                Json::String(name) => push_author(self.claims, name, None, Source::JsonLd),
                Json::Array(values) => queue.extend(values.iter().rev()),
                Json::Object(object) => {
                    let object = self.resolved(object);
                    let url = object.get("url").and_then(first_text);
                    for name in texts(object.get("name")) {
                        push_author(self.claims, name, url, Source::JsonLd);
                    }
                }
                _ => {}
            }
        }
    }

    /// The object itself, or the one its `@id` points at.
    fn resolved(&self, object: &'o Object<'o>) -> &'o Object<'o> {
        if object.has("name") {
            return object;
        }
        let id = object.get("@id").and_then(Json::as_str);
        id.and_then(|id| self.by_id.get(id).copied()).unwrap_or(object)
    }

    fn publisher(&mut self, object: &'o Object<'o>) {
        let publisher = match object.get("publisher") {
            Some(Json::Array(all)) => all.first(),
            other => other,
        };
        let name = match publisher {
            Some(Json::Object(publisher)) => {
                self.resolved(publisher).get("name").and_then(first_text)
            }
            Some(Json::String(name)) => Some(&**name),
            _ => None,
        };
        push(&mut self.claims.site_names, name, Source::JsonLd);
    }

    fn images(&mut self, object: &'o Object<'o>) {
        let images = match object.get("image") {
            Some(Json::Array(images)) => images.iter().collect(),
            Some(image) => vec![image],
            None => Vec::new(),
        };
        for image in images.into_iter().take(MAX_CLAIMS) {
            let claim = match image {
                Json::String(url) => {
                    ImageClaim { url: url.clone().into_owned(), ..ImageClaim::default() }
                }
                Json::Object(image) => {
                    let image = self.resolved(image);
                    let text =
                        |key: &str| Some(super::clean(first_text(image.get(key)?)?).into_owned());
                    let Some(url) = text("url").or_else(|| text("contentUrl")) else { continue };
                    ImageClaim { url, caption: text("caption"), credit: text("creditText") }
                }
                _ => continue,
            };
            self.claims.images.push(Claimed { value: claim, source: Source::JsonLd });
        }
    }
}

/// Sections of a breadcrumb list, without the last entry when that is the page itself.
fn breadcrumb(list: &Object<'_>, by_id: &HashMap<&str, &Object<'_>>, claims: &mut Claims) {
    let Some(items) = list.get("itemListElement").and_then(Json::as_array) else { return };
    let name_of = |item: &Json<'_>| -> Option<String> {
        let item = item.as_object()?;
        let inner = item.get("item").and_then(Json::as_object);
        let referred =
            item.get("item").and_then(Json::as_str).and_then(|id| by_id.get(id).copied());
        let named = [Some(item), inner, referred];
        named
            .into_iter()
            .flatten()
            .find_map(|object| object.get("name").and_then(first_text))
            .map(str::to_owned)
    };
    for item in items.iter().take(MAX_CLAIMS) {
        push(&mut claims.sections, name_of(item).as_deref(), Source::Breadcrumb);
    }
}

/// The text of a value: a string, the first string of an array, `@value` or `name` of an object.
pub(super) fn first_text<'o>(value: &'o Json<'_>) -> Option<&'o str> {
    match value {
        Json::String(text) => Some(text),
        Json::Array(values) => values.iter().find_map(Json::as_str),
        Json::Object(object) => {
            ["@value", "name", "@id"].iter().find_map(|key| object.get(key).and_then(Json::as_str))
        }
        _ => None,
    }
}

/// Every text of a value.
fn texts<'o, 't: 'o>(value: Option<&'o Json<'t>>) -> impl Iterator<Item = &'o str> {
    let list = value.and_then(Json::as_array).unwrap_or_default();
    let single = value.filter(|value| !matches!(value, Json::Array(_)));
    single.into_iter().chain(list).filter_map(first_text)
}

/// `true`, `"True"`, `"https://schema.org/False"`.
fn truth(value: &Json<'_>) -> Option<bool> {
    match value {
        Json::Bool(value) => Some(*value),
        Json::String(text) => {
            let lower = text.to_ascii_lowercase();
            let word = lower.rsplit('/').next().unwrap_or_default();
            match word {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}
