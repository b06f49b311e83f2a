//! The stages that need Chromium, or what only they use.

use anyhow::Result;

use super::stage::Outcome;
use super::{calls, native, watched};
use crate::args::TestOptions;
use crate::server::{Options, Server, TEST_TOKEN};
use crate::{build, free_port, paths, run, tools};

/// Ports that are tried first: the address is compiled into the tests, which have no environment to read.
const SERVER_PORT: u16 = 28_471;
const RUNNER_PORT: u16 = 28_472;

/// wasm-bindgen tests, with a real server for those that fetch.
pub fn wasm_tests(_: &TestOptions) -> Result<Outcome> {
    let bindgen = tools::wasm_bindgen()?;
    let chromium = tools::chromium::get()?;
    let binary = native::server()?;
    let runner_address = format!("127.0.0.1:{}", free_port::near(RUNNER_PORT)?);
    let origin = format!("http://{runner_address}");
    let server = Server::start(&Options { binary: &binary, name: "wasm", port: SERVER_PORT, allow_origin: &[origin] })?;
    let mut tests = run::cargo(&["test", "--target", "wasm32-unknown-unknown", "--no-fail-fast"]);
    tests.args(["--package", "labelscope-client", "--package", "labelscope-app", "--package", "labelscope-worker"]);
    tests
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", bindgen.join("wasm-bindgen-test-runner"))
        .env("CHROMEDRIVER", chromium.driver()?)
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180")
        .env("WASM_BINDGEN_TEST_ADDRESS", &runner_address)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", chromium.webdriver_file()?)
        .env("LABELSCOPE_TEST_URL", server.url())
        .env("LABELSCOPE_TEST_TOKEN", TEST_TOKEN);
    watched::run(&mut tests)
}

/// What the pages and the older JavaScript client called while the tests ran.
fn check_calls(folder: &std::path::Path) -> Result<()> {
    for kind in ["browser", "javascript"] {
        let lines = std::fs::read_to_string(folder.join(format!("{kind}.txt"))).unwrap_or_default();
        calls::check(kind, &calls::names(&lines)?)?;
    }
    Ok(())
}

pub fn workbench(_: &TestOptions) -> Result<Outcome> {
    build::workbench()?;
    Ok(Outcome::Done(vec![]))
}

pub fn server(_: &TestOptions) -> Result<Outcome> {
    build::server()?;
    Ok(Outcome::Done(vec![]))
}

/// Playwright starts the release build itself (web/e2e/server.ts).
pub fn end_to_end(_: &TestOptions) -> Result<Outcome> {
    let modules = tools::node::modules()?;
    // Playwright runs TypeScript without looking at its types.
    run::check(
        run::command("node").arg(modules.join("typescript/bin/tsc")).args(["--project", "web/e2e/tsconfig.json"]),
    )?;
    let playwright = modules.join("@playwright/test/cli.js");
    let mut tests = run::command("node");
    tests.arg(playwright).args(["test", "--config", "web/e2e/playwright.config.ts"]);
    tests
        .env("LABELSCOPE_CHROMIUM", tools::chromium::get()?.binary)
        .env("LABELSCOPE_CHROMIUM_FLAGS", tools::chromium::FLAGS.join(" "))
        .env("LABELSCOPE_BINARY", paths::server_binary())
        .env("LABELSCOPE_WORKBENCH", paths::dist())
        .env("LABELSCOPE_TARGET", paths::target());
    let called = paths::target().join("e2e-calls");
    let _ = std::fs::remove_dir_all(&called);
    std::fs::create_dir_all(&called)?;
    let outcome = watched::run(tests.env("LABELSCOPE_CALLED", &called))?;
    check_calls(&called)?;
    Ok(outcome)
}
