//! What the calls can work on: made at the start, and again when it may be gone.

use super::known::Known;
use crate::http::Request;
use crate::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Requests that make one of each kind, and the names by which they are known from then on.
pub fn requests(round: u64) -> Vec<Request> {
    let app = "/v2/users/me/apps/demo";
    let picture = |n: u64| STANDARD.encode(picture::bmp(8, 6, round << 8 | n));
    let id = |what: &str| format!("{what}{round}");
    let inputs: Vec<Value> = (0..4)
        .map(|n| {
            json!({
                "id": format!("i{round}-{n}"), "dataset_ids": [id("d")],
                "data": {"image": {"base64": picture(n)}, "concepts": [{"id": id("c"), "value": 1}], "metadata": {"n": n}},
            })
        })
        .collect();
    let boxed = json!({"region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.1, "bottom_row": 0.9, "right_col": 0.8}}, "data": {"concepts": [{"id": id("c")}]}});
    let query = json!({"filters": [{"annotation": {"data": {"concepts": [{"id": id("c"), "value": 1}]}}}]});
    let calls = [
        ("POST", "/v2/users/me/apps".to_owned(), json!({"apps": [{"id": "other"}]})),
        (
            "POST",
            format!("{app}/concepts"),
            json!({"concepts": [{"id": id("c"), "name": "cat"}, {"id": id("k"), "name": "dog"}]}),
        ),
        ("POST", format!("{app}/datasets"), json!({"datasets": [{"id": id("d")}]})),
        ("POST", format!("{app}/inputs"), json!({"inputs": inputs})),
        (
            "POST",
            format!("{app}/annotations"),
            json!({"annotations": [{"id": id("a"), "input_id": format!("i{round}-0"), "data": {"regions": [boxed]}}]}),
        ),
        ("POST", format!("{app}/models"), json!({"model": {"id": id("m"), "model_type_id": "visual-classifier"}})),
        ("POST", format!("{app}/models/{}/versions", id("m")), json!({"model_versions": [{"id": id("v")}]})),
        ("POST", format!("{app}/datasets/{}/versions", id("d")), json!({"dataset_versions": [{"id": id("w")}]})),
        (
            "POST",
            format!("{app}/annotation_filters"),
            json!({"annotation_filters": [{"id": id("f"), "search": {"query": query}}]}),
        ),
        (
            "POST",
            format!("{app}/searches"),
            json!({"searches": [{"id": id("s"), "name": "s", "save": true, "query": query}]}),
        ),
        (
            "POST",
            format!("{app}/concepts/{}/relations", id("c")),
            json!({"concept_relations": [{"object_concept": {"id": id("k")}, "predicate": "hyponym"}]}),
        ),
        (
            "POST",
            format!("{app}/evaluations"),
            json!({"eval_metrics": [{"id": id("e"), "model": {"id": id("m"), "model_version": {"id": id("v")}}, "ground_truth_dataset": {"id": id("d")}}]}),
        ),
        (
            "POST",
            format!("{app}/bulk_operations"),
            json!({"bulk_operations": [{"dataset": {"id": id("d")}, "operation": {"add_concepts": {"concepts": [{"id": id("k")}]}}}]}),
        ),
        // No folder is allowed: the job that is made fails.
        (
            "POST",
            format!("{app}/inputs/data_sources"),
            json!({"data_sources": [{"inputs_add_job_id": id("j"), "url": {"url": "file:///nowhere/"}}]}),
        ),
    ];
    calls
        .into_iter()
        .map(|(method, target, body)| Request {
            method: method.to_owned(),
            target,
            kind: "application/json".to_owned(),
            body: body.to_string().into_bytes(),
        })
        .collect()
}

/// Tells the pool what there is now.
pub fn note(known: &mut Known, round: u64) {
    let kinds = [
        ("Concept", "c"),
        ("Concept", "k"),
        ("Dataset", "d"),
        ("Annotation", "a"),
        ("Model", "m"),
        ("ModelVersion", "v"),
        ("DatasetVersion", "w"),
        ("AnnotationFilter", "f"),
        ("Search", "s"),
    ];
    for (kind, name) in kinds {
        known.note(kind, &format!("{name}{round}"));
    }
    for n in 0..4 {
        known.note("Input", &format!("i{round}-{n}"));
    }
}
