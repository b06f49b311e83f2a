//! Jobs that add inputs: a client names one with its uploads, and asks it how they fare.

use crate::fault::{Fault, describe, status};
use crate::tx::{App, Tx};
use labelscope_api::messages::{InputsAddJob, InputsAddJobProgress, StatusCode};
use labelscope_api::wire::{Timestamp, UInt64};

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

/// The key of the job with this id, which is made where there is none.
pub(crate) fn open(tx: &Tx<'_>, app: &App, id: &str) -> Result<i64, Fault> {
    tx.exec(
        "INSERT INTO add_job (app, id, pending, in_progress, success, failed, created_at, modified_at) VALUES (?1, ?2, 0, 0, 0, 0, ?3, ?3)
         ON CONFLICT (app, id) DO UPDATE SET modified_at = excluded.modified_at",
        (app.key, id, tx.now),
    )?;
    tx.count("SELECT key FROM add_job WHERE app = ?1 AND id = ?2", (app.key, id))
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

fn bump(tx: &Tx<'_>, job: i64, stand: Stand, by: i64) -> Result<(), Fault> {
    let column = stand.column();
    let sql = format!("UPDATE add_job SET {column} = {column} + ?2, modified_at = ?3 WHERE key = ?1");
    tx.exec(&sql, (job, by, tx.now))?;
    Ok(())
}

/// The message of a job.
pub(crate) fn message(tx: &Tx<'_>, job: i64) -> Result<Option<InputsAddJob>, Fault> {
    let sql = "SELECT id, pending, in_progress, success, failed, created_at, modified_at FROM add_job WHERE key = ?1";
    tx.one(sql, [job], |r| {
        let count = |at| Ok::<_, rusqlite::Error>(UInt64(r.get::<_, i64>(at)?.unsigned_abs()));
        let progress = InputsAddJobProgress {
            pending_count: count(1)?,
            in_progress_count: count(2)?,
            success_count: count(3)?,
            failed_count: count(4)?,
        };
        let busy = progress.pending_count.0 + progress.in_progress_count.0 > 0;
        let code = if busy { StatusCode::JOB_RUNNING } else { StatusCode::JOB_COMPLETED };
        Ok(InputsAddJob {
            id: r.get(0)?,
            progress: Some(progress),
            created_at: Some(Timestamp(r.get(5)?)),
            modified_at: Some(Timestamp(r.get(6)?)),
            status: Some(status(code, describe(code))),
            ..InputsAddJob::default()
        })
    })
}
