//! What a page says of itself, by source. Nothing here is believed yet: `assemble` decides.

/// A value and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed<T> {
    /// What was claimed, entities decoded, white space folded, else as written.
    pub value: T,
    /// Who claimed it.
    pub source: Source,
}

/// Every claim of a page, by field, in the order of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// Headlines.
    pub titles: Vec<Claimed<String>>,
    /// Kickers (Dachzeile).
    pub kickers: Vec<Claimed<String>>,
    /// Subtitles and descriptions.
    pub descriptions: Vec<Claimed<String>>,
    /// Authors, one claim each.
    pub authors: Vec<Claimed<AuthorClaim>>,
    /// Publication times, as written.
    pub published: Vec<Claimed<String>>,
    /// Modification times, as written.
    pub modified: Vec<Claimed<String>>,
    /// Languages, as written.
    pub languages: Vec<Claimed<String>>,
    /// Canonical addresses, as written (possibly relative).
    pub canonical_urls: Vec<Claimed<String>>,
    /// Names of the site.
    pub site_names: Vec<Claimed<String>>,
    /// Sections, outermost first.
    pub sections: Vec<Claimed<String>>,
    /// Keywords, one claim each unless the source has them as one string.
    pub keywords: Vec<Claimed<String>>,
    /// Images.
    pub images: Vec<Claimed<ImageClaim>>,
    /// Whether the article is free to read.
    pub free_access: Vec<Claimed<bool>>,
    /// `@type` of JSON-LD, `og:type`.
    pub page_types: Vec<Claimed<String>>,
    /// `articleBody` of JSON-LD: a witness, not the text.
    pub article_bodies: Vec<Claimed<String>>,
    /// Bylines and dates inside the page: they count where the article's own can stand, not beside a teaser or a comment.
    pub placed: Vec<PlacedClaim>,
    /// Whether JSON-LD describes another article than the page shows; nothing of it is among the claims.
    pub has_foreign_json_ld: bool,
}

/// A claimed author.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorClaim {
    /// The name as written; may hold several names, roles, "Von".
    pub name: String,
    /// Profile page.
    pub url: Option<String>,
}

/// A claim of a part of the page, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedClaim {
    /// The field it is for.
    pub field: PlacedField,
    /// What was claimed, as written.
    pub value: String,
    /// Profile page of an author.
    pub url: Option<String>,
    /// Who claimed it.
    pub source: Source,
    /// The block it stands in or before: index into the document's blocks.
    pub block_idx: usize,
}

/// Fields that parts of a page claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacedField {
    /// Who wrote it.
    Author,
    /// When it was published.
    Published,
    /// When it was changed.
    Modified,
    /// One keyword.
    Keyword,
    /// The line below the headline.
    Subtitle,
}

/// A claimed image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageClaim {
    /// Address as written, possibly relative.
    pub url: String,
    /// Caption, without the credit where the page tells them apart.
    pub caption: Option<String>,
    /// Credit.
    pub credit: Option<String>,
}

/// Where a claim was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A field selector of the site's rules.
    SiteRule,
    /// JSON-LD (`schema.org`).
    JsonLd,
    /// `og:*`, `article:*`.
    OpenGraph,
    /// `twitter:*`.
    Twitter,
    /// Other `<meta name>`, Dublin Core among them.
    Meta,
    /// `itemprop`.
    Microdata,
    /// `<link rel>`.
    Link,
    /// `<time>`.
    TimeElement,
    /// `<title>`.
    TitleElement,
    /// `<html lang>`.
    HtmlLang,
    /// An element whose class or id names the field (`class="author"`).
    ElementName,
    /// The visible text of the page: headline, byline, date line.
    Visible,
    /// Breadcrumb navigation.
    Breadcrumb,
    /// The page's address.
    Url,
    /// The message: envelope field or record header.
    Message,
    /// A key-value prefix of a text dump (`date 2024-11`).
    TextPrefix,
    /// Computed from the article's text.
    Text,
}

impl Source {
    /// Stable name, as written to `provenance.fields`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SiteRule => "site-rule",
            Self::JsonLd => "json-ld",
            Self::OpenGraph => "open-graph",
            Self::Twitter => "twitter",
            Self::Meta => "meta",
            Self::Microdata => "microdata",
            Self::Link => "link",
            Self::TimeElement => "time-element",
            Self::TitleElement => "title-element",
            Self::HtmlLang => "html-lang",
            Self::ElementName => "element-name",
            Self::Visible => "visible",
            Self::Breadcrumb => "breadcrumb",
            Self::Url => "url",
            Self::Message => "message",
            Self::TextPrefix => "text-prefix",
            Self::Text => "text",
        }
    }
}
