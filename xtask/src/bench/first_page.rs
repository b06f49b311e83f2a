//! What the first page costs on the line.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::Bench;
use crate::build;

pub const BENCH: Bench = Bench {
    name: "first-page-bytes",
    about: "bytes of the workbench's own files as they travel (brotli)",
    workbench: true,
    run,
};

fn run() -> Result<Value> {
    // The worker is loaded when first needed, not with the page.
    let (worker, page): (Vec<_>, Vec<_>) =
        build::travelling_sizes()?.into_iter().partition(|(name, _)| name.contains("worker"));
    let total = |files: &[(String, u64)]| files.iter().map(|(_, bytes)| bytes).sum::<u64>();
    let files: Map<String, Value> =
        page.iter().chain(&worker).map(|(name, bytes)| (name.clone(), json!(bytes))).collect();
    Ok(json!({
        "first_page_bytes": total(&page),
        "first_page_files": page.len(),
        "worker_bytes": total(&worker),
        "files_bytes": files,
    }))
}
