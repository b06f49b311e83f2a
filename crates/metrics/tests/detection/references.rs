//! Real and made-up predictions with pycocotools' figures: twelve numbers, each class, each match, each curve.

use crate::coco::{self, Case};
use labelscope_metrics::detection::{
    ErrorKind, ErrorRule, Outcome, Overlap, Params, Rule, counts, errors, evaluate, matches, overlaps, rankings,
};
use labelscope_metrics::{Cut, Threshold};
use serde_json::Value;
use std::path::{Path, PathBuf};

struct Set {
    folder: &'static str,
    predictions: &'static str,
    by: Overlap,
}

const SETS: [Set; 3] = [
    Set { folder: "indoor85", predictions: "predictions.json", by: Overlap::Boxes },
    Set { folder: "coco100", predictions: "predictions_bbox.json", by: Overlap::Boxes },
    Set { folder: "coco100", predictions: "predictions_segm.json", by: Overlap::Masks },
];

impl Set {
    fn path(&self, name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(self.folder).join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn case(&self) -> Case {
        let gt = serde_json::from_str(&self.text("instances_gt.json")).unwrap();
        let dt = serde_json::from_str(&self.text(self.predictions)).unwrap();
        coco::case(gt, dt, self.by == Overlap::Masks)
    }

    fn reference(&self, name: &str, end: &str) -> String {
        let kind = if self.by == Overlap::Masks { "segm" } else { "bbox" };
        self.text(&format!("reference/{name}_{kind}.{end}"))
    }
}

/// The references have ten digits.
#[track_caller]
fn near(ours: Option<f64>, theirs: &Value, digits: f64, what: &str) {
    match (ours, theirs.as_f64()) {
        (Some(a), Some(b)) => assert!((a - b).abs() <= digits, "{what}: {a}, not {b}"),
        (None, None) => assert!(theirs.is_null(), "{what}: {theirs}"),
        (a, b) => panic!("{what}: {a:?}, not {b:?}"),
    }
}

#[test]
fn twelve_numbers_and_every_class() {
    for set in SETS {
        let case = set.case();
        let reference: Value = serde_json::from_str(&set.reference("reference", "json")).unwrap();
        let laid = overlaps(&case.objects, set.by);
        let evaluation = evaluate(&case.objects, case.categories.len(), &laid, &Params::default());
        for (name, value) in evaluation.summary().rows() {
            near(value, &reference["stats"][name], 1e-10, name);
        }
        let classes = evaluation.classes();
        assert_eq!(classes.len(), reference["per_class"].as_array().unwrap().len());
        for (class, theirs) in reference["per_class"].as_array().unwrap().iter().enumerate() {
            let ours = classes[class];
            assert_eq!(Some(case.categories[class]), theirs["category_id"].as_i64());
            assert_eq!(u64::from(ours.objects), theirs["n_gt"].as_u64().unwrap());
            assert_eq!(u64::from(ours.crowds), theirs["n_gt_crowd"].as_u64().unwrap());
            assert_eq!(u64::from(ours.predictions), theirs["n_det"].as_u64().unwrap());
            let [ar1, ar10, ar100] = ours.ar;
            for (name, value) in [
                ("AP", ours.ap),
                ("AP50", ours.ap50),
                ("AP75", ours.ap75),
                ("APsmall", ours.ap_small),
                ("APmedium", ours.ap_medium),
                ("APlarge", ours.ap_large),
                ("AR1", ar1),
                ("AR10", ar10),
                ("AR100", ar100),
            ] {
                near(value, &theirs[name], 1e-10, &format!("{} {} {name}", set.predictions, theirs["name"]));
            }
        }
    }
}

#[test]
fn match_by_match() {
    for set in SETS {
        let case = set.case();
        let found = matches(&case.objects, &overlaps(&case.objects, set.by), &Rule::default());
        let mut by_place: Vec<_> = case.places.iter().zip(&found.predictions).collect();
        by_place.sort_by_key(|(place, _)| **place);
        let lines = set.reference("matches_iou50", "jsonl");
        assert_eq!(lines.lines().count(), by_place.len());
        for (line, (place, met)) in lines.lines().zip(by_place) {
            let theirs: Value = serde_json::from_str(line).unwrap();
            assert_eq!(theirs["dt_id"].as_u64(), Some(*place as u64 + 1));
            assert_eq!(met.partner.map(|at| case.truth_ids[at as usize]), theirs["gt_id"].as_i64(), "{line}");
            assert_eq!(met.outcome == Outcome::Ignored, theirs["ignored"].as_bool().unwrap(), "{line}");
            let overlap = met.partner.map(|_| met.iou);
            assert!(overlap.is_none_or(|iou| (0.5 - 1e-9..1.0 + 1e-9).contains(&iou)), "{line}: {overlap:?}");
        }
    }
}

#[test]
fn curves_point_by_point() {
    for set in SETS {
        let case = set.case();
        let laid = overlaps(&case.objects, set.by);
        let found = matches(&case.objects, &laid, &Rule::default());
        let ours = rankings(&found, &case.objects, case.categories.len());
        let evaluation = evaluate(&case.objects, case.categories.len(), &laid, &Params::default());
        let theirs: Value = serde_json::from_str(&set.reference("pr_curves_iou50", "json")).unwrap();
        let theirs = theirs["per_category"].as_object().unwrap();
        for (class, (ranking, id)) in ours.iter().zip(&case.categories).enumerate() {
            // One way to average precision through curves, another through all overlaps at once.
            assert_eq!(ranking.average_precision(), evaluation.average_precision(class, 0, 0, 2));
            let Some(curve) = theirs.get(&id.to_string()).filter(|curve| curve.is_object()) else {
                assert_eq!(ranking.positives(), 0, "category {id}");
                continue;
            };
            let interpolated = ranking.interpolated().unwrap();
            for at in 0..101 {
                let what = format!("{} category {id} point {at}", set.predictions);
                near(Some(interpolated.precision[at]), &curve["precision"][at], 5.1e-9, &what);
                near(Some(interpolated.score[at]), &curve["score"][at], 5.1e-9, &what);
            }
        }
    }
}

#[test]
fn counts_at_thresholds() {
    for set in SETS {
        let case = set.case();
        let found = matches(&case.objects, &overlaps(&case.objects, set.by), &Rule::default());
        let ranked = rankings(&found, &case.objects, case.categories.len());
        let reference: Value = serde_json::from_str(&set.reference("reference", "json")).unwrap();
        for (score, theirs) in reference["counts_iou50"]["per_class"].as_object().unwrap() {
            let threshold = Threshold { value: score.parse().unwrap(), cut: Cut::AtOrAbove };
            let ours = counts(&found, &case.objects, case.categories.len(), threshold);
            // By walking all matches, and by one search in each ranking.
            assert_eq!(ours, ranked.iter().map(|ranking| ranking.at(threshold)).collect::<Vec<_>>());
            for (counts, id) in ours.iter().zip(&case.categories) {
                let theirs = &theirs[id.to_string()];
                let wanted = ["tp", "fp", "fn"].map(|name| theirs[name].as_u64().unwrap_or_default());
                let ours = [counts.true_positives, counts.false_positives, counts.false_negatives];
                assert_eq!(ours, wanted, "{} category {id} at {score}", set.predictions);
            }
        }
    }
}

/// Figures of `tidecv` 1.0.1 on the same boxes without crowds, its average precisions taken over the categories that
/// have objects, at pycocotools' recalls (its own are off by a last bit). Class, localisation, both, duplicate,
/// background, missed; then false positives and negatives.
#[test]
fn kinds_of_errors() {
    let known = [
        (
            0.311_953_183_929_252_25,
            [37, 83, 37, 21, 50, 351],
            [
                0.044_078_183_736_645_904,
                0.068_299_912_462_137_35,
                0.004_223_229_644_822_024,
                0.003_862_480_241_586_919,
                0.010_789_693_348_626_228,
                0.272_858_505_938_030_1,
                0.048_772_888_678_008_386,
                0.418_581_306_324_747_6,
            ],
        ),
        (
            0.696_972_724_729_957_5,
            [83, 1, 0, 1, 0, 97],
            [
                0.167_574_782_652_359_8,
                0.002_498_821_310_702_448,
                0.0,
                0.000_205_992_259_144_860_4,
                0.0,
                0.082_287_357_204_474_44,
                0.074_031_518_551_513_35,
                0.180_449_273_711_352_55,
            ],
        ),
    ];
    for (set, (average_precision, counts, costs)) in SETS.iter().zip(known) {
        let mut case = set.case();
        case.objects.truth.retain(|truth| !truth.crowd);
        // It does not keep the order of equal scores, so there are none.
        for (prediction, place) in case.objects.predictions.iter_mut().zip(&case.places) {
            prediction.score -= *place as f64 * 1e-9;
        }
        let laid = overlaps(&case.objects, Overlap::Boxes);
        let all = errors(&case.objects, case.categories.len(), &laid, &ErrorRule::default());
        let every = Threshold { value: f64::NEG_INFINITY, cut: Cut::Above };
        assert_eq!(all.counts(&case.objects, every), counts, "{:?}", ErrorKind::ALL);
        assert!((all.average_precision.unwrap() - average_precision).abs() < 1e-12);
        let ours = all.costs.into_iter().chain([all.false_positives_cost, all.false_negatives_cost]);
        for ((ours, theirs), at) in ours.zip(costs).zip(0..) {
            assert!((ours.unwrap() - theirs).abs() < 1e-12, "{} cost {at}: {ours:?}, not {theirs}", set.folder);
        }
    }
}
