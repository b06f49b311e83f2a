//! Classification beside scikit-learn.

use crate::data::{ask, at, curves, digits, figures, json, matrix, near, session, several, take, whole};
use labelscope_explorer::Session;
use labelscope_messages::evaluation::{CurveKind, Explore, Explored, MatrixKind, MatrixOrder, MatrixView, Settings};

fn run() -> String {
    "run".to_owned()
}

#[test]
fn figures_of_digits_are_the_references() {
    for name in ["knn10", "logreg"] {
        let mut session = session(vec![("run", digits(name))]);
        let reference = json(&format!("digits/reference/reference_{name}.json"));
        let all = figures(&mut session, Explore::Figures { run: run(), at: at(0.5) });
        let (prf, ranks) = (&reference["aggregate_prf"], &reference["aggregate_ranking"]);
        for (ours, theirs) in [
            ("accuracy", &reference["accuracy"]),
            ("top_5", &reference["top_k_accuracy"]["5"]["ties_lower_index_first"]),
            ("macro_precision", &prf["macro"]["precision"]),
            ("macro_recall", &prf["macro"]["recall"]),
            ("macro_f1", &prf["macro"]["f1"]),
            ("micro_f1", &prf["micro"]["f1"]),
            ("weighted_f1", &prf["weighted"]["f1"]),
            ("macro_roc_auc", &ranks["roc_auc_macro"]),
            ("mean_average_precision", &ranks["average_precision_macro"]),
            ("log_loss", &reference["log_loss"]),
            ("brier", &reference["brier_multiclass"]),
        ] {
            near(whole(&all, ours), theirs);
        }
        assert!(whole(&all, "ece").is_some_and(|e| (0.0..0.4).contains(&e)));
        let accuracy = all.whole.first().unwrap();
        assert_eq!(accuracy.of, Some((if name == "knn10" { 819 } else { 845 }, 899)));
        for (row, theirs) in all.classes.iter().zip(reference["per_class"].as_array().unwrap()) {
            near(row.average_precision, &theirs["average_precision"]);
            near(row.roc_auc, &theirs["roc_auc"]);
            assert_eq!(u64::from(row.positives), theirs["positives"].as_u64().unwrap());
        }
    }
}

#[test]
fn rows_of_classes_follow_the_threshold_on_both_sides_of_equality() {
    let mut session = session(vec![("run", digits("knn10"))]);
    let reference = json("digits/reference/reference_knn10.json");
    for step in reference["threshold_counts_one_vs_rest"].as_array().unwrap() {
        let settings = Settings { inclusive: step["operator"] == ">=", ..at(step["threshold"].as_f64().unwrap()) };
        let all = figures(&mut session, Explore::Figures { run: run(), at: settings });
        for (row, theirs) in all.classes.iter().zip(step["per_class"].as_array().unwrap()) {
            let ours = [row.true_positives, row.false_positives, row.false_negatives].map(u64::from);
            assert_eq!(ours, ["tp", "fp", "fn"].map(|k| theirs[k].as_u64().unwrap()), "{step}");
        }
    }
}

#[test]
fn the_matrix_of_digits_is_the_references_in_every_form() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let reference = json("digits/reference/reference_logreg.json");
    let counts = &reference["confusion_matrix"]["rows_true_cols_predicted"];
    let ask = |session: &mut Session, kind, order, top| {
        let view = MatrixView { kind, order, top, ..MatrixView::default() };
        matrix(session, Explore::Matrix { run: run(), at: at(0.5), view })
    };
    let all = ask(&mut session, MatrixKind::Counts, MatrixOrder::Labels, 0);
    assert_eq!((all.rule.as_str(), all.none, all.on, all.off), ("top_1", false, 845.0, 54.0));
    assert_eq!((all.largest_on, all.largest_off), (89.0, 7.0));
    for (i, cell) in all.cells.read().into_iter().enumerate() {
        assert_eq!(f64::from(cell), counts[i / 10][i % 10].as_f64().unwrap());
    }
    let rows = ask(&mut session, MatrixKind::Rows, MatrixOrder::Labels, 0).cells.read();
    rows.chunks(10).for_each(|row| assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5));
    let columns = ask(&mut session, MatrixKind::Columns, MatrixOrder::Labels, 0).cells.read();
    assert!((columns.iter().step_by(10).sum::<f32>() - 1.0).abs() < 1e-5);
    let scores = ask(&mut session, MatrixKind::MeanScore, MatrixOrder::Labels, 0).cells.read();
    for (i, cell) in scores.into_iter().enumerate() {
        let theirs = reference["mean_probability_confusion_matrix"][i / 10][i % 10].as_f64().unwrap();
        assert!((f64::from(cell) - theirs).abs() < 1e-6);
    }
    // Of the five classes that are confused most the cells are those of the whole.
    let five = ask(&mut session, MatrixKind::Counts, MatrixOrder::Confusion, 5);
    assert_eq!(five.concepts.len(), 5);
    let (first, second) = (five.concepts[0] as usize, five.concepts[1] as usize);
    assert_eq!(f64::from(five.cells.read()[1]), counts[first][second].as_f64().unwrap());
}

#[test]
fn classes_stand_in_the_order_that_is_given_and_the_rest_behind() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let view = MatrixView { order: MatrixOrder::Given, given: vec![7, 2, 7, 99], ..MatrixView::default() };
    let all = matrix(&mut session, Explore::Matrix { run: run(), at: at(0.5), view });
    assert_eq!(all.concepts, [7, 2, 0, 1, 3, 4, 5, 6, 8, 9]);
}

