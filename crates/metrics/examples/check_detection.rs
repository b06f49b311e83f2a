//! Reads cases (a line of JSON each: COCO instances, results, and whether boxes or masks are measured) and writes what
//! `detection` makes of them, for `testdata/python/detection_test.py`.
#![allow(clippy::expect_used)]

#[path = "../tests/coco/mod.rs"]
#[allow(dead_code, reason = "shared with tests")]
mod coco;

use labelscope_metrics::detection::{
    Evaluation, Matching, Outcome, Overlap, Params, Rule, evaluate, matches, overlaps, rankings,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead as _, Write as _};

#[derive(Deserialize)]
struct Question {
    gt: coco::Instances,
    dt: Vec<coco::Found>,
    masks: bool,
}

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let question: Question = serde_json::from_str(&line).expect("a case");
        writeln!(out, "{}", answer(question)).expect("a reader");
    }
}

fn answer(question: Question) -> Value {
    let by = if question.masks { Overlap::Masks } else { Overlap::Boxes };
    let case = coco::case(question.gt, question.dt, question.masks);
    let (objects, classes) = (&case.objects, case.categories.len());
    let laid = overlaps(objects, by);
    let params = Params::default();
    let evaluation = evaluate(objects, classes, &laid, &params);
    let met = |iou: f64, area, matching| matches(objects, &laid, &Rule { iou, area, matching, ..Rule::default() });
    let curves: Vec<Value> = params
        .ious
        .iter()
        .flat_map(|iou| params.areas.iter().map(|area| (*iou, *area)))
        .flat_map(|(iou, area)| rankings(&met(iou, area, Matching::Within), objects, classes))
        .map(|ranking| {
            ranking.interpolated().map(|i| json!({"precision": i.precision.to_vec(), "score": i.score.to_vec()})).into()
        })
        .collect();
    // For every overlap, area and prediction: its place in the file, the object's id, and whether it is ignored.
    let matched: Vec<Value> = params
        .ious
        .iter()
        .flat_map(|iou| params.areas.iter().map(|area| (*iou, *area)))
        .map(|(iou, area)| {
            let met = met(iou, area, Matching::Within);
            let lines = case.places.iter().zip(&met.predictions).map(|(place, met)| {
                let truth = met.partner.and_then(|at| case.truth_ids.get(at as usize));
                json!([place, truth, met.outcome == Outcome::Ignored])
            });
            lines.collect()
        })
        .collect();
    json!({
        "ious": params.ious,
        "summary": evaluation.summary().values,
        "ap": cells(&evaluation, Evaluation::average_precision),
        "ar": cells(&evaluation, Evaluation::recall),
        "curves": curves,
        "matches": matched,
    })
}

/// Figures by overlap, concept, area and number of detections, as pycocotools' arrays have them.
fn cells(of: &Evaluation, figure: impl Fn(&Evaluation, usize, usize, usize, usize) -> Option<f64>) -> Vec<Option<f64>> {
    let params = of.params();
    let mut all = Vec::new();
    for iou in 0..params.ious.len() {
        for class in 0..of.class_count() {
            for area in 0..params.areas.len() {
                for most in 0..params.max_detections.len() {
                    all.push(figure(of, class, iou, area, most));
                }
            }
        }
    }
    all
}
