//! JSON that is nearly JSON: raw line ends in strings, comments around it, commas too many, cut off at the end.

use serde_json::Value;

/// Reads JSON-LD as written by publishers; `None` when nothing can be made of it.
pub(super) fn parse(text: &str) -> Option<Value> {
    let text = unwrapped(text);
    if text.is_empty() {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&repaired(text)).ok())
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

/// One pass that repairs what is repairable: control characters in strings become blanks, wrong escapes lose their
/// backslash, commas before a closing bracket go, open brackets at the end are closed.
fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len() + 8);
    let mut open: Vec<char> = Vec::new();
    let mut in_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
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

fn drop_trailing_comma(text: &mut String) {
    let trimmed = text.trim_end();
    if let Some(without) = trimmed.strip_suffix(',') {
        text.truncate(without.len());
    }
}
