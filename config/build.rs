//! Makes of the marker files what the program reads fast: their YAML as JSON, and the gates of their regular expressions.
//! Both say what the files say; `rules::markers` reads a file of the user's from its YAML, and its tests compare the two.

#[path = "../src/rules/markers/gate.rs"]
#[expect(dead_code, reason = "the program asks the gates, this script only computes them")]
mod gate;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let folder = root.join("config/markers");
    for watched in [&folder, &root.join("config/build.rs"), &root.join("src/rules/markers/gate.rs")]
    {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    let mut files = Map::new();
    let mut gates = BTreeMap::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let file = read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for regex in regexes(&file) {
            gates.insert(regex.to_owned(), gate::Gate::of(regex));
        }
        files.insert(name.to_owned(), file);
    }
    let prepared = json!({ "files": files, "gates": gates });
    fs::write(Path::new(&env::var("OUT_DIR")?).join("markers.json"), prepared.to_string())?;
    Ok(())
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    let yaml = fs::read_to_string(path)?;
    let documents = Yaml::load_from_str(&yaml)?;
    let [document] = documents.as_slice() else { return Err("it is not one document".into()) };
    value(document)
}

fn value(yaml: &Yaml<'_>) -> Result<Value, Box<dyn Error>> {
    Ok(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(boolean)) => json!(boolean),
        Yaml::Value(Scalar::Integer(integer)) => json!(integer),
        Yaml::Value(Scalar::FloatingPoint(number)) => json!(number.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, entry) in entries {
                let key = key.as_str().ok_or("a key is no text: quote it")?;
                map.insert(key.to_owned(), value(entry)?);
            }
            Value::Object(map)
        }
        _ => return Err("neither text, number, list nor keys".into()),
    })
}

/// All regular expressions of a marker file.
fn regexes(file: &Value) -> impl Iterator<Item = &str> {
    let values = |key: &str| file[key].as_object().into_iter().flat_map(Map::values);
    let patterns = values("patterns").map(|pattern| &pattern["regex"]);
    let readers = values("readers").filter_map(Value::as_array).flatten();
    patterns.chain(readers).filter_map(Value::as_str)
}
