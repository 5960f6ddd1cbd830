//! Selectors: what may be written, and which attributes they read.

use scraper::Selector;

/// What a selector must not use: looking for it takes time that grows with the square of the page.
const DEAR: [(&str, &str); 2] = [
    (":has(", "name the element itself, or strip what is in it"),
    ("~", "use `+` for the next element, or `:nth-child()`"),
];

/// Compiles a selector; the message says what is wrong and, after a semicolon, what to do.
pub(super) fn compile(css: &str) -> Result<Selector, String> {
    let plain = without_strings(css);
    if let Some((part, instead)) = DEAR.iter().find(|(part, _)| {
        // `[class~="word"]` is no combinator.
        plain.replace("~=", "").contains(part)
    }) {
        return Err(format!("`{part}` is too slow for hostile pages; {instead}"));
    }
    Selector::parse(css).map_err(|_no_selector| {
        let what = if css.trim().is_empty() { "nothing" } else { css };
        format!(
            "`{what}` is no CSS selector; look at brackets, quotes and colons, for example `div.teaser > a[href]`"
        )
    })
}

/// The names of the attributes that a selector asks for, as written.
pub(super) fn attributes(css: &str) -> impl Iterator<Item = String> {
    let plain = without_strings(css);
    let names: Vec<String> = plain
        .split('[')
        .skip(1)
        .map(|rest| {
            let name = rest.trim_start().split(['=', '~', '|', '^', '$', '*', ']', ' ']).next();
            name.unwrap_or_default().to_ascii_lowercase()
        })
        .collect();
    names.into_iter()
}

/// The selector with its strings emptied.
fn without_strings(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut inside = None;
    for c in css.chars() {
        match inside {
            Some(quote) if c == quote => inside = None,
            Some(_) => {}
            None => {
                if c == '"' || c == '\'' {
                    inside = Some(c);
                }
                plain.push(c);
            }
        }
    }
    plain
}
