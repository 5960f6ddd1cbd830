//! The architecture as a table: which module may use which, and which crate. A test reads the sources and fails when
//! an arrow is drawn that is not here; so a new arrow is a line in this file, and a reviewer sees it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::imports::{Import, imports};

/// What one module of `src/` may use.
struct Layer {
    module: &'static str,
    /// Other modules of klartext.
    modules: &'static [&'static str],
    /// Crates; `std` is free but for [`WORLD`].
    crates: &'static [&'static str],
    /// Parts of [`WORLD`].
    world: &'static [&'static str],
}

/// The parts of `std` that reach out of the program. The core has none of them: same input, same rules, same bytes out.
const WORLD: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// In reading order. No stage (decode, parse, label, assemble, encode) uses another.
const LAYERS: &[Layer] = &[
    Layer {
        module: "pipeline",
        modules: &["decode", "parse", "label", "assemble", "encode", "model", "rules"],
        crates: &["thiserror"],
        world: &[],
    },
    Layer { module: "model", modules: &[], crates: &["jiff", "serde_json", "url"], world: &[] },
    Layer {
        module: "decode",
        modules: &["model", "rules", "text"],
        crates: &[
            "base64",
            "brotli_decompressor",
            "chardetng",
            "encoding_rs",
            "flate2",
            "jiff",
            "memchr",
            "serde",
            "serde_json",
            "simdutf8",
            "thiserror",
            "url",
            "zstd",
        ],
        // `Read` over bytes in memory, for decompression.
        world: &["std::io"],
    },
    Layer {
        module: "parse",
        modules: &["model", "rules", "text"],
        crates: &[
            "ego_tree",
            "html5ever",
            "jiff",
            "memchr",
            "scraper",
            "serde",
            "serde_json",
            "thiserror",
            "url",
        ],
        world: &[],
    },
    Layer {
        module: "label",
        modules: &["model", "rules", "text"],
        crates: &["memchr", "unicode_segmentation", "url"],
        world: &[],
    },
    Layer {
        module: "assemble",
        modules: &["model", "rules", "text"],
        crates: &["jiff", "unicode_segmentation", "url", "whatlang"],
        world: &[],
    },
    Layer {
        module: "encode",
        modules: &["model", "rules", "text"],
        crates: &["jiff", "schemars", "serde", "serde_json", "thiserror", "url"],
        world: &[],
    },
    Layer {
        module: "text",
        modules: &["model"],
        crates: &[
            "sha2",
            "encoding_rs",
            "jiff",
            "memchr",
            "unicode_normalization",
            "unicode_segmentation",
            "url",
            "whatlang",
            "wide",
        ],
        world: &[],
    },
    Layer {
        module: "config",
        modules: &["text"],
        crates: &[
            "bytesize",
            "jiff",
            "miette",
            "regex",
            "saphyr_parser",
            "schemars",
            "serde",
            "serde_json",
            "strsim",
        ],
        // `std::net` for the form of an address.
        world: &["std::env", "std::fs", "std::io", "std::net"],
    },
    Layer {
        module: "rules",
        modules: &["config", "model", "text"],
        crates: &[
            "aho_corasick",
            "bytesize",
            "include_dir",
            "jiff",
            "memchr",
            "miette",
            "regex",
            "regex_syntax",
            "saphyr",
            "scraper",
            "serde",
            "serde_json",
            "sha2",
            "strsim",
            "thiserror",
            "url",
        ],
        // The files of `rules.markers` and `rules.sites`; read once, by `Rules::compile`.
        world: &["std::fs", "std::io", "std::thread"],
    },
    Layer {
        module: "service",
        modules: &["config", "model", "pipeline", "rules", "telemetry", "text"],
        crates: &[
            "base64",
            "bytesize",
            "crossbeam_channel",
            "hdrhistogram",
            "http_body_util",
            "hyper",
            "hyper_util",
            "jiff",
            "rdkafka",
            "regex",
            "rustix",
            "sd_notify",
            "sha2",
            "serde",
            "serde_json",
            "textwrap",
            "thiserror",
            "tokio",
            "tracing",
            "url",
        ],
        world: &WORLD,
    },
    Layer {
        module: "telemetry",
        modules: &["config"],
        crates: &[
            "anstyle",
            "crossbeam_channel",
            "jiff",
            "serde_json",
            "thiserror",
            "tracing",
            "tracing_subscriber",
        ],
        world: &WORLD,
    },
    Layer {
        module: "cli",
        modules: &[
            "config",
            "decode",
            "encode",
            "model",
            "pipeline",
            "rules",
            "service",
            "telemetry",
            "text",
        ],
        crates: &[
            "anstream",
            "anstyle",
            "anyhow",
            "bytesize",
            "clap",
            "clap_complete",
            "clap_mangen",
            "crossbeam_channel",
            "flate2",
            "include_dir",
            "jiff",
            "memchr",
            "miette",
            "plotters",
            "rdkafka",
            "serde",
            "serde_json",
            "textwrap",
            "thiserror",
            "tokio",
            "tracing",
            "url",
        ],
        world: &WORLD,
    },
    Layer { module: "lib", modules: &[], crates: &[], world: &[] },
    Layer {
        module: "main",
        modules: &["cli"],
        crates: &["anyhow", "mimalloc"],
        world: &["std::process"],
    },
];

