//! Exports: states, identity, and what goes with a version.

use crate::imports::{coco_of, export, freeze, gt};
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use labelscope_formats::archive::{Limits, Reader};
use serde_json::json;
use std::io::{Cursor, Read};
use std::sync::atomic::AtomicBool;

fn put(w: &World, format: ExportFormat, include_embeddings: bool) -> DatasetVersionExport {
    let exports = vec![DatasetVersionExport { format, include_embeddings, ..Default::default() }];
    let op = PutDatasetVersionExports {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_id: "v".into(),
        exports,
    };
    w.ok(&op).exports.remove(0)
}

fn archive(w: &World, url: &str) -> Option<std::path::PathBuf> {
    let parts: Vec<&str> = url.rsplit('/').collect();
    let file = w.reader.lock().unwrap().export_file(parts[1], parts[0]).unwrap();
    file.map(|f| f.path)
}

#[test]
fn an_archive_is_replaced_by_another_wish_and_goes_with_its_version() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    let format = ExportFormat::CLARIFAI_DATA_JSON;
    put(&w, format, false);
    w.run_jobs();
    let first = put(&w, format, false);
    assert!(!first.url.is_empty());
    let anew = put(&w, format, true);
    assert!(anew.url.is_empty() && anew.include_embeddings);
    assert!(archive(&w, &first.url).is_none());
    w.run_jobs();
    let second = put(&w, format, true);
    let path = archive(&w, &second.url).unwrap();
    w.ok(&DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_ids: vec!["v".into()],
    });
    assert!(!path.exists());
}

#[test]
fn a_coco_file_tells_how_many_inputs_it_leaves_out() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    let text = Some(Text { raw: "words".into(), ..Text::default() });
    let data = Some(Box::new(Data { text, ..Data::default() }));
    let inputs = vec![Input { id: "t".into(), dataset_ids: vec!["d".into()], data, ..Input::default() }];
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    freeze(&w, "d", "v");
    let out = coco_of(export(&w, "d", "v", ExportFormat::COCO));
    let file: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(file["images"].as_array().unwrap().len(), 100);
    assert!(put(&w, ExportFormat::COCO, false).status.unwrap().details.starts_with("1 input that"));
}

#[test]
fn a_file_stays_when_the_call_that_gave_it_up_fails() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    freeze(&w, "d", "w");
    put(&w, ExportFormat::COCO, false);
    w.run_jobs();
    let done = put(&w, ExportFormat::COCO, false);
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER broken BEFORE DELETE ON dataset_version WHEN old.id = 'w' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .unwrap();
    let delete = DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_ids: vec!["v".into(), "w".into()],
    };
    w.refused(&delete);
    let path = archive(&w, &done.url).unwrap();
    conn.execute_batch("DROP TRIGGER broken").unwrap();
    w.ok(&delete);
    assert!(!path.exists());
}

#[test]
fn what_was_given_up_before_a_crash_goes_at_the_next_start() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    let paths = [ExportFormat::COCO, ExportFormat::CLARIFAI_DATA_JSON].map(|format| {
        put(&w, format, false);
        w.run_jobs();
        archive(&w, &put(&w, format, false).url).unwrap()
    });
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    conn.execute_batch("INSERT INTO doomed_blob SELECT sha256 FROM export; DELETE FROM export WHERE format = 2")
        .unwrap();
    let dir = w.dir();
    drop((conn, w));
    let _w = World::at(dir, 5);
    // The other one is spoken of.
    assert_eq!(paths.map(|p| p.exists()), [false, true]);
}

#[test]
fn an_archive_goes_with_its_app() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    put(&w, ExportFormat::COCO, false);
    w.run_jobs();
    let path = archive(&w, &put(&w, ExportFormat::COCO, false).url).unwrap();
    w.ok(&DeleteApp { user_app_id: scope() });
    assert!(!path.exists());
}

/// The COCO files of an archive, by name.
fn files(zip: Vec<u8>) -> Vec<(String, serde_json::Value)> {
    let mut zip = Reader::open(Cursor::new(zip), Limits::default()).unwrap();
    (0..zip.len())
        .map(|n| {
            let name = zip.name(n).unwrap().unwrap();
            let mut out = Vec::new();
            zip.entry(n).unwrap().read_to_end(&mut out).unwrap();
            (name, serde_json::from_slice(&out).unwrap())
        })
        .collect()
}

