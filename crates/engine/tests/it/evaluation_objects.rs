//! Detectors and segmenters on real photographs, against what pycocotools says of them (testdata/…/reference).

// What has come through unchanged is compared as it is.
#![allow(clippy::float_cmp)]

use crate::evaluation_labels::{file, test_set};
use crate::evaluations::{all, annotate, asked, get, post};
use crate::imports::gt;
use crate::models::{add, model, register, version};
use crate::world::World;
use labelscope_api::messages::*;
use labelscope_metrics::Content;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Predictions in COCO's results format, put where an import puts them: exact, in the order of the file.
fn predict_exactly(w: &World, dataset: &str, results: &Value) {
    let mut conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    // Triggers know it; of what is not trusted they keep nothing.
    let flags =
        rusqlite::functions::FunctionFlags::SQLITE_UTF8 | rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("facts", 1, flags, |_| Ok("[]")).unwrap();
    let tx = conn.transaction().unwrap();
    let number = |sql: &str| -> i64 { tx.query_row(sql, [], |r| r.get(0)).unwrap() };
    let (app, seq) = (number("SELECT key FROM app WHERE id = 'demo'"), number("SELECT max(seq) FROM revision"));
    let file: Value = serde_json::from_slice(&gt(dataset)).unwrap();
    let categories = file["categories"].as_array().unwrap().iter();
    let names: HashMap<i64, &str> =
        categories.map(|c| (c["id"].as_i64().unwrap(), c["name"].as_str().unwrap())).collect();
    for (n, one) in results.as_array().unwrap().iter().enumerate() {
        let pixel = |i: usize| one["bbox"][i].as_f64();
        let id = |key: &str| one[key].as_i64().unwrap();
        let segmentation = one.get("segmentation").map(Value::to_string);
        tx.execute(
            "INSERT INTO annotation (app, key, input, id, user_id, model_version_id, trusted, input_level, shape, exact, px, py, pw, ph, area, crowd, segmentation, status, created_at, modified_at, born)
             VALUES (?1, (SELECT max(rev) + 1 FROM annotation), (SELECT key FROM input WHERE app = ?1 AND origin_id = ?2 AND died IS NULL),
               ?3, 'local', 'mv1', 0, 0, ?4, 1, ?5, ?6, ?7, ?8, NULL, 0, ?9, 24150, 0, 0, ?10)",
            rusqlite::params![
                app, id("image_id"), format!("p{n}"), if segmentation.is_some() { 3 } else { 1 },
                pixel(0), pixel(1), pixel(2), pixel(3), segmentation, seq
            ],
        )
        .unwrap();
        tx.execute(
            "INSERT INTO label (annotation, concept, value) VALUES (?1, (SELECT key FROM concept WHERE app = ?2 AND name = ?3 AND died IS NULL), ?4)",
            (tx.last_insert_rowid(), app, names[&id("category_id")], one["score"].as_f64()),
        )
        .unwrap();
    }
    tx.commit().unwrap();
}

pub fn with(id: &str, params: Value) -> EvalMetrics {
    let params = serde_json::from_value(params).unwrap();
    let dataset = Dataset { id: "photos".into(), ..Dataset::default() };
    EvalMetrics { eval_info: Some(EvalInfo { params }), ..asked(id, dataset) }
}

/// A dataset with the predictions of a model of this kind.
pub fn photos(dataset: &str, predictions: &str, kind: &str) -> World {
    let w = World::new();
    w.imported("photos", &[("gt.json", &gt(dataset))]);
    register(&w, model("m", kind));
    add(&w, "m", vec![version("mv1")]);
    predict_exactly(&w, dataset, &file(&format!("{dataset}/{predictions}.json")));
    w
}

pub fn evaluate(w: &World, sent: EvalMetrics) -> EvalMetrics {
    let id = post(w, sent).id;
    w.run_jobs();
    let done = get(w, &id, all());
    assert_eq!(done.status.as_ref().unwrap().code.0, 21300, "{:?}", done.status);
    done
}

fn own(e: &EvalMetrics) -> Value {
    e.extended_metrics.as_ref().unwrap().user_metrics.as_ref().unwrap()["labelscope"].clone()
}

