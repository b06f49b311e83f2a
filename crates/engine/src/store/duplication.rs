//! Copies of apps, as rows and as messages.

use super::app;
use crate::fault::{Fault, describe, status};
use crate::tx::Tx;
use labelscope_api::messages::{AppCopyProgress, AppDuplication, AppDuplicationFilters, Status, StatusCode};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

/// Numbers by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Kinds {
    pub concepts: i64,
    pub datasets: i64,
    pub inputs: i64,
    pub annotations: i64,
    pub models: i64,
}

/// How far a copy is.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Progress {
    /// The stage of the work.
    pub stage: u32,
    /// The key in the source up to which that stage is through.
    pub after: i64,
    /// The last key when that stage began: what comes later is not waited for.
    pub until: i64,
    /// The sequence number as of which inputs are copied.
    pub seq: i64,
    pub copied: Kinds,
    /// What was in the destination already.
    pub skipped: Kinds,
}

pub(crate) struct DuplicationRow {
    pub key: i64,
    pub user_id: String,
    pub id: String,
    /// 0 once that app is deleted.
    pub source: i64,
    pub destination: i64,
    pub job: String,
    /// What was sent, and with `filter` what is copied.
    pub body: AppDuplication,
    pub state: StatusCode,
    pub details: String,
    pub progress: Progress,
    pub created_at: i64,
    pub modified_at: i64,
}

const COLUMNS: &str =
    "key, user_id, id, source, destination, job, body, state, details, progress, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<DuplicationRow> {
    Ok(DuplicationRow {
        key: r.get(0)?,
        user_id: r.get(1)?,
        id: r.get(2)?,
        source: r.get(3)?,
        destination: r.get(4)?,
        job: r.get(5)?,
        body: serde_json::from_str(&r.get::<_, String>(6)?).unwrap_or_default(),
        state: StatusCode(r.get(7)?),
        details: r.get(8)?,
        progress: serde_json::from_str(&r.get::<_, String>(9)?).unwrap_or_default(),
        created_at: r.get(10)?,
        modified_at: r.get(11)?,
    })
}

impl DuplicationRow {
    /// What is copied.
    pub fn filter(&self) -> AppDuplicationFilters {
        self.body.filter.clone().unwrap_or_default()
    }

    pub fn is_over(&self) -> bool {
        !matches!(self.state, StatusCode::APP_DUPLICATION_PENDING | StatusCode::APP_DUPLICATION_IN_PROGRESS)
    }

    /// Notes how it fares.
    pub fn save(&self, tx: &Tx<'_>) -> Result<(), Fault> {
        tx.exec(
            "UPDATE duplication SET job = ?2, state = ?3, details = ?4, progress = ?5, modified_at = ?6 WHERE key = ?1",
            (self.key, &self.job, self.state.0, &self.details, serde_json::to_string(&self.progress)?, tx.now),
        )?;
        Ok(())
    }

    pub fn message(self, tx: &Tx<'_>) -> Result<AppDuplication, Fault> {
        let (filter, copied) = (self.filter(), self.progress.copied);
        let fields = [
            (filter.copy_concepts, "concepts", copied.concepts),
            (filter.copy_inputs, "datasets", copied.datasets),
            (filter.copy_inputs, "inputs", copied.inputs),
            (filter.copy_annotations, "annotations", copied.annotations),
            (filter.copy_models, "models", copied.models),
            // There are none here.
            (filter.copy_workflows, "workflows", 0),
        ];
        let progress = fields.into_iter().filter(|(wanted, ..)| *wanted).map(|(_, field, value)| AppCopyProgress {
            field: field.to_owned(),
            value: i32::try_from(value).unwrap_or(i32::MAX),
        });
        let destination = app::by_key(tx, self.destination)?.map(|row| Box::new(app::message(row)));
        Ok(AppDuplication {
            id: self.id,
            destination_app: destination,
            status: Some(Status { details: self.details, ..status(self.state, describe(self.state)) }),
            created_at: Some(Timestamp(self.created_at)),
            last_modified_at: Some(Timestamp(self.modified_at)),
            progress: progress.collect(),
            ..self.body
        })
    }
}

/// Adds a row, which is given its key.
pub(crate) fn insert(tx: &Tx<'_>, row: &mut DuplicationRow) -> Result<(), Fault> {
    tx.exec(
        "INSERT INTO duplication (user_id, id, source, destination, job, body, state, details, progress, created_at, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        (
            &row.user_id, &row.id, row.source, row.destination, &row.job, serde_json::to_string(&row.body)?, row.state.0, &row.details,
            serde_json::to_string(&row.progress)?, row.created_at, row.modified_at,
        ),
    )?;
    row.key = tx.conn.last_insert_rowid();
    Ok(())
}

pub(crate) fn by_key(tx: &Tx<'_>, key: i64) -> Result<Option<DuplicationRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM duplication WHERE key = ?1"), [key], row)
}

pub(crate) fn find(tx: &Tx<'_>, user: &str, id: &str) -> Result<Option<DuplicationRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM duplication WHERE user_id = ?1 AND id = ?2"), (user, id), row)
}

/// Those that a user has begun, newest first.
pub(crate) fn list(tx: &Tx<'_>, user: &str, (offset, limit): (i64, i64)) -> Result<Vec<DuplicationRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM duplication WHERE user_id = ?1 ORDER BY key DESC LIMIT ?2 OFFSET ?3");
    tx.all(&sql, (user, limit, offset), row)
}
