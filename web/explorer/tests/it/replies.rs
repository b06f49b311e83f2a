//! Test sets out of replies of servers, and their numbers beside ours.

use crate::data::{at, digits, figures, json, whole};
use labelscope_explorer::Session;
use labelscope_messages::evaluation::{Explore, Explored, Overview, SecondOpinion};
use labelscope_metrics::{Content, TestSet};
use serde_json::{Value, json};

fn reply(session: &mut Session, evaluation: Value) -> Overview {
    let text = json!({"status": {"code": 10000}, "eval_metrics": evaluation}).to_string();
    match session.take_reply("run", text.as_bytes()).unwrap() {
        Explored::Overview(about) => about,
        other => panic!("{other:?}"),
    }
}

fn opinion(session: &mut Session, evaluation: Value) -> SecondOpinion {
    let text = json!({"eval_metrics": evaluation}).to_string();
    let explore = Explore::SecondOpinion { run: "run".to_owned(), at: at(0.9) };
    match session.answer(&explore, text.as_bytes()).unwrap() {
        Explored::SecondOpinion(opinion) => opinion,
        other => panic!("{other:?}"),
    }
}

/// As a server gives it: scores in 32 bits.
fn test_set(set: &TestSet) -> Value {
    let Content::Labels(labels) = &set.content else { panic!() };
    let width = set.concepts.len();
    let rows = set.inputs.iter().zip(labels.scores.chunks(width).zip(labels.truth.chunks(width)));
    rows.map(|(input, (scores, truth))| {
        let concept =
            |(c, value): (&labelscope_metrics::Named, f64)| json!({"id": c.id, "name": c.name, "value": value});
        let said: Vec<Value> = set.concepts.iter().zip(scores.iter().copied()).map(concept).collect();
        let is: Vec<Value> =
            set.concepts.iter().zip(truth).filter(|(_, t)| **t == 1).map(|(c, _)| concept((c, 1.0))).collect();
        json!({"input": {"id": input.id}, "predicted_concepts": said, "ground_truth_concepts": is})
    })
    .collect()
}

#[test]
fn labels_of_a_reply_give_the_same_figures() {
    let mut session = Session::default();
    let about = reply(&mut session, json!({"test_set": test_set(&digits("logreg"))}));
    assert!(about.single_label && !about.detection);
    assert_eq!((about.inputs, about.concepts.len(), about.concepts[0].0.as_str()), (899, 10, "3"));
    let all = figures(&mut session, Explore::Figures { run: "run".to_owned(), at: at(0.5) });
    assert!((whole(&all, "accuracy").unwrap() - 845.0 / 899.0).abs() < 1e-12);
    assert!((whole(&all, "log_loss").unwrap() - 0.367_801_5).abs() < 1e-6);
}

#[test]
fn what_workers_dispute_is_in_no_figure() {
    let mut session = Session::default();
    let mut set = digits("logreg");
    set.inputs.truncate(3);
    let Content::Labels(labels) = &mut set.content else { panic!() };
    labels.scores.truncate(30);
    labels.truth.truncate(30);
    let notes = json!({"disputed": [{"input_id": set.inputs[1].id, "concept_id": "1"}]});
    reply(
        &mut session,
        json!({
            "test_set": test_set(&set),
            "extended_metrics": {"user_metrics": {"labelscope": notes}},
        }),
    );
    let all = figures(&mut session, Explore::Figures { run: "run".to_owned(), at: at(0.5) });
    assert_eq!(all.whole[0].of.map(|of| of.1), Some(2));
}

fn region(concept: &str, value: f64, bbox: [f64; 4]) -> Value {
    let [top, left, bottom, right] = bbox;
    json!({
        "region_info": {"bounding_box": {"top_row": top, "left_col": left, "bottom_row": bottom, "right_col": right}},
        "data": {"concepts": [{"id": concept, "name": concept, "value": value}]},
    })
}

fn detection() -> Value {
    let annotation = |regions: Vec<Value>| json!({"data": {"regions": regions}});
    let image = |id: &str| json!({"id": id, "data": {"image": {"url": "https://pictures.example/a.jpg", "image_info": {"width": 200, "height": 100}}}});
    json!([
        {"input": image("one"),
         "ground_truth_annotation": annotation(vec![region("cat", 1.0, [0.0, 0.0, 0.5, 0.5]), region("dog", 1.0, [0.5, 0.5, 1.0, 1.0])]),
         "predicted_annotation": annotation(vec![region("cat", 0.9, [0.0, 0.0, 0.5, 0.5]), region("cat", 0.4, [0.5, 0.5, 1.0, 1.0])])},
        {"input": image("two"), "ground_truth_annotation": annotation(vec![region("cat", 1.0, [0.0, 0.0, 1.0, 1.0])])},
    ])
}

