//! Classifiers on 899 real digits, against what scikit-learn says of them (testdata/digits/reference).

// What has come through unchanged is compared as it is.
#![allow(clippy::float_cmp)]

use crate::evaluations::{all, annotate, get, post, said};
use crate::models::{add, model, register, version};
use crate::world::{World, scope, testdata};
use labelscope_api::extensions::GetEvaluationTestSet;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_formats::test_set::decode;
use labelscope_metrics::classification::{Scores, SingleLabel, Ties, class_figures};
use labelscope_metrics::{Content, Labels, TestSet, Threshold};
use serde_json::{Value, json};

pub fn file(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(testdata(name)).unwrap()).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("{v} is no number"))
}

/// The digits with their labels, and the predictions of one classifier, evaluated.
fn digits(classifier: &str) -> (World, EvalMetrics, Value) {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "digits".into(), ..Dataset::default() }] });
    let concepts = (0..10).map(|n| Concept { id: format!("d{n}"), name: n.to_string(), ..Concept::default() });
    w.ok(&PostConcepts { user_app_id: scope(), concepts: concepts.collect() });
    let predictions = file(&format!("digits/predictions_{classifier}.json"));
    let items = predictions["items"].as_array().unwrap();
    let concept = |id: String, value: f64| Concept { id, value: ConceptValue(value as f32), ..Concept::default() };
    let inputs: Vec<Input> = items
        .iter()
        .map(|item| {
            let id = item["id"].as_str().unwrap();
            let image = Some(Image { url: format!("http://x/{id}.png"), ..Image::default() });
            let label = format!("d{}", item["true_label"].as_str().unwrap());
            let data = Some(Box::new(Data { image, concepts: vec![concept(label, 1.0)], ..Data::default() }));
            Input { id: id.into(), data, dataset_ids: vec!["digits".into()], ..Input::default() }
        })
        .collect();
    for inputs in inputs.chunks(128) {
        w.ok(&PostInputs { user_app_id: scope(), inputs: inputs.to_vec(), ..Default::default() });
    }
    register(&w, model("m", "visual-classifier"));
    add(&w, "m", vec![version("mv1")]);
    let said = items.iter().map(|item| {
        let scores = item["scores"].as_array().unwrap().iter().enumerate();
        let concepts = scores.map(|(n, score)| concept(format!("d{n}"), number(score))).collect();
        let id = item["id"].as_str().unwrap();
        said(&format!("p-{id}"), id, "mv1", concepts)
    });
    for annotations in said.collect::<Vec<_>>().chunks(128) {
        annotate(&w, annotations.to_vec());
    }
    // The wire has 32 bits for a score; the file has six decimals.
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    let sql = "UPDATE label SET value = round(value, 6) WHERE annotation IN (SELECT rev FROM annotation WHERE model_version_id = 'mv1')";
    conn.execute(sql, []).unwrap();
    drop(conn);
    let dataset = Dataset { id: "digits".into(), ..Dataset::default() };
    post(
        &w,
        EvalMetrics {
            ground_truth_dataset: Some(Box::new(dataset)),
            ..crate::evaluations::asked("e", Dataset::default())
        },
    );
    w.run_jobs();
    let done = get(&w, "e", all());
    assert_eq!(done.status.as_ref().unwrap().code.0, 21300, "{:?}", done.status);
    (w, done, file(&format!("digits/reference/reference_{classifier}.json")))
}

/// The test set out of its pieces.
pub fn test_set(w: &World) -> TestSet {
    let piece = |page| {
        let op = GetEvaluationTestSet { user_app_id: scope(), evaluation_id: "e".into(), page };
        let piece = w.ok(&op).test_set.unwrap();
        assert!(piece.columns.0.len() < 700_000 && piece.inputs.0 <= 2_000);
        (decode(&piece.columns.0).unwrap(), piece)
    };
    let (mut set, first) = piece(1);
    for page in 2..=first.pages.0 as u32 {
        assert!(set.append(piece(page).0));
    }
    assert_eq!(set.inputs.len() as i64, first.inputs_total.0);
    set
}

