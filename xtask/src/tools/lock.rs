//! Versions from Cargo.lock.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;

/// The version that Cargo.lock holds of a package.
pub fn version_of(package: &str) -> Result<String> {
    let text = fs::read_to_string(paths::root().join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    find(&text, package).with_context(|| format!("Cargo.lock has no package {package}"))
}

fn find(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| line.trim() != wanted);
    lines.next()?;
    let version = lines.next()?.trim().strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_follows_the_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(super::find(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(super::find(lock, "trunk"), None);
    }
}
