//! Metadata that only the visible text has: lines that were moved out of the body (bylines, time stamps, tag lists) and
//! agencies named in it. They become claims of the source [`Source::Visible`], so that every field's own order of trust
//! decides, as with any other claim.

use super::dates::is_called_change;
use crate::model::{
    AuthorClaim, Boilerplate, Claimed, Claims, DocumentSource, Label, LabelledBlock,
    LabelledDocument, Provenance, Source,
};
use crate::rules::Rules;
use crate::text::dates;

/// Longest line that is read as a tag list, characters.
const MAX_TAGS_CHARS: usize = 220;

/// The document's claims, and what the visible lines of a dump claim. HTML says it better by its markup; nothing is read
/// from its lines here.
pub(super) fn with_visible_claims(document: &LabelledDocument, rules: &Rules) -> Claims {
    let mut claims = to_add_to(&document.claims);
    if document.source != DocumentSource::Text {
        return claims;
    }
    let mut changes: Vec<Claimed<String>> = Vec::new();
    for LabelledBlock { block, verdict, .. } in &document.blocks {
        match verdict.label {
            Label::Byline => claims.authors.push(author(&block.text, rules)),
            Label::Boilerplate(Boilerplate::Timestamp) => {
                let is_change = is_called_change(&block.text, &rules.words);
                let times = if is_change { &mut changes } else { &mut claims.published };
                times.push(visible(time(&block.text, rules)));
            }
            Label::Boilerplate(Boilerplate::Tags)
                if block.text.chars().count() <= MAX_TAGS_CHARS =>
            {
                claims.keywords.extend(tags(&block.text).map(visible));
            }
            _ => {}
        }
    }
    // Where only the last change is said ("Stand: 5. November"), it is the date of the text.
    let says_when = claims.published.iter().any(|claim| dates::read(&claim.value).is_some());
    let field = if says_when { &mut claims.modified } else { &mut claims.published };
    field.extend(changes);
    claims
}

/// The claims, but for those that nothing is added to: they are many on some pages, and are read from the document.
fn to_add_to(claims: &Claims) -> Claims {
    Claims {
        titles: claims.titles.clone(),
        kickers: Vec::new(),
        descriptions: claims.descriptions.clone(),
        authors: claims.authors.clone(),
        published: claims.published.clone(),
        modified: claims.modified.clone(),
        languages: claims.languages.clone(),
        canonical_urls: claims.canonical_urls.clone(),
        site_names: claims.site_names.clone(),
        sections: claims.sections.clone(),
        keywords: claims.keywords.clone(),
        images: Vec::new(),
        free_access: claims.free_access.clone(),
        page_types: claims.page_types.clone(),
        article_bodies: Vec::new(),
        placed: Vec::new(),
        has_foreign_json_ld: claims.has_foreign_json_ld,
    }
}

/// Names of the agencies that the article draws on: named as its author, in its text, or in a line that was moved out of it.
pub(super) fn agencies(
    document: &LabelledDocument,
    claims: &Claims,
    rules: &Rules,
    provenance: &mut Provenance,
) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for claim in &claims.authors {
        for name in rules.markers.agencies.named_in(&claim.value.name) {
            if !named.iter().any(|known| known == name) {
                provenance.fields.entry("agencies").or_insert(claim.source);
                named.push(name.to_owned());
            }
        }
    }
    for LabelledBlock { block, verdict, .. } in &document.blocks {
        let is_source = matches!(
            verdict.label,
            Label::Boilerplate(Boilerplate::Agency) | Label::Byline | Label::Dateline
        );
        if !is_source && !verdict.label.is_text() {
            continue;
        }
        for name in rules.markers.agencies.named_in(&block.text) {
            if !named.iter().any(|known| known == name) {
                provenance.fields.entry("agencies").or_insert(Source::Text);
                named.push(name.to_owned());
            }
        }
    }
    named
}

/// Blocks of text at whose start a dateline may stand: the lead and the first paragraph.
const N_DATELINE_BLOCKS: usize = 3;

/// "Berlin (dpa)": the place and agency that the report is filed from. A line of its own, or the start of one of the first
/// paragraphs, where it stays.
pub(super) fn dateline(
    document: &LabelledDocument,
    rules: &Rules,
    provenance: &mut Provenance,
) -> Option<String> {
    let dateline = read_dateline(document, rules)?;
    provenance.fields.insert("dateline", Source::Text);
    Some(dateline)
}

fn read_dateline(document: &LabelledDocument, rules: &Rules) -> Option<String> {
    let labelled = document.blocks.iter();
    let own_line = labelled.clone().find(|labelled| labelled.verdict.label == Label::Dateline);
    if let Some(own_line) = own_line {
        return Some(own_line.block.text.clone());
    }
    let mut first = labelled
        .filter(|labelled| matches!(labelled.verdict.label, Label::Lead | Label::Body))
        .take(N_DATELINE_BLOCKS);
    let regexes = &rules.markers.readers.dateline;
    let read = |text: &str| {
        let found = regexes.find_map(text, |captures| captures.get(1))?;
        Some(found.as_str().to_owned())
    };
    first.find_map(|labelled| read(&labelled.block.text))
}

fn visible(value: String) -> Claimed<String> {
    Claimed { value, source: Source::Visible }
}

/// "Von Henning Maas und Rike Olbers, Berlin": the names as written, without the wording where it is known.
fn author(line: &str, rules: &Rules) -> Claimed<AuthorClaim> {
    let found = rules.markers.readers.byline.find_map(line, |captures| captures.get(1));
    let name = found.map_or(line, |names| names.as_str()).to_owned();
    Claimed { value: AuthorClaim { name, url: None }, source: Source::Visible }
}

/// The time in "Stand: 05.11.2024, 14:12 Uhr", as written.
fn time(line: &str, rules: &Rules) -> String {
    if dates::read(line).is_some() {
        return line.to_owned();
    }
    let readers = &rules.markers.readers.timestamp;
    let found = readers.find_map(line, |captures| captures.get(1).or_else(|| captures.get(0)));
    found.map_or(line, |time| time.as_str()).to_owned()
}

/// "Themen: Kirchau, Elsterbrücke": the words behind the colon.
fn tags(line: &str) -> impl Iterator<Item = String> + '_ {
    let list = line.split_once([':', '：']).map_or("", |(_, list)| list);
    list.split([',', ';', '|', '、', '#', '·'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
}
