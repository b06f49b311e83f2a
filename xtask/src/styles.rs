//! The workbench's style sheet: `web/styles/main.css` names its parts by `@import "part.css";`, here they become one
//! file, since every part would cost the first page a request.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::paths;

/// Writes `web/styles/.bundle/main.css`. The file is left alone when nothing changed, so that watchers rest.
pub fn bundle() -> Result<()> {
    let folder = paths::root().join("web/styles");
    let sheet = flatten(&folder)?;
    let target = folder.join(".bundle/main.css");
    if fs::read_to_string(&target).is_ok_and(|old| old == sheet) {
        return Ok(());
    }
    fs::create_dir_all(folder.join(".bundle"))?;
    fs::write(&target, sheet).with_context(|| format!("could not write {}", target.display()))
}

fn flatten(folder: &Path) -> Result<String> {
    let main = folder.join("main.css");
    let text = fs::read_to_string(&main).with_context(|| format!("could not read {}", main.display()))?;
    let mut sheet = String::new();
    let mut named = vec!["main.css".to_owned()];
    for line in text.lines() {
        let Some(part) = line.trim().strip_prefix("@import") else {
            sheet.push_str(line);
            sheet.push('\n');
            continue;
        };
        let name = part.trim().trim_end_matches(';').trim().trim_matches(['"', '\'']);
        let part = fs::read_to_string(folder.join(name))
            .with_context(|| format!("main.css imports {name:?}, which cannot be read"))?;
        if part.contains("@import") {
            bail!("{name} has an @import of its own; only main.css names parts");
        }
        sheet.push_str(&part);
        sheet.push('\n');
        named.push(name.to_owned());
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|end| end == "css") && !named.contains(&name) {
            bail!("web/styles/{name} is not named in main.css: add an @import, or delete it");
        }
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> std::path::PathBuf {
        let thread = std::thread::current();
        let dir = std::env::temp_dir().join(format!(
            "labelscope-styles-{}-{}",
            std::process::id(),
            thread.name().unwrap().replace("::", "-")
        ));
        fs::create_dir_all(&dir).unwrap();
        for (name, text) in files {
            fs::write(dir.join(name), text).unwrap();
        }
        dir
    }

    #[test]
    fn parts_follow_in_the_order_named() {
        let dir =
            folder(&[("main.css", "@import \"b.css\";\n@import 'a.css';\np{}\n"), ("a.css", "a{}"), ("b.css", "b{}")]);
        assert_eq!(flatten(&dir).unwrap(), "b{}\na{}\np{}\n");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_missing_part_and_a_forgotten_part_are_named() {
        let dir = folder(&[("main.css", "@import \"gone.css\";\n")]);
        assert!(flatten(&dir).unwrap_err().to_string().contains("gone.css"));
        fs::write(dir.join("main.css"), "").unwrap();
        fs::write(dir.join("left.css"), "").unwrap();
        assert!(flatten(&dir).unwrap_err().to_string().contains("left.css"));
        fs::remove_dir_all(dir).unwrap();
    }
}