fn near(got: f32, want: &Value, what: &str) {
    assert!((f64::from(got) - number(want)).abs() < 1e-6, "{what}: {got} and {want}");
}

fn against_scikit_learn(classifier: &str) {
    let (w, done, want) = digits(classifier);
    let by_class = want["per_class"].as_array().unwrap();
    let class = |id: &str| &by_class[id[1..].parse::<usize>().unwrap()];
    let above = want["threshold_counts_one_vs_rest"].as_array().unwrap();
    let above = above.iter().find(|t| t["operator"] == ">" && number(&t["threshold"]) == 0.5).unwrap();
    assert_eq!(done.binary_metrics.len(), 10);
    for b in &done.binary_metrics {
        let id = b.concept.as_ref().unwrap().id.as_str();
        let want = class(id);
        near(b.roc_auc, &want["roc_auc"], id);
        near(b.avg_precision, &want["average_precision"], id);
        let support = want["support"].as_u64().unwrap() as u32;
        assert_eq!((b.num_pos, b.num_neg, b.num_tot), (support, 899 - support, 899));
        // The point of the curves at .5, as clients read it off.
        let counts = above["per_class"].as_array().unwrap().iter().find(|c| c["class"] == want["class"]).unwrap();
        let count = |name: &str| counts[name].as_u64().unwrap() as u32;
        let (tp, fp, fn_) = (count("tp"), count("fp"), count("fn"));
        let (pr, roc) = (b.precision_recall_curve.as_ref().unwrap(), b.roc_curve.as_ref().unwrap());
        let at = |thresholds: &[f32]| thresholds.iter().position(|t| (t * 100.0).round() == 50.0).unwrap();
        let (p, r) = (at(&pr.thresholds), at(&roc.thresholds));
        // They multiply and cut off.
        assert_eq!((f64::from(roc.tpr[r]) * f64::from(b.num_pos)) as u32, tp, "{id}");
        assert_eq!((f64::from(roc.fpr[r]) * f64::from(b.num_neg)) as u32, fp, "{id}");
        near(pr.recall[p], &json!(f64::from(tp) / f64::from(tp + fn_)), id);
        near(pr.precision[p], &json!(f64::from(tp) / f64::from(tp + fp)), id);
        near(b.f1, &json!(2.0 * f64::from(tp) / f64::from(2 * tp + fp + fn_)), id);
        // All curves are equally long, and lie on the same thresholds from end to end.
        assert_eq!((pr.precision.len(), pr.recall.len(), pr.thresholds.len()), (101, 101, 101));
        assert_eq!((roc.fpr.len(), roc.tpr.len(), roc.thresholds.len()), (102, 102, 102));
        let first = done.binary_metrics[0].roc_curve.as_ref().unwrap();
        assert_eq!(roc.thresholds, first.thresholds);
        assert_eq!((pr.thresholds[0], pr.thresholds[50], pr.thresholds[100]), (0.0, 0.5, 1.0));
        assert_eq!((roc.thresholds[0], roc.thresholds[1], roc.thresholds[101]), (2.0, 1.0, 0.0));
        assert_eq!((roc.fpr[0], roc.tpr[0], roc.fpr[101], roc.tpr[101]), (0.0, 0.0, 1.0, 1.0));
        assert!(roc.tpr.is_sorted() && roc.fpr.is_sorted() && pr.recall.is_sorted_by(|a, b| a >= b));
    }
    let summary = done.summary.as_ref().unwrap();
    near(summary.macro_avg_roc_auc, &want["aggregate_ranking"]["roc_auc_macro"], "macro AUC");
    let top = |k: &str, rule: &str| number(&want["top_k_accuracy"][k][rule]);
    for (got, k) in [(summary.top1_accuracy, "1"), (summary.top5_accuracy, "5")] {
        let (least, most) = (top(k, "true_class_loses_ties"), top(k, "true_class_wins_ties"));
        assert!((least - 1e-6..=most + 1e-6).contains(&f64::from(got)), "top {k}: {got}, {least} to {most}");
    }
    let matrix = done.confusion_matrix.as_ref().unwrap();
    assert_eq!(matrix.matrix.len(), 100);
    let mut diagonal = Vec::new();
    for cell in &matrix.matrix {
        let at = |c: &Option<Concept>| c.as_ref().unwrap().id[1..].parse::<usize>().unwrap();
        let (actual, predicted) = (at(&cell.actual_concept), at(&cell.predicted_concept));
        near(cell.value, &want["mean_probability_confusion_matrix"][actual][predicted], "confusion");
        assert_eq!((cell.actual.as_str(), cell.predicted.as_str()), (&*actual.to_string(), &*predicted.to_string()));
        if actual == predicted {
            diagonal.push(cell.value);
        }
    }
    assert!(diagonal.is_sorted_by(|a, b| a >= b), "the strongest first: {diagonal:?}");
    let counts = &done.label_counts.as_ref().unwrap().positive_label_counts;
    assert!(counts.is_sorted_by(|a, b| a.count >= b.count));
    assert_eq!(counts.iter().map(|c| c.count).sum::<u32>(), 899);
    assert_eq!(done.test_set.len(), 899);
    assert!(done.test_set.iter().all(|e| e.predicted_concepts.len() == 10 && e.ground_truth_concepts.len() == 1));
    // Beyond the wire's 32 bits.
    let own = &done.extended_metrics.as_ref().unwrap().user_metrics.as_ref().unwrap()["labelscope"];
    let exact = |got: &Value, want: &Value| assert!((number(got) - number(want)).abs() < 1e-11, "{got} and {want}");
    exact(&own["log_loss"], &want["log_loss"]);
    exact(&own["brier_score"], &want["brier_multiclass"]);
    exact(&own["macro"]["roc_auc"], &want["aggregate_ranking"]["roc_auc_macro"]);
    exact(&own["macro"]["average_precision"], &want["aggregate_ranking"]["average_precision_macro"]);
    exact(&own["pooled"]["average_precision"], &want["aggregate_ranking"]["average_precision_micro"]);
    exact(&own["pooled"]["roc_auc"], &want["aggregate_ranking"]["roc_auc_micro"]);
    assert_eq!((&own["undefined"], &own["single_label"], &own["inputs"]), (&json!([]), &json!(true), &json!(899)));
    from_columns(&test_set(&w), &want);
}

