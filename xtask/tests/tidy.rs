//! Rules of the repository that no compiler keeps.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All files that we wrote: everything but build output, what tools fetched, and data.
fn files() -> Vec<PathBuf> {
    const NOT_OURS: [&str; 8] =
        [".git", "dist", "data", "node_modules", "test-results", "playwright-report", "web/styles/.bundle", "testdata"];
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = relative(&path);
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) && !name.starts_with("target") {
                    folders.push(path);
                }
            } else {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 50, "the walk found nothing");
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// Text files with their names.
fn texts() -> Vec<(String, String)> {
    files().iter().filter_map(|path| Some((relative(path), fs::read_to_string(path).ok()?))).collect()
}

fn versions_in_lock(package: &str) -> Vec<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let wanted = format!("name = \"{package}\"");
    let lines: Vec<&str> = lock.lines().collect();
    let versions = lines.windows(2).filter(|pair| pair[0] == wanted);
    versions.map(|pair| pair[1].trim_start_matches("version = ").trim_matches('"').to_owned()).collect()
}

#[test]
fn wasm_bindgen_is_pinned_to_the_version_in_the_lock() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let pin = manifest
        .lines()
        .find_map(|line| line.strip_prefix("wasm-bindgen = \"="))
        .expect("an exact pin")
        .trim_end_matches('"');
    assert_eq!(versions_in_lock("wasm-bindgen"), [pin], "one version, the pinned one: the CLI refuses every other");
}

#[test]
fn the_version_of_trunk_is_the_same_everywhere() {
    let config = fs::read_to_string(root().join("Trunk.toml")).unwrap();
    let tools = fs::read_to_string(root().join("xtask/src/tools/mod.rs")).unwrap();
    let version =
        config.lines().find_map(|line| line.strip_prefix("trunk-version = \"")).unwrap().trim_end_matches('"');
    assert!(tools.contains(&format!("const TRUNK: &str = \"{version}\"")), "Trunk.toml asks for {version}");
}

#[test]
fn npm_versions_are_exact() {
    let manifest: Value = serde_json::from_str(&fs::read_to_string(root().join("package.json")).unwrap()).unwrap();
    for (name, version) in manifest["devDependencies"].as_object().unwrap() {
        assert!(
            version.as_str().unwrap().starts_with(|first: char| first.is_ascii_digit()),
            "{name} is not pinned: {version}"
        );
    }
}

#[test]
fn lock_files_name_no_host_of_a_mirror() {
    let npm: Value = serde_json::from_str(&fs::read_to_string(root().join("package-lock.json")).unwrap()).unwrap();
    for (name, package) in npm["packages"].as_object().unwrap() {
        assert!(package.get("resolved").is_none(), "package-lock.json: {name} names the host it came from; see .npmrc");
    }
    let cargo = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for line in cargo.lines().filter_map(|line| line.strip_prefix("source = ")) {
        assert_eq!(line, "\"registry+https://github.com/rust-lang/crates.io-index\"", "Cargo.lock");
    }
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    // Put together here, so that this file does not name them itself.
    let places = ["work", "home", "Users", "root"].map(|top| format!("/{top}/"));
    for (name, text) in texts() {
        for (number, line) in text.lines().enumerate() {
            for place in &places {
                let Some(at) = line.find(place.as_str()) else { continue };
                // Part of a longer path or address, such as `web/work/` or `https://host/home/`.
                let before = line[..at].chars().next_back();
                let part_of_longer = before.is_some_and(|c| c.is_alphanumeric() || "_-./}])>~*".contains(c));
                assert!(part_of_longer, "{name}:{}: a folder of one machine: {line}", number + 1);
            }
        }
    }
}

#[test]
fn no_work_is_left_as_a_note() {
    let words =
        ["TO", "FIX", "XX"].into_iter().zip(["DO", "ME", "X"]).map(|(a, b)| format!("{a}{b}")).collect::<Vec<_>>();
    let code = |name: &str| {
        [".rs", ".ts", ".js", ".mjs", ".css", ".html", ".toml", ".py"].iter().any(|end| name.ends_with(end))
    };
    for (name, text) in texts().into_iter().filter(|(name, _)| code(name)) {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{name} holds the word {word}");
        }
    }
}

#[test]
fn nothing_binary_or_large_outside_testdata() {
    const LIMIT: u64 = 600_000;
    for path in files() {
        let name = relative(&path);
        let size = fs::metadata(&path).unwrap().len();
        assert!(size < LIMIT, "{name} has {size} bytes; data belongs in testdata");
        let kind = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
        assert!(
            !["wasm", "zip", "db", "sqlite", "exe", "so", "pyc", "pem", "key"].contains(&kind.as_str()),
            "{name} does not belong here"
        );
    }
}
