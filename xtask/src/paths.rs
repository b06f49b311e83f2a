//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The top of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Cargo's target folder: `target/`, or what CARGO_TARGET_DIR says.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The built workbench.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The server's release binary.
pub fn server_binary() -> PathBuf {
    target().join("release").join(format!("labelscope{}", env::consts::EXE_SUFFIX))
}

/// The per-user folder of tools that are got once and shared by all clones.
pub fn tools() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("LABELSCOPE_TOOLS").filter(|value| !value.is_empty()) {
        return Ok(root().join(dir));
    }
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => env::home_dir()
            .context("there is no home folder; set LABELSCOPE_TOOLS to a folder for the tools")?
            .join(".cache"),
    };
    Ok(cache.join("labelscope").join("tools"))
}
