//! The npm package: its wasm, its generated types and its TypeScript, put together in target/npm/ and packed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::tools::{self, node};
use crate::{paths, run};

const WASM: &str = "labelscope_npm_bg.wasm";

/// Builds and packs it; gives the tarball, and prints what its wasm weighs on the way.
pub fn pack() -> Result<PathBuf> {
    tools::wasm_target()?;
    let modules = node::modules()?;
    let package = paths::root().join("crates/npm");
    let stage = paths::target().join("npm");
    let _ = fs::remove_dir_all(&stage);
    copy(&package.join("ts"), &stage.join("ts"))?;
    for name in ["package.json", "tsconfig.json", "README.md"] {
        fs::copy(package.join(name), stage.join(name)).with_context(|| format!("crates/npm/{name}"))?;
    }
    for name in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(paths::root().join(name), stage.join(name))?;
    }
    types(&stage.join("ts/generated.ts"))?;
    wasm(&modules, &stage.join("wasm"))?;
    let mut tsc = run::command("node");
    tsc.arg(modules.join("typescript/bin/tsc")).arg("--project").arg(stage.join("tsconfig.json"));
    run::check(tsc.arg("--typeRoots").arg(modules.join("@types")))?;
    let packed =
        run::output(node::npm_command()?.args(["pack", "--silent", "--pack-destination"]).arg(&stage).arg(&stage))?;
    let name = packed.lines().last().unwrap_or_default().trim();
    Ok(stage.join(name))
}

/// The bytes of the packed wasm as they travel (brotli).
pub fn travelling_size() -> Result<u64> {
    const SCRIPT: &str = "const {readFileSync: r} = require('fs'); \
        console.log(require('zlib').brotliCompressSync(r(process.argv[1])).length)";
    let wasm = paths::target().join("npm/wasm").join(WASM);
    Ok(run::output(run::command("node").args(["-e", SCRIPT]).arg(wasm))?.trim().parse()?)
}

/// Writes the TypeScript that the API's description gives.
fn types(to: &Path) -> Result<()> {
    let mut print = run::cargo(&["run", "--quiet", "--package", "labelscope-npm", "--bin", "labelscope-types"]);
    fs::write(to, run::output(&mut print)?)?;
    Ok(())
}

fn wasm(modules: &Path, to: &Path) -> Result<()> {
    let mut build =
        run::cargo(&["build", "--quiet", "--target", "wasm32-unknown-unknown", "--profile", "wasm-release"]);
    run::check(build.args(["--package", "labelscope-npm", "--lib"]))?;
    let built = paths::target().join("wasm32-unknown-unknown/wasm-release/labelscope_npm.wasm");
    let mut bindgen = run::command(tools::wasm_bindgen()?.join("wasm-bindgen"));
    run::check(bindgen.args(["--target", "web", "--out-name", "labelscope_npm", "--out-dir"]).arg(to).arg(built))?;
    let wasm = to.join(WASM);
    let mut optimise = run::command(modules.join("binaryen/bin/wasm-opt"));
    optimise.args([
        "-Oz",
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-multivalue",
        "--strip-debug",
        "--strip-producers",
    ]);
    run::check(optimise.arg(&wasm).arg("-o").arg(&wasm))
}

/// Copies the files of a folder.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("there is no {}", from.display()))? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
