use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

fn world() -> World {
    let w = World::new();
    let image = Some(Image {
        url: "http://x/a.jpg".into(),
        allow_duplicate_url: true,
        image_info: Some(ImageInfo { width: 200, height: 100, ..ImageInfo::default() }),
        ..Image::default()
    });
    let input = |id: &str| Input {
        id: id.into(),
        data: Some(Box::new(Data { image: image.clone(), ..Data::default() })),
        ..Input::default()
    };
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![input("a"), input("b")], ..Default::default() });
    w
}

fn boxed(id: &str, input: &str, concept: &str) -> Annotation {
    let bounding_box = Some(BoundingBox { top_row: 0.1, left_col: 0.2, bottom_row: 0.5, right_col: 0.6 });
    let data = Data { concepts: vec![Concept { id: concept.into(), ..Concept::default() }], ..Data::default() };
    let region = Region {
        region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
        data: Some(Box::new(data)),
        ..Region::default()
    };
    Annotation {
        id: id.into(),
        input_id: input.into(),
        data: Some(Box::new(Data { regions: vec![region], ..Data::default() })),
        ..Annotation::default()
    }
}

fn list(w: &World, f: impl FnOnce(&mut ListAnnotations)) -> Vec<String> {
    let mut op = ListAnnotations { user_app_id: scope(), per_page: 100, ..Default::default() };
    f(&mut op);
    w.ok(&op).annotations.into_iter().map(|a| a.id).collect()
}

#[test]
fn added_listed_changed_and_deleted() {
    let w = world();
    let posted = w.ok(&PostAnnotations {
        user_app_id: scope(),
        annotations: vec![boxed("r1", "a", "chair"), boxed("r2", "b", "table"), boxed("", "a", "chair")],
    });
    assert_eq!(posted.annotations.len(), 3);
    assert_eq!(
        posted.annotations[0].data.as_ref().unwrap().regions[0].data.as_ref().unwrap().concepts[0].name,
        "chair"
    );
    assert_eq!(list(&w, |op| op.input_ids = vec!["b".into()]), ["r2"]);
    assert_eq!(
        list(&w, |op| (op.input_ids, op.ids) = (vec!["a".into(), "b".into()], vec!["r1".into(), "r1".into()])),
        ["r1"]
    );
    let mut change = boxed("r1", "a", "sofa");
    change.data.as_mut().unwrap().regions[0].region_info.as_mut().unwrap().bounding_box.as_mut().unwrap().right_col =
        0.9;
    let done = w.ok(&PatchAnnotations {
        user_app_id: scope(),
        action: "overwrite".into(),
        annotations: vec![change],
        ..Default::default()
    });
    let region = &done.annotations[0].data.as_ref().unwrap().regions[0];
    assert_eq!(region.data.as_ref().unwrap().concepts[0].id, "sofa");
    assert!((region.region_info.as_ref().unwrap().bounding_box.as_ref().unwrap().right_col - 0.9).abs() < 1e-7);
    let merged = w.ok(&PatchAnnotations {
        user_app_id: scope(),
        action: "merge".into(),
        annotations: vec![boxed("r1", "a", "red")],
        ..Default::default()
    });
    let concepts = &merged.annotations[0].data.as_ref().unwrap().regions[0].data.as_ref().unwrap().concepts;
    assert_eq!(
        concepts.iter().map(|c| c.id.as_str()).collect::<std::collections::BTreeSet<_>>(),
        ["red", "sofa"].into()
    );
    w.ok(&DeleteAnnotation { user_app_id: scope(), input_id: "a".into(), annotation_id: "r1".into() });
    assert_eq!(list(&w, |op| op.input_ids = vec!["a".into()]).len(), 1);
    w.ok(&DeleteAnnotations { user_app_id: scope(), input_ids: vec!["a".into()], ids: vec![] });
    assert_eq!(list(&w, |_| ()), ["r2"]);
    assert_eq!(w.refused(&DeleteAnnotations { user_app_id: scope(), ..Default::default() }).0, 11102);
}

#[test]
fn predictions_stay_apart() {
    let w = world();
    let prediction = Annotation { model_version_id: "v1".into(), ..boxed("p", "a", "chair") };
    let made = w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![prediction] });
    assert!(!made.annotations[0].trusted);
    assert_eq!(
        made.annotations[0].worker.as_ref().unwrap().model.as_ref().unwrap().model_version.as_ref().unwrap().id,
        "v1"
    );
    assert!(list(&w, |_| ()).is_empty());
    assert_eq!(list(&w, |op| op.list_all_annotations = true), ["p"]);
    assert_eq!(list(&w, |op| op.model_version_ids = vec!["v1".into()]), ["p"]);
    assert!(list(&w, |op| op.user_ids = vec!["me".into()]).is_empty());
    let counts = w.ok(&GetConceptCounts { user_app_id: scope(), ..Default::default() }).concept_counts;
    assert_eq!(counts[0].concept_type_count.as_ref().unwrap().positive, 0);
}