#[test]
fn every_module_uses_only_what_its_layer_allows() {
    let mut problems = Vec::new();
    for file in sources(&package().join("src")) {
        let source = fs::read_to_string(&file).expect("a source is readable");
        problems.extend(check(&module_of(&file), &source));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn the_fuzz_targets_have_every_crate_of_the_core() {
    let fuzz = package().join("tests/fuzz");
    let core = fs::read_to_string(fuzz.join("core.rs")).expect("a source is readable");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("a manifest is readable");
    let is_fuzzed = |layer: &&Layer| {
        core.lines().any(|line| line.trim_end_matches(';') == format!("pub mod {}", layer.module))
    };
    let fuzzed: Vec<&Layer> = LAYERS.iter().filter(is_fuzzed).collect();
    assert!(fuzzed.iter().any(|layer| layer.module == "parse"));
    for name in fuzzed.iter().flat_map(|layer| layer.crates) {
        let begins = |line: &str| line.replace('-', "_").starts_with(&format!("{name} = "));
        let is_there = manifest.lines().any(begins);
        assert!(is_there, "{name} is missing in tests/fuzz/Cargo.toml");
    }
}

#[test]
fn every_layer_is_a_module_and_every_module_has_a_layer() {
    let modules: BTreeSet<String> = sources(&package().join("src"))
        .iter()
        .map(|file| top_of(&module_of(file)).to_owned())
        .collect();
    let layers: BTreeSet<String> = LAYERS.iter().map(|layer| layer.module.to_owned()).collect();
    assert_eq!(modules, layers, "left: src/; right: the table LAYERS");
}

#[test]
fn no_stage_may_use_another() {
    let stages = ["decode", "parse", "label", "assemble", "encode"];
    for layer in LAYERS.iter().filter(|layer| stages.contains(&layer.module)) {
        assert!(layer.modules.iter().all(|module| !stages.contains(module)), "{}", layer.module);
        for world in ["rdkafka", "tokio", "tracing"] {
            assert!(!layer.crates.contains(&world), "{} knows {world}", layer.module);
        }
    }
}

#[test]
fn the_scan_sees_forbidden_imports_however_they_are_written() {
    let caught = |module: &str, source: &str| {
        let module: Vec<String> = module.split("::").map(ToOwned::to_owned).collect();
        check(&module, source).len()
    };
    assert_eq!(caught("label", "use tokio::sync::mpsc;"), 1);
    assert_eq!(caught("label", "use crate::{model::Label, service::run};"), 1);
    assert_eq!(caught("parse::html", "use super::super::service;"), 1);
    assert_eq!(caught("parse", "fn f() { let now = std::time::Instant::now(); }"), 1);
    assert_eq!(caught("parse", "use std::{fmt, time::{Duration, SystemTime}};"), 1);
    assert_eq!(caught("parse", "use std::time as t; use std::fs::{self, File};"), 3);
    assert_eq!(caught("assemble", "let x = crate::decode::decode(record);"), 1);
    assert_eq!(caught("text", "mod tests { use super::super::decode::decode; }"), 1);
    assert_eq!(caught("nowhere", ""), 1, "a module without a line");
}

#[test]
fn the_scan_leaves_alone_what_is_no_import() {
    let source = r##"
        //! See [`crate::service`].
        /* use tokio::time; /* nested */ std::fs::read */
        use super::units::Size;
        const TEXT: &str = "use tokio::spawn; \" std::env::var";
        const RAW: &str = r#"std::fs::read("x")"#;
        fn f<'a>(c: char, s: &'a str) -> bool { c == '"' || c == '\'' || s.parse::<u8>().is_ok() }
        mod tests { use super::*; }
        use crate::label::marker::Marker;
    "##;
    let module = vec!["label".to_owned(), "density".to_owned()];
    assert_eq!(check(&module, source), Vec::<String>::new());
}

/// What the file of `module` uses that it may not, a sentence each.
fn check(module: &[String], source: &str) -> Vec<String> {
    let name = module.join("::");
    let Some(layer) = LAYERS.iter().find(|layer| layer.module == top_of(module)) else {
        return vec![format!("`{name}` has no line in the table of tests/suite/layers.rs")];
    };
    let crates = dependencies();
    let forbidden = |import: &Import| {
        let allowed = may_use(layer, import, &crates);
        (!allowed)
            .then(|| format!("`{name}`, line {}: uses {}", import.line, import.segments.join("::")))
    };
    imports(source, module).iter().filter_map(forbidden).collect()
}

fn may_use(layer: &Layer, import: &Import, crates: &BTreeSet<String>) -> bool {
    let head = import.segments[0].as_str();
    let second = import.segments.get(1).map_or("", String::as_str);
    match head {
        // At the root itself only `main.rs` and `lib.rs` live.
        "crate" | "klartext" if second == layer.module => true,
        "crate" | "klartext" => layer.modules.contains(&second),
        "std" | "core" | "alloc" => std_is_allowed(layer, &import.segments),
        _ if crates.contains(head) => layer.crates.contains(&head),
        _ => true,
    }
}

/// `std::time` as a whole (renamed, or with a star) counts as all that is in it.
fn std_is_allowed(layer: &Layer, segments: &[String]) -> bool {
    let path = segments.join("::");
    let path = path.trim_end_matches("::*").trim_end_matches("::self");
    let touches = |part: &str| within(path, part) || within(part, path);
    WORLD.iter().filter(|part| touches(part)).all(|part| layer.world.contains(part))
}

/// `std::fs::read` is within `std::fs`.
fn within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The names under which the sources know the crates of `[dependencies]`.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(package().join("Cargo.toml")).expect("there is a Cargo.toml");
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]"));
    let lines = section.expect("there are dependencies").lines().skip(1);
    let names: BTreeSet<String> =
        lines.filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_"))).collect();
    assert!(names.contains("rdkafka"), "Cargo.toml is not read rightly: {names:?}");
    names
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `src/parse/html.rs` → `["parse", "html"]`, `src/parse/mod.rs` → `["parse"]`.
fn module_of(file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(package().join("src")).expect("below src/").with_extension("");
    let mut module: Vec<String> =
        relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

fn top_of(module: &[String]) -> &str {
    module.first().map_or("", String::as_str)
}

pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources is readable") {
            let path = entry.expect("an entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.insert(path);
            }
        }
    }
    files.into_iter().collect()
}

/// What the top level may hold, but for what tools keep there under names that begin with a dot.
const TOP_LEVEL: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "config",
    "deploy",
    "src",
    "target",
    "tests",
];

#[test]
fn nothing_else_lies_beside_the_sources() {
    let entries = fs::read_dir(package()).expect("a folder is readable");
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strangers: Vec<String> = names
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "results of measurements do not belong here: {strangers:?}");
}
