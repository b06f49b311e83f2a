//! What the leaderboard shows of a run.

use super::super::{measured, measured_on, noted, state, why};
use crate::charts::{Head, Table};
use labelscope_api::messages::{EvalMetrics, MetricsSummary};
use leptos::prelude::*;
use serde_json::Value;

/// Columns that can be left out: word and head. The figures come first.
pub(super) const COLUMNS: [(&str, &str); 12] = [
    ("f1", "F1"),
    ("precision", "Precision"),
    ("recall", "Recall"),
    ("roc_auc", "ROC AUC"),
    ("map", "mAP@.5"),
    ("map_range", "mAP@.5:.95"),
    ("top_1", "Top-1"),
    ("top_5", "Top-5"),
    ("inputs", "Inputs"),
    ("threshold", "Threshold"),
    ("type", "Type"),
    ("trained", "Trained on"),
];

/// Those that are shown before anything was chosen.
pub(super) const FIRST: [&str; 6] = ["f1", "precision", "recall", "roc_auc", "map", "map_range"];

/// Is the column a figure that more is better of?
pub(super) fn is_figure(column: &str) -> bool {
    matches!(column, "f1" | "precision" | "recall" | "roc_auc" | "map" | "map_range" | "top_1" | "top_5")
}

/// Does the API sort by it?
pub(super) fn sorts(column: &str) -> bool {
    matches!(column, "f1" | "precision" | "recall" | "roc_auc" | "map" | "trained")
}

/// A figure, where there is one: a model of another kind has none, which the API prints as 0.
pub(super) fn figure(e: &EvalMetrics, column: &str) -> Option<f32> {
    let s: &MetricsSummary = e.summary.as_ref().filter(|_| e.status.as_ref().is_some_and(|s| s.code.0 == 21300))?;
    let objects = noted(e, "matching").is_some() || s.mean_avg_precision_iou_50 > 0.0;
    let means = [s.macro_avg_f1_score, s.macro_avg_precision, s.macro_avg_recall, s.macro_avg_roc_auc];
    let measured = means.iter().any(|m| *m > 0.0);
    let value = match column {
        "f1" => Some(s.macro_avg_f1_score).filter(|_| measured),
        "precision" => Some(s.macro_avg_precision).filter(|_| measured),
        "recall" => Some(s.macro_avg_recall).filter(|_| measured),
        "roc_auc" => Some(s.macro_avg_roc_auc).filter(|m| measured && (!objects || *m > 0.0)),
        "map" => Some(s.mean_avg_precision_iou_50).filter(|_| objects),
        "map_range" => Some(s.mean_avg_precision_iou_range).filter(|_| objects),
        "top_1" => Some(s.top1_accuracy).filter(|m| *m > 0.0),
        "top_5" => Some(s.top5_accuracy).filter(|m| *m > 0.0),
        _ => None,
    };
    // What cannot be told apart is told as undefined.
    let undefined = noted(e, "undefined").and_then(Value::as_array);
    value.filter(|v| *v > 0.0 || undefined.is_none_or(|u| !u.iter().any(|n| n.as_str() == Some(of_the_api(column)))))
}

fn of_the_api(column: &str) -> &str {
    match column {
        "f1" => "macro_avg_f1_score",
        "precision" => "macro_avg_precision",
        "recall" => "macro_avg_recall",
        "roc_auc" => "macro_avg_roc_auc",
        "map" => "mean_avg_precision_iou_50",
        "map_range" => "mean_avg_precision_iou_range",
        other => other,
    }
}

/// The dataset that the model version was trained on, where the API says so.
pub(super) fn trained_on(e: &EvalMetrics) -> Option<String> {
    let info = e.model.as_ref()?.model_version.as_ref()?.train_info.as_ref()?;
    info.pointer("/dataset/id").or_else(|| info.get("dataset_id"))?.as_str().map(str::to_owned)
}

/// What stands in a column that is no figure.
pub(super) fn fact(e: &EvalMetrics, column: &str) -> Option<String> {
    match column {
        "inputs" => noted(e, "inputs").and_then(Value::as_i64).map(|n| n.to_string()),
        "threshold" => noted(e, "threshold").and_then(Value::as_f64).map(|n| n.to_string()),
        "type" => e.model.as_ref().map(|m| m.model_type_id.clone()).filter(|t| !t.is_empty()),
        "trained" => trained_on(e),
        _ => None,
    }
}

/// The rank of each run by a figure: the best is the first, and equal values share a rank. Runs without it have none.
pub(super) fn ranks(runs: &[EvalMetrics], column: &str) -> Vec<Option<usize>> {
    let values: Vec<Option<f32>> = runs.iter().map(|e| figure(e, column)).collect();
    let rank = |value: &Option<f32>| value.map(|v| 1 + values.iter().flatten().filter(|other| **other > v).count());
    values.iter().map(rank).collect()
}

/// All runs with all columns, for a file.
pub(super) fn table(runs: Vec<EvalMetrics>) -> Table {
    let first = ["Evaluation", "Model", "Version", "Dataset", "Version of the dataset", "State", "Reason"];
    let rest = COLUMNS.iter().map(|c| if is_figure(c.0) { Head::number(c.1) } else { Head::words(c.1) });
    let total = runs.len();
    let row = Callback::new(move |i: usize| {
        let Some(e) = runs.get(i) else { return Vec::new() };
        let ((model, version), (dataset, cut)) = (measured(e), measured_on(e));
        let status = e.status.as_ref();
        let facts =
            [e.id.clone(), model, version, dataset, cut, state(status).1.to_owned(), why(status).unwrap_or_default()];
        let numbers =
            COLUMNS.iter().map(|c| figure(e, c.0).map(|f| f.to_string()).or_else(|| fact(e, c.0)).unwrap_or_default());
        facts.into_iter().chain(numbers).collect()
    });
    Table { head: first.map(Head::words).into_iter().chain(rest).collect(), total, row }
}

#[cfg(test)]
mod tests {
    use super::*;
    use labelscope_api::messages::{Status, StatusCode};
    use serde_json::json;

    fn run(f1: f32, map: f32, notes: Value) -> EvalMetrics {
        let text = json!({"status": {"code": 21300}, "extended_metrics": {"user_metrics": {"labelscope": notes}},
            "summary": {"macro_avg_f1_score": f1, "mean_avg_precision_iou_50": map}});
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn equal_values_share_a_rank() {
        let runs = [
            run(0.5, 0.0, json!({})),
            run(0.9, 0.0, json!({})),
            run(0.5, 0.0, json!({})),
            run(0.0, 0.0, json!({})),
            run(0.1, 0.0, json!({})),
        ];
        assert_eq!(ranks(&runs, "f1"), [Some(2), Some(1), Some(2), None, Some(4)]);
    }

    #[test]
    fn a_figure_of_another_kind_is_none_and_no_zero() {
        let objects = run(0.0, 0.0, json!({"matching": "across"}));
        assert_eq!(
            [figure(&objects, "map"), figure(&objects, "f1"), figure(&objects, "roc_auc")],
            [Some(0.0), None, None]
        );
        let labels = run(0.5, 0.0, json!({}));
        assert_eq!([figure(&labels, "f1"), figure(&labels, "map")], [Some(0.5), None]);
        let undefined = run(0.5, 0.0, json!({"undefined": ["macro_avg_roc_auc"]}));
        assert_eq!(figure(&undefined, "roc_auc"), None);
        let mut failed = labels;
        failed.status = Some(Status { code: StatusCode(21317), ..Status::default() });
        assert_eq!(figure(&failed, "f1"), None, "a failed run has no figures");
    }
}
