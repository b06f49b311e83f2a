//! The edge cases of `testdata/metrics/golden.json`. Its numbers have six digits.

use crate::{found, truth};
use labelscope_metrics::detection::{
    Area, Matching, Outcome, Overlap, Params, Rule, confusion, counts, evaluate, matches, overlaps, rankings,
};
use labelscope_metrics::{Cut, Matrix, Objects, Threshold};
use serde_json::Value;

fn golden(case: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/metrics/golden.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    all[case].clone()
}

/// Our figure under the name that the golden file has for it; −1 where it is undefined.
#[track_caller]
fn agrees(case: &str, objects: &Objects, classes: usize, names: &[(&str, &str)]) {
    let summary = evaluate(objects, classes, &overlaps(objects, Overlap::Boxes), &Params::default()).summary();
    for (theirs, ours) in names {
        let (wanted, got) = (golden(case)[theirs].as_f64().unwrap(), summary.get(ours).unwrap_or(-1.0));
        assert!((wanted - got).abs() < 1e-6, "{case} {ours}: {got}, not {wanted}");
    }
}

const BOX: [f64; 4] = [10., 10., 50., 50.];
const FAR: [f64; 4] = [200., 200., 50., 50.];
const EVERY: Threshold = Threshold { value: f64::NEG_INFINITY, cut: Cut::Above };

fn one(of: [f64; 4], predicted: [f64; 4]) -> Objects {
    Objects { truth: vec![truth(0, 0, of)], predictions: vec![found(0, 0, predicted, 0.9)] }
}

#[test]
fn perfect_whatever_the_ids() {
    agrees("A_perfect", &one(BOX, BOX), 1, &[("mAP", "AP"), ("AP50", "AP50")]);
    // Case B is pycocotools' 0 for an object whose id is 0. Positions are no ids, so no match is lost: the same objects
    // again, and the first of them is number 0.
    let objects = one(BOX, BOX);
    let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &Rule::default());
    assert_eq!(met.predictions[0].partner, Some(0));
    assert_eq!(met.predictions[0].outcome, Outcome::TruePositive);
}

#[test]
fn an_overlap_of_exactly_one_half_matches() {
    let objects = one([0., 0., 10., 10.], [0., 0., 10., 5.]);
    agrees("C_iou_exactly_0.5", &objects, 1, &[("AP50", "AP50"), ("AP_50_95", "AP"), ("AP75", "AP75")]);
}

#[test]
fn an_area_on_a_bound_is_in_both_ranges() {
    let names = [("APs", "APsmall"), ("APm", "APmedium"), ("APl", "APlarge")];
    for (case, side) in [("D_area_exactly_1024", 32.), ("D_area_exactly_9216", 96.)] {
        let square = [0., 0., side, side];
        agrees(case, &one(square, square), 1, &names);
    }
}

#[test]
fn a_concept_without_objects_is_left_out() {
    let objects = Objects {
        truth: vec![truth(0, 0, BOX), truth(0, 1, FAR)],
        predictions: vec![found(0, 0, BOX, 0.9), found(0, 2, BOX, 0.9)],
    };
    agrees("E_absent_category", &objects, 3, &[("mAP", "AP")]);
    let laid = overlaps(&objects, Overlap::Boxes);
    let classes = evaluate(&objects, 3, &laid, &Params::default()).classes();
    assert_eq!(classes.iter().map(|c| c.ap).collect::<Vec<_>>(), [Some(1.0), Some(0.0), None]);
}

