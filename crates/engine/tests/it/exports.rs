//! Exports: states, identity, and what goes with a version.

use crate::imports::{coco_of, export, freeze, gt};
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;

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
    assert!(put(&w, ExportFormat::COCO, false).status.unwrap().details.starts_with("1 inputs"));
}
