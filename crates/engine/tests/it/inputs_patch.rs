//! Changing inputs.

use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::{Value, json};

/// An input from the JSON that a client sends.
fn input(value: Value) -> Input {
    serde_json::from_value(value).unwrap()
}

fn world() -> World {
    let w = World::new();
    let sent = ["a", "b"].map(|id| {
        input(json!({"id": id, "data": {"image": {"url": format!("http://x/{id}.jpg")},
            "concepts": [{"id": "one", "value": 1}, {"id": "two", "value": 0}],
            "metadata": {"who": {"name": "ann", "age": 3}, "n": 1},
            "geo": {"geo_point": {"longitude": -30.0, "latitude": 40.0}}}}))
    });
    w.ok(&PostInputs { user_app_id: scope(), inputs: sent.into(), ..Default::default() });
    w
}

fn patch(w: &World, action: &str, inputs: Vec<Value>) -> MultiInputResponse {
    let inputs = inputs.into_iter().map(input).collect();
    w.ok(&PatchInputs { user_app_id: scope(), inputs, action: action.into() })
}

fn get(w: &World, id: &str) -> Data {
    *w.ok(&GetInput { user_app_id: scope(), input_id: id.into() }).input.unwrap().data.unwrap()
}

fn labels(data: &Data) -> Vec<(&str, f32)> {
    data.concepts.iter().map(|c| (c.id.as_str(), c.value.0)).collect()
}

#[test]
fn merge_is_the_default_and_puts_behind() {
    let w = world();
    let reply = patch(
        &w,
        "",
        vec![json!({"id": "a", "data": {"concepts": [{"id": "zero"}, {"id": "one", "value": 0}],
            "metadata": {"who": {"age": 4}, "more": [1, null]}, "geo": {"geo_point": {"longitude": 5.0, "latitude": 6.0}}}})],
    );
    assert_eq!(reply.status.unwrap().code, StatusCode::SUCCESS);
    assert_eq!(reply.inputs[0].status.as_ref().unwrap().code, StatusCode::INPUT_MODIFY_SUCCESS);
    let data = get(&w, "a");
    assert_eq!(data, *reply.inputs[0].data.clone().unwrap());
    assert_eq!(labels(&data), [("one", 0.0), ("two", 0.0), ("zero", 1.0)]);
    assert_eq!(
        Value::Object(data.metadata.unwrap()),
        json!({"who": {"name": "ann", "age": 4}, "n": 1, "more": [1, null]})
    );
    let point = data.geo.unwrap().geo_point.unwrap();
    assert_eq!((point.longitude, point.latitude), (5.0, 6.0));
    assert_eq!(labels(&get(&w, "b")), [("one", 1.0), ("two", 0.0)], "the other is as it was");
    assert_eq!(
        w.ok(&GetInput { user_app_id: scope(), input_id: "a".into() }).input.unwrap().status.unwrap().code.0,
        30000
    );
}

#[test]
fn overwrite_replaces_what_is_sent_and_nothing_else() {
    let w = world();
    patch(&w, "overwrite", vec![json!({"id": "a", "data": {"concepts": [{"id": "new"}]}})]);
    let data = get(&w, "a");
    assert_eq!(labels(&data), [("new", 1.0)]);
    assert!(data.metadata.unwrap().contains_key("who") && data.geo.is_some());
    patch(&w, "overwrite", vec![json!({"id": "a", "data": {"metadata": {"only": true}}})]);
    let data = get(&w, "a");
    assert_eq!(
        (labels(&data), Value::Object(data.metadata.clone().unwrap())),
        (vec![("new", 1.0)], json!({"only": true}))
    );
}

#[test]
fn remove_takes_out_by_id_and_by_key() {
    let w = world();
    patch(
        &w,
        "remove",
        vec![
            json!({"id": "a", "data": {"concepts": [{"id": "one"}, {"id": "none"}], "metadata": {"n": 1}}}),
            json!({"id": "b", "data": {"concepts": [{"id": "one"}, {"id": "two"}], "geo": {}}}),
        ],
    );
    let (a, b) = (get(&w, "a"), get(&w, "b"));
    assert_eq!(labels(&a), [("two", 0.0)]);
    assert_eq!(Value::Object(a.metadata.unwrap()), json!({"who": {"name": "ann", "age": 3}}));
    assert!(b.concepts.is_empty() && b.geo.is_none() && a.geo.is_some());
    let left = w.ok(&ListAnnotations { user_app_id: scope(), input_ids: vec!["b".into()], ..Default::default() });
    assert!(left.annotations.is_empty(), "what says nothing any more is gone");
}