/// The twelve numbers within 1e-9, and what the API has of them within its 32 bits.
pub fn against_pycocotools(done: &EvalMetrics, want: &Value) {
    let coco = &own(done)["coco"];
    for (name, want) in want["stats"].as_object().unwrap() {
        let got = coco[name].as_f64().unwrap();
        assert!((got - want.as_f64().unwrap()).abs() < 1e-9, "{name}: {got} and {want}");
    }
    let close =
        |got: f32, want: &Value| assert!((f64::from(got) - want.as_f64().unwrap()).abs() < 1e-6, "{got} and {want}");
    let summary = done.summary.as_ref().unwrap();
    close(summary.mean_avg_precision_iou_50, &want["stats"]["AP50"]);
    close(summary.mean_avg_precision_iou_range, &want["stats"]["AP"]);
    for class in want["per_class"].as_array().unwrap() {
        let at = |area: &str| {
            let mut found = done.metrics_by_class.iter().filter(|b| {
                b.concept.as_ref().unwrap().name == class["name"].as_str().unwrap()
                    && b.area_name == area
                    && b.iou == 0.5
            });
            found.next().cloned()
        };
        let Some(whole) = at("all") else {
            assert_eq!((&class["n_gt"], &class["n_det"]), (&json!(0), &json!(0)), "{class}");
            continue;
        };
        let objects = |name: &str| class[name].as_u64().unwrap() as u32;
        assert_eq!(whole.num_pos, objects("n_gt"), "{class}");
        assert_eq!(whole.num_tot, whole.num_pos, "clients take the whole for what is there");
        if class["AP50"].is_null() {
            assert!(whole.precision_recall_curve.is_none() && whole.avg_precision == 0.0);
        } else {
            close(whole.avg_precision, &class["AP50"]);
        }
    }
    // Precision, recall and F1 over pycocotools' matches; the reference takes in what is at the threshold.
    let at = &want["counts_iou50"]["totals"]["0.5"];
    for name in ["precision", "recall", "f1"] {
        let got = own(done)["micro"][name].as_f64().unwrap();
        assert!((got - at[name].as_f64().unwrap()).abs() < 1e-9, "{name}: {got} and {at}");
    }
}

