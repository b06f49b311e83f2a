//! Cases K to O of `testdata/metrics/golden.json`, which tells six decimals.

use labelscope_metrics::classification::{Average, Confusion, Ranked, ZeroDivision, averages};
use labelscope_metrics::{Counts, Threshold};
use serde_json::Value;

fn case(name: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/metrics/golden.json");
    let all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    all[name].clone()
}

#[track_caller]
fn near(ours: impl Into<Option<f64>>, theirs: &Value) {
    let (ours, theirs) = (ours.into().expect("a figure"), theirs.as_f64().expect("a number"));
    assert!((ours - theirs).abs() <= 5e-7, "{ours} is not {theirs}");
}

#[track_caller]
fn all_near(ours: &[f64], theirs: &Value) {
    let theirs = theirs.as_array().unwrap();
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).for_each(|(ours, theirs)| near(*ours, theirs));
}

#[test]
fn k_four_numbers_that_are_all_called_f1() {
    let case = case("K_macro_f1");
    let mut pairs = Vec::new();
    for (truth, row) in case["cm"].as_array().unwrap().iter().enumerate() {
        for (prediction, count) in row.as_array().unwrap().iter().enumerate() {
            let pair = (Some(truth as u32), Some(prediction as u32));
            pairs.extend((0..count.as_u64().unwrap()).map(|_| pair));
        }
    }
    let confusion = Confusion::new(3, pairs);
    let counts = confusion.class_counts();
    for (class, counts) in counts.iter().enumerate() {
        near(counts.precision(), &case["precision"][class]);
        near(counts.recall(), &case["recall"][class]);
        near(counts.f1(), &case["f1"][class]);
    }
    let average = |average| averages(&counts, average, ZeroDivision::Zero);
    near(average(Average::Macro).f1.value, &case["sklearn_macro_f1"]);
    near(average(Average::Weighted).f1.value, &case["sklearn_weighted_f1"]);
    near(average(Average::Micro).f1.value, &case["micro_f1_eq_accuracy"]);
    near(confusion.accuracy(), &case["micro_f1_eq_accuracy"]);
    let harmonic = |p: Option<f64>, r: Option<f64>| 2.0 * p.unwrap() * r.unwrap() / (p.unwrap() + r.unwrap());
    let (of_macro, of_weighted) = (average(Average::Macro), average(Average::Weighted));
    near(harmonic(of_macro.precision.value, of_macro.recall.value), &case["harmonic_mean_of_macroP_macroR"]);
    let sdk = harmonic(of_weighted.precision.value, of_weighted.recall.value);
    near(sdk, &case["clarifai_sdk_total_f1_harmonic_of_support_weighted"]);
}

#[test]
fn l_both_curves_point_by_point() {
    let case = case("L_binary");
    let scores = case["s"].as_array().unwrap().iter().map(|s| s.as_f64().unwrap());
    let truth = case["y"].as_array().unwrap().iter().map(|y| y == 1);
    let ranked = Ranked::of(scores.zip(truth));
    let figures = ranked.figures(Threshold::default());
    near(figures.roc_auc, &case["roc_auc"]);
    near(figures.average_precision, &case["ap"]);
    let roc = ranked.roc_curve().unwrap();
    all_near(&roc.false_positive_rate, &case["fpr"]);
    all_near(&roc.true_positive_rate, &case["tpr"]);
    let thresholds: Vec<String> = roc.thresholds.iter().map(f64::to_string).collect();
    assert_eq!(Value::from(thresholds), case["roc_thresholds"]);
    let pr = ranked.pr_curve().unwrap();
    all_near(&pr.precision, &case["precision"]);
    all_near(&pr.recall, &case["recall"]);
    all_near(&pr.thresholds, &case["pr_thresholds"]);
    // The area under the drawn curve is another number than the average precision.
    let points = pr.recall.iter().zip(&pr.precision);
    let pairs = points.clone().zip(points.skip(1));
    let area: f64 = pairs.map(|((x0, y0), (x1, y1))| (x0 - x1) * (y0 + y1) / 2.0).sum();
    near(area, &case["auc_trapezoid_of_pr"]);
}

#[test]
fn m_one_class_only_has_no_area() {
    assert_eq!(case("M_one_class_only")["roc_auc"], "nan");
    for only in [true, false] {
        let ranked = Ranked::of([(0.1, only), (0.9, only)]);
        assert_eq!(ranked.figures(Threshold::default()).roc_auc, None);
        assert_eq!(ranked.roc_curve(), None);
        assert_eq!(ranked.pr_curve().is_some(), only);
    }
}

#[test]
fn n_all_scores_equal() {
    let case = case("N_all_scores_equal");
    let figures = Ranked::of([0, 1, 0, 1].map(|y| (0.5, y == 1))).figures(Threshold::default());
    near(figures.roc_auc, &case["roc_auc"]);
    near(figures.average_precision, &case["ap"]);
}

#[test]
fn o_a_class_that_is_nowhere_and_predicted_nowhere() {
    let case = case("O_f1_when_class_has_no_gt_and_no_pred");
    let counts = [Counts { true_positives: 2, ..Counts::default() }, Counts::default()];
    let macro_f1 = |zero| averages(&counts, Average::Macro, zero).f1;
    near(macro_f1(ZeroDivision::Zero).value, &case["zero_division_0"]);
    near(macro_f1(ZeroDivision::One).value, &case["zero_division_1"]);
    near(macro_f1(ZeroDivision::LeftOut).value, &case["zero_division_nan"]);
    assert_eq!(macro_f1(ZeroDivision::LeftOut).left_out, 1);
    assert_eq!(macro_f1(ZeroDivision::Zero).left_out, 0);
}
