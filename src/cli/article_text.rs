//! An article for people: text or Markdown.

use std::fmt::Write as _;

use crate::model::{Article, ArticleBlock, ArticleBlockKind};

/// Title, blank line, paragraphs with blank lines between them.
pub(super) fn text(article: &Article) -> String {
    let title = article.title.iter().map(String::as_str);
    let blocks = article.blocks.iter().map(|block| block.text.as_str());
    let mut text = title.chain(blocks).collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

/// Title, lead, headings, lists and quotes as `CommonMark`.
pub(super) fn markdown(article: &Article) -> String {
    let mut out = String::new();
    if let Some(title) = &article.title {
        push(&mut out, "# ", title);
    }
    let mut previous: Option<&ArticleBlock> = None;
    for block in &article.blocks {
        let is_first_of_group = previous.is_none_or(|previous| previous.group != block.group);
        if let Some(group) = block.group.as_ref().filter(|_| is_first_of_group) {
            separate(&mut out, false);
            push(&mut out, "## ", group);
        }
        let goes_on =
            previous.is_some_and(|previous| continues(previous, block)) && out.ends_with('\n');
        separate(&mut out, goes_on);
        push_block(&mut out, block);
        previous = Some(block);
    }
    out
}

/// Items of one list, and rows of one table, stand without a blank line between them.
fn continues(previous: &ArticleBlock, block: &ArticleBlock) -> bool {
    let is_item = |kind| matches!(kind, ArticleBlockKind::ListItem | ArticleBlockKind::KeyPoint);
    let are_rows =
        block.kind == ArticleBlockKind::TableRow && previous.kind == ArticleBlockKind::TableRow;
    previous.group == block.group && (are_rows || (is_item(block.kind) && is_item(previous.kind)))
}

fn separate(out: &mut String, goes_on: bool) {
    if !out.is_empty() && !goes_on {
        out.push('\n');
    }
}

fn push_block(out: &mut String, block: &ArticleBlock) {
    match block.kind {
        ArticleBlockKind::Lead => push_lines(out, "**", "**", &block.text),
        ArticleBlockKind::Heading(level) => {
            push(out, &format!("{} ", "#".repeat(usize::from(level.clamp(2, 6)))), &block.text);
        }
        ArticleBlockKind::Paragraph => push(out, "", &block.text),
        ArticleBlockKind::ListItem | ArticleBlockKind::KeyPoint => push(out, "- ", &block.text),
        ArticleBlockKind::Quote => push_lines(out, "> ", "", &block.text),
        ArticleBlockKind::EditorNote => push_lines(out, "*", "*", &block.text),
        ArticleBlockKind::TableRow => push(out, "", &block.text.replace('\t', " | ")),
        ArticleBlockKind::Preformatted => {
            // Inside the fence nothing is escaped.
            let _infallible = writeln!(out, "```\n{}\n```", block.text);
        }
        // Two blanks at the end of a line keep it.
        ArticleBlockKind::Verse => push(out, "", &block.text.replace('\n', "  \n")),
    }
}

fn push(out: &mut String, before: &str, text: &str) {
    let _infallible = writeln!(out, "{before}{}", escaped(text));
}

fn push_lines(out: &mut String, before: &str, after: &str, text: &str) {
    for line in text.lines() {
        let _infallible = writeln!(out, "{before}{}{after}", escaped(line));
    }
}

/// Text in which nothing is taken for Markdown: marks anywhere, and what begins a block at the start of a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (position, line) in text.split('\n').enumerate() {
        if position > 0 {
            out.push('\n');
        }
        let starts_block = line.starts_with(['#', '>', '+', '-', '=', '~']);
        let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let starts_list =
            n_digits > 0 && line.get(n_digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
        if starts_block {
            out.push('\\');
        }
        for (index, c) in line.char_indices() {
            if matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '\\' | '|')
                || (starts_list && index == n_digits)
            {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}
