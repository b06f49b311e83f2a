//! What filters know of annotations and inputs beside concepts, metadata and places.

use crate::world::{World, scope, testdata};
use labelscope_api::Operation;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Two inputs and one annotation of each kind, named by what it has.
fn world() -> World {
    let w = World::new();
    let inputs = json!([
        {"id": "a", "data": {"image": {"url": "http://x/a.jpg"}}},
        {"id": "b", "data": {"text": {"raw": "words"}}},
    ]);
    let inputs = serde_json::from_value(inputs).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    let region = |info: Value| json!({"regions": [{"region_info": info, "data": {"concepts": [{"id": "thing"}]}}]});
    let points = json!([{"row": 0.1, "col": 0.1}, {"row": 0.1, "col": 0.5}, {"row": 0.5, "col": 0.5}]);
    let model = json!({"id": "detector", "model_version": {"id": "v1"}});
    let annotations = json!([
        {"id": "box", "input_id": "a", "task_id": "t1", "data": region(json!({"bounding_box": {"top_row": 0.1, "left_col": 0.1, "bottom_row": 0.4, "right_col": 0.4}}))},
        {"id": "polygon", "input_id": "a", "annotation_info": {"tool": "lasso", "by": {"n": 1}}, "data": region(json!({"polygon": {"points": points}}))},
        {"id": "point", "input_id": "a", "data": region(json!({"point": {"row": 0.5, "col": 0.5}}))},
        {"id": "keypoints", "input_id": "a", "data": region(json!({"keypoint_locations": [{"row": 0.5, "col": 0.25}]}))},
        {"id": "span", "input_id": "b", "data": region(json!({"span": {"char_start": 0, "char_end": 3, "raw_text": "wor"}}))},
        {"id": "frames", "input_id": "a", "data": {"frames": [{"frame_info": {"index": 1}, "data": {}}]}},
        {"id": "segments", "input_id": "a", "data": {"time_segments": [{"id": "s", "time_info": {"begin_time": 0, "end_time": 1}}]}},
        {"id": "text", "input_id": "a", "data": {"text": {"raw": "Ein Café bei Nacht"}}},
        {"id": "track", "input_id": "a", "data": {"regions": [{"track_id": "k9", "region_info": {"point": {"row": 0.1, "col": 0.1}}, "data": {"text": {"raw": "of the region"}}}]}},
        {"id": "predicted", "input_id": "b", "worker": {"model": model}, "data": {"concepts": [{"id": "thing", "value": 0.7}]}},
        {"id": "waits", "input_id": "b", "status": {"code": 24151}, "data": {"concepts": [{"id": "thing"}]}},
    ]);
    let annotations = serde_json::from_value(annotations).unwrap();
    w.ok(&PostAnnotations { user_app_id: scope(), annotations });
    w
}

fn search(filters: &Value) -> Search {
    serde_json::from_value(json!({"query": {"filters": filters}})).unwrap()
}

fn over_annotations(filters: &Value) -> PostAnnotationsSearches {
    PostAnnotationsSearches { user_app_id: scope(), searches: vec![search(filters)], ..Default::default() }
}

fn over_inputs(filters: &Value) -> PostInputsSearches {
    PostInputsSearches { user_app_id: scope(), searches: vec![search(filters)], ..Default::default() }
}