/// The same figures out of the columns, as the page computes them, to the last digit of the reference.
fn from_columns(set: &TestSet, want: &Value) {
    let Content::Labels(Labels { scores, truth }) = &set.content else { panic!("labels") };
    // In the reference's order of classes.
    let place = |n: usize| set.concepts.iter().position(|c| c.id == format!("d{n}")).unwrap();
    let sorted = |row: usize, class: usize| row * 10 + place(class);
    let all = (0..set.inputs.len()).flat_map(|row| (0..10).map(move |class| (row, class)));
    let scores: Vec<f64> = all.clone().map(|(r, c)| scores[sorted(r, c)]).collect();
    let truth: Vec<u8> = all.map(|(r, c)| truth[sorted(r, c)]).collect();
    let scores = Scores::new(&scores, &truth, 10).unwrap();
    let close = |got: Option<f64>, want: &Value| {
        assert!((got.unwrap() - number(want)).abs() < 1e-12, "{got:?} and {want}");
    };
    for (figures, want) in
        class_figures(&scores, Threshold::default().into()).iter().zip(want["per_class"].as_array().unwrap())
    {
        close(figures.average_precision, &want["average_precision"]);
        close(figures.roc_auc, &want["roc_auc"]);
    }
    let single = SingleLabel::new(scores, &[]).unwrap();
    for k in [1, 2, 3, 5] {
        let top = &want["top_k_accuracy"][k.to_string()];
        close(single.top_k(k, Ties::FirstIndex).value(), &top["ties_lower_index_first"]);
        close(single.top_k(k, Ties::LastIndex).value(), &top["sklearn_top_k_accuracy_score"]);
    }
    close(single.log_loss(), &want["log_loss"]);
}

#[test]
fn logistic_regression_on_digits() {
    against_scikit_learn("logreg");
}

#[test]
fn nearest_neighbours_on_digits_with_their_ties() {
    against_scikit_learn("knn10");
}
