//! What the rules of a page's own site say of its elements.

use super::{Boilerplate, RuleName};

/// What a site rule says of a block, and which one: the innermost element that a rule names decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteMark {
    /// What it says.
    pub says: SiteSays,
    /// File and rule.
    pub rule: RuleName,
}

/// What a site rule can say of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteSays {
    /// `select`: it stands in the article; the general rules go on inside.
    Inside,
    /// `select`: it stands outside the article.
    Outside,
    /// `keep`: it is text of the article, whatever the general rules say.
    Keep,
    /// `strip`: it is no text of the article.
    Strip(Boilerplate),
}

/// How the rules of a page's site fared on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SiteRulesState {
    /// The site has no rules, or no page's address is known.
    #[default]
    None,
    /// They matched.
    Applied,
    /// They matched nothing: the site's layout has changed. The page was read by the general rules alone.
    Unmatched,
    /// They would have left no text at all. The page was read by the general rules alone.
    Emptied,
}

/// The rules of a page's site, seen from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SiteRulesUse {
    /// How they fared.
    pub state: SiteRulesState,
    /// Whether the page was fetched after their `valid_until`.
    pub is_expired: bool,
}
