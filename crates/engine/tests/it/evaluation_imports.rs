//! Evaluations of predictions that came as files: exact from the file to the figures.

use crate::evaluation_labels::file;
use crate::evaluation_objects::{against_pycocotools, evaluate, with};
use crate::imports::gt;
use crate::world::{World, scope, testdata};
use labelscope_api::extensions::{Import, JobState, PostImports, StartImport};

fn import(w: &World, import: Import, name: &str, bytes: &[u8]) {
    let job = w.ok(&PostImports { user_app_id: scope(), import: Some(import) }).job.unwrap();
    let path = w.engine.import_folder(&job.id).join("files").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    assert!(w.writer.lock().note_import_file(&job.id, name, bytes.len() as u64).unwrap());
    w.ok(&StartImport { user_app_id: scope(), import_id: job.id.clone() });
    w.run_jobs();
    let done = w.job(&job.id);
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
    import(&w, said, "predictions.json", &bytes);
    against_pycocotools(
        &evaluate(&w, with("e", serde_json::json!({}))),
        &file(&format!("{dataset}/reference/{reference}.json")),
    );
}

#[test]
#[ignore = "needs the import of predictions"]
fn boxes_in_rooms_from_a_file() {
    figures("indoor85", "predictions", "visual-detector", "reference_bbox");
}

#[test]
#[ignore = "needs the import of predictions"]
fn boxes_in_coco_from_a_file() {
    figures("coco100", "predictions_bbox", "visual-detector", "reference_bbox");
}

#[test]
#[ignore = "needs the import of predictions"]
fn masks_in_coco_from_a_file() {
    figures("coco100", "predictions_segm", "visual-segmenter", "reference_segm");
}
