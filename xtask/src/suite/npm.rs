//! The packed npm package as its users meet it: installed from the tarball, checked by the compiler, run in Node and in
//! Chromium against a server.

use std::fs;

use anyhow::{Context, Result};

use super::stage::Outcome;
use super::{native, watched};
use crate::args::TestOptions;
use crate::server::{Options, Server, TEST_TOKEN};
use crate::tools::{self, node};
use crate::{free_port, npm, paths, run};

const PAGE_PORT: u16 = 28_473;

/// The TypeScript in a document.
fn example(text: &str) -> Result<&str> {
    let begun = text.split_once("```ts\n").map(|(_, rest)| rest);
    begun.and_then(|rest| rest.split_once("```")).map(|(code, _)| code).context("docs/CLIENT.md has no TypeScript")
}

pub fn tests(_: &TestOptions) -> Result<Outcome> {
    let tarball = npm::pack()?;
    let modules = node::modules()?;
    let place = paths::target().join("npm-test");
    let _ = fs::remove_dir_all(&place);
    npm::copy(&paths::root().join("crates/npm/tests"), &place)?;
    // What the guide shows has to compile too.
    fs::write(place.join("guide.ts"), example(&fs::read_to_string(paths::root().join("docs/CLIENT.md"))?)?)?;
    let mut install = node::npm_command()?;
    install.args(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).arg(tarball);
    run::check(install.current_dir(&place))?;
    run::check(run::command("node").arg(modules.join("typescript/bin/tsc")).arg("--project").arg(&place))?;
    let binary = native::server()?;
    let page = free_port::near(PAGE_PORT)?;
    let origin = format!("http://127.0.0.1:{page}");
    let server = Server::start(&Options { binary: &binary, name: "npm", port: 0, allow_origin: &[origin] })?;
    let mut tests = run::command("node");
    tests.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).current_dir(&place);
    tests.args(["node.test.mjs", "browser.test.mjs"]);
    tests
        .env("LABELSCOPE_URL", server.url())
        .env("LABELSCOPE_TOKEN", TEST_TOKEN)
        .env("LABELSCOPE_PAGE_PORT", page.to_string())
        .env("LABELSCOPE_ROOT", paths::root())
        .env("LABELSCOPE_CHROMIUM", tools::chromium::get()?.binary)
        .env("LABELSCOPE_CHROMIUM_FLAGS", tools::chromium::FLAGS.join(" "));
    let outcome = watched::run(&mut tests)?;
    let weight = format!("the wasm travels as {} bytes (br)", npm::travelling_size()?);
    Ok(match outcome {
        Outcome::Done(lines) => Outcome::Done(lines.into_iter().chain([weight]).collect()),
        other @ Outcome::Skipped(_) => other,
    })
}
