use crate::imports::{coco_of, export, gt};
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn filter(id: &str, concept: &str) -> AnnotationFilter {
    let search = json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": concept}]}}}]}});
    AnnotationFilter { id: id.into(), search: serde_json::from_value(search).unwrap(), ..AnnotationFilter::default() }
}

fn world() -> World {
    let w = World::new();
    let input = |id: &str, concept: &str| json!({"id": id, "data": {"image": {"url": format!("http://x/{id}")}, "concepts": [{"id": concept}]}, "dataset_ids": ["d"]});
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let inputs = serde_json::from_value(json!([input("a", "cat"), input("b", "dog"), input("c", "cat")])).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    w
}

fn post(filters: Vec<AnnotationFilter>) -> PostAnnotationFilters {
    PostAnnotationFilters { user_app_id: scope(), annotation_filters: filters }
}

#[test]
fn made_all_or_none_changed_and_deleted() {
    let w = world();
    let list = || w.ok(&ListAnnotationFilters { user_app_id: scope(), ..Default::default() }).annotation_filters.len();
    let (code, details) = w.refused(&post(vec![filter("f", "cat"), filter("g", "nobody")]));
    assert!(code == 40002 && details.contains("nobody"), "{details}");
    assert_eq!(list(), 0);
    assert_eq!(w.ok(&post(vec![filter("f", "cat")])).annotation_filters[0].id, "f");
    assert!(w.refused(&post(vec![filter("f", "cat")])).1.contains("duplicate"));
    assert_eq!(w.refused(&post(vec![AnnotationFilter::default()])).0, 11102);
    let patch = |id: &str| PatchAnnotationFilters {
        user_app_id: scope(),
        annotation_filters: vec![filter(id, "dog")],
        action: "overwrite".into(),
    };
    w.ok(&patch("f"));
    assert_eq!(w.refused(&patch("x")).0, 11101);
    let got = w.ok(&GetAnnotationFilter { user_app_id: scope(), annotation_filter_id: "f".into() }).annotation_filter;
    assert_eq!(got.unwrap().search, filter("f", "dog").search);
    w.ok(&DeleteAnnotationFilters { user_app_id: scope(), annotation_filter_ids: vec!["f".into()] });
    assert_eq!(list(), 0);
}

#[test]
fn a_version_keeps_the_filter_it_was_made_with() {
    let w = world();
    w.ok(&post(vec![filter("f", "cat")]));
    let by_id = AnnotationFilter { id: "f".into(), ..AnnotationFilter::default() };
    let config = AnnotationFilterConfig { annotation_filter: Some(Box::new(by_id.clone())), ignore_empty_inputs: true };
    let version = |id: &str, config| PostDatasetVersions {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_versions: vec![DatasetVersion {
            id: id.into(),
            annotation_filter_config: config,
            ..DatasetVersion::default()
        }],
    };
    w.ok(&version("v", Some(config)));
    w.ok(&PatchAnnotationFilters {
        user_app_id: scope(),
        annotation_filters: vec![filter("f", "dog")],
        action: "overwrite".into(),
    });
    w.run_jobs();
    let get = |id: &str| {
        w.ok(&GetDatasetVersion { user_app_id: scope(), dataset_id: "d".into(), dataset_version_id: id.into() })
            .dataset_version
            .unwrap()
    };
    let counted = |id: &str| serde_json::to_value(&get(id).metrics["/"]).unwrap();
    assert_eq!(counted("v")["inputs_count"], "2");
    // What the dataset names goes for a version that names none.
    let default = Dataset { id: "d".into(), default_annotation_filter: Some(Box::new(by_id)), ..Dataset::default() };
    w.ok(&PatchDatasets { user_app_id: scope(), datasets: vec![default], action: "overwrite".into() });
    w.ok(&version("v2", None));
    w.run_jobs();
    assert_eq!(
        (counted("v2")["inputs_count"].clone(), counted("v2")["positive_input_tags_count"].clone()),
        (json!("3"), json!("1"))
    );
}

#[test]
fn a_dataset_takes_what_any_search_finds() {
    let w = world();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "e".into(), ..Dataset::default() }] });
    let op = PostDatasetInputs {
        user_app_id: scope(),
        dataset_id: "e".into(),
        search: filter("", "cat").search,
        ..Default::default()
    };
    let bulk = w.ok(&op).bulk_operation.unwrap();
    assert_eq!((bulk.status.unwrap().code.0, bulk.progress.unwrap().processed), (25400, 2));
    let members = w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "e".into(), ..Default::default() });
    assert_eq!(members.dataset_inputs.len(), 2);
}

#[test]
fn an_archive_holds_what_the_filter_lets_through() {
    let w = World::new();
    let file = gt("coco100");
    w.imported("d", &[("gt.json", &file)]);
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let count = |of: &Value, key: &str| of[key].as_array().unwrap().len();
    let all = read(&file);
    let categories = all["categories"].as_array().unwrap();
    let person = categories.iter().find(|c| c["name"] == "person").unwrap()["id"].clone();
    let wanted: Vec<&Value> =
        all["annotations"].as_array().unwrap().iter().filter(|a| a["category_id"] == person).collect();
    let pictures: BTreeSet<i64> = wanted.iter().map(|a| a["image_id"].as_i64().unwrap()).collect();
    assert!(!wanted.is_empty() && pictures.len() < count(&all, "images"));
    for (id, ignore_empty_inputs) in [("whole", false), ("full", true)] {
        let search = json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"name": "Person"}]}}}]}});
        let filter =
            AnnotationFilter { search: serde_json::from_value(search).unwrap(), ..AnnotationFilter::default() };
        let config = AnnotationFilterConfig { annotation_filter: Some(Box::new(filter)), ignore_empty_inputs };
        let version =
            DatasetVersion { id: id.into(), annotation_filter_config: Some(config), ..DatasetVersion::default() };
        let dataset_versions = vec![version];
        w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions });
        w.run_jobs();
        let out = read(&coco_of(export(&w, "d", id, ExportFormat::COCO)));
        assert_eq!(count(&out, "annotations"), wanted.len());
        let images = if ignore_empty_inputs { pictures.len() } else { count(&all, "images") };
        assert_eq!(count(&out, "images"), images);
        assert!(out["annotations"].as_array().unwrap().iter().all(|a| a["category_id"] == person));
    }
}
