//! Which paths a Rust source names: a scan of its tokens, enough to see who imports whom.
//!
//! Comments, strings and character literals are left out; `use` trees and paths in the middle of the code are read the
//! same way, and `self::`/`super::` are resolved against the module of the file.

/// A path with its line: `["crate", "model", "Article"]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// Segments; the first is `crate`, or the name of a crate, or a name of the file's own.
    pub(crate) segments: Vec<String>,
    /// Line, from 1.
    pub(crate) line: usize,
}

/// Every path of more than one segment in `source`, which is the file of `module` (`["service", "worker"]`).
pub(crate) fn imports(source: &str, module: &[String]) -> Vec<Import> {
    let tokens = tokens(source);
    let mut scan =
        Scan { tokens: &tokens, at: 0, module, inline: Vec::new(), depth: 0, found: Vec::new() };
    while scan.at < tokens.len() {
        scan.step();
    }
    scan.found
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::`
    Colons,
    Sign(char),
}

struct Scan<'a> {
    tokens: &'a [(Token, usize)],
    at: usize,
    module: &'a [String],
    /// Inline modules (`mod tests { … }`) that are open, and the brace depth at which each began.
    inline: Vec<(String, usize)>,
    depth: usize,
    found: Vec<Import>,
}

impl Scan<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn step(&mut self) {
        match self.token(0) {
            Some(Token::Word(word)) if word == "mod" => self.module_declaration(),
            Some(Token::Word(_)) => self.path(&[]),
            Some(Token::Sign('{')) => {
                self.depth += 1;
                self.at += 1;
            }
            Some(Token::Sign('}')) => {
                self.depth = self.depth.saturating_sub(1);
                self.inline.retain(|(_, began)| *began < self.depth);
                self.at += 1;
            }
            // A path after a dot is a method's turbofish, not an import.
            Some(Token::Sign('.')) if matches!(self.token(1), Some(Token::Word(_))) => self.at += 2,
            _ => self.at += 1,
        }
    }

    fn module_declaration(&mut self) {
        if let (Some(Token::Word(name)), Some(Token::Sign('{'))) = (self.token(1), self.token(2)) {
            self.inline.push((name.clone(), self.depth));
            self.depth += 1;
            self.at += 3;
        } else {
            self.at += 2;
        }
    }

    /// A path, or the tree of paths of a `use`, from here on.
    fn path(&mut self, before: &[String]) {
        let line = self.tokens[self.at].1;
        let mut segments = before.to_vec();
        while let Some(Token::Word(word)) = self.token(0) {
            segments.push(word.clone());
            self.at += 1;
            if self.token(0) != Some(&Token::Colons) {
                break;
            }
            self.at += 1;
            match self.token(0) {
                Some(Token::Sign('{')) => return self.tree(&segments),
                Some(Token::Sign('*')) => {
                    segments.push("*".to_owned());
                    self.at += 1;
                }
                _ => {}
            }
        }
        if segments.len() > 1 {
            let segments = self.resolved(segments);
            self.found.push(Import { segments, line });
        }
    }

    fn tree(&mut self, before: &[String]) {
        self.at += 1;
        loop {
            match self.token(0) {
                None => return,
                Some(Token::Sign('}')) => {
                    self.at += 1;
                    return;
                }
                Some(Token::Word(word)) if word == "as" => self.at += 2,
                Some(Token::Word(_)) => self.path(before),
                Some(Token::Sign('*')) => {
                    let line = self.tokens[self.at].1;
                    let segments = [before, &["*".to_owned()]].concat();
                    let segments = self.resolved(segments);
                    self.found.push(Import { segments, line });
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// `super::super::x` in `service::worker` → `crate::x`.
    fn resolved(&self, segments: Vec<String>) -> Vec<String> {
        let relative = segments.iter().take_while(|s| *s == "super" || *s == "self").count();
        if relative == 0 {
            return segments;
        }
        let up = segments.iter().take(relative).filter(|s| *s == "super").count();
        let mut here: Vec<String> = self.module.to_vec();
        here.extend(self.inline.iter().map(|(name, _)| name.clone()));
        here.truncate(here.len().saturating_sub(up));
        let mut absolute = vec!["crate".to_owned()];
        absolute.extend(here);
        absolute.extend(segments.into_iter().skip(relative));
        absolute
    }
}

/// Words, `::` and signs, each with its line; no comments, no literals.
fn tokens(source: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (token, end) = token(&chars, at);
        if let Some(token) = token {
            tokens.push((token, line));
        }
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    tokens
}

/// The token at `at`, if that is one, and where the next begins.
fn token(chars: &[char], at: usize) -> (Option<Token>, usize) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => (None, skip_until(chars, at, |c| c == '\n')),
        '/' if next == Some('*') => (None, end_of_block_comment(chars, at)),
        '"' => (None, end_of_string(chars, at)),
        '\'' => (None, end_of_char_or_lifetime(chars, at)),
        ':' if next == Some(':') => (Some(Token::Colons), at + 2),
        c if is_word(c) => {
            let end = skip_until(chars, at, |c| !is_word(c));
            let word: String = chars[at..end].iter().collect();
            match raw_string_hashes(&word, chars, end) {
                Some(hashes) => (None, end_of_raw_string(chars, end + hashes, hashes)),
                None => (Some(Token::Word(word)), end),
            }
        }
        c if c.is_whitespace() => (None, at + 1),
        c => (Some(Token::Sign(c)), at + 1),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn skip_until(chars: &[char], from: usize, stop: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|at| stop(chars[*at])).unwrap_or(chars.len())
}

fn end_of_block_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut open) = (from, 0);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (open, at) = (open + 1, at + 2),
            ('*', Some('/')) => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
        if open == 0 {
            return at;
        }
    }
    at
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn end_of_char_or_lifetime(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => {
            // The character after the backslash may itself be a quote.
            (skip_until(chars, from + 3, |c| c == '\'') + 1).min(chars.len())
        }
        (Some(_), Some('\'')) => from + 3,
        _ => skip_until(chars, from + 1, |c| !is_word(c)),
    }
}

/// How many `#` stand between `r` and the quote, if a raw string begins here.
fn raw_string_hashes(word: &str, chars: &[char], end: usize) -> Option<usize> {
    if !matches!(word, "r" | "br" | "cr") {
        return None;
    }
    let quote = skip_until(chars, end, |c| c != '#');
    (chars.get(quote) == Some(&'"')).then_some(quote - end)
}

fn end_of_raw_string(chars: &[char], quote: usize, hashes: usize) -> usize {
    let closes = |at: usize| {
        chars[at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes
    };
    (quote + 1..chars.len()).find(|at| closes(*at)).map_or(chars.len(), |at| at + 1 + hashes)
}
