//! What a person waits for before a large matrix or many curves are on the screen, beside two well-known chart libraries.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Bench;
use crate::{paths, run, styles, tools};

pub const BENCH: Bench = Bench {
    name: "charts",
    about: "a matrix of 1,000 x 1,000 and 100 curves of 1,000 points: first paint and hover, beside Plotly and uPlot",
    // The charts are built alone, with the workbench's profile.
    workbench: false,
    run,
};

fn run() -> Result<Value> {
    styles::bundle()?;
    tools::node::modules()?;
    run::check(&mut run::cargo(&[
        "build",
        "--quiet",
        "--package",
        "labelscope-app",
        "--example",
        "charts",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm-release",
    ]))?;
    let built = paths::target().join("wasm32-unknown-unknown/wasm-release/examples/charts.wasm");
    let folder = paths::target().join("charts-bench");
    let mut bindgen = run::command(tools::wasm_bindgen()?.join("wasm-bindgen"));
    run::check(bindgen.arg(built).args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder))?;
    let mut node = run::command("node");
    node.arg("web/e2e/bench/charts.mjs");
    node.env("LABELSCOPE_CHARTS", &folder).env("LABELSCOPE_CHROMIUM", tools::chromium::get()?.binary);
    let printed = run::output(&mut node)?;
    serde_json::from_str(printed.lines().last().unwrap_or_default()).context("the browser script printed no figures")
}
