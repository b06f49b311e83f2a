//! What a person waits for in an app of a million inputs: pages and counts, over HTTP.
//! JSON answers are read by index: a missing member is `null`, which the checks that follow refuse.
#![allow(clippy::indexing_slicing)]

use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::dataset::wait;
use super::{Bench, synthetic};
use crate::server::{Options, Server};
use crate::{http, paths};

pub const BENCH: Bench = Bench {
    name: "million",
    about: "1,000,000 inputs in two datasets: streams, filtered pages, counts",
    workbench: false,
    run,
};

/// Inputs of each of the two datasets.
const HALF: u64 = 500_000;
/// Inputs with metadata: the oldest of each dataset.
const DESCRIBED: u64 = 15_000;
/// Inputs a call; the API takes up to 128.
const BATCH: u64 = 125;
/// How often each page is asked for.
const TIMES: usize = 40;
/// What a page may take.
const TARGET_MS: f64 = 50.0;
const APP: &str = "/v2/users/me/apps/demo";
const EXTENSIONS: &str = "/labelscope/v1/users/me/apps/demo";

fn run() -> Result<Value> {
    let binary = paths::server_binary();
    let server = Server::start(&Options { binary: &binary, name: "million", port: 0, allow_origin: &[] })?;
    let begun = Instant::now();
    for (dataset, first) in [("older", 1), ("newer", HALF + 1)] {
        import(&server, dataset, first)?;
    }
    let imported = begun.elapsed();
    let begun = Instant::now();
    for (dataset, first) in [("older", 1), ("newer", HALF + 1)] {
        describe(&server, dataset, first)?;
    }
    let described = begun.elapsed();

    let concept = |name: &str| json!({"annotation": {"data": {"concepts": [{"name": name, "value": 1}]}}});
    let dataset = |id: &str| json!({"input": {"dataset_ids": [id]}});
    let metadata = |metadata: Value| json!({"annotation": {"data": {"metadata": metadata}}});
    let negated = |mut filter: Value| {
        filter["negate"] = true.into();
        filter
    };
    let region = json!({"annotation": {"data": {"regions": [{"region_info": {"bounding_box": {}}, "data": {"concepts": [{"name": "broad"}]}}]}}});
    let searches = [
        ("all", json!([]), 2 * HALF),
        ("concept_broad", json!([concept("broad")]), HALF),
        ("concept_rare", json!([concept("rare")]), 2 * HALF / 2000),
        ("concept_broad_in_older_dataset", json!([concept("broad"), dataset("older")]), HALF / 2),
        ("concept_rare_in_older_dataset", json!([concept("rare"), dataset("older")]), HALF / 2000),
        ("dataset_older", json!([dataset("older")]), HALF),
        ("metadata_broad", json!([metadata(json!({"source": "camera"}))]), 2 * DESCRIBED),
        ("metadata_rare", json!([metadata(json!({"batch": 7}))]), 2 * DESCRIBED / 1000),
        ("not_concept_broad", json!([negated(concept("broad"))]), HALF),
        ("not_concept_rare", json!([negated(concept("rare"))]), 2 * HALF - 2 * HALF / 2000),
        ("not_concept_broad_in_older_dataset", json!([negated(concept("broad")), dataset("older")]), HALF / 2),
        ("boxes_of_concept_broad", json!([region]), HALF),
    ];
    let mut figures = Map::new();
    let mut slow = Vec::new();
    let mut note = |name: String, times: (f64, f64)| {
        if times.1 > TARGET_MS {
            slow.push(format!("{name} {:.0} ms", times.1));
        }
        figures.insert(name, json!({"p50_ms": times.0, "p99_ms": times.1}));
    };
    for size in [20, 100] {
        let path = format!("{APP}/inputs/stream?per_page={size}");
        note(format!("stream_{size}"), measure(&server, || http::json(&server, "GET", &path, None))?);
    }
    for (name, filters, wanted) in &searches {
        let search = json!({"searches": [{"query": {"filters": filters}}], "pagination": {"page": 1, "per_page": 20}});
        let path = format!("{APP}/inputs/searches");
        let page = measure(&server, || {
            let got = http::json(&server, "POST", &path, Some(&search))?;
            let hits = got["hits"].as_array().context("no hits")?.len() as u64;
            if hits != 20.min(*wanted) {
                bail!("{name}: {hits} hits");
            }
            Ok(got)
        })?;
        note(format!("page_{name}"), page);
        let mut count = search.clone();
        count["only_count"] = true.into();
        let counted = measure(&server, || {
            let got = http::json(&server, "POST", &path, Some(&count))?;
            if got["hit_counts"][0]["estimated_total"] != json!(wanted.to_string()) {
                bail!("{name}: counted {}, not {wanted}", got["hit_counts"]);
            }
            Ok(got)
        })?;
        note(format!("count_{name}"), counted);
    }
    let search = json!({"searches": [{"query": {"filters": [concept("broad")]}}]});
    let path = format!("{APP}/annotations/searches");
    note(
        "annotations_page_concept_broad".into(),
        measure(&server, || http::json(&server, "POST", &path, Some(&search)))?,
    );
    figures.insert("import_images_per_second".into(), json!((2 * HALF) as f64 / imported.as_secs_f64()));
    figures.insert("metadata_inputs_per_second".into(), json!((2 * DESCRIBED) as f64 / described.as_secs_f64()));
    figures.insert("peak_memory_bytes".into(), json!(server.peak_memory()));
    figures.insert("over_50_ms".into(), json!(slow));
    Ok(figures.into())
}

fn import(server: &Server, dataset: &str, first: u64) -> Result<()> {
    let file = synthetic::broad_and_rare(first, HALF)?;
    let import = json!({"import": {"dataset_id": dataset, "format": "coco"}});
    let made = http::json(server, "POST", &format!("{EXTENSIONS}/imports"), Some(&import))?;
    let id = made["job"]["id"].as_str().context("the import has no id")?;
    http::put_file(server, &format!("/labelscope/v1/imports/{id}/files/half.json"), &file)?;
    http::json(server, "POST", &format!("{EXTENSIONS}/imports/{id}/start"), Some(&json!({})))?;
    wait(server, id)?;
    Ok(())
}

/// Gives the first inputs of a dataset their metadata.
fn describe(server: &Server, dataset: &str, first: u64) -> Result<()> {
    for start in (first..first + DESCRIBED).step_by(BATCH as usize) {
        let inputs: Vec<Value> = (start..start + BATCH)
            .map(|n| {
                json!({"id": format!("{dataset}-{n}"), "data": {"metadata": {"source": "camera", "batch": n % 1000}}})
            })
            .collect();
        http::json(server, "PATCH", &format!("{APP}/inputs"), Some(&json!({"inputs": inputs, "action": "merge"})))?;
    }
    Ok(())
}

/// Milliseconds of a call: the median and the slowest but one in a hundred. Before each fourth call something is
/// written, so that nothing kept from an earlier call answers alone.
fn measure(server: &Server, mut ask: impl FnMut() -> Result<Value>) -> Result<(f64, f64)> {
    let mut times = Vec::with_capacity(TIMES);
    for n in 0..TIMES {
        if n % 4 == 0 {
            let inputs =
                json!({"inputs": [{"id": "newer-500001", "data": {"metadata": {"seen": n}}}], "action": "merge"});
            http::json(server, "PATCH", &format!("{APP}/inputs"), Some(&inputs))?;
        }
        let begun = Instant::now();
        ask()?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    Ok((at(0.5), at(0.99)))
}
