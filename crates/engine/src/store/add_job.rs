//! Jobs that add inputs: a client names one with its uploads, and asks it how they fare.

use super::{extraction, upload};
use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::messages::{InputsAddJob, InputsAddJobProgress, Status, StatusCode};
use labelscope_api::wire::{Timestamp, UInt64};
use rusqlite::Row;

/// Where an input of a job stands; the names are columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    Pending,
    InProgress,
    Success,
    Failed,
}

impl Stand {
    fn column(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Success => "success",
            Self::Failed => "failed",
        }
    }

    fn of(code: StatusCode) -> Self {
        match code {
            StatusCode::INPUT_SUCCESS => Self::Success,
            StatusCode::INPUT_PENDING => Self::Pending,
            StatusCode::INPUT_IN_PROGRESS => Self::InProgress,
            _ => Self::Failed,
        }
    }
}

/// The key of the job with this id, which is made where there is none. One that was cancelled takes nothing more.
pub(crate) fn open(tx: &Tx<'_>, app: &App, id: &str) -> Result<i64, Fault> {
    if let Some(row) = find(tx, app, id)? {
        if row.cancelled {
            let details =
                format!("add job \"{id}\" was cancelled and takes nothing more; send another inputs_add_job_id");
            return Err(Fault::refused(StatusCode::JOB_CONFLICT, details));
        }
        touch(tx, row.key)?;
        return Ok(row.key);
    }
    tx.exec(
        "INSERT INTO add_job (app, id, pending, in_progress, success, failed, created_at, modified_at) VALUES (?1, ?2, 0, 0, 0, 0, ?3, ?3)",
        (app.key, id, tx.now),
    )?;
    Ok(tx.conn.last_insert_rowid())
}

/// Notes that something of a job has changed.
pub(crate) fn touch(tx: &Tx<'_>, job: i64) -> Result<(), Fault> {
    tx.exec("UPDATE add_job SET modified_at = ?2 WHERE key = ?1", (job, tx.now))?;
    Ok(())
}

/// Counts one more input of a job.
pub(crate) fn add(tx: &Tx<'_>, job: i64, code: StatusCode) -> Result<(), Fault> {
    bump(tx, job, Stand::of(code), 1)
}

/// Notes that an input of a job waits for its file.
pub(crate) fn await_file(tx: &Tx<'_>, job: i64, input: i64) -> Result<(), Fault> {
    tx.exec("INSERT OR REPLACE INTO add_job_input (input, job) VALUES (?1, ?2)", (input, job))?;
    Ok(())
}

/// Moves an input from one state to another in the job that it belongs to, if it belongs to one.
pub(crate) fn moved(tx: &Tx<'_>, input: i64, from: StatusCode, to: StatusCode) -> Result<(), Fault> {
    let job = tx.one("SELECT job FROM add_job_input WHERE input = ?1", [input], |r| r.get(0))?;
    let Some(job) = job else { return Ok(()) };
    let (from, to) = (Stand::of(from), Stand::of(to));
    if from != to {
        bump(tx, job, from, -1)?;
        bump(tx, job, to, 1)?;
    }
    if matches!(to, Stand::Success | Stand::Failed) {
        tx.exec("DELETE FROM add_job_input WHERE input = ?1", [input])?;
    }
    Ok(())
}

pub(crate) fn bump(tx: &Tx<'_>, job: i64, stand: Stand, by: i64) -> Result<(), Fault> {
    if by == 0 {
        return Ok(());
    }
    let column = stand.column();
    let sql = format!("UPDATE add_job SET {column} = {column} + ?2, modified_at = ?3 WHERE key = ?1");
    tx.exec(&sql, (job, by, tx.now))?;
    Ok(())
}

#[derive(Debug, Clone)]
pub(crate) struct AddJobRow {
    pub key: i64,
    pub id: String,
    pub progress: InputsAddJobProgress,
    pub cancelled: bool,
    /// Without what may be secret.
    pub call_back_url: String,
    /// It had more to it, which is in memory or lost.
    pub call_back_secret: bool,
    /// Why the call came to nothing.
    pub call_back_details: String,
    pub created_at: i64,
    pub modified_at: i64,
}

const COLUMNS: &str = "key, id, pending, in_progress, success, failed, cancelled, call_back_url, call_back_secret, call_back_details, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<AddJobRow> {
    let count = |at| Ok::<_, rusqlite::Error>(UInt64(r.get::<_, i64>(at)?.unsigned_abs()));
    Ok(AddJobRow {
        key: r.get(0)?,
        id: r.get(1)?,
        progress: InputsAddJobProgress {
            pending_count: count(2)?,
            in_progress_count: count(3)?,
            success_count: count(4)?,
            failed_count: count(5)?,
        },
        cancelled: r.get(6)?,
        call_back_url: r.get(7)?,
        call_back_secret: r.get(8)?,
        call_back_details: r.get(9)?,
        created_at: r.get(10)?,
        modified_at: r.get(11)?,
    })
}