#[test]
fn what_is_wrong_is_said_and_nothing_half_done() {
    let w = world();
    let mut outside = boxed("x", "a", "new-concept");
    outside.data.as_mut().unwrap().regions[0].region_info.as_mut().unwrap().bounding_box.as_mut().unwrap().right_col =
        17.0;
    let reply = w.ok(&PostAnnotations {
        user_app_id: scope(),
        annotations: vec![outside, boxed("ok", "a", "chair"), boxed("y", "none", "chair")],
    });
    assert_eq!(reply.status.unwrap().code, StatusCode::MIXED_STATUS);
    assert!(reply.annotations[0].status.as_ref().unwrap().details.contains("fractions from 0 to 1"));
    assert_eq!(reply.annotations[2].status.as_ref().unwrap().code.0, 11101);
    assert_eq!(list(&w, |_| ()), ["ok"]);
    assert_eq!(w.refused(&GetConcept { user_app_id: scope(), concept_id: "new-concept".into() }).0, 11101);
    assert_eq!(
        w.refused(&PatchAnnotations {
            user_app_id: scope(),
            action: "invent".into(),
            annotations: vec![boxed("ok", "a", "x")],
            ..Default::default()
        })
        .0,
        11102
    );
}

#[test]
fn exact_pixels_hold_only_with_their_geometry() {
    let w = world();
    let first = w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![boxed("r", "a", "chair")] });
    assert!(first.annotations[0].data.as_ref().unwrap().metadata.is_none());
    let mut wrong = boxed("s", "a", "chair");
    wrong.data.as_mut().unwrap().metadata =
        json!({"labelscope": {"bbox": [1.0, 2.0, 3.0, 4.0], "hash": "not it"}, "mine": 1}).as_object().cloned();
    let made = w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![wrong] });
    assert_eq!(made.annotations[0].data.as_ref().unwrap().metadata, json!({"mine": 1}).as_object().cloned());
}

fn patch(w: &World, action: &str, annotation: Annotation, delete_if_empty_data: bool) -> Vec<Annotation> {
    let annotations = vec![annotation];
    w.ok(&PatchAnnotations { user_app_id: scope(), action: action.into(), annotations, delete_if_empty_data })
        .annotations
}

fn whole(id: &str, concepts: &[(&str, f32)], metadata: &serde_json::Value) -> Annotation {
    let concepts = concepts
        .iter()
        .map(|(id, value)| Concept { id: (*id).into(), value: ConceptValue(*value), ..Concept::default() })
        .collect();
    let data = Data { concepts, metadata: metadata.as_object().cloned(), ..Data::default() };
    Annotation { id: id.into(), input_id: "a".into(), data: Some(Box::new(data)), ..Annotation::default() }
}

fn shown(annotation: &Annotation) -> Vec<(&str, f32)> {
    annotation.data.as_ref().unwrap().concepts.iter().map(|c| (c.id.as_str(), c.value.0)).collect()
}

#[test]
fn merge_puts_behind_overwrite_replaces_remove_takes_out() {
    let w = world();
    // Made first, so that order of making and order of putting differ.
    w.ok(&PostConcepts { user_app_id: scope(), concepts: vec![Concept { id: "z".into(), ..Concept::default() }] });
    let sent = whole("l", &[("b", 1.0), ("a", 1.0)], &json!({"who": {"name": "ann", "age": 3}}));
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![sent] });
    let merged =
        patch(&w, "merge", whole("l", &[("z", 1.0), ("a", 0.0)], &json!({"who": {"age": 4}, "n": [1]})), false);
    assert_eq!(shown(&merged[0]), [("b", 1.0), ("a", 0.0), ("z", 1.0)]);
    assert_eq!(
        merged[0].data.as_ref().unwrap().metadata,
        json!({"who": {"name": "ann", "age": 4}, "n": [1]}).as_object().cloned()
    );
    assert!(merged[0].input_level);
    let removed = patch(&w, "remove", whole("l", &[("b", 1.0)], &json!({"n": null})), false);
    assert_eq!(shown(&removed[0]), [("a", 0.0), ("z", 1.0)]);
    assert_eq!(
        removed[0].data.as_ref().unwrap().metadata,
        json!({"who": {"name": "ann", "age": 4}}).as_object().cloned()
    );
    let over = patch(&w, "overwrite", whole("l", &[("c", 1.0)], &json!({"only": true})), false);
    assert_eq!(shown(&over[0]), [("c", 1.0)]);
    assert_eq!(over[0].data.as_ref().unwrap().metadata, json!({"only": true}).as_object().cloned());
}

