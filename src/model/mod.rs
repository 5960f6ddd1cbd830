//! The nouns: what the steps of the line hand to each other. Types only; no step's logic, no wire format.

mod article;
mod block;
mod claims;
mod label;
mod page;
mod record;
mod region;
mod rejection;
mod site_mark;

pub use article::{
    Article, ArticleBlock, ArticleBlockKind, Author, Counts, FuzzyDate, Image, PageKind, Precision,
    Provenance, Quality, Site,
};
pub use block::{
    BlockKind, Document, DocumentSource, Evidence, LabelledBlock, LabelledDocument, Landmark,
    TextBlock,
};
pub use claims::{AuthorClaim, Claimed, Claims, ImageClaim, PlacedClaim, PlacedField, Source};
pub use label::{Boilerplate, Label, RuleName, Verdict};
pub use page::{Charset, CharsetSource, PageBody, RawPage};
pub use record::{Header, Origin, Record};
pub use region::{Region, RegionText, Regions};
pub use rejection::Rejection;
pub use site_mark::{SiteMark, SiteRulesState, SiteRulesUse, SiteSays};
