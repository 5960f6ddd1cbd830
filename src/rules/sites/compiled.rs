//! The selectors of one site, compiled when its first page comes.

use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use scraper::Selector;

use super::css;
use super::file::{Css, Field, FieldSelector, PathRules, SiteFile, Strip};
use crate::model::{Boilerplate, RuleName};

/// What is to be done on a page of the site.
#[derive(Debug, Default)]
pub struct PageRules {
    /// Where the article stands.
    pub select: Vec<NamedSelector>,
    /// What is text, whatever the general rules say.
    pub keep: Vec<NamedSelector>,
    /// What is no text, by class.
    pub strip: Vec<(NamedSelector, Boilerplate)>,
    /// Where fields are read: the selector, and the attribute where it is not the text.
    pub fields: Vec<(Field, Selector, Option<String>)>,
    /// The attributes that the selectors ask for, in lower case.
    pub attributes: Vec<String>,
}

/// A selector and the name of its rule.
#[derive(Debug)]
pub struct NamedSelector {
    /// The selector.
    pub selector: Selector,
    /// File and rule.
    pub rule: RuleName,
}

/// The rules for every beginning of a path, the longest first; the last is for all.
pub(super) fn compile(name: &str, file: &SiteFile) -> Vec<(String, PageRules)> {
    let mut all: Vec<(String, PageRules)> = file
        .paths
        .iter()
        .map(|(prefix, own)| (prefix.0.clone(), page_rules(name, file, own)))
        .collect();
    all.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
    all.push((String::new(), page_rules(name, file, &PathRules::default())));
    all
}

/// The site's rules with those of a path: its `select` and its fields replace the site's, the others are added.
fn page_rules(name: &str, file: &SiteFile, own: &PathRules) -> PageRules {
    let select = if own.select.is_empty() { &file.select } else { &own.select };
    let keep: Vec<&Css> = file.keep.iter().chain(&own.keep).collect();
    let strip: Vec<&Strip> = file.strip.iter().chain(&own.strip).collect();
    let mut fields: BTreeMap<Field, &FieldSelector> =
        file.fields.iter().map(|(field, selector)| (*field, selector)).collect();
    fields.extend(own.fields.iter().map(|(field, selector)| (*field, selector)));
    let written = select
        .iter()
        .chain(keep.iter().copied())
        .chain(strip.iter().map(|strip| &strip.css))
        .chain(fields.values().map(|field| &field.css));
    let mut attributes: Vec<String> = written
        .flat_map(|css| css::attributes(&css.0))
        .chain(fields.values().filter_map(|field| field.attribute.clone()))
        .collect();
    attributes.sort_unstable();
    attributes.dedup();
    let named = |verb: &str, css: &Css| named(name, verb, css);
    PageRules {
        select: select.iter().filter_map(|css| named("select", css)).collect(),
        keep: keep.into_iter().filter_map(|css| named("keep", css)).collect(),
        strip: strip
            .into_iter()
            .filter_map(|strip| Some((named("strip", &strip.css)?, strip.class)))
            .collect(),
        fields: fields
            .into_iter()
            .filter_map(|(field, selector)| {
                Some((field, css::compile(&selector.css.0).ok()?, selector.attribute.clone()))
            })
            .collect(),
        attributes,
    }
}

/// `None` never comes: [`Css`] exists only of selectors that compile.
fn named(name: &str, verb: &str, css: &Css) -> Option<NamedSelector> {
    let selector = css::compile(&css.0).ok()?;
    Some(NamedSelector { selector, rule: rule_name(&format!("site.{name} {verb} {}", css.0)) })
}

/// A name that lives as long as the program: verdicts carry names by reference. Each is kept once, so rules may be read anew
/// as often as one likes.
fn rule_name(name: &str) -> RuleName {
    static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}
