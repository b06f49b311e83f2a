//! Bulk operations: changes to many inputs, as rows and as messages.

use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::messages::{BulkOperation, BulkOperationProgress, Status, StatusCode};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

pub(crate) struct BulkRow {
    pub key: i64,
    pub app: i64,
    pub id: String,
    /// The job that does the work; empty where all was done within the call.
    pub job: String,
    /// Its inputs and what is to be done, as sent.
    pub body: BulkOperation,
    pub created_by: String,
    pub state: StatusCode,
    pub details: String,
    pub processed: u32,
    pub last_id: String,
    pub created_at: i64,
    pub modified_at: i64,
}

const COLUMNS: &str =
    "key, app, id, job, body, created_by, state, details, processed, last_id, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<BulkRow> {
    Ok(BulkRow {
        key: r.get(0)?,
        app: r.get(1)?,
        id: r.get(2)?,
        job: r.get(3)?,
        body: serde_json::from_str(&r.get::<_, String>(4)?).unwrap_or_default(),
        created_by: r.get(5)?,
        state: StatusCode(r.get(6)?),
        details: r.get(7)?,
        processed: r.get(8)?,
        last_id: r.get(9)?,
        created_at: r.get(10)?,
        modified_at: r.get(11)?,
    })
}

impl BulkRow {
    /// One that waits, of this call and under an id of its own.
    pub fn new(tx: &Tx<'_>, app: &App, body: BulkOperation) -> Self {
        Self {
            key: 0,
            app: app.key,
            id: tx.new_id(),
            job: String::new(),
            body,
            created_by: tx.caller.user_id.clone(),
            state: StatusCode::BULK_OPERATION_PENDING,
            details: String::new(),
            processed: 0,
            last_id: String::new(),
            created_at: tx.now,
            modified_at: tx.now,
        }
    }

    pub fn is_over(&self) -> bool {
        !matches!(self.state, StatusCode::BULK_OPERATION_PENDING | StatusCode::BULK_OPERATION_IN_PROGRESS)
    }

    /// Notes how it fares.
    pub fn save(&self, tx: &Tx<'_>) -> Result<(), Fault> {
        tx.exec(
            "UPDATE bulk_operation SET job = ?2, state = ?3, details = ?4, processed = ?5, last_id = ?6, modified_at = ?7 WHERE key = ?1",
            (self.key, &self.job, self.state.0, &self.details, self.processed, &self.last_id, tx.now),
        )?;
        Ok(())
    }

    pub fn message(self, app: &App) -> BulkOperation {
        let progress = BulkOperationProgress { processed: self.processed, last_processed_id: self.last_id };
        BulkOperation {
            id: self.id,
            app_id: app.id.clone(),
            status: Some(Status { details: self.details, ..status(self.state, describe(self.state)) }),
            progress: Some(progress),
            created_by: self.created_by,
            created_at: Some(Timestamp(self.created_at)),
            last_modified_at: Some(Timestamp(self.modified_at)),
            ..self.body
        }
    }
}

/// Adds a row, which is given its key.
pub(crate) fn insert(tx: &Tx<'_>, row: &mut BulkRow) -> Result<(), Fault> {
    tx.exec(
        "INSERT INTO bulk_operation (app, id, job, body, created_by, state, details, processed, last_id, created_at, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        (
            row.app, &row.id, &row.job, serde_json::to_string(&row.body)?, &row.created_by, row.state.0, &row.details, row.processed, &row.last_id,
            row.created_at, row.modified_at,
        ),
    )?;
    row.key = tx.conn.last_insert_rowid();
    Ok(())
}

pub(crate) fn by_key(tx: &Tx<'_>, key: i64) -> Result<Option<BulkRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM bulk_operation WHERE key = ?1"), [key], row)
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<BulkRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM bulk_operation WHERE app = ?1 AND id = ?2"), (app.key, id), row)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<BulkRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("bulk operation", id))
}

/// Those of an app, newest first.
pub(crate) fn list(tx: &Tx<'_>, app: &App, (offset, limit): (i64, i64)) -> Result<Vec<BulkRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM bulk_operation WHERE app = ?1 ORDER BY key DESC LIMIT ?2 OFFSET ?3");
    tx.all(&sql, (app.key, limit, offset), row)
}