#[test]
fn what_is_emptied_goes_if_asked_unless_it_speaks_of_the_whole_input() {
    let w = world();
    w.ok(&PostAnnotations {
        user_app_id: scope(),
        annotations: vec![whole("l", &[("a", 1.0)], &json!(null)), boxed("r", "a", "chair"), boxed("s", "a", "chair")],
    });
    let kept = patch(&w, "remove", whole("l", &[("a", 1.0)], &json!(null)), true);
    assert!(kept[0].input_level && shown(&kept[0]).is_empty());
    let mut emptied = whole("r", &[], &json!(null));
    emptied.data.as_mut().unwrap().regions = vec![Region { id: "r".into(), ..Region::default() }];
    assert_eq!(list(&w, |_| ()).len(), 3);
    let chair = |id: &str| {
        let mut a = boxed(id, "a", "chair");
        a.data.as_mut().unwrap().regions[0].region_info = None;
        a
    };
    assert_eq!(patch(&w, "remove", chair("r"), true).len(), 1, "its box is still there");
    assert!(patch(&w, "remove", emptied, true).is_empty());
    assert_eq!(list(&w, |_| ()).len(), 2);
    assert_eq!(patch(&w, "remove", chair("s"), false)[0].data.as_ref().unwrap().regions.len(), 1);
}

#[test]
fn workers_are_told_apart_and_or_ed() {
    let w = world();
    let by = |id: &str, user: &str| {
        let worker = Worker { user: Some(Box::new(User { id: user.into(), ..User::default() })), ..Worker::default() };
        Annotation { worker: Some(Box::new(worker)), ..boxed(id, "a", "chair") }
    };
    let prediction = Annotation { model_version_id: "v1".into(), ..boxed("p", "b", "chair") };
    w.ok(&PostAnnotations {
        user_app_id: scope(),
        annotations: vec![
            by("mine", "me"),
            by("anns", "ann"),
            Annotation { user_id: "bob".into(), ..boxed("bobs", "b", "chair") },
            prediction,
        ],
    });
    let users = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(list(&w, |op| op.user_ids = users(&["ann", "bob"])), ["anns", "bobs"]);
    assert_eq!(list(&w, |op| (op.user_ids, op.model_version_ids) = (users(&["me"]), users(&["v1"]))), ["mine", "p"]);
    assert_eq!(list(&w, |op| (op.user_ids, op.input_ids) = (users(&["ann", "bob"]), users(&["b"]))), ["bobs"]);
    assert_eq!(list(&w, |op| op.input_ids = users(&["b", "a"])), ["bobs", "mine", "anns"]);
    assert_eq!(list(&w, |op| (op.list_all_annotations, op.page, op.per_page) = (true, 2, 3)), ["p"]);
    assert_eq!(list(&w, |op| op.ids = users(&["anns", "none"])), ["anns"]);
    let (code, details) = w.refused(&ListAnnotations {
        user_app_id: scope(),
        input_ids: users(&["a", "b"]),
        ids: users(&["mine"]),
        ..Default::default()
    });
    assert!(code == 11102 && details.contains("1 and 2"), "{details}");
    let nameless = Worker { model: Some(Box::new(Model { id: "m".into(), ..Model::default() })), ..Worker::default() };
    let reply = w.send(&PostAnnotations {
        user_app_id: scope(),
        annotations: vec![Annotation { worker: Some(Box::new(nameless)), ..boxed("x", "a", "chair") }],
    });
    assert_eq!(reply.unwrap_err().code(), StatusCode::FAILURE, "it would pass for what a person said");
}

fn by_json(value: serde_json::Value) -> Annotation {
    serde_json::from_value(value).unwrap()
}

fn get(w: &World, id: &str) -> Annotation {
    let op = GetAnnotation { user_app_id: scope(), input_id: "a".into(), annotation_id: id.into() };
    w.ok(&op).annotation.unwrap()
}

#[test]
fn one_is_got_by_its_id_whoever_made_it() {
    let w = world();
    let prediction = Annotation { model_version_id: "v1".into(), ..boxed("p", "a", "chair") };
    let made = w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![prediction] }).annotations.remove(0);
    assert_eq!(get(&w, "p"), made);
    for (input_id, annotation_id) in [("b", "p"), ("a", "none"), ("none", "p")] {
        let op = GetAnnotation { user_app_id: scope(), input_id: input_id.into(), annotation_id: annotation_id.into() };
        assert_eq!(w.refused(&op).0, 11101);
    }
}

