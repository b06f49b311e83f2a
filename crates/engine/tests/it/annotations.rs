use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

fn world() -> World {
    let w = World::new();
    let image = Some(Image {
        url: "http://x/a.jpg".into(),
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
