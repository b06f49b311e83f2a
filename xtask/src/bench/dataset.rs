//! A large dataset through the whole way: import, version, export, listing.
//! JSON answers are read by index: a missing member is `null`, which the checks that follow refuse.
#![allow(clippy::indexing_slicing)]

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Bench, synthetic};
use crate::server::{Options, Server};
use crate::{http, paths};

pub const BENCH: Bench = Bench {
    name: "dataset",
    about: "100,000 images with 700,000 boxes: import, version, export, listing",
    workbench: false,
    run,
};

const IMAGES: u64 = 100_000;
const BOXES: u64 = 7;
const APP: &str = "/v2/users/me/apps/demo";
const EXTENSIONS: &str = "/labelscope/v1/users/me/apps/demo";

fn run() -> Result<Value> {
    let file = synthetic::coco(IMAGES, BOXES)?;
    let binary = paths::server_binary();
    let server = Server::start(&Options { binary: &binary, name: "bench", port: 0, allow_origin: &[] })?;
    let idle_memory = server.peak_memory();

    let made = http::json(
        &server,
        "POST",
        &format!("{EXTENSIONS}/imports"),
        Some(&json!({"import": {"dataset_id": "big", "format": "coco"}})),
    )?;
    let id = made["job"]["id"].as_str().context("the import has no id")?.to_owned();
    let begun = Instant::now();
    http::put_file(&server, &format!("/labelscope/v1/imports/{id}/files/big.json"), &file)?;
    let upload = begun.elapsed();
    let begun = Instant::now();
    http::json(&server, "POST", &format!("{EXTENSIONS}/imports/{id}/start"), Some(&json!({})))?;
    let slowest = wait(&server, &id)?;
    let import = begun.elapsed();
    let import_memory = server.peak_memory();

    let begun = Instant::now();
    let made = http::json(
        &server,
        "POST",
        &format!("{APP}/datasets/big/versions"),
        Some(&json!({"dataset_versions": [{"id": "v1"}]})),
    )?;
    let version = made["dataset_versions"][0]["id"].as_str().context("the version has no id")?.to_owned();
    let exports = format!("{APP}/datasets/big/versions/{version}/exports");
    let ready = poll(|| {
        let got = http::json(&server, "GET", &format!("{APP}/datasets/big/versions/{version}"), None)?;
        Ok((got["dataset_version"]["status"]["code"] == 64015).then_some(()))
    });
    ready?;
    let version_time = begun.elapsed();

    let begun = Instant::now();
    let url = poll(|| {
        let got = http::json(&server, "PUT", &exports, Some(&json!({"exports": [{"format": 2}]})))?;
        let export = &got["exports"][0];
        match export["status"]["code"].as_u64() {
            Some(64200) => Ok(Some(export["url"].as_str().context("no url")?.to_owned())),
            Some(64201 | 64203) => Ok(None),
            _ => bail!("the export failed: {export}"),
        }
    })?;
    let export = begun.elapsed();
    let path = url.strip_prefix(&server.url()).unwrap_or(&url).to_owned();
    let begun = Instant::now();
    let bytes = http::download(&server, &path)?;
    let download = begun.elapsed();

    let begun = Instant::now();
    let (mut listed, mut last) = (0, String::new());
    loop {
        let page = http::json(&server, "GET", &format!("{APP}/inputs/stream?per_page=1000&last_id={last}"), None)?;
        let inputs = page["inputs"].as_array().context("no inputs")?;
        let Some(id) = inputs.last().and_then(|input| input["id"].as_str()) else { break };
        listed += inputs.len();
        id.clone_into(&mut last);
    }
    let listing = begun.elapsed();
    if listed as u64 != IMAGES {
        bail!("{listed} inputs were listed, not {IMAGES}");
    }

    let rate = |time: Duration| (IMAGES as f64 / time.as_secs_f64()).round();
    Ok(json!({
        "images": IMAGES,
        "boxes": IMAGES * BOXES,
        "file_bytes": file.metadata()?.len(),
        "upload_seconds": upload.as_secs_f64(),
        "import_seconds": import.as_secs_f64(),
        "import_images_per_second": rate(import),
        "slowest_call_during_import_ms": slowest.as_secs_f64() * 1000.0,
        "version_ready_seconds": version_time.as_secs_f64(),
        "export_seconds": export.as_secs_f64(),
        "export_images_per_second": rate(export),
        "archive_bytes": bytes,
        "download_seconds": download.as_secs_f64(),
        "list_inputs_per_second": rate(listing),
        "idle_memory_bytes": idle_memory,
        "peak_memory_after_import_bytes": import_memory,
        "peak_memory_bytes": server.peak_memory(),
    }))
}

/// Waits for an import and gives the slowest answer of a small call meanwhile.
pub fn wait(server: &Server, id: &str) -> Result<Duration> {
    let mut slowest = Duration::ZERO;
    poll(|| {
        let begun = Instant::now();
        let got = http::json(server, "GET", &format!("{EXTENSIONS}/jobs/{id}"), None)?;
        slowest = slowest.max(begun.elapsed());
        match got["job"]["state"].as_u64() {
            Some(4) => Ok(Some(())),
            Some(2 | 3) => Ok(None),
            _ => bail!("the import did not end well: {}", got["job"]),
        }
    })?;
    Ok(slowest)
}

fn poll<T>(mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask()? {
            return Ok(found);
        }
        if begun.elapsed() > Duration::from_mins(10) {
            bail!("not done after ten minutes");
        }
        sleep(Duration::from_millis(50));
    }
}