#[test]
fn regions_of_a_reply_become_objects_in_pixels() {
    let mut session = Session::default();
    let about = reply(&mut session, json!({"test_set": detection()}));
    assert!(about.detection);
    assert_eq!((about.inputs, about.unpredicted, about.positives, about.predictions), (2, 1, 3, 2));
    let filter = labelscope_messages::evaluation::PairFilter { input: Some(0), ..Default::default() };
    let explore = Explore::Pairs {
        run: "run".to_owned(),
        at: at(0.5),
        filter,
        order: labelscope_messages::evaluation::PairOrder::Score,
        offset: 0,
        limit: 9,
    };
    let found = crate::data::pairs(&mut session, explore);
    let first = &found.pairs[0];
    assert_eq!((first.width, first.height, first.url.as_str()), (200, 100, "https://pictures.example/a.jpg"));
    assert_eq!(first.truth.as_ref().map(|t| t.bbox), Some([0.0, 0.0, 100.0, 50.0]));
    assert_eq!(first.iou, Some(1.0));
    let areas = figures(&mut session, Explore::Figures { run: "run".to_owned(), at: at(0.5) });
    assert_eq!(whole(&areas, "ap_large"), Some(0.0));
}

#[test]
fn the_servers_numbers_stand_beside_ours_at_its_own_threshold() {
    let mut session = Session::default();
    let reference = json("digits/reference/reference_knn10.json");
    let numbers = |macro_f1: f64| {
        let classes = reference["per_class"].as_array().unwrap().iter().zip(0..);
        let at_half = reference["threshold_counts_one_vs_rest"].as_array().unwrap();
        let at_half = at_half.iter().find(|s| s["threshold"] == 0.5 && s["operator"] == ">=").unwrap();
        let f1 = |class: usize| {
            let of = |key: &str| at_half["per_class"][class][key].as_f64().unwrap();
            2.0 * of("tp") / (2.0 * of("tp") + of("fp") + of("fn"))
        };
        let binary: Vec<Value> = classes
            .map(|(class, i)| {
                json!({"concept": {"id": class["class"]}, "num_pos": class["positives"], "f1": f1(i),
                    "roc_auc": class["roc_auc"], "avg_precision": class["average_precision"]})
            })
            .collect();
        let ranks = &reference["aggregate_ranking"];
        json!({
            "summary": {"macro_avg_roc_auc": ranks["roc_auc_macro"], "macro_avg_f1_score": macro_f1,
                "top1_accuracy": reference["accuracy"]},
            "binary_metrics": binary,
            "eval_info": {"params": {"threshold": 0.5, "inclusive": true}},
        })
    };
    let set = digits("knn10");
    session.take("run", &labelscope_formats::test_set::encode(&set), true).unwrap();
    let told = opinion(&mut session, numbers(0.1));
    // Whatever the page's own threshold is.
    assert_eq!((told.threshold, told.inclusive), (0.5, true));
    let wrong: Vec<&str> = told.lines.iter().filter(|l| !l.equal).map(|l| l.name.as_str()).collect();
    // Those that were left out are printed as 0, and are not what we find.
    assert!(wrong.contains(&"macro_f1") && wrong.contains(&"macro_precision"), "{wrong:?}");
    assert!(told.lines.iter().filter(|l| l.concept.is_some()).all(|l| l.equal), "{:?}", told.lines);
    assert_eq!(told.different as usize, wrong.len());
    assert!(told.lines.iter().any(|l| l.name == "accuracy" && l.equal));
    assert_eq!(told.lines.iter().filter(|l| l.concept.is_some()).count(), 40);
}

#[test]
fn average_precision_of_detections_is_compared_overlap_by_overlap() {
    let mut session = Session::default();
    reply(&mut session, json!({"test_set": detection()}));
    let told = opinion(
        &mut session,
        json!({
            "summary": {"mean_avg_precision_iou_50": 0.252_475},
            "metrics_by_class": [
                {"concept": {"id": "cat"}, "iou": 0.9, "avg_precision": 0.504_950_5, "area_name": "all", "area_max": 1e10},
                {"concept": {"id": "dog"}, "iou": 0.5, "avg_precision": 0.5, "area_name": "all", "area_max": 1e10},
            ],
        }),
    );
    let of = |i: usize| (told.lines[i].name.as_str(), told.lines[i].iou, told.lines[i].equal);
    assert_eq!(of(0).0, "map_50");
    assert_eq!(of(told.lines.len() - 2), ("average_precision", Some(0.9), true));
    assert_eq!(of(told.lines.len() - 1), ("average_precision", Some(0.5), false));
}

#[test]
fn what_is_no_test_set_is_told() {
    let mut session = Session::default();
    let mut why = |text: &str| session.take_reply("run", text.as_bytes()).unwrap_err().to_string();
    assert!(why("<html>").contains("cannot be read"));
    assert!(why(r#"{"status": {"code": 11101, "description": "Resource does not exist"}}"#).contains("does not exist"));
    assert!(why(r#"{"eval_metrics": {"id": "e"}}"#).contains("no test set"));
}
