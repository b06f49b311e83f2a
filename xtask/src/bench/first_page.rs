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
    let files = build::travelling_sizes()?;
    // The worker is loaded when first needed, and so are the pieces of pages.
    let groups = build::pieces()?;
    let first = |name: &str| !name.contains("worker") && !groups.values().flatten().any(|piece| piece == name);
    let total = |of: &dyn Fn(&str) -> bool| files.iter().filter(|(n, _)| of(n)).map(|(_, bytes)| bytes).sum::<u64>();
    let pages: Map<String, Value> = groups
        .iter()
        .map(|(group, pieces)| (group.clone(), json!(total(&|n: &str| pieces.iter().any(|piece| piece == n)))))
        .collect();
    Ok(json!({
        "first_page_bytes": total(&first),
        "first_page_files": files.iter().filter(|(n, _)| first(n)).count(),
        "pages_more_bytes": pages,
        "worker_bytes": total(&|n: &str| n.contains("worker")),
        "files_bytes": files.iter().map(|(n, b)| (n.clone(), json!(b))).collect::<Map<String, Value>>(),
    }))
}
