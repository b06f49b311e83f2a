//! Evaluations: what was asked for, how it stands, and what came out.

use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::messages::{EvalMetrics, FieldsValue, Status, StatusCode};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;

pub(crate) struct EvaluationRow {
    pub key: i64,
    pub app: i64,
    pub id: String,
    pub model_id: String,
    pub model_version_id: String,
    pub model_type_id: String,
    pub dataset_id: String,
    pub dataset_version_id: String,
    pub state: StatusCode,
    pub details: String,
    /// Who is measured on what, and what the caller said about it.
    pub body: EvalMetrics,
    pub summary: Option<String>,
    /// When it was asked for; another time means that it was asked for anew.
    pub created_at: i64,
}

/// For `FROM evaluation e`.
pub(crate) const COLUMNS: &str = "e.key, e.app, e.id, e.model_id, e.model_version_id, e.model_type_id, e.dataset_id, e.dataset_version_id, e.state, e.details, e.body, e.summary, e.created_at";

pub(crate) fn row(r: &Row<'_>) -> rusqlite::Result<EvaluationRow> {
    Ok(EvaluationRow {
        key: r.get(0)?,
        app: r.get(1)?,
        id: r.get(2)?,
        model_id: r.get(3)?,
        model_version_id: r.get(4)?,
        model_type_id: r.get(5)?,
        dataset_id: r.get(6)?,
        dataset_version_id: r.get(7)?,
        state: StatusCode(r.get(8)?),
        details: r.get(9)?,
        body: serde_json::from_str(&r.get::<_, String>(10)?).unwrap_or_default(),
        summary: r.get(11)?,
        created_at: r.get(12)?,
    })
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<EvaluationRow, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM evaluation e WHERE e.app = ?1 AND e.id = ?2");
    tx.one(&sql, (app.key, id), row)?.ok_or_else(|| Fault::not_found("evaluation", id))
}

/// The evaluation of a job, unless it was forgotten or asked for anew meanwhile.
pub(crate) fn of_job(conn: &Connection, key: i64, created_at: i64) -> Result<Option<EvaluationRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM evaluation e WHERE e.key = ?1 AND e.created_at = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row((key, created_at), row).optional()?)
}

/// Writes an evaluation that waits for its job, over an earlier one of that id. Gives its key.
pub(crate) fn queue(tx: &Tx<'_>, new: &EvaluationRow) -> Result<i64, Fault> {
    let known = tx.one("SELECT key FROM evaluation WHERE app = ?1 AND id = ?2", (new.app, &new.id), |r| r.get(0))?;
    if let Some(key) = known {
        forget(tx, key)?;
    }
    tx.exec(
        "INSERT INTO evaluation (key, app, id, model_id, model_version_id, model_type_id, dataset_id, dataset_version_id, state, details, body, created_at, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', ?10, ?11, ?11)",
        (
            known, new.app, &new.id, &new.model_id, &new.model_version_id, &new.model_type_id, &new.dataset_id, &new.dataset_version_id,
            new.state.0, serde_json::to_string(&new.body)?, new.created_at,
        ),
    )?;
    Ok(tx.conn.last_insert_rowid())
}

fn forget(tx: &Tx<'_>, key: i64) -> Result<(), Fault> {
    tx.exec("DELETE FROM evaluation_part WHERE evaluation = ?1", [key])?;
    tx.exec("DELETE FROM evaluation_set WHERE evaluation = ?1", [key])?;
    tx.exec("DELETE FROM evaluation WHERE key = ?1", [key])?;
    Ok(())
}

/// Notes how an evaluation stands. False where it is another one by now.
pub(crate) fn set_state(
    tx: &Tx<'_>,
    (key, created_at): (i64, i64),
    state: StatusCode,
    details: &str,
) -> Result<bool, Fault> {
    let changed = tx.exec(
        "UPDATE evaluation SET state = ?3, details = ?4, modified_at = ?5 WHERE key = ?1 AND created_at = ?2",
        (key, created_at, state.0, details, tx.now),
    )?;
    Ok(changed > 0)
}

fn part<T: DeserializeOwned + Default>(tx: &Tx<'_>, key: i64, name: &str, wanted: bool) -> Result<T, Fault> {
    if !wanted {
        return Ok(T::default());
    }
    let sql = "SELECT body FROM evaluation_part WHERE evaluation = ?1 AND name = ?2";
    let body = tx.one(sql, (key, name), |r| r.get::<_, String>(0))?;
    Ok(body.map(|b| serde_json::from_str(&b)).transpose()?.unwrap_or_default())
}

/// The message of an evaluation with the parts that are asked for.
pub(crate) fn message(tx: &Tx<'_>, row: EvaluationRow, fields: &FieldsValue) -> Result<EvalMetrics, Fault> {
    let status = Status { details: row.details, ..status(row.state, describe(row.state)) };
    Ok(EvalMetrics {
        id: row.id,
        status: Some(status),
        summary: row.summary.map(|s| serde_json::from_str(&s)).transpose()?,
        confusion_matrix: part(tx, row.key, "confusion_matrix", fields.confusion_matrix)?,
        cooccurrence_matrix: part(tx, row.key, "cooccurrence_matrix", fields.cooccurrence_matrix)?,
        label_counts: part(tx, row.key, "label_counts", fields.label_counts)?,
        binary_metrics: part(tx, row.key, "binary_metrics", fields.binary_metrics)?,
        test_set: part(tx, row.key, "test_set", fields.test_set)?,
        metrics_by_area: part(tx, row.key, "metrics_by_area", fields.metrics_by_area)?,
        metrics_by_class: part(tx, row.key, "metrics_by_class", fields.metrics_by_class)?,
        ..row.body
    })
}
