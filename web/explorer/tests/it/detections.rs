//! Detection beside pycocotools and supervision.

use crate::data::{ask, at, coco, curves, figures, indoor, json, masked, matrix, near, session, take, whole};
use labelscope_explorer::Session;
use labelscope_messages::evaluation::{Area, CurveKind, Explore, Explored, MatrixView, Settings};

fn run() -> String {
    "run".to_owned()
}

fn coco_near(ours: Option<f64>, theirs: &serde_json::Value) {
    let theirs = theirs.as_f64().unwrap();
    // pycocotools adds 2^-52 to denominators, and prints ten digits.
    assert!(ours.is_some_and(|ours| (ours - theirs).abs() < 1e-9), "{ours:?} is not {theirs}");
}

#[test]
fn figures_are_cocos() {
    for (folder, set) in
        [("indoor85", indoor()), ("coco100", coco("coco100/instances_gt.json", "coco100/predictions_bbox.json"))]
    {
        let mut session = session(vec![("run", set)]);
        let reference = json(&format!("{folder}/reference/reference_bbox.json"));
        let settings = Settings { inclusive: true, ..at(0.5) };
        let all = figures(&mut session, Explore::Figures { run: run(), at: settings });
        for (ours, theirs) in [
            ("map_50_95", "AP"),
            ("map_50", "AP50"),
            ("map_75", "AP75"),
            ("ap_small", "APsmall"),
            ("ap_medium", "APmedium"),
            ("ap_large", "APlarge"),
            ("ar_1", "AR1"),
            ("ar_10", "AR10"),
            ("ar_100", "AR100"),
        ] {
            coco_near(whole(&all, ours), &reference["stats"][theirs]);
        }
        let totals = &reference["counts_iou50"]["totals"]["0.5"];
        let precision = all.whole.iter().find(|f| f.name == "precision").unwrap();
        let tp = totals["tp"].as_u64().unwrap() as u32;
        assert_eq!(precision.of, Some((tp, tp + totals["fp"].as_u64().unwrap() as u32)));
        near(whole(&all, "precision").map(|p| (p * 1e10).round() / 1e10), &totals["precision"]);
        for (row, theirs) in all.classes.iter().zip(reference["per_class"].as_array().unwrap()) {
            let ap = |key: &str| theirs[key].as_f64().filter(|v| *v >= 0.0);
            let equal = |a: Option<f64>, b: Option<f64>| {
                a.is_some() == b.is_some() && (a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-9
            };
            assert!(equal(row.average_precision_range, ap("AP")), "{theirs}");
            assert!(equal(row.average_precision, ap("AP50")), "{theirs}");
        }
    }
}

#[test]
fn rows_follow_threshold_and_overlap() {
    let mut session = session(vec![("run", indoor())]);
    let reference = json("indoor85/reference/reference_bbox.json");
    for (threshold, counts) in reference["counts_iou50"]["per_class"].as_object().unwrap() {
        // The reference counts from the threshold on.
        let settings = Settings { inclusive: true, ..at(threshold.parse().unwrap()) };
        let all = figures(&mut session, Explore::Figures { run: run(), at: settings });
        for row in &all.classes {
            let theirs = &counts[(row.concept + 1).to_string()];
            let ours = [row.true_positives, row.false_positives, row.false_negatives].map(u64::from);
            assert_eq!(ours, ["tp", "fp", "fn"].map(|k| theirs[k].as_u64().unwrap()), "{threshold} {}", row.concept);
        }
    }
    let strict = Settings { iou: 0.75, ..at(0.0) };
    let all = figures(&mut session, Explore::Figures { run: run(), at: strict });
    let mean: Vec<f64> = all.classes.iter().filter_map(|c| c.average_precision).collect();
    coco_near(Some(mean.iter().sum::<f64>() / mean.len() as f64), &reference["stats"]["AP75"]);
}

#[test]
fn a_matrix_matched_across_concepts_keeps_every_object_and_prediction() {
    let mut session = session(vec![("run", indoor())]);
    let all = figures(&mut session, Explore::Figures { run: run(), at: at(0.3) });
    for across in [true, false] {
        let settings = Settings { across, ..at(0.3) };
        let cells = matrix(&mut session, Explore::Matrix { run: run(), at: settings, view: MatrixView::default() });
        assert_eq!((cells.rule.as_str(), cells.none), (if across { "across" } else { "within" }, true));
        let (values, size) = (cells.cells.read(), cells.concepts.len() + 1);
        for (row, class) in values.chunks(size).zip(&all.classes) {
            assert_eq!(row.iter().sum::<f32>(), class.positives as f32);
        }
        for class in &all.classes {
            let column: f32 = values.iter().skip(class.concept as usize).step_by(size).sum();
            assert_eq!(column, class.predicted as f32);
        }
        assert_eq!(values.last(), Some(&0.0));
    }
}

#[test]
fn curves_end_at_the_counts_of_the_threshold() {
    let mut session = session(vec![("run", indoor())]);
    let ask = |session: &mut Session, kind| {
        curves(session, Explore::Curves { run: run(), at: at(0.3), kind, concepts: vec![7], all: true })
    };
    let reference = json("indoor85/reference/reference_bbox.json");
    let pr = ask(&mut session, CurveKind::Pr);
    coco_near(pr.curves[1].area, &reference["per_class"][7]["AP50"]);
    let row = figures(&mut session, Explore::Figures { run: run(), at: at(0.3) });
    assert_eq!(pr.curves[1].here, row.classes[7].recall.zip(row.classes[7].precision));
    assert_eq!(pr.curves[0].here, whole(&row, "recall").zip(whole(&row, "precision")));
    let froc = ask(&mut session, CurveKind::Froc);
    let wrong: u32 = row.classes.iter().map(|c| c.false_positives).sum();
    assert_eq!(froc.curves[0].here, Some((f64::from(wrong) / 85.0, whole(&row, "recall").unwrap())));
    assert!(froc.x.high >= froc.curves[0].x.read().into_iter().fold(0.0, f32::max).into());
    assert_eq!(ask(&mut session, CurveKind::F1).curves.len(), 2);
}

#[test]
fn areas_and_errors_add_up() {
    let mut session = session(vec![("run", indoor())]);
    let reference = json("indoor85/reference/reference_bbox.json");
    let Ok(Explored::Areas(areas)) = ask(&mut session, &Explore::Areas { run: run(), at: at(0.3) }) else { panic!() };
    assert_eq!(
        areas.rows.iter().map(|r| r.area).collect::<Vec<_>>(),
        [Area::All, Area::Small, Area::Medium, Area::Large]
    );
    coco_near(areas.rows[2].average_precision, &reference["stats"]["APmedium"]);
    coco_near(areas.rows[3].average_recall, &reference["stats"]["ARlarge"]);
    assert_eq!(areas.rows[0].objects, 686);
    let Ok(Explored::Errors(errors)) = ask(&mut session, &Explore::Errors { run: run(), at: at(0.0) }) else {
        panic!()
    };
    coco_near(errors.average_precision, &reference["stats"]["AP50"]);
    let wrong: u32 = errors.kinds.iter().filter(|k| k.name != "missed").map(|k| k.count).sum();
    assert_eq!(wrong, 228);
    assert!(errors.kinds.iter().all(|k| k.cost.is_some_and(|c| c >= 0.0)));
}

#[test]
fn boxes_as_masks_find_the_same() {
    let mut session = Session::default();
    let about = take(&mut session, "run", &masked());
    assert!(about.masks && about.detection);
    let of = |session: &mut Session, masks| {
        let all = figures(session, Explore::Figures { run: run(), at: Settings { masks, ..at(0.3) } });
        whole(&all, "map_50").unwrap()
    };
    assert!((of(&mut session, true) - of(&mut session, false)).abs() < 0.1);
}

#[test]
fn in_a_hierarchy_a_confusion_of_chairs_is_half_right() {
    let set = indoor();
    let broader = set.concepts.iter().map(|c| (c.id.clone(), "thing".to_owned())).collect();
    let mut session = session(vec![("run", set)]);
    let all = figures(&mut session, Explore::Hierarchy { run: run(), at: at(0.3), broader });
    assert!(whole(&all, "hierarchical_f1").is_some());
    assert!(all.whole.iter().any(|f| f.name == "correct_at_level_1"));
    assert!(all.classes.is_empty());
}
