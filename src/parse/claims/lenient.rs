//! JSON that is nearly JSON: several documents in one, raw line ends and quotes in strings, comments around it, commas too
//! many, cut off at the end.

use super::json::Json;

/// Reads JSON-LD as written by publishers; nothing when nothing can be made of it.
pub(super) fn parse(text: &str) -> Vec<Json<'_>> {
    let text = unwrapped(text);
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Json<'_>>();
    let mut read: Vec<Json<'_>> = documents.by_ref().map_while(Result::ok).collect();
    let rest = text.get(documents.byte_offset()..).unwrap_or_default().trim_start();
    if rest.starts_with(['{', '[']) {
        let repaired = repaired(rest);
        read.extend(serde_json::from_str(&repaired).map(Json::into_owned));
    }
    read
}

/// The text without the comment marks that hide it from very old browsers.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim().trim_start_matches('\u{feff}');
    for mark in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["] {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    for mark in ["//-->", "-->", "//]]>", "/*]]>*/", "]]>"] {
        text = text.strip_suffix(mark).unwrap_or(text).trim_end();
    }
    text.trim_end_matches(';')
}

/// One pass that repairs what is repairable: quotes inside of strings are escaped, control characters in them become blanks, wrong escapes lose their
/// backslash, commas before a closing bracket go, open brackets at the end are closed.
fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len() + 8);
    let mut open: Vec<char> = Vec::new();
    let mut in_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if in_string && !ends_string(chars.clone()) => repaired.push_str("\\\""),
            '"' => {
                in_string = !in_string;
                repaired.push(c);
            }
            '\\' if in_string => match chars.next() {
                Some(escaped @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                    repaired.push('\\');
                    repaired.push(escaped);
                }
                Some(other) => repaired.push(other),
                None => {}
            },
            c if in_string && c.is_control() => repaired.push(' '),
            _ if in_string => repaired.push(c),
            '{' | '[' => {
                open.push(if c == '{' { '}' } else { ']' });
                repaired.push(c);
            }
            '}' | ']' => {
                drop_trailing_comma(&mut repaired);
                open.pop();
                repaired.push(c);
                if open.is_empty() {
                    return repaired;
                }
            }
            _ => repaired.push(c),
        }
    }
    if in_string {
        repaired.push('"');
    }
    drop_trailing_comma(&mut repaired);
    repaired.extend(open.into_iter().rev());
    repaired
}

/// Whether a string can end before these characters: with what may follow one, or with the text.
fn ends_string(mut behind: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    behind.find(|c| !c.is_whitespace()).is_none_or(|c| matches!(c, ',' | ':' | '}' | ']'))
}

fn drop_trailing_comma(text: &mut String) {
    let trimmed = text.trim_end();
    if let Some(without) = trimmed.strip_suffix(',') {
        text.truncate(without.len());
    }
}
