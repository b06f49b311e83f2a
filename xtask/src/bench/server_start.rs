//! How long a new, empty server takes until it answers.

use std::time::Instant;

use anyhow::Result;
use serde_json::{Value, json};

use super::Bench;
use crate::paths;
use crate::server::{Options, Server};

pub const BENCH: Bench =
    Bench { name: "server-start", about: "a new, empty server until it answers", workbench: false, run };

fn run() -> Result<Value> {
    let binary = paths::server_binary();
    let begun = Instant::now();
    let server = Server::start(&Options { binary: &binary, name: "bench", port: 0, allow_origin: &[] })?;
    Ok(json!({ "ready_seconds": begun.elapsed().as_secs_f64(), "peak_memory_bytes": server.peak_memory() }))
}