pub(crate) fn find(tx: &Tx<'_>, app: &App, id: &str) -> Result<Option<AddJobRow>, Fault> {
    tx.one(&format!("SELECT {COLUMNS} FROM add_job WHERE app = ?1 AND id = ?2"), (app.key, id), row)
}

pub(crate) fn need(tx: &Tx<'_>, app: &App, id: &str) -> Result<AddJobRow, Fault> {
    find(tx, app, id)?.ok_or_else(|| Fault::not_found("add job", id))
}

/// Those of an app, newest first.
pub(crate) fn list(tx: &Tx<'_>, app: &App, offset: i64, limit: i64) -> Result<Vec<AddJobRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM add_job WHERE app = ?1 ORDER BY key DESC LIMIT ?2 OFFSET ?3");
    tx.all(&sql, (app.key, limit, offset), row)
}

/// Asks to be told at this address once the job is over.
pub(crate) fn call_back(tx: &Tx<'_>, job: i64, url: &str) -> Result<(), Fault> {
    let (public, secret) = crate::secrets::public(url);
    tx.exec(
        "UPDATE add_job SET call_back_url = ?2, call_back_secret = ?3, call_back_details = '', called = 0 WHERE key = ?1",
        (job, public, secret),
    )?;
    tx.shared.secrets.keep_call_back(job, url);
    Ok(())
}

/// The inputs of a job whose files are still to come.
pub(crate) fn waiting(tx: &Tx<'_>, job: i64) -> Result<Vec<i64>, Fault> {
    tx.all("SELECT input FROM add_job_input WHERE job = ?1 ORDER BY input", [job], |r| r.get(0))
}

/// Notes that a job was cancelled: nothing more comes of it, and nobody is called.
pub(crate) fn cancel(tx: &Tx<'_>, job: i64) -> Result<(), Fault> {
    tx.exec("UPDATE add_job SET cancelled = 1, modified_at = ?2 WHERE key = ?1", (job, tx.now))?;
    tx.shared.secrets.take_call_back(job);
    Ok(())
}

/// The jobs of an app that are over and whose clients have not been told.
pub(crate) fn to_call(tx: &Tx<'_>, app: &App) -> Result<Vec<AddJobRow>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM add_job j WHERE app = ?1 AND call_back_url <> '' AND called = 0 AND cancelled = 0 AND pending + in_progress = 0
         AND NOT EXISTS (SELECT 1 FROM extraction_job e WHERE e.add_job = j.key AND e.state IN (64000, 64001))
         AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.add_job = j.key AND u.state = 68000 AND u.expires_at > ?2)"
    );
    tx.all(&sql, (app.key, tx.now), row)
}

/// The message of a job.
pub(crate) fn message(tx: &Tx<'_>, job: i64) -> Result<Option<InputsAddJob>, Fault> {
    let found = tx.one(&format!("SELECT {COLUMNS} FROM add_job WHERE key = ?1"), [job], row)?;
    found.map(|row| row.message(tx)).transpose()
}

impl AddJobRow {
    pub fn message(self, tx: &Tx<'_>) -> Result<InputsAddJob, Fault> {
        let (extractions, uploads) = (extraction::of_add_job(tx, self.key)?, upload::of_add_job(tx, self.key)?);
        let waits = self.progress.pending_count.0 + self.progress.in_progress_count.0 > 0;
        let done = self.progress.success_count.0 + self.progress.failed_count.0 > 0;
        let coming = uploads.iter().any(|u| u.state_at(tx.now) == StatusCode::UPLOAD_IN_PROGRESS);
        let state = if self.cancelled {
            StatusCode::JOB_CANCELLED
        } else if waits || extractions.iter().any(|e| e.state == StatusCode::JOB_RUNNING) {
            StatusCode::JOB_RUNNING
        } else if coming || extractions.iter().any(|e| !e.is_over()) {
            if done { StatusCode::JOB_RUNNING } else { StatusCode::JOB_QUEUED }
        } else if !done && !extractions.is_empty() && extractions.iter().all(|e| e.state != StatusCode::JOB_COMPLETED) {
            // Nothing came of it.
            let cancelled = extractions.iter().all(|e| e.state == StatusCode::JOB_CANCELLED);
            if cancelled { StatusCode::JOB_CANCELLED } else { StatusCode::JOB_FAILED }
        } else {
            StatusCode::JOB_COMPLETED
        };
        let uploads = uploads.iter().map(|u| u.message(tx)).collect::<Result<_, _>>()?;
        Ok(InputsAddJob {
            id: self.id,
            call_back_url: self.call_back_url,
            progress: Some(self.progress),
            created_at: Some(Timestamp(self.created_at)),
            modified_at: Some(Timestamp(self.modified_at)),
            extraction_jobs: extractions.iter().map(extraction::ExtractionRow::message).collect(),
            uploads,
            status: Some(Status { details: self.call_back_details, ..status(state, describe(state)) }),
            ..InputsAddJob::default()
        })
    }
}