#[test]
fn a_coco_file_holds_what_the_filter_lets_in_and_no_more() {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let input = |id: &str, split: &str, data: serde_json::Value, concepts: serde_json::Value| {
        let mut data = data;
        data["metadata"] = json!({"split": split});
        data["concepts"] = concepts;
        json!({"id": id, "dataset_ids": ["d"], "data": data})
    };
    let image = |n: u32| json!({"image": {"url": format!("http://x/{n}"), "image_info": {"width": 10, "height": 10}}});
    let text = || json!({"text": {"raw": "words"}});
    let inputs = json!([
        input("a", "train", image(1), json!([{"id": "cat"}, {"id": "fox", "value": 0.0}])),
        input("b", "train", image(2), json!([{"id": "dog"}])),
        input("c", "val", image(3), json!([])),
        input("t", "words", text(), json!([{"id": "cat"}])),
        input("u", "words", text(), json!([])),
    ]);
    let inputs = serde_json::from_value(inputs).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    freeze(&w, "d", "all");
    let names = |found: &[(String, serde_json::Value)]| found.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    let whole = files(export(&w, "d", "all", ExportFormat::COCO));
    // No file where a part holds only texts; the parts share one list of categories.
    assert_eq!(names(&whole), ["annotations/instances_train.json", "annotations/instances_val.json"]);
    let categories = |file: &serde_json::Value| {
        let all = file["categories"].as_array().unwrap().iter();
        all.map(|c| c["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for (_, file) in &whole {
        assert_eq!(categories(file), ["cat", "dog"]);
    }
    let search = json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "cat"}]}}}]}});
    let filter = AnnotationFilter { search: serde_json::from_value(search).unwrap(), ..AnnotationFilter::default() };
    let config = AnnotationFilterConfig { annotation_filter: Some(Box::new(filter)), ignore_empty_inputs: true };
    let version =
        DatasetVersion { id: "v".into(), annotation_filter_config: Some(config), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: vec![version] });
    let cats = files(export(&w, "d", "v", ExportFormat::COCO));
    assert_eq!(names(&cats), ["annotations/instances_train.json"]);
    assert_eq!(categories(&cats[0].1), ["cat"]);
    assert_eq!(cats[0].1["images"].as_array().unwrap().len(), 1);
    assert!(put(&w, ExportFormat::COCO, false).status.unwrap().details.starts_with("1 input that"));
}

fn state(w: &World) -> Status {
    let get = GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v".into() };
    w.ok(&get).dataset_version.unwrap().export_info.unwrap().coco.unwrap().status.unwrap()
}

/// Files in the blob store, half-written ones included.
pub fn blobs(w: &World) -> usize {
    let folders = std::fs::read_dir(w.dir().path().join("blobs")).unwrap();
    folders.map(|d| std::fs::read_dir(d.unwrap().path()).unwrap().count()).sum()
}

#[test]
fn an_export_that_fails_says_why_and_is_begun_anew_when_asked() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER broken BEFORE UPDATE OF sha256 ON export BEGIN SELECT RAISE(ABORT, 'a worn disk'); END",
    )
    .unwrap();
    put(&w, ExportFormat::COCO, false);
    w.run_jobs();
    let failed = state(&w);
    assert!(failed.code.0 == 64202 && failed.details.contains("a worn disk"), "{failed:?}");
    assert_eq!(blobs(&w), 0);
    conn.execute_batch("DROP TRIGGER broken").unwrap();
    assert_eq!(put(&w, ExportFormat::COCO, false).status.unwrap().code.0, 64201);
    w.run_jobs();
    assert_eq!((state(&w).code.0, blobs(&w)), (64200, 1));
}

#[test]
fn a_cancelled_export_says_so_and_is_begun_anew_when_asked() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    put(&w, ExportFormat::COCO, false);
    let job = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0);
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.id });
    w.run_jobs();
    let cancelled = state(&w);
    assert!(cancelled.code.0 == 64202 && cancelled.details.contains("cancelled"), "{cancelled:?}");
    assert_eq!(blobs(&w), 0);
    put(&w, ExportFormat::COCO, false);
    w.run_jobs();
    assert_eq!(state(&w).code.0, 64200);
}

#[test]
fn an_export_of_a_deleted_version_leaves_nothing() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    freeze(&w, "d", "v");
    put(&w, ExportFormat::COCO, false);
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let mut reader = w.engine.reader().unwrap();
    let outcome = jobs::run(&w.engine, &mut reader, &w.writer, &id, &AtomicBool::new(true)).unwrap();
    assert_eq!(outcome, Outcome::Stopped);
    w.ok(&DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_ids: vec!["v".into()],
    });
    w.run_jobs();
    assert_eq!(blobs(&w), 0);
}
