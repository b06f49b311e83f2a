//! Reading evaluations. What makes them is in `evaluations_post`.

use crate::fault::{Fault, describe, status};
use crate::ops::{order, test_sets};
use crate::store::evaluation::{self, COLUMNS, EvaluationRow};
use crate::store::model;
use crate::tx::{Tx, page};
use labelscope_api::messages::{
    EvalMetrics, FieldsValue, MultiEvalMetricsResponse, SingleEvalMetricsResponse, Status, StatusCode,
};
use labelscope_api::operations::{
    GetEvaluation, GetModelVersionEvaluation, ListEvaluations, ListModelVersionEvaluations,
};
use serde::de::DeserializeOwned;

/// Codes of evaluations that came to nothing.
const FAILED: &str = "e.state BETWEEN 21310 AND 21319";

pub(crate) fn list(tx: &Tx<'_>, op: ListEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let apps = tx.apps(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let train = "coalesce(json_extract(e.body, '$.model.model_version.train_info.dataset.id'), json_extract(e.body, '$.model.model_version.train_info.params.dataset_id'), '')";
    let column = order(&[
        (op.sort_by_app_id, "sort_by_app_id", "json_extract(e.body, '$.app_id')"),
        (op.sort_by_roc_auc, "sort_by_roc_auc", "json_extract(e.summary, '$.macro_avg_roc_auc')"),
        (op.sort_by_f1, "sort_by_f1", "json_extract(e.summary, '$.macro_avg_f1_score')"),
        (op.sort_by_created_at, "sort_by_created_at", "e.created_at"),
        (
            op.sort_by_mean_avg_precision,
            "sort_by_mean_avg_precision",
            "json_extract(e.summary, '$.mean_avg_precision_iou_50')",
        ),
        (op.sort_by_precision, "sort_by_precision", "json_extract(e.summary, '$.macro_avg_precision')"),
        (op.sort_by_recall, "sort_by_recall", "json_extract(e.summary, '$.macro_avg_recall')"),
        (op.sort_by_model_id, "sort_by_model_id", "e.model_id"),
        (op.sort_by_eval_dataset_id, "sort_by_eval_dataset_id", "e.dataset_id"),
        (op.sort_by_train_dataset_id, "sort_by_train_dataset_id", train),
    ])?
    .unwrap_or("e.created_at");
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    let keys: Vec<i64> = apps.iter().map(|app| app.key).collect();
    let one_of = |n: usize| format!("(SELECT value FROM json_each(?{n}))");
    let sql = format!(
        "SELECT {COLUMNS} FROM evaluation e WHERE e.app IN {} AND (?2 = '' OR e.model_type_id = ?2)
         AND (?3 = '[]' OR e.dataset_id IN {}) AND (?4 = '[]' OR {train} IN {})
         AND (?5 = '[]' OR EXISTS (SELECT 1 FROM json_each(e.concepts) c WHERE c.value IN {}))
         AND (?6 OR NOT {FAILED}) ORDER BY {column} {direction} NULLS LAST, e.created_at {direction}, e.key {direction} LIMIT ?7 OFFSET ?8",
        one_of(1), one_of(3), one_of(4), one_of(5)
    );
    let values = (
        serde_json::to_string(&keys)?,
        &op.model_type_id,
        serde_json::to_string(&op.eval_dataset_ids)?,
        serde_json::to_string(&op.train_dataset_ids)?,
        serde_json::to_string(&op.concept_ids)?,
        op.show_failed_metrics,
        limit,
        offset,
    );
    let rows = tx.all(&sql, values, evaluation::row)?;
    summaries(tx, rows)
}

/// The message of an evaluation with the parts that are asked for. Each is read without the others, and nothing shows before
/// the whole is there.
pub(crate) fn message(tx: &Tx<'_>, row: EvaluationRow, fields: &FieldsValue) -> Result<EvalMetrics, Fault> {
    let none = FieldsValue::default();
    let fields = if row.state == StatusCode::MODEL_EVALUATED { fields } else { &none };
    let test_set = if fields.test_set { test_sets::entries(tx, &row)? } else { Vec::new() };
    let status = Status { details: row.details, ..status(row.state, describe(row.state)) };
    Ok(EvalMetrics {
        id: row.id,
        status: Some(status),
        summary: row.summary.map(|s| serde_json::from_str(&s)).transpose()?,
        confusion_matrix: part(tx, row.key, "confusion_matrix", fields.confusion_matrix)?,
        cooccurrence_matrix: part(tx, row.key, "cooccurrence_matrix", fields.cooccurrence_matrix)?,
        label_counts: part(tx, row.key, "label_counts", fields.label_counts)?,
        binary_metrics: part(tx, row.key, "binary_metrics", fields.binary_metrics)?,
        test_set,
        metrics_by_area: part(tx, row.key, "metrics_by_area", fields.metrics_by_area)?,
        metrics_by_class: part(tx, row.key, "metrics_by_class", fields.metrics_by_class)?,
        ..row.body
    })
}

fn part<T: DeserializeOwned + Default>(tx: &Tx<'_>, key: i64, name: &str, wanted: bool) -> Result<T, Fault> {
    if wanted { evaluation::part(tx, key, name) } else { Ok(T::default()) }
}

fn summaries(tx: &Tx<'_>, rows: Vec<EvaluationRow>) -> Result<MultiEvalMetricsResponse, Fault> {
    let none = FieldsValue::default();
    let eval_metrics = rows.into_iter().map(|row| message(tx, row, &none)).collect::<Result<_, _>>()?;
    Ok(MultiEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn list_of_version(tx: &Tx<'_>, op: ListModelVersionEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    model::need_version(tx, &model, &op.model_version_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM evaluation e WHERE e.app = ?1 AND e.model_id = ?2 AND e.model_version_id = ?3 AND NOT {FAILED}
         ORDER BY e.created_at DESC, e.key DESC LIMIT ?4 OFFSET ?5"
    );
    let rows = tx.all(&sql, (app.key, &op.model_id, &op.model_version_id, limit, offset), evaluation::row)?;
    summaries(tx, rows)
}

pub(crate) fn get(tx: &Tx<'_>, op: GetEvaluation) -> Result<SingleEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    let eval_metrics = Some(message(tx, row, &op.fields.unwrap_or_default())?);
    Ok(SingleEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn get_of_version(tx: &Tx<'_>, op: GetModelVersionEvaluation) -> Result<SingleEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    if row.model_id != op.model_id || row.model_version_id != op.model_version_id {
        return Err(Fault::not_found("evaluation of this model version", &op.evaluation_id));
    }
    let eval_metrics = Some(message(tx, row, &op.fields.unwrap_or_default())?);
    Ok(SingleEvalMetricsResponse { eval_metrics, ..Default::default() })
}