#[test]
fn interpolation_over_101_recalls() {
    let places: Vec<[f64; 4]> = (0..5).map(|i| [f64::from(i) * 100., 0., 50., 50.]).collect();
    let objects = Objects {
        truth: vec![truth(0, 0, places[0]), truth(0, 0, places[1]), truth(0, 0, places[2])],
        predictions: vec![
            found(0, 0, places[0], 0.9),
            found(0, 0, places[3], 0.8),
            found(0, 0, places[1], 0.7),
            found(0, 0, places[4], 0.6),
        ],
    };
    let laid = overlaps(&objects, Overlap::Boxes);
    let ap = evaluate(&objects, 1, &laid, &Params::default()).summary().get("AP50").unwrap();
    let wanted = golden("F_TP_FP_TP_FP_of_3gt")["AP_COCO101"].as_f64().unwrap();
    assert!((ap - wanted).abs() < 1e-6, "{ap}");
    let ranking = &rankings(&matches(&objects, &laid, &Rule::default()), &objects, 1)[0];
    // F1 is 2/4, 2/5, 4/6, 4/7: highest from .7 on.
    assert_eq!(ranking.best_f1(), Some((0.7, 2.0 / 3.0)));
    assert_eq!(ranking.points().map(|p| p.score).collect::<Vec<_>>(), [0.9, 0.8, 0.7, 0.6]);
}

#[test]
fn equal_scores_keep_their_order() {
    let objects =
        Objects { truth: vec![truth(0, 0, BOX)], predictions: vec![found(0, 0, FAR, 0.9), found(0, 0, BOX, 0.9)] };
    agrees("G_tie_FP_listed_first", &objects, 1, &[("pycocotools_AP50", "AP50")]);
    // But the curve has one point for both.
    let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &Rule::default());
    assert_eq!(rankings(&met, &objects, 1)[0].points().count(), 1);
}

#[test]
fn what_lies_on_a_crowd_is_ignored() {
    let mut objects = Objects {
        truth: vec![truth(0, 0, BOX), truth(0, 0, FAR)],
        predictions: vec![
            found(0, 0, BOX, 0.5),
            found(0, 0, [210., 210., 10., 10.], 0.9),
            found(0, 0, [220., 220., 10., 10.], 0.8),
        ],
    };
    objects.truth[1].crowd = true;
    agrees("H_crowd_ignored", &objects, 1, &[("AP50", "AP50")]);
    let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &Rule::default());
    assert_eq!(met.at(&objects, EVERY).len(), 3);
    // A crowd that no prediction touches at the threshold is told once, as ignored.
    let above = met.at(&objects, Threshold { value: 0.95, cut: Cut::Above });
    let outcomes: Vec<_> = above.iter().map(|m| (m.outcome, m.truth)).collect();
    assert_eq!(outcomes, [(Outcome::FalseNegative, Some(0)), (Outcome::Ignored, Some(1))]);
}

#[test]
fn the_hundred_and_first_detection_is_none() {
    let mut objects = one(BOX, BOX);
    objects.predictions[0].score = 0.1;
    objects.predictions.extend((0..100).map(|i| found(0, 0, FAR, 0.9 - f64::from(i) / 1000.0)));
    agrees("I_TP_is_the_101st_detection", &objects, 1, &[("AP50", "AP50"), ("AR100", "AR100")]);
    let laid = overlaps(&objects, Overlap::Boxes);
    let all = matches(&objects, &laid, &Rule { max_detections: 101, ..Rule::default() });
    assert_eq!(counts(&all, &objects, 1, EVERY)[0].true_positives, 1);
    // pycocotools has no AP without 100 among its numbers of detections; ours is at the last of them.
    let params = Params { max_detections: vec![1, 10, 50], ..Params::default() };
    let few = evaluate(&one(BOX, BOX), 1, &overlaps(&one(BOX, BOX), Overlap::Boxes), &params).summary();
    assert_eq!((few.get("AP"), few.get("AP50")), (Some(1.0), Some(1.0)));
}

#[test]
fn a_prediction_of_another_concept_takes_nothing() {
    // On the object of concept 1 lies a surer prediction of concept 0, whose own object is found too.
    let objects = Objects {
        truth: vec![truth(0, 0, BOX), truth(0, 1, FAR)],
        predictions: vec![found(0, 0, FAR, 0.9), found(0, 0, BOX, 0.8), found(0, 1, FAR, 0.7)],
    };
    agrees("J_wrong_class_overlap", &objects, 2, &[("AP50", "AP50")]);
}

