//! `${VAR}` and `${VAR:-default}` inside the text values, after parsing: a variable can never add a key or a line.

use std::collections::BTreeMap;

use super::error::Fault;
use super::tree::{Data, Node, Path, Step};

/// Replaces the variables in the values; keys are never touched. `$${` stands for `${`.
pub(super) struct Variables<'a> {
    /// The variables.
    pub(super) environment: &'a BTreeMap<String, String>,
    /// Number of sources, from the first, in which variables mean something: what comes from the environment or the
    /// command line itself is taken as it is.
    pub(super) n_yaml: usize,
    /// What is wrong.
    pub(super) faults: &'a mut Vec<Fault>,
}

impl Variables<'_> {
    /// Replaces them in a tree.
    pub(super) fn replace_in(&mut self, node: &mut Node, path: &Path) {
        match &mut node.data {
            Data::Scalar(_) if node.place.source >= self.n_yaml => {}
            Data::Scalar(scalar) => match expand(&scalar.text, self.environment) {
                Ok(Some(text)) => scalar.text = text,
                Ok(None) => {}
                Err(Refused { message, help }) => {
                    self.faults
                        .push(Fault::new(message).at(node.place).help(&help).about(path.clone()));
                }
            },
            Data::Sequence(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.replace_in(item, &path.clone().then(Step::Item(index)));
                }
            }
            Data::Mapping(entries) => {
                for entry in entries {
                    let below = path.clone().then(Step::Key(entry.key.clone()));
                    self.replace_in(&mut entry.value, &below);
                }
            }
        }
    }
}

struct Refused {
    message: String,
    help: String,
}

/// The text with its variables replaced; `None` when there are none.
fn expand(text: &str, environment: &BTreeMap<String, String>) -> Result<Option<String>, Refused> {
    if !text.contains("${") {
        return Ok(None);
    }
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(escaped) = before.strip_suffix('$') {
            expanded.push_str(escaped);
            expanded.push_str("${");
            rest = after;
            continue;
        }
        expanded.push_str(before);
        let Some((inside, after)) = after.split_once('}') else {
            return Err(Refused {
                message: "`${` has no `}`".to_owned(),
                help: "write `${NAME}` or `${NAME:-default}`; a literal `${` is written `$${`"
                    .to_owned(),
            });
        };
        expanded.push_str(&value_of(inside, environment)?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(Some(expanded))
}

/// The value of `NAME` or `NAME:-default`. An empty variable counts as unset for `:-`, as in a shell.
fn value_of(inside: &str, environment: &BTreeMap<String, String>) -> Result<String, Refused> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() || !is_name {
        return Err(Refused {
            message: format!("`${{{inside}}}` does not name an environment variable"),
            help: "write `${NAME}` or `${NAME:-default}`; a literal `${` is written `$${`"
                .to_owned(),
        });
    }
    match (environment.get(name), default) {
        (Some(value), None) => Ok(value.clone()),
        (Some(value), Some(_)) if !value.is_empty() => Ok(value.clone()),
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(Refused {
            message: format!("the environment variable `{name}` is not set"),
            help: format!("set it, or give a default: `${{{name}:-…}}`"),
        }),
    }
}
