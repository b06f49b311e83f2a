//! Versions: what they keep, what may change, and how they end.

use crate::imports::gt;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;

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
