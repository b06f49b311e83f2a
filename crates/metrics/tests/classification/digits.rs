//! Every figure of two real models of handwritten digits, as scikit-learn has computed them.

use labelscope_metrics::classification::{
    Average, Averages, Ranked, SingleLabel, Thresholds, Ties, ZeroDivision, averages, class_counts, class_figures,
    mean_scores, pooled_figures, whole_inputs,
};
use labelscope_metrics::{Counts, Cut, NEGATIVE, POSITIVE, Threshold, mean, weighted_mean};
use serde_json::Value;

use crate::tables::Table;

/// The reference tells twelve decimals.
const NEAR: f64 = 1e-12;

struct Model {
    table: Table,
    reference: Value,
}

fn json(path: &str) -> Value {
    let path = format!("{}/../../testdata/digits/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn model(name: &str) -> Model {
    let predictions = json(&format!("predictions_{name}.json"));
    let classes = predictions["classes"].as_array().unwrap();
    let mut table = Table { classes: classes.len(), scores: Vec::new(), truth: Vec::new() };
    for item in predictions["items"].as_array().unwrap() {
        table.scores.extend(numbers(&item["scores"]));
        let truth = |class: &Value| if *class == item["true_label"] { POSITIVE } else { NEGATIVE };
        table.truth.extend(classes.iter().map(truth));
    }
    Model { table, reference: json(&format!("reference/reference_{name}.json")) }
}

fn models() -> [Model; 2] {
    ["knn10", "logreg"].map(model)
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[track_caller]
fn same(ours: impl Into<Option<f64>>, theirs: &Value) {
    let (ours, theirs) = (ours.into().expect("a figure"), theirs.as_f64().expect("a number"));
    assert!((ours - theirs).abs() <= NEAR, "{ours} is not {theirs}");
}

#[track_caller]
fn all_same(ours: &[f64], theirs: &Value) {
    let theirs = theirs.as_array().unwrap();
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).for_each(|(ours, theirs)| same(*ours, theirs));
}

#[track_caller]
fn same_counts(ours: Counts, theirs: &Value) {
    let of = |name: &str| theirs[name].as_u64().unwrap();
    assert_eq!((ours.true_positives, ours.false_positives, ours.false_negatives), (of("tp"), of("fp"), of("fn")));
    if theirs.get("tn").is_some() {
        assert_eq!(ours.true_negatives, of("tn"));
    }
}

fn same_averages(ours: Averages, theirs: &Value) {
    same(ours.precision.value, &theirs["precision"]);
    same(ours.recall.value, &theirs["recall"]);
    same(ours.f1.value, &theirs["f1"]);
}

#[test]
fn top_k_under_each_rule_for_ties() {
    for Model { table, reference } in models() {
        let single = SingleLabel::new(table.view(), &[]).unwrap();
        let by_k = reference["top_k_accuracy"].as_object().unwrap();
        assert_eq!(by_k.len(), 4);
        for (k, theirs) in by_k {
            let ours = |ties| single.top_k(k.parse().unwrap(), ties).value();
            same(ours(Ties::FirstIndex), &theirs["ties_lower_index_first"]);
            same(ours(Ties::LastIndex), &theirs["ties_higher_index_first"]);
            same(ours(Ties::LastIndex), &theirs["sklearn_top_k_accuracy_score"]);
            same(ours(Ties::TruthWins), &theirs["true_class_wins_ties"]);
            same(ours(Ties::TruthLoses), &theirs["true_class_loses_ties"]);
        }
    }
}

#[test]
fn losses() {
    for Model { table, reference } in models() {
        let single = SingleLabel::new(table.view(), &[]).unwrap();
        same(single.log_loss(), &reference["log_loss"]);
        same(single.log_loss(), &reference["log_loss_sklearn"]);
        same(single.brier(), &reference["brier_multiclass"]);
        same(mean(single.losses()).value, &reference["log_loss"]);
    }
}

#[test]
fn the_matrix_and_what_follows_from_it() {
    for Model { table, reference } in models() {
        let confusion = SingleLabel::new(table.view(), &[]).unwrap().confusion(Ties::FirstIndex);
        let matrix = confusion.matrix(false);
        for (row, theirs) in
            reference["confusion_matrix"]["rows_true_cols_predicted"].as_array().unwrap().iter().enumerate()
        {
            all_same(matrix.row(row), theirs);
        }
        same(confusion.accuracy(), &reference["accuracy"]);
        same(confusion.balanced_accuracy(), &reference["balanced_accuracy"]);
        same(confusion.kappa(), &reference["cohen_kappa"]);
        same(confusion.matthews(), &reference["matthews"]);
        let counts = confusion.class_counts();
        for (name, average) in [("macro", Average::Macro), ("micro", Average::Micro), ("weighted", Average::Weighted)] {
            same_averages(averages(&counts, average, ZeroDivision::Zero), &reference["aggregate_prf"][name]);
        }
        for (class, theirs) in reference["per_class"].as_array().unwrap().iter().enumerate() {
            let counts = confusion.counts(class as u32);
            assert_eq!(Some(counts.positives()), theirs["support"].as_u64());
            assert_eq!(Some(counts.predicted()), theirs["predicted"].as_u64());
            same(counts.precision(), &theirs["precision"]);
            same(counts.recall(), &theirs["recall"]);
            same(counts.f1(), &theirs["f1"]);
        }
    }
}

#[test]
fn mean_scores_of_each_class() {
    for Model { table, reference } in models() {
        let matrix = mean_scores(&table.view());
        let theirs = reference["mean_probability_confusion_matrix"].as_array().unwrap();
        assert_eq!(matrix.size(), theirs.len());
        for (row, theirs) in theirs.iter().enumerate() {
            all_same(matrix.row(row), theirs);
        }
    }
}

#[test]
fn ranking_of_each_class_and_of_all() {
    for Model { table, reference } in models() {
        let at = Threshold::default().into();
        let figures = class_figures(&table.view(), at);
        for (ours, theirs) in figures.iter().zip(reference["per_class"].as_array().unwrap()) {
            assert_eq!(Some(ours.positives), theirs["positives"].as_u64());
            same(ours.average_precision, &theirs["average_precision"]);
            same(ours.roc_auc, &theirs["roc_auc"]);
        }
        let theirs = &reference["aggregate_ranking"];
        same(mean(figures.iter().map(|f| f.average_precision)).value, &theirs["average_precision_macro"]);
        same(mean(figures.iter().map(|f| f.roc_auc)).value, &theirs["roc_auc_macro"]);
        let weighted = |of: fn(&_) -> Option<f64>| weighted_mean(figures.iter().map(|f| (of(f), f.positives as f64)));
        same(weighted(|f| f.average_precision).value, &theirs["average_precision_weighted"]);
        same(weighted(|f| f.roc_auc).value, &theirs["roc_auc_weighted"]);
        let pooled = pooled_figures(&table.view(), at);
        same(pooled.average_precision, &theirs["average_precision_micro"]);
        same(pooled.roc_auc, &theirs["roc_auc_micro"]);
    }
}

#[test]
fn counts_at_thresholds_above_and_at_equality() {
    for Model { table, reference } in models() {
        let mut compared = 0;
        for theirs in reference["threshold_counts_one_vs_rest"].as_array().unwrap() {
            let cut = match theirs["operator"].as_str().unwrap() {
                ">" => Cut::Above,
                ">=" => Cut::AtOrAbove,
                other => panic!("{other}"),
            };
            let at = Threshold { value: theirs["threshold"].as_f64().unwrap(), cut };
            let counts = class_counts(&table.view(), at.into());
            let figures = class_figures(&table.view(), Thresholds::Each(&[at; 10]));
            for (class, theirs) in theirs["per_class"].as_array().unwrap().iter().enumerate() {
                same_counts(counts[class], theirs);
                assert_eq!(figures[class].counts, counts[class]);
                assert_eq!(Ranked::class(&table.view(), class).counts_on(&[at.value], cut), [counts[class]]);
                compared += 1;
            }
            let micro: Counts = counts.into_iter().sum();
            same_counts(micro, &theirs["micro"]);
            same(micro.precision(), &theirs["micro"]["precision"]);
            same(micro.recall(), &theirs["micro"]["recall"]);
            let whole = whole_inputs(&table.view(), at.into());
            assert_eq!(Some(whole.without_prediction), theirs["items_with_no_label"].as_u64());
        }
        assert_eq!(compared, 100);
    }
}

#[test]
fn points_of_the_curves() {
    for Model { table, reference } in models() {
        let curves = reference["curves"].as_object().unwrap();
        assert_eq!(curves.len(), 3);
        for (class, theirs) in curves {
            let ranked = Ranked::class(&table.view(), class.parse().unwrap());
            let roc = ranked.roc_curve().unwrap();
            all_same(&roc.false_positive_rate, &theirs["roc"]["fpr"]);
            all_same(&roc.true_positive_rate, &theirs["roc"]["tpr"]);
            assert_eq!((roc.thresholds[0], &theirs["roc"]["threshold"][0]), (f64::INFINITY, &Value::Null));
            assert_eq!(roc.thresholds[1..], numbers(&theirs["roc"]["threshold"].as_array().unwrap()[1..].into()));
            let pr = ranked.pr_curve().unwrap();
            all_same(&pr.precision, &theirs["pr"]["precision"]);
            all_same(&pr.recall, &theirs["pr"]["recall"]);
            assert_eq!(pr.thresholds, numbers(&theirs["pr"]["threshold"]));
        }
    }
}
