//! What a person waits for: the first rows of 100,000 concepts, in a real browser.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Bench;
use crate::server::{Options, Server, TEST_TOKEN};
use crate::{http, paths, run, tools};

pub const BENCH: Bench = Bench {
    name: "first-rows",
    about: "opening the concepts page with 100,000 concepts, cold: no throttling, and CPU 4x with slow 4G",
    workbench: true,
    run,
};

const CONCEPTS: usize = 100_000;
const BATCH: usize = 1000;

fn run() -> Result<Value> {
    let binary = paths::server_binary();
    let server = Server::start(&Options { binary: &binary, name: "bench", port: 0, allow_origin: &[] })?;
    for start in (0..CONCEPTS).step_by(BATCH) {
        let concepts: Vec<Value> = (start..start + BATCH)
            .map(|n| json!({"id": format!("c{n:06}"), "name": format!("concept number {n}")}))
            .collect();
        http::json(&server, "POST", "/v2/users/me/apps/demo/concepts", Some(&json!({"concepts": concepts})))?;
    }
    let mut node = run::command("node");
    node.arg("web/e2e/bench/first-rows.mjs");
    node.env("LABELSCOPE_URL", server.url()).env("LABELSCOPE_TOKEN", TEST_TOKEN);
    node.env("LABELSCOPE_CHROMIUM", tools::chromium::get()?.binary);
    let printed = run::output(&mut node)?;
    serde_json::from_str(printed.lines().last().unwrap_or_default()).context("the browser script printed no figures")
}
