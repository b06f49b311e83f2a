//! Who may know whom: the table of ARCHITECTURE.md, held against `cargo metadata`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A crate of ours and those of ours that it may depend on (for use; tests may know more).
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("geometry", &[]),
    ("metrics", &["geometry"]),
    ("formats", &["api", "geometry", "metrics"]),
    ("client", &["api"]),
    ("engine", &["api", "geometry", "metrics", "formats"]),
    ("server", &["engine", "api", "client", "metrics", "formats"]),
    ("npm", &["client", "api", "metrics", "formats"]),
    ("soak", &["api"]),
    ("messages", &[]),
    ("explorer", &["api", "geometry", "metrics", "formats", "messages"]),
    ("worker", &["client", "api", "metrics", "formats", "messages", "explorer"]),
    // Heavy code never enters the first wasm: a single-page Trunk build has no other code splitting.
    ("app", &["client", "api", "messages"]),
];

/// Crates that know neither the network nor a clock nor threads: they are handed what they need.
const PURE: &[&str] = &["api", "geometry", "metrics", "formats", "engine"];
const NOT_PURE: &[&str] =
    &["tokio", "axum", "hyper", "reqwest", "web-sys", "js-sys", "wasm-bindgen", "gloo-net", "leptos", "async-std"];

struct Package {
    /// Its own name for a crate of ours, without the prefix.
    name: String,
    uses: BTreeSet<String>,
}

fn packages() -> Vec<Package> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let short = |name: &str| name.strip_prefix("labelscope-").unwrap_or(name).to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| Package {
        name: short(package["name"].as_str().unwrap()),
        uses: package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect(),
    });
    packages.filter(|package| package.name != "xtask").collect()
}

#[test]
fn crates_know_only_whom_they_may() {
    let may_know: BTreeMap<_, _> = MAY_KNOW.iter().copied().collect();
    let packages = packages();
    for package in &packages {
        let Some(allowed) = may_know.get(package.name.as_str()) else { panic!("{} is not in the table", package.name) };
        for used in package.uses.iter().filter_map(|used| used.strip_prefix("labelscope-")) {
            assert!(allowed.contains(&used), "{} depends on {used}, which the table does not allow", package.name);
        }
    }
    assert_eq!(packages.len(), MAY_KNOW.len(), "the table names a crate that is not there");
}

#[test]
fn pure_crates_stay_pure() {
    for package in packages().iter().filter(|package| PURE.contains(&package.name.as_str())) {
        for used in &package.uses {
            assert!(!NOT_PURE.contains(&used.as_str()), "{} depends on {used}", package.name);
        }
    }
}

#[test]
fn xtask_knows_none_of_ours() {
    let manifest = include_str!("../Cargo.toml");
    assert!(!manifest.contains("labelscope-"), "xtask is compiled first and has to stay small");
}
