//! The standard library for wasm32-unknown-unknown.

use std::path::Path;

use anyhow::{Context, Result};

use super::getting;
use crate::run;

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target where it is missing. rust-toolchain.toml mostly has done so at the first cargo call.
pub fn get() -> Result<()> {
    let sysroot = run::output(run::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    getting(&format!("Rust's {TARGET} target"));
    run::check(run::command("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("Rust has no {TARGET} target and rustup could not add it; install it for the toolchain of rust-toolchain.toml"))
}
