//! Evaluations: what was asked for, how it stands, and what came out.

use crate::fault::Fault;
use crate::ops::versions;
use crate::tx::{App, Tx};
use labelscope_api::messages::{EvalMetrics, StatusCode};
use labelscope_formats::test_set::TestSetError;
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
    /// The key of the dataset version that froze the predictions.
    pub predictions: Option<i64>,
}

/// For `FROM evaluation e`.
pub(crate) const COLUMNS: &str = "e.key, e.app, e.id, e.model_id, e.model_version_id, e.model_type_id, e.dataset_id, e.dataset_version_id, e.state, e.details, e.body, e.summary, e.created_at, e.predictions";

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
        predictions: r.get(13)?,
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

/// Writes an evaluation that waits for its job: a new one with `key` 0. Gives its key.
pub(crate) fn queue(tx: &Tx<'_>, new: &EvaluationRow) -> Result<i64, Fault> {
    tx.exec(
        "INSERT INTO evaluation (key, app, id, model_id, model_version_id, model_type_id, dataset_id, dataset_version_id, state, details, body, created_at, modified_at, predictions)
         VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', ?10, ?11, ?11, ?12)",
        (
            new.key, new.app, &new.id, &new.model_id, &new.model_version_id, &new.model_type_id, &new.dataset_id, &new.dataset_version_id,
            new.state.0, serde_json::to_string(&new.body)?, new.created_at, new.predictions,
        ),
    )?;
    Ok(tx.conn.last_insert_rowid())
}

/// Takes away an evaluation with all that was measured, and the version that froze its predictions.
pub(crate) fn forget(tx: &Tx<'_>, key: i64) -> Result<(), Fault> {
    clear(tx, key)?;
    let frozen = tx.one("SELECT predictions FROM evaluation WHERE key = ?1", [key], |r| r.get::<_, Option<i64>>(0))?;
    if let Some(version) = frozen.flatten() {
        versions::drop_version(tx, version)?;
    }
    tx.exec("DELETE FROM evaluation WHERE key = ?1", [key])?;
    Ok(())
}

/// Takes away what was measured.
pub(crate) fn clear(tx: &Tx<'_>, key: i64) -> Result<(), Fault> {
    tx.exec("DELETE FROM evaluation_part WHERE evaluation = ?1", [key])?;
    tx.exec("DELETE FROM evaluation_set WHERE evaluation = ?1", [key])?;
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

/// Is it still the evaluation that was asked for then?
pub(crate) fn stands(tx: &Tx<'_>, (key, created_at): (i64, i64)) -> Result<bool, Fault> {
    let found = tx.one("SELECT 1 FROM evaluation WHERE key = ?1 AND created_at = ?2", (key, created_at), |_| Ok(()))?;
    Ok(found.is_some())
}

pub(crate) fn put_part(tx: &Tx<'_>, key: i64, name: &str, body: &str) -> Result<(), Fault> {
    tx.exec("INSERT OR REPLACE INTO evaluation_part (evaluation, name, body) VALUES (?1, ?2, ?3)", (key, name, body))?;
    Ok(())
}

/// A part by its name; nothing where it was not measured.
pub(crate) fn part<T: DeserializeOwned + Default>(tx: &Tx<'_>, key: i64, name: &str) -> Result<T, Fault> {
    let sql = "SELECT body FROM evaluation_part WHERE evaluation = ?1 AND name = ?2";
    let body = tx.one(sql, (key, name), |r| r.get::<_, String>(0))?;
    Ok(body.map(|b| serde_json::from_str(&b)).transpose()?.unwrap_or_default())
}

/// The pages of a test set, in order.
pub(crate) fn pages(tx: &Tx<'_>, key: i64) -> Result<Vec<i64>, Fault> {
    tx.all("SELECT page FROM evaluation_set WHERE evaluation = ?1 ORDER BY page", [key], |r| r.get(0))
}

/// A page of a test set, as `formats::test_set` writes it.
pub(crate) fn page(tx: &Tx<'_>, key: i64, page: i64) -> Result<Option<Vec<u8>>, Fault> {
    tx.one("SELECT body FROM evaluation_set WHERE evaluation = ?1 AND page = ?2", (key, page), |r| r.get(0))
}

pub(crate) fn put_page(tx: &Tx<'_>, key: i64, page: i64, inputs: usize, body: &[u8]) -> Result<(), Fault> {
    tx.exec(
        "INSERT OR REPLACE INTO evaluation_set (evaluation, page, inputs, body) VALUES (?1, ?2, ?3, ?4)",
        (key, page, inputs as i64, body),
    )?;
    Ok(())
}

/// What the database holds is none of ours.
pub(crate) fn unreadable(error: TestSetError) -> Fault {
    Fault::Io(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
}
