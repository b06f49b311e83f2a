//! The release build: the workbench in dist/, compressed beside, and the server's binary.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools::WebTools;
use crate::{licenses, paths, run, split, styles};

/// Workbench, then server.
pub fn all() -> Result<()> {
    workbench()?;
    server()
}

/// A program that shows a crate's work, optimised: what a bench times in a process of its own.
pub fn example(package: &str, name: &str) -> Result<PathBuf> {
    run::check(&mut run::cargo(&["build", "--quiet", "--release", "--package", package, "--example", name]))?;
    Ok(paths::target().join("release/examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the workbench with Trunk into dist/ and puts a .br and a .gz beside every file that gains by it.
pub fn workbench() -> Result<()> {
    let tools = WebTools::get()?;
    styles::bundle()?;
    // Trunk passes --offline on to cargo, so what Cargo.lock names has to be there.
    run::check(&mut run::cargo(&["fetch", "--locked", "--quiet"]))?;
    // Trunk leaves the old dist/ alone until the new one is whole; compressed files of old names would stay in it.
    let mut trunk = run::command("trunk");
    let stand_in = split::prepare(&mut trunk, tools.wasm_bindgen_folder())?;
    trunk.env("PATH", tools.path_after(&stand_in)?).args([
        "build",
        "--release",
        "--offline",
        "--skip-version-check",
        "--log",
        "error",
    ]);
    // Trunk understands "true" and "false" only, and some terminals set NO_COLOR=1.
    trunk.env_remove("NO_COLOR");
    run::check(&mut trunk).context("the workbench did not build")?;
    split::place(&paths::dist(), &tools)?;
    licenses::write()?;
    let kept = paths::target().join("compressed");
    run::check(run::command("node").arg("xtask/compress.mjs").args([paths::dist(), kept]))?;
    Ok(())
}

/// The bytes of the built workbench's files as they travel (brotli), by name.
pub fn travelling_sizes() -> Result<Vec<(String, u64)>> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(paths::dist()).context("there is no dist/; run `cargo xtask build` first")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // The list of licences is fetched by who wants to read it.
        if let Some(plain) = name.strip_suffix(".br").filter(|plain| *plain != licenses::FILE) {
            sizes.push((plain.to_owned(), entry.metadata()?.len()));
        }
    }
    sizes.sort();
    Ok(sizes)
}

/// The pieces that each group of pages needs beside the first page's files, by names of files.
pub fn pieces() -> Result<BTreeMap<String, Vec<String>>> {
    for entry in fs::read_dir(paths::dist())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.contains("-loader-") && path.extension().is_some_and(|e| e == "js") {
            return Ok(split::groups(&fs::read_to_string(path)?));
        }
    }
    Ok(BTreeMap::new())
}

/// Builds the server's release binary.
pub fn server() -> Result<()> {
    run::check(&mut run::cargo(&["build", "--release", "--package", "labelscope-server", "--quiet"]))
}
