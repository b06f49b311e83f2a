//! Taking inputs out of archives and data sources.
//!
//! An archive is read twice: once as a whole, so that nothing comes of one that is broken or hostile, and once for its
//! files. Inputs are added in steps, and each notes in the same transaction how far it came; so a job that was killed goes
//! on behind the last of them, and none is added twice.

mod names;
mod source;
mod take;
mod unpack;

use super::row::JobRow;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::store::extraction::{self, ExtractionRow};
use crate::tx::{App, Tx};
use labelscope_api::extensions::JobError;
use labelscope_api::messages::StatusCode;
use std::fs::File;
use take::Taker;

/// A failure with its code of the API.
fn failed(code: StatusCode, place: &str, message: impl Into<String>, advice: &str) -> Halt {
    Halt::Failed(JobError { code: code.0, message: message.into(), place: place.to_owned(), advice: advice.to_owned() })
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    let Some(row) = begin(work)? else { return Ok(()) };
    let mut taker = Taker::new(work, row);
    match taker.row.upload {
        Some(upload) => {
            let path = taker.work.engine.shared.upload_file(upload);
            let file = File::open(path)?;
            if let Err(refused) = unpack::run(&mut taker, file, "")? {
                return Err(unpack::refusal(&refused));
            }
        }
        None => source::run(&mut taker)?,
    }
    let mut row = taker.row;
    work.step(|tx, _, job| {
        running(tx, &row)?;
        let told = row.told();
        row.end(tx, StatusCode::JOB_COMPLETED, &told)?;
        let added = row.added();
        job.notes = format!("{added} {} added", if added == 1 { "input was" } else { "inputs were" });
        if !told.is_empty() {
            job.notes = format!("{}; {told}", job.notes);
        }
        (job.done, job.total) = (job.total.max(job.done), job.total.max(job.done));
        Ok(())
    })
}

/// Notes that the work begins, or goes on; none where it was done already. One that has ended otherwise ends so again.
fn begin(work: &mut Work<'_>) -> Result<Option<ExtractionRow>, Halt> {
    work.step(|tx, _, job| {
        let Some(mut row) = extraction::of_job(tx, &job.id)? else { return Err(Halt::Cancelled) };
        match row.state {
            StatusCode::JOB_COMPLETED => return Ok(None),
            StatusCode::JOB_CANCELLED => return Err(Halt::Cancelled),
            state if row.is_over() => return Err(failed(state, "", row.details, "")),
            _ => {}
        }
        row.state = StatusCode::JOB_RUNNING;
        let p = &mut row.progress;
        p.in_progress_archives_count.0 += std::mem::take(&mut p.pending_archives_count.0);
        row.save(tx)?;
        Ok(Some(row))
    })
}

/// Nobody has cancelled it: to be asked within each step.
fn running(tx: &Tx<'_>, row: &ExtractionRow) -> Result<(), Halt> {
    let state = tx.one("SELECT state FROM extraction_job WHERE key = ?1", [row.key], |r| r.get::<_, i32>(0))?;
    if state == Some(StatusCode::JOB_RUNNING.0) { Ok(()) } else { Err(Halt::Cancelled) }
}

/// What was cancelled, or has failed, is over. What it has added stays.
pub(crate) fn give_up(tx: &Tx<'_>, _app: &App, job: &JobRow, error: Option<&JobError>) -> Result<(), Fault> {
    let Some(mut row) = extraction::of_job(tx, &job.id)? else { return Ok(()) };
    let Some(error) = error else { return row.end(tx, StatusCode::JOB_CANCELLED, "") };
    let code = match StatusCode(error.code) {
        code @ (StatusCode::LIST_OBJECTS_FAILED | StatusCode::ARCHIVE_EXTRACT_FAILED) => code,
        _ => StatusCode::JOB_FAILED,
    };
    row.end(tx, code, &error.message)
}
