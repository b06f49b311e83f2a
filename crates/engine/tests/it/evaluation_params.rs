//! What `eval_info.params` may say, and what it changes.

// What has come through unchanged is compared as it is.
#![allow(clippy::float_cmp)]

use crate::evaluation_objects::{evaluate, photos, with};
use crate::evaluations::{annotate, asked, concept, pets, predict, said, world};
use crate::world::scope;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::{Value, json};

fn about_pets(params: Value) -> EvalMetrics {
    let params = serde_json::from_value(params).unwrap();
    EvalMetrics { eval_info: Some(EvalInfo { params }), ..asked("e", pets()) }
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    let w = world();
    for (params, place, allowed) in [
        (json!({"treshold": 0.5}), "treshold", "params may hold threshold"),
        (json!({"threshold": "high"}), "threshold", "a number"),
        (json!({"inclusive": 1}), "inclusive", "true or false"),
        (json!({"ious": []}), "ious", "1 to 20 numbers"),
        (json!({"ious": [0.5, 1.5]}), "ious", "up to 1"),
        (json!({"ious": [0]}), "ious", "above 0"),
        (json!({"ious": 0.5}), "ious", "a list"),
        (json!({"area_ranges": {"tiny": [10, 1]}}), "area_ranges", "[least, most]"),
        (json!({"area_ranges": {"tiny": [1]}}), "area_ranges", "[least, most]"),
        (json!({"area_ranges": {"": [0, 1]}}), "area_ranges", "names"),
        (json!({"area_ranges": {}}), "area_ranges", "1 to 20 names"),
        (json!({"matching": "both"}), "matching", "\"within\" or \"across\""),
        (json!({"overlap": "pixels"}), "overlap", "\"boxes\" or \"masks\""),
        (json!({"absent": null}), "absent", "\"negative\" or \"unknown\""),
        (json!({"max_detections": 0}), "max_detections", "1 to 10000"),
        (json!({"max_detections": 1.5}), "max_detections", "whole number"),
    ] {
        let eval_metrics = vec![asked("fine", pets()), about_pets(params)];
        let (code, details) = w.refused(&PostEvaluations { user_app_id: scope(), eval_metrics });
        assert_eq!(code, 11102);
        assert!(details.contains(&format!("eval_metrics[1].eval_info.params.{place}")), "{details}");
        assert!(details.contains(allowed), "{details}");
    }
    let op = ListEvaluations { user_app_id: scope(), show_failed_metrics: true, ..Default::default() };
    assert!(w.ok(&op).eval_metrics.is_empty(), "nothing is left of a refused call");
}

#[test]
fn the_threshold_and_what_happens_at_it() {
    let w = world();
    // Numbers that 32 bits hold exactly: .75 and .25 where there is a cat, .5 and none where there is not.
    let p = |input: &str, score| said(&format!("p-{input}"), input, "mv1", vec![concept("cat", score)]);
    annotate(&w, vec![p("a", 0.75), p("b", 0.25), p("c", 0.5)]);
    let f1 = |params: Value| {
        let done = evaluate(&w, about_pets(params));
        let cat = done.binary_metrics.iter().find(|b| b.concept.as_ref().unwrap().id == "cat").unwrap();
        (cat.f1, cat.precision_recall_curve.clone().unwrap())
    };
    let (above, curve) = f1(json!({}));
    let (at, inclusive) = f1(json!({"inclusive": true}));
    assert!((above - 2.0 / 3.0).abs() < 1e-6 && (at - 0.5).abs() < 1e-6, "{above} and {at}");
    // On the curves too, but for their ends.
    assert_eq!((curve.precision[50], inclusive.precision[50]), (1.0, 0.5));
    assert_eq!((curve.recall[0], inclusive.recall[0]), (1.0, 1.0));
    let (low, _) = f1(json!({"threshold": 0.1}));
    assert!((low - 0.8).abs() < 1e-6, "{low}");
}

