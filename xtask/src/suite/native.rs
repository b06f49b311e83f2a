//! The stages that need no browser.

use std::path::PathBuf;

use anyhow::Result;

use super::stage::Outcome;
use super::watched;
use crate::args::TestOptions;
use crate::{paths, run, soak, tools};

/// What runs in the browser alone; all else is built and tested natively.
const BROWSER_ONLY: [&str; 4] = ["--exclude", "labelscope-app", "--exclude", "labelscope-worker"];
/// What is built for wasm.
const WASM: [&str; 8] = [
    "--package",
    "labelscope-client",
    "--package",
    "labelscope-npm",
    "--package",
    "labelscope-app",
    "--package",
    "labelscope-worker",
];

pub fn tools(options: &TestOptions) -> Result<Outcome> {
    if options.fast {
        tools::wasm_target()?;
        return Ok(Outcome::Done(vec![]));
    }
    tools::WebTools::get()?;
    tools::chromium::get()?.driver()?;
    Ok(Outcome::Done(vec![]))
}

/// The server as the native tests have built it: the whole workspace decides on the features of what it leans on, so that
/// little is built again.
pub fn server() -> Result<PathBuf> {
    run::check(run::cargo(&["build", "--quiet", "--workspace", "--bin", "labelscope"]).args(BROWSER_ONLY))?;
    Ok(paths::target().join("debug").join(format!("labelscope{}", std::env::consts::EXE_SUFFIX)))
}

/// The program that reads messages and writes them again, for the Python tests.
pub fn reread() -> Result<PathBuf> {
    example("labelscope-api", "reread")
}

/// A program that shows a crate's work to another's tests.
pub fn example(package: &str, name: &str) -> Result<PathBuf> {
    run::check(&mut run::cargo(&["build", "--quiet", "--package", package, "--example", name]))?;
    Ok(paths::target().join("debug/examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

pub fn format(_: &TestOptions) -> Result<Outcome> {
    watched::run(&mut run::cargo(&["fmt", "--all", "--check"]))
}

pub fn clippy(_: &TestOptions) -> Result<Outcome> {
    run::check(
        run::cargo(&["clippy", "--quiet", "--workspace", "--all-targets"])
            .args(BROWSER_ONLY)
            .args(["--", "--deny", "warnings"]),
    )?;
    // What a plain build leaves out. Only the server, and the crate that these features are of, are compiled again.
    let left_out = "labelscope-server/gcs,labelscope-server/azure";
    run::check(
        run::cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--features", left_out])
            .args(BROWSER_ONLY)
            .args(["--", "--deny", "warnings"]),
    )?;
    let mut wasm = run::cargo(&["clippy", "--quiet", "--target", "wasm32-unknown-unknown", "--all-targets"]);
    run::check(wasm.args(WASM).args(["--", "--deny", "warnings"]))?;
    Ok(Outcome::Done(vec![]))
}

pub fn deny(_: &TestOptions) -> Result<Outcome> {
    let folder = tools::deny()?;
    let mut deny = run::cargo(&["deny", "--color", "never", "check", "bans", "licenses", "sources"]);
    watched::run(deny.env("PATH", run::path_with(&[&folder])?))
}

pub fn tests(_: &TestOptions) -> Result<Outcome> {
    match tools::nextest_if_there() {
        Some(folder) => {
            let mut nextest = run::cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--color", "never"]);
            watched::run(nextest.args(BROWSER_ONLY).env("PATH", run::path_with(&[&folder])?))
        }
        None => watched::run(
            run::cargo(&["test", "--workspace", "--no-fail-fast", "--bins", "--lib", "--tests"]).args(BROWSER_ONLY),
        ),
    }
}

pub fn doc_tests(_: &TestOptions) -> Result<Outcome> {
    watched::run(run::cargo(&["test", "--workspace", "--doc", "--quiet"]).args(BROWSER_ONLY))
}

/// A twentieth of `cargo xtask soak`.
pub fn soak(_: &TestOptions) -> Result<Outcome> {
    soak::run(&["--requests", "1000", "--kills", "10"].map(str::to_owned))?;
    Ok(Outcome::Done(vec![]))
}