#[test]
fn boxes_in_rooms() {
    let w = photos("indoor85", "predictions", "visual-detector");
    let done = evaluate(&w, with("e", json!({"inclusive": true})));
    against_pycocotools(&done, &file("indoor85/reference/reference_bbox.json"));
    // One line for each concept, overlap and area, as clients look for them.
    let concepts = done.label_counts.as_ref().unwrap().positive_label_counts.len();
    assert_eq!(done.metrics_by_class.len(), concepts * 5 * 4);
    for iou in [0.5f32, 0.6, 0.7, 0.8, 0.9] {
        for area in ["all", "small", "medium", "large"] {
            let here = |all: &[BinaryMetrics]| all.iter().filter(|b| b.iou == iou && b.area_name == area).count();
            assert_eq!((here(&done.metrics_by_class), here(&done.metrics_by_area)), (concepts, 1), "{iou} {area}");
        }
    }
    let small = done.metrics_by_area.iter().find(|b| b.area_name == "small").unwrap();
    assert_eq!((small.area_min, small.area_max), (0.0, 1024.0));
    let whole = done.metrics_by_area.iter().find(|b| b.area_name == "all" && b.iou == 0.5).unwrap();
    assert_eq!(whole.num_pos, 686);
    for b in done.metrics_by_class.iter().chain(&done.metrics_by_area) {
        assert_eq!(b.precision_recall_curve.is_some(), b.num_pos > 0);
        let (Some(pr), Some(roc)) = (&b.precision_recall_curve, &b.roc_curve) else { continue };
        assert_eq!((pr.precision.len(), pr.recall.len(), pr.thresholds.len()), (101, 101, 101));
        assert_eq!(pr.thresholds[50], 0.5);
        assert_eq!(
            (roc.tpr.len(), roc.thresholds.len(), roc.fpr_per_image.len(), roc.fpr_per_object.len()),
            (101, 101, 101, 101)
        );
        // Nobody can count what is not there.
        assert!(roc.fpr.is_empty() && roc.fpr_per_image.is_sorted() && roc.tpr.is_sorted());
    }
    // At .25 everything counts: 228 of 494 are wrong, on 85 photographs with 686 objects.
    let froc = whole.roc_curve.as_ref().unwrap();
    let at = froc.thresholds.iter().position(|t| (*t - 0.25).abs() < 1e-6).unwrap();
    assert!(
        (froc.fpr_per_image[at] - 228.0 / 85.0).abs() < 1e-6 && (froc.fpr_per_object[at] - 228.0 / 686.0).abs() < 1e-6
    );
    assert!((froc.tpr[at] - 266.0 / 686.0).abs() < 1e-6);
    assert!(done.binary_metrics.is_empty(), "they are about inputs as wholes");
    // A row of the matrix sums to 1 less what was missed.
    let matrix = done.confusion_matrix.as_ref().unwrap();
    for id in &matrix.concept_ids {
        let row = matrix.matrix.iter().filter(|c| c.actual_concept.as_ref().unwrap().id == *id);
        let sum: f32 = row.map(|c| c.value).sum();
        assert!((0.0..=1.00001).contains(&sum), "{id}: {sum}");
    }
    // Every photograph with its boxes: those that are there, and those that were found.
    assert_eq!(done.test_set.len(), 85);
    let count = |of: fn(&EvalTestSetEntry) -> &Option<Box<Annotation>>| -> usize {
        done.test_set.iter().map(|e| of(e).as_ref().unwrap().data.as_ref().unwrap().regions.len()).sum()
    };
    assert_eq!((count(|e| &e.ground_truth_annotation), count(|e| &e.predicted_annotation)), (686, 494));
    let first = &done.test_set[0];
    let region = &first.predicted_annotation.as_ref().unwrap().data.as_ref().unwrap().regions[0];
    let bounds = region.region_info.as_ref().unwrap().bounding_box.clone().unwrap();
    let want = [13.0f32 / 480.0, 0.0, 244.0 / 480.0, 174.0 / 640.0];
    let got = [bounds.top_row, bounds.left_col, bounds.bottom_row, bounds.right_col];
    assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{got:?}");
    assert_eq!(region.data.as_ref().unwrap().concepts[0].value.0, 0.471_781);
    // And in columns, to the bit.
    let set = test_set(&w);
    let Content::Objects(objects) = &set.content else { panic!("objects") };
    assert_eq!((objects.truth.len(), objects.predictions.len(), set.inputs[0].width), (686, 494, 640));
    assert_eq!((objects.predictions[0].score, objects.predictions[0].bbox.h), (0.471_781, 231.0));
    assert_eq!(own(&done)["inputs_without_predictions"], json!(1));
}

#[test]
fn boxes_with_crowds_in_coco() {
    let w = photos("coco100", "predictions_bbox", "visual-detector");
    against_pycocotools(
        &evaluate(&w, with("e", json!({"inclusive": true}))),
        &file("coco100/reference/reference_bbox.json"),
    );
}

#[test]
fn masks_in_coco() {
    let w = photos("coco100", "predictions_segm", "visual-segmenter");
    let done = evaluate(&w, with("e", json!({"inclusive": true})));
    against_pycocotools(&done, &file("coco100/reference/reference_segm.json"));
    assert_eq!(own(&done)["overlap"], "masks");
    let Content::Objects(objects) = test_set(&w).content else { panic!("objects") };
    assert!(objects.predictions.iter().all(|p| p.mask.is_some()) && objects.truth.iter().all(|t| t.mask.is_some()));
    // By their boxes on demand.
    let by_boxes = evaluate(&w, with("e", json!({"overlap": "boxes"})));
    assert_ne!(own(&by_boxes)["coco"]["AP"], own(&done)["coco"]["AP"]);
    let w = photos("coco100", "predictions_segm", "visual-detector");
    let by_masks = evaluate(&w, with("e", json!({"overlap": "masks"})));
    assert_eq!(own(&by_masks)["coco"], own(&done)["coco"]);
}

fn boxed(id: &str, input: &str, by: &str, c: Concept, [top, left, bottom, right]: [f32; 4]) -> Annotation {
    let bounding_box = Some(BoundingBox { top_row: top, left_col: left, bottom_row: bottom, right_col: right });
    let region = Region {
        region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
        data: Some(Box::new(Data { concepts: vec![c], ..Data::default() })),
        ..Region::default()
    };
    Annotation {
        data: Some(Box::new(Data { regions: vec![region], ..Data::default() })),
        ..crate::evaluations::said(id, input, by, vec![])
    }
}