#[test]
fn what_nobody_says_may_be_unknown() {
    let w = world();
    predict(&w);
    let done = evaluate(&w, about_pets(json!({"absent": "unknown"})));
    let of = |id: &str| done.binary_metrics.iter().find(|b| b.concept.as_ref().unwrap().id == id).unwrap();
    // Only `d` is said to be no cat, and nothing is said to be no dog.
    assert_eq!((of("cat").num_pos, of("cat").num_neg), (2, 1));
    assert_eq!((of("dog").num_pos, of("dog").num_neg, of("dog").roc_auc), (1, 0, 0.0));
    let own = &done.extended_metrics.as_ref().unwrap().user_metrics.as_ref().unwrap()["labelscope"];
    let undefined = own["undefined"].as_array().unwrap();
    for name in ["binary_metrics[dog].roc_auc", "binary_metrics[dog].roc_curve.fpr", "binary_metrics[bird].roc_curve"] {
        assert!(undefined.contains(&json!(name)), "{name}: {own}");
    }
    assert_eq!(of("dog").roc_curve.as_ref().unwrap().fpr, [0.0; 102]);
    assert!(of("bird").roc_curve.is_none() && of("bird").precision_recall_curve.is_none());
    assert_eq!(own["absent"], "unknown");
}

#[test]
fn overlaps_areas_and_how_many_count() {
    let w = photos("indoor85", "predictions", "visual-detector");
    let params = json!({"ious": [0.75, 0.5, 0.75], "area_ranges": {"quarter": [1, 76800]}, "max_detections": 1, "threshold": 0.3});
    let done = evaluate(&w, with("e", params.clone()));
    let mut seen: Vec<(String, f32)> = done.metrics_by_area.iter().map(|b| (b.area_name.clone(), b.iou)).collect();
    seen.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let expected = [("all", 0.5), ("all", 0.75), ("quarter", 0.5), ("quarter", 0.75)];
    assert_eq!(seen, expected.map(|(name, iou)| (name.to_owned(), iou)));
    let quarter = done.metrics_by_area.iter().find(|b| b.area_name == "quarter").unwrap();
    assert_eq!((quarter.area_min, quarter.area_max), (1.0, 76800.0));
    let own = &done.extended_metrics.as_ref().unwrap().user_metrics.as_ref().unwrap()["labelscope"];
    // With one detection for each concept on a photograph recall is COCO's AR1.
    assert_eq!(own["coco"]["AR100"], own["coco"]["AR1"]);
    assert!((own["coco"]["AR1"].as_f64().unwrap() - 0.159_852_618_5).abs() < 1e-9);
    assert_eq!((&own["max_detections"], &own["threshold"]), (&json!(1), &json!(0.3)));
    assert_eq!(done.eval_info.unwrap().params, params.as_object().cloned());
    // Within concepts nothing is ever taken for something else.
    let off = |e: &EvalMetrics| {
        let cells = &e.confusion_matrix.as_ref().unwrap().matrix;
        cells.iter().filter(|c| c.actual != c.predicted && c.value > 0.0).count()
    };
    let across = evaluate(&w, with("e", json!({"threshold": 0.25})));
    let within = evaluate(&w, with("e", json!({"threshold": 0.25, "matching": "within"})));
    assert!(off(&across) > 0 && off(&within) == 0);
    // What nobody says of a photograph: no prediction of it is wrong.
    let unknown = evaluate(&w, with("e", json!({"absent": "unknown"})));
    let ap = |e: &EvalMetrics| e.summary.as_ref().unwrap().mean_avg_precision_iou_50;
    assert!(ap(&unknown) > ap(&across));
}

#[test]
fn a_model_of_no_type_is_measured_by_what_it_says() {
    let w = world();
    crate::models::register(&w, crate::models::model("some", ""));
    crate::models::add(&w, "some", vec![crate::models::version("sv1")]);
    annotate(&w, vec![said("p", "a", "sv1", vec![concept("cat", 0.8)])]);
    let model = Some(Box::new(crate::models::model("some", "")));
    let done = evaluate(&w, EvalMetrics { model, ..asked("e", pets()) });
    assert!(!done.binary_metrics.is_empty() && done.metrics_by_class.is_empty());
}
