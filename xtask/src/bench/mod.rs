//! Figures that we publish: each bench is printed and kept as `target/bench/<name>.json`.

mod charts;
mod classification;
mod dataset;
mod detection;
mod first_page;
mod first_rows;
mod million;
mod nouns;
mod server_start;
mod synthetic;
mod wordnet;

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{build, paths};

/// One named measurement of the release build. It returns its figures, each named with its unit.
pub struct Bench {
    pub name: &'static str,
    pub about: &'static str,
    /// It measures the workbench too, which takes longer to build than the server.
    pub workbench: bool,
    pub run: fn() -> Result<Value>,
}

/// All of them, in the order they run.
const ALL: &[Bench] = &[
    first_page::BENCH,
    server_start::BENCH,
    first_rows::BENCH,
    dataset::BENCH,
    wordnet::BENCH,
    million::BENCH,
    classification::BENCH,
    detection::BENCH,
    charts::BENCH,
];

/// Builds the release and runs the named benches, or all.
pub fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|bench| bench.name != **name)) {
        let known: Vec<&str> = ALL.iter().map(|bench| bench.name).collect();
        bail!("there is no bench {unknown:?}; there are: {}", known.join(", "));
    }
    let chosen = || ALL.iter().filter(|bench| names.is_empty() || names.iter().any(|name| name == bench.name));
    if chosen().any(|bench| bench.workbench) {
        build::workbench()?;
    }
    build::server()?;
    let folder = paths::target().join("bench");
    fs::create_dir_all(&folder)?;
    for bench in chosen() {
        println!("\n== {}: {}", bench.name, bench.about);
        let begun = Instant::now();
        let figures = (bench.run)().with_context(|| format!("bench {}", bench.name))?;
        let kept = json!({
            "bench": bench.name,
            "about": bench.about,
            "figures": figures,
            "cores": std::thread::available_parallelism().map_or(1, usize::from),
            "bench_seconds": begun.elapsed().as_secs_f64(),
        });
        let text = serde_json::to_string_pretty(&kept)?;
        println!("{}", serde_json::to_string_pretty(&figures)?);
        fs::write(folder.join(format!("{}.json", bench.name)), text)?;
    }
    println!("\nkept in {}", folder.display());
    Ok(())
}