fn found(w: &World, filters: &Value) -> BTreeSet<String> {
    w.ok(&over_annotations(filters)).hits.into_iter().map(|h| h.annotation.unwrap().id).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn each_shape_and_part_is_found_by_its_presence() {
    let w = world();
    let shape = |info: Value| found(&w, &json!([{"annotation": {"data": {"regions": [{"region_info": info}]}}}]));
    assert_eq!(shape(json!({"bounding_box": {}})), set(&["box"]));
    assert_eq!(shape(json!({"polygon": {}})), set(&["polygon"]));
    assert_eq!(shape(json!({"mask": {}})), set(&[]));
    assert_eq!(shape(json!({"point": {}})), set(&["point", "track"]));
    assert_eq!(shape(json!({"span": {}})), set(&["span"]));
    assert_eq!(shape(json!({"keypoint_locations": [{}]})), set(&["keypoints"]));
    assert_eq!(shape(json!({"polygon": {}, "span": {}})), set(&["polygon", "span"]));
    assert_eq!(shape(json!({})), set(&["box", "polygon", "point", "keypoints", "span", "track"]));
    let data = |data: Value| found(&w, &json!([{"annotation": {"data": data}}]));
    assert_eq!(data(json!({"frames": [{}]})), set(&["frames"]));
    assert_eq!(data(json!({"time_segments": [{}]})), set(&["segments"]));
    assert_eq!(data(json!({"text": {}})), set(&["text"]));
    assert_eq!(data(json!({"text": {"raw": "CAFE"}})), set(&["text"]));
    assert_eq!(data(json!({"text": {"raw": "tea"}})), set(&[]));
    assert_eq!(data(json!({"regions": [{"data": {"text": {"raw": "Region"}}}]})), set(&["track"]));
}

#[test]
fn tasks_infos_tracks_and_workers_are_known() {
    let w = world();
    let said = |annotation: Value| found(&w, &json!([{"annotation": annotation}]));
    assert_eq!(said(json!({"task_id": "t1"})), set(&["box"]));
    assert_eq!(said(json!({"annotation_info": {"tool": "lasso"}})), set(&["polygon"]));
    assert_eq!(said(json!({"annotation_info": {"by": {"n": 1.0}}})), set(&["polygon"]));
    assert_eq!(said(json!({"annotation_info": {"tool": "brush"}})), set(&[]));
    assert_eq!(said(json!({"data": {"regions": [{"track_id": "k9"}]}})), set(&["track"]));
    assert_eq!(said(json!({"data": {"regions": [{"id": "box"}]}})), set(&["box"]));
    assert_eq!(said(json!({"worker": {"model": {"model_version": {"id": "v1"}}}})), set(&["predicted"]));
    assert_eq!(said(json!({"worker": {"model": {"id": "nobody"}}})), set(&[]));
    assert!(!said(json!({"worker": {"user": {"id": "me"}}})).contains("predicted"));
    assert_eq!(said(json!({"id": "point"})), set(&["point"]));
    assert_eq!(said(json!({"status": {"code": 24151}})), set(&["waits"]));
    let inputs = |filters: Value| {
        let hits = w.ok(&over_inputs(&filters)).hits;
        hits.into_iter().map(|h| h.input.unwrap().id).collect::<Vec<_>>()
    };
    assert_eq!(inputs(json!([{"annotation": {"task_id": "t1"}}])), ["a"]);
    assert_eq!(inputs(json!([{"negate": true, "annotation": {"task_id": "t1"}}])), ["b"]);
    assert_eq!(inputs(json!([{"input": {"status": {"code": 30000}}}])), ["b", "a"]);
    assert!(inputs(json!([{"input": {"status": {"code": 30002}}}])).is_empty());
}

#[test]
fn times_reach_from_start_to_end() {
    let w = world();
    let get = |id: &str| w.ok(&GetInput { user_app_id: scope(), input_id: id.into() }).input.unwrap();
    let (a, b) = (get("a").modified_at.unwrap(), get("b").modified_at.unwrap());
    let times = |range: TimeRange| {
        let filter = Filter { last_updated_time_range: Some(range), ..Filter::default() };
        let query = Some(Query { filters: vec![filter], ..Query::default() });
        let searches = vec![Search { query, ..Search::default() }];
        let op = PostInputsSearches { user_app_id: scope(), searches: searches.clone(), ..Default::default() };
        let said = PostAnnotationsSearches { user_app_id: scope(), searches, ..Default::default() };
        (w.ok(&op).hits.len(), w.ok(&said).hits.len())
    };
    assert!(a <= b);
    let (all, said) = times(TimeRange { start_time: Some(a), end_time: None });
    assert_eq!((all, said), (2, 11));
    let before = labelscope_api::wire::Timestamp(a.0 - 1);
    assert_eq!(times(TimeRange { start_time: None, end_time: Some(before) }), (0, 0));
    let after = labelscope_api::wire::Timestamp(b.0 + 1_000_000_000);
    assert_eq!(times(TimeRange { start_time: Some(after), end_time: None }), (0, 0));
    assert_eq!(times(TimeRange { start_time: Some(a), end_time: Some(after) }), (2, 11));
}

#[test]
fn a_shape_with_values_is_refused_with_its_place() {
    let w = world();
    for (name, value) in [
        ("bounding_box", json!({"top_row": 0.1, "left_col": 0.1, "bottom_row": 0.4, "right_col": 0.4})),
        ("polygon", json!({"points": [{"row": 0.1, "col": 0.1}]})),
        ("point", json!({"row": 0.5})),
        ("span", json!({"char_end": 3})),
    ] {
        let filters = json!([{"annotation": {"data": {"regions": [{"region_info": {name: value}}]}}}]);
        let (code, details) = w.refused(&over_annotations(&filters));
        assert_eq!(code, 40002);
        let place = format!("query.filters[0].annotation.data.regions[0].region_info.{name} has values");
        assert!(details.contains(&place), "{details}");
        assert_eq!(w.refused(&over_inputs(&filters)).0, 40002);
    }
    let inner = json!([{"annotation": {"data": {"regions": [{"data": {"metadata": {"k": 1}}}]}}}]);
    assert_eq!(w.refused(&over_annotations(&inner)).0, 10040);
    let two = json!([{"annotation": {"data": {"regions": [{}, {}]}}}]);
    assert_eq!(w.refused(&over_annotations(&two)).0, 40002);
}

#[test]
fn hits_of_several_searches_follow_one_another() {
    let w = world();
    let searches = vec![search(&json!([{"annotation": {"input_id": "a"}}])), Search::default()];
    let op = PostInputsSearches { user_app_id: scope(), searches: searches.clone(), ..Default::default() };
    let reply = w.ok(&op);
    let ids: Vec<_> = reply.hits.into_iter().map(|h| h.input.unwrap().id).collect();
    assert_eq!(ids, ["a", "b", "a"]);
    assert!(reply.query.is_none());
    let counted = w.ok(&PostInputsSearches { only_count: true, ..op });
    assert_eq!(counted.hit_counts.iter().map(|c| c.estimated_total.0).collect::<Vec<_>>(), [1, 2]);
    // One that cannot be run ends the call, and saves nothing of it.
    let saved = Search { id: "s".into(), save: true, ..Search::default() };
    let bad = Search { algorithm: "magic".into(), ..Search::default() };
    let op = PostInputsSearches { user_app_id: scope(), searches: vec![saved, bad], ..Default::default() };
    assert_eq!(w.refused(&op).0, 40002);
    assert!(w.ok(&ListSearches { user_app_id: scope(), ..Default::default() }).searches.is_empty());
}

#[test]
fn each_path_changes_the_searches_of_its_kind() {
    let w = world();
    let save = |id: &str| Search { id: id.into(), name: "first".into(), save: true, ..Search::default() };
    let (i, a, o) = (vec![save("i")], vec![save("a")], vec![save("o")]);
    w.ok(&PostInputsSearches { user_app_id: scope(), searches: i, ..Default::default() });
    w.ok(&PostAnnotationsSearches { user_app_id: scope(), searches: a, ..Default::default() });
    w.ok(&PostSearches { user_app_id: scope(), searches: o, ..Default::default() });
    let named = |id: &str| vec![Search { id: id.into(), name: "second".into(), ..Search::default() }];
    let action = || "overwrite".to_owned();
    let of_inputs = |id: &str| PatchInputsSearches { user_app_id: scope(), searches: named(id), action: action() };
    let of_annotations =
        |id: &str| PatchAnnotationsSearches { user_app_id: scope(), searches: named(id), action: action() };
    let of_any = |id: &str| PatchSearches { user_app_id: scope(), searches: named(id), action: action() };
    assert_eq!(w.ok(&of_inputs("i")).searches[0].name, "second");
    assert_eq!(w.ok(&of_annotations("a")).searches[0].name, "second");
    assert_eq!((w.refused(&of_inputs("a")).0, w.refused(&of_annotations("i")).0), (11101, 11101));
    for id in ["i", "a", "o"] {
        assert_eq!(w.ok(&of_any(id)).searches[0].name, "second");
    }
    // All or none.
    let both = vec![named("i").remove(0), named("nobody").remove(0)];
    let both = both.into_iter().map(|s| Search { name: "third".into(), ..s }).collect();
    assert_eq!(w.refused(&PatchSearches { user_app_id: scope(), searches: both, action: action() }).0, 11101);
    let got = w.ok(&GetSearch { user_app_id: scope(), id: "i".into() }).search.unwrap();
    assert_eq!(got.name, "second");
    let none = PatchSearches { user_app_id: scope(), searches: vec![], action: action() };
    assert_eq!(w.refused(&none).0, 11102);
    let run = PostSearchesByID { user_app_id: scope(), id: "a".into(), ..Default::default() };
    assert!(w.ok(&run).hits.iter().all(|h| h.annotation.is_some()));
}

/// An operation as a file of `testdata/wire` sends it, to the default app.
fn as_sent<O: Operation>(name: &str) -> O {
    let file = std::fs::read(testdata(&format!("wire/{name}.json"))).unwrap();
    let request = &serde_json::from_slice::<Value>(&file).unwrap()["request"];
    let path = request["path"].as_str().unwrap();
    let (mut path, _) = O::META.match_path(path).unwrap_or_else(|| panic!("{name}: {path}"));
    for (name, value) in &mut path {
        match *name {
            name if name.ends_with("user_id") || name.ends_with("userId") => *value = "me".into(),
            name if name.ends_with("app_id") || name.ends_with("appId") => *value = "demo".into(),
            _ => {}
        }
    }
    // The short paths name neither.
    if path.is_empty() {
        path.extend([("user_app_id.user_id", "me".into()), ("user_app_id.app_id", "demo".into())]);
    }
    O::from_parts(path, "", request["body"].to_string().as_bytes()).unwrap()
}

#[test]
fn what_clients_send_is_answered_as_they_send_it() {
    let w = world();
    let concepts = ["CONCEPT_ID", "@conceptID", "cat", "dog"].map(|id| json!({"id": id, "value": 1}));
    let inputs = json!([
        {"id": "near", "data": {"image": {"url": "http://x/near.jpg"}, "concepts": concepts, "geo": {"geo_point": {"longitude": 44, "latitude": 55}}}},
        {"id": "zero", "data": {"image": {"url": "http://x/zero.jpg"}, "geo": {"geo_point": {"longitude": 1.5, "latitude": -1}}}},
    ]);
    let inputs = serde_json::from_value(inputs).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    let ids = |reply: MultiSearchResponse| reply.hits.into_iter().map(|h| h.input.unwrap().id).collect::<Vec<_>>();
    for (name, wanted) in [
        ("searches__test_filter_concept_id_request", ["near"]),
        ("searches__test_filter_geo_box_request", ["near"]),
        ("searches__test_filter_geo_limit_request", ["near"]),
    ] {
        assert_eq!(ids(w.ok(&as_sent::<PostInputsSearches>(name))), wanted, "{name}");
    }
    for (name, wanted) in [("searches__java_by_concept_id", "near"), ("searches__java_by_geo", "zero")] {
        assert_eq!(ids(w.ok(&as_sent::<PostSearches>(name))), [wanted], "{name}");
    }
    let combined = as_sent::<PostAnnotationsSearches>("searches__docs_annotations_combine_negate_request");
    assert_eq!(ids(w.ok(&combined)), ["near"]);
    // What takes a model is refused, and so is a concept that is not here.
    assert_eq!(w.refused(&as_sent::<PostInputsSearches>("searches__test_rank_image_url_request")).0, 10040);
    assert_eq!(w.refused(&as_sent::<PostInputsSearches>("searches__test_rank_public_concept_request")).0, 40002);
    for name in ["searches__csharp_by_image_pagination", "searches__docs2019_by_image", "searches__go_reverse_image_2"]
    {
        assert_eq!(w.refused(&as_sent::<PostSearches>(name)).0, 10040, "{name}");
    }
}

#[test]
fn one_dataset_takes_in_another_as_the_sdk_asks_for_it() {
    let w = world();
    let datasets = ["DATASET_ID", "SOURCE_DATASET_ID"].map(|id| Dataset { id: id.into(), ..Dataset::default() });
    w.ok(&PostDatasets { user_app_id: scope(), datasets: datasets.into() });
    let search = |filters: &Value| PostDatasetInputs {
        user_app_id: scope(),
        dataset_id: "SOURCE_DATASET_ID".into(),
        search: Some(Box::new(search(filters))),
        ..Default::default()
    };
    w.ok(&search(&json!([])));
    let merge = as_sent::<PostDatasetInputs>("dataset_inputs__sdk_merge_by_search_request");
    let members = || {
        let op = ListDatasetInputs { user_app_id: scope(), dataset_id: "DATASET_ID".into(), ..Default::default() };
        let listed = w.ok(&op).dataset_inputs;
        listed.into_iter().map(|m| m.input.unwrap().id).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        let bulk = w.ok(&merge).bulk_operation.unwrap();
        assert_eq!(bulk.progress.unwrap().processed, 2);
        assert_eq!(members(), ["a", "b"]);
    }
    // A search of the past finds what is gone, which cannot join.
    let then = w.ok(&GetInput { user_app_id: scope(), input_id: "b".into() }).input.unwrap().created_at;
    w.ok(&DeleteInput { user_app_id: scope(), input_id: "a".into() });
    w.ok(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: "DATASET_ID".into(), input_ids: vec!["b".into()] });
    let past = Search { as_of: then, ..Search::default() };
    let op = PostDatasetInputs { search: Some(Box::new(past)), dataset_id: "DATASET_ID".into(), ..search(&json!([])) };
    assert_eq!(w.ok(&op).bulk_operation.unwrap().progress.unwrap().processed, 1);
    assert_eq!(members(), ["b"]);
}
