//! The licences of all that is handed on: the crates in the server and in the workbench's two modules, with their texts as
//! they lie in their packages. The page has no parts from npm.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{paths, run};

/// The file in dist/, which the server serves.
pub const FILE: &str = "licenses.txt";

/// What is handed on, and what it is built for; none is the machine that builds.
const ROOTS: [(&str, Option<&str>); 3] = [
    ("labelscope-server", None),
    ("labelscope-app", Some("wasm32-unknown-unknown")),
    ("labelscope-worker", Some("wasm32-unknown-unknown")),
];
/// Beginnings of names that licence texts have.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

struct Part {
    /// Name and version.
    name: String,
    expression: String,
    home: String,
    texts: Vec<String>,
}

/// Writes the list into dist/.
pub fn write() -> Result<()> {
    let text = list()?;
    let to = paths::dist().join(FILE);
    fs::write(&to, text).with_context(|| format!("could not write {}", to.display()))
}

fn list() -> Result<String> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for (root, target) in ROOTS {
        let target = match target {
            Some(target) => target.to_owned(),
            None => host()?,
        };
        collect(root, &target, &mut parts)?;
    }
    let own = ["LICENSE-MIT", "LICENSE-APACHE"].map(|name| fs::read_to_string(paths::root().join(name)));
    let [mit, apache] = own;
    let (mit, apache) = (mit?, apache?);
    let mut by_text: BTreeMap<String, (String, BTreeSet<&str>)> = BTreeMap::new();
    for part in parts.values() {
        let mut texts = part.texts.clone();
        if texts.is_empty() {
            // A package without a text names its licence at least.
            texts.push(if part.expression.contains("Apache-2.0") {
                apache.clone()
            } else {
                by_its_authors(&mit, &part.name)
            });
        }
        for text in texts {
            let words: Vec<&str> = text.split_whitespace().collect();
            by_text.entry(words.join(" ")).or_insert_with(|| (text.clone(), BTreeSet::new())).1.insert(&part.name);
        }
    }
    let mut out = format!(
        "Labelscope is licensed under MIT or Apache-2.0, at your option. It holds {} parts by others, and SQLite, which is in the \
         public domain, and Rust's standard library (MIT or Apache-2.0).\n\n",
        parts.len()
    );
    for part in parts.values() {
        writeln!(out, "{} · {} · {}", part.name, part.expression, part.home)?;
    }
    // The text that most parts share comes first.
    let mut texts: Vec<(String, BTreeSet<&str>)> = by_text.into_values().collect();
    texts.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for (text, names) in texts {
        let names: Vec<&str> = names.into_iter().collect();
        write!(out, "\n{}\n{}\n\n{}\n", "=".repeat(80), names.join(", "), text.trim())?;
    }
    Ok(out)
}

fn by_its_authors(mit: &str, name: &str) -> String {
    let lines = mit.lines().map(|line| {
        if line.starts_with("Copyright") { format!("Copyright (c) the authors of {name}") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The machine that builds, as rustc names it.
pub fn host() -> Result<String> {
    let text = run::output(run::command("rustc").arg("-vV"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("rustc does not say its host")?.to_owned())
}

/// Adds what a package of ours links, and what that links in turn.
fn collect(root: &str, target: &str, parts: &mut BTreeMap<String, Part>) -> Result<()> {
    let mut metadata = run::cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", target]);
    let metadata: Value = serde_json::from_str(&run::output(&mut metadata)?)?;
    let items = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> =
        items(&metadata, "packages").into_iter().map(|p| (text(&p, "id"), p)).collect();
    let resolve = metadata.get("resolve").cloned().unwrap_or_default();
    let nodes: BTreeMap<String, Value> = items(&resolve, "nodes").into_iter().map(|n| (text(&n, "id"), n)).collect();
    let first = packages.iter().find(|(_, package)| text(package, "name") == root);
    let (mut open, mut seen) = (vec![first.with_context(|| format!("there is no {root}"))?.0.clone()], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let (Some(package), Some(node)) = (packages.get(&id), nodes.get(&id)) else { continue };
        let kinds = items(package, "targets").iter().flat_map(|t| items(t, "kind")).collect::<Vec<_>>();
        // Macros run while others are built, and so does all that they use.
        if kinds.iter().any(|kind| kind == "proc-macro") {
            continue;
        }
        for dependency in items(node, "deps") {
            // Neither what only tests use nor what only builds.
            if items(&dependency, "dep_kinds").iter().any(|kind| kind.get("kind").is_none_or(Value::is_null)) {
                open.push(text(&dependency, "pkg"));
            }
        }
        // Ours have no source.
        if package.get("source").is_none_or(Value::is_null) {
            continue;
        }
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        let manifest = text(package, "manifest_path");
        let part = Part {
            expression: text(package, "license"),
            home: text(package, "repository"),
            texts: texts(Path::new(&manifest).parent().unwrap_or(Path::new("")))?,
            name: name.clone(),
        };
        parts.insert(name, part);
    }
    Ok(())
}

/// The licence texts in a package's top folder.
fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("there is no {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
            path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin))
        })
        .collect();
    files.sort();
    Ok(files.iter().filter_map(|path| fs::read_to_string(path).ok()).filter(|text| !text.trim().is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_there_with_a_text() {
        let list = list().unwrap();
        for name in ["axum ", "rusqlite ", "leptos ", "serde_json "] {
            assert!(list.lines().any(|line| line.starts_with(name)), "{name}");
        }
        // What only tests and builds use is not handed on.
        for name in ["proptest ", "tempfile ", "serde_derive ", "cc "] {
            assert!(!list.lines().any(|line| line.starts_with(name)), "{name}");
        }
        assert!(list.contains("Permission is hereby granted") && list.contains("Apache License"));
        assert!(!list.contains(env!("CARGO_MANIFEST_DIR")), "no folder of this machine");
    }
}
