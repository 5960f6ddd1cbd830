//! The explanation as one HTML file: no script, no network, light and dark. The rule and the facts of a block are shown
//! beside the page while it is pointed at or has the keyboard's focus, and below it once it is clicked or tapped; the choice
//! above shows all, kept or cut blocks.

use std::fmt::Write as _;

use super::{Fate, facts, label_name, outcome, totals};
use crate::encode::VERSION;
use crate::model::{Boilerplate, LabelledBlock, LabelledDocument};
use crate::pipeline::Reading;
use crate::rules::Rules;

const STYLE: &str = include_str!("explain.css");

/// The page.
pub(super) fn write(name: &str, reading: &Reading<'_>, rules: &Rules) -> String {
    let mut page = String::with_capacity(64 * 1024);
    let title = escaped(name);
    let summary = escaped(&outcome(reading));
    let url = reading.page.url.as_ref().map(|url| escaped(url.as_str())).unwrap_or_default();
    push(
        &mut page,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} – klartext explain</title>\n\
             <style>\n{STYLE}</style>\n<header>\n<h1>{summary}</h1>\n<p>{title} {url}</p>\n</header>\n"
        ),
    );
    page.push_str(
        "<input type=\"radio\" name=\"show\" id=\"all\" checked><label for=\"all\">all</label>\n\
         <input type=\"radio\" name=\"show\" id=\"kept\"><label for=\"kept\">kept</label>\n\
         <input type=\"radio\" name=\"show\" id=\"cut\"><label for=\"cut\">cut</label>\n",
    );
    legend(&mut page, &reading.document);
    page.push_str("<main>\n");
    for labelled in &reading.document.blocks {
        block(&mut page, labelled, &reading.document, rules);
    }
    push(&mut page, format_args!("</main>\n<footer>klartext {VERSION}</footer>\n</html>\n"));
    page
}

/// Totals by class, in the colours of the blocks.
fn legend(page: &mut String, document: &LabelledDocument) {
    page.push_str("<table>\n<tr><th>what<th>blocks<th>characters</tr>\n");
    for (fate, (n_blocks, n_chars)) in totals(document) {
        let (name, style) = match fate {
            Fate::Text => ("text", String::new()),
            Fate::Field => ("fields of the article", String::new()),
            Fate::Cut(class) => (class.as_str(), hue(class)),
        };
        let kind = kind(fate);
        push(
            page,
            format_args!(
                "<tr><td><span class=\"swatch {kind}\"{style}></span>{name}<td>{n_blocks}<td>{n_chars}</tr>\n"
            ),
        );
    }
    page.push_str("</table>\n");
}

fn block(page: &mut String, labelled: &LabelledBlock, document: &LabelledDocument, rules: &Rules) {
    let fate = Fate::of(labelled.verdict.label);
    let style = if let Fate::Cut(class) = fate { hue(class) } else { String::new() };
    let label = label_name(labelled.verdict.label);
    let rule = escaped(labelled.verdict.rule);
    let kind = kind(fate);
    let text = escaped(&labelled.block.text);
    push(
        page,
        format_args!(
            "<div class=\"block {kind}\"{style}><details><summary><b>{label}</b> <span>{text}</span></summary></details>\
             <dl><dt>is<dd>{label}<dt>rule<dd>{rule}"
        ),
    );
    for (name, value) in facts(labelled, document, rules) {
        push(page, format_args!("<dt>{name}<dd>{}", escaped(&value)));
    }
    page.push_str("</dl></div>\n");
}

const fn kind(fate: Fate) -> &'static str {
    match fate {
        Fate::Text => "text",
        Fate::Field => "field",
        Fate::Cut(_) => "cut",
    }
}

/// A colour a class: the golden angle (137.5°) keeps neighbours in the list far apart on the colour wheel.
fn hue(class: Boilerplate) -> String {
    let idx = Boilerplate::ALL.iter().position(|known| *known == class).unwrap_or_default();
    format!(" style=\"--hue:{}\"", idx * 275 / 2 % 360)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writing to a `String` cannot fail.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).unwrap_or_default();
}