#[test]
fn regions_that_came_by_the_api_are_measured_too() {
    use crate::evaluations::{concept, pets, world};
    let w = world();
    register(&w, model("det", "visual-detector"));
    add(&w, "det", vec![version("dv1")]);
    let low = [0.1, 0.2, 0.5, 0.6];
    annotate(
        &w,
        vec![
            boxed("t", "a", "", concept("paw", 1.0), low),
            boxed("u", "b", "", concept("paw", 1.0), low),
            // Someone says that on `c` there is no paw at all, and someone else has drawn one.
            boxed("v", "c", "", concept("paw", 1.0), low),
            crate::evaluations::said("no", "c", "", vec![concept("paw", 0.0)]),
            // No object, but what is drawn there is told to be none.
            boxed("x", "d", "", concept("paw", 0.0), low),
            boxed("p", "a", "dv1", concept("paw", 0.9), low),
            boxed("q", "b", "dv1", concept("tail", 0.8), low),
            boxed("r", "c", "dv1", concept("paw", 0.7), low),
            // Of the input as a whole: no object.
            crate::evaluations::said("s", "d", "dv1", vec![concept("paw", 0.9)]),
        ],
    );
    let sent = EvalMetrics { model: Some(Box::new(model("det", ""))), ..asked("e", pets()) };
    let done = evaluate(&w, sent);
    let own = own(&done);
    assert_eq!(own["disputed"], json!([{"input_id": "c", "concept_id": "paw"}]));
    assert_eq!((&own["inputs_without_size"], &own["inputs_without_predictions"]), (&json!(4), &json!(0)));
    let paw = |iou: f32, area: &str| {
        let found = done
            .metrics_by_class
            .iter()
            .find(|b| b.concept.as_ref().unwrap().id == "paw" && b.iou == iou && b.area_name == area);
        found.unwrap().clone()
    };
    // One of two was found; sizes are unknown, so boxes are parts of one pixel.
    assert_eq!((paw(0.5, "all").num_pos, paw(0.5, "small").num_pos, paw(0.5, "large").num_pos), (2, 2, 0));
    assert!((paw(0.9, "all").avg_precision - 51.0 / 101.0).abs() < 1e-6);
    // A tail was seen where a paw is.
    let matrix = done.confusion_matrix.unwrap();
    let cells: Vec<_> = matrix.matrix.iter().map(|c| (&*c.actual, &*c.predicted, c.value)).collect();
    assert!(cells.contains(&("paw", "tail", 0.5)) && cells.contains(&("paw", "paw", 0.5)), "{cells:?}");
    let undefined = own["undefined"].as_array().unwrap();
    for name in
        ["metrics_by_class[tail,all].avg_precision", "metrics_by_class[paw,large].f1", "summary.macro_avg_roc_auc"]
    {
        assert!(undefined.contains(&json!(name)), "{name} in {undefined:?}");
    }
    let entry = &done.test_set[0];
    assert_eq!(entry.predicted_concepts[0].value, ConceptValue(0.9));
    let region = &entry.ground_truth_annotation.as_ref().unwrap().data.as_ref().unwrap().regions[0];
    let bounds = region.region_info.as_ref().unwrap().bounding_box.clone().unwrap();
    assert!((bounds.top_row - 0.1).abs() < 1e-6 && (bounds.right_col - 0.6).abs() < 1e-6);
    assert_eq!(region.id, "t");
}

#[test]
fn without_an_object_there_is_nothing_to_find() {
    use crate::evaluations::{concept, pets, world};
    let w = world();
    register(&w, model("det", "visual-detector"));
    add(&w, "det", vec![version("dv1")]);
    annotate(&w, vec![boxed("p", "a", "dv1", concept("paw", 0.9), [0.1, 0.2, 0.5, 0.6])]);
    post(&w, EvalMetrics { model: Some(Box::new(model("det", ""))), ..asked("e", pets()) });
    w.run_jobs();
    let status = get(&w, "e", all()).status.unwrap();
    assert!(status.code.0 == 21315 && status.details.contains("of an object"), "{status:?}");
}
