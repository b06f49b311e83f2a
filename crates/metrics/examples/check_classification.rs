//! Computes every figure of classification, a case a line: what a second opinion holds against scikit-learn.
//! Input: `{"classes": 3, "narrow": false, "scores": [N × 3], "truth": [N × 3 of 0, 1, 2], "threshold": 0.5,
//! "inclusive": true, "bins": 10}`. Output: an object of figures; what is undefined is null.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::io::{BufRead, Write};

use labelscope_metrics::classification::{
    Average, ClassFigures, Ranked, Reliability, Score, Scores, SingleLabel, Ties, ZeroDivision, averages,
    class_figures, cooccurrence, mean_scores, of_scores, of_top_scores, pooled_figures, spread_confusion, whole_inputs,
};
use labelscope_metrics::{Counts, Cut, Matrix, Threshold};
use serde_json::{Map, Value, json};

fn counts(c: Counts) -> Value {
    json!([c.true_negatives, c.false_positives, c.false_negatives, c.true_positives])
}

fn figures(f: &ClassFigures) -> Value {
    json!({
        "positives": f.positives, "negatives": f.negatives, "counts": counts(f.counts),
        "precision": f.counts.precision(), "recall": f.counts.recall(), "f1": f.counts.f1(),
        "false_positive_rate": f.counts.false_positive_rate(), "accuracy": f.counts.accuracy(),
        "average_precision": f.average_precision, "roc_auc": f.roc_auc,
        "best_f1": f.best_f1.map(|best| best.f1), "best_threshold": f.best_f1.map(|best| best.threshold),
    })
}

/// Infinity is no JSON.
fn finite(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|v| v.is_finite().then_some(*v)).collect()
}

fn curves<S: Score>(ranked: &Ranked<S>) -> Value {
    json!({
        "pr": ranked.pr_curve().map(|c| json!([c.precision, c.recall, c.thresholds])),
        "roc": ranked.roc_curve()
            .map(|c| json!([c.false_positive_rate, c.true_positive_rate, finite(&c.thresholds), c.area()])),
        "f1": ranked.f1_curve().map(|c| json!([c.f1, c.thresholds])),
    })
}

fn reliability(r: &Reliability) -> Value {
    let bins: Vec<Value> = r.bins.iter().map(|bin| json!([bin.count, bin.share(), bin.mean_score])).collect();
    json!({"bins": bins, "error": r.expected_error(), "largest": r.largest_error(), "left_out": r.left_out})
}

fn rows(matrix: &Matrix) -> Vec<Vec<Option<f64>>> {
    (0..matrix.size()).map(|row| finite(matrix.row(row))).collect()
}

fn single<S: Score>(single: &SingleLabel<'_, S>, classes: usize, bins: usize) -> Value {
    let ties = [
        ("first", Ties::FirstIndex),
        ("last", Ties::LastIndex),
        ("truth_wins", Ties::TruthWins),
        ("truth_loses", Ties::TruthLoses),
    ];
    let top = |ties| (1..=classes).map(|k| single.top_k(k, ties).value()).collect::<Vec<_>>();
    let confusion = single.confusion(Ties::FirstIndex);
    json!({
        "top": ties.map(|(name, ties)| (name.to_owned(), json!(top(ties)))).into_iter().collect::<Map<_, _>>(),
        "losses": single.losses(), "log_loss": single.log_loss(), "brier": single.brier(),
        "confusion": rows(&confusion.matrix(false)),
        "balanced_accuracy": confusion.balanced_accuracy(),
        "kappa": confusion.kappa(), "matthews": confusion.matthews(),
        "reliability": reliability(&of_top_scores(single, Ties::FirstIndex, bins)),
    })
}

fn all<S: Score>(scores: &[S], case: &Value) -> Option<Value> {
    let classes = case["classes"].as_u64()? as usize;
    let bins = case["bins"].as_u64()? as usize;
    let cut = if case["inclusive"] == true { Cut::AtOrAbove } else { Cut::Above };
    let at = Threshold { value: case["threshold"].as_f64()?, cut };
    let truth: Vec<u8> =
        case["truth"].as_array()?.iter().map(|v| v.as_u64().map(|v| v as u8)).collect::<Option<_>>()?;
    let scores = Scores::new(scores, &truth, classes)?;
    let by_class = class_figures(&scores, at.into());
    let by_counts: Vec<Counts> = by_class.iter().map(|f| f.counts).collect();
    let mut means = Map::new();
    for (name, average) in [("macro", Average::Macro), ("micro", Average::Micro), ("weighted", Average::Weighted)] {
        let of = |zero| {
            let a = averages(&by_counts, average, zero);
            json!([a.precision.value, a.recall.value, a.f1.value])
        };
        means
            .insert(name.to_owned(), json!([of(ZeroDivision::Zero), of(ZeroDivision::One), of(ZeroDivision::LeftOut)]));
    }
    let together = cooccurrence(&truth, classes);
    let of_pairs = |of: &dyn Fn(usize, usize) -> Value| -> Vec<Vec<Value>> {
        (0..classes).map(|a| (0..classes).map(|b| of(a, b)).collect()).collect()
    };
    let whole = whole_inputs(&scores, at.into());
    Some(json!({
        "classes": by_class.iter().map(figures).collect::<Vec<_>>(),
        "pooled": figures(&pooled_figures(&scores, at.into())),
        "curves": (0..classes).map(|class| curves(&Ranked::class(&scores, class))).collect::<Vec<_>>(),
        "averages": means,
        "exact": whole.exact.value(), "wrong_pairs": whole.wrong_pairs.value(),
        "mean_scores": rows(&mean_scores(&scores)),
        "spread": rows(&spread_confusion(&scores, at.into())),
        "together": of_pairs(&|a, b| together.count(a, b).into()),
        "jaccard": of_pairs(&|a, b| together.jaccard(a, b).into()),
        "reliability": (0..classes).map(|c| reliability(&of_scores(&scores, Some(c), bins))).collect::<Vec<_>>(),
        "single": SingleLabel::new(scores, &[]).map(|s| single(&s, classes, bins)),
    }))
}

fn answer(line: &str) -> Option<Value> {
    let case: Value = serde_json::from_str(line).ok()?;
    let scores: Vec<f64> = case["scores"].as_array()?.iter().map(Value::as_f64).collect::<Option<_>>()?;
    if case["narrow"] == true {
        let narrow: Vec<f32> = scores.iter().map(|score| *score as f32).collect();
        return all(&narrow, &case);
    }
    all(&scores, &case)
}

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("lines of UTF-8");
        let answer = answer(&line).unwrap_or_else(|| json!({"error": "no such case"}));
        writeln!(out, "{answer}").expect("someone who reads");
    }
}
