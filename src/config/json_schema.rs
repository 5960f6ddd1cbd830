//! The JSON Schema of the configuration, from the types and their comments: with it an editor completes and checks a file
//! while it is written.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Value, json};

use super::Config;

/// The schema of a configuration file.
#[must_use]
pub fn of_the_configuration() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(AsWritten);
    let schema = settings.into_generator().into_root_schema_for::<Config>();
    schema.into()
}

/// What the YAML may say beyond what the types say: a value that is no text may come from a variable, a section may be
/// empty, and text may be written without quotes.
#[derive(Debug, Clone)]
struct AsWritten;

/// A value that holds an environment variable: `${NAME}` or `${NAME:-default}`.
const VARIABLE: &str = r"\$\{";

impl Transform for AsWritten {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        // The defaults of a section are those of its keys.
        if object.get("default").and_then(Value::as_object).is_some_and(|keys| !keys.is_empty()) {
            object.remove("default");
        }
        let types = object.get("type").cloned();
        let is = |name: &str| types.as_ref().is_some_and(|types| holds(types, name));
        if is("object") && object.contains_key("properties") && !object.contains_key("required") {
            object.insert("type".to_owned(), json!(["object", "null"]));
        } else if is("integer") || is("boolean") {
            let mut names = names_of(types.as_ref());
            names.push(json!("string"));
            object.insert("type".to_owned(), Value::Array(names));
            object.insert("pattern".to_owned(), VARIABLE.into());
        } else if let Some(Value::Array(words)) = object.get_mut("oneOf") {
            words.push(json!({"type": "string", "pattern": VARIABLE}));
        }
        if let Some(values) = object.get_mut("additionalProperties")
            && values.get("type") == Some(&json!("string"))
        {
            *values = json!({"type": ["string", "number", "boolean"]});
        }
    }
}

fn holds(types: &Value, name: &str) -> bool {
    types == name || types.as_array().is_some_and(|types| types.iter().any(|one| one == name))
}

fn names_of(types: Option<&Value>) -> Vec<Value> {
    match types {
        Some(Value::Array(names)) => names.clone(),
        Some(name) => vec![name.clone()],
        None => Vec::new(),
    }
}