#[test]
fn curves_pass_through_the_threshold_and_have_the_areas_of_the_references() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let reference = json("digits/reference/reference_logreg.json");
    let ask = |session: &mut Session, kind, threshold| {
        curves(session, Explore::Curves { run: run(), at: at(threshold), kind, concepts: vec![8], all: true })
    };
    let pr = ask(&mut session, CurveKind::Pr, 0.5);
    near(pr.curves[0].area, &reference["aggregate_ranking"]["average_precision_micro"]);
    near(pr.curves[1].area, &reference["per_class"][8]["average_precision"]);
    let row = figures(&mut session, Explore::Figures { run: run(), at: at(0.5) }).classes[8].clone();
    assert_eq!(pr.curves[1].here, row.recall.zip(row.precision));
    assert!(pr.curves[0].concept.is_none() && pr.curves[0].points > 600 && pr.curves[0].x.len() <= 600);
    let recalls = pr.curves[1].x.read();
    assert!(recalls.is_sorted() && pr.curves[1].thresholds.len() == recalls.len());
    let roc = ask(&mut session, CurveKind::Roc, 0.5);
    near(roc.curves[1].area, &reference["per_class"][8]["roc_auc"]);
    assert_eq!(roc.curves[1].here.map(|h| h.1), row.recall);
    let f1 = ask(&mut session, CurveKind::F1, 0.2);
    assert_eq!(f1.curves[1].here.map(|h| h.0), Some(0.2));
    // The point moves, the line stays.
    let moved = ask(&mut session, CurveKind::Pr, 0.8);
    assert_eq!(moved.curves[1].x, pr.curves[1].x);
    assert_ne!(moved.curves[1].here, pr.curves[1].here);
}

#[test]
fn several_labels_are_counted_at_the_threshold_and_have_no_accuracy() {
    let mut session = Session::default();
    let about = take(&mut session, "run", &several());
    assert!(!about.single_label && !about.detection);
    let all = figures(&mut session, Explore::Figures { run: run(), at: at(0.5) });
    assert!(all.whole.iter().all(|f| f.name != "accuracy" && f.name != "log_loss" && f.name != "top_5"));
    let mean = all.classes.iter().filter_map(|c| c.f1).sum::<f64>() / 5.0;
    assert!((whole(&all, "macro_f1").unwrap() - mean).abs() < 1e-12);
    let cells = matrix(&mut session, Explore::Matrix { run: run(), at: at(0.5), view: MatrixView::default() });
    assert_eq!((cells.rule.as_str(), cells.none), ("threshold", true));
    // Rows sum up to what is true, columns to what was predicted.
    let values = cells.cells.read();
    for (row, class) in values.chunks(6).zip(&all.classes) {
        assert!((f64::from(row.iter().sum::<f32>()) - f64::from(class.positives)).abs() < 1e-4);
    }
    for class in &all.classes {
        let column: f32 = values.iter().skip(class.concept as usize).step_by(6).sum();
        assert!((f64::from(column) - f64::from(class.predicted)).abs() < 1e-4);
    }
}

#[test]
fn bins_of_calibration_hold_every_input_once() {
    let mut session = session(vec![("run", digits("knn10"))]);
    let explore = Explore::Calibration { run: run(), at: at(0.5), bins: 10 };
    let Ok(Explored::Calibration(all)) = ask(&mut session, &explore) else { panic!() };
    assert_eq!((all.bins.len(), all.bins.iter().map(|b| b.count).sum::<u32>()), (10, 899));
    assert!(all.largest >= all.error);
}

#[test]
fn what_stands_together_is_counted() {
    let mut session = session(vec![("run", several())]);
    let Ok(Explored::Together(all)) = ask(&mut session, &Explore::Together { run: run() }) else { panic!() };
    let counts = all.counts.read();
    let figures = figures(&mut session, Explore::Figures { run: run(), at: at(0.5) });
    for (i, class) in figures.classes.iter().enumerate() {
        assert_eq!(counts[i * 6], class.positives as f32);
    }
    assert_eq!(counts[1], counts[5]);
}

#[test]
fn a_near_miss_counts_in_the_hierarchy() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let round = ["0", "3", "6", "8", "9"].map(|d| (d.to_owned(), "round".to_owned()));
    let other = ["1", "2", "4", "5", "7"].map(|d| (d.to_owned(), "other".to_owned()));
    let top = ["round", "other"].map(|d| (d.to_owned(), "digit".to_owned()));
    let broader: Vec<_> = round.into_iter().chain(other).chain(top).collect();
    let all = figures(&mut session, Explore::Hierarchy { run: run(), at: at(0.5), broader });
    let (level_1, level_2) = (whole(&all, "correct_at_level_1").unwrap(), whole(&all, "correct_at_level_2").unwrap());
    assert!((level_2 - 845.0 / 899.0).abs() < 1e-12 && level_1 > level_2);
    assert!(whole(&all, "hierarchical_f1").unwrap() > 845.0 / 899.0);
    assert!(whole(&all, "distance_weighted_accuracy").unwrap() > 845.0 / 899.0);
    let turning = vec![("0".to_owned(), "1".to_owned()), ("1".to_owned(), "0".to_owned())];
    let problem = ask(&mut session, &Explore::Hierarchy { run: run(), at: at(0.5), broader: turning }).unwrap_err();
    assert!(problem.to_string().contains("0 → 1 → 0") || problem.to_string().contains("1 → 0 → 1"), "{problem}");
}