fn matrix(objects: &Objects, matching: Matching) -> Matrix {
    let met = matches(objects, &overlaps(objects, Overlap::Boxes), &Rule { matching, ..Rule::default() });
    confusion(&met, objects, 2, EVERY)
}

fn rows(value: &Value) -> Matrix {
    let rows = value.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
    Matrix::from_rows(3, rows.map(|cell| cell.as_f64().unwrap()).collect()).unwrap()
}

#[test]
fn matrices_say_who_was_matched_first() {
    let golden_p = golden("P_detection_cm_conflict");
    // The box of concept 0 overlaps by .9 and is surer; the one of concept 1 overlaps wholly.
    let objects = Objects {
        truth: vec![truth(0, 0, [0., 0., 10., 10.])],
        predictions: vec![found(0, 1, [0., 0., 10., 10.], 0.6), found(0, 0, [0., 0., 10., 9.], 0.9)],
    };
    let across = "coco_style_score_first_class_agnostic(FiftyOne classwise=False)";
    let within = "coco_style_classwise(FiftyOne default classwise=True)";
    assert_eq!(matrix(&objects, Matching::Across), rows(&golden_p[across]));
    assert_eq!(matrix(&objects, Matching::Within), rows(&golden_p[within]));

    let golden_q = golden("Q_pure_class_confusion");
    let objects = Objects { truth: vec![truth(0, 0, BOX)], predictions: vec![found(0, 1, BOX, 0.9)] };
    assert_eq!(matrix(&objects, Matching::Across), rows(&golden_q["fiftyone_classwise_False"]));
    assert_eq!(matrix(&objects, Matching::Within), rows(&golden_q["fiftyone_classwise_True"]));
    // A confusion counts against both concepts.
    let met =
        matches(&objects, &overlaps(&objects, Overlap::Boxes), &Rule { matching: Matching::Across, ..Rule::default() });
    let each = counts(&met, &objects, 2, EVERY);
    assert_eq!((each[0].false_negatives, each[1].false_positives), (1, 1));
}

#[test]
fn of_equal_overlaps_across_concepts_the_own_one_is_taken() {
    let objects = Objects {
        truth: vec![truth(0, 0, BOX), truth(0, 1, BOX), truth(0, 2, BOX)],
        predictions: vec![found(0, 1, BOX, 0.9)],
    };
    let rule = Rule { matching: Matching::Across, ..Rule::default() };
    let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
    assert_eq!(met.predictions[0].partner, Some(1));
    // And a crowd of another concept takes nothing.
    let mut crowd = Objects { truth: vec![truth(0, 0, BOX)], ..objects };
    crowd.truth[0].crowd = true;
    let met = matches(&crowd, &overlaps(&crowd, Overlap::Boxes), &rule);
    assert_eq!(met.predictions[0].outcome, Outcome::FalsePositive);
}

#[test]
fn other_areas_are_neither_right_nor_wrong() {
    let large = [0., 0., 100., 100.];
    let objects = Objects {
        truth: vec![truth(0, 0, large), truth(0, 0, [300., 0., 20., 20.])],
        predictions: vec![
            found(0, 0, large, 0.9),
            found(0, 0, [300., 0., 20., 20.], 0.8),
            found(0, 0, [0., 300., 90., 200.], 0.7),
            found(0, 0, [500., 300., 9., 9.], 0.6),
        ],
    };
    let rule = Rule { area: Area::SMALL, ..Rule::default() };
    let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
    let outcomes: Vec<_> = met.predictions.iter().map(|m| m.outcome).collect();
    let wanted = [Outcome::Ignored, Outcome::TruePositive, Outcome::Ignored, Outcome::FalsePositive];
    assert_eq!(outcomes, wanted);
}
