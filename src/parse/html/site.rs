//! The rules of the page's own site, laid over its tree: which elements they name, and the fields they read.

use std::collections::HashMap;

use scraper::ElementRef;

use super::selectable::Selectable;
use super::tokenizer::Keep;
use crate::model::{
    AuthorClaim, Claimed, Claims, RawPage, RuleName, SiteMark, SiteRulesState, SiteRulesUse,
    SiteSays, Source, TextBlock,
};
use crate::parse::tree::{Attr, NodeId};
use crate::rules::sites::{Field, NamedSelector, PageRules, SiteRules};
use crate::text::normalize;

/// Most elements that one field is read from: a list of authors or keywords is shorter.
const MAX_FIELD_ELEMENTS: usize = 50;

/// What the site's rules say of elements, by node.
#[derive(Debug, Default)]
pub(super) struct SiteMarks {
    by_node: HashMap<NodeId, SiteMark>,
    /// The rule by which everything outside is out; `None` if nothing is selected.
    outside: Option<RuleName>,
}

impl SiteMarks {
    /// Looks for the elements. On one element `keep` outweighs `strip`, and that outweighs `select`.
    pub(super) fn of(tree: &Selectable, rules: &PageRules) -> Self {
        let mut marks = Self::default();
        for named in &rules.select {
            if marks.add(tree, named, SiteSays::Inside) {
                marks.outside.get_or_insert(named.rule);
            }
        }
        for (named, class) in &rules.strip {
            marks.add(tree, named, SiteSays::Strip(*class));
        }
        for named in &rules.keep {
            marks.add(tree, named, SiteSays::Keep);
        }
        marks
    }

    /// Whether there was such an element.
    fn add(&mut self, tree: &Selectable, named: &NamedSelector, says: SiteSays) -> bool {
        let mark = SiteMark { says, rule: named.rule };
        let n_before = self.by_node.len();
        let mut is_found = false;
        for element in tree.select(&named.selector) {
            if let Some(id) = tree.original(element) {
                self.by_node.insert(id, mark);
            }
            is_found = true;
        }
        is_found || self.by_node.len() > n_before
    }

    /// What is said of an element itself, and of the root if something is selected.
    pub(super) fn own(&self, node: NodeId, is_root: bool) -> Option<SiteMark> {
        let outside = || {
            let rule = self.outside.filter(|_| is_root)?;
            Some(SiteMark { says: SiteSays::Outside, rule })
        };
        self.by_node.get(&node).copied().or_else(outside)
    }

    fn is_empty(&self) -> bool {
        self.by_node.is_empty()
    }
}

/// What of a page is carried into the tree: all elements, if its site has rules, and all attributes, if one of them asks for
/// one that nobody else reads.
pub(super) fn keep(site: Option<SiteRules<'_>>) -> Keep {
    let asks = |site: SiteRules<'_>| {
        !site.rules.attributes.iter().all(|name| Attr::known(name.as_bytes()).is_some())
    };
    match site {
        None => Keep::Lean,
        Some(site) if asks(site) => Keep::ReadWithAttributes,
        Some(_) => Keep::Read,
    }
}

/// How the rules fared. Where `select` found no text, or nothing was found by any rule, the page is not what the rules were
/// written for: the marks are taken back.
pub(super) fn settle(
    site: SiteRules<'_>,
    page: &RawPage<'_>,
    marks: &SiteMarks,
    n_fields: usize,
    blocks: &mut [TextBlock],
) -> SiteRulesUse {
    let is_selected = |block: &TextBlock| {
        block.site_mark.is_some_and(|mark| matches!(mark.says, SiteSays::Inside | SiteSays::Keep))
    };
    let is_unmatched = if site.rules.select.is_empty() {
        marks.is_empty() && n_fields == 0
    } else {
        !blocks.iter().any(is_selected)
    };
    if is_unmatched {
        for block in blocks {
            block.site_mark = None;
        }
    }
    let fetched_on = page.fetched_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let is_expired = fetched_on.zip(site.valid_until).is_some_and(|(day, last)| day > last);
    let state = if is_unmatched { SiteRulesState::Unmatched } else { SiteRulesState::Applied };
    SiteRulesUse { state, is_expired }
}

/// Reads the fields; says how many were there.
pub(super) fn read_fields(tree: &Selectable, rules: &PageRules, claims: &mut Claims) -> usize {
    let mut n_fields = 0;
    for (field, selector, attribute) in &rules.fields {
        let values: Vec<(String, ElementRef<'_>)> = tree
            .select(selector)
            .take(MAX_FIELD_ELEMENTS)
            .map(|element| (value_of(element, attribute.as_deref()), element))
            .filter(|(value, _)| !value.is_empty())
            .collect();
        n_fields += usize::from(!values.is_empty());
        for (value, element) in values {
            claim(*field, value, element, claims);
        }
    }
    n_fields
}

fn value_of(element: ElementRef<'_>, attribute: Option<&str>) -> String {
    let value = match attribute {
        Some(name) => element.attr(name).unwrap_or_default().to_owned(),
        None => element.text().collect(),
    };
    normalize(&value).into_owned()
}

fn claim(field: Field, value: String, element: ElementRef<'_>, claims: &mut Claims) {
    let source = Source::SiteRule;
    let list = match field {
        Field::Title => &mut claims.titles,
        Field::Kicker => &mut claims.kickers,
        Field::Subtitle => &mut claims.descriptions,
        Field::Published => &mut claims.published,
        Field::Modified => &mut claims.modified,
        Field::Section => &mut claims.sections,
        Field::Keywords => &mut claims.keywords,
        Field::Authors => {
            let url = element.attr("href").map(str::to_owned);
            claims.authors.push(Claimed { value: AuthorClaim { name: value, url }, source });
            return;
        }
    };
    list.push(Claimed { value, source });
}
