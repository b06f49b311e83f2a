//! Evaluations of predictions that came as files: exact from the file to the figures.

use crate::evaluation_labels::file;
use crate::evaluation_objects::{against_pycocotools, evaluate, with};
use crate::imports::gt;
use crate::world::{World, scope, testdata};
use labelscope_api::extensions::{GetJob, Import, JobState, PostImports, StartImport};
use labelscope_api::messages::UserAppIdSet;

/// Imports one file into an app.
pub fn import(w: &World, app: &UserAppIdSet, import: Import, bytes: &[u8]) {
    let job = w.ok(&PostImports { user_app_id: app.clone(), import: Some(import) }).job.unwrap();
    let path = w.engine.import_folder(&job.id).join("files").join("file.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    assert!(w.writer.lock().note_import_file(&job.id, "file.json", bytes.len() as u64).unwrap());
    w.ok(&StartImport { user_app_id: app.clone(), import_id: job.id.clone() });
    w.run_jobs();
    let done = w.ok(&GetJob { user_app_id: app.clone(), job_id: job.id }).job.unwrap();
    assert_eq!(done.state, JobState::DONE, "{:?}", done.error);
}

fn figures(dataset: &str, predictions: &str, kind: &str, reference: &str) {
    let w = World::new();
    w.imported("photos", &[("gt.json", &gt(dataset))]);
    let bytes = std::fs::read(testdata(&format!("{dataset}/{predictions}.json"))).unwrap();
    let said = Import {
        dataset_id: "photos".into(),
        model_id: "m".into(),
        model_version_id: "mv1".into(),
        model_type_id: kind.into(),
        format: "coco_results".into(),
        ..Import::default()
    };
    import(&w, &scope(), said, &bytes);
    against_pycocotools(
        &evaluate(&w, with("e", serde_json::json!({"inclusive": true}))),
        &file(&format!("{dataset}/reference/{reference}.json")),
    );
}

#[test]
fn boxes_in_rooms_from_a_file() {
    figures("indoor85", "predictions", "visual-detector", "reference_bbox");
}

#[test]
fn boxes_in_coco_from_a_file() {
    figures("coco100", "predictions_bbox", "visual-detector", "reference_bbox");
}

#[test]
fn masks_in_coco_from_a_file() {
    figures("coco100", "predictions_segm", "visual-segmenter", "reference_segm");
}