#[test]
fn every_kind_of_content_comes_back_as_it_was_sent() {
    let w = world();
    let time = json!({"num_frames": 3, "begin_time": 0.5, "end_time": 1.5});
    let label = json!({"concepts": [{"id": "chair"}]});
    for (index, data) in [
        json!({"time_segments": [{"id": "t1", "time_info": time, "data": label}]}),
        json!({"frames": [{"id": "f1", "frame_info": {"index": 1, "time": "40", "number": 2}, "data": {"regions": [{"id": "r", "region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.1, "bottom_row": 0.2, "right_col": 0.2}}, "data": label}]}}]}),
        json!({"tracks": [{"id": "k1", "time_info": time, "quality": 0.5, "data": label}]}),
        json!({"text": {"raw": "said of it"}, "concepts": [{"id": "chair"}], "metadata": {"k": [1, null]}}),
        json!({"regions": [{"region_info": {"point": {"row": 0.5, "col": 0.25, "z": 0.125, "visibility": 1}}}]}),
        json!({"regions": [{"region_info": {"span": {"char_start": 0, "char_end": 4, "raw_text": "some"}}, "data": label}]}),
        json!({"regions": [{"region_info": {"keypoint_locations": [{"row": 0.5, "col": 0.25}]}, "track_id": "k9", "value": 0.5, "data": {"text": {"raw": "of the region"}, "concepts": [{"id": "chair"}]}}]}),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("x{index}");
        let sent = by_json(json!({"id": id, "input_id": "a", "data": data, "task_id": "t", "annotation_info": {"by": {"tool": 1}}}));
        w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![sent.clone()] });
        let got = get(&w, &id);
        assert_eq!((&got.task_id, &got.annotation_info), (&sent.task_id, &sent.annotation_info));
        // What the server adds: ids of regions, names of concepts.
        let plain = |a: &Annotation| {
            let mut value = serde_json::to_value(a.data.as_ref().unwrap()).unwrap();
            strip(&mut value);
            value
        };
        assert_eq!(plain(&got), plain(&sent), "{data}");
        // A change of something else leaves all that.
        patch(&w, "merge", by_json(json!({"id": id, "input_id": "a", "data": {"metadata": {"new": 1}}})), false);
        let mut again = get(&w, &id);
        again.data.as_mut().unwrap().metadata.as_mut().unwrap().remove("new");
        if again.data.as_ref().unwrap().metadata.as_ref().is_some_and(serde_json::Map::is_empty) {
            again.data.as_mut().unwrap().metadata = None;
        }
        assert_eq!(again.data, got.data);
    }
    assert_eq!(list(&w, |op| op.task_id = "t".into()).len(), 7);
    assert!(list(&w, |op| op.task_id = "other".into()).is_empty());
    assert!(list(&w, |op| op.workflow_version_ids = vec!["w".into()]).is_empty());
}

/// Takes out what a server adds to what it was sent.
fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
        serde_json::Value::Object(map) => {
            if map.contains_key("region_info") {
                map.remove("id");
                if map.get("value").and_then(serde_json::Value::as_f64) == Some(1.0) {
                    map.remove("value");
                }
            }
            for key in ["name", "app_id", "user_id", "created_at", "modified_at", "language", "status", "visibility"] {
                map.remove(key);
            }
            map.values_mut().for_each(strip);
            map.retain(|_, v| *v != json!({}));
        }
        _ => {}
    }
}

#[test]
fn lists_with_ids_are_merged_by_them_and_a_status_is_changed() {
    let w = world();
    let segments = |list: serde_json::Value| json!({"id": "s", "input_id": "a", "data": {"time_segments": list}});
    let first = by_json(segments(json!([{"id": "t1", "time_info": {"begin_time": 1, "end_time": 2}}])));
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![first] });
    let change =
        segments(json!([{"id": "t2", "time_info": {"begin_time": 5}}, {"id": "t1", "time_info": {"end_time": 3}}]));
    patch(&w, "merge", by_json(change), false);
    let shown = |w: &World| {
        let segments = get(w, "s").data.unwrap().time_segments.into_iter();
        segments
            .map(|s| (s.id, s.time_info.map(|t| (t.begin_time, t.end_time)).unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&w), [("t1".to_owned(), (1.0, 3.0)), ("t2".to_owned(), (5.0, 0.0))]);
    patch(&w, "remove", by_json(segments(json!([{"id": "t1"}]))), false);
    assert_eq!(shown(&w).len(), 1);
    patch(&w, "overwrite", by_json(segments(json!([{"id": "t9"}]))), false);
    assert_eq!(shown(&w), [("t9".to_owned(), (0.0, 0.0))]);
    let review = json!({"id": "s", "input_id": "a", "status": {"code": 24157}, "annotation_info": {"note": "see"}});
    let done = patch(&w, "merge", by_json(review), false);
    assert_eq!(done[0].status.as_ref().unwrap().code, StatusCode::ANNOTATION_AWAITING_REVIEW);
    assert_eq!(get(&w, "s").annotation_info, json!({"note": "see"}).as_object().cloned());
    assert_eq!(shown(&w).len(), 1, "a change of the status alone leaves the data");
}
