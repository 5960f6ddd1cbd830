//! Metadata that only the visible text has: lines that were moved out of the body (bylines, time stamps, tag lists) and
//! agencies named in it. They become claims of the source [`Source::Visible`], so that every field's own order of trust
//! decides, as with any other claim.

use crate::model::{
    AuthorClaim, Boilerplate, Claimed, Claims, DocumentSource, Label, LabelledBlock,
    LabelledDocument, Provenance, Source,
};
use crate::rules::Rules;

/// Longest line that is read as a tag list, characters.
const MAX_TAGS_CHARS: usize = 220;

/// Words between the names of a byline, in front of it, or behind a name.
const NAME_SEPARATORS: [&str; 7] = [", ", " und ", " and ", " & ", " / ", " et ", " y "];

/// The document's claims, and what the visible lines of a dump claim. HTML says it better by its markup; nothing is read
/// from its lines here.
pub(super) fn with_visible_claims(document: &LabelledDocument, rules: &Rules) -> Claims {
    let mut claims = document.claims.clone();
    if document.source != DocumentSource::Text {
        return claims;
    }
    for LabelledBlock { block, verdict, .. } in &document.blocks {
        match verdict.label {
            Label::Byline => claims.authors.extend(authors(&block.text, rules)),
            Label::Boilerplate(Boilerplate::Timestamp) => {
                claims.published.extend(time(&block.text, rules).map(visible));
            }
            Label::Boilerplate(Boilerplate::Tags)
                if block.text.chars().count() <= MAX_TAGS_CHARS =>
            {
                claims.keywords.extend(tags(&block.text).map(visible));
            }
            _ => {}
        }
    }
    claims
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
pub(super) fn dateline(document: &LabelledDocument, rules: &Rules) -> Option<String> {
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

/// "Von Henning Maas und Rike Olbers, Berlin": the persons.
fn authors(line: &str, rules: &Rules) -> Vec<Claimed<AuthorClaim>> {
    let found = rules.markers.readers.byline.find_map(line, |captures| captures.get(1));
    let Some(names) = found else { return Vec::new() };
    let mut names = vec![names.as_str()];
    for separator in NAME_SEPARATORS {
        names = names.into_iter().flat_map(|name| name.split(separator)).collect();
    }
    let is_name = |name: &&str| name.contains(' ');
    names
        .into_iter()
        .map(str::trim)
        .filter(is_name)
        .map(|name| Claimed {
            value: AuthorClaim { name: name.to_owned(), url: None },
            source: Source::Visible,
        })
        .collect()
}

/// The time in "Stand: 05.11.2024, 14:12 Uhr", as written.
fn time(line: &str, rules: &Rules) -> Option<String> {
    let found = rules
        .markers
        .readers
        .timestamp
        .find_map(line, |captures| captures.get(1).or_else(|| captures.get(0)));
    found.map(|time| time.as_str().to_owned())
}

/// "Themen: Kirchau, Elsterbrücke": the words behind the colon.
fn tags(line: &str) -> impl Iterator<Item = String> + '_ {
    let list = line.split_once([':', '：']).map_or("", |(_, list)| list);
    list.split([',', ';', '|', '、'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
}
