//! Folders of rule files: the embedded one, and the user's over it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use include_dir::Dir;

/// Names and contents of the embedded files, those of the same name in `folder` put in their place.
///
/// # Errors
/// The file or folder that cannot be read, and why.
pub(super) fn texts(
    embedded: &Dir<'_>,
    folder: Option<&Path>,
) -> Result<BTreeMap<String, String>, (String, io::Error)> {
    let mut texts = BTreeMap::new();
    for file in embedded.files() {
        let name = file.path().to_string_lossy().into_owned();
        if let Some(yaml) = file.contents_utf8().filter(|_| is_yaml(file.path())) {
            texts.insert(name, yaml.to_owned());
        }
    }
    let Some(folder) = folder else { return Ok(texts) };
    let unreadable = |path: &Path| {
        let file = path.display().to_string();
        move |source| (file, source)
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let Some(name) = path.file_name().filter(|_| is_yaml(&path)) else { continue };
        let yaml = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
        texts.insert(name.to_string_lossy().into_owned(), yaml);
    }
    Ok(texts)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
