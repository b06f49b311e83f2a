//! What comes from npm: binaryen, Playwright, axe, TypeScript, all pinned by package-lock.json.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::getting;
use crate::{paths, run};

/// `node_modules`, installed when it is absent or the lock file changed.
pub fn modules() -> Result<PathBuf> {
    let modules = paths::root().join("node_modules");
    let lock = fs::read(paths::root().join("package-lock.json"))?;
    let stamp = modules.join(".labelscope-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }
    let (Some(_), Some(npm)) = (run::on_path("node"), npm()) else {
        bail!(
            "Node.js is needed (version 20 or newer, with npm): see https://nodejs.org or your system's package manager"
        );
    };
    getting("binaryen, Playwright and axe from npm (some seconds)");
    // No install scripts: Playwright's would download browsers.
    run::output(run::command(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    fs::write(stamp, lock)?;
    Ok(modules)
}

/// npm, to be told what to do.
pub fn npm_command() -> Result<std::process::Command> {
    npm().map(run::command).context("npm is not on PATH; it comes with Node.js")
}

/// The npm on PATH.
pub fn npm() -> Option<PathBuf> {
    run::on_path("npm").or_else(|| run::on_path("npm.cmd"))
}
