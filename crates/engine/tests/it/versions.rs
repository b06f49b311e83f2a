//! Versions: what they keep, what may change, and how they end.

use crate::imports::gt;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use std::sync::atomic::AtomicBool;

fn post(w: &World, id: &str) -> DatasetVersion {
    let version =
        DatasetVersion { id: id.into(), embed_model_version_ids: vec!["m1".into()], ..DatasetVersion::default() };
    let op = PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: vec![version] };
    w.ok(&op).dataset_versions.remove(0)
}

fn delete(id: &str) -> DeleteDatasetVersions {
    DeleteDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_version_ids: vec![id.into()] }
}

#[test]
fn a_version_keeps_what_was_sent_and_changes_only_its_words() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    let made = post(&w, "v");
    assert_eq!((made.status.unwrap().code.0, made.request_origin), (64005, RequestOrigin::MANUAL));
    assert_eq!(made.embed_model_version_ids, ["m1"]);
    let patch = |v: DatasetVersion| PatchDatasetVersions {
        user_app_id: scope(),
        dataset_id: "d".into(),
        action: "overwrite".into(),
        dataset_versions: vec![DatasetVersion { id: "v".into(), ..v }],
    };
    let words = DatasetVersion { description: "frozen".into(), ..DatasetVersion::default() };
    assert_eq!(w.ok(&patch(words)).dataset_versions[0].description, "frozen");
    let other = DatasetVersion { embed_model_version_ids: vec!["m2".into()], ..DatasetVersion::default() };
    assert!(w.refused(&patch(other)).1.contains("only description and metadata"));
}

#[test]
fn a_job_of_a_deleted_version_leaves_nothing_to_the_next() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    post(&w, "v");
    w.ok(&delete("v"));
    post(&w, "v");
    w.run_jobs();
    let get = GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v".into() };
    let ready = w.ok(&get).dataset_version.unwrap();
    assert_eq!(ready.status.unwrap().code.0, 64015);
    assert!(ready.metrics.contains_key("/"));
    w.ok(&delete("v"));
    assert!(w.send(&get).is_err());
}

#[test]
fn a_version_is_pending_then_in_progress_then_ready() {
    let mut w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    let get = GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v".into() };
    let state = |w: &World| w.ok(&get).dataset_version.unwrap().status.unwrap().code.0;
    assert_eq!(post(&w, "v").status.unwrap().code.0, 64005);
    assert_eq!(state(&w), 64005);
    // The server stops while it counts, and is started again.
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let mut reader = w.engine.reader().unwrap();
    let outcome = jobs::run(&w.engine, &mut reader, &w.writer, &id, &AtomicBool::new(true)).unwrap();
    drop(reader);
    assert_eq!((outcome, state(&w)), (Outcome::Stopped, 64010));
    let dir = w.dir();
    drop(w);
    w = World::at(dir, 9);
    assert_eq!(state(&w), 64010);
    w.run_jobs();
    assert_eq!(state(&w), 64015);
}

#[test]
fn a_version_that_cannot_be_counted_says_why() {
    let w = World::new();
    w.imported("d", &[("gt.json", &gt("coco100"))]);
    post(&w, "v");
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER broken BEFORE INSERT ON version_group BEGIN SELECT RAISE(ABORT, 'a worn disk'); END",
    )
    .unwrap();
    w.run_jobs();
    let get = GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: "v".into() };
    let failed = w.ok(&get).dataset_version.unwrap();
    let status = failed.status.unwrap();
    assert!(status.code.0 == 64020 && status.details.contains("a worn disk"), "{status:?}");
    assert!(failed.metrics.is_empty());
    // Another one is not held up by it.
    conn.execute_batch("DROP TRIGGER broken").unwrap();
    post(&w, "w");
    w.run_jobs();
    let next = GetDatasetVersion { dataset_version_id: "w".into(), ..get };
    assert_eq!(w.ok(&next).dataset_version.unwrap().status.unwrap().code.0, 64015);
}