#[test]
fn regions_go_by_their_ids() {
    let w = world();
    let region = |id: &str, right: f32, concept: &str| json!({"id": id, "region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.2, "bottom_row": 0.3, "right_col": right}}, "data": {"concepts": [{"id": concept}]}});
    let shown = || {
        let op = ListAnnotations { user_app_id: scope(), input_ids: vec!["a".into()], ..Default::default() };
        let regions = w.ok(&op).annotations.into_iter().flat_map(|a| a.data.unwrap().regions);
        regions
            .map(|r| {
                let concepts: Vec<String> = r.data.unwrap().concepts.into_iter().map(|c| c.id).collect();
                (r.id, r.region_info.unwrap().bounding_box.unwrap().right_col, concepts.join(","))
            })
            .collect::<Vec<_>>()
    };
    patch(
        &w,
        "overwrite",
        vec![json!({"id": "a", "data": {"regions": [region("r1", 0.4, "cat"), region("r2", 0.5, "dog")]}})],
    );
    assert_eq!(shown(), [("r1".into(), 0.4, "cat".into()), ("r2".into(), 0.5, "dog".into())]);
    patch(&w, "overwrite", vec![json!({"id": "a", "data": {"regions": [region("r1", 0.9, "cow")]}})]);
    assert_eq!(shown()[0], ("r1".into(), 0.9, "cow".into()));
    patch(
        &w,
        "merge",
        vec![json!({"id": "a", "data": {"regions": [{"id": "r1", "data": {"concepts": [{"id": "cat"}]}}]}})],
    );
    assert_eq!(shown()[0], ("r1".into(), 0.9, "cow,cat".into()));
    patch(
        &w,
        "remove",
        vec![
            json!({"id": "a", "data": {"regions": [{"id": "r2"}, {"id": "r1", "data": {"concepts": [{"id": "cow"}]}}]}}),
        ],
    );
    assert_eq!(shown(), [("r1".into(), 0.9, "cat".into())]);
    assert_eq!(labels(&get(&w, "a")), [("one", 1.0), ("two", 0.0)], "labels of the whole are not touched");
}

#[test]
fn each_item_has_a_status_of_its_own_and_a_bad_one_leaves_nothing() {
    let w = world();
    let reply = patch(
        &w,
        "merge",
        vec![
            json!({"id": "none", "data": {"metadata": {"x": 1}}}),
            json!({"id": "a", "data": {"metadata": {"x": 1}, "concepts": [{"id": "fresh"}], "geo": {"geo_point": {"longitude": 500.0, "latitude": 0.0}}}}),
            json!({"id": "b", "data": {"metadata": {"x": 1}}}),
            json!({"id": "b", "data": {"image": {"url": "http://other/x.jpg"}}}),
        ],
    );
    assert_eq!(reply.status.unwrap().code, StatusCode::MIXED_STATUS);
    let codes: Vec<_> = reply.inputs.iter().map(|i| i.status.as_ref().unwrap().code.0).collect();
    assert_eq!(codes, [11101, 30104, 30200, 30104]);
    assert!(!get(&w, "a").metadata.unwrap().contains_key("x"));
    assert_eq!(w.refused(&GetConcept { user_app_id: scope(), concept_id: "fresh".into() }).0, 11101);
    let all = PatchInputs { user_app_id: scope(), inputs: vec![input(json!({"id": "none"}))], ..Default::default() };
    assert_eq!(w.refused(&all).0, 10020);
    let wrong = PatchInputs { action: "invent".into(), ..all.clone() };
    assert_eq!(w.refused(&wrong).0, 11102);
    for count in [0, 129] {
        let inputs = (0..count).map(|_| input(json!({"id": "a"}))).collect();
        assert_eq!(w.refused(&PatchInputs { inputs, ..all.clone() }).0, 39999);
    }
}

#[test]
fn what_was_shown_may_be_sent_back() {
    let w = world();
    let before = w.ok(&GetInput { user_app_id: scope(), input_id: "a".into() }).input.unwrap();
    let reply = w.ok(&PatchInputs { user_app_id: scope(), inputs: vec![before.clone()], action: "overwrite".into() });
    assert_eq!(reply.inputs[0].data, before.data);
}
